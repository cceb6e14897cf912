"""Files read into sorted tables in a folder, by several processes at once.

The input is cut into tasks of about one size. Each task writes what it reads into a folder of its
own, and the sorter brings all of them into order. Tasks depend on the input alone, so the tables
do not depend on who does them.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, NamedTuple

import polars as pl

from outspread.errors import StoreError
from outspread.extract.step import extract_documents
from outspread.pipeline.workers import Progress, Share
from outspread.read import read_units
from outspread.read.units import PART_BYTES, Unit, find_units
from outspread.records import Records
from outspread.tables import RECORD_TABLES
from outspread.write.sort import CHUNK, parquet_source, sorted_tables, sorter, write_sorted
from outspread.write.tables import TableWriter, table_path

_MOST_CHUNKS: Final = 2**32
_READ_AHEAD: Final = 100_000  # results are two numbers
Keep = Callable[[Records], Records]


class _Task(NamedTuple):
    """Some units to be read into the folder of that number within the spool folder."""

    number: int
    units: list[Unit]
    spool: Path
    codes: pl.DataFrame | None
    columns: Mapping[str, str] | None
    pack: Path | None
    keep: Keep | None


def check_apart(inputs: Sequence[Path], out: Path) -> None:
    """Raise W006 where an output folder lies inside an input."""
    place = out.resolve()
    if any(path.resolve() in place.parents for path in inputs):
        message = (
            "W006: the output folder lies inside an input folder, so the next run would read it. "
            "Name a folder outside the inputs."
        )
        raise StoreError(message)


def read_into(
    folder: Path,
    inputs: Sequence[Path],
    *,
    codes: pl.DataFrame | None,
    columns: Mapping[str, str] | None,
    share: Share,
    progress: Progress,
    pack: Path | None = None,
    keep: Keep | None = None,
) -> tuple[dict[str, int], int]:
    """Read the inputs into sorted tables in a folder; count their rows, and what was usable.

    Of each chunk goes on what `keep` gives, a function of a module of outspread.
    """
    # A name of its own: what a killed run may still write does not come among ours.
    spool = Path(mkdtemp(prefix="spool-", dir=folder))
    tasks = (
        _Task(number, units, spool, codes, columns, pack, keep)
        for number, units in enumerate(_gathered(find_units(inputs, columns=columns)))
    )
    row_count = usable_count = 0
    for rows, usable in share(_spool, tasks, ahead=_READ_AHEAD):
        row_count += rows
        usable_count += usable
        progress("read", row_count, None)
    counts = _sort(spool, folder, progress=progress)
    shutil.rmtree(spool)
    return counts, usable_count


def _gathered(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    """Put small units together; a large one ends its task."""
    some: list[Unit] = []
    cost = 0
    for unit in units:
        some.append(unit)
        cost += unit.cost
        if cost >= PART_BYTES:
            yield some
            some, cost = [], 0
    if some:
        yield some


def _spool(task: _Task) -> tuple[int, int]:
    """Read units into one unsorted file for each table; count the rows and the usable units."""
    folder = task.spool / str(task.number)
    folder.mkdir()
    usable: list[Unit] = []
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(TableWriter(folder, name, more=CHUNK))
            for name in RECORD_TABLES
        }
        chunks = read_units(task.units, codes=task.codes, columns=task.columns, usable=usable)
        keep = task.keep or (lambda records: records)
        read = (keep(extract_documents(chunk, pack=task.pack)) for chunk in chunks)
        for chunk in numbered(read, first=task.number * _MOST_CHUNKS):
            for name, frame in chunk.items():
                writers[name].add(frame)
    return sum(writer.row_count for writer in writers.values()), len(usable)


def numbered(chunks: Iterable[Records], *, first: int = 0) -> Iterator[dict[str, pl.DataFrame]]:
    """Add to every row the number of the chunk it was read in; see `write.sort`."""
    for number, chunk in enumerate(chunks, start=first):
        mark = pl.lit(number, CHUNK["chunk"]).alias("chunk")
        yield {name: frame.with_columns(mark) for name, frame in chunk.tables().items()}


def _sort(spool: Path, folder: Path, *, progress: Progress) -> dict[str, int]:
    """Write the tables of records to the folder, sorted and each id once; count their rows."""
    parts = sorted(spool.iterdir())
    with sorter(spool / "spill") as connection:
        sources = {
            name: parquet_source([table_path(part, name) for part in parts])
            for name in RECORD_TABLES
        }
        for done, (name, rows) in enumerate(sorted_tables(connection, sources)):
            progress("sort", done, len(sources))
            write_sorted(connection, name, rows, folder)
    return {name: _row_count(folder, name) for name in RECORD_TABLES}


def _row_count(folder: Path, table: str) -> int:
    return int(pl.scan_parquet(table_path(folder, table)).select(pl.len()).collect().item())
