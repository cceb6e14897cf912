"""Texts put in the places of their numbers, as Arrow lays them out in memory.

A column of text is an array of views of sixteen bytes, each a short text itself or a reference to a
long one. To place texts is to copy views, which is several times as fast as to copy texts.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Places = npt.NDArray[np.integer[Any]]
_NEWEST = pl.CompatLevel.newest()
_VIEW = np.dtype("V16")


class Texts:
    """Some texts to be placed many times."""

    def __init__(self, texts: pl.Series) -> None:
        array = texts.rechunk().to_arrow(compat_level=_NEWEST)
        _, views, *self._long = array.buffers()
        end = array.offset + len(array)
        self._views = np.frombuffer(views, dtype=_VIEW)[array.offset : end]
        self._is_text = texts.is_not_null().to_numpy() if texts.null_count() else None

    def at(self, places: Places) -> pa.Array:
        """Place the text of each number."""
        validity = None
        if self._is_text is not None:
            there = self._is_text.take(places)
            if not there.all():
                validity = pa.py_buffer(np.packbits(there, bitorder="little"))
        views = pa.py_buffer(self._views.take(places))
        return pa.Array.from_buffers(pa.string_view(), len(places), [validity, views, *self._long])

    def series(self, name: str, places: Places) -> pl.Series:
        """Place the text of each number as a column."""
        return pl.Series(name, pl.from_arrow(self.at(places)))


class TextLists:
    """Some lists of texts to be placed many times; an empty one is nothing."""

    def __init__(self, lists: list[list[str]]) -> None:
        self._counts = np.array([len(own) for own in lists], dtype=np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._texts = Texts(pl.Series([text for own in lists for text in own], dtype=pl.String))

    def at(self, places: Places) -> pa.Array:
        """Place the list of each number."""
        counts = self._counts.take(places)
        ends = np.cumsum(counts)
        source = np.repeat(self._starts.take(places) - ends + counts, counts)
        source += np.arange(len(source))
        offsets = np.concatenate([np.zeros(1, np.int64), ends])
        validity = None if counts.all() else np.packbits(counts > 0, bitorder="little")
        return pa.Array.from_buffers(
            pa.large_list(pa.string_view()),
            len(places),
            [validity if validity is None else pa.py_buffer(validity), pa.py_buffer(offsets)],
            children=[self._texts.at(source)],
        )
