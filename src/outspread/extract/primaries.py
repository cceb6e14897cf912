"""Which cancers a document tells of: those it names, and those found somewhere.

A cancer that is named decides before one that is only found in a place; a doubt gives way where
another cancer is told to have spread to the same place.
"""

from functools import cache
from typing import Final

from outspread.anatomy.load import primaries
from outspread.extract.groups import data_rows, members
from outspread.extract.kinds import MASSES
from outspread.extract.statements import Statement, affirms, counts, is_likely, is_sure
from outspread.read.places import is_within, organ_of, overlap, primary_at

SECONDARY_PLACES: Final = members("resolve.secondary_places")
_SELDOM: Final = members("resolve.seldom_spreads")
SARCOMA_PLACES: Final = members("resolve.sarcoma_places")
_OF_SARCOMAS: Final = SARCOMA_PLACES | {"adrenal"}
OFTEN_REACHED: Final = members("cancers.often_reached")
_OF_MOUTH: Final = members("primaries.of_mouth")
_ONCE_SPREAD: Final = members("primaries.once_spread")
_ANY_CANCER: Final = "8001"
_ANY_TUMOR: Final = "8000"
_ANY_SARCOMA: Final = "8800"
_NEUROENDOCRINE: Final = "net_"  # another kind of tumor than the carcinoma of the same organ
_SARCOMAS: Final = frozenset({"88", "89", "90", "91", "92"})
_CARCINOMAS: Final = frozenset({f"{n}" for n in range(80, 86)})
BEGINS: Final = {kind: members(f"origin.begins_{kind}") for kind in ("8120", "8441", "8720")}
_LYMPHOMAS: Final = frozenset({"95", "96", "97"})
_LOOSE: Final = frozenset({"8000", "8001", "8010", "8020", "8140"})  # kinds that say little
_GLANDS: Final = "salivary_gland"
_SHOWN: Final = frozenset({"found.listed", "found.subject"})  # of what tissue showed
_BOWEL: Final = members("resolve.bowel")


@cache
def primary_facts() -> dict[str, tuple[str | None, str, str]]:
    """Organ, way of spread and category of each primary."""
    columns = primaries().select("id", "organ_site", "spread_logic", "category").iter_rows()
    return {name: (organ, logic, category) for name, organ, logic, category in columns}


def name_primaries(statements: list[Statement]) -> dict[str, str]:
    """Primaries that a document states: id of the primary, and the site named for it."""
    told = _told(statements)
    named: dict[str, str] = {}
    usual: dict[str, tuple[str, str]] = {}
    for name, s in told:
        if s.rule == "primary.usual":
            usual.setdefault(name, (s.site, s.histology))
        else:
            named.setdefault(name, s.site)
    kinds = {s.histology for _, s in told if s.rule != "primary.usual"}
    sites = set(named.values())
    words = [s for s in statements if s.rule == "primary.word" and counts(s)]
    declared = [s.site for s in words if s.site in sites]
    _add_usual(named, usual, kinds, declared=declared, statements=statements)
    if declared and len(named) > 1:
        named.pop("cup", None)  # "of unknown primary ... with primary in the lung"
    if not named:
        return _from_found(statements)
    if not any(is_sure(s) for _, s in told):
        seen = [s for s in statements if is_sure(s) and s.rule in _SHOWN]
        shown = _from_found([s for s in seen if s.site not in OFTEN_REACHED])
        named = {n: s for n, s in shown.items() if s not in SECONDARY_PLACES} or named
    if all(s.verdict.is_past or seldom_spreads(name) for name, s in told):
        others = [s for s in statements if s.histology not in kinds and s.rule != "found.mass"]
        fresh = _from_found([s for s in others if not s.verdict.is_past])
        named |= {n: s for n, s in fresh.items() if s not in SECONDARY_PLACES and n not in named}
    if "lymphoma" in named:
        named = {n: s for n, s in named.items() if not _is_lymphoma(n, s, statements)}
    return _without_vague(_placed(named, statements), told)


def _told(statements: list[Statement]) -> list[tuple[str, Statement]]:
    """What tells of a cancer where it began, each with the name of the cancer."""
    loose = {s.histology[:4] for s in statements if s.rule == "primary.unplaced" and counts(s)}
    grown = {s.histology[:4] for s in statements if s.histology.endswith("/3") and counts(s)}
    mine = [
        s for s in statements
        if (s.role == "primary" or (s.role == "found" and _is_typical(s, grown))) and is_likely(s)
    ]  # fmt: skip
    named = [(_of_loose_kind(s, loose) or primary_of(s), s) for s in mine]
    return [(name, s) for name, s in named if name]


def _is_typical(s: Statement, grown: set[str]) -> bool:
    """Whether a cancer began where it was found; one in situ did, unless beside a grown one."""
    if s.histology.endswith("/2"):
        return not any(begins_at(s.site, kind) for kind in grown)  # ureter, of the bladder
    return begins_at(s.site, s.histology)


