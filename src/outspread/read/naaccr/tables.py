"""All tables of some patients of a registry file."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from outspread.read.naaccr.batch import Batch
from outspread.read.naaccr.checks import check_items, read_dates
from outspread.read.naaccr.evidence import of, with_tumors
from outspread.read.naaccr.finding import (
    course_findings,
    grade_findings,
    node_findings,
    primary_findings,
    size_findings,
    spread_findings,
)
from outspread.read.naaccr.issues import record_issues
from outspread.read.naaccr.knowledge import of_kind, with_codes
from outspread.read.naaccr.raw import slices
from outspread.read.naaccr.stage import stage_findings
from outspread.read.naaccr.treatment import read_documents, read_measurements, read_treatments
from outspread.read.naaccr.tumor import Meanings, read_patients, read_tumors
from outspread.records import Records
from outspread.tables import polars_schema

_NOT_ONLY_CODES: Final = ("stage", "grade", "measurement", "staging")
_STATEMENTS: Final = (
    "spread",
    "nodes",
    "size",
    "grade",
    "stage",
    "course",
    "treatment",
    "volume",
    "measurement",
    "document",
)


@dataclass(slots=True)
class Reading:
    """One file being read: its name, today, what codes mean, and what has gone by."""

    file: str
    latest: date
    meanings: Meanings
    patients: int = 0
    told: set[int] = field(default_factory=set)


def read_batch(batch: Batch, reading: Reading, notes: pl.DataFrame) -> Records:
    """Work out all tables of some whole patients, see `outspread.read.naaccr.read_naaccr`.

    Parameters
    ----------
    notes
        Issues of the document so far, rows of the table `issue`.
    """
    records = batch.records
    reading.patients = batch.patients
    items, item_issues = check_items(batch)
    dates, date_issues = read_dates(items, reading.latest)
    people = with_codes(of_kind(items, "patient", "tumor"))
    patients = read_patients(records, people, dates, reading.file)
    found = read_tumors(records, patients, people, dates, meanings=reading.meanings)
    raw = slices(items, found, reading.file)
    kept = raw.filter("is_kept")
    tumors = found.drop("source_ref").join(
        kept.select("record", "source_ref"), on="record", maintain_order="left"
    )
    coded = with_codes(of_kind(items, *_STATEMENTS))
    statements = with_tumors(coded, tumors)
    finding, unread_stages = _findings(statements, tumors)
    measurement, unread_values = read_measurements(of(statements, "measurement"))
    issues = [
        item_issues,
        date_issues,
        _named(_unlisted(people), "R120"),
        _named(_unlisted(coded), "R120"),
        _named(unread_values, "R120"),
        _named(unread_stages, "R036"),
        _named(patients.filter(~pl.col("is_named")), "R110", item="patientIdNumber"),
        _named(tumors.filter(pl.col("role").is_null()), "R121", item="primarySite"),
        _named(kept.filter(pl.col("rank") > 1), "R014", item="sequenceNumberCentral"),
    ]
    return Records(
        patient=patients.unique("patient_id", keep="first", maintain_order=True),
        document=read_documents(of(statements, "document")),
        finding=finding,
        treatment=read_treatments(of(statements, "treatment"), of(statements, "volume"), tumors),
        measurement=measurement,
        raw=kept,
        issue=pl.concat([notes, record_issues(pl.concat(issues), records, patients, reading.file)]),
    )


def _findings(statements: pl.DataFrame, tumors: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All findings, and the stages that cannot be read."""
    stages, unread = stage_findings(of(statements, "stage"), tumors)
    parts = [
        primary_findings(tumors),
        size_findings(of(statements, "size"), tumors),
        grade_findings(of(statements, "grade"), tumors),
        spread_findings(of(statements, "spread")),
        node_findings(of(statements, "nodes")),
        course_findings(of(statements, "course")),
        stages,
    ]
    names = polars_schema("finding").keys()
    return pl.concat(
        [part.select(name for name in part.columns if name in names) for part in parts],
        how="diagonal_relaxed",
    ), unread


def _unlisted(coded: pl.DataFrame) -> pl.DataFrame:
    """Values that are no code of their item, where items hold codes only."""
    return coded.filter(
        pl.col("codes").is_not_null()
        & pl.col("is_listed").is_null()
        & ~pl.col("becomes").is_in(_NOT_ONLY_CODES)
    )


def _named(rows: pl.DataFrame, code: str, *, item: str | None = None) -> pl.DataFrame:
    """Issues of one code for rows with `record` and `item`."""
    name = pl.col("item") if item is None else pl.lit(item)
    return rows.select(pl.lit(code).alias("code"), "record", name.alias("field"))
