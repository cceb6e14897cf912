"""One document in the shape of the report gold standard: sites, extent, stage, treatments."""

from collections.abc import Iterable
from typing import Any, Final

from outspread.extract.document import Reading
from outspread.extract.doubts import UNNAMED, settled
from outspread.extract.grouped import Spread
from outspread.extract.groups import members
from outspread.extract.kinds import DENIED, DISTANT, MASSES
from outspread.extract.primaries import primary_facts
from outspread.extract.reached import NO_ORGAN
from outspread.extract.resolve import counted_treatments, is_treated, resolve
from outspread.extract.statements import Statement, affirms, is_likely, is_sure
from outspread.extract.tokens import clause
from outspread.read.places import is_within

_NO_FACTS: Final = (None, "", "")
_T3_BEYOND: Final = members("export.t3_beyond")
_LINED: Final = members("export.lined")
_STRANDS: Final = members("export.strands")
_FELT: Final = members("export.felt")
_FELT_WITHIN: Final = 3
_SECOND_REGIONAL: Final = members("export.second_regional")  # cancers not confined in stage II
_NEAR_FOURTH: Final = members("export.near_fourth")  # IVA and IVB are of the neck
_FAR_FOURTH: Final = frozenset({"IV", "IVC"})
_RAISED: Final = members("export.raised")  # "M0 ... was upgraded to stage IV"
_RAISED_WITHIN: Final = 5
_T4_WITHIN: Final = members("export.t4_within")
_IMAGES: Final = members("export.images")
_SENTENCE: Final = 20
_DOT: Final = frozenset({"."})
_NOT_LEFT: Final = (["no", "residual"], ["without", "residual"])  # what was told before
_CLAUSE: Final = 8  # words on either side that belong to the same clause
_STOPS: Final = frozenset(".;:,?")
_MODALITY: Final = {
    "supportive": "palliative care",
    "radioligand": "radiation",
    "ablation": "surgery",
}


def summarize(reading: Reading, doc_id: str) -> dict[str, Any]:
    """Sum up a document in the shape of the report gold standard."""
    cancers, places = resolve(reading)
    extent = _extent(reading, cancers, places)
    words = reading.tokens
    return {
        "doc_id": doc_id,
        "primary_sites": sorted({_site_name(p, s) for p, s in cancers.items()} - {""}),
        "histology": _histology(reading.statements),
        "extent": extent,
        "metastatic_sites": [
            {"site": site, "kind": p.kind, "status": p.status}
            for p in places
            if p.status not in DENIED and p.site not in UNNAMED | NO_ORGAN
            for site in _finest(p)
        ],
        "negated_sites": sorted(
            {s for p in places if p.status in DENIED for s in _finest(p)}
        ),
        "tnm": _tnm(reading),
        "stage_group": next((s.group for s in reading.stages if s.group), None),
        "sizes_mm": [{"site": "", "mm": size.mm} for size in reading.sizes],
        "treatments": _treatments(reading, cancers),
        "ecog": next((int(m.number) for m in reading.measurements
                      if m.name == "ecog" and m.number is not None), None),
        "quotes": [
            {"site": site, "start": words.start(first), "end": words.end(last - 1)}
            for p in places
            for s in p.statements
            for first, last in [clause(words.words, s.first, s.last, _CLAUSE, _STOPS)]
            for site in sorted({s.site, *_only_place(p, places)})
        ],
    }  # fmt: skip


def _only_place(place: Spread, places: list[Spread]) -> list[str]:
    """Site that a metastasis without a place is of, where the document tells of one alone."""
    if place.site not in UNNAMED:
        return []
    there = [p for p in places if p.status not in DENIED]
    named = [p.site for p in there if p.site not in UNNAMED | NO_ORGAN]
    return named if len(named) == 1 else []


def _finest(place: Spread) -> list[str]:
    """Sites that the statements on a place name, without those that hold another one of them."""
    named = {s.site for s in place.statements}
    if len(named) == 1:
        return list(named)
    return sorted(s for s in named if not any(s != o and is_within(o, s) for o in named))


def _site_name(primary: str, site: str) -> str:
    organ, logic, _ = primary_facts().get(primary, _NO_FACTS)
    if logic == "systemic":
        return "hematologic"
    if primary == "cup":
        return "unknown primary"
    name = organ if organ and is_within(organ, site) else site or organ or ""
    name = organ if organ and site in _STRANDS else name
    if primary != name == organ and is_within(primary, organ):
        return primary  # the bile duct within the liver
    return name


def _histology(statements: Iterable[Statement]) -> str | None:
    for s in statements:
        if s.role == "primary" and s.histology[:4] > "8001" and not s.verdict.is_negated:
            return s.histology
    return None


def _extent(reading: Reading, cancers: dict[str, str], places: list[Spread]) -> str:
    logic = {primary_facts().get(p, _NO_FACTS)[1] for p in cancers}
    if logic == {"systemic"}:
        return "not_applicable"
    real = [p for p in places if p.status in {"confirmed", "historical", "probable"}]
    kinds = {p.kind for p in real}
    if _is_settled(reading, real):
        kinds = set()
    if kinds & DISTANT and not _is_of_nodes(reading, real):
        return "distant"
    if not cancers and not real:
        stated = any(
            s.role != "secondary" and s.rule not in MASSES and is_likely(s)
            and (s.role == "primary" or is_sure(s))
            for s in settled(reading)
        )  # fmt: skip
        return "unknown" if stated or is_treated(reading) else "none"
    return _from_stage(reading, kinds - DISTANT, cancers, places)


