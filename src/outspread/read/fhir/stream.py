"""FHIR in JSON: bundles, single resources, arrays and NDJSON, plain or gzip, as `Records`.

One pass: a resource of no interest is dropped by its type and code; what is left gives evidence
rows, and its own text as the source slice they point to. NDJSON is read in chunks of bounded size,
so that memory does not grow with the file.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
import polars as pl

from outspread.read.chunks import Sheets
from outspread.read.dates import Days, today
from outspread.read.fhir.condition import read_condition, read_family_history
from outspread.read.fhir.document import read_document, read_report
from outspread.read.fhir.observation import read_observation
from outspread.read.fhir.patient import (
    read_body_structure,
    read_patient,
    read_specimen,
)
from outspread.read.fhir.reader import Handler, Reader
from outspread.read.fhir.references import index_bundle
from outspread.read.fhir.treatment import read_medication, read_procedure
from outspread.read.files import DAMAGED, LONGEST_JSON, Part, number_lines, open_bytes, read_lines
from outspread.read.meanings import Meanings
from outspread.records import Records

if TYPE_CHECKING:
    from io import BufferedReader

CHUNK_ROWS: Final = 15_000  # small enough for the caches of a processor
CHUNK_BYTES: Final = 64 * 1024 * 1024
PENDING_LIMIT: Final = 2_000
MOST_HEAD_LINES: Final = 1_000
HANDLERS: Final[Mapping[str, Handler]] = {
    "Patient": read_patient,
    "Condition": read_condition,
    "FamilyMemberHistory": read_family_history,
    "Observation": read_observation,
    "BodyStructure": read_body_structure,
    "Specimen": read_specimen,
    "DocumentReference": read_document,
    "DiagnosticReport": read_report,
    "Procedure": read_procedure,
    "MedicationRequest": read_medication,
    "MedicationAdministration": read_medication,
    "MedicationStatement": read_medication,
}


def read_fhir(
    path: Path, *, codes: pl.DataFrame | None = None, part: Part | None = None
) -> Iterator[Records]:
    """Read one FHIR file.

    Parameters
    ----------
    path
        A Bundle of any type, one resource, an array of resources, or NDJSON (also of bundles);
        plain or gzip. The content decides, not the name.
    codes
        A site's own code map, see `outspread.anatomy.codes.resolve_codes`; it wins over ours.
    part
        Lines of a file for which `is_ndjson` holds; the others are not read.

    Returns
    -------
    Chunks of `Records`. What cannot be used is a row of `issue`; nothing raises for bad data.
    """
    reader = Reader(Sheets(path.name), Meanings(codes), Days(today()), HANDLERS)
    try:
        with open_bytes(path, part) as stream:
            if part:
                yield from _read_lines(number_lines(stream, first=part.first_line), reader)
            else:
                yield from _read_stream(stream, reader)
    except DAMAGED:
        place = ("line", reader.number + 1) if reader.number else ("file", None)
        reader.sheets.issues.append(("R005", *place, None, None))
    except OSError:
        reader.sheets.issues.append(("R001", "file", None, None, None))
    reader.settle()
    if reader.sheets.row_count():
        yield reader.sheets.records()


def is_ndjson(path: Path) -> bool:
    """Tell whether a file has one resource a line."""
    with open_bytes(path) as stream:
        head: list[bytes] = []
        _take_first(read_lines(stream), head)
        return _are_lines(head)


def _read_stream(stream: "BufferedReader[Any]", reader: Reader) -> Iterator[Records]:
    """Tell lines of JSON from one document, and read them."""
    lines = read_lines(stream)
    head: list[bytes] = []
    try:
        _take_first(lines, head)
    except DAMAGED:
        lines = read_lines(stream)  # meets it again, behind the lines that come before
    if _are_lines(head):
        rest_of_lines = number_lines(stream, first=len(head) + 1, lines=lines)
        yield from _read_lines(chain(enumerate(head, start=1), rest_of_lines), reader)
    else:
        start = b"".join(head)
        rest = stream.read(max(0, LONGEST_JSON + 1 - len(start)))
        _read_document(start + rest, reader)


def _take_first(lines: Iterator[bytes], head: list[bytes]) -> None:
    """Take the first two lines that are not empty, and the empty ones before them, to `head`."""
    found = 0
    for line in islice(lines, MOST_HEAD_LINES):
        head.append(line)
        found += not line.isspace()
        if found == 2:
            break


def _are_lines(head: Sequence[bytes]) -> bool:
    is_array = b"".join(head).lstrip().startswith(b"[")
    return not is_array and any(_looks_like_resource(line.strip()) for line in head)


def _looks_like_resource(line: bytes) -> bool:
    return line.startswith(b"{") and line.endswith(b"}") and b'"resourceType"' in line


def _read_lines(numbered: Iterator[tuple[int, bytes]], reader: Reader) -> Iterator[Records]:
    is_more = True
    while is_more:
        with without_collection():
            is_more = _fill_chunk(numbered, reader)
            reader.settle()
            records = reader.sheets.records() if is_more else None
        if records:
            yield records
            reader.forget()


def _fill_chunk(numbered: Iterator[tuple[int, bytes]], reader: Reader) -> bool:
    """Read lines until the chunk is full; tell whether there may be more."""
    loads, failed = orjson.loads, orjson.JSONDecodeError
    sheets, take, handlers = reader.sheets, reader.take, reader.handlers
    slices, issues = sheets.slices, sheets.issues
    size = 0
    reader.unit = "line"
    for number, line in numbered:
        reader.number = number
        size += len(line)
        try:
            resource: Any = loads(line) if len(line) <= LONGEST_JSON else None
        except failed:
            if not line.isspace():
                issues.append((_why_unreadable(line), "line", number, None, None))
                if len(issues) >= CHUNK_ROWS:
                    return True
            continue
        kind = resource.get("resourceType") if type(resource) is dict else None
        handle = handlers.get(kind) if type(kind) is str else None
        if handle is not None:
            take(resource, line, handle)
        elif kind == "Bundle":
            _read_bundle_line(resource, reader)
        elif type(kind) is not str:
            code = "R006" if len(line) <= LONGEST_JSON else "R009"
            issues.append((code, "line", number, None, None))
        if size > CHUNK_BYTES or len(slices) >= CHUNK_ROWS or len(issues) >= CHUNK_ROWS:
            return True
        if len(reader.pending) >= PENDING_LIMIT:
            reader.settle()
            reader.unit = "line"
    return False


def _read_bundle_line(bundle: Mapping[str, Any], reader: Reader) -> None:
    number = reader.number
    reader.settle()
    _read_bundle(bundle, reader, unit=f"line {number}, entry")
    reader.unit, reader.number = "line", number


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the search for reference cycles: rows in the making hold none, and are many."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _why_unreadable(content: bytes) -> str:
    """R004 where the bytes are not UTF-8, else R003."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "R004"
    return "R003"


