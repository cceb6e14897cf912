"""What a document states as rows of the record tables, each with its span and rule."""

import datetime as dt
import re
from functools import cache
from typing import Any, Final, NamedTuple

from outspread.anatomy.load import sites
from outspread.extract.dates_in_text import date_of
from outspread.extract.document import Reading
from outspread.extract.grouped import Spread
from outspread.extract.kinds import DENIED
from outspread.extract.primaries import primary_of
from outspread.extract.resolve import Resolved, counted_treatments
from outspread.extract.sections import answered, weight_of
from outspread.extract.stage import Staged
from outspread.extract.statements import Statement
from outspread.extract.verdict import Verdict

Row = dict[str, Any]
FARTHEST_SIZE: Final = 120  # characters between a tumor and its size
_BEHAVIOR: Final = {"0": "benign", "1": "borderline", "2": "in_situ", "3": "malignant"}
_METHODS: Final = {
    "pathology": r"path|cytol|biops|histol|autops|necrops|fna\b",
    "imaging": r"radiol|imag|scan|ct\b|mri?\b|pet|x ?ray|ultraso|mammo|scinti|sonogr",
}  # how the words begin by which a kind of document tells how it came about
_TOLD: Final = 1  # weight of what others told, not what was seen for this document
_ABOUT_ALL: Final = Verdict()
_DENIED: Final = Verdict(is_negated=True)


class Note(NamedTuple):
    """A document and whose it is."""

    patient_id: str
    document_id: str
    date: dt.date | None = None
    kind: str | None = None


class Tables(NamedTuple):
    """Rows by table."""

    finding: list[Row]
    treatment: list[Row]
    measurement: list[Row]


def rows_of(note: Note, reading: Reading, resolved: Resolved) -> Tables:
    """Write down the findings, treatments and measurements of a document."""
    made = _Maker(note, reading)
    findings = [
        made.tumor(s)
        for s in reading.statements
        if s.role == "primary" and s.verdict.is_claim and _is_held(s, resolved)
        and (s.site or not s.verdict.is_negated)
    ]  # fmt: skip
    named = {row["primary"] for row in findings if row["experiencer"] == "patient"} - {None}
    findings += [
        made.tumor(s, is_origin=primary_of(s) in resolved.cancers)
        for s in reading.statements
        if s.role == "found" and s.verdict.is_claim and _is_news(s, named, resolved)
    ]
    for place in resolved.places:
        findings += [made.spread(place, s) for s in place.statements]
        findings += [made.spread(place, answered(s, place.statements)) for s in place.denials]
        if place.status == "historical":
            findings += [made.gone(s) for s in place.statements if s.verdict.is_gone]
    _add_sizes(findings, reading)
    if findings:  # a stage of something else than a cancer may stand in any note
        findings += [made.stage(s) for s in reading.stages]
    findings += [
        made.row(
            first, last, "course.no_disease", _ABOUT_ALL, kind="status", status="no_sign_of_disease"
        )
        for name, first, last in reading.notes
        if name == "ned"
    ]
    treatments = [
        made.row(
            g.first, g.last, "treatment.word",
            Verdict(is_planned=g.status == "planned", is_past=g.is_past, is_negated=False),
            modality=g.modality, agent=g.name, treatment_status=g.status, intent=g.intent,
        )
        for g in counted_treatments(reading, resolved.cancers)
    ]  # fmt: skip
    measurements = [
        made.row(
            m.first, m.last, "measurement.word", Verdict(is_other=m.is_other, is_past=m.is_past),
            name=m.name, value=m.value, value_number=m.number, unit=m.unit,
        )
        for m in reading.measurements
    ]  # fmt: skip
    return Tables(_once(findings), _once(treatments), _once(measurements))


def _is_held(statement: Statement, resolved: Resolved) -> bool:
    """Whether the document as a whole holds to a primary; what denies or doubts one stays."""
    verdict = statement.verdict
    is_sure = not verdict.is_negated and not verdict.is_other and verdict.certainty != "possible"
    return not is_sure or primary_of(statement) in resolved.cancers


def _is_news(statement: Statement, named: set[str], resolved: Resolved) -> bool:
    """Whether a cancer that was found somewhere is not yet among those that are named."""
    primary = primary_of(statement)
    if statement.rule == "found.mass":  # a tumor that is not called cancer
        return primary in resolved.cancers
    return not named or (primary in resolved.cancers and primary not in named)


def _once(rows: list[Row]) -> list[Row]:
    return list({row["evidence_id"]: row for row in rows}.values())


