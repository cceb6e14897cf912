"""What in the record disagrees? Each rule gives rows; nothing is picked silently."""

from typing import Final, NamedTuple

import polars as pl

from outspread.diagnose.clash import cancer_names, clashes, one_id, site_names, weigh
from outspread.diagnose.date_conflict import date_conflicts
from outspread.diagnose.evidence import counts, merged_ids
from outspread.diagnose.histology_conflict import (
    behavior_conflicts,
    grade_conflicts,
    histology_conflicts,
)
from outspread.diagnose.identity_conflict import identity_conflicts
from outspread.diagnose.stage_conflict import (
    clashing_groups,
    group_against_tnm,
    m0_with_spread,
    mixed_members,
    size_against_t,
)
from outspread.diagnose.state import affirmed_and_denied
from outspread.diagnose.unowned import unowned_conflicts
from outspread.empty import empty_from_empty

_ONE_SIDE: Final = ["left", "right"]


class Facts(NamedTuple):
    """What the rules look at."""

    measured: pl.DataFrame  # see `outspread.diagnose.said_of_primary`
    graded: pl.DataFrame
    treatments: pl.DataFrame
    diseases: pl.DataFrame
    evidence: pl.DataFrame
    spread: pl.DataFrame
    lesions: pl.DataFrame
    stages: pl.DataFrame
    meaning: pl.DataFrame
    own: pl.DataFrame
    seldom: pl.DataFrame
    doubts: pl.DataFrame  # see `outspread.diagnose.primary.Identity`
    of_blood: pl.DataFrame  # see `outspread.diagnose.attribution.Attributed`
    statuses: pl.DataFrame
    seen: pl.DataFrame
    denials: pl.DataFrame  # see `outspread.diagnose.state.sort_denials`
    left_aside: pl.DataFrame


def find_conflicts(facts: Facts) -> pl.DataFrame:
    """Run every rule: one row per disagreement, columns of `outspread.diagnose.clash.CLASH`."""
    sizes = pl.concat(
        [
            facts.evidence.filter(pl.col("is_direct")).select("d", "evidence_id", "size_mm"),
            facts.measured.select("d", "evidence_id", "size_mm"),
        ]
    )
    found = pl.concat(
        [
            _own_organ(facts.own, facts.diseases),
            _seldom_secondary(facts.seldom),
            behavior_conflicts(facts.evidence, facts.diseases),
            histology_conflicts(facts.evidence, told=_histologies_together(facts.doubts)),
            grade_conflicts(facts.graded),
            _in_situ_spread(facts.diseases.filter(pl.col("behavior") == "in_situ"), facts.lesions),
            _side_of_reason(
                facts.treatments.filter(pl.col("reason_laterality").is_in(_ONE_SIDE)),
                facts.diseases,
            ),
            _sides_of_one_tumor(
                facts.evidence.filter("is_direct", pl.col("laterality").is_in(_ONE_SIDE))
            ),
            _pathology_denied(
                facts.spread.filter(pl.col("overruled_by").is_not_null()), facts.lesions
            ),
            *affirmed_and_denied(facts.denials, facts.seen, facts.lesions),
            date_conflicts(facts.left_aside, facts.diseases, facts.lesions),
            clashing_groups(facts.stages),
            mixed_members(facts.stages),
            size_against_t(facts.stages, sizes, facts.diseases),
            m0_with_spread(facts.stages, facts.lesions),
            group_against_tnm(facts.stages, facts.meaning),
            unowned_conflicts(facts.stages, facts.statuses, facts.diseases),
            identity_conflicts(
                facts.diseases, facts.evidence, doubts=facts.doubts, of_blood=facts.of_blood
            ),
        ]
    )
    return weigh(found, facts.diseases)


