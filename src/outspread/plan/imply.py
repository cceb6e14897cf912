"""What follows from facts by the implications of a pack, until nothing changes."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import polars as pl

from outspread.plan.logic import PACKS_KEPT, all_hold, any_holds, factor_schema, holds
from outspread.plan.pack.model import Consequence, Factor, Implication, Pack


def stated(factor: str) -> str:
    """Name of the column that keeps what was stated of a factor."""
    return f"stated: {factor}"


def fired(rule: str) -> str:
    """Name of the column that tells whether an implication was used."""
    return f"fired: {rule}"


def apply_implications(facts: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Add what follows from the facts of each row.

    What follows beats what was stated. Where two implications disagree, or one rests on a fact
    that another overrules, the answer is unknown.

    Parameters
    ----------
    facts
        One row per person or disease; columns as in `factor_schema`, any others are kept.

    Returns
    -------
    The same rows, with `stated: F` for each factor F that can follow and `fired: R` for each rule.
    """
    for step in _compile(pack):
        facts = facts.with_columns(step)
    return facts


@lru_cache(maxsize=PACKS_KEPT)
def _compile(pack: Pack) -> list[list[pl.Expr]]:
    """The implications of a pack as columns to add, step by step."""
    rules: list[Implication] = []
    parts = {part.factor for layer in pack.implications for rule in layer for part in rule.then}
    steps = [[pl.col(name).alias(stated(name)) for name in sorted(parts)]]
    for layer in pack.implications:
        rules += layer
        steps.append([_fires(rule).alias(fired(rule.name)) for rule in layer])
        steps.append([_settle(name, rules, pack.factors) for name in _targets(layer)])
    steps += [[_kept(name, layer) for name in _targets(layer)] for layer in pack.implications]
    return steps


def _kept(factor: str, layer: Sequence[Implication]) -> pl.Expr:
    """What a layer made of a factor, unless a rule that made it has lost its ground."""
    is_lost = any_holds(_has_lost_ground(rule) for rule in layer if _sets(rule, factor))
    return pl.when(is_lost.not_()).then(pl.col(factor)).alias(factor)


def _targets(layer: Sequence[Implication]) -> list[str]:
    return sorted({part.factor for rule in layer for part in rule.then})


def _sets(rule: Implication, factor: str) -> bool:
    return any(part.factor == factor for part in rule.then)


def _fires(rule: Implication) -> pl.Expr:
    """Whether a rule applies; on unknown ground it does not."""
    parts = [holds(condition) for condition in rule.when]
    if rule.when_any:
        parts.append(any_holds(holds(condition) for condition in rule.when_any))
    parts += [pl.col(part.source).is_not_null() for part in rule.then if part.source]
    if rule.fills_gap:
        parts += [pl.col(stated(part.factor)).is_null() for part in rule.then]
    return all_hold(parts).fill_null(value=False)


def _has_lost_ground(rule: Implication) -> pl.Expr:
    return pl.col(fired(rule.name)) & _fires(rule).not_()


def _settle(factor: str, rules: Sequence[Implication], factors: Mapping[str, Factor]) -> pl.Expr:
    """What the rules so far make of a factor: their value, unknown if they disagree, or the old."""
    made = [
        pl.when(pl.col(fired(rule.name))).then(_value(part, factors))
        for rule in rules
        for part in rule.then
        if part.factor == factor
    ]
    first = pl.coalesce(made)
    agreed = all_hold((one == first).fill_null(value=True) for one in made)
    return (
        pl.when(first.is_null())
        .then(pl.col(stated(factor)))
        .otherwise(pl.when(agreed).then(first))
        .alias(factor)
    )


def _value(part: Consequence, factors: Mapping[str, Factor]) -> pl.Expr:
    dtype = factor_schema({part.factor: factors[part.factor]})[part.factor]
    if part.source is None:
        return pl.lit(part.value, dtype=dtype)
    number = pl.col(part.source)
    if factors[part.source].type == "line":
        number = number.cast(pl.String).cast(pl.Float64, strict=False)
    return number * part.times + part.plus
