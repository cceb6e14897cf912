"""All texts that an algorithm knows, in the order in which they compare.

A text of a record is then a number. Texts that no table names stand in a gap between two that are
named, so what holds for the gap holds for them; those that are numbers are compared as such.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from outspread.stage.cells import is_number, rank

Ids = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

ABSENT: Final = 0  # the key is not there
NULL: Final = 1  # it is, with no value
FIRST: Final = 2  # the first text, which is ""
BLANK: Final = FIRST


class Numbers(NamedTuple):
    """Texts as numbers of single precision; NaN where they are none."""

    values: Floats
    has_point: Flags


@dataclass(frozen=True)
class Words:
    """Known texts, sorted by `rank`, and what they are as numbers."""

    texts: Sequence[str]
    index: dict[str, int]

    @property
    def id_count(self) -> int:
        """Ids in use: two that are no text, and one for each text."""
        return FIRST + len(self.texts)

    @cached_property
    def ranks(self) -> list[tuple[int, bytes]]:
        """Sort key of each text."""
        return [rank(text) for text in self.texts]

    @cached_property
    def numbers(self) -> Numbers:
        """Each text as a number."""
        return as_numbers(self.texts)


def make_words(texts: Iterable[str]) -> Words:
    """Put texts in order; blank is always known."""
    return sorted_words(sorted({"", *texts}, key=rank))


def sorted_words(texts: Sequence[str]) -> Words:
    """Make words of texts that are in order."""
    return Words(texts, {text: number for number, text in enumerate(texts)})


def as_numbers(texts: Sequence[str]) -> Numbers:
    """Read texts as numbers."""
    with np.errstate(over="ignore"):
        values = np.array(
            [float(text) if is_number(text) else np.nan for text in texts], dtype=np.float64
        ).astype(np.float32)
    return Numbers(values, np.array(["." in text for text in texts], dtype=np.bool_))


def gap_of(words: Words, text: str) -> int:
    """Number of the known texts that come before an unknown one: the gap it stands in."""
    return bisect_left(words.ranks, rank(text))
