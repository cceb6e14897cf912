"""Official staging of files of any size: read in parts, staged, written beside and moved."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from outspread.errors import StageError
from outspread.pipeline.parts import Form, Part, joined, lines_part, replacing, table_part
from outspread.pipeline.workers import Progress, shared_out
from outspread.stage.algorithm import Algorithm, load_algorithm
from outspread.stage.batch import stage_rows
from outspread.stage.columns import (
    check_free,
    check_usable,
    match_columns,
    text_columns,
)
from outspread.stage.lines import as_objects, explained, read_lines, stage_lines
from outspread.stage.result import result_frame
from outspread.stage.versions import changes

ROWS_AT_ONCE: Final = 100_000
LINES_AT_ONCE: Final = 50_000
EXPLAIN: Final = "explain"
_AHEAD: Final = 4
_FORMS: Final[dict[str, Form]] = {
    ".csv": "csv", ".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip


class Settings(NamedTuple):
    """How to stage: the algorithm, the current year, how strictly, and whether to explain."""

    algorithm: str
    current_year: int
    strict: bool = True
    explain: bool = False


class Counts(NamedTuple):
    """Cases by result; lines that could not be read count as `FAILED_UNREADABLE_LINE`."""

    results: dict[str, int]
    others: tuple[str, ...]


def compare_file(
    old: str, new: str, path: Path, *, current_year: int, strict: bool = True
) -> Iterator[pl.DataFrame]:
    """Give the changes between two algorithms for the cases of a file, part by part.

    Columns are those of `outspread.stage.versions.changes`; `row` counts the cases from 1.

    Raises
    ------
    StageError
        As `stage_file`.
    """
    form = form_of(path)
    before, after = (load_algorithm(name, current_year=current_year) for name in (old, new))
    settings = Settings(new, current_year, strict=strict)
    _check_columns(path, form, after, settings)
    first = 1
    for task in _tasks(path, form, "jsonl", settings, Path()):
        if isinstance(task.rows, list):
            columns, count = read_lines(task.rows).columns, len(task.rows)
        else:
            rows = _rows_of(task)
            matched = match_columns(rows.columns, after.inputs_by_key)
            columns, count = text_columns(rows, matched.columns), rows.height
        if count:
            found = changes(before, after, columns, strict=strict)
            yield found.with_columns(pl.col("row") + first)
        first += count


class _Task(NamedTuple):
    """A part of the input: `rows`, or `row_count` rows of the table `path` from `first` on.

    What it becomes is put into `folder`.
    """

    settings: Settings
    form: Form
    output: Form
    folder: Path
    path: Path
    first: int
    row_count: int
    rows: pl.DataFrame | list[bytes] | None


_Staged = tuple[Part, dict[str, int]]
"""What a part of the input became, and how many cases had which result."""


def stage_file(
    path: Path,
    out: Path,
    settings: Settings,
    *,
    workers: int = 1,
    progress: Progress = lambda step, done, total: None,
) -> Counts:
    """Stage all cases of a file; `out` stays as it was until the new one is whole.

    Parameters
    ----------
    path
        CSV, Parquet or JSON lines, by the end of its name; CSV and JSON lines may end in `.gz`.
    out
        CSV, Parquet or JSON lines, by the end of its name.
    workers
        Processes; the result does not depend on their number.

    Returns
    -------
    How many cases had which result, and columns that are no input of the algorithm.

    Raises
    ------
    StageError
        S010 to S013 if the columns cannot be used, S015 a file of unknown kind, S016 a file cannot
        be read, and what `load_algorithm` raises.
    """
    form, output = form_of(path), form_of(out)
    algorithm = load_algorithm(settings.algorithm, current_year=settings.current_year)
    others = _check_columns(path, form, algorithm, settings)
    results: dict[str, int] = {}
    with replacing(out) as part, shared_out(workers) as share:
        tasks = _tasks(path, form, output, settings, part.parent)
        with joined(output, part) as write:
            done = 0
            for found, counts in share(_stage_part, tasks, ahead=_AHEAD):
                write(found)
                for result, count in counts.items():
                    results[result] = results.get(result, 0) + count
                    done += count
                progress("stage", done, None)
    return Counts(results, others)


def form_of(path: Path) -> Form:
    """Tell the kind of a file by the end of its name."""
    ends = [end for end in path.suffixes if end != ".gz"]
    form = _FORMS.get(ends[-1].lower()) if ends else None
    if form is None or (form == "parquet" and path.suffix == ".gz"):
        message = f"S015: {path.name} must end in .csv, .parquet or .jsonl."
        raise StageError(message)
    return form


def _check_columns(
    path: Path, form: Form, algorithm: Algorithm, settings: Settings
) -> tuple[str, ...]:
    """See before anything slow that the columns can be used; give those that are no input."""
    if form == "jsonl":
        if not path.is_file():
            message = f"S016: {path.name} cannot be read: no such file."
            raise StageError(message)
        return ()
    with _readable(path):
        head = _scan(path, form).head(0).collect()
    matched = match_columns(head.columns, algorithm.inputs_by_key)
    check_usable(matched, algorithm.inputs_by_key)
    added = [*algorithm.added_columns(strict=settings.strict), EXPLAIN]
    check_free(head.columns, added)
    text_columns(head, matched.columns)
    return matched.others


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (pl.exceptions.PolarsError, OSError, EOFError, pa.ArrowException) as error:
        message = f"S016: {path.name} cannot be read: {type(error).__name__}."
        raise StageError(message) from error


def _scan(path: Path, form: Form) -> pl.LazyFrame:
    if form == "parquet":
        return pl.scan_parquet(path)
    return pl.scan_csv(path, infer_schema=False)


def _tasks(
    path: Path, form: Form, output: Form, settings: Settings, folder: Path
) -> Iterator[_Task]:
    task = _Task(settings, form, output, folder, path, 0, 0, None)
    with _readable(path):
        if form == "parquet":
            count = pq.read_metadata(path).num_rows
            for first in range(0, max(count, 1), ROWS_AT_ONCE):
                yield task._replace(first=first, row_count=ROWS_AT_ONCE)
        elif form == "csv":
            rows = None
            for rows in _scan(path, form).collect_batches(chunk_size=ROWS_AT_ONCE):
                yield task._replace(rows=rows)
            if rows is None:
                yield task
        else:
            with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
                yield task._replace(rows=list(islice(file, LINES_AT_ONCE)))
                while lines := list(islice(file, LINES_AT_ONCE)):
                    yield task._replace(rows=lines)


_loaded: dict[Settings, Algorithm] = {}


def _stage_part(task: _Task) -> _Staged:
    """Stage a part of a file; runs in a worker."""
    if task.settings not in _loaded:
        _loaded.clear()
        _loaded[task.settings] = load_algorithm(
            task.settings.algorithm, current_year=task.settings.current_year
        )
    algorithm = _loaded[task.settings]
    if isinstance(task.rows, list):
        return _stage_lines(algorithm, task, task.rows)
    return _stage_table(algorithm, task, _rows_of(task))


def _rows_of(task: _Task) -> pl.DataFrame:
    """Rows of a part of a table."""
    if isinstance(task.rows, pl.DataFrame):
        return task.rows
    with _readable(task.path):
        return _scan(task.path, task.form).slice(task.first, task.row_count).collect()


def _stage_lines(algorithm: Algorithm, task: _Task, lines: list[bytes]) -> _Staged:
    answers = list(
        stage_lines(algorithm, lines, strict=task.settings.strict, explain=task.settings.explain)
    )
    counts: dict[str, int] = {}
    for answer in answers:
        counts[answer["result"]] = counts.get(answer["result"], 0) + 1
    if task.output == "jsonl":
        return lines_part(answers, task.folder), counts
    table = _as_table(algorithm, lines, answers, task)
    return table_part(table, task.folder, task.output), counts


def _as_table(
    algorithm: Algorithm, lines: list[bytes], answers: list[dict[str, Any]], task: _Task
) -> pl.DataFrame:
    """Results of JSON lines as the columns of a table, behind the line as it was read."""
    keys = algorithm.added_columns(strict=task.settings.strict)
    flat = [answer | answer["output"] | {"path": " ".join(answer["path"])} for answer in answers]
    text = pl.Series("line", [line.decode("utf-8", "replace").rstrip("\n") for line in lines])
    schema = algorithm.stage_columns({}, strict=task.settings.strict).schema
    table = pl.DataFrame(
        {key: pl.Series(key, [row.get(key) for row in flat], dtype=schema[key]) for key in keys}
    )
    return table.insert_column(0, text)


def _stage_table(algorithm: Algorithm, task: _Task, rows: pl.DataFrame) -> _Staged:
    settings = task.settings
    matched = match_columns(rows.columns, algorithm.inputs_by_key)
    columns = text_columns(rows, matched.columns)
    encoded = algorithm.engine.encode(columns, {})
    batch = stage_rows(algorithm.engine, encoded, rows.height, is_strict=settings.strict)
    staged = result_frame(algorithm.engine, batch, is_strict=settings.strict)
    counts = dict(staged["result"].value_counts().iter_rows())
    why = list(_explained(algorithm, columns, settings)) if settings.explain else None
    if task.output == "jsonl":
        answers = list(as_objects(algorithm, batch, staged))
        for answer, own in zip(answers, why or (), strict=False):
            answer[EXPLAIN] = own
        return lines_part(answers, task.folder), counts
    both = rows.with_columns(staged.get_columns())
    if why is not None:
        texts = [orjson.dumps(own).decode() for own in why]
        both = both.with_columns(pl.Series(EXPLAIN, texts, dtype=pl.String))
    return table_part(both, task.folder, task.output), counts


def _explained(
    algorithm: Algorithm, columns: dict[str, pl.Series], settings: Settings
) -> Iterator[list[dict[str, Any]]]:
    for row in (
        pl.DataFrame(list(columns.values()))
        .rename({texts.name: key for key, texts in columns.items()})
        .iter_rows(named=True)
    ):
        given = {key: text for key, text in row.items() if text is not None}
        yield explained(algorithm, given, strict=settings.strict)
