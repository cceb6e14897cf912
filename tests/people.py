"""Invented people for tests: records built in a line, and strategies of whole patients."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import polars as pl
from hypothesis import strategies as st

from outspread.diagnose import StoryTables, diagnose
from outspread.records import Records
from outspread.tables import polars_schema

AS_OF = date(2026, 1, 1)
Row = dict[str, Any]

_PLAIN: Row = {
    "patient_id": "person",
    "polarity": "affirmed",
    "certainty": "confirmed",
    "temporality": "current",
    "experiencer": "patient",
    "source_kind": "columns",
    "rule_id": "test",
}


def tumor(role: str, **facts: Any) -> Row:
    """A statement about a tumor."""
    return _PLAIN | {"kind": "tumor", "role": role} | facts


def primary(cancer: str, **facts: Any) -> Row:
    """A statement of a primary."""
    return tumor("primary", primary=cancer, **facts)


def secondary(site: str | None, **facts: Any) -> Row:
    """A statement of spread."""
    return tumor("secondary", site=site, **facts)


def stage(**facts: Any) -> Row:
    """A statement of a stage."""
    return _PLAIN | {"kind": "stage"} | facts


def course(status: str, **facts: Any) -> Row:
    """A statement about the course."""
    return _PLAIN | {"kind": "status", "status": status} | facts


def surgery(site: str, **facts: Any) -> Row:
    """A surgery that was done."""
    return {"modality": "surgery", "treatment_status": "done", "site": site} | facts


class Case(NamedTuple):
    """What is stated of one person; `life` is what is known beside: birth_date, death_date ..."""

    rows: list[Row]
    treatments: list[Row] | None = None
    life: Row | None = None


def records(
    rows: list[Row], *, treatments: list[Row] | None = None, life: Row | None = None
) -> Records:
    """Records of these statements, each with an id and a raw slice of its own; see `Case`."""
    findings = [_placed(row, i, "finding") for i, row in enumerate(rows)]
    given = [_placed(_PLAIN | row, i, "treatment") for i, row in enumerate(treatments or [])]
    raw = [
        {k: row[k] for k in ("patient_id", "source_ref", "source_kind")} | {"content": "{}"}
        for row in findings + given
    ]
    people = [{"patient_id": "person"} | life] if life else []
    return Records(
        patient=_frame(people, "patient"),
        finding=_frame(findings, "finding"),
        treatment=_frame(given, "treatment"),
        raw=_frame(raw, "raw").unique(["patient_id", "source_ref"]),
    )


def _placed(row: Row, number: int, table: str) -> Row:
    ref = row.get("source_ref", f"{table}/{number}")
    precision = "day" if row.get("date") else None
    defaults = {"source_ref": ref, "evidence_id": f"{ref}#{number}", "date_precision": precision}
    return defaults | row


def _frame(rows: list[Row], table: str) -> pl.DataFrame:
    schema = polars_schema(table)
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def story(*rows: Row, treatments: list[Row] | None = None, life: Row | None = None) -> StoryTables:
    """The story of these statements."""
    return diagnose(records(list(rows), treatments=treatments, life=life), as_of=AS_OF)


def stories(cases: Mapping[str, Case]) -> Callable[[str], StoryTables]:
    """Stories by the name of the case, worked out all at once: one story costs as much as many."""

    @cache
    def all_told() -> StoryTables:
        parts = [_renamed(records(c.rows, treatments=c.treatments, life=c.life), name)
                 for name, c in cases.items()]  # fmt: skip
        return diagnose(Records.concat(parts), as_of=AS_OF)

    @cache
    def story_of(name: str) -> StoryTables:
        return StoryTables(*(frame.filter(patient_id=name) for frame in all_told()))

    return story_of


def _renamed(found: Records, name: str) -> Records:
    mine = pl.col("patient_id").replace("person", name)
    return Records(**{
        table: frame.with_columns(mine) for table, frame in found.tables().items()
    })  # fmt: skip


def names(*rows: Row) -> list[str]:
    """Names of the diseases that these statements make."""
    return story(*rows).disease["name"].to_list()


CANCERS = (
    "breast", "lung", "colon", "rectum", "prostate", "melanoma_skin", "kidney", "ovary", "cup",
)  # fmt: skip
PLACES = (
    "bone", "liver", "lung", "brain", "adrenal", "peritoneum", "pleura", "ln_axillary",
    "ln_mediastinal", "ln_para_aortic", "ln", "skin", "ovary", "colon", None,
)  # fmt: skip
COURSES = ("stable", "distant_recurrence", "improved", "no_sign_of_disease", "local_recurrence")
dates = st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2025, 12, 31)))
sides = st.sampled_from([None, "left", "right", "bilateral"])
certainties = st.sampled_from(["confirmed", "probable", "possible"])


def _statement(kind: str) -> st.SearchStrategy[Row]:
    common = {"date": dates, "certainty": certainties, "laterality": sides}
    if kind == "primary":
        return st.builds(
            primary,
            st.sampled_from(CANCERS),
            behavior=st.sampled_from([None, "malignant", "in_situ"]),
            morphology=st.sampled_from([None, None, "8000", "8140", "8041", "8070"]),
            topography=st.sampled_from([None, None, "C18.2", "C18.7", "C44.5", "C44.7"]),
            grade=st.sampled_from([None, None, "G1", "3"]),
            method=st.sampled_from([None, None, "pathology"]),
            source_kind=st.sampled_from(["columns", "columns", "naaccr"]),
            **common,
        )
    if kind == "secondary":
        return st.builds(
            secondary,
            st.sampled_from(PLACES),
            polarity=st.sampled_from(["affirmed", "affirmed", "affirmed", "negated"]),
            contiguity=st.sampled_from([None, None, "contiguous", "discontiguous"]),
            origin=st.sampled_from([None, None, None, *CANCERS[:3], "net_other", "lymphoma"]),
            morphology=st.sampled_from([None, None, None, "8140", "8041", "8720"]),
            method=st.sampled_from([None, "imaging", "pathology"]),
            **common,
        )
    if kind == "stage":
        return st.builds(
            stage,
            date=dates,
            t=st.sampled_from([None, "1", "2", "3", "4b", "is"]),
            n=st.sampled_from([None, "0", "1", "2a"]),
            m=st.sampled_from([None, "0", "1", "1b", "not_applicable"]),
            stage_group=st.sampled_from([None, "I", "IIB", "IIIC", "IV", "IVB"]),
            stage_system=st.sampled_from(["ajcc", "ajcc", "figo", "clark", "binet"]),
            stage_edition=st.sampled_from([None, "7", "8"]),
            stage_basis=st.sampled_from(["clinical", "pathological"]),
        )
    return st.builds(course, st.sampled_from(COURSES), date=dates)


statements = st.one_of(*(_statement(kind) for kind in ("primary", "secondary", "stage", "course")))
patients = st.lists(statements, min_size=1, max_size=8)
"""Whole patients as lists of statements."""
