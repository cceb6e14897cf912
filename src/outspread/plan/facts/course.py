"""When a cancer grew, as stated, and what was started when."""

from datetime import date
from typing import Final

import polars as pl

from outspread.plan.facts.row import KEY, join_ids
from outspread.plan.facts.said import given_treatments, said

GROWS: Final = ("worsened", "recurrence", "local_recurrence", "regional_recurrence",
                "distant_recurrence")  # fmt: skip
SYSTEMIC: Final = (
    "chemotherapy", "hormone", "immunotherapy", "targeted", "radioligand", "systemic",
)  # fmt: skip
ONE_START_DAYS: Final = 28  # drugs that start closer together are taken for one start


def growth(findings: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Days on which growth is stated of a cancer.

    Parameters
    ----------
    findings
        Table `finding`.
    diseases
        Table `disease`, without people who have another cancer.

    Returns
    -------
    KEY, grown_date, grown_ids: from statements, and from the status of the disease, which also
    knows of new spread.
    """
    stated = (
        said(findings.filter(pl.col("kind") == "status"), as_of)
        .join(diseases.select(*KEY), on="patient_id")
        .select(*KEY, "status", grown_date="date", grown_ids="evidence_ids")
    )
    last = diseases.select(
        *KEY, "status", grown_date="status_date", grown_ids="status_evidence_ids"
    )
    both = pl.concat([stated.cast({"status": pl.String}), last.cast({"status": pl.String})])
    grown = both.filter(pl.col("status").is_in(GROWS)).drop_nulls("grown_date")
    return grown.group_by(*KEY, "grown_date").agg(join_ids("grown_ids"))


def starts(treatments: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Systemic treatments since the first distant spread, in starts that follow each other.

    Parameters
    ----------
    treatments
        Table `treatment`.
    diseases
        Table `disease`, without people who have another cancer; uses first_distant_date.

    Returns
    -------
    The treatments with KEY, `number` (their start, from 1), `first`, `last` (its days) and
    `is_open`: one is undated, or what starts close together takes longer than one start.
    """
    own = diseases.select(*KEY, "first_distant_date", origin="primary")
    given = given_treatments(treatments, as_of=as_of).filter(pl.col("modality").is_in(SYSTEMIC))
    since = (
        given.join(own, on="patient_id")
        .filter((pl.col("date") >= pl.col("first_distant_date")).fill_null(value=True))
        .sort(*KEY, "date")
    )
    gap = (pl.col("date") - pl.col("date").shift(1)).dt.total_days()
    is_new = (gap > ONE_START_DAYS).fill_null(value=False)
    numbered = since.with_columns(number=1 + is_new.cast(pl.Int32).cum_sum().over(*KEY))
    within = [*KEY, "number"]
    dated = numbered.with_columns(
        first=pl.col("date").min().over(within), last=pl.col("date").max().over(within)
    )
    is_long = (pl.col("last") - pl.col("first")).dt.total_days() > ONE_START_DAYS
    return dated.with_columns(is_open=(pl.col("date").is_null() | is_long).any().over(*KEY))
