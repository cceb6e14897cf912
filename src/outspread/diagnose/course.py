"""How is it now? The course as stated and as it follows, kept apart from the extent ever reached.

Whoever was said to be free of disease and then has spread has a recurrence, whether or not anybody
calls it so. The reverse is never concluded: that nothing is left has to be said.
"""

from typing import Final

import polars as pl

from outspread.diagnose.evidence import (
    SAME_LOOK_DAYS,
    counts,
    first_day,
    last_day,
    packed_date,
    unpacked_date,
    unpacked_precision,
)
from outspread.empty import empty_from_empty
from outspread.tables import STATUS

FREE: Final = "no_sign_of_disease"
RECURRENCES: Final = tuple(status for status in STATUS if status.endswith("recurrence"))
_STATUS: Final = pl.Enum(STATUS)
_RECURRENCE_AT: Final = {
    "local": "local_recurrence",
    "nearby_tissue": "regional_recurrence",
    "regional_node": "regional_recurrence",
    "distant_node": "distant_recurrence",
    "distant": "distant_recurrence",
}
_COURSE: Final = ["d", "packed", "status", "rule", "evidence_ids"]


def select_statuses(findings: pl.DataFrame) -> pl.DataFrame:
    """Affirmed statements about the course."""
    return findings.filter(
        (pl.col("kind") == "status")
        & pl.col("status").is_not_null()
        & (pl.col("polarity") == "affirmed")
        & counts()
    )


@empty_from_empty
def follow_course(
    statuses: pl.DataFrame, seen: pl.DataFrame, lesions: pl.DataFrame
) -> pl.DataFrame:
    """The course of each disease: what is stated and what follows from spread found since.

    Parameters
    ----------
    statuses
        Statements about the course with their disease.
    seen
        Looks that affirm a place, see `outspread.diagnose.looks.seen_looks`.
    lesions
        Uses l, d, reach.

    Returns
    -------
    d, packed (empty where undated), status, rule and evidence_ids. On one date the graver status
    counts; undated rows come first, then the others by date.
    """
    stated = (
        statuses.filter(pl.col("d").is_not_null())
        .with_columns(packed_date().alias("packed"))
        .group_by("d", "packed", "status")
        .agg(pl.col("evidence_id").unique().sort().alias("evidence_ids"))
        .with_columns(pl.lit("status.stated").alias("rule"))
    )
    rows = pl.concat([stated.select(_COURSE), _recurrences(stated, seen, lesions)]).sort(
        "d", "packed", "status", "rule"
    )
    dated = rows.filter(pl.col("packed").is_not_null())
    gravest = dated.unique(["d", "packed"], keep="last", maintain_order=True)
    return pl.concat([rows.filter(pl.col("packed").is_null()), gravest])


def find_status(course: pl.DataFrame) -> pl.DataFrame:
    """Status now of each disease: the last of its course, undated statements before all dated."""
    return (
        course.group_by("d", maintain_order=True)
        .agg(pl.all().last())
        .select(
            "d",
            "status",
            pl.col("rule").alias("status_rule"),
            unpacked_date("packed").alias("status_date"),
            unpacked_precision("packed").alias("status_date_precision"),
            pl.col("evidence_ids").alias("status_evidence_ids"),
        )
    )


def status_changes(course: pl.DataFrame) -> pl.DataFrame:
    """Rows of the course that differ from the one before; undated ones each."""
    is_other = pl.col("status") != pl.col("status").shift().over("d")
    dated = course.filter(pl.col("packed").is_not_null()).filter(is_other.fill_null(value=True))
    return pl.concat([course.filter(pl.col("packed").is_null()), dated])


def _recurrences(stated: pl.DataFrame, seen: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """The first recurrence of each kind after each statement of no sign of disease."""
    spells = _spells(stated)
    found = (
        _telling(seen)
        .join(lesions.select("l", "d", "reach"), on="l")
        .with_columns(first_day().alias("day"))
        .sort("day")
        .join_asof(spells, on="day", by="d", allow_exact_matches=False, check_sortedness=False)
        .filter("is_free")
        .filter(~pl.col("is_again") | (pl.col("day") - pl.col("free_day") > SAME_LOOK_DAYS))
    )
    status = pl.col("reach").cast(pl.String).replace_strict(_RECURRENCE_AT, default="recurrence")
    return (
        found.with_columns(status.fill_null("recurrence").cast(_STATUS).alias("status"))
        .filter(pl.col("packed") == pl.col("packed").min().over("d", "free_day", "status"))
        .group_by("d", "packed", "status")
        .agg(pl.col("evidence_ids").explode().unique().sort())
        .with_columns(pl.lit("status.spread_after_free").alias("rule"))
        .select(_COURSE)
    )


def _telling(seen: pl.DataFrame) -> pl.DataFrame:
    """Looks from which a recurrence can follow.

    Spread seen for the first time tells, by whatever source. A place known before has to be seen
    again by looking at the patient, since its code may be repeated long after; the origin by a
    specimen.
    """
    is_new = (pl.col("role") == "secondary") & pl.col("is_first") & pl.col("is_current")
    is_again = pl.col("packed").is_not_null() & (
        ((pl.col("role") == "secondary") & pl.col("is_look")) | pl.col("is_specimen")
    )
    return seen.with_columns((~is_new).alias("is_again")).filter(
        is_new | (is_again & ~pl.col("is_first"))
    )


def _spells(stated: pl.DataFrame) -> pl.DataFrame:
    """From which day on a disease is free of signs, or has come back since it was (`is_free`).

    A statement that disease is there for another reason (stable, worse) ends it.
    """
    is_free = pl.col("status") == FREE
    came_back = pl.col("status").is_in(RECURRENCES)
    dated = stated.filter(pl.col("packed").is_not_null()).with_columns(last_day().alias("day"))
    return (
        dated.sort("d", "day", "status")
        .with_columns(
            pl.when(is_free).then(True).when(~came_back).then(False).alias("is_free"),  # noqa: FBT003
            pl.when(is_free).then("day").alias("free_day"),
        )
        .select("d", "day", pl.col("is_free", "free_day").forward_fill().over("d"))
        .unique(["d", "day"], keep="last", maintain_order=True)
        .with_columns(pl.col("is_free").fill_null(value=False))
        .sort("day")
    )
