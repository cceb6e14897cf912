"""What the stage as stated says about spread."""

from typing import Final

import polars as pl

from outspread.diagnose.clash import join_same_staging
from outspread.diagnose.evidence import packed_date
from outspread.diagnose.stage_meaning import LEVEL, stage_systems
from outspread.empty import empty_from_empty

CLAIM: Final = ["p", "d", "lower", "upper", "rule", "is_counted", "packed", "evidence_ids"]

STAGE_RULE: Final = {
    "m": "extent.tnm_m",
    "n": "extent.tnm_n",
    "t": "extent.tnm_t",
    "stage_group": "extent.stage_group",
    "summary_stage": "extent.summary_stage",
}
_ANY_SYSTEM: Final = "tnm"  # what a stage without a named system is read as


def select_stages(findings: pl.DataFrame) -> pl.DataFrame:
    """Affirmed stage statements, certain enough to count, with `family` and `measures`.

    Both come from `stage_systems`; a system that is not listed has neither and means nothing.
    """
    return (
        findings.filter(
            (pl.col("kind") == "stage")
            & (pl.col("polarity") == "affirmed")
            & (pl.col("certainty") != "possible")
        )
        .with_columns(pl.col("stage_system").fill_null(_ANY_SYSTEM).alias("read_as"))
        .join(
            stage_systems().select("system", "family", "measures"),
            left_on="read_as",
            right_on="system",
            how="left",
            maintain_order="left",
        )
        .drop("read_as")
    )


def is_stage() -> pl.Expr:
    """Tell whether a statement is of a stage, not of a grade, a depth or a risk."""
    return pl.col("measures").fill_null("extent").is_in(["extent", "blood"])


@empty_from_empty
def fit_m0(meaning: pl.DataFrame, stages: pl.DataFrame) -> pl.DataFrame:
    """Read the groups of a staging in the light of M0 beside them.

    A group that goes with M0 or M1 is then at most regional. A group that always means M1 is
    contradicted: it may be distant, and settles nothing.
    """
    m0 = stages.filter(pl.col("m").str.starts_with("0")).select(
        "d", "date", pl.concat_list("evidence_id").alias("right_ids")
    )
    groups = meaning.filter(
        (pl.col("field") == "stage_group") & pl.col("allowed_m").str.contains("1")
    ).select("d", "date")
    beside = (
        join_same_staging(groups.unique(), m0, by=["d"])
        .select("d", "date", pl.lit("stage_group").alias("field"), pl.lit(value=True).alias("m0"))
        .unique()
    )
    marked = meaning.join(beside, on=["d", "date", "field"], how="left", nulls_equal=True)
    has_m0 = pl.col("m0").fill_null(value=False)
    return marked.with_columns(
        pl.when(has_m0 & (pl.col("allowed_m") == "1")).then(0).otherwise("lower").alias("lower"),
        pl.when(has_m0 & (pl.col("allowed_m") == "0 1"))
        .then(pl.min_horizontal("upper", pl.lit(LEVEL["regional"], dtype=pl.Int64)))
        .otherwise("upper")
        .alias("upper"),
    ).drop("m0")


def stage_claims(stages: pl.DataFrame, meaning: pl.DataFrame) -> pl.DataFrame:
    """Turn stage statements into claims about the extent.

    A confined T says nothing alone: localized needs N0 and M0 beside it, since nodes or organs may
    be involved that a T does not tell.

    Parameters
    ----------
    stages
        Stage statements with `d`.
    meaning
        What they mean (`stage_meaning`), read beside M0 (`fit_m0`).
    """
    single = meaning.filter(speaks_alone()).select(
        "p",
        "d",
        "lower",
        "upper",
        pl.col("field").replace_strict(STAGE_RULE).alias("rule"),
        pl.lit(value=True).alias("is_counted"),
        packed_date().alias("packed"),
        pl.concat_list("evidence_id").alias("evidence_ids"),
    )
    return pl.concat([single, _confined(meaning, stages)])


def speaks_alone() -> pl.Expr:
    """Tell whether a meaning needs nothing beside it: all but a confined T."""
    return (pl.col("field") != "t") | (pl.col("lower") >= LEVEL["regional"])


@empty_from_empty
def _confined(meaning: pl.DataFrame, stages: pl.DataFrame) -> pl.DataFrame:
    """Localized where T is confined and N0 and M0 are stated; in situ where the only T is Tis."""
    t = meaning.filter(pl.col("field") == "t").select("d", "evidence_id", "lower")
    facts = stages.filter(pl.col("d").is_in(meaning["d"].unique().implode())).join(
        t, on=["d", "evidence_id"], how="left"
    )
    n0, m0 = (pl.col(c).str.starts_with("0").fill_null(value=False) for c in ("n", "m"))
    confined = (pl.col("lower") == LEVEL["localized"]).fill_null(value=False)
    tis = (pl.col("lower") == LEVEL["in_situ"]).fill_null(value=False)
    return (
        facts.filter(n0 | m0 | confined | tis)
        .group_by("p", "d")
        .agg(
            (confined.any() & n0.any() & m0.any()).alias("is_localized"),
            (tis.any() & ~confined.any()).alias("is_in_situ"),
            packed_date().min().alias("packed"),
            pl.col("evidence_id").sort().alias("evidence_ids"),
        )
        .filter(pl.col("is_localized") | pl.col("is_in_situ"))
        .with_columns(
            pl.when("is_localized")
            .then(pl.lit(LEVEL["localized"]))
            .otherwise(pl.lit(LEVEL["in_situ"]))
            .cast(pl.Int64)
            .alias("lower"),
            pl.when("is_localized")
            .then(pl.lit("extent.tnm_confined"))
            .otherwise(pl.lit("extent.tnm_in_situ"))
            .alias("rule"),
            pl.lit(value=True).alias("is_counted"),
        )
        .with_columns(pl.col("lower").alias("upper"))
        .select(CLAIM)
    )
