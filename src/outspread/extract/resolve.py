"""What a document says as a whole: mentions of one cancer and of one place put together.

Of several statements about a place within one document the surer one holds; a place that was
suspected and then refuted is ruled out; one that was there and is denied later is historical.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from outspread.extract.document import Reading
from outspread.extract.doubts import (
    UNNAMED,
    answered,
    ends_of_doubts,
    is_refuted,
    report_sites,
    settled,
)
from outspread.extract.groups import members
from outspread.extract.kinds import DISTANT, MASSES
from outspread.extract.lesions import BESIDE_TUMOR
from outspread.extract.masses import mass_of_origin, removed_origin, resected_tumor
from outspread.extract.meaning import meant_site, with_cervix
from outspread.extract.primaries import (
    begins_as_sarcoma,
    counts,
    doubted_origin,
    name_primaries,
    primary_of,
)
from outspread.extract.reach import reach_of
from outspread.extract.reached import NO_ORGAN, kind_of
from outspread.extract.revised import overturned, replaced
from outspread.extract.staged import staged_mass, staged_nodes, staged_operation
from outspread.extract.statements import Statement
from outspread.extract.suspected import dropped
from outspread.extract.treatment import Given, is_for_cancer
from outspread.read.places import is_within, organ_of, primary_at

_SECONDARY_PLACES: Final = members("resolve.secondary_places")
_TOLD_ELSEWHERE: Final = frozenset({"found.metastatic", "found.elsewhere"})
_OF_COURSE: Final = frozenset({"spread.recur", "spread.progress", "spread.staging"})
_DENYING: Final = frozenset({"free.phrase", "spread.phrase", "spread.before"})
_NEAR_ORIGIN: Final = 25  # words between a place and the origin told for what is there
_BY_BLOOD: Final = members("growth.by_blood")
_OCCULT: Final = members("resolve.occult")
_CASTRATED: Final = members("resolve.castrated")
_PAIRED: Final = members("resolve.paired")
_ONE_TUMOR: Final = members("resolve.one_tumor")  # what spreads within them is the primary's T
_OWN_LINING: Final = "pleura"  # it and its fluid are the primary's T where the cancer began there
_NAMED_BY_SPINE: Final = members("resolve.named_by_spine")
_NOT_REFUTED: Final = members("resolve.unnamed") | {"ln"}  # other ones may be meant


_GOING_ON: Final = ("progress", "spread")
_ANY_KINDS: Final = frozenset({"8000", "8001", "8010", "8800"})
_DENIED: Final = frozenset({"negated", "ruled out"})
_ALL_WORDS: Final = 10**9
_AFFIRMED: Final = frozenset({"confirmed", "probable", "historical"})


class Spread(NamedTuple):
    """A place within a document: its kind and status, the statements that say so, and denials.

    `denials` are there where others affirm the place; else they are the statements.
    """

    site: str
    kind: str
    status: str
    statements: list[Statement]
    denials: list[Statement]


class Resolved(NamedTuple):
    """A document as a whole: cancers with the site named for each, and places."""

    cancers: dict[str, str]
    places: list[Spread]


def resolve(reading: Reading) -> Resolved:
    """Put the statements of a document together."""
    statements = with_cervix(overturned(settled(reading), reading))
    cancers = name_primaries(statements)
    is_unknown = any(kind == "unknown_primary" for kind, _, _ in reading.notes)
    if (
        is_unknown
        and _is_affirmed(statements)
        and not any(_is_told(s, cancers) for s in reading.statements)
    ):
        cancers = {"cup": ""}  # where it mostly begins is not where it is told to begin
    cancers = cancers or doubted_origin(reading.statements)
    if not cancers and _is_far(statements):
        cancers = mass_of_origin(reading) or removed_origin(reading)
    if not (cancers or is_unknown or _is_any(statements)):
        cancers = resected_tumor(reading)
    if not cancers and any(stage.t for stage in reading.stages):
        cancers = staged_mass(statements) or staged_operation(reading)
    statements = answered(statements)
    words = reading.tokens.words
    is_told = is_unknown or bool(reading.stages) or is_treated(reading)
    if not (cancers or is_told or any(_tells_cancer(s, words) for s in statements)):
        statements = [s for s in statements if not _is_of_anything(s, words)]
    statements += staged_nodes(reading, statements)
    told = dropped(cancers, statements, words) or replaced(cancers, statements, words)
    for name in told:
        del cancers[name]
    return Resolved(cancers, _with_lesions(_places(statements, cancers), reading, cancers))


def _is_affirmed(statements: list[Statement]) -> bool:
    """Whether any cancer or spread is told of that is not denied."""
    return any(counts(s) and not s.verdict.is_negated for s in statements)


def _is_far(statements: list[Statement]) -> bool:
    """Whether spread to a place that cancers of other organs reach is told of, and not feared."""
    return any(
        s.role == "secondary" and s.rule[:6] != "growth" and s.site in _SECONDARY_PLACES
        and counts(s) and not s.verdict.is_negated and s.verdict.certainty != "possible"
        for s in statements
    )  # fmt: skip


def _tells_cancer(s: Statement, words: list[str]) -> bool:
    """Whether cancer is told of, and not only feared, or a mass, or what grows or goes on."""
    is_vague = s.rule in MASSES or _is_of_anything(s, words)
    is_told = counts(s) and not (s.verdict.is_negated or is_vague)
    return is_told and s.verdict.certainty != "possible"


def _is_of_anything(s: Statement, words: list[str]) -> bool:
    """Whether spread is told in words that are said of any ill: "progressed to", "involves"."""
    if s.rule == "spread.phrase":
        return any(w.startswith(_GOING_ON) for w in words[s.first : s.last])
    return s.rule[:6] == "growth"


def _is_any(statements: list[Statement]) -> bool:
    """Whether a text speaks of any cancer, be it as something that was not found, or of spread."""
    return any(
        s.rule not in MASSES and counts(s) and not (s.role == "secondary" and s.verdict.is_negated)
        for s in statements
    )


def _is_told(statement: Statement, cancers: dict[str, str]) -> bool:
    """Whether a statement tells of one of the cancers where it began."""
    primary = "" if statement.rule == "found.mass" else primary_of(statement)
    return primary in cancers and not (statement.rule == "primary.usual" and primary in _OCCULT)


def _with_lesions(places: list[Spread], reading: Reading, cancers: dict[str, str]) -> list[Spread]:
    """Places with the lesions seen at each; the others are possible where a cancer has spread.

    A lesion at the organ of the cancer says nothing, and one is of no cancer where none is known.
    """
    ends = ends_of_doubts(reading)
    seen: dict[str, list[Statement]] = {}
    for s in reading.lesions:
        is_own = any(is_within(s.site, o) or is_within(o, s.site) for o in cancers.values() if o)
        if not (is_own or is_refuted(s, ends)):
            seen.setdefault(_key(s.site), []).append(
                s._replace(role="secondary", verdict=s.verdict._replace(certainty="possible"))
            )
    told = [
        p if p.status in {"negated", "ruled out"}
        else p._replace(statements=p.statements + _seen_at(p, seen))
        for p in places
    ]  # fmt: skip
    denied = {_key(p.site): _end_of_denial(p) for p in places if p.status in _DENIED}
    told = [_with_swollen(p, seen) if p.site == "ln_regional" else p for p in told]
    origin = next(iter(cancers), None)
    is_spread = any(p.kind in DISTANT and p.status in _AFFIRMED for p in places)
    if not origin:
        return told
    later = {
        key: [
            s for s in found
            if s.first > denied.get(key, -1) and (is_spread or s.rule == BESIDE_TUMOR)
        ]
        for key, found in seen.items() if key not in UNNAMED | NO_ORGAN
    }  # fmt: skip
    added = [_place(key, found, origin) for key, found in later.items() if found]
    return told + [p for p in added if is_spread or p.kind == "regional node"]


def _end_of_denial(place: Spread) -> int:
    """Last word up to which a denied place stays free: all, unless an examination denied it."""
    is_felt = place.status == "negated" and all(s.rule == "nodes.count" for s in place.statements)
    return max(s.last for s in place.statements) if is_felt else _ALL_WORDS


def _with_swollen(place: Spread, seen: dict[str, list[Statement]]) -> Spread:
    """Regional nodes that only a category states, with the nodes that were seen."""
    nodes = [s for key, found in seen.items() if key.startswith("ln") for s in found]
    is_staged = all(s.rule == "stage.nodes" for s in place.statements)
    return place._replace(statements=place.statements + nodes) if is_staged else place


def _seen_at(place: Spread, seen: dict[str, list[Statement]]) -> list[Statement]:
    """Take the lesions seen at a place; nodes that an N category states are those told of."""
    nodes = [key for key in seen if key.startswith("ln")]
    is_stated = place.statements[0].rule == "stage.nodes" and len(nodes) == 1
    return seen.pop(nodes[0] if is_stated else _key(place.site), [])


def _key(site: str) -> str:
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


def _places(statements: list[Statement], cancers: dict[str, str]) -> list[Spread]:
    origin, organs = next(iter(cancers), None), set(cancers.values())
    organs |= {report_sites().get(organ, organ) for organ in organs}
    organs |= {"spine"} if origin in _NAMED_BY_SPINE else set()
    sarcomas = {
        s.histology[:4] for s in statements
        if s.role == "primary" and counts(s) and not s.verdict.is_negated
        and begins_as_sarcoma(primary_of(s))
    }  # fmt: skip
    own = _Own(origin, cancers, organs, sarcomas - _ANY_KINDS)
    statements = [
        s if (site := meant_site(s.site, origin)) == s.site else s._replace(site=site)
        for s in statements
    ]
    groups: dict[str, list[Statement]] = {}
    for s in _spread_of(statements, own):
        told = _of_own_organ(s, own)
        if told is None:
            continue
        is_growth = told.rule[:6] == "growth" and told.site not in _BY_BLOOD
        is_growth = is_growth and not told.site.startswith("ln")
        key = _key(told.site)
        groups.setdefault(f"growth:{key}" if is_growth and told.contiguity else key, []).append(
            told
        )
    _join_growth(groups)
    _leave_unplaced(groups)
    parts = [(key, part) for key, group in groups.items() for part in _by_side(group)]
    return [_place(key, part, origin) for key, part in parts]


def _join_growth(groups: dict[str, list[Statement]]) -> None:
    """A place that is only called involved is grown into, where the text tells so elsewhere."""
    for key in [key for key in groups if f"growth:{key}" in groups]:
        if all(s.rule == "growth.involved" for s in groups[key]):
            groups[f"growth:{key}"] += [
                s._replace(contiguity="contiguous") for s in groups.pop(key)
            ]


def _spread_of(statements: list[Statement], own: _Own) -> Iterator[Statement]:
    """Statements of spread; a cancer found far from its organ is one of them."""
    origins = [s for s in statements if s.rule == "primary.word" and counts(s)]
    joint = {s.last for s in statements if s.rule == "found.specimen" and own.holds(s.site)}
    beside = {s.first for s in statements if s.rule == "found.listed" and own.holds(s.site)}
    for s in statements:
        if s.role == "found" and own.cancers and not s.verdict.is_negated:
            is_near = any(0 < o.first - s.first <= _NEAR_ORIGIN for o in origins)
            is_near = is_near or (s.first in beside and s.site in _SECONDARY_PLACES)
            if not _is_elsewhere(s, own, is_near=is_near):
                continue
            if s.rule == "found.specimen" and s.last in joint:
                continue  # one tumor in a specimen of several organs: that of the origin
            way = None if s.rule == "found.elsewhere" else "discontiguous"
            s = s._replace(role="secondary", contiguity=way)
        if s.role == "secondary" and counts(s) and (own.cancers or s.rule != "spread.scan"):
            yield s


def _is_elsewhere(s: Statement, own: _Own, *, is_near: bool) -> bool:
    """Whether a cancer was found where it did not begin; `is_near`: its origin is told beside."""
    if s.rule == "found.mass" or (
        s.rule == "found.listed" and not is_near and s.site not in _BY_BLOOD
    ):
        return False
    is_far = is_near or s.site in _BY_BLOOD or s.site.startswith("ln") or s.rule in _TOLD_ELSEWHERE
    is_far = is_far or not _SECONDARY_PLACES.isdisjoint((s.site, _key(s.site)))
    is_far = is_far or s.histology[:4] in own.sarcomas  # the lung holds the same osteosarcoma
    return is_far and not own.holds(s.site) and primary_of(s) not in own.cancers


def _of_own_organ(s: Statement, own: _Own) -> Statement | None:
    """A statement as it is to be taken where it is about the organ of the cancer itself."""
    is_within_own = own.holds(s.site)
    if (
        s.verdict.is_negated
        and s.rule in _DENYING
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
        or (_key(s.site) in _ONE_TUMOR and len(own.cancers) == 1)
        or _key(s.site) == _OWN_LINING
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


def _place(key: str, group: list[Statement], origin: str | None) -> Spread:
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


def counted_treatments(reading: Reading, cancers: dict[str, str]) -> list[Given]:
    """Treatments that are against a cancer of the patient, as far as the document tells."""
    words = reading.tokens.words
    if not (cancers or is_treated(reading)) and not any(
        _tells_cancer(s, words) and (s.role == "secondary" or s.verdict.certainty == "confirmed")
        for s in settled(reading)
    ):
        return []
    organs = {s for s in cancers.values() if s} | {organ_of(p) or "" for p in cancers}
    organs |= {s.site for s in reading.statements if _is_reached(s)}
    return [given for given in reading.treatments if _is_against(given, organs)]


def is_treated(reading: Reading) -> bool:
    """Whether a treatment that is for cancer alone was given."""
    return any(map(is_for_cancer, reading.treatments))


def _is_reached(s: Statement) -> bool:
    """Whether a place is told to hold a metastasis, so that its removal is a treatment."""
    is_spread = s.role == "secondary" and s.rule[:6] == "spread" and s.rule != "spread.before"
    is_spread = is_spread and s.verdict.certainty != "possible"
    return is_spread and counts(s) and not s.verdict.is_negated and not s.site.startswith("ln")


def _is_against(given: Given, organs: set[str]) -> bool:
    if given.is_near_cancer or given.strength in {"strong", "weak"}:
        return True
    return given.strength == "organ" and any(
        is_within(organ, place) or is_within(place, organ)
        for organ in organs for place in given.organs
    )  # fmt: skip
