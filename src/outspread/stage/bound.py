"""Tables made ready for one current year: references to what never changes are filled in."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from outspread.errors import StageError
from outspread.stage.cells import Range, is_number, is_numeric, parse_input, rank, reference
from outspread.stage.classes import Column, ColumnMaker
from outspread.stage.compile import VERSION_KEY, YEAR_KEY, YEARS, Compiled, CompiledTable
from outspread.stage.lookup import Lookup, make_lookup

Cell = tuple[Range, ...] | None


class Bound(NamedTuple):
    """A table to look rows up in.

    `referring` holds the parsed cells of each column instead of a lookup, where a cell refers to a
    key that changes from case to case; `references` are these keys.
    """

    id: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    lookup: Lookup | None
    referring: tuple[tuple[Cell, ...], ...]
    references: tuple[str, ...]
    row_count: int


def constants(compiled: Compiled, year: int) -> dict[str, str]:
    """Keys that have a value before anything is read.

    Raises
    ------
    StageError
        S006 if that year is out of reason.
    """
    if year not in YEARS:
        message = f"S006: the current year must be from {YEARS[0]} to {YEARS[-1]}."
        raise StageError(message)
    return {VERSION_KEY: compiled.version, YEAR_KEY: str(year)}


def binder(compiled: Compiled, fixed: Mapping[str, str]) -> Callable[[str], Bound | None]:
    """Give a function that returns the table of an id; None where the algorithm has none."""

    @cache
    def find(table_id: str) -> Bound | None:
        table = compiled.tables.get(table_id)
        return None if table is None else _bind(compiled, table, fixed)

    return find


def _bind(compiled: Compiled, table: CompiledTable, fixed: Mapping[str, str]) -> Bound:
    keys = tuple(key for key, _ in table.inputs)
    if table.lookup is not None:
        columns = tuple(compiled.columns[column] for _, column in table.inputs)
        lookup = compiled.lookups[table.lookup]
        return Bound(table.id, keys, columns, lookup, (), (), table.row_count)
    cells = [[_filled(cell, fixed) for cell in column] for column in table.cells]
    parsed = tuple(tuple(parse_input(cell) for cell in column) for column in cells)
    references = {
        key
        for column in parsed
        for cell in column
        for piece in cell or ()
        for key in map(reference, piece)
        if key is not None
    }
    if references:
        named = tuple(sorted(references))
        return Bound(table.id, keys, (), None, parsed, named, table.row_count)
    maker = ColumnMaker(compiled.words)
    columns = tuple(maker.make(column) for column in cells)
    lookup = make_lookup([column.masks for column in columns], table.row_count)
    return Bound(table.id, keys, columns, lookup, (), (), table.row_count)


def _filled(cell: str | None, fixed: Mapping[str, str]) -> str | None:
    for key, value in fixed.items():
        cell = cell and cell.replace("{{" + key + "}}", value)
    return cell


def match_row(bound: Bound, value_of: Callable[[str], str]) -> int:
    """First row of a table whose cells refer to other keys; its number of rows if none matches."""
    for row in range(bound.row_count):
        if all(
            _cell_accepts(cells[row], value_of(key), value_of)
            for key, cells in zip(bound.keys, bound.referring, strict=True)
        ):
            return row
    return bound.row_count


def _cell_accepts(cell: Cell, value: str, value_of: Callable[[str], str]) -> bool:
    return cell is None or any(_accepts(piece, value, value_of) for piece in cell)


def _accepts(piece: Range, value: str, value_of: Callable[[str], str]) -> bool:
    keys = [reference(bound) for bound in piece]
    low, high = (
        bound if key is None else value_of(key) for bound, key in zip(piece, keys, strict=True)
    )
    if is_numeric(Range(low, high)):
        is_whole = "." not in low + high
        if not is_number(value) or (is_whole and "." in value):
            return False
        return bool(np.float32(low) <= np.float32(value) <= np.float32(high))
    ranks = rank(low), rank(value), rank(high)
    return ranks[0][0] == ranks[1][0] == ranks[2][0] and ranks[0] <= ranks[1] <= ranks[2]
