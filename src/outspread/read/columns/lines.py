"""Lines of delimited text, one record at a time, however broken the text around it is.

A quote that is never closed costs its own record only: after `MOST_LINES` the lines behind the
first are read again. Lines longer than `LONGEST_LINE` are skipped without being held in memory.
"""

import csv
from collections import deque
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper
from typing import Any, Final, NamedTuple

LONGEST_LINE: Final = 1_000_000
MOST_LINES: Final = 50  # lines of one record: texts with line breaks are this long at most
DELIMITERS: Final = ",;\t|"
UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


class Record(NamedTuple):
    """One record: its number as a spreadsheet counts it, and its cells or why there are none."""

    number: int
    cells: list[str]
    issue: str | None = None


def open_text(stream: "BufferedReader[Any]") -> TextIOWrapper:
    """Decode bytes as UTF-8, or as UTF-16 where a byte order mark says so.

    Bytes that are not of the encoding do not raise; `read_records` reports their lines.
    """
    start = stream.tell()
    is_wide = stream.read(2) in UTF_16_MARKS
    stream.seek(start)
    encoding, errors = ("utf-16", "replace") if is_wide else ("utf-8", "surrogateescape")
    return TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")


def find_delimiter(line: str) -> str:
    """Tell which delimiter splits a line into the most cells outside of quotes; comma if none."""
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def read_records(text: TextIOWrapper, first: str, delimiter: str) -> Iterator[Record]:
    """Read the records of a text, its header included.

    Parameters
    ----------
    text
        What follows `first`.
    first
        Its first line.

    Returns
    -------
    Records that are not blank. One that cannot be read has an issue instead of cells: R071 its
    quotes or characters are broken, R004 it is not UTF-8, R082 it is too long.
    """
    lines = _Lines(text, first)
    parser = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        lines.taken.clear()
        number += 1
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error:
            lines.put_back()
            yield Record(number, [], "R071")
            continue
        if lines.issue:
            yield Record(number, [], lines.issue)
            lines.issue = None
        elif cells and any(cells):
            yield Record(number, cells)


class _Lines:
    """Lines for the parser, with those of the record at hand to be put back if it is broken."""

    def __init__(self, text: TextIOWrapper, first: str) -> None:
        self.text = text
        self.waiting = deque([first])
        self.taken: list[str] = []
        self.issue: str | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES:
            raise StopIteration  # inside of quotes: the parser calls this an error
        line = self.waiting.popleft() if self.waiting else self.text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.taken.append(line)
        if line.isascii() and "\0" not in line and len(line) < LONGEST_LINE:
            return line
        issue = self._damage(line)
        if issue is None:
            return line
        self.issue = issue
        return "\n" if len(self.taken) == 1 else line.replace("\0", "").replace('"', "")

    def put_back(self) -> None:
        """Have all lines but the first of the broken record read again."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        self.issue = None

    def _damage(self, line: str) -> str | None:
        if len(line) >= LONGEST_LINE and line[-1] not in "\r\n":
            self._skip_rest()
            return "R082"
        if "\0" in line:
            return "R071"
        return None if line.isascii() or _is_clean(line) else "R004"

    def _skip_rest(self) -> None:
        rest = self.text.readline(LONGEST_LINE)
        while rest and rest[-1] not in "\r\n":
            rest = self.text.readline(LONGEST_LINE)


def _is_clean(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
