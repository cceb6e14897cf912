"""The way of a record through the steps, for files of any size and for tables in memory.

`run` goes from files to an output folder and holds a few patients in memory at a time; `read` and
`diagnose` do the same for tables in memory. Both ways call the same steps.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from outspread.diagnose import diagnose as diagnose_records
from outspread.errors import DiagnoseError
from outspread.extract.step import extract_documents, extract_text
from outspread.pipeline.check import Checked, check
from outspread.pipeline.official import add_official_stage
from outspread.pipeline.record import RunRecord, write_record
from outspread.pipeline.spool import check_apart, numbered, read_into
from outspread.pipeline.workers import Progress, Share, shared_out
from outspread.read import check_usable, read_chunks
from outspread.records import Records
from outspread.stage.algorithm import Algorithm, load_algorithm
from outspread.story import Story
from outspread.tables import RECORD_TABLES, STORY_TABLES
from outspread.write.sort import sorted_tables, sorter
from outspread.write.staging import staged
from outspread.write.tables import (
    TABLE_FILES,
    Span,
    TableWriter,
    patient_spans,
    read_span,
    to_arrow,
)

__all__ = ["Checked", "Progress", "RunRecord", "check", "diagnose", "extract", "read", "run"]

DIAGNOSED_TABLES: Final = ("patient", "finding", "treatment", "measurement")
STAGED_TABLES: Final = (*DIAGNOSED_TABLES, "raw")
_STORIES_AHEAD: Final = 8


class _Batch(NamedTuple):
    """Patients of a folder to be diagnosed as of a date, and staged with an algorithm, if given."""

    folder: Path
    span: Span
    as_of: date
    algorithm: str | None


def read(
    *inputs: str | Path,
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    pack: Path | None = None,
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
    pack
        Folder of your own words for reading notes, see `docs/how-to/words.md`.

    Raises
    ------
    ReadError
        If no input can be used. What cannot be used within an input becomes a row of `issue`.
    """
    paths = [Path(name) for name in inputs]
    found = read_chunks(paths, codes=codes, columns=columns)
    chunks = list(numbered(extract_documents(chunk, pack=pack) for chunk in found))
    chunks = chunks or list(numbered([Records()]))
    found_rows = {name: pl.concat(chunk[name] for chunk in chunks) for name in RECORD_TABLES}
    sources = {name: f"read_{name}" for name, rows in found_rows.items() if rows.height}
    sources["issue"] = "read_issue"
    with sorter() as connection:
        for name, source in sources.items():
            connection.register(source, to_arrow(found_rows[name].cast({pl.Enum: pl.String})))
        tables = sorted_tables(connection, sources)
        return Records(**{name: connection.sql(rows).pl() for name, rows in tables})


def extract(text: str, *, pack: str | Path | None = None) -> Records:
    """Read one text: what it states as records, each row with the span of the words that say it.

    Parameters
    ----------
    text
        A note or report.
    pack
        Folder of your own words, see `docs/how-to/words.md`.

    Examples
    --------
    >>> found = extract("Breast cancer with liver metastases.").finding
    >>> found.filter(role="secondary")["site"].to_list()
    ['liver']
    """
    return extract_text(text, pack=Path(pack) if pack else None)


def diagnose(records: Records, *, as_of: date, algorithm: Algorithm | None = None) -> Story:
    """Work out the metastatic story of every patient of some records, as of a date.

    Parameters
    ----------
    records
        As from `read`. Uses `patient`, `finding`, `treatment` and `measurement`.
    as_of
        Evidence dated later is not counted.
    algorithm
        Derives the official Summary Stage of registry tumors, see `outspread.stage`.

    Raises
    ------
    DiagnoseError
        D001 `as_of` is not a date.
    """
    tables = _diagnosed(records, as_of=_checked(as_of), algorithm=algorithm)
    return Story(records, **tables, as_of=as_of)


def run(
    inputs: Sequence[Path],
    out: Path,
    *,
    as_of: date,
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    pack: Path | None = None,
    algorithm: str | None = None,
    workers: int = 1,
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
    pack
        Folder of your own words for reading notes.
    algorithm
        Algorithm file or name of one that was fetched; derives the official Summary Stage of
        registry tumors, with the year of `as_of` as the current one.
    workers
        Processes that read and diagnose; the tables do not depend on their number. An input too
        small to be cut is read by this process alone.
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
    check_apart(inputs, out)
    staging = _algorithm(algorithm, as_of.year) if algorithm else None
    with staged(out, names=TABLE_FILES) as folder:
        with shared_out(workers) as share:
            counts, usable_count = read_into(
                folder,
                inputs,
                codes=codes,
                columns=columns,
                share=share,
                progress=progress,
                pack=pack,
            )
            check_usable(usable_count)
            counts |= _write_story(
                folder, as_of=as_of, algorithm=algorithm, share=share, progress=progress
            )
        return write_record(
            folder,
            inputs,
            as_of=as_of,
            codes=codes,
            columns=columns,
            pack=pack,
            algorithm=staging.described() if staging else None,
            counts=counts,
        )


def _checked(as_of: date) -> date:
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        message = (
            f"D001: as_of must be a datetime.date, not {type(as_of).__name__}. "
            "Pass for example: as_of=date(2026, 1, 1)"
        )
        raise DiagnoseError(message)
    return as_of


def _write_story(
    folder: Path, *, as_of: date, algorithm: str | None, share: Share, progress: Progress
) -> dict[str, int]:
    """Diagnose the sorted tables a few patients at a time; count the rows of the story."""
    spans = patient_spans(folder, STAGED_TABLES if algorithm else DIAGNOSED_TABLES)
    batches = [_Batch(folder, span, as_of, algorithm) for span in spans]
    with ExitStack() as stack:
        writers = {name: stack.enter_context(TableWriter(folder, name)) for name in STORY_TABLES}
        for done, story in enumerate(share(_diagnose_batch, batches, ahead=_STORIES_AHEAD)):
            progress("diagnose", done, len(batches))
            for name, writer in writers.items():
                writer.add(story[name])
    return {name: writer.row_count for name, writer in writers.items()}


def _diagnose_batch(batch: _Batch) -> dict[str, pl.DataFrame]:
    algorithm = _algorithm(batch.algorithm, batch.as_of.year) if batch.algorithm else None
    names = STAGED_TABLES if algorithm else DIAGNOSED_TABLES
    tables = read_span(batch.folder, names, batch.span)
    return _diagnosed(Records(**tables), as_of=batch.as_of, algorithm=algorithm)


@cache
def _algorithm(name: str, year: int) -> Algorithm:
    return load_algorithm(name, current_year=year)


def _diagnosed(
    records: Records, *, as_of: date, algorithm: Algorithm | None
) -> dict[str, pl.DataFrame]:
    """Tables of the story, with what the official algorithm says of registry tumors."""
    tables = diagnose_records(records, as_of=as_of)._asdict()
    if algorithm is not None:
        tables["disease"], tables["conflict"] = add_official_stage(
            tables["disease"],
            tables["conflict"],
            finding=records.finding,
            raw=records.raw,
            patient=records.patient,
            algorithm=algorithm,
        )
    return {name: tables[name] for name in STORY_TABLES}
