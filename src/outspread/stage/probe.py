"""Rows of tables for many cases at once: which row the ids of some keys fall on."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from outspread.stage.bound import Bound, match_row
from outspread.stage.classes import Column
from outspread.stage.lookup import Lookup
from outspread.stage.vocabulary import Vocabulary
from outspread.stage.words import BLANK, Flags, Ids

Value = int | Ids
"""Ids of one key: one for all cases, or one for each."""


class Values(Protocol):
    """Ids by key; those of a key that is not there are absent."""

    def get(self, key: str) -> Value:
        """Return the ids of a key."""
        ...


class Prober:
    """Finds rows; keeps the arrays that this takes as long as no new texts are met."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._size = vocabulary.size
        self._classes: dict[tuple[int, int], Ids] = {}
        self._steps: dict[str, list[tuple[str, Ids]]] = {}
        self._row_arrays: dict[int, Ids] = {}
        self._invalid: dict[str, Flags] = {}

    def find(self, bound: Bound, values: Values) -> Value:
        """Row for each case; the number of rows where none matches."""
        self._refresh()
        if bound.lookup is None:
            return self._match(bound, values)
        if bound.lookup.pairs:
            return self._fold(bound, values)
        steps = self._steps.get(bound.id)
        if steps is None:
            steps = self._steps[bound.id] = self._make_steps(bound)
        fixed, total = 0, None
        for key, array in steps:
            value = values.get(key)
            if isinstance(value, int):
                fixed += int(array[value])
            elif total is None:
                total = array.take(value)
            else:
                total += array.take(value)
        if len(steps) == 1:
            return fixed if total is None else total
        rows = self._rows(bound.lookup)
        if total is None:
            return int(rows[fixed])
        if fixed:
            total += fixed
        return rows.take(total)

    def invalid(self, bound: Bound) -> Flags:
        """Ids that a table with one input column and no references refuses; never a blank."""
        self._refresh()
        found = self._invalid.get(bound.id)
        if found is None:
            found = self._make_steps(bound)[0][1] == bound.row_count
            found[: BLANK + 1] = False
            self._invalid[bound.id] = found
        return found

    def classes(self, column: Column, stride: int = 1) -> Ids:
        """Class of each id in a column, times a stride."""
        self._refresh()
        key = (id(column), stride)
        if key not in self._classes:
            self._classes[key] = self._vocabulary.classes(column) * stride
        return self._classes[key]

    def _rows(self, lookup: Lookup) -> Ids:
        """Rows of a lookup in the type that indexes fastest."""
        if id(lookup) not in self._row_arrays:
            self._row_arrays[id(lookup)] = lookup.rows.astype(np.intp)
        return self._row_arrays[id(lookup)]

    def _refresh(self) -> None:
        if self._size != self._vocabulary.size:
            self._size = self._vocabulary.size
            self._classes.clear()
            self._steps.clear()
            self._invalid.clear()

    def _make_steps(self, bound: Bound) -> list[tuple[str, Ids]]:
        """Array of each key; that of an only key holds rows, those of several sum up to a place."""
        lookup = bound.lookup
        if lookup is None or len(bound.keys) == 1:
            rows = lookup.rows.astype(np.intp) if lookup else np.empty(0, np.intp)
            return [(bound.keys[0], rows.take(self.classes(bound.columns[0])))]
        return [
            (key, self.classes(column, stride))
            for key, column, stride in zip(bound.keys, bound.columns, lookup.strides, strict=True)
        ]

    def _fold(self, bound: Bound, values: Values) -> Value:
        """Find rows of a table that is too large for one array."""
        lookup = bound.lookup
        found: Value = 0
        if lookup is None:
            return found
        for place, (key, column) in enumerate(zip(bound.keys, bound.columns, strict=True)):
            own = self.classes(column)[values.get(key)]
            if place:
                found = lookup.pairs[place - 1][found * lookup.strides[place - 1] + own]
            else:
                found = own
        rows = self._rows(lookup)[found]
        return rows if rows.ndim else int(rows)

    def _match(self, bound: Bound, values: Values) -> Value:
        """Find rows of a table whose cells refer to other keys, one combination at a time."""
        keys = (*bound.keys, *bound.references)
        columns = np.broadcast_arrays(*(values.get(key) for key in keys))
        texts = self._vocabulary.texts()
        if columns[0].ndim == 0:
            own = dict(zip(keys, texts.gather([int(c) for c in columns]).to_list(), strict=True))
            return match_row(bound, _texts_by_key(own))
        combinations, places = np.unique(np.stack(columns), axis=1, return_inverse=True)
        rows = []
        for combination in combinations.T:
            own = dict(zip(keys, texts.gather(combination).to_list(), strict=True))
            rows.append(match_row(bound, _texts_by_key(own)))
        return np.array(rows, dtype=np.intp)[places.reshape(-1)]


def _texts_by_key(own: dict[str, str | None]) -> Callable[[str], str]:
    return lambda key: own[key] or ""
