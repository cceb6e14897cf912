"""What else must be known of a case: discriminators to find its schema, inputs to stage it."""

from collections.abc import Iterator
from typing import NamedTuple

from outspread.stage.cells import reference
from outspread.stage.compile import VERSION_KEY, YEAR_KEY
from outspread.stage.definitions import Path, Schema
from outspread.stage.one import Given, OneByOne
from outspread.stage.selection import SITE_KEYS


class Missing(NamedTuple):
    """What is not given.

    `schemas` still fit. `discriminators` are not given and may tell them apart, or give one where
    none fits yet; `inputs` are those that staging looks at, of the only schema that fits.
    """

    schemas: tuple[str, ...]
    discriminators: tuple[str, ...]
    inputs: tuple[str, ...]


def missing_inputs(tables: OneByOne, given: Given) -> Missing:
    """Say what is missing of a case."""
    engine = tables.engine
    selecting = {
        key: value for key, value in given.items() if key in engine.compiled.selection.keys
    }
    fitting = tables.fitting(selecting)
    possible = fitting
    if not fitting and all(selecting.get(key) is not None for key in SITE_KEYS):
        possible = tables.fitting({key: selecting[key] for key in SITE_KEYS})
    discriminators = {key for number in possible for key in engine.schema(number).discriminators}
    lacking = [key for key in SITE_KEYS if given.get(key) is None]
    if len(fitting) != 1 or lacking:
        open_keys = (*lacking, *sorted(key for key in discriminators if not given.get(key)))
        ids = tuple(sorted(engine.schema_ids[number] for number in fitting))
        return Missing(ids, open_keys, ())
    schema = engine.schema(fitting[0])
    needed = needed_inputs(tables, schema)
    inputs = tuple(
        item.key for item in schema.inputs if item.key in needed and not given.get(item.key)
    )
    return Missing((schema.id,), (), inputs)


def needed_inputs(tables: OneByOne, schema: Schema) -> set[str]:
    """Inputs that selection or some table of a mapping looks at, before another table sets them."""
    own = {item.key for item in schema.inputs}
    needed = {key for key in (*SITE_KEYS, *schema.discriminators) if key in own}
    made: set[str] = {VERSION_KEY, YEAR_KEY}
    for stage in schema.stages:
        for path in (*stage.inclusion, *stage.exclusion):
            needed |= {_read_as(key, path) for key in _keys(tables, path.table)} & own
        for path in stage.paths:
            for table_id in _visited(tables, path.table, set()):
                needed |= {_read_as(key, path) for key in _keys(tables, table_id)} & own - made
            made |= {to for _, to in path.writes}
    return needed


def _read_as(key: str, path: Path) -> str:
    """Key that a table finds under a key, where a path copies one."""
    return next((own for own, to in path.reads if to == key), key)


def _keys(tables: OneByOne, table_id: str) -> Iterator[str]:
    """Keys that a table looks at, or refers to."""
    compiled = tables.engine.compiled
    table = compiled.tables.get(table_id)
    if table is None:
        return
    yield from (key for key, _ in table.inputs)
    for _, codes in table.endpoints:
        for code in set(codes.tolist()):
            key = reference(compiled.endpoints[code].value or "")
            if key is not None:
                yield key


def _visited(tables: OneByOne, table_id: str, known: set[str]) -> set[str]:
    """A table and those that it jumps to."""
    compiled = tables.engine.compiled
    if table_id in known or table_id not in compiled.tables:
        return known
    known.add(table_id)
    for _, codes in compiled.tables[table_id].endpoints:
        for code in set(codes.tolist()):
            order, value = compiled.endpoints[code]
            if order == "JUMP" and value:
                _visited(tables, value, known)
    return known
