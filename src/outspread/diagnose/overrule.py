"""Pathology against the rest: a place that pathology denies is only possible."""

from typing import Final

import polars as pl

from outspread.diagnose.evidence import SAME_LOOK_DAYS, counts
from outspread.diagnose.knowledge import read_table
from outspread.empty import empty_from_empty
from outspread.tables import CERTAINTY, DATE_PRECISION

BIOPSY_WINDOW_DAYS: Final = 92
"""A biopsy so soon after an image answers it; a later one may find that the place has healed."""


def overrule_by_pathology(
    spread: pl.DataFrame, findings: pl.DataFrame, *, treatments: pl.DataFrame
) -> pl.DataFrame:
    """Let what pathology of the same place denies be possible only.

    Statements of spread that are not pathology's own, dated on the day of the denial or at most
    `BIOPSY_WINDOW_DAYS` before it, lose their certainty; both dates must be known to the day. A
    denial of one side touches that side only. Nothing else overrules: not imaging, not a code. Nor
    does a biopsy after a treatment that can have healed the place: one that was started since, at
    least `SAME_LOOK_DAYS` before the biopsy, and acts on the whole body or on that place.

    Returns
    -------
    The statements, with `overruled_by`: ids of the denials, empty where none.
    """
    exact = _is_exact()
    by_pathology = (pl.col("method") == "pathology").fill_null(value=False)
    denials = findings.filter(
        (pl.col("kind") == "tumor")
        & (pl.col("polarity") == "negated")
        & (pl.col("role") == "secondary")
        & pl.col("site").is_not_null()
        & by_pathology
        & counts()
        & exact
    )
    if denials.is_empty():
        return spread.with_columns(pl.lit(None, pl.List(pl.String)).alias("overruled_by"))
    claims = spread.filter(counts() & exact & ~by_pathology & pl.col("site").is_not_null())
    whole = denials.filter(pl.col("laterality").is_null())
    sided = denials.drop_nulls("laterality")
    hits = pl.concat(
        [
            _next_denial(claims, whole, ["p", "site"]),
            _next_denial(claims.drop_nulls("laterality"), sided, ["p", "site", "laterality"]),
        ]
    )
    overruled = (
        _untreated(hits, treatments)
        .group_by("p", "evidence_id")
        .agg(pl.col("denied_by").explode().unique().sort().alias("overruled_by"))
    )
    return spread.join(
        overruled, on=["p", "evidence_id"], how="left", maintain_order="left"
    ).with_columns(
        pl.when(pl.col("overruled_by").is_not_null())
        .then(pl.lit(CERTAINTY[0]).cast(pl.Enum(CERTAINTY)))
        .otherwise("certainty")
        .alias("certainty")
    )


def _is_exact() -> pl.Expr:
    """Tell whether the date is known to the day."""
    return pl.col("date").is_not_null() & (
        pl.col("date_precision").fill_null(DATE_PRECISION[0]) == DATE_PRECISION[0]
    )


@empty_from_empty
def _next_denial(claims: pl.DataFrame, denials: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The first denial on or after each claim, within the window."""
    days = denials.group_by(*by, "date").agg(pl.col("evidence_id").sort().alias("denied_by"))
    return (
        claims.select("p", "site", *by[2:], "date", "evidence_id")
        .sort("date")
        .join_asof(
            days.sort("date").with_columns(denied_on="date"),
            on="date",
            by=by,
            strategy="forward",
            tolerance=f"{BIOPSY_WINDOW_DAYS}d",
            check_sortedness=False,
        )
        .drop_nulls("denied_by")
        .select("p", "site", "date", "denied_on", "evidence_id", "denied_by")
    )


def _untreated(hits: pl.DataFrame, treatments: pl.DataFrame) -> pl.DataFrame:
    """Leave out the denials before which a treatment can have healed the place."""
    if hits.is_empty():
        return hits
    given = (
        treatments.filter(
            pl.col("treatment_status").is_in(["done", "ongoing", "stopped"])
            & (pl.col("polarity") == "affirmed")
            & counts()
            & _is_exact()
        )
        .with_columns(pl.col("modality").cast(pl.String))
        .join(read_table("treatment_reach"), on="modality")
        .select("p", "site", "acts_on", "date", started="date")
        .unique()
        .sort("date")
    )
    is_treated = pl.lit(value=False)
    known = hits.sort("date").with_row_index("hit")
    for acts_on, by in (("body", ["p"]), ("target", ["p", "site"])):
        first = known.join_asof(
            given.filter(acts_on=acts_on).select(*by, "date", "started"),
            on="date",
            by=by,
            strategy="forward",
            check_sortedness=False,
        ).select("hit", pl.col("started").alias(acts_on))
        known = known.join(first, on="hit", how="left")
        days = (pl.col("denied_on") - pl.col(acts_on)).dt.total_days()
        is_treated |= (days >= SAME_LOOK_DAYS).fill_null(value=False)
    return known.filter(~is_treated)
