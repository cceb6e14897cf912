"""Texts of records as numbers: those an algorithm knows, and those met while it runs."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from outspread.stage.cells import trim
from outspread.stage.classes import Column
from outspread.stage.words import ABSENT, BLANK, FIRST, Ids, Words, as_numbers, gap_of

Codes = npt.NDArray[np.int32]
SHOWN_BLANK = "<blank>"


class Vocabulary:
    """Ids of texts. Unknown texts get one when they are met, after the known ones."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known = pl.Enum(list(words.texts))
        self._ids: dict[str, int] = {}
        self._gaps: list[int] = []
        self._trimmed: list[int] = []
        self._as_met: tuple[Ids, npt.NDArray[np.float32], Ids] | None = None
        self.size = words.id_count

    def add(self, texts: Iterable[str]) -> None:
        """Give an id to each text that has none."""
        for text in texts:
            if text in self._words.index or text in self._ids:
                continue
            bare = trim(text)
            if bare != text:
                self.add([bare])
            self._ids[text] = self.size
            self.size += 1
            self._gaps.append(gap_of(self._words, text))
            self._trimmed.append(self.id_of(bare))

    def id_of(self, text: str) -> int:
        """Return the id of a text that is known or was added."""
        known = self._words.index.get(text)
        return self._ids[text] if known is None else known + FIRST

    @property
    def has_untrimmed(self) -> bool:
        """Tell whether a text with blanks around it has been met."""
        return any(own != bare for own, bare in zip(self._ids.values(), self._trimmed, strict=True))

    @property
    def trimmed(self) -> Ids:
        """Id of each text without the blanks around it."""
        known = np.arange(self._words.id_count)
        return np.concatenate([known, np.array(self._trimmed, dtype=np.intp)])

    def encode(self, texts: pl.Series) -> Codes:
        """Turn texts into ids, one text at a time where it is new; nothing is absent."""
        coded = texts.cast(self._known, strict=False)
        ids = (coded.to_physical().cast(pl.Int32) + FIRST).fill_null(ABSENT)
        unknown = coded.is_null() & texts.is_not_null()
        if unknown.any():
            values = texts.filter(unknown)
            new = values.unique()
            self.add(new)
            found = pl.Series([self.id_of(text) for text in new], dtype=pl.Int32)
            ids = ids.scatter(
                unknown.arg_true(), values.replace_strict(new, found, return_dtype=pl.Int32)
            )
        found_ids: Codes = ids.to_numpy()
        return found_ids

    def texts(self) -> pl.Series:
        """Text of each id; nothing for those that are no text."""
        return pl.Series([None, None, *self._words.texts, *self._ids], dtype=pl.String)

    def shown(self) -> pl.Series:
        """Text of each id as messages show it."""
        named = [SHOWN_BLANK] * (BLANK + 1)
        return pl.Series([*named, *self._words.texts[1:], *self._ids], dtype=pl.String)

    def classes(self, column: Column) -> Ids:
        """Class of each id in a column of a table; what is no text is as blank."""
        ends = np.append(column.starts, len(self._words.texts))
        known = np.repeat(column.classes, np.diff(ends)).astype(np.intp)
        unknown = self._unknown(column) if self._ids else known[:0]
        return np.concatenate([np.repeat(known[:1], FIRST), known, unknown])

    def _unknown(self, column: Column) -> Ids:
        gaps, values, kinds = self._met()
        runs = np.searchsorted(column.gap_starts, gaps, side="right") - 1
        places = np.zeros(len(gaps), dtype=np.intp)
        if len(column.points):
            places += np.searchsorted(column.points, values, side="left")
            places += np.searchsorted(column.points, values, side="right")
            places[kinds == 0] = 0
        found: Ids = column.slots[column.gap_variants[runs], kinds, places].astype(np.intp)
        return found

    def _met(self) -> tuple[Ids, npt.NDArray[np.float32], Ids]:
        """Gap, number and kind (text, whole number, number with a point) of what was met."""
        if self._as_met is None or len(self._as_met[0]) != len(self._ids):
            values, has_point = as_numbers(list(self._ids))
            kinds = np.where(np.isnan(values), 0, 1 + has_point)
            self._as_met = (np.array(self._gaps, dtype=np.intp), values, kinds)
        return self._as_met


def class_of(words: Words, column: Column, text: str) -> int:
    """Class of one text in a column of a table, known or not."""
    place = words.index.get(text)
    if place is not None:
        return int(column.classes[np.searchsorted(column.starts, place, side="right") - 1])
    run = np.searchsorted(column.gap_starts, gap_of(words, text), side="right") - 1
    values, has_point = as_numbers([text])
    if np.isnan(values[0]):
        return int(column.slots[column.gap_variants[run], 0, 0])
    slot = sum(np.searchsorted(column.points, values[0], side=s) for s in ("left", "right"))
    return int(column.slots[column.gap_variants[run], 1 + int(has_point[0]), slot])
