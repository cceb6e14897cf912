"""Files of rows as batches of text cells: delimited text and Parquet, one way for both."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from outspread.read.columns.blocks import ROW, Block, read_blocks
from outspread.read.columns.lines import Lines, find_delimiter, open_text, read_records
from outspread.read.files import PARQUET_MAGIC, open_bytes
from outspread.read.vocabulary import load_rows

ROWS_AT_ONCE: Final = 50_000
CELLS_AT_ONCE: Final = 2_000_000
_LONGEST_HEADER: Final = 200_000

Note = tuple[str, int | None, str | None]  # code, row (none: the whole file), column


class Batch(NamedTuple):
    """Some rows: `cells` is text with the number of each row in `#row`; empty cells are null."""

    cells: pl.DataFrame
    issues: list[Note]


def is_parquet(path: Path) -> bool:
    """Tell whether a file is Parquet by its first bytes."""
    with path.open("rb") as file:
        return file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC


def read_batches(path: Path) -> Iterator[Batch]:
    """Read a file batch by batch; the first batch may be empty but tells the columns.

    Raises
    ------
    OSError, pyarrow.ArrowException
        If the file cannot be read or is damaged.
    """
    if is_parquet(path):
        return _read_parquet(path)
    return _read_text(path)


def plain(cells: pl.DataFrame) -> pl.DataFrame:
    """Take off the space around cells; what stands for nothing becomes empty."""
    empty = [row["word"] for row in load_rows("columns_words.csv") if row["use"] == "empty"]
    words = "|".join(map(re.escape, empty))
    is_odd = pl.col(pl.String).str.contains(rf"^\s|\s$|^(?i:{words})?$")
    odd = [name for (name, found) in cells.select(is_odd.any()).to_dict().items() if found.item()]
    text = pl.col(odd).str.strip_chars()
    return cells.with_columns(pl.when(~text.str.to_lowercase().is_in(["", *empty])).then(text))


def _read_text(path: Path) -> Iterator[Batch]:
    with open_bytes(path) as stream:
        text = open_text(stream)
        first = text.readline(_LONGEST_HEADER)
        while first and first.isspace():
            first = text.readline(_LONGEST_HEADER)
        lines = Lines(text, first, find_delimiter(first))
        header = next(read_records(lines), None)
        if header is None or header.issue:
            code = header.issue if header and header.issue else "R070"
            yield Batch(pl.DataFrame(schema={ROW: pl.UInt32}), [(code, None, None)])
            return
        names = distinct_names(header.cells)
        yield Batch(_frame(names, []), [])
        yield from _batches(names, read_blocks(lines, names, header.number))


def distinct_names(header: list[str]) -> list[str]:
    """Names of columns without space around them; an empty or repeated one gets its number."""
    names: list[str] = [ROW]
    for number, cell in enumerate(header, start=1):
        name = cell.strip() or f"column {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return names[1:]


def _batches(names: list[str], blocks: Iterable[Block]) -> Iterator[Batch]:
    limit = max(1, min(ROWS_AT_ONCE, CELLS_AT_ONCE // len(names)))
    last = 1
    for block in blocks:
        faults = [
            (other, other.issue or _misfit(other.cells, len(names))) for other in block.others
        ]
        issues: list[Note] = [(fault, other.number, None) for other, fault in faults if fault]
        rows = [(other.number, other.cells[: len(names)]) for other, fault in faults if not fault]
        cells = block.cells
        if rows:
            cells = pl.concat([cells, _frame(names, rows)], rechunk=True).sort(ROW)
        last = max([last, *(other.number for other in block.others[-1:]), *cells[ROW][-1:]])
        if block.is_damaged:
            issues.append(("R005", last + 1, None))
        if issues or not cells.is_empty():
            yield from _pieces(plain(cells), issues, limit)


def _pieces(cells: pl.DataFrame, issues: list[Note], limit: int) -> Iterator[Batch]:
    """Cut rows into batches of about the same height; the first of them has the issues."""
    height = -(-cells.height // max(1, -(-cells.height // limit)))
    yield Batch(cells.head(height), issues)
    for start in range(height, cells.height, max(1, height)):
        yield Batch(cells.slice(start, height), [])


def _misfit(cells: list[str], width: int) -> str | None:
    """Issue of a row that is not as wide as the header, empty cells behind its last aside."""
    return "R072" if len(cells) < width or any(cells[width:]) else None


def _frame(names: list[str], rows: list[tuple[int, list[str]]]) -> pl.DataFrame:
    columns = zip(*(cells for _, cells in rows), strict=True) if rows else ([] for _ in names)
    data: dict[str, Any] = {
        name: pl.Series(column, dtype=pl.String)
        for name, column in zip(names, columns, strict=True)
    }
    return pl.DataFrame(data | {ROW: pl.Series([number for number, _ in rows], dtype=pl.UInt32)})


def _read_parquet(path: Path) -> Iterator[Batch]:
    with pq.ParquetFile(path) as file:
        if len(set(file.schema_arrow.names)) < len(file.schema_arrow.names):
            message = "Two columns have one name."
            raise pa.ArrowInvalid(message)
        flat = [field.name for field in file.schema_arrow if not _is_odd(field.type)]
        odd = [name for name in file.schema_arrow.names if name not in flat]
        notes: list[Note] = [("R051", None, name) for name in odd]
        empty = pl.DataFrame(schema=dict.fromkeys(flat, pl.String) | {ROW: pl.UInt32})
        yield Batch(empty, notes)
        start = 1
        for part in file.iter_batches(ROWS_AT_ONCE, columns=flat):
            frame = pl.DataFrame(pl.from_arrow(pa.Table.from_batches([part]))).fill_nan(None)
            numbers = pl.int_range(start, start + frame.height, dtype=pl.UInt32, eager=True)
            text = _as_text(frame)
            lost: list[Note] = [
                ("R004", start + int(row), name)
                for name in frame.columns
                for row in (frame[name].is_not_null() & text[name].is_null()).arg_true()
            ]
            start += frame.height
            yield Batch(plain(text).with_columns(numbers.alias(ROW)), lost)


def _is_odd(dtype: pa.DataType) -> bool:
    """Tell types that have no plain text: lists, structures, spans of time."""
    types = pa.types
    return bool(types.is_nested(dtype) or types.is_duration(dtype) or types.is_interval(dtype))


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Write every column as text: whole numbers without a point, bytes as UTF-8 or not at all."""
    packed = [name for name, dtype in frame.schema.items() if dtype == pl.Binary]
    frame = frame.with_columns(
        pl.Series(name, [_decoded(value) for value in frame[name]], dtype=pl.String)
        for name in packed
    )
    numbers = [pl.col(name) for name, dtype in frame.schema.items() if dtype.is_float()]
    whole = [
        pl.when(number == number.round())
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .fill_null(number.cast(pl.String))
        for number in numbers
    ]
    return frame.with_columns(whole).with_columns(pl.all().cast(pl.String, strict=False))


def _decoded(value: bytes | None) -> str | None:
    try:
        return value.decode() if value is not None else None
    except UnicodeDecodeError:
        return None
