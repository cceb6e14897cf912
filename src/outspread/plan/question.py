"""The few facts whose answer would change most options."""

from functools import lru_cache
from typing import Final

import polars as pl

from outspread.plan.facts.row import KEY
from outspread.plan.logic import PACKS_KEPT
from outspread.plan.pack.model import Factor, Option, Pack

CLOSES_WEIGHT: Final = 0.25
ANY_CANCER_WEIGHT: Final = 0.1
_LINES_SHOWN: Final = 3


def ask_questions(rested: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Rank the facts that are missing by how much they would settle.

    An option that lacks one fact only counts full for it, one that lacks several in parts; that it
    could be advised against counts a quarter, and one that is for any cancer a tenth. Options that
    are not verified, and statements of what is not routine, do not count; nor do alerts, which are
    asked for by themselves. What follows from the treatment that is chosen is not asked.

    Parameters
    ----------
    rested
        Rows of `grounds`.

    Returns
    -------
    Rows of the table `question`.
    """
    waiting = rested.filter(pl.col("ground").is_in(["missing", "could_be_against"])).join(
        _weights(pack), on="option_id"
    )
    of_plan = [factor.name for factor in pack.factors.values() if factor.of_plan]
    is_missing = pl.col("ground") == "missing"
    share = pl.col("weight") / is_missing.sum().over(*KEY, "option_id")
    weighed = waiting.with_columns(
        score=pl.when(is_missing).then(share).otherwise(pl.col("weight") * CLOSES_WEIGHT)
    )
    asked = (
        weighed.filter(~pl.col("factor").is_in(of_plan))
        .sort(*KEY, "option_id")
        .group_by(*KEY, "factor")
        .agg(
            pl.col("score").sum(),
            opens=pl.col("option_id").filter(is_missing),
            closes=pl.col("option_id").filter(~is_missing),
        )
    )
    ranked = asked.sort(*KEY, "score", "factor", descending=[False, False, True, False])
    return ranked.join(_texts(pack), on="factor", maintain_order="left").with_columns(
        rank=pl.int_range(1, pl.len() + 1).over(*KEY)
    )


@lru_cache(maxsize=PACKS_KEPT)
def _weights(pack: Pack) -> pl.DataFrame:
    """How much an option counts for a question."""

    def weight(option: Option) -> float:
        if option.alert or not option.verified or option.stance != "consider":
            return 0.0
        return ANY_CANCER_WEIGHT if option.primary == "any" else 1.0

    rows = [(option.name, weight(option)) for option in pack.options]
    return pl.DataFrame(rows, schema=["option_id", "weight"], orient="row")


@lru_cache(maxsize=PACKS_KEPT)
def _texts(pack: Pack) -> pl.DataFrame:
    rows = [
        {
            "factor": factor.name,
            "question": f"{factor.label} ({factor.unit})" if factor.unit else factor.label,
            "answers": _answers(factor),
        }
        for factor in pack.factors.values()
    ]
    return pl.DataFrame(rows, schema_overrides={"answers": pl.List(pl.String)})


def _answers(factor: Factor) -> list[str]:
    """The words that a factor can have; lines are counted on after the third."""
    words = factor.values
    if factor.type == "line":
        words = words[: words.index(str(_LINES_SHOWN)) + 1]
    told = [factor.say(word) for word in words]
    return told if len(words) == len(factor.values) else [*told, "or later"]
