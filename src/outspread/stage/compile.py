"""An algorithm compiled: every table an array, every cell parsed once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import orjson

from outspread.errors import StageError
from outspread.stage.archive import Source
from outspread.stage.cells import (
    ORDERS,
    Endpoint,
    is_number,
    is_numeric,
    parse_endpoint,
    parse_input,
    reference,
)
from outspread.stage.classes import Cells, Column, ColumnMaker
from outspread.stage.definitions import Schema, Table, parse_schema, parse_table, prune
from outspread.stage.lookup import Lookup, Rows, make_lookup
from outspread.stage.selection import Selection, make_selection
from outspread.stage.words import Words, make_words

VERSION_KEY: Final = "ctx_alg_version"
YEAR_KEY: Final = "ctx_year_current"
YEARS: Final = range(1900, 2101)  # current years that can be asked for
SITE_TABLE: Final = "primary_site"
HISTOLOGY_TABLE: Final = "histology"
_MOST_VALUES: Final = 100_000  # sites or histologies of a range
_WIDEST: Final = 1_000  # whole numbers of a range that are named one by one


class CompiledTable(NamedTuple):
    """A table as arrays.

    `inputs`: key and column; where a cell refers to another key there is no lookup, and `cells` has
    the cells of each column. `endpoints`: key, and for each row the number of its endpoint.
    """

    id: str
    inputs: tuple[tuple[str, int], ...]
    lookup: int | None
    cells: tuple[tuple[str | None, ...], ...]
    endpoints: tuple[tuple[str, Rows], ...]
    row_count: int


class Compiled(NamedTuple):
    """All of an algorithm that staging needs.

    `schemas` are JSON, see `parse_schema`: most runs need a few of them. `output_keys` are those of
    all schemas, `input_keys` too.
    """

    sha256: str
    algorithm: str
    version: str
    words: Words
    columns: Sequence[Column]
    lookups: Sequence[Lookup]
    endpoints: Sequence[Endpoint]
    tables: Mapping[str, CompiledTable]
    schemas: Sequence[bytes]
    schema_ids: Sequence[str]
    input_keys: Sequence[str]
    output_keys: Sequence[str]
    selection: Selection
    sites: frozenset[str]
    histologies: frozenset[str]


def compile_source(source: Source, sha256: str) -> Compiled:
    """Compile an algorithm.

    Raises
    ------
    StageError
        S004 if it does not hold together, S005 if a table that selects is missing.
    """
    raw = [source.schemas[name] for name in sorted(source.schemas)]
    schemas = [parse_schema(item) for item in raw]
    tables = {name: parse_table(item) for name, item in sorted(source.tables.items())}
    _check(schemas, tables)
    endpoints = _Numbered()
    codes = {name: _endpoint_codes(table, endpoints) for name, table in tables.items()}
    parsed = [_endpoint(cell) for cell in endpoints.items]
    sites, histologies = (_single_values(tables[name]) for name in (SITE_TABLE, HISTOLOGY_TABLE))
    words = make_words({*_texts(schemas, tables, parsed, source.version), *sites, *histologies})
    maker = ColumnMaker(words)
    columns, lookups = _Numbered(), _Numbered()
    compiled = {
        name: _compile_table(table, codes[name], columns, lookups) for name, table in tables.items()
    }
    made = [maker.make(cells) for cells in columns.items]
    return Compiled(
        sha256,
        source.algorithm,
        source.version,
        words,
        made,
        [
            make_lookup([made[column].masks for column in own], row_count)
            for own, row_count in lookups.items
        ],
        parsed,
        compiled,
        [orjson.dumps(prune(item)) for item in raw],
        [schema.id for schema in schemas],
        _different(item.key for schema in schemas for item in schema.inputs),
        _different(item.key for schema in schemas for item in schema.outputs),
        make_selection([_selecting(tables[schema.selection_table]) for schema in schemas], maker),
        sites,
        histologies,
    )


def _different(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(keys))


class _Numbered:
    """Numbers different things in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    @property
    def items(self) -> list[Any]:
        return list(self._numbers)

    def number(self, item: object) -> int:
        return self._numbers.setdefault(item, len(self._numbers))


