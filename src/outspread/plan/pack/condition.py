"""Conditions as a pack writes them, checked against the factors they ask for.

`{hr: positive, egfr: [ex19del, l858r], ecog: {at_most: 1}}`: all of it must hold.
"""

import re
from collections.abc import Mapping

from outspread.plan.pack.entry import Entry
from outspread.plan.pack.model import BOUNDS, LINES, Condition, Conditions, Factor
from outspread.plan.pack.safe_yaml import Tree

_LINE_FROM = re.compile(r"[1-9]\d?\+")


def read_conditions(
    tree: Tree, factors: Mapping[str, Factor], entry: Entry, field: str
) -> Conditions:
    """Read conditions of which all (or, in `when_any`, one) must hold.

    Raises
    ------
    PackError
        P003 where a factor or value does not exist, P002 where the type does not fit.
    """
    read = []
    for name, value in entry.as_mapping(field, tree).items():
        factor = factors[entry.one_of(field, name, factors)]
        read.append(_read(factor, value, entry, f"{field}.{name}"))
    return tuple(read)


def _read(factor: Factor, value: Tree, entry: Entry, field: str) -> Condition:
    if isinstance(value, dict):
        return _within(factor, value, entry, field)
    if factor.type == "number":
        same = entry.number(field, value)
        bounds = (("<=", same), (">=", same))
        return Condition(factor.name, bounds=bounds, says=f"{factor.label}: {same:g}")
    words = value if isinstance(value, list) else [value]
    asked = tuple(
        entry.one_of(field, word, factor.values) for word in words if isinstance(word, str)
    )
    if not asked or len(asked) != len(words):
        raise entry.error(field=field, reason="must be a word, a list of words, or bounds")
    return ask(factor, asked)


def ask(factor: Factor, asked: tuple[str, ...]) -> Condition:
    """Ask a factor for one of several words, with the words that cover or could be them."""
    wanted = set(asked)
    values = [word for word in factor.values if wanted & {word, *factor.covers.get(word, ())}]
    unclear = [word for word in factor.values if wanted & set(factor.may_be.get(word, ()))]
    says = f"{factor.label}: {' or '.join(factor.say(word) for word in asked)}"
    return Condition(
        factor.name,
        values=tuple(sorted(values)),
        unclear=tuple(sorted(set(unclear) - set(values))),
        says=says,
    )


def _within(factor: Factor, bounds: dict[str, Tree], entry: Entry, field: str) -> Condition:
    if factor.type not in {"number", "line"}:
        raise entry.error(field=field, reason="takes words, not bounds")
    limits = tuple(
        sorted(
            (BOUNDS[entry.one_of(field, word, BOUNDS, code="P002")], entry.number(field, limit))
            for word, limit in bounds.items()
        )
    )
    if not limits:
        raise entry.error(field=field, reason="has no bounds")
    told = " and ".join(f"{sign} {limit:g}" for sign, limit in limits)
    says = f"{factor.label} {told}" + (f" {factor.unit}" if factor.unit else "")
    if factor.type == "line":
        numbers = tuple(
            line for line in LINES if line.isdecimal() and is_within(float(line), limits)
        )
        return Condition(factor.name, values=tuple(sorted(numbers)), says=says)
    return Condition(factor.name, bounds=limits, says=says)


def is_within(number: float, limits: tuple[tuple[str, float], ...]) -> bool:
    """Whether a number keeps all bounds."""
    checks = {
        ">=": lambda limit: number >= limit,
        ">": lambda limit: number > limit,
        "<=": lambda limit: number <= limit,
        "<": lambda limit: number < limit,
    }
    return all(checks[sign](limit) for sign, limit in limits)


def ask_line(factor: Factor, line: str, entry: Entry) -> Conditions:
    """Ask for the line of an option: `any`, 2 (only the second), 2+ (second or later), maint."""
    if line == "any":
        return ()
    if _LINE_FROM.fullmatch(line):
        first = int(line[:-1])
        later = tuple(sorted(n for n in LINES if n.isdecimal() and int(n) >= first))
        return (Condition(factor.name, values=later, says=f"{factor.label}: {first} or later"),)
    entry.one_of("line", line, LINES)
    return (Condition(factor.name, values=(line,), says=f"{factor.label}: {line}"),)
