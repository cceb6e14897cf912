"""Which evidence counts, and the small integers that stand for patients while we work."""

from datetime import date
from typing import NamedTuple

import polars as pl

from outspread.records import Records
from outspread.tables import CERTAINTY, DATE_PRECISION


class Evidence(NamedTuple):
    """Usable evidence of one batch; `p` numbers the patients in the order of their ids."""

    patients: pl.DataFrame  # p, patient_id
    findings: pl.DataFrame
    treatments: pl.DataFrame


def select_evidence(records: Records, *, as_of: date) -> Evidence:
    """Keep what was said of the patient up to a date; undated statements are kept.

    Plans are no facts, relatives are not the patient. Rows come sorted by patient and evidence id,
    so that nothing later depends on the order of the input.
    """
    frames = {
        "findings": _usable(records.finding, as_of),
        "treatments": _usable(records.treatment, as_of),
    }
    patients = (
        pl.concat([f.select("patient_id") for f in frames.values()])
        .unique()
        .sort("patient_id")
        .with_row_index("p")
    )
    return Evidence(
        patients,
        *(
            frame.join(patients, on="patient_id").drop("patient_id").sort("p", "evidence_id")
            for frame in frames.values()
        ),
    )


def _usable(frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return frame.filter(
        (pl.col("experiencer") == "patient")
        & (pl.col("temporality") != "planned")
        & (pl.col("date").is_null() | (pl.col("date") <= as_of))
    )


def packed_date(when: str = "date", precision: str = "date_precision") -> pl.Expr:
    """One integer that sorts by date, then by how exactly it is known; empty where undated."""
    finest_first = pl.col(precision).to_physical().fill_null(0).cast(pl.Int64)
    return pl.col(when).cast(pl.Int32).cast(pl.Int64) * len(DATE_PRECISION) + finest_first


def unpacked_date(packed: str) -> pl.Expr:
    """Give back the date of `packed_date`."""
    return (pl.col(packed) // len(DATE_PRECISION)).cast(pl.Int32).cast(pl.Date)


def unpacked_precision(packed: str) -> pl.Expr:
    """Give back the precision of `packed_date`."""
    finest_first = (pl.col(packed) % len(DATE_PRECISION)).cast(pl.Int32)
    return finest_first.replace_strict(
        dict(enumerate(DATE_PRECISION)), return_dtype=pl.Enum(DATE_PRECISION)
    )


def latest_date(when: str = "date", precision: str = "date_precision") -> pl.Expr:
    """Last day that a date known by day, month or year can be."""
    step = pl.col(precision).cast(pl.String)
    return (
        pl.when(step == "year")
        .then(pl.col(when).dt.offset_by("1y").dt.offset_by("-1d"))
        .when(step == "month")
        .then(pl.col(when).dt.offset_by("1mo").dt.offset_by("-1d"))
        .otherwise(pl.col(when))
    )


def counts() -> pl.Expr:
    """Tell whether evidence is strong enough to change the extent: confirmed or probable."""
    return pl.col("certainty") != CERTAINTY[0]


def merged_ids(column: str = "evidence_ids") -> pl.Expr:
    """All ids of a group of id lists, each once, sorted; for use in an aggregation."""
    return pl.col(column).explode().unique().drop_nulls().sort()
