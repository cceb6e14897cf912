"""Files of rows as batches of text cells: delimited text and Parquet, one way for both."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from outspread.read.columns.lines import Record, find_delimiter, open_text, read_records
from outspread.read.files import DAMAGED, PARQUET_MAGIC, open_bytes
from outspread.read.vocabulary import load_rows

ROWS_AT_ONCE: Final = 20_000
CELLS_AT_ONCE: Final = 2_000_000
ROW: Final = "#row"  # no header of a file can be this: "#" is not kept in names


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
    text = pl.col(pl.String).str.strip_chars()
    return cells.with_columns(pl.when(~text.str.to_lowercase().is_in(["", *empty])).then(text))


def _read_text(path: Path) -> Iterator[Batch]:
    with open_bytes(path) as stream:
        text = open_text(stream)
        first = text.readline(ROWS_AT_ONCE * 10)
        while first and first.isspace():
            first = text.readline(ROWS_AT_ONCE * 10)
        records = read_records(text, first, find_delimiter(first))
        header = next(records, None)
        if header is None or header.issue:
            code = header.issue if header and header.issue else "R070"
            yield Batch(pl.DataFrame(schema={ROW: pl.UInt32}), [(code, None, None)])
            return
        names = distinct_names(header.cells)
        yield _batch(names, [], [])
        yield from _batches(names, records)


def distinct_names(header: list[str]) -> list[str]:
    """Names of columns without space around them; an empty or repeated one gets its number."""
    names: list[str] = [ROW]
    for number, cell in enumerate(header, start=1):
        name = cell.strip() or f"column {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return names[1:]


def _batches(names: list[str], records: Iterator[Record]) -> Iterator[Batch]:
    width = len(names)
    limit = max(1, min(ROWS_AT_ONCE, CELLS_AT_ONCE // width))
    rows: list[tuple[int, list[str]]] = []
    issues: list[Note] = []
    number = 1
    try:
        for number, cells, issue in records:
            fault = issue or _misfit(cells, width)
            if fault:
                issues.append((fault, number, None))
            else:
                rows.append((number, cells[:width]))
            if len(rows) + len(issues) >= limit:
                yield _batch(names, rows, issues)
                rows, issues = [], []
    except DAMAGED:
        issues.append(("R005", number + 1, None))
    if rows or issues:
        yield _batch(names, rows, issues)


def _misfit(cells: list[str], width: int) -> str | None:
    """Issue of a row that is not as wide as the header, empty cells behind its last aside."""
    return "R072" if len(cells) < width or any(cells[width:]) else None


def _batch(
    names: list[str],
    rows: list[tuple[int, list[str]]],
    issues: list[Note],
) -> Batch:
    columns = zip(*(cells for _, cells in rows), strict=True) if rows else ([] for _ in names)
    data: dict[str, Any] = {
        name: pl.Series(column, dtype=pl.String)
        for name, column in zip(names, columns, strict=True)
    }
    data[ROW] = pl.Series([number for number, _ in rows], dtype=pl.UInt32)
    return Batch(plain(pl.DataFrame(data)), issues)


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
