"""The row of a table as an array over the classes of its columns."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from outspread.stage.classes import Masks

Rows = npt.NDArray[np.signedinteger[Any]]
MOST_CELLS: Final = 4_000_000


class Lookup(NamedTuple):
    """First matching row by the sum of `strides[i] * class of column i`.

    `row_count` stands for no row. Where the array would be too large, `pairs` come first: each
    turns the number so far and the class of the next column into a smaller number.
    """

    strides: tuple[int, ...]
    rows: Rows
    pairs: tuple[Rows, ...]
    row_count: int


def make_lookup(masks: Sequence[Masks], row_count: int) -> Lookup:
    """Make the lookup of a table whose columns have these classes.

    Parameters
    ----------
    masks
        For each column the rows that each of its classes stands for.
    """
    sizes = [len(column) for column in masks]
    if np.prod([float(size) for size in sizes]) <= MOST_CELLS:
        strides = [int(np.prod(sizes[place + 1 :])) for place in range(len(sizes))]
        rows = np.full(int(np.prod(sizes)), row_count, dtype=np.min_scalar_type(-row_count - 1))
        _fill(rows, masks, strides, 0, (1 << row_count) - 1, 0)
        return Lookup(tuple(strides), rows, (), row_count)
    pairs = []
    left = masks[0]
    for right in masks[1:]:
        pair, left = fold(left, right)
        pairs.append(pair)
    rows = np.array(
        [first_row(mask, row_count) for mask in left], dtype=np.min_scalar_type(-row_count - 1)
    )
    return Lookup(tuple(len(column) for column in masks[1:]), rows, tuple(pairs), row_count)


def first_row(mask: int, row_count: int) -> int:
    """Return the first row of a set; `row_count` if it is empty."""
    return (mask & -mask).bit_length() - 1 if mask else row_count


def fold(left: Masks, right: Masks) -> tuple[Rows, Masks]:
    """Both of two columns as one.

    Returns
    -------
    The class of a pair, at `left * len(right) + right`; the rows of each class.
    """
    numbers: dict[int, int] = {}
    pair = [numbers.setdefault(one & other, len(numbers)) for one in left for other in right]
    return np.array(pair, dtype=np.int32), list(numbers)


def _fill(
    rows: Rows, masks: Sequence[Masks], strides: Sequence[int], column: int, left: int, start: int
) -> None:
    """Fill the part of the array below some classes of the columns before `column`."""
    if column == len(masks):
        if left:
            rows[start] = first_row(left, len(rows))
        return
    stride = strides[column]
    is_last = column + 1 == len(masks)
    for number, mask in enumerate(masks[column]):
        both = left & mask
        if not both:
            continue
        place = start + number * stride
        if is_last:
            rows[place] = (both & -both).bit_length() - 1
        else:
            _fill(rows, masks, strides, column + 1, both, place)