class _Maker:
    """Makes the rows of one document."""

    def __init__(self, note: Note, reading: Reading) -> None:
        self.note = note
        self.tokens = reading.tokens
        self.dates = reading.dates
        kind = re.sub(r"[^a-z]+", " ", (note.kind or "").lower())
        self.method = next((m for m, w in _METHODS.items() if re.search(rf"\b(?:{w})", kind)), None)

    def method_of(self, s: Statement) -> str | None:
        """How a statement came about: by what the document is, or as told before it."""
        is_told = weight_of(s.section) <= _TOLD or s.section == "course"
        return "history" if is_told else self.method

    def row(self, first: int, last: int, rule: str, verdict: Verdict, **facts: object) -> Row:
        """A row with the columns that all evidence has."""
        start, end = self.tokens.start(first), self.tokens.end(last - 1)
        when = date_of(first, last, self.dates, self.tokens.words, written=self.note.date)
        name = (
            facts.get("site") or facts.get("name") or facts.get("modality") or facts.get("primary")
        )
        return {
            "patient_id": self.note.patient_id,
            "evidence_id": f"{self.note.document_id}#{start}-{end}:{rule}:{name or ''}",
            "date": when.day if when else self.note.date,
            "date_precision": when.precision if when else "day" if self.note.date else None,
            "polarity": "negated" if verdict.is_negated else "affirmed",
            "certainty": verdict.certainty,
            "temporality": _temporality(verdict),
            "experiencer": "other" if verdict.is_other else "patient",
            "source_kind": "document",
            "source_ref": self.note.document_id,
            "span_start": start,
            "span_end": end,
            "rule_id": rule,
            **facts,
        }

    def tumor(self, s: Statement, *, is_origin: bool = True) -> Row:
        """A cancer where it began, or where it was found, be it where it began or not."""
        return self.row(
            s.first, s.last, s.rule, s.verdict, kind="tumor",
            role="primary" if s.role == "primary" else "undetermined",
            primary=(primary_of(s) or None) if is_origin else None,
            site=_known(s.site), laterality=s.side,
            morphology=s.histology[:4] or None, behavior=_BEHAVIOR.get(s.histology[-1:]),
            method=self.method_of(s),
        )  # fmt: skip

    def spread(self, place: Spread, s: Statement) -> Row:
        """A place that the cancer has reached, or has not."""
        is_denied = place.status in DENIED
        verdict = s.verdict._replace(
            is_negated=is_denied or s.verdict.is_negated,
            is_past=s.verdict.is_past or place.status == "historical",
        )
        return self.row(
            s.first, s.last, s.rule, verdict, kind="tumor", role="secondary", site=_known(s.site),
            laterality=s.side, contiguity=s.contiguity, method=self.method_of(s),
            behavior="metastatic" if s.contiguity == "discontiguous" else None,
            count=s.nodes if s.nodes and not verdict.is_negated else None,
        )  # fmt: skip

    def gone(self, s: Statement) -> Row:
        """A place where spread was, and no longer is when the document is written."""
        day = self.note.date
        facts = {"date": day, "date_precision": "day" if day else None, "method": self.method}
        return self.row(
            s.first, s.last, "spread.gone", _DENIED, kind="tumor", role="secondary",
            site=_known(s.site), laterality=s.side, contiguity=s.contiguity, **facts,
        )  # fmt: skip

    def stage(self, s: Staged) -> Row:
        """A stage as written."""
        return self.row(
            s.first, s.last, "stage.written", _ABOUT_ALL, kind="stage", stage_system=s.system,
            stage_basis=s.basis, stage_group=s.group, t=_category(s.t), n=_category(s.n),
            m=_category(s.m),
        )  # fmt: skip


def _temporality(verdict: Verdict) -> str:
    if verdict.is_planned:
        return "planned"
    return "historical" if verdict.is_past else "current"


def _category(value: str | None) -> str | None:
    return "X" if value in {"x", "X"} else value.lower() if value else None


def _known(site: str) -> str | None:
    return site if site in _site_ids() else None


@cache
def _site_ids() -> frozenset[str]:
    return frozenset(sites()["id"])


def _add_sizes(findings: list[Row], reading: Reading) -> None:
    """Give each size to the nearest tumor that is told right before or after it."""
    for size in reading.sizes:
        start, end = reading.tokens.start(size.first), reading.tokens.end(size.last - 1)
        near = [
            (max(start - row["span_end"], row["span_start"] - end, 0), row)
            for row in findings
            if row["polarity"] == "affirmed"
        ]
        distance, row = min(near, key=lambda pair: pair[0], default=(FARTHEST_SIZE, {}))
        if distance < FARTHEST_SIZE and size.mm > (row.get("size_mm") or 0):
            row["size_mm"] = size.mm
