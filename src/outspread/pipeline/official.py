"""The official Summary Stage beside ours, and a conflict where they differ."""

from typing import Final

import polars as pl

from outspread.diagnose.clash import conflict_kinds
from outspread.diagnose.stage_meaning import stage_extents
from outspread.stage.algorithm import Algorithm
from outspread.stage.registry import derive_summary_stage
from outspread.tables import EXTENT, conform

KIND: Final = "conflict.derived_stage"
DISEASE: Final = ["patient_id", "disease_id"]
_LEVELS: Final = {extent: level for level, extent in enumerate(EXTENT[:4])}


def add_official_stage(
    disease: pl.DataFrame,
    conflict: pl.DataFrame,
    *,
    finding: pl.DataFrame,
    raw: pl.DataFrame,
    patient: pl.DataFrame,
    algorithm: Algorithm,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Set the derived Summary Stage of each disease, and add conflicts to those found.

    Where the tumors that make up a disease are given different stages, none is set.

    Parameters
    ----------
    disease, conflict
        Of the story.
    finding, raw, patient
        Of the same people; they say which registry tumors a disease rests on, and of what sex.

    Returns
    -------
    disease with `derived_summary_stage` and `derived_summary_stage_by`; conflict.
    """
    derived = _by_disease(disease, finding, derive_summary_stage(algorithm, raw, patient))
    told = disease.drop("derived_summary_stage", "derived_summary_stage_by").join(
        derived, on=DISEASE, how="left", maintain_order="left"
    )
    named = f"{algorithm.name} {algorithm.version}"
    by = pl.format("{}, schema {}", pl.lit(named), "schema_id")
    told = told.with_columns(
        pl.col("summary_stages").alias("derived_summary_stage"),
        by.alias("derived_summary_stage_by"),
    )
    new = conform(_conflicts(told, conflict), "conflict")
    return conform(told, "disease"), pl.concat([conflict, new]).sort("patient_id", "conflict_id")


def _by_disease(
    disease: pl.DataFrame, finding: pl.DataFrame, derived: pl.DataFrame
) -> pl.DataFrame:
    """What was derived of the tumors of each disease, where they agree."""
    sources = finding.filter(pl.col("role") == "primary").select(
        "patient_id", "evidence_id", "source_ref"
    )
    rests = (
        disease.select(*DISEASE, pl.col("evidence_ids").alias("evidence_id"))
        .explode("evidence_id")
        .join(sources, on=["patient_id", "evidence_id"])
        .join(derived, on=["patient_id", "source_ref"])
    )
    return (
        rests.group_by(DISEASE)
        .agg(
            pl.col("schema_id").unique().sort().str.join(" and "),
            pl.col("summary_stage").unique().alias("summary_stages"),
            pl.col("evidence_id").unique().sort().alias("derived_ids"),
        )
        .filter(pl.col("summary_stages").list.len() == 1)
        .with_columns(pl.col("summary_stages").list.first())
    )


def _conflicts(told: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """A row where the derived stage is not the stated one, or not what the extent says."""
    meaning = (
        stage_extents()
        .filter((pl.col("field") == "summary_stage") & (pl.col("primary") == "*"))
        .select(
            pl.col("value").alias("derived_summary_stage"),
            _level(pl.col("lower")).alias("least"),
            _level(pl.col("upper")).alias("most"),
        )
        .unique("derived_summary_stage", keep="first", maintain_order=True)
    )
    rows = told.join(meaning, on="derived_summary_stage")
    stated = pl.col("summary_stage")
    is_other = stated.is_not_null() & (stated != pl.col("derived_summary_stage"))
    extent = _level(pl.col("extent"))
    later = pl.col("timing").fill_null("") == "metachronous"
    is_less = extent < pl.col("least")
    is_more = (extent > pl.col("most")) & ~later
    left = pl.format(
        "Summary Stage {}, derived by {}", "derived_summary_stage", "derived_summary_stage_by"
    )
    sides = [
        (is_other, pl.format("Summary Stage {} is stated", "summary_stage"), "stage_evidence_ids"),
        (is_less | is_more, pl.format("extent {} ({})", "extent", "extent_rule"),
         "extent_evidence_ids"),
    ]  # fmt: skip
    found = pl.concat(
        rows.filter(differs).select(
            *DISEASE,
            left.alias("left_says"),
            pl.col("derived_ids").alias("left_evidence_ids"),
            right.alias("right_says"),
            pl.col(ids).alias("right_evidence_ids"),
        )
        for differs, right, ids in sides
    )
    last = known.group_by("patient_id").agg(pl.col("conflict_id").max().alias("last"))
    number = pl.int_range(pl.len(), dtype=pl.Int32).over("patient_id")
    facts = conflict_kinds().row(by_predicate=pl.col("kind") == KIND, named=True)
    kept = ("kind", "severity", "followed", "rule", "reason", "settled_by")
    return (
        found.sort(*DISEASE, "right_says")
        .join(last, on="patient_id", how="left", maintain_order="left")
        .with_columns(
            (number + pl.col("last").fill_null(-1) + 1).alias("conflict_id"),
            *(pl.lit(facts[name]).alias(name) for name in kept),
        )
    )


def _level(extent: pl.Expr) -> pl.Expr:
    return extent.cast(pl.String).replace_strict(_LEVELS, default=None, return_dtype=pl.Int8)
