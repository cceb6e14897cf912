"""The shape of a conflict row, and how two statements of one time are brought together."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import polars as pl

from outspread.anatomy.load import primaries, sites
from outspread.diagnose.evidence import merged_ids
from outspread.diagnose.knowledge import read_table
from outspread.diagnose.subject import SAME_STAGING_DAYS
from outspread.empty import empty_from_empty
from outspread.tables import FOLLOWED, SEVERITY

CLASH = [
    "p",
    "d",
    "kind",
    "severity",
    "left_says",
    "left_evidence_ids",
    "right_says",
    "right_evidence_ids",
    "followed",
    "rule",
    "reason",
    "settled_by",
]
BY_EXTENT = "by_extent"
NO_RULE = "precedence.none"


def conflict_kinds() -> pl.DataFrame:
    """What each kind of conflict leads to.

    Columns: kind, severity (`by_extent`: an error where the extent rests on one of its sides, else
    a warning), followed, rule (of precedence), reason, settled_by, source.
    """
    return read_table("conflict_kinds")


@cache
def _kind(kind: str) -> dict[str, Any]:
    return conflict_kinds().row(by_predicate=pl.col("kind") == kind, named=True)


def clashes(frame: pl.DataFrame, kind: str, *, left: pl.Expr, right: pl.Expr) -> pl.DataFrame:
    """Make conflict rows of a frame with p, d, left_ids and right_ids.

    `left` and `right` are what each side says, in words; what follows from it is told by
    `conflict_kinds`; where the rule of precedence is not one and the same for the kind, the frame
    has it as `rule`, and `precedence.none` follows neither. `severity` is still text: `weigh`
    settles it.
    """
    if frame.is_empty():
        return no_clashes()
    known = _kind(kind)
    rule = pl.col("rule") if "rule" in frame.columns else pl.lit(known["rule"])
    followed = pl.when(rule == NO_RULE).then(pl.lit("neither")).otherwise(pl.lit(known["followed"]))
    return frame.select(
        "p",
        "d",
        pl.lit(kind).alias("kind"),
        pl.lit(known["severity"]).alias("severity"),
        left.alias("left_says"),
        pl.col("left_ids").alias("left_evidence_ids"),
        right.alias("right_says"),
        pl.col("right_ids").alias("right_evidence_ids"),
        followed.cast(pl.Enum(FOLLOWED)).alias("followed"),
        rule.alias("rule"),
        *(pl.lit(known[column]).alias(column) for column in ("reason", "settled_by")),
    )


@cache
def no_clashes() -> pl.DataFrame:
    """Give the rows of a rule that finds nothing."""
    types = {"p": pl.UInt32(), "d": pl.Int64(), "followed": pl.Enum(FOLLOWED)}
    ids = dict.fromkeys(("left_evidence_ids", "right_evidence_ids"), pl.List(pl.String))
    return pl.DataFrame(schema={name: (types | ids).get(name, pl.String()) for name in CLASH})


@empty_from_empty
def weigh(conflicts: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Settle the severity: an error where the extent rests on evidence of either side.

    Parameters
    ----------
    diseases
        Uses d, extent_evidence_ids.
    """
    rests = pl.any_horizontal(
        pl.col(side).list.set_intersection("extent_evidence_ids").list.len() > 0
        for side in ("left_evidence_ids", "right_evidence_ids")
    )
    by_extent = (
        pl.when(rests.fill_null(value=False)).then(pl.lit("error")).otherwise(pl.lit("warning"))
    )
    severity = pl.when(pl.col("severity") == BY_EXTENT).then(by_extent).otherwise("severity")
    return (
        conflicts.join(diseases.select("d", "extent_evidence_ids"), on="d", how="left")
        .with_columns(severity.cast(pl.Enum(SEVERITY)).alias("severity"))
        .select(CLASH)
    )


@cache
def site_names() -> pl.DataFrame:
    """Names of places: site, site_name."""
    return sites().select(site="id", site_name="name")


@cache
def cancer_names() -> pl.DataFrame:
    """Names of cancers: primary, cancer."""
    return primaries().select(primary="id", cancer="display")


def one_id() -> pl.Expr:
    """The evidence id of a row as a list."""
    return pl.concat_list("evidence_id")


@empty_from_empty
def join_same_staging(
    left: pl.DataFrame, right: pl.DataFrame, *, by: Sequence[str]
) -> pl.DataFrame:
    """Add `right_ids` of what was stated with the left rows in one staging; others are dropped.

    A dated row meets the nearest one, at most `SAME_STAGING_DAYS` away, and those without a date;
    an undated row meets all. No pairs of rows are made, so that many rows cost no more than once
    each.

    Parameters
    ----------
    left, right
        `date` and the columns of `by`; right has `right_ids`. Keys that are empty meet nothing.
    """
    keys, columns = list(by), left.columns
    ids = merged_ids("right_ids").alias("right_ids")
    dated_right = right.drop_nulls("date").group_by(*keys, "date").agg(ids)
    undated_right = right.filter(pl.col("date").is_null()).group_by(keys).agg(ids)
    dated = left.drop_nulls("date").sort("date")
    near = dated.join_asof(
        dated_right.sort("date"),
        on="date",
        by=keys,
        strategy="nearest",
        tolerance=f"{SAME_STAGING_DAYS}d",
        check_sortedness=False,
    ).drop_nulls("right_ids")
    free = left.filter(pl.col("date").is_null()).join(right.group_by(keys).agg(ids), on=keys)
    loose = dated.join(undated_right, on=keys)
    return pl.concat([part.select(*columns, "right_ids") for part in (near, loose, free)])
