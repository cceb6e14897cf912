"""What a document says as a whole: mentions of one cancer and of one place put together.

Of several statements about a place within one document the surer one holds; a place that was
suspected and then refuted is ruled out; one that was there and is denied later is historical.
"""

from typing import Final, NamedTuple

from outspread.extract.document import Reading
from outspread.extract.doubts import UNNAMED, answered, ends_of_doubts, is_refuted, settled
from outspread.extract.grouped import Spread, key_of, place_of, places_of
from outspread.extract.groups import members
from outspread.extract.kinds import DENIED, DISTANT, MASSES
from outspread.extract.lesions import BESIDE_TUMOR
from outspread.extract.masses import (
    involved_origin,
    mass_of_origin,
    removed_origin,
    resected_tumor,
    seated,
    without_involved,
)
from outspread.extract.meaning import with_cervix
from outspread.extract.primaries import (
    SECONDARY_PLACES,
    begins_as_sarcoma,
    doubted_origin,
    name_primaries,
    primary_of,
    tells_carcinoma,
)
from outspread.extract.reached import NO_ORGAN
from outspread.extract.revised import overturned, own_after_all, replaced
from outspread.extract.spread_words import OTHER_ILLS
from outspread.extract.staged import staged_mass, staged_nodes, staged_operation, staged_places
from outspread.extract.statements import Statement, affirms, counts, is_likely, is_sure
from outspread.extract.suspected import dropped
from outspread.extract.treatment import Given, is_for_cancer
from outspread.read.places import is_within, organ_of, overlap

_OCCULT: Final = members("resolve.occult")


_TWO_SIDED: Final = members("resolve.two_sided")
_GOING_ON: Final = ("progress", "spread")
_OF_ANY_ILL: Final = (*_GOING_ON, "deposit", "implant")
_SECONDARY_LESIONS: Final = (["secondary", "lesion"], ["secondary", "lesions"])
_SKIN: Final = frozenset({"skin", "distant_nos"})  # where any ill has them
_ALL_WORDS: Final = 10**9
_AFFIRMED: Final = frozenset({"confirmed", "probable", "historical"})


class Resolved(NamedTuple):
    """A document as a whole: cancers with the site named for each, and places."""

    cancers: dict[str, str]
    places: list[Spread]


def resolve(reading: Reading) -> Resolved:
    """Put the statements of a document together."""
    words = reading.tokens.words
    statements = overturned(settled(reading), reading)
    statements = with_cervix(own_after_all(statements, words))
    cancers = seated(name_primaries(statements), reading)
    is_unknown = any(kind == "unknown_primary" for kind, _, _ in reading.notes)
    is_sarcoma = all(map(begins_as_sarcoma, cancers)) and tells_carcinoma(statements)
    told_of = [s for s in reading.statements if _is_told(s, cancers)]
    if is_sarcoma:  # which was only thought of
        sure = [s for s in told_of if is_sure(s) and counts(s)]
        told_of = [s for s in sure if s.role != "secondary"]
    if is_unknown and any(map(affirms, statements)) and not told_of:
        cancers = {"cup": ""}  # where it mostly begins is not where it is told to begin
    cancers = cancers or doubted_origin(reading.statements)
    if not (cancers or is_unknown) and (cancers := involved_origin(statements, words)):
        statements = without_involved(statements, cancers)
    if not cancers and _is_far(statements):
        cancers = mass_of_origin(reading) or removed_origin(reading)
    if not (cancers or is_unknown or _is_any(statements)):
        cancers = resected_tumor(reading)
    is_refuted_here = any(s.role == "primary" and s.verdict.is_refuted for s in statements)
    if not (cancers or is_refuted_here) and any(stage.t for stage in reading.stages):
        cancers = staged_mass(statements) or staged_operation(reading)
    statements = answered(statements)
    is_staged = any(s.t or s.n or s.m or (s.group or "") > "II" for s in reading.stages)
    is_staged = is_staged and not is_refuted_here  # "stage 1" is of any operation
    is_told = is_unknown or is_staged or is_treated(reading)
    ways = _GOING_ON if cancers or OTHER_ILLS.isdisjoint(words) else _OF_ANY_ILL
    if not (cancers or is_told or any(_tells_cancer(s, words, ways) for s in statements)):
        statements = [s for s in statements if not _is_of_anything(s, words, ways)]
    staged = staged_nodes(reading, statements) + staged_places(reading, statements, cancers)
    statements = statements + staged
    told = dropped(cancers, statements, words) or replaced(cancers, statements, words)
    for name in told:
        del cancers[name]
    return Resolved(cancers, _with_lesions(places_of(statements, cancers), reading, cancers))


def _is_far(statements: list[Statement]) -> bool:
    """Whether spread to a place that cancers of other organs reach is told of, and not feared."""
    return any(
        s.role == "secondary" and s.rule[:6] != "growth" and s.site in SECONDARY_PLACES
        and is_likely(s) for s in statements
    )  # fmt: skip


def _tells_cancer(s: Statement, words: list[str], ways: tuple[str, ...]) -> bool:
    """Whether cancer is told of, and not only feared, or a mass, or what grows or goes on."""
    return is_likely(s) and not (s.rule in MASSES or _is_of_anything(s, words, ways))


