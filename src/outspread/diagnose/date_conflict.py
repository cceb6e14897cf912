"""Conflicts about dates: outside of a life, after the day of the story, in the wrong order."""

from typing import Final

import polars as pl

from outspread.diagnose.clash import clashes, site_names
from outspread.diagnose.evidence import counts, first_day, last_day
from outspread.diagnose.subject import SAME_STAGING_DAYS
from outspread.empty import empty_from_empty

_OUTSIDE: Final = {
    "before_birth": "the birth is later",
    "after_death": "the death is earlier",
}


def date_conflicts(
    left_aside: pl.DataFrame, diseases: pl.DataFrame, lesions: pl.DataFrame
) -> pl.DataFrame:
    """Run every rule about dates: one row per disagreement.

    Parameters
    ----------
    left_aside
        Statements whose date cannot be used: p, evidence_id, why.
    diseases
        Uses p, d, first_packed, origin_status, evidence_ids.
    lesions
        Uses d, role, site, certainty, first_packed, evidence_ids.
    """
    return pl.concat(
        [_outside_of_life(left_aside), _future(left_aside), _spread_first(diseases, lesions)]
    )


@empty_from_empty
def _counted(left_aside: pl.DataFrame) -> pl.DataFrame:
    """One row for each person and reason, with the number of statements in words."""
    number = pl.col("left_ids").list.len()
    return (
        left_aside.group_by("p", "why")
        .agg(pl.col("evidence_id").unique().sort().alias("left_ids"))
        .with_columns(
            pl.lit(None, pl.Int64).alias("d"),
            pl.lit([], pl.List(pl.String)).alias("right_ids"),
            pl.when(number == 1)
            .then(pl.lit("1 statement is"))
            .otherwise(pl.format("{} statements are", number))
            .alias("statements"),
        )
    )


def _outside_of_life(left_aside: pl.DataFrame) -> pl.DataFrame:
    outside = _counted(left_aside.filter(pl.col("why").is_in(list(_OUTSIDE))))
    return clashes(
        outside,
        "conflict.date_of_life",
        left=pl.format("{} dated {}", "statements", pl.col("why").str.replace("_", " the ")),
        right=pl.col("why").replace_strict(_OUTSIDE, return_dtype=pl.String),
    )


def _future(left_aside: pl.DataFrame) -> pl.DataFrame:
    return clashes(
        _counted(left_aside.filter(pl.col("why") == "future")),
        "conflict.future_date",
        left=pl.format("{} dated after the day of this story", "statements"),
        right=pl.lit("the story tells what was known on that day"),
    )


def _spread_first(diseases: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    spread = lesions.filter((pl.col("role") == "secondary") & counts()).select(
        "d",
        "site",
        last_day("first_packed").alias("seen"),
        pl.col("evidence_ids").alias("left_ids"),
    )
    origins = diseases.filter(pl.col("origin_status") == "known").select(
        "p",
        "d",
        first_day("first_packed").alias("start"),
        pl.col("evidence_ids").alias("right_ids"),
    )
    days = pl.col("start") - pl.col("seen")
    return clashes(
        spread.join(origins, on="d")
        .filter(days > SAME_STAGING_DAYS)
        .with_columns(days.alias("days"))
        .join(site_names(), on="site", how="left"),
        "conflict.date_order",
        left=pl.format(
            "spread to {} is first seen {} days before the cancer",
            pl.col("site_name").fill_null("a place that is not stated"), "days",
        ),
        right=pl.lit("the cancer is first recorded later"),
    )  # fmt: skip
