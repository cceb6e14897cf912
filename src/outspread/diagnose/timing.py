"""When was it? First dates of spread, and whether distant spread came with the primary or later."""

from typing import Final

import polars as pl

from outspread.diagnose.evidence import unpacked_date, unpacked_precision
from outspread.diagnose.stage_meaning import LEVEL

SYNCHRONOUS_WINDOW_DAYS: Final = 183
"""Distant spread up to six months after the diagnosis counts as synchronous.

There is no consensus: windows from 0 to 12 months are in use [engstrand2019]; six months is common.
"""

_SPAN: Final = {"day": 0, "month": 30, "year": 365}  # days that a partial date leaves open


def assign_timing(diseases: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """First regional and distant date, timing and interval of each disease.

    Undated spread leaves the dates empty, and the timing of distant spread unknown. Dates by month
    or year decide only where both ends of what they leave open fall on one side of the window.

    Parameters
    ----------
    diseases
        Uses d, first_packed, origin_status; only a known origin has a timing.
    claims
        Claims that count; uses d, lower, packed.

    Returns
    -------
    d, diagnosed_date, first_regional_date and first_distant_date, each with its precision, timing
    and interval_days.
    """
    counted = claims.filter(pl.col("is_counted"))
    regional = _first(counted, "regional")
    distant = _first(counted, "distant")
    dated = (
        diseases.select("d", "first_packed", "origin_status")
        .join(regional, on="d", how="left")
        .join(distant, on="d", how="left")
        .with_columns(
            unpacked_date("first_packed").alias("diagnosed_date"),
            unpacked_precision("first_packed").alias("diagnosed_date_precision"),
            unpacked_date("regional_packed").alias("first_regional_date"),
            unpacked_precision("regional_packed").alias("first_regional_date_precision"),
            unpacked_date("distant_packed").alias("first_distant_date"),
            unpacked_precision("distant_packed").alias("first_distant_date_precision"),
        )
    )
    days = (pl.col("first_distant_date") - pl.col("diagnosed_date")).dt.total_days()
    earliest = days - _span("diagnosed_date_precision")
    latest = days + _span("first_distant_date_precision")
    exact = (pl.col("diagnosed_date_precision") == "day") & (
        pl.col("first_distant_date_precision") == "day"
    )
    return dated.select(
        "d",
        "diagnosed_date",
        "diagnosed_date_precision",
        "first_regional_date",
        "first_regional_date_precision",
        "first_distant_date",
        "first_distant_date_precision",
        pl.when(pl.col("has_distant").is_null() | (pl.col("origin_status") != "known"))
        .then(None)
        .when(latest <= SYNCHRONOUS_WINDOW_DAYS)
        .then(pl.lit("synchronous"))
        .when(earliest > SYNCHRONOUS_WINDOW_DAYS)
        .then(pl.lit("metachronous"))
        .otherwise(pl.lit("unknown"))
        .alias("timing"),
        pl.when(exact).then(days).cast(pl.Int32).alias("interval_days"),
    )


def _first(claims: pl.DataFrame, extent: str) -> pl.DataFrame:
    return (
        claims.filter(pl.col("lower") == LEVEL[extent])
        .group_by("d")
        .agg(
            pl.col("packed").min().alias(f"{extent}_packed"),
            pl.lit(value=True).alias(f"has_{extent}"),
        )
    )


def _span(precision: str) -> pl.Expr:
    return pl.col(precision).cast(pl.String).replace_strict(_SPAN, return_dtype=pl.Int64)
