"""Compiled algorithms kept on disk, so that a second start takes a moment.

A file is named by the SHA-256 of the algorithm file and by the version of outspread. It is written
under another name and moved into place, so two processes that make it at once do no harm: the
second puts the same content in the place of the first. It holds arrays and JSON only.
"""

import contextlib
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from outspread import __version__
from outspread.stage.archive import hash_file, read_source
from outspread.stage.cells import parse_endpoint
from outspread.stage.classes import Column
from outspread.stage.compile import Compiled, CompiledTable, compile_source
from outspread.stage.lookup import Lookup
from outspread.stage.selection import Lists, Selection
from outspread.stage.words import sorted_words

FORMAT: Final = 1  # of the files; to be raised when what they hold changes
FOLDER_VARIABLE: Final = "OUTSPREAD_CACHE"
Arrays = dict[str, npt.NDArray[Any]]
_COLUMN: Final = ("starts", "classes", "gap_starts", "gap_variants", "points", "slots")
_UNREADABLE: Final = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile)


def cache_folder() -> Path:
    """Folder for what can be made or fetched again: `OUTSPREAD_CACHE`, or the user's own."""
    stated = os.environ.get(FOLDER_VARIABLE)
    if stated:
        return Path(stated)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "outspread"


def load_compiled(path: Path, *, folder: Path | None = None) -> Compiled:
    """Return an algorithm compiled: from the cache, or compiled now and put there.

    Parameters
    ----------
    path
        The algorithm file.
    folder
        Folder of the cache; by default see `cache_folder`.

    Raises
    ------
    StageError
        See `read_source` and `compile_source`.
    """
    sha256 = hash_file(path)
    file = (folder or cache_folder()) / "compiled" / f"{sha256}-{__version__}-{FORMAT}.npz"
    with contextlib.suppress(*_UNREADABLE):
        return _read(file, sha256)
    compiled = compile_source(read_source(path), sha256)
    with contextlib.suppress(OSError):  # without a cache all else works
        _write(file, compiled)
    return compiled


def _write(file: Path, compiled: Compiled) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            np.savez(part, allow_pickle=False, **_pack(compiled))
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)


def _read(file: Path, sha256: str) -> Compiled:
    with np.load(file, allow_pickle=False) as arrays:
        return _unpack({name: arrays[name] for name in arrays.files}, sha256)


def _pack(compiled: Compiled) -> Arrays:
    tables = {}
    codes: list[npt.NDArray[Any]] = []
    for name, table in compiled.tables.items():
        keys = [key for key, _ in table.endpoints]
        tables[name] = [table.inputs, table.lookup, table.cells, keys, table.row_count]
        codes += [own for _, own in table.endpoints]
    selection = compiled.selection
    text = {
        "algorithm": compiled.algorithm,
        "version": compiled.version,
        "words": compiled.words.texts,
        "endpoints": [
            endpoint.order if endpoint.value is None else f"{endpoint.order}:{endpoint.value}"
            for endpoint in compiled.endpoints
        ],
        "tables": tables,
        "lookups": [
            [lookup.strides, lookup.row_count, len(lookup.pairs)] for lookup in compiled.lookups
        ],
        "schemas": compiled.schema_ids,
        "inputs": compiled.input_keys,
        "outputs": compiled.output_keys,
        "selection": [selection.keys, selection.absent],
        "sites": sorted(compiled.sites),
        "histologies": sorted(compiled.histologies),
    }
    packed: Arrays = {"text": np.frombuffer(orjson.dumps(text), dtype=np.uint8)}
    packed |= _joined("json", [np.frombuffer(raw, dtype=np.uint8) for raw in compiled.schemas])
    columns = [*compiled.columns, *selection.columns]
    for name in _COLUMN:
        packed |= _joined(name, [np.ravel(getattr(column, name)) for column in columns])
    packed |= _joined("codes", codes)
    packed |= _joined("rows", [lookup.rows for lookup in compiled.lookups])
    packed |= _joined("pairs", [pair for lookup in compiled.lookups for pair in lookup.pairs])
    lists = [part for own in selection[-3:] for part in own]
    return packed | _joined("selection", [*selection.pairs, *lists])


def _unpack(arrays: Mapping[str, npt.NDArray[Any]], sha256: str) -> Compiled:
    text = orjson.loads(arrays["text"].tobytes())
    parts = [_cut(arrays, name) for name in _COLUMN]
    columns = [_column(*own) for own in zip(*parts, strict=True)]
    keys, absent = text["selection"]
    own_columns = columns[len(columns) - len(keys) :]
    *pairs, a, b, c, d, e, f = _cut(arrays, "selection")
    selection = Selection(
        tuple(keys),
        tuple(own_columns),
        tuple(absent),
        tuple(pairs),
        Lists(a, b),
        Lists(c, d),
        Lists(e, f),
    )
    codes = iter(_cut(arrays, "codes"))
    tables = {
        name: CompiledTable(
            name,
            tuple((key, column) for key, column in inputs),
            lookup,
            tuple(map(tuple, cells)),
            tuple((key, next(codes)) for key in endpoints),
            row_count,
        )
        for name, (inputs, lookup, cells, endpoints, row_count) in text["tables"].items()
    }
    rows, more = iter(_cut(arrays, "rows")), iter(_cut(arrays, "pairs"))
    return Compiled(
        sha256,
        text["algorithm"],
        text["version"],
        sorted_words(text["words"]),
        columns[: len(columns) - len(keys)],
        [
            Lookup(tuple(strides), next(rows), tuple(next(more) for _ in range(count)), row_count)
            for strides, row_count, count in text["lookups"]
        ],
        [parse_endpoint(cell) for cell in text["endpoints"]],
        tables,
        [own.tobytes() for own in _cut(arrays, "json")],
        text["schemas"],
        text["inputs"],
        text["outputs"],
        selection,
        frozenset(text["sites"]),
        frozenset(text["histologies"]),
    )


def _column(*arrays: npt.NDArray[Any]) -> Column:
    starts, classes, gap_starts, gap_variants, points, slots = arrays
    shaped = slots.reshape(-1, 3, 2 * len(points) + 1)
    return Column(starts, classes, gap_starts, gap_variants, points, shaped, [])


def _joined(name: str, parts: Sequence[npt.NDArray[Any]]) -> Arrays:
    empty = np.empty(0, dtype=np.int32)
    return {
        name: np.concatenate(parts) if parts else empty,
        f"{name}_ends": np.cumsum([len(part) for part in parts], dtype=np.int64),
    }


def _cut(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Iterable[npt.NDArray[Any]]:
    whole = arrays[name]
    ends = arrays[f"{name}_ends"].tolist()
    return [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]