def _add_usual(
    named: dict[str, str], usual: dict[str, tuple[str, str]], kinds: set[str], *,
    declared: list[str], statements: list[Statement],
) -> None:  # fmt: skip
    """Add the cancers whose name alone tells where they mostly begin, if no organ is named."""
    seats = [s for s in statements if s.site not in OFTEN_REACHED | SECONDARY_PLACES]
    for name, (site, histology) in usual.items():
        if _is_declared(histology, declared, statements):
            continue  # a melanoma that is told to have begun in the lung
        if histology[:4] == _ANY_SARCOMA and _SARCOMAS.intersection(k[:2] for k in kinds):
            continue  # the same sarcoma, named more closely
        if name == "placenta" and (named or any(s.role == "found" and counts(s) for s in seats)):
            named |= _from_found([s for s in seats if s.histology == histology])
            continue  # a choriocarcinoma that began elsewhere
        if histology in kinds or (name in _BOWEL and not _BOWEL.isdisjoint(named)):
            continue  # the same cancer, named more closely
        if any(site and _organs().get((site, histology[:4])) == n for n, site in named.items()):
            continue  # an urothelial carcinoma, where the ureter is named
        if primary_facts()[name][2] == "sarcoma" or name.endswith("mesothelioma"):
            found = _from_found([s for s in statements if s.histology == histology], is_wide=True)
            named |= found or {name: site}
        else:
            named.setdefault(name, site)


def _is_declared(histology: str, origins: list[str], statements: list[Statement]) -> bool:
    """Whether a kind of cancer was found in an organ that is told to be where it began."""
    return bool(origins) and any(
        s.role == "found" and s.histology == histology and affirms(s)
        and any(overlap(s.site, o) for o in origins) for s in statements
    )  # fmt: skip


def _is_lymphoma(name: str, site: str, statements: list[Statement]) -> bool:
    """Whether a tumor that is only called primary is the lymphoma found in its organ."""
    own = {s.rule for s in statements if s.role == "primary" and primary_of(s) == name}
    return own == {"primary.word"} and any(
        s.role != "secondary" and s.histology[:2] in _LYMPHOMAS and is_within(s.site, site)
        for s in statements
    )


def doubted_origin(statements: list[Statement]) -> dict[str, str]:
    """The cancer that was feared of an organ, where a later line names its kind and no place."""
    mine = [s for s in statements if counts(s)]
    kinds = [
        s for s in mine
        if s.rule == "primary.unplaced" and s.histology[:4] > _ANY_CANCER and is_sure(s)
        and not s.verdict.is_negated
    ]  # fmt: skip
    for s in mine:
        is_doubt = s.role == "primary" and s.site and not is_sure(s)
        if is_doubt and primary_of(s) and any(k.first > s.last for k in kinds):
            return {primary_of(s): s.site}
    return {}


def _placed(named: dict[str, str], statements: list[Statement]) -> dict[str, str]:
    """Cancers with the place at which one was found that is named after no organ: a GIST."""
    if all(named.values()):
        return named
    kinds = {s.primary: s.histology for s in statements if s.role == "primary" and s.primary}
    found = [s for s in statements if s.role == "found" and affirms(s)]
    found = [s for s in found if s.site not in SECONDARY_PLACES]
    return {
        name: site or next((s.site for s in found if s.histology == kinds.get(name)), "")
        for name, site in named.items()
    }


def without_benign(statements: list[Statement]) -> list[Statement]:
    """Statements without tumors that are a cancer only where they have spread, and have not."""
    if not any(s.histology[:4] in _ONCE_SPREAD for s in statements):
        return statements
    others = [s for s in statements if s.histology[:4] not in _ONCE_SPREAD]
    is_of_another = any(
        s.role == "primary" and counts(s) and primary_of(s)
        and not (s.verdict.is_negated or s.verdict.is_past) for s in others
    )  # fmt: skip  # "pheochromocytoma with metastasis from breast carcinoma"
    return others if is_of_another or not _is_spread(statements, is_far=True) else statements


def _from_found(statements: list[Statement], *, is_wide: bool = False) -> dict[str, str]:
    """The primary where only places are told at which a cancer was found.

    `is_wide` where the cancer may well begin in places that others only reach.
    """
    places = [s for s in statements if s.role == "found" and is_likely(s) and _primary_id(s)]
    if tells_carcinoma(statements):
        places = [s for s in places if not begins_as_sarcoma(_primary_id(s))]
    spread = {s.site for s in statements if s.rule == "spread.phrase" and is_sure(s) and counts(s)}
    is_cancer = any(
        (s.histology[:4] > _ANY_CANCER or (s.role == "secondary" and s.rule[:6] != "growth"))
        and affirms(s) for s in statements
    )  # fmt: skip
    places = [s for s in places if s.rule not in MASSES or (is_cancer and s.site not in spread)]
    told = [s for s in places if s.rule != "found.mass"]
    if any(s.site not in SECONDARY_PLACES for s in told) or not (told or _is_spread(statements)):
        places = told  # else a mass of an organ is that of which the cancer told of has spread
    if not places:
        return {}
    first = [s for s in places if s.site not in SECONDARY_PLACES]
    if is_wide and not first:
        first = [s for s in places if s.site in _OF_SARCOMAS or _own_primary(s)]
    if is_wide and first:  # of a specimen of several organs, where a sarcoma mostly begins
        joint = [s for s in places if s.last == first[0].last and s.site in SARCOMA_PLACES]
        first = joint or first
    operated = [s for s in first if s.rule == first[0].rule == "found.operated"]
    return {_primary_id(s): s.site for s in operated or first[:1]}


