"""What is noted while cases are staged: errors and the tables visited, each for many cases."""

from typing import Final, NamedTuple

import numpy as np

from outspread.stage.words import Ids

ALL: Final = 0  # the gate of what happens to all cases
_MOST_BITS: Final = 16


class Template(NamedTuple):
    """An error without the values of a case: `shown` of them come between `before` and `after`."""

    kind: str
    table: str | None
    key: str | None
    columns: tuple[str, ...] | None
    before: str
    after: str = ""
    shown: int = 0


class Noted(NamedTuple):
    """One error of some cases: their places, and the ids that its message shows."""

    template: Template
    places: Ids
    shown: tuple[Ids, ...]


class Notes:
    """Errors and steps in the order in which they happen.

    A step belongs to a gate: a set of cases that it happens to.
    """

    def __init__(self, count: int) -> None:
        self.errors: list[Noted] = []
        self._steps: list[tuple[str, int]] = []
        self._gates: list[Ids | None] = [None]
        self._count = count

    def error(self, template: Template, places: Ids, shown: tuple[Ids, ...] = ()) -> None:
        """Note an error of some cases."""
        if len(places):
            self.errors.append(Noted(template, places, shown))

    def gate(self, places: Ids) -> int:
        """Open a gate for some cases."""
        self._gates.append(places)
        return len(self._gates) - 1

    def step(self, step: str, gate: int) -> None:
        """Note that a table is visited."""
        self._steps.append((step, gate))

    def paths(self) -> tuple[list[str], Ids]:
        """All different paths, steps with a blank between them; the number of that of each case."""
        numbers = np.zeros(self._count, dtype=np.int64)
        used = sorted({gate for _, gate in self._steps} - {ALL})
        signs = [frozenset({ALL})]
        while used:
            count = max(1, _MOST_BITS - len(signs).bit_length())
            numbers, signs = self._split(numbers, signs, used[:count])
            used = used[count:]
        steps = self._steps
        paths = [" ".join([step for step, gate in steps if gate in passed]) for passed in signs]
        return paths, numbers

    def _split(
        self, numbers: Ids, signs: list[frozenset[int]], gates: list[int]
    ) -> tuple[Ids, list[frozenset[int]]]:
        """Tell cases apart by the gates they pass."""
        bits = np.zeros(self._count, dtype=np.int64)
        for bit, gate in enumerate(gates):
            bits[self._gates[gate]] += 1 << bit
        codes = numbers << len(gates) | bits
        found = np.flatnonzero(np.bincount(codes, minlength=len(signs) << len(gates)))
        places = np.zeros(len(signs) << len(gates), dtype=np.int64)
        places[found] = np.arange(len(found))
        new = [
            signs[code >> len(gates)] | {gate for bit, gate in enumerate(gates) if code >> bit & 1}
            for code in found.tolist()
        ]
        return places[codes], new
