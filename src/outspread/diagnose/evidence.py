"""Which evidence counts, and the small integers that stand for patients while we work."""

from datetime import date
from typing import Final, NamedTuple

import polars as pl

from outspread.records import Records
from outspread.tables import CERTAINTY, DATE_PRECISION

SAME_LOOK_DAYS: Final = 28
"""Statements closer together than this tell of one state of the patient.

A lesion is taken for gone only when two looks are at least four weeks apart, as response criteria
ask [response_criteria2019]; a report may come as long after what it reports.
"""

OPEN_DAYS: Final = {"day": 0, "month": 30, "year": 365}  # days that a partial date leaves open
_STATED_OF: Final = ["p", "evidence_id"]


class Evidence(NamedTuple):
    """Usable evidence of one batch; `p` numbers the patients in the order of their ids."""

    patients: pl.DataFrame  # p, patient_id, birth, death and vital status
    findings: pl.DataFrame
    treatments: pl.DataFrame
    left_aside: pl.DataFrame  # p, evidence_id, why: future, before_birth, after_death


def select_evidence(records: Records, *, as_of: date) -> Evidence:
    """Keep what was said of the patient up to a date; undated statements are kept.

    Plans are no facts, relatives are not the patient. A statement dated before the birth or after
    the death counts as undated; one dated after `as_of` does not count. Rows come sorted by patient
    and evidence id, so that nothing later depends on the order of the input.
    """
    frames = [_said_of_patient(frame) for frame in (records.finding, records.treatment)]
    patients = (
        pl.concat([frame.select("patient_id") for frame in frames])
        .unique()
        .sort("patient_id")
        .with_row_index("p")
        .join(records.patient.unique("patient_id", keep="first"), on="patient_id", how="left")
        .sort("p")
    )
    marked = [_marked(frame, patients, as_of) for frame in frames]
    findings, treatments = (_usable(frame) for frame in marked)
    return Evidence(
        patients,
        findings,
        treatments,
        pl.concat([frame.select(*_STATED_OF, "why") for frame in marked])
        .drop_nulls("why")
        .sort(_STATED_OF),
    )


def _said_of_patient(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter((pl.col("experiencer") == "patient") & (pl.col("temporality") != "planned"))


def _marked(frame: pl.DataFrame, patients: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Tell why the date of a statement cannot be used (`why`), as far as that is certain."""
    born = pl.col("birth_date")
    died = latest_day("death_date", "death_date_precision")
    lives = patients.select(
        "patient_id", "p", born.alias("born"), died.alias("died"), (born <= died).alias("is_life")
    )
    is_life = pl.col("is_life").fill_null(value=True)  # a death before the birth tells nothing
    late = pl.col("date") > pl.col("died") + pl.duration(days=SAME_LOOK_DAYS)
    return (
        frame.join(lives, on="patient_id")
        .with_columns(
            pl.when(pl.col("date") > as_of)
            .then(pl.lit("future"))
            .when(is_life & (latest_day() < pl.col("born")))
            .then(pl.lit("before_birth"))
            .when(is_life & late)
            .then(pl.lit("after_death"))
            .alias("why")
        )
        .drop("born", "died", "is_life", "patient_id")
    )


def _usable(marked: pl.DataFrame) -> pl.DataFrame:
    is_dated = pl.col("why").is_null()
    return (
        marked.filter(is_dated | (pl.col("why") != "future"))
        .with_columns(pl.when(is_dated).then(c).alias(c) for c in ("date", "date_precision"))
        .drop("why")
        .sort(_STATED_OF)
    )


def latest_day(when: str = "date", precision: str = "date_precision") -> pl.Expr:
    """Last day that a date can mean: a month or year may be any of its days."""
    first, known = pl.col(when), pl.col(precision)
    return (
        pl.when(known == "year")
        .then(first.dt.offset_by("1y").dt.offset_by("-1d"))
        .when(known == "month")
        .then(first.dt.offset_by("1mo").dt.offset_by("-1d"))
        .otherwise(first)
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


def first_day(packed: str = "packed") -> pl.Expr:
    """First day that a packed date can mean, in days since 1970."""
    return pl.col(packed) // len(DATE_PRECISION)


def last_day(packed: str = "packed") -> pl.Expr:
    """Last day that a packed date can mean, in days since 1970."""
    open_days = dict(enumerate(OPEN_DAYS.values()))
    left_open = pl.col(packed) % len(DATE_PRECISION)
    return first_day(packed) + left_open.replace_strict(open_days, return_dtype=pl.Int64)


def counts() -> pl.Expr:
    """Tell whether evidence is strong enough to change the extent: confirmed or probable."""
    return pl.col("certainty") != CERTAINTY[0]


def merged_ids(column: str = "evidence_ids") -> pl.Expr:
    """All ids of a group of id lists, each once, sorted; for use in an aggregation."""
    return pl.col(column).explode().unique().drop_nulls().sort()
