"""Columns of text as ids, as fast as memory allows.

Nearly all codes are up to four bytes long, and there are few of them. Such a text is one number in
memory (its length and its bytes), and that number says by a multiplication where its id stands.
A text of up to twelve bytes is two such numbers: what is not found by one is sought by both, where
new texts are remembered too. The few that are left are looked up by text.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from outspread.stage.vocabulary import Vocabulary
from outspread.stage.words import ABSENT, FIRST, NULL, Ids

Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.unsignedinteger[Any]]

_SLOT_BITS: Final = 16
_SHIFT: Final = np.uint64(64 - _SLOT_BITS)
_PAIR_BITS: Final = 18
_PAIR_SHIFT: Final = np.uint64(64 - _PAIR_BITS)
_LONGEST: Final = 4  # bytes that stand beside the length of a text
_LONGEST_PAIR: Final = np.uint64(12)  # bytes that stand where a text is viewed
_LENGTH: Final = np.uint64(2**32 - 1)
_NO_KEY: Final = np.uint64(2**64 - 1)
_AT_ONCE: Final = 32_768
_MOST_DENSE: Final = 0.6
_MULTIPLIERS: Final = tuple(
    np.uint64(0x9E3779B97F4A7C15 * odd % 2**64 | 1) for odd in range(1, 33, 2)
)


class Column(NamedTuple):
    """Ids of the rows of a column: of all, or of those in `rows`, where few state the key."""

    rows: Ids | None
    ids: Codes

    def dense(self, count: int) -> Codes:
        """Ids of all rows."""
        if self.rows is None:
            return self.ids
        ids = np.zeros(count, dtype=self.ids.dtype)
        ids[self.rows] = self.ids
        return ids


class Encoder:
    """Turns texts into ids of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        known = vocabulary.texts().slice(FIRST)
        self._keys = np.full(FIRST + len(known), _NO_KEY)
        short = (known.str.len_bytes() <= _LONGEST).to_numpy()
        views = _views(known)
        self._keys[FIRST:][short] = views[::2][short]
        ids = np.flatnonzero(self._keys != _NO_KEY)
        tables = [_slots(self._keys[ids], ids, factor) for factor in _MULTIPLIERS]
        best = int(np.argmax([np.count_nonzero(table) for table in tables]))
        self._factor, self._slots = _MULTIPLIERS[best], tables[best]
        self._pairs = _Pairs()
        self._pairs.remember(views[::2], views[1::2], np.arange(FIRST, FIRST + len(known)))

    def encode(self, texts: pl.Series, *, is_null: pl.Series | None = None) -> Column:
        """Turn a column into ids.

        Parameters
        ----------
        texts
            As text; nothing is a key that is absent.
        is_null
            Where a key is there without a value.
        """
        texts = texts.rechunk()
        if is_null is not None and is_null.any():
            ids = self._find(texts, _views(texts))
            ids[~texts.is_not_null().to_numpy()] = ABSENT
            ids[is_null.to_numpy()] = NULL
            return Column(None, ids)
        if not texts.null_count():
            return Column(None, self._find(texts, _views(texts)))
        there = _there(texts)
        if texts.null_count() < _MOST_DENSE * len(texts):
            ids = self._find(texts, _views(texts))
            ids *= np.unpackbits(there, count=len(texts), bitorder="little")
            return Column(None, ids)
        rows = _set_bits(there, len(texts))
        return Column(rows, self._find(texts, _views(texts), rows=rows))

    def _find(self, texts: pl.Series, views: Keys, *, rows: Ids | None = None) -> Codes:
        count = len(texts) if rows is None else len(rows)
        ids: Codes = np.empty(count, dtype=np.uint16)
        missed = []
        firsts = views[::2]
        for first in range(0, count, _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            keys = firsts[part] if rows is None else views.take(rows[part] * 2)
            found = self._slots.take(((keys * self._factor) >> _SHIFT).view(np.int64))
            ids[part] = found
            differs = self._keys.take(found) != keys
            if differs.any():
                missed.append(np.flatnonzero(differs) + first)
        return self._look_up(texts, ids, missed, rows) if missed else ids

    def _look_up(self, texts: pl.Series, ids: Codes, missed: list[Ids], rows: Ids | None) -> Codes:
        """Find by both numbers, and else by text, what was not found by key.

        What is new in the first part is remembered, so that the others need not look it up.
        """
        for places in (missed[0], np.concatenate(missed[1:])) if missed[1:] else missed:
            found = self._by_pair(texts, places if rows is None else rows[places])
            if found.max() > np.iinfo(ids.dtype).max:
                ids = ids.astype(np.uint32)
            ids[places] = found
        return ids

    def _by_pair(self, texts: pl.Series, rows: Ids) -> Ids:
        views = _views(texts)
        firsts, seconds = views.take(rows * 2), views.take(rows * 2 + 1)
        found = self._pairs.find(firsts, seconds)
        rest = np.flatnonzero(found == ABSENT)
        if not len(rest):
            return found
        new = texts.gather(rows[rest])
        if new.null_count():  # nothing may look like any text
            rest = rest[new.is_not_null().to_numpy()]
            new = new.drop_nulls()
        if len(rest):
            found[rest] = self._vocabulary.encode(new)
            self._pairs.remember(firsts[rest], seconds[rest], found[rest])
        return found


class _Pairs:
    """Ids of texts of up to twelve bytes; of two texts for one slot the later one stays."""

    def __init__(self) -> None:
        self._ids = np.zeros(1 << _PAIR_BITS, dtype=np.intp)
        self._firsts = np.full(1 << _PAIR_BITS, _NO_KEY)
        self._seconds = np.zeros(1 << _PAIR_BITS, dtype=np.uint64)

    def find(self, firsts: Keys, seconds: Keys) -> Ids:
        """Give the id of each text; `ABSENT` where it is not remembered."""
        slots = _pair_slots(firsts, seconds)
        same = (self._firsts.take(slots) == firsts) & (self._seconds.take(slots) == seconds)
        found: Ids = self._ids.take(slots) * same
        return found

    def remember(self, firsts: Keys, seconds: Keys, ids: Ids) -> None:
        """Take up those texts that are short enough to stand where they are viewed."""
        fits = np.flatnonzero((firsts & _LENGTH) <= _LONGEST_PAIR)
        firsts, seconds = firsts[fits], seconds[fits]
        slots = _pair_slots(firsts, seconds)
        self._ids[slots] = ids[fits]
        self._firsts[slots] = firsts
        self._seconds[slots] = seconds


def _pair_slots(firsts: Keys, seconds: Keys) -> Ids:
    mixed = firsts * _MULTIPLIERS[0] + seconds * _MULTIPLIERS[1]
    slots: Ids = (mixed >> _PAIR_SHIFT).view(np.intp)
    return slots


def _views(texts: pl.Series) -> Keys:
    """Two numbers for each text, as Arrow keeps it; the first is its length and four bytes."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.newest())
    views = np.frombuffer(array.buffers()[1], dtype=np.uint64)
    return views[2 * array.offset : 2 * (array.offset + len(array))]


def _there(texts: pl.Series) -> npt.NDArray[np.uint8]:
    """Bits of the rows that have a text, first row first."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.newest())
    if array.offset % 8 or not array.buffers()[0]:
        return np.packbits(texts.is_not_null().to_numpy(), bitorder="little")
    first = array.offset // 8
    bits = np.frombuffer(array.buffers()[0], dtype=np.uint8)
    return bits[first : first + (len(texts) + 7) // 8]


def _set_bits(bits: npt.NDArray[np.uint8], count: int) -> Ids:
    """Places of the bits that are set, where few are; those behind the last row mean nothing."""
    filled = np.flatnonzero(bits)
    places = np.unpackbits(bits[filled], bitorder="little").nonzero()[0]
    rows = filled[places >> 3] * 8 + (places & 7)
    found: Ids = rows[: np.searchsorted(rows, count)]
    return found


def _slots(keys: Keys, ids: Ids, factor: np.uint64) -> Ids:
    """Place ids by their keys; of two for one slot the first stays."""
    slots = np.zeros(1 << _SLOT_BITS, dtype=np.intp)
    fits = ids <= np.iinfo(np.uint16).max
    places = (keys[fits] * factor) >> _SHIFT
    slots[places[::-1]] = ids[fits][::-1]
    return slots
