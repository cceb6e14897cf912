"""The rules of a pack applied to one person after another: slow, plain, and what tests trust."""

import operator
from collections.abc import Iterable, Mapping

from outspread.plan.pack.model import Condition, Conditions, Implication, Option, Pack

Facts = dict[str, str | float]
_SIGNS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


def answer(condition: Condition, facts: Mapping[str, str | float]) -> bool | None:
    """Yes, no, or None for unknown."""
    fact = facts.get(condition.factor)
    if fact is None:
        return None
    if condition.bounds:
        return all(_SIGNS[sign](fact, limit) for sign, limit in condition.bounds)
    if fact in condition.unclear:
        return None
    return fact in condition.values


def every(answers: Iterable[bool | None]) -> bool | None:
    """No if one is no, else unknown if one is unknown, else yes."""
    unknown = False
    for one in answers:
        if one is False:
            return False
        unknown |= one is None
    return None if unknown else True


def some(answers: Iterable[bool | None]) -> bool | None:
    """Yes if one is yes, else unknown if one is unknown, else no."""
    unknown = False
    for one in answers:
        if one is True:
            return True
        unknown |= one is None
    return None if unknown else False


def all_hold(group: Conditions, facts: Facts) -> bool | None:
    return every(answer(condition, facts) for condition in group)


def fires(rule: Implication, facts: Facts, stated: Facts) -> bool:
    if all_hold(rule.when, facts) is not True:
        return False
    if rule.when_any and some(answer(one, facts) for one in rule.when_any) is not True:
        return False
    if any(part.source and facts.get(part.source) is None for part in rule.then):
        return False
    if any(part.source and not is_number(facts[part.source]) for part in rule.then):
        return False
    return not (rule.fills_gap and any(part.factor in stated for part in rule.then))


def is_number(fact: str | float) -> bool:
    return isinstance(fact, float) or fact.isdecimal()


def apply_implications(stated: Facts, pack: Pack) -> Facts:
    """Facts and what follows from them."""
    facts = dict(stated)
    made: dict[str, set[str | float]] = {}
    used = set()
    for layer in pack.implications:
        firing = [rule for rule in layer if fires(rule, facts, stated)]
        used |= {rule.name for rule in firing}
        for rule in firing:
            for part in rule.then:
                value = part.value or float(facts[part.source]) * part.times + part.plus
                made.setdefault(part.factor, set()).add(value)
        for factor in {part.factor for rule in layer for part in rule.then} & made.keys():
            put(facts, factor, made[factor])
    for layer in pack.implications:
        lost = [r for r in layer if r.name in used and not fires(r, facts, stated)]
        for factor in {part.factor for rule in lost for part in rule.then}:
            facts.pop(factor, None)
    return facts


def put(facts: Facts, factor: str, values: set[str | float]) -> None:
    """Set what all agree on; disagreement is unknown."""
    facts.pop(factor, None)
    if len(values) == 1:
        facts[factor] = next(iter(values))


def verdict(option: Option, facts: Facts) -> str:
    fits = all_hold(option.conditions, facts)
    excluded = some(all_hold(group, facts) for group in option.exclude)
    fits = every([fits, None if excluded is None else not excluded])
    if fits is None:
        return "needs"
    if not fits:
        return "not"
    avoided = some(all_hold(group, facts) for group in option.avoid_if)
    return "advised_against" if avoided else "applies"


def judge(stated: Facts, pack: Pack) -> dict[str, str]:
    """The verdict on each option for one person."""
    facts = apply_implications(stated, pack)
    return {option.name: verdict(option, facts) for option in pack.options}
