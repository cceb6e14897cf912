"""The way of a record through the steps, for files of any size and for tables in memory.

`run` goes from files to an output folder and holds a few patients in memory at a time; `read` and
`diagnose` do the same for tables in memory. Both ways call the same steps.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, TypedDict

import orjson
import polars as pl

from outspread import __version__
from outspread.diagnose import diagnose as diagnose_records
from outspread.errors import DiagnoseError, StoreError
from outspread.read import read_chunks
from outspread.records import Records
from outspread.story import Story
from outspread.tables import RECORD_TABLES, SEVERITY, STORY_TABLES
from outspread.write.sort import CHUNK, parquet_source, sorted_tables, sorter, write_sorted
from outspread.write.staging import RUN_FILE, staged
from outspread.write.tables import (
    TABLE_FILES,
    TableWriter,
    batch_count,
    patient_batches,
    table_path,
    to_arrow,
)

DIAGNOSED_TABLES: Final = ("patient", "finding", "treatment", "measurement")
_OWNED: Final = ("patient", "document", "finding", "treatment", "measurement")
_KINDS: Final = {
    "finding": ("finding", "kind"),
    "treatment": ("treatment", "modality"),
    "measurement": ("measurement", "name"),
    "source": ("raw", "source_kind"),
}

Progress = Callable[[str, int, int | None], None]
"""Called with the name of a step, how much of it is done, and how much there is, if known."""


class RunRecord(TypedDict):
    """What `run.json` holds: enough to know which input and knowledge made the tables."""

    outspread: str
    as_of: str
    inputs: list[dict[str, str | int]]
    knowledge: dict[str, str]
    codes: str | None
    columns: dict[str, str]
    counts: dict[str, int]
    issues: dict[str, int]


class Checked(NamedTuple):
    """What an input holds and what of it would be set aside.

    `found`: what, kind, count. `issues`: severity, code, file, field, count, place (of the first),
    reason.
    """

    found: pl.DataFrame
    issues: pl.DataFrame


def read(
    *inputs: str | Path,
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
) -> Records:
    """Read files and folders into records, each row once, sorted by patient, date and id.

    Parameters
    ----------
    inputs
        Files or folders; what is in them is found by content.
    codes
        Codes of your own that win over those shipped; columns as in `anatomy/data/codes.csv`.
    columns
        Names of columns of CSV and Parquet files, by ours of `docs/reference/columns.md`.

    Raises
    ------
    ReadError
        If no input can be used. What cannot be used within an input becomes a row of `issue`.
    """
    paths = [Path(name) for name in inputs]
    chunks = list(_numbered(read_chunks(paths, codes=codes, columns=columns)))
    with sorter() as connection:
        for name in RECORD_TABLES:
            rows = pl.concat(chunk[name] for chunk in chunks).cast({pl.Enum: pl.String})
            connection.register(f"read_{name}", to_arrow(rows))
        sources = {name: f"read_{name}" for name in RECORD_TABLES}
        tables = sorted_tables(connection, sources)
        return Records(**{name: connection.sql(rows).pl() for name, rows in tables})


def diagnose(records: Records, *, as_of: date) -> Story:
    """Work out the metastatic story of every patient of some records, as of a date.

    Parameters
    ----------
    records
        As from `read`. Uses `patient`, `finding`, `treatment` and `measurement`.
    as_of
        Evidence dated later is not counted.

    Raises
    ------
    DiagnoseError
        D001 `as_of` is not a date.
    """
    tables = diagnose_records(records, as_of=_checked(as_of))
    return Story(records, tables.disease, tables.lesion, tables.conflict, as_of)


def run(
    inputs: Sequence[Path],
    out: Path,
    *,
    as_of: date,
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    progress: Progress = lambda step, done, total: None,
) -> RunRecord:
    """Read, diagnose and write a folder of tables; the former folder stays whole until the end.

    Parameters
    ----------
    inputs
        Files and folders to read.
    out
        Output folder; replaced as a whole if it is an earlier output.
    as_of
        Evidence dated later is not counted.
    codes
        Codes of your own that win over those shipped.
    columns
        Names of columns of CSV and Parquet files, by ours.
    progress
        Told how far each step is.

    Returns
    -------
    The run record, as written to `run.json`.

    Raises
    ------
    ReadError, DiagnoseError, StoreError
        See `read`, `diagnose` and `outspread.write.staging.staged`.
    """
    as_of = _checked(as_of)
    _check_apart(inputs, out)
    with staged(out, names=TABLE_FILES) as folder:
        counts = _read_into(folder, inputs, codes=codes, columns=columns, progress=progress)
        counts |= _diagnose_folder(folder, as_of=as_of, progress=progress)
        record = RunRecord(
            outspread=__version__,
            as_of=as_of.isoformat(),
            inputs=[_described(path) for path in inputs],
            knowledge=_knowledge_hashes(),
            codes=None if codes is None else f"{codes.hash_rows(seed=0).sum():016x}",
            columns=dict(columns or {}),
            counts=counts,
            issues=_issue_counts(folder),
        )
        content = orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (folder / RUN_FILE).write_bytes(content)
    return record


def check(
    inputs: Sequence[Path],
    *,
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Checked:
    """Read as `run` does and say what is found and what would be set aside; keep nothing.

    Parameters
    ----------
    inputs, codes, columns, progress
        As for `run`.

    Returns
    -------
    Counts of patients, findings, treatments, measurements and sources by kind, and of issues by
    severity, code, file and field.

    Raises
    ------
    ReadError
        If no input can be used.
    """
    with TemporaryDirectory(prefix="outspread-") as name:
        folder = Path(name)
        _read_into(folder, inputs, codes=codes, columns=columns, progress=progress)
        return Checked(_found(folder), _grouped_issues(folder))


def _found(folder: Path) -> pl.DataFrame:
    """Count patients, and rows of the tables by their kind."""
    scans = {name: pl.scan_parquet(table_path(folder, name)) for name in RECORD_TABLES}
    owners = pl.concat(scans[name].select(pl.col("patient_id").cast(pl.String)) for name in _OWNED)
    parts = [owners.select(pl.lit("patient").alias("what"), count=pl.col("patient_id").n_unique())]
    parts += [
        scans[name]
        .group_by(pl.col(kind).cast(pl.String).alias("kind"))
        .agg(count=pl.len())
        .sort("kind")
        .with_columns(what=pl.lit(what))
        for what, (name, kind) in _KINDS.items()
    ]
    found = pl.concat(parts, how="diagonal_relaxed").select("what", "kind", "count").collect()
    return found.with_columns(pl.col("count").cast(pl.Int64))


def _grouped_issues(folder: Path) -> pl.DataFrame:
    by = ["severity", "code", "file", "field"]
    issues = pl.scan_parquet(table_path(folder, "issue")).with_columns(
        pl.col("severity").cast(pl.Enum(SEVERITY))
    )
    first = pl.col("place").sort_by(pl.col("place").str.extract(r"(\d+)").cast(pl.Int64)).first()
    grouped = issues.group_by(by).agg(count=pl.len(), place=first, reason=pl.col("reason").first())
    return grouped.sort(by, descending=[True, False, False, False], nulls_last=True).collect()


def _read_into(
    folder: Path,
    inputs: Sequence[Path],
    *,
    codes: pl.DataFrame | None,
    columns: Mapping[str, str] | None,
    progress: Progress,
) -> dict[str, int]:
    """Read the inputs into sorted tables in a folder; count their rows."""
    spool = folder / "spool"
    spool.mkdir()
    _spool(read_chunks(inputs, codes=codes, columns=columns), spool, progress=progress)
    counts = _sort(spool, folder, progress=progress)
    shutil.rmtree(spool)
    return counts


def _checked(as_of: date) -> date:
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        message = (
            f"D001: as_of must be a datetime.date, not {type(as_of).__name__}. "
            "Pass for example: as_of=date(2026, 1, 1)"
        )
        raise DiagnoseError(message)
    return as_of


def _check_apart(inputs: Sequence[Path], out: Path) -> None:
    place = out.resolve()
    if any(path.resolve() in place.parents for path in inputs):
        message = (
            "W006: the output folder lies inside an input folder, so the next run would read it. "
            "Name a folder outside the inputs."
        )
        raise StoreError(message)


def _spool(chunks: Iterable[Records], spool: Path, *, progress: Progress) -> None:
    """Write what is read into one unsorted file for each table."""
    count = 0
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(TableWriter(spool, name, more=CHUNK))
            for name in RECORD_TABLES
        }
        for chunk in _numbered(chunks):
            for name, frame in chunk.items():
                writers[name].add(frame)
                count += frame.height
            progress("read", count, None)


def _numbered(chunks: Iterable[Records]) -> Iterator[dict[str, pl.DataFrame]]:
    """Add to every row the number of the chunk it was read in; see `write.sort`."""
    for number, chunk in enumerate(chunks):
        mark = pl.lit(number, CHUNK["chunk"]).alias("chunk")
        yield {name: frame.with_columns(mark) for name, frame in chunk.tables().items()}


def _sort(spool: Path, folder: Path, *, progress: Progress) -> dict[str, int]:
    """Write the tables of records to the folder, sorted and each id once; count their rows."""
    with sorter(spool / "spill") as connection:
        sources = {name: parquet_source(table_path(spool, name)) for name in RECORD_TABLES}
        for done, (name, rows) in enumerate(sorted_tables(connection, sources)):
            progress("sort", done, len(sources))
            write_sorted(connection, name, rows, folder)
    return {name: _row_count(folder, name) for name in RECORD_TABLES}


def _diagnose_folder(folder: Path, *, as_of: date, progress: Progress) -> dict[str, int]:
    """Diagnose the sorted tables a few patients at a time; count the rows of the story."""
    total = batch_count(folder, DIAGNOSED_TABLES)
    with ExitStack() as stack:
        writers = {name: stack.enter_context(TableWriter(folder, name)) for name in STORY_TABLES}
        for done, tables in enumerate(patient_batches(folder, DIAGNOSED_TABLES)):
            progress("diagnose", done, total)
            story = diagnose_records(Records(**tables), as_of=as_of)
            for name, writer in writers.items():
                writer.add(getattr(story, name))
    return {name: writer.row_count for name, writer in writers.items()}


def _knowledge_hashes() -> dict[str, str]:
    """SHA-256 of every knowledge file of the package, by its path in the package."""
    package = Path(__file__).parent
    return {
        path.relative_to(package).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(package.glob("*/data/*.csv"))
    }


def _row_count(folder: Path, table: str) -> int:
    return int(pl.scan_parquet(table_path(folder, table)).select(pl.len()).collect().item())


def _issue_counts(folder: Path) -> dict[str, int]:
    issues = pl.scan_parquet(table_path(folder, "issue"))
    return dict(issues.group_by("severity").len().sort("severity").collect().iter_rows())


def _described(path: Path) -> dict[str, str | int]:
    """Name and size of an input, without the folder it lies in."""
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    size = sum(file.stat().st_size for file in files)
    return {"name": path.resolve().name, "files": len(files), "bytes": size}
