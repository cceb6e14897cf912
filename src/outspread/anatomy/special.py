"""Questions that the rows cannot answer alone: blood cancers, no primary, no or a broad place."""

from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.answers import (
    ANSWER,
    EITHER_NODE,
    NEARBY_OR_DISTANT,
    NO_CONTIGUITY,
    TEXTS,
    by_rule,
)
from outspread.anatomy.contiguity import has_word
from outspread.anatomy.organs import organ_answers
from outspread.anatomy.ranking import relations

_DISTANT: Final = {"reaches": ["distant"], "tnm": ["M"], "classes": ["distant"]}


def systemic_answers(questions: pl.DataFrame) -> pl.DataFrame:
    """H01, H02: blood cancers have no reach."""
    rules = (
        load.load("rules")
        .filter(pl.col("id").is_in(["H01", "H02"]))
        .select(rule=pl.concat_list("id"), group=pl.col("groups").str.split("|"))
        .explode("group")
    )
    nothing = pl.lit(None, TEXTS)
    return questions.join(rules, on="group", how="left").select(
        "key",
        reaches=nothing,
        tnm=nothing,
        classes=nothing,
        decided_by=pl.lit("scope"),
        knowledge_rows="rule",
        **NO_CONTIGUITY,
    )


def no_place_answers(questions: pl.DataFrame) -> pl.DataFrame:
    """A place that is not stated is unknown, unless it is said to be a separate deposit (D03)."""
    deposit = pl.col("contiguity").eq_missing(pl.lit("discontiguous"))
    return pl.concat(
        [
            by_rule(questions.filter(deposit), "D03", _DISTANT),
            by_rule(questions.filter(~deposit), "D10", NEARBY_OR_DISTANT),
        ]
    )


def no_primary_answers(questions: pl.DataFrame) -> pl.DataFrame:
    """U05: without a primary a separate deposit is distant; nodes and growth stay unknown."""
    apart = pl.col("assumed_contiguity").is_in(["deposit", "only_deposit"])
    stated = pl.col("contiguity")
    deposit = stated.eq_missing(pl.lit("discontiguous")) | (
        stated.ne_missing(pl.lit("contiguous"))
        & (apart.fill_null(value=False) | (has_word("deposit") & ~has_word("growth")))
    )
    node = pl.col("is_node")
    distant = {"reaches": ["distant"], "tnm": ["unknown"], "classes": ["unknown"]}
    return pl.concat(
        [
            by_rule(questions.filter(node), "U05", EITHER_NODE),
            by_rule(questions.filter(~node & deposit), "U05", distant),
            by_rule(questions.filter(~node & ~deposit), "U05", NEARBY_OR_DISTANT),
        ]
    )


def organ_class_answers(questions: pl.DataFrame) -> pl.DataFrame:
    """A code that names a class of organs: what its listed organs say, or distant (as D12)."""
    below = load.ancestors().filter(pl.col("depth") > 0).select(organ="site", site="at")
    listed = relations().select("group", organ="at").unique()
    each = (
        questions.join(below, on="site")
        .join(listed, on=["group", "organ"])
        .rename({"key": "asked"})
        .with_row_index("key")
    )
    inside = organ_answers(each.with_columns(site="organ", own_depth=pl.lit(None, pl.Int8)))
    inside = inside.join(each.select("key", "asked"), on="key").drop("key")
    inside = inside.rename({"asked": "key"}).select(*ANSWER)
    outside = by_rule(questions, "D12", _DISTANT)
    lists = ["reaches", "tnm", "classes", "knowledge_rows"]
    return (
        pl.concat([outside, inside])
        .group_by("key", maintain_order=True)
        .agg(
            pl.col(lists).explode().unique().sort(),
            decided_by=pl.lit("group"),
            **NO_CONTIGUITY,
        )
        .select(*ANSWER)
    )
