"""On which facts each listed option rests, and which it lacks."""

from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from outspread.plan.judge import number_conditions
from outspread.plan.logic import PACKS_KEPT
from outspread.plan.pack.model import Pack


@lru_cache(maxsize=PACKS_KEPT)
def membership(pack: Pack) -> pl.DataFrame:
    """Which condition stands in which option, and in what role.

    Returns
    -------
    condition (its number), factor, option_id, role; `part` numbers the alternatives of `exclude`
    and `avoid_if`, within which all conditions must hold.
    """
    rows = []
    numbers = number_conditions(pack)
    for option in pack.options:
        parts = [("require", 0, option.conditions)]
        parts += [("exclude", n, group) for n, group in enumerate(option.exclude)]
        parts += [("avoid_if", n, group) for n, group in enumerate(option.avoid_if)]
        rows += [
            (numbers[condition], condition.factor, option.name, role, n)
            for role, n, group in parts
            for condition in group
        ]
    schema: dict[str, pl.DataType] = {
        "condition": pl.Int32(),
        "factor": pl.String(),
        "option_id": pl.String(),
        "role": pl.Enum(["require", "exclude", "avoid_if"]),
        "part": pl.Int32(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def grounds(
    answers: pl.DataFrame, options: pl.DataFrame, pack: Pack, keys: Sequence[str]
) -> pl.DataFrame:
    """Say for each listed option which factors it rests on, lacks, or is advised against for.

    Parameters
    ----------
    answers
        As `answer` gives them.
    options
        keys, option_id, verdict.

    Returns
    -------
    keys, option_id, verdict, factor, `ground`: met, missing (it would decide), against (a fact
    that speaks against it), could_be_against (a missing fact that could).
    """
    long = answers.unpivot(index=list(keys), variable_name="condition", value_name="holds")
    told = long.with_columns(pl.col("condition").cast(pl.Int32))
    members = options.with_columns(pl.col("option_id").cast(pl.String)).join(
        membership(pack), on="option_id"
    )
    full = members.join(told, on=[*keys, "condition"])
    within = [*keys, "option_id", "role", "part"]
    is_out = (pl.col("role") != "require") & (pl.col("holds").not_().any().over(within))
    is_all = pl.col("holds").all(ignore_nulls=False).over(within)
    ground = (
        pl.when(is_out).then(None)
        .when((pl.col("role") == "require") & pl.col("holds")).then(pl.lit("met"))
        .when((pl.col("role") != "avoid_if") & pl.col("holds").is_null()
              & (pl.col("verdict") == "needs")).then(pl.lit("missing"))
        .when((pl.col("role") == "avoid_if") & is_all).then(pl.lit("against"))
        .when((pl.col("role") == "avoid_if") & pl.col("holds").is_null()
              & (pl.col("verdict") == "applies")).then(pl.lit("could_be_against"))
    )  # fmt: skip
    found = full.with_columns(ground.alias("ground")).drop_nulls("ground")
    return found.select(*keys, "option_id", "verdict", "factor", "ground").unique()
