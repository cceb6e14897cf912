"""Facts that beat the general rules of reach, and the guard for a primary's own organ."""

from functools import cache

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.answers import TEXTS
from outspread.anatomy.ranking import coverage
from outspread.anatomy.subsites import UNCONFIRMED
from outspread.empty import empty_from_empty


@cache
def _exceptions() -> pl.DataFrame:
    """One row per exception, group and site."""
    return (
        load.load("exceptions")
        .select(
            "subsite", "side", "contiguity", "when", "needs_words", "reach", "tnm_field",
            exception="id",
            group=pl.col("groups").str.split("|"),
            at=pl.col("sites").str.split("|"),
        )
        .explode("group").explode("at")
        .rename(lambda name: name if name in ("exception", "group", "at") else f"x_{name}")
    )  # fmt: skip


def with_exceptions(answers: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """Let exceptions replace reach and TNM field; the Summary Stage class stays that of the rows.

    Parameters
    ----------
    answers
        Questions with `contiguity_used` and the answer of the rows (`reaches`, `tnm`,
        `decided_by`, `knowledge_rows`), and `at`, the site whose rows were used.
    ranks
        From `subsites.subsite_ranks`.
    """
    chosen = _choose(_matching(answers, ranks))
    joined = answers.join(chosen, on="key", how="left")
    applies = pl.col("x_ids").is_not_null()
    open_ = applies & pl.col("x_is_open")
    return joined.with_columns(
        reaches=pl.when(open_).then(pl.col("x_reaches").list.set_union("reaches"))
        .when(applies).then("x_reaches").otherwise("reaches"),
        tnm=pl.when(open_).then(pl.col("x_tnm").list.set_union("tnm"))
        .when(applies).then("x_tnm").otherwise("tnm"),
        decided_by=pl.when(applies & ~(pl.col("is_assumed") & pl.col("x_by_contiguity")))
        .then(pl.lit("exception")).otherwise("decided_by"),
        knowledge_rows=pl.when(applies).then(pl.concat_list("x_ids", "knowledge_rows"))
        .otherwise("knowledge_rows"),
    )  # fmt: skip


def _matching(answers: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """Exceptions for the site, else for the site whose rows were used."""
    keys = ["key", "group", "side", "words", "contiguity_used"]
    own = answers.select(*keys, at="site", level=pl.lit(0))
    used = answers.drop_nulls("at").select(*keys, "at", level=pl.lit(1))
    pairs = pl.concat([own, used]).join(_exceptions(), on=["group", "at"])
    fit = ranks.rename({"part": "x_subsite"})
    pairs = pairs.join(fit, on=["key", "x_subsite"], how="left").filter(
        pl.col("x_subsite").is_null() | pl.col("subsite_rank").is_not_null(),
        pl.col("x_side").str.contains(pl.col("side"), literal=True).fill_null(value=True),
        _same_contiguity(),
    )
    return pairs.filter(pl.col("level") == pl.col("level").min().over("key"))


def _same_contiguity() -> pl.Expr:
    asked, used = pl.col("x_contiguity"), pl.col("contiguity_used")
    return (asked == "any") | (asked == used) | ((used == "any") & (asked == "discontiguous"))


@empty_from_empty
def _choose(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of several exceptions the one whose condition the words cover best.

    Where the condition is not covered, or a side or part that it needs is not stated, the answer
    of the rows stays possible too (`x_is_open`).
    """
    worded = pairs.filter(pl.col("x_when").is_not_null()).rename({"x_when": "when"})
    covered = pairs.join(coverage(worded, "exception"), on=["key", "exception"], how="left")
    covered = covered.with_columns(pl.col("condition_rank").fill_null(0.0)).filter(
        (pl.col("x_needs_words") == "no") | (pl.col("condition_rank") > 0)
    )
    top = covered.filter(pl.col("condition_rank") == pl.col("condition_rank").max().over("key"))
    unmet = pl.col("condition_rank") < 0
    side_open = (pl.col("x_side") == "contralateral") & pl.col("side").is_null()
    part_open = pl.col("subsite_rank") == UNCONFIRMED
    return top.group_by("key").agg(
        x_ids=pl.col("exception").unique().sort(),
        x_reaches=pl.col("x_reach").str.split("|").explode().unique().sort(),
        x_tnm=pl.col("x_tnm_field").unique().sort(),
        x_is_open=(
            unmet | side_open.fill_null(value=False) | part_open.fill_null(value=False)
        ).any(),
        x_by_contiguity=(pl.col("x_contiguity") != "any").any(),
    )


def guard_own_organ(answers: pl.DataFrame) -> pl.DataFrame:
    """P02: more tumor in the primary's own organ is no metastasis without rows that say so.

    Growth inside it is local; anything else may be a part of the primary, a second primary, or a
    metastasis, and stays unknown, as does an assumption against rows that speak of both. The other
    organ of a pair is not touched here (rule D06).
    """
    other_side = pl.col("side").eq_missing(pl.lit("contralateral"))
    own = pl.col("own_depth").is_not_null() & ~other_side
    outside = pl.col("rows").is_null() | (pl.col("depth") > pl.col("own_depth"))
    grown = pl.col("contiguity_used") == "contiguous"
    doubtful = pl.col("is_assumed") & pl.col("is_far").fill_null(value=False)

    def instead(column: str, grown_: list[str], apart: list[str], both: list[str]) -> pl.Expr:
        return (
            pl.when(own & outside & grown).then(pl.lit(grown_, TEXTS))
            .when(own & outside).then(pl.lit(apart, TEXTS))
            .when(own & doubtful).then(pl.lit(both, TEXTS))
            .otherwise(column).alias(column)
        )  # fmt: skip

    guarded = own & (outside | doubtful)
    return answers.with_columns(
        instead("reaches", ["local"], ["distant", "local"], ["distant", "nearby_tissue"]),
        instead("tnm", ["T"], ["M", "T"], ["M", "T"]),
        instead("classes", ["localized"], ["distant", "localized"], ["distant"]),
        instead("knowledge_rows", ["P02"], ["P02"], ["P02"]),
        pl.when(guarded).then(pl.lit("default")).otherwise("decided_by").alias("decided_by"),
    )
