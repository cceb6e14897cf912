"""Rows of tables for one case: the compiled tables, asked with texts."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from outspread.stage.bound import Bound, match_row
from outspread.stage.classes import Column
from outspread.stage.vocabulary import class_of
from outspread.stage.words import Words

_MOST_KNOWN: Final = 100_000


class Step(NamedTuple):
    """A column of a table: its key, and the classes met so far times its stride, by text."""

    key: str
    column: Column
    stride: int
    known: dict[str, int]


class Finder:
    """Finds rows of tables by text; remembers the class of each text that it meets."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known: dict[tuple[int, int], dict[str, int]] = {}
        self._met = 0
        self._steps: dict[str, tuple[list[Step], memoryview | None]] = {}

    def find(self, bound: Bound, context: Mapping[str, str | None]) -> int:
        """First row that matches; the number of rows if none does."""
        steps, rows = self._steps.get(bound.id) or self._make_steps(bound)
        if rows is None:
            return self._find_slowly(bound, context)
        place = 0
        for key, column, stride, known in steps:
            text = context.get(key) or ""
            found = known.get(text)
            place += self._class(column, stride, known, text) if found is None else found
        return rows[place]

    def _find_slowly(self, bound: Bound, context: Mapping[str, str | None]) -> int:
        lookup = bound.lookup
        if lookup is None:
            return match_row(bound, lambda key: context.get(key) or "")
        found = 0
        for place, (key, column) in enumerate(zip(bound.keys, bound.columns, strict=True)):
            own = class_of(self._words, column, context.get(key) or "")
            if place:
                own = int(lookup.pairs[place - 1][found * lookup.strides[place - 1] + own])
            found = own
        return int(lookup.rows[found])

    def class_of(self, column: Column, text: str) -> int:
        """Class of a text in a column."""
        known = self._known.setdefault((id(column), 1), {})
        found = known.get(text)
        return self._class(column, 1, known, text) if found is None else found

    def _class(self, column: Column, stride: int, known: dict[str, int], text: str) -> int:
        self._met += 1
        if self._met > _MOST_KNOWN:
            self._met = 0
            for own in self._known.values():
                own.clear()
        known[text] = class_of(self._words, column, text) * stride
        return known[text]

    def _make_steps(self, bound: Bound) -> tuple[list[Step], memoryview | None]:
        lookup = bound.lookup
        if lookup is None or lookup.pairs:
            self._steps[bound.id] = [], None
            return [], None
        steps = [
            Step(key, column, stride, self._known.setdefault((id(column), stride), {}))
            for key, column, stride in zip(bound.keys, bound.columns, lookup.strides, strict=True)
        ]
        self._steps[bound.id] = steps, lookup.rows.data
        return self._steps[bound.id]
