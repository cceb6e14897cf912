"""Statements of spread put together by place: what each place is told to hold."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from outspread.extract.doubts import UNNAMED, report_sites
from outspread.extract.groups import members
from outspread.extract.meaning import meant_site
from outspread.extract.primaries import (
    SARCOMA_PLACES,
    SECONDARY_PLACES,
    begins_as_sarcoma,
    primary_of,
)
from outspread.extract.reached import kind_of, reach_of
from outspread.extract.spread_words import SEROSAL
from outspread.extract.statements import Statement, affirms, counts
from outspread.read.places import is_within, primary_at

_TOLD_ELSEWHERE: Final = frozenset({"found.metastatic", "found.elsewhere"})
_REGIONS: Final = members("origin.regions")
_OF_COURSE: Final = frozenset({"spread.recur", "spread.progress", "spread.staging"})
_TOLD_WITH: Final = 6  # words between a cancer and nodes that are told with it
_NEAR_ORIGIN: Final = 25  # words between a place and the origin told for what is there
_BY_BLOOD: Final = members("growth.by_blood")
_CASTRATED: Final = members("resolve.castrated")
_PAIRED: Final = members("resolve.paired")
_ONE_TUMOR: Final = members("resolve.one_tumor")  # what spreads within them is the primary's T
_OWN_LINING: Final = "pleura"  # it and its fluid are the primary's T where the cancer began there
_NAMED_BY_SPINE: Final = members("resolve.named_by_spine")
_NOT_REFUTED: Final = members("resolve.unnamed") | {"ln"}  # other ones may be meant
_STRANDS: Final = members("export.strands")
_ANY_KINDS: Final = frozenset({"8000", "8001", "8010", "8800"})


class Spread(NamedTuple):
    """A place within a document: its kind and status, the statements that say so, and denials.

    `denials` are there where others affirm the place; else they are the statements.
    """

    site: str
    kind: str
    status: str
    statements: list[Statement]
    denials: list[Statement]


def key_of(site: str) -> str:
    """What a place is put together by: a node group, or the organ that reports name."""
    return site if site.startswith("ln") else report_sites().get(site, site)


class _Own(NamedTuple):
    """The first cancer of a document, the cancers, their organs, and kinds of their sarcomas."""

    origin: str | None
    cancers: dict[str, str]
    organs: set[str]
    sarcomas: set[str]

    def holds(self, site: str) -> bool:
        """Whether a site lies within an organ of the cancers."""
        return any(is_within(site, organ) for organ in self.organs)


def places_of(statements: list[Statement], cancers: dict[str, str]) -> list[Spread]:
    """Put the statements of spread together by place, as the cancers of a document make them."""
    origin, organs = next(iter(cancers), None), set(cancers.values())
    organs |= {report_sites().get(organ, organ) for organ in organs}
    organs |= {"spine"} if origin in _NAMED_BY_SPINE else set()
    sarcomas = {
        s.histology[:4] for s in statements
        if s.role == "primary" and affirms(s) and begins_as_sarcoma(primary_of(s))
    }  # fmt: skip
    levels = origin if len(cancers) < 2 else None  # of nodes are those of one cancer
    own = _Own(origin, cancers, organs, sarcomas - _ANY_KINDS)
    statements = [
        s._replace(site=meant_site(s.site, levels if s.site.startswith("ln_neck") else origin))
        for s in statements
    ]
    groups: dict[str, list[Statement]] = {}
    for s in _spread_of(statements, own):
        told = _of_own_organ(s, own)
        if told is None:
            continue
        is_growth = told.rule[:6] == "growth" and told.site not in _BY_BLOOD
        is_growth = is_growth and not told.site.startswith("ln")
        key = key_of(told.site)
        groups.setdefault(f"growth:{key}" if is_growth and told.contiguity else key, []).append(
            told
        )
    _join_growth(groups)
    _leave_unplaced(groups)
    parts = [(key, part) for key, group in groups.items() for part in _by_side(group)]
    if len(cancers) < 2:
        return [place_of(key, part, cancers) for key, part in parts]
    return [place_of(key, part, _nearest(part, statements, cancers)) for key, part in parts]


def _nearest(
    part: list[Statement], statements: list[Statement], cancers: dict[str, str]
) -> Iterable[str]:
    """The cancer that nodes are told with, of several, where one is: "breast cancer with nodes"."""
    if not part[0].site.startswith("ln"):
        return cancers
    told = [
        (gap, primary)
        for s in statements
        if s.role == "primary" and counts(s) and (primary := primary_of(s)) in cancers
        and 0 <= (gap := max(part[0].first - s.last, s.first - part[0].last)) <= _TOLD_WITH
    ]  # fmt: skip
    return [min(told)[1]] if told else cancers


def _join_growth(groups: dict[str, list[Statement]]) -> None:
    """A place that is only called involved is grown into, where the text tells so elsewhere."""
    for key in [key for key in groups if f"growth:{key}" in groups]:
        if all(s.rule in {"growth.involved", "found.tumor"} for s in groups[key]):
            groups[f"growth:{key}"] += [
                s._replace(contiguity="contiguous") for s in groups.pop(key)
            ]


def _spread_of(statements: list[Statement], own: _Own) -> Iterator[Statement]:
    """Statements of spread; a cancer found far from its organ is one of them."""
    origins = [s for s in statements if s.rule == "primary.word" and counts(s)]
    joint = {s.last for s in statements if s.rule == "found.specimen" and own.holds(s.site)}
    beside = {s.first for s in statements if s.rule == "found.listed" and own.holds(s.site)}
    ducts = [s.first for s in statements if s.role == "primary" and s.histology[:4] == "8160"]
    for s in statements:
        if is_within(s.site, "liver") and any(s.first <= first < s.last for first in ducts[:1]):
            continue  # a cholangiocarcinoma that is first told of the liver began in its ducts
        if s.role == "found" and own.cancers and not s.verdict.is_negated:
            is_near = any(0 < o.first - s.first <= _NEAR_ORIGIN for o in origins)
            is_near = is_near or (s.first in beside and s.site in SECONDARY_PLACES)
            if _is_beside(s, own.origin or ""):
                s = s._replace(rule="found.elsewhere")  # "seminal vesicle positive for tumor"
            if not _is_elsewhere(s, own, is_near=is_near):
                continue
            if s.rule == "found.specimen" and s.last in joint:
                continue  # one tumor in a specimen of several organs: that of the origin
            is_open = s.rule == "found.elsewhere" and s.site not in SEROSAL
            way = None if is_open else "discontiguous"
            s = s._replace(role="secondary", contiguity=way)
        if s.role == "secondary" and counts(s) and (own.cancers or s.rule != "spread.scan"):
            yield s


def _is_beside(s: Statement, origin: str) -> bool:
    """Whether an organ beside the origin is told to be positive for cancer."""
    is_told = s.rule == "found.positive" and s.histology[-2:] != "/2"
    return is_told and s.site not in _REGIONS and reach_of(origin, s.site) == "nearby_tissue"


def _is_elsewhere(s: Statement, own: _Own, *, is_near: bool) -> bool:
    """Whether a cancer was found where it did not begin; `is_near`: its origin is told beside."""
    if s.rule == "found.mass" or (
        s.rule == "found.listed" and not is_near and s.site not in _BY_BLOOD
    ):
        return False
    if s.site in SARCOMA_PLACES | _STRANDS and begins_as_sarcoma(own.origin or "") and not is_near:
        return s.rule in _TOLD_ELSEWHERE  # a sarcoma of soft tissue is named by its region
    is_far = is_near or s.site in _BY_BLOOD or s.site.startswith("ln") or s.rule in _TOLD_ELSEWHERE
    is_far = is_far or not SECONDARY_PLACES.isdisjoint((s.site, key_of(s.site)))
    is_far = is_far or s.histology[:4] in own.sarcomas  # the lung holds the same osteosarcoma
    return is_far and not own.holds(s.site) and primary_of(s) not in own.cancers


def _of_own_organ(s: Statement, own: _Own) -> Statement | None:
    """A statement as it is to be taken where it is about the organ of the cancer itself."""
    is_within_own = own.holds(s.site)
    if (
        s.verdict.is_negated
        and s.rule in {"free.phrase", "spread.phrase", "spread.before"}
        and any(is_within(o, s.site) for o in own.organs)
    ):
        s = s._replace(site="distant_nos")  # the organ of the cancer is not what is free of it
    elif s.rule == "spread.before" and (
        (is_within_own and s.site not in _PAIRED) or f"{own.origin} {s.site}" in _CASTRATED
    ):
        s = s._replace(site="distant_nos")  # what was removed before is the cancer itself
    elif s.rule in _OF_COURSE and any(is_within(o, s.site) for o in own.organs):
        return None  # "intracranial recurrence" of a brain tumor
    elif is_within_own and (
        s.rule in _OF_COURSE
        or (s.rule[:6] == "growth" and s.site[:2] != "ln" and not _is_next(own, s.site))
        or (key_of(s.site) in _ONE_TUMOR and len(own.cancers) == 1)
        or key_of(s.site) == _OWN_LINING
    ):
        return None
    if s.rule == "spread.unplaced" and s.verdict.is_negated:
        s = s._replace(rule="spread.somewhere")
    return s


def _is_next(own: _Own, site: str) -> bool:
    """Whether a part with cancers of its own is beside this one: the cervix for the endometrium."""
    is_part = site not in own.organs and primary_at(site) not in {None, own.origin}
    return is_part and reach_of(own.origin or "", site) == "nearby_tissue"


def _by_side(group: list[Statement]) -> list[list[Statement]]:
    """Statements on a place; the denials of one side apart, where all spread is on the other."""
    sides = {s.side for s in group if not s.verdict.is_negated}
    if not sides or None in sides or "bilateral" in sides:
        return [group]
    others = [s for s in group if s.verdict.is_negated and s.side and s.side not in sides]
    rest = [s for s in group if s not in others]
    return [rest, others] if others and rest else [group]


def _leave_unplaced(groups: dict[str, list[Statement]]) -> None:
    """Leave out a metastasis without a place where nodes are told: it may be that of the node."""
    nodes = any(
        key.startswith("ln") and any(not s.verdict.is_negated for s in group)
        for key, group in groups.items()
    )
    for key in UNNAMED & set(groups):
        if nodes:
            groups[key] = [s for s in groups[key] if s.rule != "spread.unplaced"]
        if not groups[key]:
            del groups[key]


def place_of(key: str, group: list[Statement], cancers: Iterable[str]) -> Spread:
    """What is told of a place: the surer holds; of several cancers, that with its nodes there."""
    origin = min(cancers, key=lambda c: reach_of(c, key) != "regional_node", default=None)
    site = group[-1].site if key.startswith("growth:") else key
    affirmed = [s for s in group if not s.verdict.is_negated]
    denied = [s for s in group if s.verdict.is_negated]
    sure = [s for s in affirmed if s.verdict.certainty == "confirmed"]
    if sure:
        later = denied and max(d.last for d in denied) > max(s.last for s in sure)
        gone = all(s.verdict.is_gone for s in sure)
        status = "historical" if gone or (later and not site.startswith("ln")) else "confirmed"
    elif affirmed:
        probable = any(s.verdict.certainty == "probable" for s in affirmed)
        last = max(s.last for s in affirmed)
        refuted = any(
            d.verdict.is_refuted or (d.last > last and site not in _NOT_REFUTED) for d in denied
        )
        status = "ruled out" if refuted else "probable" if probable else "possible"
    else:
        status = "ruled out" if any(d.verdict.is_refuted for d in denied) else "negated"
    shown = affirmed or denied
    return Spread(site, kind_of(site, shown, origin), status, shown, denied if affirmed else [])
