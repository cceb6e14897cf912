"""What follows from each row of a table, column by column, as arrays over its rows."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from outspread.stage.cells import ORDERS, Endpoint, reference
from outspread.stage.compile import Compiled, CompiledTable
from outspread.stage.lookup import Rows
from outspread.stage.vocabulary import Vocabulary
from outspread.stage.words import ABSENT, Flags, Ids

KEEP: Final = -1  # nothing is set
_FIRST_REFERENCE: Final = -2


class Results(NamedTuple):
    """One endpoint column.

    `values`: id that each row sets, `KEEP`, or a number below that stands for a key of
    `references`; one more at the end, for no row. `sets`: some row sets something; `only_sets`:
    each row does. `errors`: rows by message (None: the usual one). `jumps`: rows by table.
    `stops`: rows that end the mapping, None if none does.
    """

    key: str
    values: Ids
    sets: bool
    only_sets: bool
    references: tuple[tuple[int, str], ...]
    errors: Mapping[str | None, Flags]
    jumps: Mapping[str, Flags]
    stops: Flags | None


class Orders(NamedTuple):
    """All endpoints of an algorithm as arrays: order, and what is set (see `Results.values`)."""

    endpoints: Sequence[Endpoint]
    kinds: npt.NDArray[np.int8]
    values: Ids
    references: tuple[str, ...]


def make_orders(compiled: Compiled, vocabulary: Vocabulary) -> Orders:
    """Prepare all endpoints of an algorithm."""
    references: dict[str, int] = {}
    values = [_value(endpoint, references, vocabulary) for endpoint in compiled.endpoints]
    kinds = [ORDERS.index(endpoint.order) for endpoint in compiled.endpoints]
    return Orders(
        compiled.endpoints,
        np.array(kinds, dtype=np.int8),
        np.array(values, dtype=np.intp),
        tuple(references),
    )


def results_of(table: CompiledTable, orders: Orders) -> tuple[Results, ...]:
    """Prepare the endpoint columns of a table."""
    return tuple(_column(key, codes, orders) for key, codes in table.endpoints)


def _value(endpoint: Endpoint, references: dict[str, int], vocabulary: Vocabulary) -> int:
    if endpoint.order != "VALUE":
        return KEEP
    if endpoint.value is None:
        return ABSENT
    key = reference(endpoint.value)
    if key is None:
        return vocabulary.id_of(endpoint.value)
    return _FIRST_REFERENCE - references.setdefault(key, len(references))


def _column(key: str, codes: Rows, orders: Orders) -> Results:
    values = orders.values[codes]
    kinds = orders.kinds[codes]
    used = sorted({_FIRST_REFERENCE - value for value in values[values < KEEP].tolist()})
    stops = kinds == ORDERS.index("STOP")
    return Results(
        key,
        np.append(values, KEEP),
        bool((values != KEEP).any()),
        bool((values > KEEP).all()),
        tuple((_FIRST_REFERENCE - number, orders.references[number]) for number in used),
        _rows_by(codes, kinds == ORDERS.index("ERROR"), orders),
        {
            str(table): rows
            for table, rows in _rows_by(codes, kinds == ORDERS.index("JUMP"), orders).items()
        },
        np.append(stops, False) if stops.any() else None,
    )


def _rows_by(codes: Rows, chosen: Flags, orders: Orders) -> dict[str | None, Flags]:
    """Rows that give an order, by its value; False at the end, for no row."""
    found: dict[str | None, Flags] = {}
    for code in np.unique(codes[chosen]).tolist():
        value = orders.endpoints[code].value or None
        rows = np.append(codes == code, False)
        found[value] = found[value] | rows if value in found else rows
    return found