def _is_of_anything(s: Statement, words: list[str], ways: tuple[str, ...]) -> bool:
    """Whether spread is told in words that are said of any ill: "progressed to", "involves"."""
    if s.rule in {"spread.phrase", "spread.unplaced"}:
        said = words[s.first : s.last]
        is_of_skin = said[:2] in _SECONDARY_LESIONS and s.site in _SKIN
        return is_of_skin or any(w.startswith(ways) for w in said)
    if s.rule == "nodes.count" and s.nodes is None and not s.verdict.is_negated:
        return any(w.endswith("adenopathy") for w in words[s.first : s.last])
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
    tumors = _other_tumors(reading.statements)
    sides = _sides_of_cancers(reading.statements) if reading.lesions or tumors else {}
    for s in reading.lesions + tumors:
        is_own = any(overlap(s.site, o) for o in cancers.values() if o)
        if not ((is_own and not _is_on_other_side(s, sides)) or is_refuted(s, ends)):
            seen.setdefault(key_of(s.site), []).append(
                s._replace(role="secondary", verdict=s.verdict._replace(certainty="possible"))
            )
    told = [
        p if p.status in DENIED
        else p._replace(statements=p.statements + _seen_at(p, seen))
        for p in places
    ]  # fmt: skip
    denied = {key_of(p.site): _end_of_denial(p) for p in places if p.status in DENIED}
    told = [_with_swollen(p, seen) if p.site == "ln_regional" else p for p in told]
    is_spread = any(p.kind in DISTANT and p.status in _AFFIRMED for p in places)
    if not (cancers or is_spread):
        return told
    later = {
        key: [
            s for s in found
            if s.first > denied.get(key, -1)
            and (is_spread or s.rule == BESIDE_TUMOR or key in _TWO_SIDED)
        ]
        for key, found in seen.items() if key not in UNNAMED | NO_ORGAN
    }  # fmt: skip
    added = [place_of(key, found, cancers) for key, found in later.items() if found]
    return told + [
        p for p in added
        if is_spread or p.kind == "regional node"
        or any(is_within(p.site, organ) for organ in cancers.values() if organ)
    ]  # fmt: skip


def _sides_of_cancers(statements: list[Statement]) -> dict[str, set[str]]:
    """Sides that are told of the cancers in each of two organs."""
    sides: dict[str, set[str]] = {}
    for s in statements:
        key = key_of(s.site)
        if s.role != "secondary" and affirms(s) and s.side and key in _TWO_SIDED:
            sides.setdefault(key, set()).add(s.side)
    return sides


def _is_on_other_side(s: Statement, sides: dict[str, set[str]]) -> bool:
    """Whether a lesion is in the other of two organs, one of which holds the cancer."""
    told = sides.get(key_of(s.site), set())
    is_one = len(told) == 1 and "bilateral" not in told
    return is_one and s.side in {"left", "right"} and s.side not in told


def _other_tumors(statements: list[Statement]) -> list[Statement]:
    """Tumors that were found at an organ of which no cancer is named."""
    found = [s for s in statements if s.role == "found" and s.rule != "found.mass" and affirms(s)]
    named = {primary_of(s) for s in statements if s.role == "primary"} if found else set()
    return [s for s in found if primary_of(s) not in named]


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
    return seen.pop(nodes[0] if is_stated else key_of(place.site), [])


def counted_treatments(reading: Reading, cancers: dict[str, str]) -> list[Given]:
    """Treatments that are against a cancer of the patient, as far as the document tells."""
    words = reading.tokens.words
    if not (cancers or is_treated(reading)) and not any(
        _tells_cancer(s, words, _OF_ANY_ILL) and (s.role == "secondary" or is_sure(s))
        for s in settled(reading)
    ):
        return []
    organs = {s for s in cancers.values() if s} | {organ_of(p) or "" for p in cancers}
    organs |= {s.site for s in reading.statements if _is_reached(s)}
    refused = {g.modality: g.first for g in reading.treatments if g.status == "refused"}
    return [
        given for given in reading.treatments
        if _is_against(given, organs)
        and not (given.status == "planned" and refused.get(given.modality, -1) > given.first)
    ]  # fmt: skip


def is_treated(reading: Reading) -> bool:
    """Whether a treatment that is for cancer alone was given."""
    return any(map(is_for_cancer, reading.treatments))


def _is_reached(s: Statement) -> bool:
    """Whether a place is told to hold a metastasis, so that its removal is a treatment."""
    is_spread = s.role == "secondary" and s.rule[:6] == "spread" and s.rule != "spread.before"
    return is_spread and is_likely(s) and not s.site.startswith("ln")


def _is_against(given: Given, organs: set[str]) -> bool:
    is_graft = given.modality == "transplant" and bool(given.organs)  # for whichever ill
    if not is_graft and (given.is_near_cancer or given.strength in {"strong", "weak"}):
        return True
    return (is_graft or given.strength == "organ") and any(
        overlap(organ, place) for organ in organs for place in given.organs
    )