def _read_document(content: bytes, reader: Reader) -> None:
    issues = reader.sheets.issues
    if len(content) > LONGEST_JSON:
        issues.append(("R009", "file", None, None, None))
        return
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        issues.append((_why_unreadable(content), "file", None, None, None))
        return
    if isinstance(found, dict) and found.get("resourceType") == "Bundle":
        _read_bundle(found, reader, unit="entry")
    elif isinstance(found, dict) and "resourceType" in found:
        reader.unit = "resource"
        _read_resources([(None, found)], reader, unit="resource")
    elif isinstance(found, list):
        pairs = [(None, one) for one in found if isinstance(one, dict)]
        _read_resources(pairs, reader, unit="entry")
    else:
        issues.append(("R006", "file", None, None, None))


def _read_bundle(bundle: Mapping[str, Any], reader: Reader, *, unit: str) -> None:
    entries = bundle.get("entry")
    pairs = [
        (entry.get("fullUrl"), entry["resource"])
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
    ]
    _read_resources(pairs, reader, unit=unit)


def _read_resources(
    pairs: Sequence[tuple[str | None, dict[str, Any]]], reader: Reader, *, unit: str
) -> None:
    """Read resources that may point to each other."""
    outer = reader.bundle
    reader.bundle = index_bundle(pairs)
    reader.unit = unit
    for number, (url, resource) in enumerate(pairs, start=1):
        reader.number, reader.url = number, url
        kind = resource.get("resourceType")
        if kind == "Bundle":
            reader.settle()
            _read_bundle(resource, reader, unit=f"{unit} {number}, entry")
            reader.unit = unit
        elif type(kind) is not str:
            reader.sheets.issues.append(("R006", unit, number, None, None))
        elif kind in reader.handlers:
            reader.take(resource, None, reader.handlers[kind])
    reader.settle()
    reader.url = None
    reader.bundle = outer