def tells_carcinoma(statements: list[Statement]) -> bool:
    """Whether a carcinoma is told of: it does not begin in muscle, fat or bone."""
    told = [s for s in statements if s.histology[:2] in _CARCINOMAS and s.role != "secondary"]
    return any(s.histology[:4] != _ANY_TUMOR and affirms(s) for s in told)


def begins_as_sarcoma(primary: str) -> bool:
    """Tell whether what begins at the organ of a primary is a sarcoma."""
    return primary in primary_facts() and primary_facts()[primary][2] == "sarcoma"


def _is_spread(statements: list[Statement], *, is_far: bool = False) -> bool:
    """Whether spread is told of, and not only feared; `is_far`: and not only growth."""
    return any(
        s.role == "secondary" and is_likely(s) and not (is_far and s.rule[:6] == "growth")
        for s in statements
    )  # fmt: skip


def seldom_spreads(primary: str) -> bool:
    """Whether a carcinoma found elsewhere is hardly that of a cancer: of the skin, of the blood."""
    return primary in _SELDOM or primary_facts()[primary][1] == "systemic"


def primary_of(s: Statement) -> str:
    """Cancer that a statement names, by its histology or its organ; empty where it names none."""
    return s.primary if s.primary in primary_facts() else _primary_id(s)


def _primary_id(s: Statement) -> str:
    return (_own_primary(s) or primary_at(s.site) or "") if s.site else ""


def _own_primary(s: Statement) -> str | None:
    return _organs().get((s.site, s.histology[:4])) or _organs().get((s.site, ""))


def _exclude(kinds: set[str], others: set[str]) -> bool:
    """Whether two cancers are told to be of kinds that exclude each other."""
    return bool(kinds and others) and kinds.isdisjoint(others)


def begins_at(site: str, histology: str) -> bool:
    """Tell whether a kind of cancer is typical of a site.

    Examples
    --------
    >>> begins_at("thyroid", "8260/3")
    True
    """
    return (site, histology[:4]) in _organs()


def is_foreign_to(kind: str, site: str) -> bool:
    """Tell whether a kind of cancer that begins in a few organs does not begin at a site."""
    origins = BEGINS.get(kind)
    if not origins or primary_at(site) in {None, *origins}:
        return False
    return not any(is_within(organ_of(name), site) for name in origins)


def is_seat(site: str) -> bool:
    """Tell whether a cancer is named after a site."""
    return bool(primary_at(site) or _organs().get((site, "")))


def _of_loose_kind(s: Statement, kinds: set[str]) -> str | None:
    """Cancer of a place that is only called primary, by a kind told elsewhere."""
    if s.rule != "primary.word":
        return None
    return next((_organs()[s.site, kind] for kind in kinds if (s.site, kind) in _organs()), None)


@cache
def _organs() -> dict[tuple[str, str], str]:
    """Cancers by site and histology, for sites where several kinds begin."""
    rows = data_rows("organs.csv")
    return {(row["site"], row["histology"]): row["primary"] for row in rows}


def _without_vague(found: dict[str, str], told: list[tuple[str, Statement]]) -> dict[str, str]:
    """Leave out a vaguer name of the same cancer: mouth beside tongue.

    Another kind of cancer is not the same one: endometrioid of the uterus, squamous of the cervix.
    Of several mucosal cancers of the head and neck the one named most often is kept: such a tumor
    is often named by more than one of the places it covers.
    """
    named = {n: s for n, s in found.items() if s and n[:4] != _NEUROENDOCRINE}
    kinds = {n: {s.histology[:4] for name, s in told if name == n} - _LOOSE for n in found}
    exact = {
        name: site for name, site in found.items()
        if not (site and any(
            is_within(o, site) and o != site and not _exclude(kinds[n], kinds[name])
            for n, o in named.items()
        ))
    }  # fmt: skip
    if exact.get("colon") in {"colon", "large_intestine"} and "rectum" in exact:
        del exact["colon"]  # "adenocarcinoma of the colon (rectal carcinoma)"
    in_head = [n for n in exact if primary_facts()[n][2] == "head_neck"]
    in_head = [n for n in in_head if n != _GLANDS or exact[n] == n]  # one gland is no mucosa
    most = max(in_head, key=[name for name, _ in told].count, default="")
    return {
        name: site for name, site in exact.items()
        if name == most or name not in in_head or _are_apart(name, most)
    }  # fmt: skip


def _are_apart(name: str, other: str) -> bool:
    """Whether no tumor covers the organs of both: the mouth and the larynx."""
    larynx = [n.startswith("larynx") for n in (name, other)]
    return any(larynx) and not _OF_MOUTH.isdisjoint((name, other))
