"""When was it? First dates of spread, and whether distant spread came with the primary or later."""

from typing import Final

import polars as pl

from outspread.diagnose.evidence import first_day, last_day, unpacked_date, unpacked_precision
from outspread.diagnose.stage_meaning import LEVEL

SYNCHRONOUS_WINDOW_DAYS: Final = 183
"""Distant spread up to six months after the diagnosis counts as synchronous.

There is no consensus: windows from 0 to 12 months are in use [engstrand2019]; six months is common.
"""


def assign_timing(diseases: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """First regional and distant date, timing and interval of each disease.

    Undated spread leaves the dates empty, and the timing of distant spread unknown. Dates by month
    or year decide only where both ends of what they leave open fall on one side of the window.
    Spread dated longer than the window before the diagnosis is unknown too: dates that contradict
    each other (`conflict.date_order`) settle nothing.

    Parameters
    ----------
    diseases
        Uses d, first_packed, origin_status; only a known origin has a timing.
    claims
        Claims that count; uses d, lower, packed.

    Returns
    -------
    d, diagnosed_date, first_regional_date and first_distant_date, each with its precision, timing,
    interval_days (where both dates are exact), min_interval_days and max_interval_days.
    """
    counted = claims.filter(pl.col("is_counted"))
    dated = (
        diseases.select("d", pl.col("first_packed").alias("diagnosed_packed"), "origin_status")
        .join(_first(counted, "regional"), on="d", how="left")
        .join(_first(counted, "distant"), on="d", how="left")
        .with_columns(
            (first_day("first_distant_packed") - last_day("diagnosed_packed")).alias("least"),
            (last_day("first_distant_packed") - first_day("diagnosed_packed")).alias("most"),
        )
    )
    has_timing = pl.col("has_distant").is_not_null() & (pl.col("origin_status") == "known")
    is_exact = pl.col("least") == pl.col("most")
    return dated.select(
        "d",
        *_dates(),
        _timing(has_timing),
        *(
            pl.when(kept).then(column).cast(pl.Int32).alias(name)
            for name, column, kept in (
                ("interval_days", "least", is_exact),
                ("min_interval_days", "least", True),
                ("max_interval_days", "most", True),
            )
        ),
    )


def _dates() -> list[pl.Expr]:
    names = ("diagnosed", "first_regional", "first_distant")
    return [
        unpacked(f"{name}_packed").alias(f"{name}_{part}")
        for name in names
        for part, unpacked in (("date", unpacked_date), ("date_precision", unpacked_precision))
    ]


def _timing(has_timing: pl.Expr) -> pl.Expr:
    window = SYNCHRONOUS_WINDOW_DAYS
    return (
        pl.when(~has_timing)
        .then(None)
        .when((pl.col("least") >= -window) & (pl.col("most") <= window))
        .then(pl.lit("synchronous"))
        .when(pl.col("least") > window)
        .then(pl.lit("metachronous"))
        .otherwise(pl.lit("unknown"))
        .alias("timing")
    )


def _first(claims: pl.DataFrame, extent: str) -> pl.DataFrame:
    return (
        claims.filter(pl.col("lower") == LEVEL[extent])
        .group_by("d")
        .agg(
            pl.col("packed").min().alias(f"first_{extent}_packed"),
            pl.lit(value=True).alias(f"has_{extent}"),
        )
    )
