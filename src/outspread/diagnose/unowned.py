"""Stages and recurrences that could be of any of several cancers: possible for each of them."""

import polars as pl

from outspread.diagnose.clash import clashes, no_clashes
from outspread.diagnose.evidence import merged_ids, packed_date
from outspread.diagnose.extent import course_extents
from outspread.diagnose.stage import CLAIM, fit_m0, stage_claims
from outspread.diagnose.stage_meaning import LEVEL, stage_meaning
from outspread.empty import empty_from_empty


def unowned_claims(
    stages: pl.DataFrame, statuses: pl.DataFrame, diseases: pl.DataFrame
) -> pl.DataFrame:
    """Claims of stages and recurrences without an owner, for each solid cancer of the person.

    They are possible for each and count for none, so that a person with two cancers never stops
    being possibly metastatic without a word.

    Parameters
    ----------
    stages, statuses
        See `outspread.diagnose.subject.find_subject`; rows with an empty `d` count.
    """
    owners = diseases.filter(pl.col("spread_logic").fill_null("solid") != "systemic")
    staged = _staged(stages.filter(pl.col("d").is_null()).drop("d"), owners)
    return pl.concat([_recurred(_of_courses(statuses), owners), staged])


@empty_from_empty
def _recurred(courses: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    level = pl.col("level")
    return (
        courses.group_by("p", "level")
        .agg(pl.col("packed").min(), pl.col("evidence_id").unique().sort().alias("evidence_ids"))
        .join(owners.select("p", "d"), on="p")
        .with_columns(
            lower=level, upper=level, rule=pl.lit("extent.course"), is_counted=pl.lit(value=False)
        )
        .select(CLAIM)
    )


@empty_from_empty
def _staged(stages: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    lost = stages.join(owners.select("p", "d"), on="p")
    meaning = fit_m0(stage_meaning(lost, owners), lost)
    claims = stage_claims(lost, meaning)
    return claims.with_columns(pl.lit(value=False).alias("is_counted")).select(CLAIM)


def unowned_conflicts(
    stages: pl.DataFrame, statuses: pl.DataFrame, diseases: pl.DataFrame
) -> pl.DataFrame:
    """Conflict rows for stages and recurrences that could be of any of several cancers."""
    several = (
        diseases.group_by("p")
        .agg(pl.len().alias("cancers"), merged_ids().alias("right_ids"))
        .filter(pl.col("cancers") > 1)
    )
    if several.is_empty():
        return no_clashes()
    lost = (
        ("conflict.stage_unattributed", "a stage is stated", stages.filter(pl.col("d").is_null())),
        ("conflict.course_unattributed", "a recurrence is stated", _of_courses(statuses)),
    )
    return pl.concat(
        clashes(
            rows.group_by("p")
            .agg(pl.col("evidence_id").unique().sort().alias("left_ids"))
            .join(several, on="p")
            .with_columns(pl.lit(None, dtype=pl.Int64).alias("d")),
            kind,
            left=pl.lit(says),
            right=pl.format("{} cancers are on record", "cancers"),
        )
        for kind, says, rows in lost
    )


@empty_from_empty
def _of_courses(statuses: pl.DataFrame) -> pl.DataFrame:
    known = course_extents().select(
        "status", pl.col("extent").replace_strict(LEVEL, return_dtype=pl.Int64).alias("level")
    )
    return (
        statuses.filter(pl.col("d").is_null())
        .with_columns(pl.col("status").cast(pl.String))
        .join(known, on="status")
        .select("p", "level", "evidence_id", packed_date().alias("packed"))
    )
