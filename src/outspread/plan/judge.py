"""Each option for each row of facts: it applies, needs a fact, is advised against, or not."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import polars as pl

from outspread.plan.logic import PACKS_KEPT, all_hold, any_holds, holds
from outspread.plan.pack.model import Condition, Conditions, Option, Pack

VERDICT: Final = ("applies", "needs", "advised_against", "not")
ROWS_AT_ONCE: Final = 5_000  # each takes a row for every option on the way
_WORD: Final = {verdict: pl.lit(verdict, dtype=pl.Enum(VERDICT)) for verdict in VERDICT}


def judge(facts: pl.DataFrame, pack: Pack, keys: Sequence[str]) -> pl.DataFrame:
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
    return judge_answers(answer(facts, pack, keys), pack, keys)


def answer(facts: pl.DataFrame, pack: Pack, keys: Sequence[str]) -> pl.DataFrame:
    """Answer each condition of a pack: `keys`, and a column for each of `number_conditions`."""
    return facts.select(*keys, *_compile(pack).answers)


def judge_answers(answers: pl.DataFrame, pack: Pack, keys: Sequence[str]) -> pl.DataFrame:
    """Judge all options by the answers to their conditions; see `judge`."""
    rules = _compile(pack)
    return answers.select(*keys, *rules.grounds).select(*keys, *rules.verdicts)


class _Compiled(NamedTuple):
    """The rules of a pack as column expressions: building them takes longer than one person."""

    answers: list[pl.Expr]
    grounds: list[pl.Expr]
    verdicts: list[pl.Expr]


@lru_cache(maxsize=PACKS_KEPT)
def _compile(pack: Pack) -> _Compiled:
    numbers = number_conditions(pack)
    names = {condition: str(number) for condition, number in numbers.items()}
    return _Compiled(
        [holds(condition).alias(name) for condition, name in names.items()],
        [part for option in pack.options for part in _grounds(option, names)],
        [_verdict(option) for option in pack.options],
    )


@lru_cache(maxsize=PACKS_KEPT)
def number_conditions(pack: Pack) -> dict[Condition, int]:
    """Number the different conditions of a pack from 0."""
    found = dict.fromkeys(c for option in pack.options for c in conditions_of(option))
    return {condition: number for number, condition in enumerate(found)}


def list_options(verdicts: pl.DataFrame, pack: Pack, keys: Sequence[str]) -> pl.DataFrame:
    """Options that are not ruled out, one row each: `keys`, `option_id`, `verdict`.

    Sorted by keys, then alerts first, then by name.
    """
    order = option_order(pack)
    named = pl.Enum(order)
    parts = [
        some.unpivot(order, index=list(keys), variable_name="option_id", value_name="verdict")
        .filter(pl.col("verdict") != "not")
        .with_columns(pl.col("option_id").cast(named))
        for some in verdicts.iter_slices(ROWS_AT_ONCE)
    ]
    if not parts:
        schema = {"option_id": named, "verdict": pl.Enum(VERDICT)}
        return verdicts.select(keys).with_columns(
            pl.lit(None, dtype).alias(name) for name, dtype in schema.items()
        )
    return pl.concat(parts).sort(*keys, "option_id")


def option_order(pack: Pack) -> list[str]:
    """Names of all options, alerts first."""
    return [o.name for o in sorted(pack.options, key=lambda o: (o.alert is None, o.name))]


def conditions_of(option: Option) -> Conditions:
    """All conditions of an option, in whatever role."""
    others = (*option.exclude, *option.avoid_if)
    return (*option.conditions, *(condition for group in others for condition in group))


def _avoided(option: Option) -> str:
    return f"avoided: {option.name}"


def _grounds(option: Option, names: dict[Condition, str]) -> list[pl.Expr]:
    """Whether an option fits, under its name, and whether something speaks against it."""

    def all_of(group: Conditions) -> pl.Expr:
        return all_hold(pl.col(names[condition]) for condition in group)

    fits = all_of(option.conditions)
    if option.exclude:
        fits = fits & any_holds(all_of(group) for group in option.exclude).not_()
    found = [fits.alias(option.name)]
    if option.avoid_if:
        is_avoided = any_holds(all_of(group) for group in option.avoid_if)
        found.append(is_avoided.alias(_avoided(option)))
    return found


def _verdict(option: Option) -> pl.Expr:
    fits = pl.col(option.name)
    verdict = pl.when(fits.is_null()).then(_WORD["needs"]).when(fits.not_()).then(_WORD["not"])
    if option.avoid_if:
        verdict = verdict.when(_avoided(option)).then(_WORD["advised_against"])
    return verdict.otherwise(_WORD["applies"]).alias(option.name)
