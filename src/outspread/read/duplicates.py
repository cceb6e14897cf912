"""One name, one row: what several files or chunks hold more than once."""

from typing import Final

import polars as pl

from outspread.read.vocabulary import issue_severities
from outspread.records import Records
from outspread.tables import SEVERITY

KEYS: Final = {
    "patient": ["patient_id"],
    "document": ["patient_id", "document_id"],
    "finding": ["patient_id", "evidence_id"],
    "treatment": ["patient_id", "evidence_id"],
    "measurement": ["patient_id", "evidence_id"],
    "raw": ["patient_id", "source_ref"],
}


def keep_once(records: Records) -> Records:
    """Keep the first row of each key; statements of one key that differ become an issue (R014).

    Source slices are kept once without an issue: they may differ in narrative or layout alone.
    """
    tables = records.tables()
    issues = [tables["issue"]]
    for name, key in KEYS.items():
        distinct = tables[name].unique(keep="first", maintain_order=True)
        tables[name] = distinct.unique(key, keep="first", maintain_order=True)
        if name == "raw":
            continue
        clashes = distinct.filter(pl.struct(key).is_duplicated()).unique(key, maintain_order=True)
        issues.append(_clash_issues(clashes, name, key[-1]))
    return Records(**tables | {"issue": pl.concat(issues, how="diagonal_relaxed")})


def _clash_issues(clashes: pl.DataFrame, table: str, field: str) -> pl.DataFrame:
    severity, reason = issue_severities()["R014"]
    return clashes.select(
        severity=pl.lit(severity),
        code=pl.lit("R014"),
        place=pl.lit(table),
        field=pl.lit(field),
        reason=pl.lit(reason),
        patient_id="patient_id",
    ).cast({"severity": pl.Enum(SEVERITY)})
