"""The order in which implications are applied: what feeds another comes first."""

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from outspread.plan.pack.model import Condition, Consequence, Implication


def order_implications(
    implications: Iterable[Implication], problems: list[str]
) -> tuple[tuple[Implication, ...], ...]:
    """Sort implications into layers; all of a layer are applied at once.

    One feeds another if what it sets can meet a condition of the other (or is what the other
    makes a number of). A circle is a problem: P004.
    """
    rules = sorted(implications, key=lambda rule: rule.name)
    sorter: TopologicalSorter[str] = TopologicalSorter(
        {rule.name: {other.name for other in rules if _feeds(other, rule)} for rule in rules}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        problems.append(f"P004: implications.yaml: {circle}: follow from each other in a circle.")
        return ()
    by_name = {rule.name: rule for rule in rules}
    layers = []
    while sorter.is_active():
        ready: Sequence[str] = sorted(sorter.get_ready())
        layers.append(tuple(by_name[name] for name in ready))
        sorter.done(*ready)
    return tuple(layers)


def _feeds(rule: Implication, other: Implication) -> bool:
    asked = (*other.when, *other.when_any)
    made_from = {part.source for part in other.then if part.source}
    return any(
        (part.factor in made_from or any(_meets(part, condition) for condition in asked))
        and not any(_rules_out(part, condition) for condition in other.when)
        for part in rule.then
    )


def _rules_out(part: Consequence, condition: Condition) -> bool:
    """Whether a condition cannot hold once this is set."""
    return part.factor == condition.factor and not _meets(part, condition)


def _meets(part: Consequence, condition: Condition) -> bool:
    """Whether a condition can come true by what is set; a number that is made can be anything."""
    if part.factor != condition.factor:
        return False
    if part.value is None:
        return True
    return part.value in condition.values
