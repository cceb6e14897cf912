"""Which rows of the relations fit a question, and which fit best."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.subsites import ANY_PART, UNCONFIRMED
from outspread.empty import empty_from_empty

_NAMED: Final = 2
_ASSUMED: Final = 1
_ALL_SIDES: Final = "ipsilateral|contralateral|bilateral"


@cache
def relations() -> pl.DataFrame:
    """The relation rows, typed, with the site they speak of in `at`."""
    every = pl.col("side") == _ALL_SIDES
    return load.load("relations").select(
        "group", "when", "needs_words", "flag",
        "summary_stage_class", "tnm_field", "reach_growth", "reach_deposit",
        pl.col("up_to_cm", "over_cm").cast(pl.Float64),
        row="id",
        row_kind="kind",
        row_contiguity="contiguity",
        part="subsite",
        at="site",
        row_side=pl.when(every.not_()).then("side").otherwise(None),
        row_any_side=every.fill_null(value=False),
    )  # fmt: skip


@empty_from_empty
def fitting(questions: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """Rows that speak of each question's site `at` and contradict neither part nor side.

    Parameters
    ----------
    questions
        `key`, `group`, `at`, `side`, `words`, `depth_cm`, and what else is to be carried on.
    ranks
        From `subsites.subsite_ranks`.

    Returns
    -------
    One row per question and relation row, with `subsite_rank`, `side_rank` and `rank`.
    """
    rows = (
        questions.join(relations(), on=["group", "at"], maintain_order="left")
        .join(ranks, on=["key", "part"], how="left")
        .with_columns(
            subsite_rank=pl.when(pl.col("part").is_null()).then(ANY_PART).otherwise("subsite_rank"),
            side_rank=side_rank("row_side"),
        )
        .drop_nulls(["subsite_rank", "side_rank"])
    )
    rows = rows.join(_condition_ranks(rows), on=["key", "row"], how="left")
    unread = (pl.col("needs_words") == "yes") & (pl.col("condition_rank") < 0)
    rows = rows.filter(~unread.fill_null(value=False))
    rank = pl.col("subsite_rank") * 1000 + pl.col("side_rank") * 100
    return rows.with_columns(rank=rank + pl.col("condition_rank").fill_null(0.0) * 10)


@empty_from_empty
def best(rows: pl.DataFrame, *over: str) -> pl.DataFrame:
    """Rows of the highest rank, per question.

    Parts of the organ that the record does not tell apart are ranked each for itself: side and
    condition do not choose between them (rule D15).
    """
    apart = pl.when(is_subsite_assumed()).then("part").otherwise(None)
    top = rows.filter(
        pl.col("subsite_rank") == pl.col("subsite_rank").max().over("key", *over)
    ).with_columns(apart=apart)
    return top.filter(pl.col("rank") == pl.col("rank").max().over("key", *over, "apart"))


def side_rank(row_side: str) -> pl.Expr:
    """Rank of a row by its side; null where it speaks of another side (rule D11)."""
    side = pl.col(row_side)
    stated = pl.col("side").is_not_null()
    return (
        pl.when(side.is_null())
        .then(pl.when(stated).then(_ASSUMED).otherwise(_NAMED))
        .when(stated & side.str.contains(pl.col("side"), literal=True))
        .then(_NAMED)
        .when(stated)
        .then(None)
        .when(side.str.contains("ipsilateral"))
        .then(_ASSUMED)
        .otherwise(0)
    )


def is_side_assumed() -> pl.Expr:
    """The row needs a side that the question does not state."""
    return pl.col("row_side").is_not_null() & pl.col("side").is_null()


def is_subsite_assumed() -> pl.Expr:
    """The row needs a part of the organ that the question does not state (rule D15)."""
    return pl.col("subsite_rank") == UNCONFIRMED


def _condition_ranks(rows: pl.DataFrame) -> pl.DataFrame:
    """Share of a row's condition that the words cover: 1 all, -1 none; more words win a tie."""
    depth = rows.filter(pl.col("up_to_cm").is_not_null() | pl.col("over_cm").is_not_null())
    met = (pl.col("depth_cm") <= pl.col("up_to_cm")) | (pl.col("depth_cm") > pl.col("over_cm"))
    by_depth = depth.select(
        "key", "row", condition_rank=pl.when(met.fill_null(value=False)).then(1.0).otherwise(-1.0)
    )
    worded = rows.filter(pl.col("when").is_not_null() & pl.col("up_to_cm").is_null())
    return pl.concat([by_depth, coverage(worded, "row")])


@empty_from_empty
def coverage(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """How far the words of each question cover `when`: `key`, key, `condition_rank`.

    `when` holds stems; a bar separates alternatives, of which the best counts.
    """
    stems = (
        rows.select("key", key, "words", option=pl.col("when").str.split("|"))
        .explode("option")
        .with_columns(stem=pl.col("option").str.split(" "))
        .explode("stem")
    )
    found = pl.col("words").str.contains(pl.format(" {}", "stem"), literal=True)
    share = found.mean() + found.sum() / 100
    return (
        stems.group_by("key", key, "option")
        .agg(condition_rank=pl.when(found.any()).then(share).otherwise(-1.0))
        .group_by("key", key)
        .agg(pl.max("condition_rank"))
    )
