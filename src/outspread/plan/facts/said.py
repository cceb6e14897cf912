"""What a record states of the patient up to a day: results, treatments given, whose they are."""

from datetime import date
from typing import Final

import polars as pl

_GIVEN: Final = ("done", "ongoing", "stopped")
_PLAN_DAYS: Final = 90  # so long a plan is still one


def said(frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What is affirmed of the patient up to a date, now or undated; its id as `evidence_ids`."""
    return frame.filter(
        (pl.col("polarity") == "affirmed")
        & (pl.col("experiencer") == "patient")
        & (pl.col("temporality") == "current")
        & (pl.col("certainty") != "possible")
        & (pl.col("date") <= as_of).fill_null(value=True)
    ).with_columns(evidence_ids=pl.concat_list("evidence_id"))


def given_treatments(treatments: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Treatments of the patient that were given up to a date; undated ones are kept."""
    return _of_patient(treatments).filter(
        (pl.col("temporality") != "planned")
        & pl.col("treatment_status").is_in(_GIVEN)
        & (pl.col("date") <= as_of).fill_null(value=True)
    )


def planned_treatments(treatments: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Treatments of the patient that are planned, by a plan of the last days or for later."""
    is_planned = (pl.col("temporality") == "planned") | (pl.col("treatment_status") == "planned")
    is_fresh = pl.col("date") >= pl.lit(as_of).dt.offset_by(f"-{_PLAN_DAYS}d")
    return _of_patient(treatments).filter(is_planned & is_fresh.fill_null(value=False))


def _of_patient(treatments: pl.DataFrame) -> pl.DataFrame:
    return treatments.filter(
        (pl.col("polarity") == "affirmed") & (pl.col("experiencer") == "patient")
    ).with_columns(evidence_ids=pl.concat_list("evidence_id"))


def only_cancer(diseases: pl.DataFrame) -> pl.DataFrame:
    """Cancers of people who have no other: what is said of a tumor can only be of this one."""
    return diseases.filter(pl.len().over("patient_id") == 1)


def owned(rows: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Give rows to the cancers they are of.

    What is `of` the person belongs to each, what is `of` a tumor to an only cancer.
    """
    owners = diseases.select("patient_id", "disease_id").with_columns(
        is_only=pl.len().over("patient_id") == 1
    )
    return rows.join(owners, on="patient_id").filter(pl.col("is_only") | (pl.col("of") == "person"))
