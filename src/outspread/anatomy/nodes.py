"""Lymph nodes: who drains where. Section "Nodes" of docs/explanation/anatomy.md."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.answers import EITHER_NODE, NO_CONTIGUITY, by_rule
from outspread.anatomy.ranking import (
    best,
    fitting,
    is_side_assumed,
    is_subsite_assumed,
    relations,
)
from outspread.anatomy.subsites import subsite_ranks
from outspread.empty import empty_from_empty

_NO_CHAIN: Final = ("ln", "ln_regional")  # a node, of which no chain is named
_ABOVE_CHAINS: Final = ("ln", "ln_regional", "ln_distant")
_NOTHING_CODED: Final = "ln_unstated"


def node_answers(nodes: pl.DataFrame) -> pl.DataFrame:
    """Where an involved node counts.

    Parameters
    ----------
    nodes
        Questions (see `queries.asked`) of which the site is a node and the primary is known.

    Returns
    -------
    Columns of `answers.ANSWER`.
    """
    ranks = subsite_ranks(nodes)
    steps = (_named_chain, _second_reading, _chains_inside, _chains_around)
    answers = [_no_chain(nodes)]
    left = nodes.join(answers[0], on="key", how="anti")
    for step in steps:
        answer = step(left, ranks)
        answers.append(answer)
        left = left.join(answer, on="key", how="anti")
    listed = left.join(relations(), on="group", how="semi")
    unlisted = left.join(listed, on="key", how="anti")
    distant = {"reaches": ["distant_node"], "tnm": ["M"], "classes": ["distant"]}
    return pl.concat(
        [*answers, by_rule(listed, "D01", distant), by_rule(unlisted, "D16", EITHER_NODE)]
    )


def _no_chain(nodes: pl.DataFrame) -> pl.DataFrame:
    """D02 and D14: a node of which nothing more is said."""
    bare = nodes.filter(pl.col("site").is_in(_NO_CHAIN))
    cns = pl.col("spread_logic") == "cns"
    regional = {"reaches": ["regional_node"], "tnm": ["N"], "classes": ["regional_node"]}
    return pl.concat(
        [
            by_rule(bare.filter(~cns), "D02", regional),
            by_rule(bare.filter(cns), "D02", EITHER_NODE),
            by_rule(nodes.filter(pl.col("site") == _NOTHING_CODED), "D14", EITHER_NODE),
        ]
    )


def _named_chain(nodes: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """The chain has rows of its own."""
    rows = best(fitting(nodes.with_columns(at="site"), ranks))
    return _gather(rows, "row")


@empty_from_empty
def _second_reading(nodes: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """The term has a second meaning, and that chain has rows."""
    read = nodes.join(_second_chains(), on="site")
    is_read = (pl.col("words") == "") | pl.col("words").str.contains(pl.col("term"), literal=True)
    rows = best(fitting(read.filter(is_read), ranks))
    return _gather(rows, "row")


@empty_from_empty
def _chains_inside(nodes: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """D12: a region was named; what its listed chains say."""
    below = load.ancestors().filter(pl.col("depth") > 0).select(at="site", site="at")
    rows = best(fitting(nodes.join(below, on="site"), ranks), "at")
    return _gather(rows, "group", "D12")


@empty_from_empty
def _chains_around(nodes: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """D13: only a coarser chain is listed; its class is not inherited."""
    above = load.ancestors().filter((pl.col("depth") > 0) & ~pl.col("at").is_in(_ABOVE_CHAINS))
    rows = fitting(nodes.join(above, on="site"), ranks)
    rows = best(rows.filter(pl.col("depth") == pl.col("depth").min().over("key")))
    return _gather(rows, "default", "D13").with_columns(
        reaches=pl.concat_list("reaches", pl.lit("distant_node")).list.unique().list.sort(),
        tnm=pl.concat_list("tnm", pl.lit("M")).list.unique().list.sort(),
        classes=pl.concat_list("classes", pl.lit("distant")).list.unique().list.sort(),
    )


@cache
def _second_chains() -> pl.DataFrame:
    pairs = load.load("terms").select("term", "site", at="second_site").drop_nulls("at")
    chains = load.sites().filter("is_node").select(at="id")
    return pairs.join(chains, on="at", how="semi")


@empty_from_empty
def _gather(rows: pl.DataFrame, decided_by: str, *rules: str) -> pl.DataFrame:
    """One answer per question from its best rows."""
    answers = rows.group_by("key").agg(
        reaches=pl.col("reach_deposit").str.split("|").explode().unique().sort(),
        tnm=pl.col("tnm_field").unique().sort(),
        classes=pl.col("summary_stage_class").unique().sort(),
        decided_by=pl.when(is_subsite_assumed().any())
        .then(pl.lit("subsite_assumed"))
        .when(is_side_assumed().any())
        .then(pl.lit("side_assumed"))
        .otherwise(pl.lit(decided_by)),
        knowledge_rows=pl.col("row").unique().sort(),
        **NO_CONTIGUITY,
    )
    if rules:
        answers = answers.with_columns(
            knowledge_rows=pl.concat_list(*map(pl.lit, rules), "knowledge_rows")
        )
    return answers
