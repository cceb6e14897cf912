"""How far does each disease count as having spread? The farthest claim that counts decides.

A claim says that the extent is at least `lower` and at most `upper`. Claims come from places of
spread, from the stage, from the course, and from statements that the primary is in situ. Evidence
that is only possible is carried in `possible_extent` and never raises `extent`.
"""

from typing import Final

import polars as pl

from outspread.diagnose.evidence import counts, merged_ids, packed_date
from outspread.diagnose.knowledge import read_table
from outspread.diagnose.stage import CLAIM
from outspread.diagnose.stage_meaning import LEVEL
from outspread.empty import empty_from_empty
from outspread.tables import EXTENT

_REACH_LEVEL: Final = {
    "local": LEVEL["localized"],
    "nearby_tissue": LEVEL["regional"],
    "regional_node": LEVEL["regional"],
    "distant_node": LEVEL["distant"],
    "distant": LEVEL["distant"],
}
CLAIM_RULES: Final = pl.Enum(
    (
        "extent.farthest_place",
        "extent.tnm_m",
        "extent.tnm_n",
        "extent.tnm_t",
        "extent.tnm_confined",
        "extent.tnm_in_situ",
        "extent.in_situ",
        "extent.stage_group",
        "extent.summary_stage",
        "extent.course",
        "extent.open_reach",
    )
)  # the most specific reason is told where several lead to one extent
_EXTENT_OF: Final = {level: extent for extent, level in LEVEL.items()}


def course_extents() -> pl.DataFrame:
    """What a stated recurrence means for the extent (status, extent, source)."""
    return read_table("course_extent")


def lesion_claims(lesions: pl.DataFrame) -> pl.DataFrame:
    """Claims of places of spread; an open reach claims its nearest and its farthest candidate."""
    spread = lesions.filter((pl.col("role") == "secondary") & pl.col("reach").is_not_null())
    known = spread.filter(pl.col("reach") != "unknown")
    level = pl.col("reach").cast(pl.String).replace_strict(_REACH_LEVEL, return_dtype=pl.Int64)
    settled = known.with_columns(level.alias("lower"), level.alias("upper"))
    candidate = pl.element().replace_strict(_REACH_LEVEL, return_dtype=pl.Int64)
    levels = pl.col("candidate_reaches").list.eval(candidate)
    undecided = spread.filter(pl.col("reach") == "unknown").with_columns(
        levels.list.min().alias("lower"),
        levels.list.max().fill_null(LEVEL["distant"]).alias("upper"),
    )
    return pl.concat([settled, undecided.with_columns(pl.col("lower").fill_null(0))]).select(
        "p",
        "d",
        "lower",
        "upper",
        pl.lit("extent.farthest_place").alias("rule"),
        counts().alias("is_counted"),
        pl.col("first_packed").alias("packed"),
        "evidence_ids",
    )


