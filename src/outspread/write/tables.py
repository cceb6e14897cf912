"""The store: a folder of Parquet tables, each sorted by patient, and `run.json`.

Rows are in a total order that does not hang on how they arrived, and row groups have a fixed size:
the same records give the same bytes. One patient is one small read, because a reader skips all row
groups but one or two.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from outspread.errors import StoreError
from outspread.tables import STORY_TABLES, TABLES, conform, polars_schema
from outspread.write.intact import AGAIN, check_rows, read_rows, readable
from outspread.write.staging import RUN_FILE, recover

TABLE_FILES: Final = tuple(f"{name}.parquet" for name in TABLES)
TEXT_TABLES: Final = ("document", "raw")
ROW_GROUP: Final = 122_880  # the size that DuckDB works in
TEXT_ROW_GROUP: Final = 16_384  # rows with whole texts or resources are a hundred times as large
STORY_ROW_GROUP: Final = 24_576  # lists of ids take long to decode, and pages read one patient


def row_group_size(table: str) -> int:
    """Return how many rows one row group of a table has."""
    if table in TEXT_TABLES:
        return TEXT_ROW_GROUP
    return STORY_ROW_GROUP if table in STORY_TABLES else ROW_GROUP


def table_path(folder: Path, table: str) -> Path:
    """Return the path of a table in a folder."""
    return folder / f"{table}.parquet"


def to_arrow(frame: pl.DataFrame) -> pa.Table:
    """Turn a frame into an Arrow table in the types that every reader knows."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