def _check(schemas: Sequence[Schema], tables: Mapping[str, Table]) -> None:
    """Tables that choose what is done must be there; others may be missed while staging."""
    for schema in schemas:
        choosing = [schema.selection_table, SITE_TABLE, HISTOLOGY_TABLE]
        for stage in schema.stages:
            choosing += [path.table for path in (*stage.inclusion, *stage.exclusion)]
        missing = sorted(set(choosing) - set(tables))
        if missing:
            message = (
                f"S005: the algorithm file has no table {missing[0]}, which schema {schema.id} "
                "refers to. Download it again."
            )
            raise StageError(message)


def _endpoint_codes(table: Table, endpoints: _Numbered) -> tuple[tuple[str, Rows], ...]:
    return tuple(
        (key, np.array([endpoints.number(row[i] or "") for row in table.rows], dtype=np.int32))
        for key, i in table.endpoints
    )


def _endpoint(cell: str) -> Endpoint:
    endpoint = parse_endpoint(cell)
    if endpoint.order not in ORDERS:
        message = "S004: the algorithm file has an endpoint that is none of " + ", ".join(ORDERS)
        raise StageError(message)
    return endpoint


def _compile_table(
    table: Table, endpoints: tuple[tuple[str, Rows], ...], columns: _Numbered, lookups: _Numbered
) -> CompiledTable:
    cells = tuple(tuple(row[i] for row in table.rows) for _, i in table.inputs)
    count = len(table.rows)
    keys = [key for key, _ in table.inputs]
    if any(refers(column) for column in cells):
        inputs = tuple((key, -1) for key in keys)
        return CompiledTable(table.id, inputs, None, cells, endpoints, count)
    own = tuple(columns.number(column) for column in cells)
    inputs = tuple(zip(keys, own, strict=True))
    return CompiledTable(table.id, inputs, lookups.number((own, count)), (), endpoints, count)


def refers(cells: Cells) -> bool:
    """Tell whether a cell of a column may refer to another key."""
    return any(cell is not None and "{{" in cell for cell in cells)


def _selecting(table: Table) -> tuple[dict[str, Cells], int]:
    """Cells of a table that selects; references are blank there, as nothing else is known yet."""
    return {key: [blank_references(row[i]) for row in table.rows] for key, i in table.inputs}, len(
        table.rows
    )


def blank_references(cell: str | None) -> str | None:
    """Make a cell whose references stand for blank."""
    if cell is None or "{{" not in cell:
        return cell
    pieces = (
        "-".join("" if reference(part.strip()) else part for part in piece.split("-"))
        for piece in cell.split(",")
    )
    return ",".join(pieces)


def _texts(
    schemas: Sequence[Schema],
    tables: Mapping[str, Table],
    endpoints: Iterable[Endpoint],
    version: str,
) -> set[str]:
    """Every text that a cell names, an endpoint sets or a schema begins with."""
    found = {version, *map(str, YEARS)}
    found.update(endpoint.value or "" for endpoint in endpoints)
    cells = {
        cell for table in tables.values() for _, i in table.inputs for cell in _column(table, i)
    }
    for cell in cells:
        for piece in parse_input(cell) or ():
            found.update(piece)
            if is_numeric(piece) and "." not in piece.low + piece.high:
                found.update(whole_numbers(piece.low, piece.high, most=_WIDEST))
    for schema in schemas:
        found.update(item.default or "" for item in schema.inputs)
        found.update(output.default or "" for output in schema.outputs)
        for pairs in (schema.initial, *(stage.initial for stage in schema.stages)):
            found.update(value or "" for _, value in pairs)
    return found


def _column(table: Table, place: int) -> set[str | None]:
    return {row[place] for row in table.rows}


def whole_numbers(low: str, high: str, *, most: int) -> list[str]:
    """Whole numbers of a range, as long as its lower bound; none if they are too many."""
    first, last = int(low), int(high)
    if last - first > most:
        return []
    return [str(number).rjust(len(low), "0") for number in range(first, last + 1)]


def _single_values(table: Table) -> frozenset[str]:
    """Values of a table with one input column."""
    if len(table.inputs) != 1:
        message = f"S004: table {table.id} of the algorithm file must have one input column."
        raise StageError(message)
    found: set[str] = set()
    for cell in _column(table, table.inputs[0][1]):
        for low, high in parse_input(cell) or ():
            if low == high:
                found.add(low)
            elif is_number(low) and is_number(high):
                found.update(whole_numbers(low, high, most=_MOST_VALUES))
    return frozenset(found)