def candidate_claims(claims: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Spread of undetermined origin is possible spread of each cancer that it could be of."""
    is_undetermined = pl.col("origin_status") == "undetermined"
    owners = diseases.filter(is_undetermined).select("d", "candidate_primaries")
    if owners.is_empty():
        return claims.clear().select(CLAIM)
    others = diseases.filter(
        ~is_undetermined & (pl.col("spread_logic").fill_null("solid") != "systemic")
    ).select("p", "primary", pl.col("d").alias("candidate"))
    is_candidate = pl.col("candidate_primaries").list.contains(pl.col("primary"))
    return (
        claims.join(owners, on="d")
        .join(others, on="p")
        .filter(is_candidate)
        .with_columns(pl.col("candidate").alias("d"), pl.lit(value=False).alias("is_counted"))
        .select(CLAIM)
    )


def own_organ_claims(own: pl.DataFrame) -> pl.DataFrame:
    """A code for a secondary of the own organ may mean distant spread; it settles nothing."""
    return own.select(
        "p",
        "d",
        pl.lit(0, dtype=pl.Int64).alias("lower"),
        pl.lit(LEVEL["distant"], dtype=pl.Int64).alias("upper"),
        pl.lit("extent.open_reach").alias("rule"),
        counts().alias("is_counted"),
        packed_date().alias("packed"),
        pl.concat_list("evidence_id").alias("evidence_ids"),
    )


@empty_from_empty
def course_claims(statuses: pl.DataFrame) -> pl.DataFrame:
    """A stated regional or distant recurrence."""
    known = course_extents().select(
        pl.col("status"),
        pl.col("extent").replace_strict(LEVEL, return_dtype=pl.Int64).alias("lower"),
    )
    return (
        statuses.with_columns(pl.col("status").cast(pl.String))
        .join(known, on="status")
        .filter(pl.col("d").is_not_null())
        .select(
            "p",
            "d",
            "lower",
            pl.col("lower").alias("upper"),
            pl.lit("extent.course").alias("rule"),
            counts().alias("is_counted"),
            packed_date().alias("packed"),
            pl.concat_list("evidence_id").alias("evidence_ids"),
        )
    )


def in_situ_claims(diseases: pl.DataFrame) -> pl.DataFrame:
    """Diseases whose primary is said to be in situ and nothing more."""
    level = pl.lit(LEVEL["in_situ"], dtype=pl.Int64)
    return (
        diseases.filter(pl.col("behavior") == "in_situ")
        .with_columns(
            level.alias("lower"),
            level.alias("upper"),
            pl.lit("extent.in_situ").alias("rule"),
            counts().alias("is_counted"),
            pl.col("first_packed").alias("packed"),
        )
        .select(CLAIM)
    )


def assign_extent(diseases: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Settle extent, its rule and its evidence for each disease.

    The farthest claim that counts decides, unless a claim of open reach could go farther: then the
    extent is unknown. No claim at all is unknown too, never localized. A record that contradicts
    itself on whether the primary is invasive settles nothing nearer than regional.

    Parameters
    ----------
    diseases
        Uses d, spread_logic, is_unsettled.
    claims
        All claims, columns of `outspread.diagnose.stage.CLAIM`.

    Returns
    -------
    One row per disease: d, extent, extent_rule, extent_evidence_ids, possible_extent.
    """
    summed = _summed(claims)
    facts = diseases.select("d", "spread_logic", "is_unsettled").join(summed, on="d", how="left")
    low, high = pl.col("low").fill_null(0), pl.col("high").fill_null(0)
    systemic = _is_systemic()
    unsettled = _is_unsettled(low)
    is_open = high > low
    level = settled_level(low, high)
    rule = (
        pl.when(systemic)
        .then(pl.lit("extent.blood_cancer"))
        .when(unsettled)
        .then(pl.lit("extent.unsettled"))
        .when(is_open)
        .then(pl.lit("extent.open_reach"))
        .when(low == 0)
        .then(pl.lit("extent.nothing_stated"))
        .otherwise(pl.col("rule"))
    )
    possible = pl.max_horizontal("high", "possible")
    return facts.select(
        "d",
        extent_of(level).alias("extent"),
        rule.alias("extent_rule"),
        pl.when(is_open | (low == 0))
        .then(pl.col("open_ids"))
        .otherwise(pl.col("ids"))
        .fill_null([])
        .alias("extent_evidence_ids"),
        pl.when(~systemic & (possible > level)).then(extent_of(possible)).alias("possible_extent"),
    )


def settled_level(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """The level that claims from `low` to `high` settle: 0 where unknown, -1 in blood cancers.

    Uses spread_logic and is_unsettled of the disease.
    """
    is_left_open = _is_unsettled(low) | (high > low) | (low == 0)
    return pl.when(_is_systemic()).then(-1).when(is_left_open).then(0).otherwise(low)


def _is_systemic() -> pl.Expr:
    return pl.col("spread_logic").fill_null("solid") == "systemic"


def _is_unsettled(low: pl.Expr) -> pl.Expr:
    return pl.col("is_unsettled") & (low < LEVEL["regional"])


def extent_of(level: pl.Expr) -> pl.Expr:
    """Name a level."""
    names = {-1: "not_applicable", 0: "unknown", **_EXTENT_OF}
    return level.replace_strict(names, return_dtype=pl.Enum(EXTENT))


def _summed(claims: pl.DataFrame) -> pl.DataFrame:
    """Lowest certain and highest possible level of each disease, with rule and evidence."""
    counted = claims.filter(pl.col("is_counted"))
    bounds = counted.group_by("d").agg(
        pl.col("lower").max().alias("low"), pl.col("upper").max().alias("high")
    )
    possible = claims.group_by("d").agg(pl.col("upper").max().alias("possible"))
    at_low = counted.join(bounds, on="d").filter(pl.col("lower") == pl.col("low"))
    deciding = at_low.group_by("d").agg(
        pl.col("rule").cast(CLAIM_RULES).min().cast(pl.String), merged_ids().alias("ids")
    )
    farther = (
        claims.join(bounds, on="d", how="left")
        .filter(pl.col("upper") > pl.col("low").fill_null(0))
        .group_by("d")
        .agg(merged_ids().alias("open_ids"))
    )
    return (
        possible.join(bounds, on="d", how="left")
        .join(deciding, on="d", how="left")
        .join(farther, on="d", how="left")
    )
