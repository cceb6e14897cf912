"""Each option for each row of facts: it applies, needs a fact, is advised against, or not."""

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from outspread.plan.logic import all_hold, any_holds, holds
from outspread.plan.pack.model import Condition, Conditions, Option, Pack

VERDICT: Final = ("applies", "needs", "advised_against", "not")
_WORD: Final = {verdict: pl.lit(verdict, dtype=pl.Enum(VERDICT)) for verdict in VERDICT}


def judge(facts: pl.DataFrame, pack: Pack, keys: Iterable[str]) -> pl.DataFrame:
    """Judge all options of a pack.

    Parameters
    ----------
    facts
        One row per person or disease, with `keys` and the columns of `factor_schema`, after
        `apply_implications`.

    Returns
    -------
    `keys`, and one column for each option by its name: `applies`; `needs` (nothing speaks against
    it, but a fact is not recorded); `advised_against` (it would apply, but for a reason a person
    must decide); `not`.
    """
    names: dict[Condition, str] = {}
    for option in pack.options:
        for condition in conditions_of(option):
            names.setdefault(condition, f"condition {len(names)}")
    answers = facts.select(
        *keys, *(holds(condition).alias(name) for condition, name in names.items())
    )
    return answers.select(*keys, *(_verdict(option, names) for option in pack.options))


def list_options(verdicts: pl.DataFrame, pack: Pack, keys: Sequence[str]) -> pl.DataFrame:
    """Options that are not ruled out, one row each: `keys`, `option_id`, `verdict`.

    Sorted by keys, then alerts first, then by name.
    """
    order = option_order(pack)
    parts = [
        verdicts.lazy()
        .filter(pl.col(name) != "not")
        .select(*keys, pl.lit(rank).cast(pl.UInt16).alias("option_id"), verdict=name)
        for rank, name in enumerate(order)
    ]
    names = pl.Series(order, dtype=pl.Enum(order))
    listed = pl.concat(parts).sort(*keys, "option_id").collect()
    return listed.with_columns(names.gather(listed["option_id"]).alias("option_id"))


def option_order(pack: Pack) -> list[str]:
    """Names of all options, alerts first."""
    return [o.name for o in sorted(pack.options, key=lambda o: (o.alert is None, o.name))]


def conditions_of(option: Option) -> Conditions:
    """All conditions of an option, in whatever role."""
    others = (*option.exclude, *option.avoid_if)
    return (*option.conditions, *(condition for group in others for condition in group))


def _verdict(option: Option, names: dict[Condition, str]) -> pl.Expr:
    def all_of(group: Conditions) -> pl.Expr:
        return all_hold(pl.col(names[condition]) for condition in group)

    fits = all_of(option.conditions)
    if option.exclude:
        fits = fits & any_holds(all_of(group) for group in option.exclude).not_()
    verdict = pl.when(fits.is_null()).then(_WORD["needs"]).when(fits.not_()).then(_WORD["not"])
    if option.avoid_if:
        is_avoided = any_holds(all_of(group) for group in option.avoid_if)
        verdict = verdict.when(is_avoided).then(_WORD["advised_against"])
    return verdict.otherwise(_WORD["applies"]).alias(option.name)
