"""Which schema a case belongs to: the selection tables of all schemas as one."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from outspread.stage.classes import Cells, Column, ColumnMaker, Masks
from outspread.stage.lookup import Rows, fold

SITE_KEYS = ("site", "hist")


class Selection(NamedTuple):
    """Schemas by what a case states of its site, histology and discriminators.

    The column of a discriminator has one class more than its cells: `absent`, of a key that is not
    supplied; for site and histology that is only their number of classes. `pairs` turn the number
    so far and the class of the next column into the next number.
    `fitting` are the schemas of each last number; `by_site` and `by_histology` those of each class
    of these columns alone.
    """

    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    absent: tuple[int, ...]
    pairs: tuple[Rows, ...]
    fitting: "Lists"
    by_site: "Lists"
    by_histology: "Lists"


class Lists(NamedTuple):
    """Lists of schemas below each other; list i goes from `starts[i]` to `starts[i + 1]`."""

    starts: Rows
    schemas: Rows


def make_selection(
    tables: Sequence[tuple[Mapping[str, Cells], int]], maker: ColumnMaker
) -> Selection:
    """Join the selection tables of all schemas.

    Parameters
    ----------
    tables
        For each schema the cells of each input column, and the number of rows.
    """
    others = {key for cells, _ in tables for key in cells} - {*SITE_KEYS}
    keys = (*SITE_KEYS, *sorted(others))
    row_count = sum(count for _, count in tables)
    columns, masks = [], []
    for key in keys:
        cells = [cell for own, count in tables for cell in own.get(key, ["*"] * count)]
        columns.append(maker.make(cells))
        unstated = [] if key in SITE_KEYS else [(1 << row_count) - 1]
        masks.append(columns[-1].masks + unstated)
    pairs = []
    left = masks[0]
    for right in masks[1:]:
        pair, left = fold(left, right)
        pairs.append(pair)
    owner = np.repeat(np.arange(len(tables)), [count for _, count in tables]).tolist()
    lists = [_schemas(rows, owner) for rows in (left, masks[0], masks[1])]
    absent = tuple(len(column.masks) for column in columns)
    return Selection(keys, tuple(columns), absent, tuple(pairs), *lists)


def _schemas(masks: Masks, owner: Sequence[int]) -> Lists:
    found: list[int] = []
    starts = [0]
    for mask in masks:
        rest, own = mask, set()
        while rest:
            low = rest & -rest
            own.add(owner[low.bit_length() - 1])
            rest ^= low
        found += sorted(own)
        starts.append(len(found))
    return Lists(np.array(starts, dtype=np.int32), np.array(found, dtype=np.int32))