@empty_from_empty
def _own_organ(own: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    origin = diseases.select("d", "primary", pl.col("evidence_ids").alias("right_ids"))
    rows = (
        own.with_columns(one_id().alias("left_ids"))
        .select("p", "d", "site", "left_ids")
        .join(origin, on="d")
        .join(cancer_names(), on="primary")
        .join(site_names(), on="site")
    )
    return clashes(
        rows,
        "conflict.own_organ",
        left=pl.format("secondary tumor of the {}", "site_name"),
        right=pl.format("primary {}", "cancer"),
    )


@empty_from_empty
def _seldom_secondary(seldom: pl.DataFrame) -> pl.DataFrame:
    rows = (
        seldom.with_columns(
            one_id().alias("left_ids"), pl.lit([], dtype=pl.List(pl.String)).alias("right_ids")
        )
        .select("p", "d", "site", "left_ids", "right_ids")
        .join(site_names(), on="site")
    )
    return clashes(
        rows,
        "conflict.seldom_secondary",
        left=pl.format("secondary tumor of the {}", "site_name"),
        right=pl.lit("no primary is on record, and this organ seldom holds metastases"),
    )


def _histologies_together(doubts: pl.DataFrame) -> pl.DataFrame:
    return doubts.filter(pl.col("doubt") == "histology_together").select("d").unique()


@empty_from_empty
def _in_situ_spread(in_situ: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    spread = (
        lesions.filter((pl.col("role") == "secondary") & counts())
        .group_by("p", "d")
        .agg(pl.col("evidence_ids").explode().unique().sort().alias("right_ids"))
    )
    origin = in_situ.select("d", pl.col("evidence_ids").alias("left_ids"))
    return clashes(
        spread.join(origin, on="d"),
        "conflict.in_situ_spread",
        left=pl.lit("in situ"),
        right=pl.lit("spread is recorded"),
    )


@empty_from_empty
def _side_of_reason(treatments: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Treatments for one side of a cancer that is recorded on the other side only."""
    origin = diseases.filter(pl.col("laterality").is_in(_ONE_SIDE)).select(
        "p", "d", "primary", "laterality", pl.col("evidence_ids").alias("left_ids")
    )
    reasons = (
        treatments.select(
            "p",
            pl.col("reason_primary").alias("primary"),
            pl.col("reason_laterality").alias("reason_side"),
            "evidence_id",
        )
        .group_by("p", "primary", "reason_side")
        .agg(pl.col("evidence_id").sort().alias("right_ids"))
    )
    matched = origin.select("p", "primary", pl.col("laterality").alias("reason_side"))
    return clashes(
        reasons.join(matched, on=["p", "primary", "reason_side"], how="anti")
        .join(origin, on=["p", "primary"])
        .join(cancer_names(), on="primary"),
        "conflict.side_of_reason",
        left=pl.format("{}, {} side", "cancer", "laterality"),
        right=pl.format("a treatment for {}, {} side", "cancer", "reason_side"),
    )


@empty_from_empty
def _sides_of_one_tumor(sided: pl.DataFrame) -> pl.DataFrame:
    """Left and right stated of one tumor: in one source, or in what is said about it."""
    left, right = pl.col("laterality") == "left", pl.col("laterality") == "right"
    tumors = (
        sided.with_columns(pl.coalesce("about_ref", "source_ref").alias("tumor"))
        .group_by("p", "primary", "tumor")
        .agg(
            pl.col("d").min(),
            pl.col("evidence_id").filter(left).unique().sort().alias("left_ids"),
            pl.col("evidence_id").filter(right).unique().sort().alias("right_ids"),
        )
        .filter((pl.col("left_ids").list.len() > 0) & (pl.col("right_ids").list.len() > 0))
    )
    return clashes(
        tumors.join(cancer_names(), on="primary"),
        "conflict.laterality",
        left=pl.format("{}, left side", "cancer"),
        right=pl.format("{}, right side", "cancer"),
    )


@empty_from_empty
def _pathology_denied(overruled: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """Places that are only possible because pathology denies them."""
    counted = lesions.filter((pl.col("role") == "secondary") & counts())
    denied = (
        overruled.filter(pl.col("d").is_not_null())
        .join(counted, on=["d", "site"], how="anti")
        .group_by("p", "d", "site")
        .agg(
            pl.col("evidence_id").sort().alias("left_ids"),
            merged_ids("overruled_by").alias("right_ids"),
        )
    )
    return clashes(
        denied.join(site_names(), on="site"),
        "conflict.pathology_denied",
        left=pl.format("spread to {}", "site_name"),
        right=pl.format("pathology: no spread to {}", "site_name"),
    )