class TableWriter:
    """Writes the frames of one table below each other into one Parquet file.

    Frames of any size may be added; the file always has row groups of the table's fixed size. It
    has the columns of the table and those of `more`.
    """

    def __init__(
        self, folder: Path, table: str, *, more: Mapping[str, pl.DataType] | None = None
    ) -> None:
        self.row_count = 0
        self._table = table
        self._more = more or {}
        self._size = row_group_size(table)
        self._waiting: list[pl.DataFrame] = []
        self._waiting_count = 0
        schema = to_arrow(pl.DataFrame(schema=polars_schema(table) | dict(self._more))).schema
        self._file = pq.ParquetWriter(table_path(folder, table), schema, compression="zstd")

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows at the end."""
        self.row_count += frame.height
        self._waiting.append(frame)
        self._waiting_count += frame.height
        if self._waiting_count >= self._size:
            self._write(self._waiting_count - self._waiting_count % self._size)

    def _write(self, row_count: int) -> None:
        rows = pl.concat(self._waiting)
        ready, rest = rows.head(row_count), rows.tail(rows.height - row_count)
        ready = conform(ready, self._table).with_columns(ready.select(*self._more))
        # Whatever stands behind a null of a closed set would reach the statistics of the file.
        sets = pl.selectors.enum()
        ready = ready.with_columns(pl.when(sets.is_not_null()).then(sets))
        self._file.write_table(to_arrow(ready), row_group_size=self._size)
        self._waiting, self._waiting_count = [rest], rest.height

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if self._waiting_count and not failed:
            self._write(self._waiting_count)
        self._file.close()


def open_store(folder: Path) -> dict[str, Any]:
    """Return the run record of an output folder.

    Raises
    ------
    StoreError
        W005 the folder is missing or is not an output of outspread; W010 it holds what notes
        say, without a story.
    """
    recover(folder)
    try:
        record = json.loads((folder / RUN_FILE).read_bytes())
    except (OSError, ValueError) as error:
        message = (
            f"W005: {folder.name or folder} is not an output folder of outspread: "
            f"no readable {RUN_FILE} in it. Make one with: outspread run INPUT --out DIR"
        )
        raise StoreError(message) from error
    if not isinstance(record, dict):
        message = f"W005: {RUN_FILE} in {folder.name} is not a run record."
        raise StoreError(message)
    if record.get("as_of", "") is None:
        message = (
            f"W010: {folder.name} holds what notes say, and no story. "
            f"Make one with: outspread run {folder.name} --out DIR"
        )
        raise StoreError(message)
    return record


def story_date(folder: Path) -> date:
    """Open an output folder and give the date for which its story holds.

    Raises
    ------
    StoreError
        W005, W010 see `open_store`; W005 too where the run record tells no date.
    """
    try:
        return date.fromisoformat(open_store(folder)["as_of"])
    except (KeyError, TypeError, ValueError):
        message = f"W005: {RUN_FILE} in {folder.name} does not tell the date of its story. {AGAIN}"
        raise StoreError(message) from None


def read_table(folder: Path, table: str, *, patient_id: str | None = None) -> pl.DataFrame:
    """Read one table of a folder, or one patient's rows of it.

    Rows of one patient are found by the bounds of the row groups, without reading the others.

    Raises
    ------
    StoreError
        W009 it cannot be read.
    """
    mine = None if patient_id is None else pl.col("patient_id") == patient_id
    return read_rows(table_path(folder, table), mine)


def read_patient(
    folder: Path, patient_id: str, *, tables: Iterable[str] = TABLES
) -> dict[str, pl.DataFrame]:
    """Read one patient's rows of some tables, checked.

    Raises
    ------
    StoreError
        W007 no such patient in these tables; W009, W012 see `read_rows` and `check_rows`.
    """
    found = {name: read_table(folder, name, patient_id=patient_id) for name in tables}
    if all(frame.is_empty() for frame in found.values()):
        message = f"W007: no such patient in {folder.name}. Ids are as in the records."
        raise StoreError(message)
    check_rows(found, folder)
    return found


class Span(NamedTuple):
    """The patients whose ids come after one (None: from the first) and up to another."""

    after: str | None
    last: str


def patient_spans(folder: Path, tables: Sequence[str]) -> list[Span]:
    """Cut the patients of some tables into spans, in the order of their ids.

    A span holds about one row group of each table, so the memory for one does not grow with the
    tables, only with the largest patient. Tables must be sorted by `patient_id`.
    """
    return spans_between([last_patients(folder, table) for table in tables])


def spans_between(ends: Sequence[Sequence[str]]) -> list[Span]:
    """Give the spans that end where a row group of a table does; the last groups are one span.

    Parameters
    ----------
    ends
        For each table the last patient of each of its row groups, see `last_patients`.
    """
    full = [end for table in ends for end in table[:-1]]
    last = [max(table[-1] for table in ends if table)] if any(ends) else []
    cuts = sorted({*full, *last})
    return [Span(after, last) for after, last in zip([None, *cuts], cuts, strict=False)]


def within(span: Span) -> pl.Expr:
    """Tell whether a row is of a patient of a span."""
    is_up_to = pl.col("patient_id") <= span.last
    return is_up_to if span.after is None else is_up_to & (pl.col("patient_id") > span.after)


def read_span(folder: Path, tables: Sequence[str], span: Span) -> dict[str, pl.DataFrame]:
    """Read the rows of some tables that belong to the patients of a span."""
    return {table: read_rows(table_path(folder, table), within(span)) for table in tables}


def patient_batches(folder: Path, tables: Sequence[str]) -> Iterator[dict[str, pl.DataFrame]]:
    """Give the rows of some tables span by span, checked; see `patient_spans`."""
    for span in patient_spans(folder, tables):
        found = read_span(folder, tables, span)
        check_rows(found, folder)
        yield found


def _group_sizes(folder: Path, table: str) -> list[int]:
    footer = pq.read_metadata(table_path(folder, table))
    return [footer.row_group(i).num_rows for i in range(footer.num_row_groups)]


def _groups(folder: Path, table: str) -> Iterator[pl.LazyFrame]:
    rows = pl.scan_parquet(table_path(folder, table))
    start = 0
    for size in _group_sizes(folder, table):
        yield rows.slice(start, size)
        start += size


def last_patients(folder: Path, table: str) -> list[str]:
    """Give the last patient of each row group of a table."""
    with readable(table_path(folder, table)):
        return [
            group.select(pl.col("patient_id").last()).collect().item()
            for group in _groups(folder, table)
        ]