def _is_of_nodes(reading: Reading, real: list[Spread]) -> bool:
    """Whether what is called metastatic has only reached its nodes: "metastatic ... T1 N1 M0"."""
    far = [p for p in real if p.kind in DISTANT]
    last = max(s.last for p in far for s in p.statements)
    is_nodal = any(p.kind == "regional node" for p in real)
    is_free = any(s.m and s.m[:1] == "0" and s.first > last for s in reading.stages)
    return is_nodal and is_free and all(p.site in UNNAMED for p in far)


def _is_settled(reading: Reading, places: list[Spread]) -> bool:
    """Whether spread is only supposed, and a whole stage says that there is none: "T2 N0 M0"."""
    if any(p.status != "probable" for p in places):
        return False
    return any(
        s.t and s.t[:1] in "12" and s.n and s.n[:1] == "0" and s.m and s.m[:1] == "0"
        for s in reading.stages
    )


def _from_stage(
    reading: Reading, kinds: set[str], cancers: dict[str, str], places: list[Spread]
) -> str:
    t = " ".join(s.t.lower() for s in reading.stages if s.t)
    n = "".join(s.n.lower() for s in reading.stages if s.n)
    m = "".join(s.m.lower() for s in reading.stages if s.m)
    facts = [primary_facts().get(p, _NO_FACTS) for p in cancers]
    is_graded = bool(facts) and all(logic == "cns" for _, logic, _ in facts)
    groups = [s.group for s in reading.stages if s.group and not is_graded]  # "stage IV glioma"
    if "1" in m:
        return "distant"
    fourth = [g for g in groups if g.startswith("IV")]
    is_near = any(part == "head_neck" for _, _, part in facts) and "IVC" not in fourth
    is_near = is_near or (not _NEAR_FOURTH.isdisjoint(cancers) and _FAR_FOURTH.isdisjoint(fourth))
    words = reading.tokens.words
    spans = [(s.first - _RAISED_WITHIN, s.last + 1) for s in reading.stages if s.group in fourth]
    is_raised = any(not _RAISED.isdisjoint(words[max(0, a) : b]) for a, b in spans)
    if fourth and ("0" not in m or is_raised) and not is_near:
        return "distant"
    notes = {kind for kind, _, _ in reading.notes}
    if kinds or any(g.startswith(("III", "IV")) for g in groups) or any(c in n for c in "123"):
        return "regional"
    is_second = any(g[:2] == "II" for g in groups) and not _SECOND_REGIONAL.isdisjoint(cancers)
    if "locally_advanced" in notes or is_second or _is_beyond(t, cancers):
        return "regional"
    is_on_surface = "noninvasive" in notes and _LINED.issuperset(cancers)
    is_zero = bool(groups) and all(g.startswith("0") for g in groups)
    if (is_zero or _is_in_situ(reading, t) or is_on_surface) and "microinvasive" not in notes:
        return "in situ"
    denied = any(
        p.status in DENIED and any(_is_of_staging(s, reading.tokens.words) for s in p.statements)
        for p in places
    )
    early = any(g[:1] in "I" for g in groups) or t[:1] in {"1", "2"}
    early = early or "0" in n or "0" in m
    if early or notes & {"confined", "clear_scan", "microinvasive"} or denied:
        return "localized"
    return "unknown"


def _is_of_staging(statement: Statement, words: list[str]) -> bool:
    """Whether a denial says something of spread, and not only what an examination did not feel."""
    if statement.rule != "nodes.count" or statement.nodes == 0:
        return True
    around = words[max(0, statement.first - _FELT_WITHIN) : statement.last + _FELT_WITHIN]
    first, last = clause(words, statement.first, statement.last, _SENTENCE, _DOT)
    if not _IMAGES.isdisjoint(words[first:last]):
        return True
    return statement.section != "exam" and _FELT.isdisjoint(around)


def _is_beyond(t: str, cancers: dict[str, str]) -> bool:
    """Whether a T category says that the tumor has left its organ."""
    highest = max((part[:1] for part in t.split() if part[:1].isdigit()), default="")
    if highest == "4":
        return not _T4_WITHIN.intersection(cancers)
    return highest == "3" and bool(_T3_BEYOND.intersection(cancers))


def _is_in_situ(reading: Reading, t: str) -> bool:
    if t and all(part in {"a", "is"} for part in t.split()):
        return True
    said = [
        s.histology for s in reading.statements
        if s.role != "secondary" and affirms(s) and s.histology
        and reading.tokens.words[s.first - 2 : s.first] not in _NOT_LEFT
    ]  # fmt: skip
    is_early = all(h.endswith("/2") or h.startswith("8000") for h in said)
    return is_early and any(h.endswith("/2") for h in said)


def _tnm(reading: Reading) -> str | None:
    parts = []
    for stage in reading.stages:
        for axis, value in (("T", stage.t), ("N", stage.n), ("M", stage.m)):
            if value and axis + value not in parts:
                parts.append(axis + value)
    return " ".join(parts) or None


def _treatments(reading: Reading, cancers: dict[str, str]) -> list[dict[str, str]]:
    return [
        {
            "modality": _MODALITY.get(given.modality, given.modality),
            "name": given.name,
            "status": given.status,
        }
        for given in counted_treatments(reading, cancers)
    ]
