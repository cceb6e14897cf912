"""A column of a table as classes: values that the same rows accept are one class.

A class is a set of rows, held as the bits of one integer. That makes a column small, whatever its
cells say, and the table a plain array over the classes of its columns.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from outspread.stage.cells import Range, is_numeric, parse_input
from outspread.stage.words import Words

Cells = Sequence[str | None]
Spans = list[tuple[int, int]]
Masks = list[int]
Numbers = npt.NDArray[np.int32]


class Column(NamedTuple):
    """Class of every value.

    `starts`, `classes`: runs of known texts of one class. `gap_starts`, `gap_variants`: runs of
    gaps between them that text ranges treat alike. `points`: bounds of number ranges, in order.
    `slots`: class by variant of the gap, by what the value is (text, whole number, number with a
    point), and by its place among the points. `masks`: the rows of each class.
    """

    starts: Numbers
    classes: Numbers
    gap_starts: Numbers
    gap_variants: Numbers
    points: npt.NDArray[np.float32]
    slots: Numbers
    masks: Masks


class ColumnMaker:
    """Makes columns over some words; remembers what a piece of a cell covers."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._numbers: dict[Range, Spans] = {}
        self._cells: dict[str, tuple[Spans, Spans, tuple[Range, ...]]] = {}

    def make(self, cells: Cells) -> Column:
        """Make the column of the cells of all rows, first row first."""
        rows_of: dict[str | None, int] = {}
        for number, cell in enumerate(cells):
            rows_of[cell] = rows_of.get(cell, 0) | 1 << number
        base = rows_of.pop(None, 0) | rows_of.pop("*", 0)
        parts = [(*self._covered(cell), rows) for cell, rows in rows_of.items() if cell is not None]
        classes = _Classes(base)
        starts, known = _runs(((spans, rows) for spans, _, _, rows in parts), base, classes)
        gap_starts, gaps = _runs(((spans, rows) for _, spans, _, rows in parts), base, classes)
        variants = list(dict.fromkeys(gaps))
        ranges = [(span, rows) for _, _, spans, rows in parts for span in spans]
        points = np.unique(np.array([float(b) for span, _ in ranges for b in span], np.float32))
        slots = [_slots(ranges, points, classes.masks[gap], classes) for gap in variants]
        return Column(
            _array(starts),
            _array(known),
            _array(gap_starts),
            _array(variants.index(gap) for gap in gaps),
            points,
            np.array(slots, dtype=np.int32),
            classes.masks,
        )

    def _covered(self, cell: str) -> tuple[Spans, Spans, tuple[Range, ...]]:
        """Known texts and gaps that a cell covers, as half-open spans, and its number ranges."""
        if cell not in self._cells:
            known: Spans = []
            gaps: Spans = []
            pieces = parse_input(cell) or ()
            for piece in pieces:
                if is_numeric(piece):
                    known += self._numeric(piece)
                else:
                    _cover(self._words, piece, known, gaps)
            numeric = tuple(piece for piece in pieces if is_numeric(piece))
            self._cells[cell] = (_union(known), _union(gaps), numeric)
        return self._cells[cell]

    def _numeric(self, piece: Range) -> Spans:
        if piece not in self._numbers:
            low, high = (np.float32(bound) for bound in piece)
            values, has_point = self._words.numbers
            covered = (values >= low) & (values <= high)
            if not _has_point(piece):
                covered &= ~has_point
            edges = np.flatnonzero(np.diff(np.concatenate([[0], covered.view(np.int8), [0]])))
            self._numbers[piece] = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
        return self._numbers[piece]


class _Classes:
    """Numbers sets of rows as they are met; the first is that of values no cell names."""

    def __init__(self, base: int) -> None:
        self.masks = [base]
        self._numbers = {base: 0}

    def number(self, mask: int) -> int:
        number = self._numbers.setdefault(mask, len(self.masks))
        if number == len(self.masks):
            self.masks.append(mask)
        return number


def _has_point(piece: Range) -> bool:
    return "." in piece.low or "." in piece.high


def _cover(words: Words, piece: Range, known: Spans, gaps: Spans) -> None:
    """Add what a text range covers: nothing, if its bounds differ in length."""
    low, high = words.index.get(piece.low), words.index.get(piece.high)
    if low is None or high is None:  # only where a reference has left half of a range
        return
    if words.ranks[low][0] == words.ranks[high][0] and low <= high:
        known.append((low, high + 1))
        gaps.append((low + 1, high + 1))


def _union(spans: Spans) -> Spans:
    merged: Spans = []
    for start, end in sorted(spans):
        if start == end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _runs(
    parts: Iterable[tuple[Spans, int]], base: int, classes: _Classes
) -> tuple[list[int], list[int]]:
    """Runs of places covered by the same rows: where each begins, and its class."""
    turns: dict[int, int] = {0: 0}
    for spans, rows in parts:
        for start, end in spans:
            turns[start] = turns.get(start, 0) ^ rows
            turns[end] = turns.get(end, 0) ^ rows
    starts: list[int] = []
    found: list[int] = []
    mask = base
    for start in sorted(turns):
        mask ^= turns[start]
        number = classes.number(mask)
        if not found or found[-1] != number:
            starts.append(start)
            found.append(number)
    return starts, found


def _slots(
    ranges: list[tuple[Range, int]],
    points: npt.NDArray[np.float32],
    gap: int,
    classes: _Classes,
) -> list[list[int]]:
    """Classes of unknown values of one gap: as text, whole number and number with a point.

    The places are: below the first point, at it, between it and the second, at that, and so on.
    """
    whole = [gap] * (2 * len(points) + 1)
    pointed = list(whole)
    for piece, rows in ranges:
        low, high = np.searchsorted(points, np.array(piece, dtype=np.float32)).tolist()
        for place in range(2 * low + 1, 2 * high + 2):
            whole[place] |= rows
            if _has_point(piece):
                pointed[place] |= rows
    text = [gap] * len(whole)
    return [[classes.number(mask) for mask in masks] for masks in (text, whole, pointed)]


def _array(numbers: Iterable[int]) -> Numbers:
    return np.fromiter(numbers, dtype=np.int32)
