"""Which drugs and procedures treat cancer, by code or by a word of their name."""

import re
from functools import cache
from typing import NamedTuple

from outspread.read.meanings import Key
from outspread.read.vocabulary import load_rows, systems


class Item(NamedTuple):
    """A known drug or procedure; `is_telling`: given for cancer even where no reason is stated."""

    name: str
    modality: str
    is_telling: bool
    system: str | None = None
    code: str | None = None
    issue: str | None = None


@cache
def _drugs() -> tuple[dict[str, Item], re.Pattern[str]]:
    rows = load_rows("agents.csv")
    items = {row["agent"]: Item(row["agent"], row["modality"], row["alone"] == "y") for row in rows}
    by_code = {row["rxnorm"]: items[row["agent"]] for row in rows if row["rxnorm"]}
    names = "|".join(sorted(map(re.escape, items), key=len, reverse=True))
    return items | by_code, re.compile(rf"\b(?:{names})\b")


@cache
def _procedures() -> dict[tuple[str | None, str], tuple[Item, ...]]:
    found: dict[tuple[str | None, str], tuple[Item, ...]] = {}
    for row in load_rows("procedures.csv"):
        key = (row["system"], row["code"])
        item = Item(row["name"], row["modality"], is_telling=True)
        found[key] = (*found.get(key, ()), item)
    return found


@cache
def _procedure_words() -> list[tuple[str, Item]]:
    rows = load_rows("procedure_words.csv")
    return [(row["word"], Item("", row["modality"], row["alone"] == "y")) for row in rows]


def find_drug(key: Key) -> Item | None:
    """Return the first known drug of a medication concept; None where it treats no cancer."""
    items, pattern = _drugs()
    text, *codings = key
    for system, code, display in [*codings, (None, None, text)]:
        short = systems()[system]
        if short == "rxnorm" and code in items:
            return items[code]._replace(system=short, code=code)
        match = pattern.search(display.lower()) if isinstance(display, str) else None
        if match:
            return items[match[0]]._replace(system=short, code=code)
    return None


def find_procedure(key: Key) -> tuple[Item, ...]:
    """Return the treatments a procedure concept means; none where it is diagnostic or unknown.

    Where the words of a known code speak of another kind of treatment only, the kind is left open
    and the item carries the issue R041.
    """
    text, *codings = key
    for system, code, display in codings:
        short = systems()[system]
        items = _procedures().get((short, code), ())
        if items:
            issue = _disagreement(items, display)
            if issue:
                items = tuple(item._replace(modality="other", issue=issue) for item in items)
            return tuple(item._replace(system=short, code=code) for item in items)
    for system, code, display in [*codings, (None, None, text)]:
        lower = display.lower() if isinstance(display, str) else ""
        for word, item in _procedure_words():
            if word in lower:
                name = re.sub(r"\s*\([a-z/ ]+\)$", "", lower)
                known = item._replace(name=name, system=systems()[system], code=code)
                return (known,) if item.modality else ()
    return ()


def _disagreement(items: tuple[Item, ...], display: object) -> str | None:
    lower = display.lower() if isinstance(display, str) else ""
    said = {item.modality for word, item in _procedure_words() if item.modality and word in lower}
    return "R041" if said and not said & {item.modality for item in items} else None
