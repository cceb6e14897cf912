"""From sources to records: files and folders of any known format, found by their content."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from outspread.errors import ReadError
from outspread.read.columns import looks_delimited, read_delimited
from outspread.read.fhir import read_fhir
from outspread.read.files import DAMAGED, HEAD_BYTES, read_head
from outspread.read.naaccr import read_items, read_naaccr
from outspread.read.notes import (
    is_prose,
    looks_like_note_lines,
    looks_like_text,
    read_note_file,
    read_note_lines,
)
from outspread.read.pdf import PDF_MAGIC
from outspread.read.stored import is_table_folder, read_tables
from outspread.read.units import Unit, find_units
from outspread.read.vocabulary import issue_severities
from outspread.records import Records

__all__ = [
    "check_usable",
    "read_chunks",
    "read_delimited",
    "read_fhir",
    "read_items",
    "read_naaccr",
    "read_tables",
    "read_units",
]


class Format(NamedTuple):
    """A format of files: how its beginning looks, and who reads it."""

    starts: tuple[bytes, ...]
    read: Callable[..., Iterator[Records]]


WHOLE_FILE: Final = (
    "R001", "R002", "R003", "R004", "R005", "R006", "R009", "R070", "R071", "R085", "R102", "R106",
    "R109",
)  # fmt: skip
FORMATS: Final = (
    Format((b"{", b"["), read_fhir),
    Format((b"<",), read_naaccr),
)


def read_chunks(
    inputs: Sequence[Path],
    *,
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
) -> Iterator[Records]:
    """Read files and folders, chunk by chunk, in the order of their names.

    Parameters
    ----------
    inputs
        Files, folders of files, or folders of record tables in Parquet.
    codes
        A site's own code map, see `outspread.anatomy.codes.resolve_codes`.
    columns
        Names of columns of CSV and Parquet files by ours, see `read_delimited`.

    Returns
    -------
    Chunks of `Records`; a patient may be spread over several. A file of no known format is an
    issue (R002), and the rest goes on.

    Raises
    ------
    ReadError
        R060 where an input does not exist; R061 where there is no file that can be read; R062
        where an input itself is a table without a column for the patient (such a table in a folder
        is an issue, R085); R063 where `columns` names a column that is not ours.
    """
    usable: list[Unit] = []
    units = find_units([Path(path) for path in inputs], columns=columns)
    yield from read_units(units, codes=codes, columns=columns, usable=usable)
    check_usable(len(usable))


def read_units(
    units: Iterable[Unit],
    *,
    codes: pl.DataFrame | None,
    columns: Mapping[str, str] | None,
    usable: list[Unit],
) -> Iterator[Records]:
    """Read units one after the other; those that can be read are added to `usable` when done."""
    for unit in units:
        is_lost = holds_something = False
        for records in _read_unit(unit, codes, columns):
            is_lost = is_lost or _is_lost(records)
            holds_something = holds_something or _holds_something(records)
            yield records
        if holds_something or not is_lost:
            usable.append(unit)


def check_usable(count: int) -> None:
    """Raise R061 where no unit at all could be read."""
    if not count:
        message = "R061: none of the inputs could be read; `outspread check` says why."
        raise ReadError(message)


def _read_unit(
    unit: Unit, codes: pl.DataFrame | None, columns: Mapping[str, str] | None
) -> Iterator[Records]:
    path = unit.path
    if is_table_folder(path):
        yield from read_tables(path)
        return
    try:
        head = read_head(path)
    except DAMAGED:
        yield _issue("R005", path)
        return
    except OSError:
        yield _issue("R001", path)
        return
    if not head and unit.cost <= HEAD_BYTES:
        yield _issue("R070", path)
        return
    if looks_like_note_lines(head):
        yield from read_note_lines(path, unit.part)
        return
    if unit.part:
        yield from read_fhir(path, codes=codes, part=unit.part)
        return
    if head.startswith(PDF_MAGIC):
        yield from read_note_file(path)
        return
    if looks_delimited(head) and not is_prose(head):
        try:
            yield from read_delimited(path, codes=codes, columns=columns)
        except ReadError:
            if unit.is_named:
                raise
            yield _issue("R085", path)
        return
    for known in FORMATS:
        if head.startswith(known.starts):
            yield from known.read(path, codes=codes)
            return
    if looks_like_text(head):
        yield from read_note_file(path)
        return
    yield _issue("R002", path)


def _issue(code: str, path: Path) -> Records:
    severity, reason = issue_severities()[code]
    row = {"severity": severity, "code": code, "file": path.name, "reason": reason}
    return Records(issue=pl.DataFrame([row]))


def _holds_something(records: Records) -> bool:
    frames = records.tables()
    return any(not frame.is_empty() for name, frame in frames.items() if name != "issue")


def _is_lost(records: Records) -> bool:
    """Whether a chunk says that its whole file could not be read."""
    place = pl.col("place").is_null() | (pl.col("place") == "file")
    is_whole_file = pl.col("code").is_in(WHOLE_FILE) & place
    return records.issue.filter(is_whole_file).height > 0
