"""Schemas and tables as an algorithm file defines them, checked and in our own words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, cast

from outspread.errors import StageError

Json = Mapping[str, Any]
OnInvalid = Literal["CONTINUE", "FAIL", "FAIL_WHEN_USED_FOR_STAGING"]
ON_INVALID: Final = ("CONTINUE", "FAIL", "FAIL_WHEN_USED_FOR_STAGING")
KEPT: Final = (
    "id",
    "name",
    "title",
    "schema_selection_table",
    "schema_discriminators",
    "inputs",
    "outputs",
    "mappings",
    "initial_context",
    "on_invalid_input",
)

_PATHS: Final = ("inclusion_tables", "exclusion_tables", "tables")


class Input(NamedTuple):
    """An item that a schema takes."""

    key: str
    name: str
    naaccr_item: int | None
    naaccr_xml_id: str | None
    default: str | None
    default_table: str | None
    table: str | None
    used_for_staging: bool


class Output(NamedTuple):
    """An item that a schema gives."""

    key: str
    name: str
    naaccr_item: int | None
    naaccr_xml_id: str | None
    default: str | None
    table: str | None


class Path(NamedTuple):
    """A table to visit, and which keys are copied before and written instead of its own."""

    table: str
    reads: tuple[tuple[str, str], ...]
    writes: tuple[tuple[str, str], ...]


class Stage(NamedTuple):
    """One mapping of a schema: when it applies, what it sets, and the tables it visits."""

    id: str
    inclusion: tuple[Path, ...]
    exclusion: tuple[Path, ...]
    initial: tuple[tuple[str, str | None], ...]
    paths: tuple[Path, ...]


class Schema(NamedTuple):
    """How one group of cancers is staged."""

    id: str
    name: str
    title: str
    selection_table: str
    discriminators: tuple[str, ...]
    on_invalid: OnInvalid
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    initial: tuple[tuple[str, str | None], ...]
    stages: tuple[Stage, ...]


class Table(NamedTuple):
    """The columns of a table and its rows, one cell per column."""

    id: str
    inputs: tuple[tuple[str, int], ...]
    endpoints: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str | None, ...], ...]


def prune(raw: Json) -> Json:
    """Keep of a schema what staging needs; it must be one that `parse_schema` takes."""
    kept = {key: raw[key] for key in KEPT if key in raw}
    for name, own in (("inputs", Input._fields), ("outputs", Output._fields)):
        kept[name] = [_only(item, own) for item in raw.get(name) or ()]
    kept["mappings"] = [
        {key: _pruned_paths(value) if key in _PATHS else value for key, value in stage.items()}
        for stage in raw.get("mappings") or ()
    ]
    return kept


def _pruned_paths(paths: list[Json]) -> list[Json]:
    return [_only(path, ("id", "input_mapping", "output_mapping")) for path in paths]


def _only(item: Json, keys: Sequence[str]) -> Json:
    return {key: item[key] for key in keys if item.get(key) is not None}


def parse_schema(raw: Json) -> Schema:
    """Read a schema.

    Raises
    ------
    StageError
        S004 if a part of it is missing or of another kind.
    """
    where = f"schema {raw.get('id')}"
    on_invalid = raw.get("on_invalid_input") or "CONTINUE"
    if on_invalid not in ON_INVALID:
        raise _error(where, "on_invalid_input", "is none of those known")
    return Schema(
        _text(raw, "id", where),
        _text(raw, "name", where),
        _maybe(raw, "title", where) or _text(raw, "name", where),
        _text(raw, "schema_selection_table", where),
        tuple(_list(raw, "schema_discriminators", where)),
        cast("OnInvalid", on_invalid),
        tuple(_input(item, where) for item in _list(raw, "inputs", where)),
        tuple(_output(item, where) for item in _list(raw, "outputs", where)),
        _initial(raw, where),
        tuple(_stage(item, where) for item in _list(raw, "mappings", where)),
    )


def parse_table(raw: Json) -> Table:
    """Read a table.

    Raises
    ------
    StageError
        S004 if a part of it is missing, or a row has not as many cells as there are columns.
    """
    where = f"table {raw.get('id')}"
    columns = [
        (_text(column, "key", where), _text(column, "type", where))
        for column in _list(raw, "definition", where)
    ]
    rows = tuple(map(tuple, _list(raw, "rows", where)))
    if any(len(row) != len(columns) for row in rows):
        raise _error(where, "rows", "have not one cell for each column")
    if any(cell is not None and not isinstance(cell, str) for row in rows for cell in row):
        raise _error(where, "rows", "hold cells that are no text")
    of_kind = {
        wanted: tuple((key, i) for i, (key, kind) in enumerate(columns) if kind == wanted)
        for wanted in ("INPUT", "ENDPOINT")
    }
    return Table(_text(raw, "id", where), of_kind["INPUT"], of_kind["ENDPOINT"], rows)


def _input(raw: Json, where: str) -> Input:
    return Input(
        _text(raw, "key", where),
        _maybe(raw, "name", where) or _text(raw, "key", where),
        raw.get("naaccr_item"),
        _maybe(raw, "naaccr_xml_id", where),
        _maybe(raw, "default", where),
        _maybe(raw, "default_table", where),
        _maybe(raw, "table", where),
        bool(raw.get("used_for_staging")),
    )


def _output(raw: Json, where: str) -> Output:
    return Output(
        _text(raw, "key", where),
        _maybe(raw, "name", where) or _text(raw, "key", where),
        raw.get("naaccr_item"),
        _maybe(raw, "naaccr_xml_id", where),
        _maybe(raw, "default", where),
        _maybe(raw, "table", where),
    )


def _stage(raw: Json, where: str) -> Stage:
    paths = {name: tuple(_path(item, where) for item in _list(raw, name, where)) for name in _PATHS}
    return Stage(
        _text(raw, "id", where),
        paths["inclusion_tables"],
        paths["exclusion_tables"],
        _initial(raw, where),
        paths["tables"],
    )


def _path(raw: Json, where: str) -> Path:
    reads, writes = (
        tuple(
            (_text(item, "from", where), _text(item, "to", where))
            for item in _list(raw, name, where)
        )
        for name in ("input_mapping", "output_mapping")
    )
    return Path(_text(raw, "id", where), reads, writes)


def _initial(raw: Json, where: str) -> tuple[tuple[str, str | None], ...]:
    items = _list(raw, "initial_context", where)
    return tuple((_text(item, "key", where), _maybe(item, "value", where)) for item in items)


def _text(raw: Json, key: str, where: str) -> str:
    value = raw.get(key) if isinstance(raw, dict) else None  # ten times as fast as Mapping
    if not isinstance(value, str):
        raise _error(where, key, "is missing")
    return value


def _maybe(raw: Json, key: str, where: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise _error(where, key, "is no text")
    return value


def _list(raw: Json, key: str, where: str) -> Sequence[Any]:
    value = raw.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _error(where, key, "is no list")
    return value


def _error(where: str, key: str, what: str) -> StageError:
    return StageError(f"S004: the algorithm file does not hold together: {where}: {key} {what}.")
