"""Reports in free text as documents: plain text files, lines of JSON, tables with a text column.

A note without a patient is a person of its own, so that nobody's records are mixed.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
import polars as pl

from outspread.read.dates import Days, today
from outspread.read.files import DAMAGED, LONGEST_JSON, Part, number_lines, open_bytes
from outspread.read.pdf import PDF_MAGIC, pdf_text
from outspread.read.vocabulary import issue_severities, load_rows
from outspread.records import Records
from outspread.tables import polars_schema

LONGEST_NOTE: Final = 16 * 1024 * 1024  # characters; read, they take about a hundred times as much
NOTES_AT_ONCE: Final = 2_000
CHARACTERS_AT_ONCE: Final = 16_000_000
MOST_WORDS_OF_A_HEADER: Final = 5
_DELIMITERS: Final = re.compile(r"[,;\t|]")
UNNAMED: Final = "unnamed:"
_EPOCH: Final = date(1970, 1, 1)
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_BREAK: Final = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
DAMAGE: Final = "R005"
Row = dict[str, Any]
Fault = tuple[str, int | None, str | None]


class Notes:
    """Notes of one file in the making."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.days = Days(today())
        self.documents: list[Row] = []
        self.sources: list[Row] = []
        self.issues: list[Row] = []
        self.size = self.count = 0

    def issue(
        self, code: str, place: str | None = None, field: str | None = None, *, more: str = ""
    ) -> None:
        """Remember an issue; `more` goes on where its reason ends."""
        severity, reason = issue_severities()[code]
        self.issues.append(
            {"severity": severity, "code": code, "file": self.file, "place": place, "field": field,
             "reason": reason + more}
        )  # fmt: skip

    def add(self, found: Mapping[str, object], place: str) -> None:
        """Add one note by the names of its columns; what cannot be used is an issue."""
        text = found.get("text")
        if not isinstance(text, str) or not text.strip():
            self.issue("R130", place, "text")
            return
        if len(text) > LONGEST_NOTE:
            self.issue("R131", place, "text")
            return
        name = str(found.get("document_id") or f"{self.file}/{place}")
        patient = str(found.get("patient_id") or UNNAMED + name)
        day = self._day(found.get("date"), place)
        kind = found.get("kind")
        self.size += len(text)
        self.count += 1
        self.documents.append(
            {"patient_id": patient, "document_id": name, "date": day, "text": text,
             "kind": str(kind) if kind else None}
        )  # fmt: skip
        self.sources.append(
            {"patient_id": patient, "source_ref": name, "source_kind": "document",
             "file": self.file, "place": place, "content": ""}
        )  # fmt: skip

    def _day(self, value: object, place: str) -> date | None:
        if isinstance(value, date) or value is None or value == "":
            return value if isinstance(value, date) else None
        day = self.days[str(value)[:10]]
        if day.issue:
            self.issue(day.issue, place, "date")
        return _EPOCH + timedelta(days=day.days) if day.days is not None else None

    def damaged(self, place: str) -> None:
        """Remember that the file is damaged here, and how many notes come before."""
        self.issue(DAMAGE, place, more=f" Notes kept: {self.count}.")

    def is_full(self) -> bool:
        """Whether there is enough for one chunk."""
        return len(self.documents) >= NOTES_AT_ONCE or self.size >= CHARACTERS_AT_ONCE

    def records(self) -> Records:
        """Give what was read so far, and forget it."""
        tables = {"document": self.documents, "raw": self.sources, "issue": self.issues}
        frames = {
            name: pl.DataFrame(rows, schema=polars_schema(name), strict=False)
            for name, rows in tables.items()
        }
        unnamed = frames["document"].filter(pl.col("patient_id").str.starts_with(UNNAMED))
        frames["patient"] = unnamed.select("patient_id").unique(maintain_order=True)
        frames["raw"] = frames["raw"].unique(["patient_id", "source_ref"], maintain_order=True)
        self.documents, self.sources, self.issues, self.size = [], [], [], 0
        return Records(**frames)


def looks_like_note_lines(head: bytes) -> bool:
    """Tell whether a file that begins like this holds notes as lines of JSON."""
    line = head.split(b"\n", 1)[0]
    if not line.startswith(b"{") or b'"resourceType"' in line:
        return False
    return any(f'"{name}"'.encode() in line for name in _columns() if _columns()[name] == "text")


def looks_like_note_table(names: list[str]) -> bool:
    """Tell whether a table with these columns holds notes."""
    return "text" in {_columns().get(name.strip().strip('"').lower()) for name in names}


