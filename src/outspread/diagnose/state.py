"""Is it still there? Each place as last known, and how that changed over time.

A later look that denies a place means that it has gone; surgery or ablation of it means that it was
removed; a look that affirms it again means that it is back. None of this lowers the extent ever
reached, and nothing here follows from silence.
"""

from typing import Final

import polars as pl

from outspread.diagnose.clash import clashes, site_names
from outspread.diagnose.evidence import (
    SAME_LOOK_DAYS,
    counts,
    first_day,
    last_day,
    merged_ids,
    unpacked_date,
    unpacked_precision,
)
from outspread.empty import empty_from_empty
from outspread.tables import LESION_STATE

_STATES: Final = pl.Enum(LESION_STATE)


@empty_from_empty
def sort_denials(denials: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Tell what each denial of a place means beside the looks that affirmed it (`meaning`).

    - earlier: before the place was first seen; not remarkable.
    - resolved: a clear look, at least `SAME_LOOK_DAYS` after the last look that affirmed the place
      and before the next.
    - contradicts: anything else, also where a date is missing or too coarse to tell the order.
    """
    dated = (
        seen.filter(pl.col("packed").is_not_null())
        .group_by("l", first_day().alias("day"))
        .agg(
            pl.when(pl.col("is_current").any())
            .then(last_day().max())
            .otherwise(first_day().min() - SAME_LOOK_DAYS)  # it was there before
            .alias("end")
        )
        .sort("day")
        .with_columns(pl.col("end").cum_max().over("l").alias("seen_until"))
    )
    bounds = seen.group_by("l").agg(
        pl.col("packed").is_null().any().alias("has_undated"), first_day().min().alias("first")
    )
    days = denials.with_columns(first_day().alias("day"), last_day().alias("end")).sort("day")
    placed = (
        days.join_asof(
            dated.select("l", "day", "seen_until"), on="day", by="l", check_sortedness=False,
        )
        .join_asof(
            dated.select("l", "day", pl.col("day").alias("next_day")),
            on="day", by="l", strategy="forward", allow_exact_matches=False,
            check_sortedness=False,
        )
        .join(bounds, on="l", how="left")
    )  # fmt: skip
    since, until = pl.col("day") - pl.col("seen_until"), pl.col("next_day") - pl.col("end")
    is_apart = (since >= SAME_LOOK_DAYS) & (until >= SAME_LOOK_DAYS).fill_null(value=True)
    is_earlier = ~pl.col("has_undated") & (pl.col("end") < pl.col("first"))
    return placed.select(
        "l",
        "packed",
        "by_pathology",
        "evidence_ids",
        pl.when(is_earlier)
        .then(pl.lit("earlier"))
        .when(pl.col("is_clear") & is_apart & ~pl.col("has_undated"))
        .then(pl.lit("resolved"))
        .otherwise(pl.lit("contradicts"))
        .alias("meaning"),
    )


def follow_lesions(
    seen: pl.DataFrame, denials: pl.DataFrame, removals: pl.DataFrame
) -> pl.DataFrame:
    """Changes in the state of each lesion, in the order of their dates.

    A report within `SAME_LOOK_DAYS` after a removal tells of what was removed, unless it is of
    imaging or an examination. A primary once removed comes back only with a look at the patient: a
    code of it stays on problem lists for good.

    Returns
    -------
    l, state, packed, evidence_ids and is_first, sorted by lesion and time.
    """
    gone = denials.filter(pl.col("meaning") == "resolved")
    steps = pl.concat(
        _step(rows, state, day)
        for rows, state, day in (
            (_current(seen, removals), "present", first_day()),
            (gone, "resolved", first_day()),
            (removals, "removed", last_day()),
        )
    )
    before = pl.col("state").shift().over("l")
    return (
        steps.sort("l", "day", "state", "packed")
        .with_columns(before.is_null().alias("is_first"), before.alias("before"))
        .filter(pl.col("is_first") | (pl.col("state") != pl.col("before")))
        .select("l", "state", "packed", "evidence_ids", "is_first")
    )


def _step(rows: pl.DataFrame, state: str, day: pl.Expr) -> pl.DataFrame:
    return rows.select(
        "l", "packed", "evidence_ids", pl.lit(state, _STATES).alias("state"), day.alias("day")
    )


def _current(seen: pl.DataFrame, removals: pl.DataFrame) -> pl.DataFrame:
    ends = removals.select("l", last_day().alias("day"), last_day().alias("removed")).sort("day")
    dated = seen.filter(pl.col("packed").is_not_null()).with_columns(first_day().alias("day"))
    since = pl.col("day") - pl.col("removed")
    of_specimen = ((since > 0) & (since <= SAME_LOOK_DAYS)).fill_null(value=False) & ~pl.col(
        "is_scan"
    )
    may_return = (pl.col("role") == "secondary") | pl.col("is_look")
    return (
        dated.sort("day")
        .join_asof(ends, on="day", by="l", check_sortedness=False)
        .filter(pl.col("is_first") | (may_return & ~of_specimen))
    )


def assign_state(lesions: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Add state, its date, precision and evidence to each lesion that counts; others have none.

    A lesion without a dated look is present, since nothing tells that it went away.
    """
    last = changes.group_by("l", maintain_order=True).agg(
        pl.col("state", "packed").last(), pl.col("evidence_ids").last().alias("state_evidence_ids")
    )
    joined = lesions.join(last, on="l", how="left")
    present = pl.lit(LESION_STATE[0], _STATES)
    return joined.with_columns(
        pl.when(counts()).then(pl.col("state").fill_null(present)).alias("state"),
        unpacked_date("packed").alias("state_date"),
        unpacked_precision("packed").alias("state_date_precision"),
        pl.when(counts())
        .then(pl.coalesce("state_evidence_ids", "evidence_ids"))
        .otherwise(pl.lit([], pl.List(pl.String)))
        .alias("state_evidence_ids"),
    ).drop("packed")


def affirmed_and_denied(
    denials: pl.DataFrame, seen: pl.DataFrame, lesions: pl.DataFrame
) -> list[pl.DataFrame]:
    """Places that are affirmed and denied, where time does not explain it.

    What pathology found and something weaker denies is a kind of its own.
    """
    contradicting = denials.filter(pl.col("meaning") == "contradicts")
    if contradicting.is_empty():
        return []
    by_pathology = seen.group_by("l").agg(pl.col("is_specimen").any())
    sides = (
        contradicting.join(by_pathology, on="l", how="left")
        .with_columns(
            (pl.col("is_specimen").fill_null(value=False) & ~pl.col("by_pathology")).alias("weaker")
        )
        .group_by("l", "weaker")
        .agg(merged_ids().alias("right_ids"))
        .join(
            lesions.select("l", "p", "d", "site", pl.col("evidence_ids").alias("left_ids")), on="l"
        )
    )
    return [
        clashes(
            sides.filter(rows).join(site_names(), on="site"),
            kind,
            left=pl.format("spread to {}", "site_name"),
            right=pl.format("no spread to {}", "site_name"),
        )
        for kind, rows in (
            ("conflict.affirmed_denied", ~pl.col("weaker")),
            ("conflict.weaker_denied", pl.col("weaker")),
        )
    ]
