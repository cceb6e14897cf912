"""Growth or separate deposit: stated, read from the words, or assumed (rule D10)."""

from functools import cache

import polars as pl

from outspread.anatomy import load


@cache
def _stems(use: str) -> tuple[str, ...]:
    return tuple(load.load("wording").filter(pl.col("use") == use)["stem"])


def has_word(use: str) -> pl.Expr:
    """Whether `words` hold a word of growth or of deposit (`use`)."""
    return pl.any_horizontal(
        pl.col("words").str.contains(f" {stem}", literal=True) for stem in _stems(use)
    )


def contiguity_used() -> list[pl.Expr]:
    """`contiguity_used` (contiguous, discontiguous, any) and `is_assumed`.

    Needs the columns of `queries.asked` and, of the rows that speak of the place, `has_any`,
    `has_t_m0` and `has_t`.
    """
    growth, deposit = has_word("growth"), has_word("deposit")
    assumed = pl.col("assumed_contiguity")
    own_cns = (pl.col("spread_logic") == "cns") & pl.col("own_depth").is_not_null()
    as_deposit = ((assumed == "deposit") | (pl.col("side") == "contralateral")) & ~own_cns
    stated = pl.col("contiguity").is_in(["contiguous", "discontiguous"])
    used = (
        pl.when(assumed == "only_deposit").then(pl.lit("discontiguous"))
        .when(assumed == "only_growth").then(pl.lit("contiguous"))
        .when(stated).then("contiguity")
        .when(growth & ~deposit).then(pl.lit("contiguous"))
        .when(deposit & ~growth).then(pl.lit("discontiguous"))
        .when(as_deposit.fill_null(value=False) | pl.col("has_t_m0")).then(pl.lit("discontiguous"))
        .when(pl.col("has_any")).then(pl.lit("any"))
        .when(pl.col("has_t")).then(pl.lit("contiguous"))
        .otherwise(pl.lit("discontiguous"))
    )  # fmt: skip
    sure = assumed.str.starts_with("only").fill_null(value=False) | stated.fill_null(value=False)
    return [used.alias("contiguity_used"), (~sure & (growth == deposit)).alias("is_assumed")]