def looks_like_text(head: bytes) -> bool:
    """Tell whether a file that begins like this is text written for people."""
    if not head or _CONTROL.search(head):
        return False
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end < len(head) - 4:
            text = head.decode("cp1252", errors="replace")
        else:
            text = head[: error.start].decode("utf-8")
    letters = sum(one.isalpha() or one.isspace() for one in text[:4000])
    return len(text.split()) >= 3 and letters * 3 > len(text[:4000]) * 2


def read_note_lines(path: Path, part: Part | None = None) -> Iterator[Records]:
    """Read notes from lines of JSON: doc_id, patient_id, date, kind, text; or a part of them."""
    notes = Notes(path.name)
    first = part.first_line if part else 1
    number = first - 1
    try:
        with open_bytes(path, part) as stream:
            for number, line in number_lines(stream, first=first):
                _read_line(line, notes, f"line {number}")
                if notes.is_full():
                    yield notes.records()
    except DAMAGED:
        notes.damaged(f"line {number + 1}")
    except OSError:
        notes.issue("R001", "file")
    yield notes.records()


def _read_line(line: bytes, notes: Notes, place: str) -> None:
    if len(line) > LONGEST_JSON:
        notes.issue("R009", place)
        return
    found, code = _loaded(line)
    if code:
        notes.issue(code, place)
    if found is not None:
        notes.add(_renamed(found), place)


def _loaded(line: bytes) -> tuple[dict[str, object] | None, str | None]:
    """Read the object of a line; with the code of what is the matter with it."""
    code = None
    try:
        line.decode()
    except UnicodeDecodeError:
        line, code = line.decode("cp1252", errors="replace").encode(), "R132"
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None, "R004" if code else "R003"
    return (found, code) if isinstance(found, dict) else (None, "R003")


def read_note_table(
    file: str, batches: Iterable[tuple[pl.DataFrame, Iterable[Fault]]], *, number: str
) -> Iterator[Records]:
    """Read notes from a table of text, such as OMOP NOTE.

    Parameters
    ----------
    batches
        Some rows at a time, and what of them cannot be read: code, row, column.
    number
        The column of row numbers.
    """
    notes = Notes(file)
    for frame, faults in batches:
        for row in frame.iter_rows(named=True):
            notes.add(_renamed(row), f"row {row[number]}")
            if notes.is_full():
                yield notes.records()
        for code, at, column in faults:
            place = f"row {at}" if at else "file"
            if code == DAMAGE:
                notes.damaged(place)
            else:
                notes.issue(code, place, column)
    yield notes.records()


def is_prose(head: bytes) -> bool:
    """Tell whether a first line is no row of a table: a sentence, or the address of a letter."""
    first = (head.decode("utf-8", errors="replace").lstrip().splitlines() or [""])[0][:5000]
    line = first.rstrip()
    is_address = line.endswith(",") and line.count(",") == 1 and " " in line  # "Dear Dr Lee,"
    if is_address or line.endswith((".", "?", "!", ":")):
        return True
    return any(len(part.split()) > MOST_WORDS_OF_A_HEADER for part in _DELIMITERS.split(first))


def read_note_file(path: Path) -> Iterator[Records]:
    """Read one plain text or PDF file as one note; its name is the name of the document."""
    notes = Notes(path.name)
    try:
        with open_bytes(path) as stream:
            content = stream.read(4 * LONGEST_NOTE + 1)
    except DAMAGED:
        notes.issue(DAMAGE, "file")
        content = b""
    except OSError:
        notes.issue("R001", "file")
        content = b""
    if len(content) > 4 * LONGEST_NOTE:
        notes.issue("R131", "file")
    elif content.startswith(PDF_MAGIC):
        text, issue = pdf_text(content)
        if issue:
            notes.issue(issue, "file")
        else:
            notes.add({"document_id": path.stem, "text": text}, "file")
    elif content:
        text, is_sure = decode(content)
        if not is_sure:
            notes.issue("R132", "file")
        notes.add({"document_id": path.stem, "text": text}, "file")
    yield notes.records()


def decode(content: bytes) -> tuple[str, bool]:
    """Text of some bytes, and whether their encoding is certain."""
    for encoding in (
        ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    ):
        try:
            return content.decode(encoding), True
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", errors="replace"), False


def plain_text(markup: str) -> str:
    """Text of HTML or XHTML, with a line end where a block ends."""
    return html.unescape(_TAG.sub(" ", _BREAK.sub("\n", markup)))


def _renamed(row: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in row.items():
        ours = _columns().get(str(name).strip().lower())
        if ours and value is not None:
            found.setdefault(ours, value)
    return found


@cache
def _columns() -> dict[str, str]:
    return {row["name"]: row["column"] for row in load_rows("note_columns.csv")}
