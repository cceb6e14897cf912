"""What the stage as stated says about spread, and which stage stands beside the diagnosis."""

from functools import cache
from importlib import resources
from typing import Final

import polars as pl

from outspread.diagnose.attribution import SAME_STAGING_DAYS
from outspread.diagnose.evidence import packed_date

LEVEL: Final = {"in_situ": 1, "localized": 2, "regional": 3, "distant": 4}
"""Extents as rising integers; a claim holds the lowest and the highest level it can mean."""

CLAIM: Final = ["p", "d", "lower", "upper", "rule", "is_counted", "packed", "evidence_ids"]

_RULE: Final = {
    "m": "extent.tnm_m",
    "n": "extent.tnm_n",
    "t": "extent.tnm_t",
    "stage_group": "extent.stage_group",
    "summary_stage": "extent.summary_stage",
}
_TNM: Final = ("t", "n", "m")


@cache
def stage_extents() -> pl.DataFrame:
    """What a stated category, group or code always means for the extent.

    Columns: primary (`*` any), field, value, edition (`*` any), lower, upper (levels), source.
    """
    text = resources.files("outspread.diagnose").joinpath("data/stage_extent.csv").read_bytes()
    table = pl.read_csv(text, infer_schema=False)
    return table.with_columns(
        pl.col("extent").replace_strict(LEVEL, return_dtype=pl.Int64).alias("lower"),
        pl.coalesce("at_most", "extent")
        .replace_strict(LEVEL, return_dtype=pl.Int64)
        .alias("upper"),
    )


def select_stages(findings: pl.DataFrame) -> pl.DataFrame:
    """Affirmed stage statements, certain enough to count."""
    return findings.filter(
        (pl.col("kind") == "stage")
        & (pl.col("polarity") == "affirmed")
        & (pl.col("certainty") != "possible")
    )


def stage_meaning(stages: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """What each category, group and code of each stage statement means for its cancer.

    A value that is not listed is looked up again without what follows its number (T2a as T2, IVC
    as IV); a value whose meaning differs between editions counts only where the edition is stated.
    Values without one meaning give no row.

    Parameters
    ----------
    stages
        Stage statements with `d` (see `find_subject`); those without are left out.
    diseases
        Uses d, primary, spread_logic; blood cancers are left out.

    Returns
    -------
    The statements, one row per meaning, with field, lower and upper.
    """
    solid = diseases.filter(pl.col("spread_logic").fill_null("solid") != "systemic")
    facts = stages.drop("primary").join(solid.select("d", "primary"), on="d")
    values = pl.concat(
        facts.filter(pl.col(field).is_not_null()).with_columns(
            pl.lit(field).alias("field"), pl.col(field).alias("value")
        )
        for field in _RULE
    )
    whole = pl.col("value").str.extract(r"^(\d|IV|I{1,3})")
    coarser = values.filter((whole != pl.col("value")) & (pl.col("field") != "summary_stage"))
    tries = pl.concat(
        [
            values.with_columns(pl.lit(0).alias("rank")),
            coarser.with_columns(whole.alias("value"), pl.lit(1).alias("rank")),
        ]
    )
    table = stage_extents().select(
        pl.col("primary").alias("for"), "field", "value", "edition", "lower", "upper"
    )
    fits_cancer = (pl.col("for") == "*") | (pl.col("for") == pl.col("primary"))
    fits_edition = (pl.col("edition") == "*") | pl.col("edition").str.split(" ").list.contains(
        pl.col("stage_edition")
    ).fill_null(value=False)
    return (
        tries.join(table, on=["field", "value"])
        .filter(fits_cancer.fill_null(value=False) & fits_edition)
        .sort("rank", "for", descending=[False, True])
        .unique(["p", "evidence_id", "field"], keep="first", maintain_order=True)
        .drop("rank", "for", "edition")
    )


def stage_claims(stages: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Turn stage statements into claims about the extent.

    A confined T says nothing alone: localized needs N0 and M0 beside it, since nodes or organs may
    be involved that a T does not tell. A group that means distant spread beside M0 of the same
    staging leaves the extent open.
    """
    meaning = _opened_by_m0(stage_meaning(stages, diseases), stages)
    alone = (pl.col("field") != "t") | (pl.col("lower") >= LEVEL["regional"])
    single = meaning.filter(alone).select(
        "p",
        "d",
        "lower",
        "upper",
        pl.col("field").replace_strict(_RULE).alias("rule"),
        pl.lit(value=True).alias("is_counted"),
        packed_date().alias("packed"),
        pl.concat_list("evidence_id").alias("evidence_ids"),
    )
    return pl.concat([single, _confined(stages, meaning)])


def _opened_by_m0(meaning: pl.DataFrame, stages: pl.DataFrame) -> pl.DataFrame:
    """Take the lower bound from distant groups that M0 of the same staging contradicts."""
    m0 = stages.filter(pl.col("m").str.starts_with("0")).select("d", pl.col("date").alias("m0_day"))
    far_group = (pl.col("field") == "stage_group") & (pl.col("lower") == LEVEL["distant"])
    denied = (
        meaning.filter(far_group)
        .join(m0, on="d")
        .filter(same_staging("date", "m0_day"))
        .select("p", "evidence_id", "field", pl.lit(value=True).alias("is_denied"))
        .unique()
    )
    marked = meaning.join(denied, on=["p", "evidence_id", "field"], how="left")
    lower = pl.when(pl.col("is_denied")).then(0).otherwise(pl.col("lower"))
    return marked.with_columns(lower.alias("lower")).drop("is_denied")


def same_staging(left: str, right: str) -> pl.Expr:
    """Tell whether two dates belong to one staging; an unknown date may belong to any."""
    days = (pl.col(left) - pl.col(right)).dt.total_days().abs()
    return (days <= SAME_STAGING_DAYS).fill_null(value=True)


def _confined(stages: pl.DataFrame, meaning: pl.DataFrame) -> pl.DataFrame:
    """Localized where T is confined and N0 and M0 are stated; in situ where the only T is Tis."""
    t = meaning.filter(pl.col("field") == "t").select("p", "evidence_id", "lower")
    facts = stages.filter(pl.col("d").is_in(meaning["d"].unique().implode())).join(
        t, on=["p", "evidence_id"], how="left"
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


def stage_at_diagnosis(stages: pl.DataFrame) -> pl.DataFrame:
    """The stage as first stated of each disease: earliest date, pathological before clinical.

    Each column takes its own first value; system and edition are those of the group or categories,
    not of a Summary Stage beside them. A stage is never recomputed at relapse.
    """
    basis_rank = (
        pl.col("stage_basis")
        .cast(pl.String)
        .replace_strict(
            {"pathological": 0, "clinical": 1, "unspecified": 2, "post_therapy": 3}, default=4
        )
    )
    order = (
        stages.filter(pl.col("d").is_not_null())
        .with_columns(packed_date().alias("packed"), basis_rank.alias("basis_rank"))
        .sort("d", "packed", "basis_rank", "evidence_id", nulls_last=True)
    )
    fields = ["stage_group", *_TNM, "summary_stage"]
    names_it = pl.any_horizontal(pl.col(f).is_not_null() for f in ("stage_group", *_TNM))
    return (
        order.group_by("d", maintain_order=True)
        .agg(
            *(pl.col(f).drop_nulls().first() for f in fields),
            *(
                pl.col(f).filter(names_it).drop_nulls().first()
                for f in ("stage_system", "stage_edition")
            ),
            pl.col("evidence_id").sort().alias("stage_evidence_ids"),
        )
        .sort("d")
    )
