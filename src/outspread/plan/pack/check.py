"""What a pack's owner should know before it is used, beyond what loading already refuses."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from outspread.plan.cases import judge_facts
from outspread.plan.pack.condition import is_within
from outspread.plan.pack.model import Condition, Conditions, Factor, Option, Pack

_STEP: Final = 0.5


class Findings(NamedTuple):
    """Ids of what was found, each list sorted."""

    unreachable: list[str]
    without_source: list[str]
    unverified: list[str]
    old: list[str]


def check_pack(pack: Pack, *, oldest: int) -> Findings:
    """Find options that nobody can reach, that lack a source, or that rest on old ones.

    Parameters
    ----------
    pack
        A pack that could be loaded.
    oldest
        Options whose year is before this one, or not stated, are old.

    Notes
    -----
    An option is reachable if a person made up for it gets it: with the first value that meets each
    of its conditions and, for each exclusion, a value that does not.
    """
    people = [example_for(option, pack) for option in pack.options]
    verdicts = judge_facts(people, pack)
    reached = {
        option.name
        for row, option in enumerate(pack.options)
        if verdicts[option.name][row] in {"applies", "advised_against"}
    }
    return Findings(
        unreachable=[o.name for o in pack.options if o.name not in reached],
        without_source=[o.name for o in pack.options if not o.sources],
        unverified=[o.name for o in pack.options if not o.verified],
        old=[o.name for o in pack.options if (o.year or 0) < oldest],
    )


def example_for(option: Option, pack: Pack) -> dict[str, str | float]:
    """Make up the facts of a person for whom an option applies, as far as there can be one."""
    facts: dict[str, str | float] = {}
    for condition in option.conditions:
        value = _meeting(pack.factors[condition.factor], option.conditions)
        if value is not None:
            facts[condition.factor] = value
    for group in option.exclude:
        if not any(_is_false(condition, facts) for condition in group):
            _break(group, facts, pack.factors)
    return facts


def _break(group: Conditions, facts: dict[str, str | float], factors: Mapping[str, Factor]) -> None:
    """Make one condition of a group false by a fact that is still free."""
    for condition in group:
        if condition.factor not in facts:
            for value in _candidates(factors[condition.factor], (condition,)):
                if _is_false(condition, {condition.factor: value}):
                    facts[condition.factor] = value
                    return


def _meeting(factor: Factor, conditions: Conditions) -> str | float | None:
    """The first value of a factor that meets all conditions on it."""
    asked = tuple(one for one in conditions if one.factor == factor.name)
    for value in _candidates(factor, asked):
        if all(_is_true(condition, value) for condition in asked):
            return value
    return None


def _candidates(factor: Factor, asked: Conditions) -> list[str | float]:
    """Values to try: all words, or the bounds asked for and what lies beside them."""
    if factor.type != "number":
        return list(factor.values)
    limits = {limit for condition in asked for _, limit in condition.bounds}
    near = {limit + step for limit in limits for step in (-_STEP, 0.0, _STEP)}
    inside = near | {factor.low, factor.high}
    return [number for number in sorted(inside) if factor.low <= number <= factor.high]


def _is_true(condition: Condition, value: str | float) -> bool:
    if isinstance(value, str):
        return value in condition.values
    return is_within(value, condition.bounds)


def _is_false(condition: Condition, facts: Mapping[str, str | float]) -> bool:
    value = facts.get(condition.factor)
    if value is None or value in condition.unclear:
        return False
    return not _is_true(condition, value)
