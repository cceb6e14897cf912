"""What one document says as a whole: the shape of the document export."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from outspread.anatomy.load import primaries, sites
from outspread.anatomy.words import relate_one
from outspread.extract.context import Verdict
from outspread.extract.document import Reading
from outspread.extract.statements import Statement
from outspread.read.places import is_within, organ_of, primary_at

SECTION_WEIGHT: Final = {"diagnosis": 4, "microscopic": 4, "impression": 3, "findings": 2, "gross": 2}
_BODY_CAVITY: Final = frozenset(
    {"pleura", "pleural_effusion", "pleura_visceral", "pleura_parietal", "pericardial_effusion",
     "pericardium", "peritoneum", "ascites", "omentum", "greater_omentum", "lesser_omentum",
     "mesentery", "pelvic_peritoneum", "cul_de_sac", "diaphragm"}
)  # fmt: skip
_UNNAMED: Final = frozenset({"distant_nos", "disseminated", "unknown_site", "viscera", "abdominal_organ"})
_NO_ORGAN: Final = frozenset(
    {"periprostatic_tissue", "perinephric_fat", "adjacent_tissue", "adjacent_organ", "organ_serosa",
     "fascia", "blood_vessel", "portal_vein", "hepatic_artery", "renal_vessel", "inferior_vena_cava",
     "peripheral_nerve", "bladder_mucosa", "rectal_mucosa", "uterine_serosa", "visceral_artery",
     "parametrium", "skin_over_primary", "cartilage", "perineum", "pelvis", "cervical"}
)  # fmt: skip
_SECONDARY_PLACES: Final = frozenset(
    {"peritoneum", "omentum", "mesentery", "diaphragm", "cul_de_sac", "pleura", "bone", "spine",
     "brain", "liver", "adrenal", "soft_tissue", "spleen", "abdominal_wall", "umbilicus",
     "retroperitoneum", "pericardium", "pleural_effusion", "ascites"}
)  # fmt: skip


@cache
def _facts() -> dict[str, tuple[str | None, str, str]]:
    columns = primaries().select("id", "organ_site", "spread_logic", "category").iter_rows()
    return {name: (organ, logic, category) for name, organ, logic, category in columns}


@cache
def _report_site() -> dict[str, str]:
    return dict(sites().select("id", "report_site").iter_rows())


@cache
def reach_of(primary: str | None, site: str, contiguity: str | None) -> str:
    """How far a place is for a primary; unknown where it is not settled."""
    found = relate_one(primary, site, contiguity=contiguity)
    return str(found["reach"].item() or "unknown")


def summarize(reading: Reading, doc_id: str) -> dict[str, Any]:
    """Sum up a document in the shape of the report gold standard."""
    cancers = _primaries(reading.statements)
    origin = next(iter(cancers), None)
    statements = reading.statements + _staged_nodes(reading)
    places = _places(statements, origin, list(cancers.values()))
    extent = _extent(reading, cancers, places)
    words = reading.tokens
    return {
        "doc_id": doc_id,
        "primary_sites": sorted({_site_name(p, s) for p, s in cancers.items()}),
        "histology": _histology(reading.statements),
        "extent": extent,
        "metastatic_sites": [
            {"site": p["site"], "kind": p["kind"], "status": p["status"]}
            for p in places
            if p["status"] not in {"negated", "ruled out"} and p["site"] not in _UNNAMED | _NO_ORGAN
        ],
        "negated_sites": sorted({p["site"] for p in places if p["status"] in {"negated", "ruled out"}}),
        "tnm": _tnm(reading),
        "stage_group": next((s.group for s in reading.stages if s.group), None),
        "sizes_mm": [{"site": "", "mm": size.mm} for size in reading.sizes],
        "treatments": _treatments(reading, cancers),
        "ecog": next((int(m.number) for m in reading.measurements
                      if m.name == "ecog" and m.number is not None), None),
        "quotes": [
            {"site": p["site"], "start": words.starts[s.first], "end": words.ends[s.last - 1]}
            for p in places
            for s in p["from"]
        ],
    }  # fmt: skip


def _staged_nodes(reading: Reading) -> list[Statement]:
    """Regional nodes that an N category above 0 states."""
    return [
        Statement("secondary", "ln_regional", Verdict(), s.first, s.last, "stage.nodes", s.section,
                  contiguity="discontiguous")
        for s in reading.stages if s.n and s.n[:1] in "123"
    ]  # fmt: skip


def _counts(statement: Statement) -> bool:
    verdict = statement.verdict
    return verdict.is_claim and not verdict.is_other and not verdict.is_planned


def _primaries(statements: list[Statement]) -> dict[str, str]:
    """Primaries that a document states: id of the primary, and the site named for it."""
    named: dict[str, str] = {}
    usual: dict[str, tuple[str, str]] = {}
    kinds = set()
    is_now = False
    for s in statements:
        if s.role != "primary" or not _counts(s) or s.verdict.is_negated:
            continue
        name = s.primary or _primary_id(s)
        if not name or s.verdict.certainty == "possible":
            continue
        if s.rule == "primary.usual":
            usual.setdefault(name, (s.site, s.histology))
        else:
            named.setdefault(name, s.site)
            kinds.add(s.histology)
        is_now = is_now or not s.verdict.is_past
    for name, (site, histology) in usual.items():
        if histology not in kinds:
            named.setdefault(name, site)
    if not named:
        return _from_found(statements)
    if not is_now:
        fresh = _from_found(statements)
        named |= {n: s for n, s in fresh.items() if s not in _SECONDARY_PLACES and n not in named}
    return _without_vague(named)


def _from_found(statements: list[Statement]) -> dict[str, str]:
    """The primary where only places are told at which a cancer was found."""
    places = [s for s in statements if s.role == "found" and _counts(s) and not s.verdict.is_negated]
    places = [s for s in places if s.verdict.certainty != "possible" and _primary_id(s)]
    if not places:
        return {}
    first = [s for s in places if s.site not in _SECONDARY_PLACES] or places
    return {_primary_id(first[0]): first[0].site}


def _primary_id(s: Statement) -> str:
    return primary_at(s.site) or "" if s.site else ""


def _without_vague(found: dict[str, str]) -> dict[str, str]:
    """Leave out a vaguer name of the same cancer: mouth beside tongue."""
    kept = {}
    for name, site in found.items():
        others = [s for n, s in found.items() if n != name and s]
        if site and any(is_within(o, site) and o != site for o in others):
            continue
        kept[name] = site
    return kept


def _site_name(primary: str, site: str) -> str:
    organ, logic, _ = _facts().get(primary, (None, "", ""))
    if logic == "systemic":
        return "hematologic"
    if primary == "cup":
        return "unknown primary"
    return site or organ or primary


def _histology(statements: Iterable[Statement]) -> str | None:
    for s in statements:
        if s.role == "primary" and s.histology[:4] > "8001" and not s.verdict.is_negated:
            return s.histology
    return None


def _places(
    statements: list[Statement], origin: str | None, organs: list[str]
) -> list[dict[str, Any]]:
    groups: dict[str, list[Statement]] = {}
    own = {_report_site().get(o, o) for o in organs} | set(organs)
    for s in statements:
        if s.role == "found" and organs and not s.verdict.is_negated:
            if s.site not in _SECONDARY_PLACES or any(is_within(s.site, o) for o in own):
                continue
            s = s._replace(role="secondary", contiguity="discontiguous")
        if s.role != "secondary" or not s.verdict.is_claim or s.verdict.is_other:
            continue
        is_node = s.site.startswith("ln")
        key = s.site if is_node else _report_site().get(s.site, s.site)
        if s.contiguity == "contiguous" and not is_node:
            if key in own or any(is_within(s.site, o) for o in organs):
                continue
            key = "growth:" + key
        if s.rule == "spread.recur" and any(is_within(s.site, o) for o in own):
            continue
        if s.rule == "spread.unplaced" and s.verdict.is_negated:
            s = s._replace(rule="spread.somewhere")
        groups.setdefault(key, []).append(s)
    _leave_unplaced(groups)
    return [_place(key, group, origin) for key, group in groups.items()]


def _leave_unplaced(groups: dict[str, list[Statement]]) -> None:
    """Leave out a metastasis without a place where nodes are told: it may be that of the node."""
    nodes = any(
        key.startswith("ln") and any(not s.verdict.is_negated for s in group)
        for key, group in groups.items()
    )
    for key in _UNNAMED & set(groups):
        if nodes:
            groups[key] = [s for s in groups[key] if s.rule != "spread.unplaced"]
        if not groups[key]:
            del groups[key]


def _place(key: str, group: list[Statement], origin: str | None) -> dict[str, Any]:
    site = group[-1].site if key.startswith("growth:") else key
    affirmed = [s for s in group if not s.verdict.is_negated]
    denied = [s for s in group if s.verdict.is_negated]
    sure = [s for s in affirmed if s.verdict.certainty == "confirmed"]
    if sure:
        later = denied and max(d.first for d in denied) > max(s.first for s in sure)
        gone = all(s.verdict.is_gone for s in sure)
        status = "historical" if gone or (later and not site.startswith("ln")) else "confirmed"
    elif affirmed:
        probable = any(s.verdict.certainty == "probable" for s in affirmed)
        refuted = any(d.verdict.is_refuted for d in denied)
        status = "ruled out" if refuted else "probable" if probable else "possible"
    else:
        status = "ruled out" if any(d.verdict.is_refuted for d in denied) else "negated"
    shown = affirmed or denied
    return {"site": site, "kind": _kind(site, shown, origin), "status": status, "from": shown}


def _kind(site: str, group: list[Statement], origin: str | None) -> str:
    if site.startswith("ln"):
        reach = reach_of(origin, site, None) if origin else "unknown"
        if site == "ln_distant" or reach in {"distant_node", "distant"}:
            return "distant node"
        return "regional node"
    if site in _NO_ORGAN or all(s.contiguity == "contiguous" for s in group):
        return "regional extension"
    return "body cavity" if site in _BODY_CAVITY else "distant"


def _extent(reading: Reading, cancers: dict[str, str], places: list[dict[str, Any]]) -> str:
    logic = {_facts().get(p, (None, "", ""))[1] for p in cancers}
    if logic == {"systemic"}:
        return "not_applicable"
    real = [p for p in places if p["status"] in {"confirmed", "historical", "probable"}]
    kinds = {p["kind"] for p in real}
    if kinds & {"distant", "distant node", "body cavity"}:
        return "distant"
    if not cancers and not real:
        stated = any(
            s.role == "primary" and _counts(s) and not s.verdict.is_negated
            and s.verdict.certainty != "possible" for s in reading.statements
        )  # fmt: skip
        return "unknown" if stated else "none"
    return _from_stage(reading, kinds, cancers, places)


def _from_stage(
    reading: Reading, kinds: set[str], cancers: dict[str, str], places: list[dict[str, Any]]
) -> str:
    t = " ".join(s.t.lower() for s in reading.stages if s.t)
    n = "".join(s.n.lower() for s in reading.stages if s.n)
    m = "".join(s.m.lower() for s in reading.stages if s.m)
    groups = [s.group for s in reading.stages if s.group]
    if "1" in m:
        return "distant"
    if any(g.startswith("IV") for g in groups) and "0" not in m and not _is_head_neck(cancers):
        return "distant"
    notes = {kind for kind, _, _ in reading.notes}
    if kinds or any(c in n for c in "123") or any(g.startswith("III") for g in groups):
        return "regional"
    if "locally_advanced" in notes or (t[:1] in {"3", "4"} and "prostate" in cancers):
        return "regional"
    if _is_in_situ(reading, t):
        return "in situ"
    denied = any(
        p["status"] in {"negated", "ruled out"} and any(s.rule != "nodes.count" or s.count == 0 for s in p["from"])
        for p in places
    )
    early = any(g[:1] in "I" and not g.startswith("III") for g in groups) or t[:1] in {"1", "2"}
    if early or "confined" in notes or denied:
        return "localized"
    return "unknown"


def _is_head_neck(cancers: dict[str, str]) -> bool:
    return any(_facts().get(p, (None, "", ""))[2] == "head_neck" for p in cancers)


def _is_in_situ(reading: Reading, t: str) -> bool:
    if t and all(part in {"a", "is"} for part in t.split()):
        return True
    said = [
        s.histology for s in reading.statements
        if s.role == "primary" and _counts(s) and not s.verdict.is_negated and s.histology
    ]  # fmt: skip
    return bool(said) and all(h.endswith("/2") or h.startswith("8000") for h in said) and any(
        h.endswith("/2") for h in said
    )


def _tnm(reading: Reading) -> str | None:
    parts = []
    for stage in reading.stages:
        for axis, value in (("T", stage.t), ("N", stage.n), ("M", stage.m)):
            if value and axis + value not in parts:
                parts.append(axis + value)
    return " ".join(parts) or None


def _treatments(reading: Reading, cancers: dict[str, str]) -> list[dict[str, str]]:
    if not cancers and not any(
        s.role == "secondary" and _counts(s) and not s.verdict.is_negated for s in reading.statements
    ):
        return []
    organs = {s for s in cancers.values() if s} | {organ_of(p) or "" for p in cancers}
    rows = []
    for given in reading.treatments:
        if given.strength == "organ" and not given.is_near_cancer:
            if not any(is_within(o, g) or is_within(g, o) for o in organs for g in given.organs):
                continue
        if given.strength in {"cancer", "tumor"} and not given.is_near_cancer:
            continue
        modality = {"supportive": "palliative care", "radioligand": "radiation", "ablation": "surgery"}
        rows.append(
            {"modality": modality.get(given.modality, given.modality), "name": given.name,
             "status": given.status}
        )  # fmt: skip
    return rows
