"""Where sources disagree on what a cancer is: its histology, its behavior, its grade."""

from typing import Final

import polars as pl

from outspread.diagnose.clash import NO_RULE, clashes, no_clashes
from outspread.diagnose.evidence import counts, latest_day
from outspread.diagnose.histology import general_histologies, ranked_histologies, source_tier
from outspread.diagnose.knowledge import kin, read_table, relations

_BY_METHOD: Final = "precedence.pathology_over_registry"
_BY_TIME: Final = "precedence.later_over_earlier"
_UNSAID_BASIS: Final = "unspecified"


def histology_conflicts(evidence: pl.DataFrame, *, told: pl.DataFrame) -> pl.DataFrame:
    """Conflict rows for histologies of one cancer that cannot both be meant.

    Parameters
    ----------
    evidence
        Statements of each disease: d, p, morphology, method, source_kind, date, certainty ...
    told
        Diseases (d) of which a conflict tells already that two histologies are stated.
    """
    ranked = ranked_histologies(evidence.filter(pl.col("is_direct") & counts()), ["p", "d"])
    if not ranked["d"].is_duplicated().any():
        return no_clashes()
    first = ranked.unique(["p", "d"], keep="first", maintain_order=True)
    pairs = (
        first.join(ranked, on=["p", "d"], suffix="_other")
        .filter(pl.col("morphology") != pl.col("morphology_other"))
        .join(relations(), left_on=["group", "group_other"], right_on=["left", "right"], how="left")
        .with_columns(pl.col("excludes").fill_null(value=False))
    )
    rivals = pairs.filter("excludes").join(told, on="d", how="anti")
    kinds = pairs.filter(~pl.col("excludes")).join(
        general_histologies(), left_on="morphology_other", right_on="morphology", how="anti"
    )
    return pl.concat(
        [
            _rows(rivals, "conflict.histology"),
            _rows(kinds, "conflict.histology_subtype"),
        ]
    )


def _rows(pairs: pl.DataFrame, kind: str) -> pl.DataFrame:
    names = kin().select(group="histology_group", name="name")
    named = (
        pairs.join(names, on="group", how="left")
        .join(
            names.rename({"group": "group_other", "name": "name_other"}),
            on="group_other",
            how="left",
        )
        .with_columns(left_ids="ids", right_ids="ids_other", rule=_precedence())
    )
    return clashes(
        named,
        kind,
        left=pl.format("{} ({})", pl.col("name").fill_null("histology"), "morphology"),
        right=pl.format("{} ({})", pl.col("name_other").fill_null("histology"), "morphology_other"),
    )


def _precedence() -> pl.Expr:
    """Say which rule puts the first of two statements before the other."""
    return (
        pl.when(pl.col("tier") > pl.col("tier_other"))
        .then(pl.lit(_BY_METHOD))
        .when(pl.col("day") > pl.col("day_other"))
        .then(pl.lit(_BY_TIME))
        .otherwise(pl.lit(NO_RULE))
    )


def behavior_conflicts(evidence: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Conflict rows for cancers that are called in situ and invasive."""
    if not (evidence["behavior"] == "in_situ").any():
        return no_clashes()
    return pl.concat([_in_one_source(evidence, diseases), _between_sources(evidence, diseases)])


def _in_one_source(evidence: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    in_situ = pl.col("behavior") == "in_situ"
    invasive = pl.col("behavior").is_in(["malignant", "metastatic"])
    sides = (
        evidence.join(diseases.filter(pl.col("is_unsettled")).select("d"), on="d", how="semi")
        .group_by("p", "d")
        .agg(
            pl.col("evidence_id").filter(in_situ).sort().alias("left_ids"),
            pl.col("evidence_id").filter(invasive).sort().alias("right_ids"),
        )
    )
    return clashes(
        sides,
        "conflict.behavior",
        left=pl.lit("in situ"),
        right=pl.lit("invasive"),
    )


def _between_sources(evidence: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Cancers that one source calls invasive and a better or later one in situ.

    In situ that becomes invasive is the course of a disease. Here the order of precedence would
    say in situ; the story stays with invasive, since a specimen may miss the invasive part.
    """
    in_situ = pl.col("behavior") == "in_situ"
    invasive = pl.col("behavior").is_in(["malignant", "metastatic"])
    tier, day = source_tier(), latest_day()
    sides = (
        evidence.filter(pl.col("is_direct") & counts() & (in_situ | invasive))
        .join(diseases.filter(~pl.col("is_unsettled")).select("d"), on="d", how="semi")
        .group_by("p", "d")
        .agg(
            pl.col("evidence_id").filter(invasive).unique().sort().alias("left_ids"),
            pl.col("evidence_id").filter(in_situ).unique().sort().alias("right_ids"),
            tier.filter(invasive).max().alias("tier"),
            tier.filter(in_situ).max().alias("tier_other"),
            day.filter(invasive).max().alias("day"),
            day.filter(in_situ).max().alias("day_other"),
        )
        .filter(pl.col("tier").is_not_null() & pl.col("tier_other").is_not_null())
    )
    is_better, is_as_good = (
        pl.col("tier_other") > pl.col("tier"),
        pl.col("tier_other") == pl.col("tier"),
    )
    is_earlier = (pl.col("day_other") < pl.col("day")).fill_null(value=False)
    is_later = (pl.col("day_other") > pl.col("day")).fill_null(value=False)
    return clashes(
        sides.filter((is_better & ~is_earlier) | (is_as_good & is_later)),
        "conflict.behavior_of_sources",
        left=pl.lit("invasive"),
        right=pl.lit("in situ"),
    )


def grade_conflicts(grades: pl.DataFrame) -> pl.DataFrame:
    """Grades of one cancer on one scale, from one basis, that differ.

    Parameters
    ----------
    grades
        Statements with d, p, grade, stage_basis, method, source_kind, date, date_precision.
        Grades that are not listed are compared with nothing.
    """
    if grades.is_empty():
        return no_clashes()
    scales = read_table("grades").select("scheme", "level", pl.col("grade").alias("word"))
    key = ["p", "d", "scheme", "stage_basis"]
    stated = (
        grades.filter(pl.col("grade").is_not_null() & pl.col("d").is_not_null() & counts())
        .with_columns(
            pl.col("grade").str.to_lowercase().str.strip_chars().alias("word"),
            pl.col("stage_basis").cast(pl.String).fill_null(_UNSAID_BASIS),
        )
        .join(scales, on="word")
        .group_by(*key, "level")
        .agg(
            pl.col("grade").min(),
            source_tier().max().alias("tier"),
            latest_day().max().alias("day"),
            pl.col("evidence_id").unique().sort().alias("ids"),
        )
        .sort(*key, "tier", "day", "level", descending=[*(False for _ in key), True, True, True],
              nulls_last=True)
    )  # fmt: skip
    first = stated.unique(key, keep="first", maintain_order=True)
    pairs = (
        first.join(stated, on=key, suffix="_other")
        .filter(pl.col("level") != pl.col("level_other"))
        .with_columns(left_ids="ids", right_ids="ids_other", rule=_precedence())
    )
    return clashes(
        pairs,
        "conflict.grade",
        left=pl.format("grade {}", "grade"),
        right=pl.format("grade {}", "grade_other"),
    )
