"""Lines of delimited text, one record at a time, however broken the text around it is.

A quote that is never closed costs its own record only: after `MOST_LINES` the lines behind the
first are read again. Lines longer than `LONGEST_LINE` are skipped without being held in memory.
"""

import csv
from collections.abc import Iterator
from io import DEFAULT_BUFFER_SIZE, BufferedIOBase, BufferedReader, TextIOWrapper
from typing import Any, Final, NamedTuple

from outspread.read.files import DAMAGED

LONGEST_LINE: Final = 1_000_000
MOST_LINES: Final = 50  # lines of one record: texts with line breaks are this long at most
DELIMITERS: Final = ",;\t|"
UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
LINE_ENDS: Final = ("\n", "\r")


class Record(NamedTuple):
    """One record: its number as a spreadsheet counts it, and its cells or why there are none."""

    number: int
    cells: list[str]
    issue: str | None = None


class _Undamaged(BufferedIOBase):
    """Bytes up to where a file is damaged, so that a text keeps what comes before."""

    name = ""  # a text asks for one

    def __init__(self, stream: "BufferedReader[Any]") -> None:
        self.stream = stream
        self.damage: Exception | None = None

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1, /) -> bytes:
        try:
            return b"" if self.damage else self.stream.read1(min(size, DEFAULT_BUFFER_SIZE))
        except DAMAGED as error:
            self.damage = error
            return b""


def open_text(stream: "BufferedReader[Any]") -> TextIOWrapper:
    """Decode bytes as UTF-8, or as UTF-16 where a byte order mark says so.

    Bytes that are not of the encoding do not raise; `read_records` reports their lines. Damage
    ends the text; `Lines` raise it.
    """
    start = stream.tell()
    is_wide = stream.read(2) in UTF_16_MARKS
    stream.seek(start)
    encoding, errors = ("utf-16", "replace") if is_wide else ("utf-8", "surrogateescape")
    return TextIOWrapper(_Undamaged(stream), encoding=encoding, errors=errors, newline="")


def find_delimiter(line: str) -> str:
    """Tell which delimiter splits a line into the most cells outside of quotes; comma if none."""
    bare = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def read_records(lines: "Lines") -> Iterator[Record]:
    """Read the records of a text, its header included.

    Returns
    -------
    Records that are not blank. One that cannot be read has an issue instead of cells: R071 its
    quotes or characters are broken, R004 it is not UTF-8, R082 it is too long.
    """
    number = 0
    while (record := lines.read_record(number + 1)) is not None:
        number = record.number
        if record.issue or any(record.cells):
            yield record


class Lines:
    """Lines for the parser, with those of the record at hand to be put back if it is broken.

    `waiting` are lines already taken from the text, `place` is the next of them.
    """

    def __init__(self, text: TextIOWrapper, first: str, delimiter: str) -> None:
        self.text, self.waiting, self.delimiter = text, [first], delimiter
        self.place = self.start = 0
        self.issue: str | None = None
        self.parser = csv.reader(self, delimiter=delimiter, strict=True)

    def read_record(self, number: int) -> Record | None:
        """Read the record at `place`, blank or not; None at the end of the text.

        Raises
        ------
        EOFError, zlib.error, gzip.BadGzipFile
            Where the file is damaged.
        """
        if self.place == len(self.waiting):
            self.waiting, self.place = [], 0
        self.start, self.issue = self.place, None
        try:
            cells = next(self.parser)
        except StopIteration:
            return None
        except csv.Error:
            self.place = self.start + 1
            return Record(number, [], "R071")
        return Record(number, [], self.issue) if self.issue else Record(number, cells)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.place - self.start >= MOST_LINES:
            raise StopIteration  # inside of quotes: the parser calls this an error
        if self.place == len(self.waiting):
            self.waiting.append(self.text.readline(LONGEST_LINE))
        line = self.waiting[self.place]
        if not line.endswith(LINE_ENDS) and (damage := self.damage()):
            raise damage
        if not line:
            raise StopIteration
        self.place += 1
        if line.isascii() and "\0" not in line and len(line) < LONGEST_LINE:
            return line
        issue = self._fault(line)
        if issue is None:
            return line
        self.issue = issue
        is_first = self.place - self.start == 1
        return "\n" if is_first else line.replace("\0", "").replace('"', "")

    def take_block(self, size: int) -> str:
        """Take whole lines of about a size: those that wait, and more of the text."""
        block = "".join(self.waiting[self.place :]) + self.text.read(size)
        if not block.endswith("\n"):
            block += self.text.readline(LONGEST_LINE)
        self.waiting, self.place = [], 0
        return block

    def damage(self) -> Exception | None:
        """Give what has ended the text before its time."""
        buffer = self.text.buffer
        return buffer.damage if isinstance(buffer, _Undamaged) else None

    def _fault(self, line: str) -> str | None:
        is_cut = not line.endswith(LINE_ENDS)
        if len(line) + is_cut > LONGEST_LINE:
            if is_cut:
                self._skip_rest()
                self.waiting[self.place - 1] += "\n"  # read again, it is not cut
            return "R082"
        if "\0" in line:
            return "R071"
        return None if line.isascii() or _is_clean(line) else "R004"

    def _skip_rest(self) -> None:
        rest = self.text.readline(LONGEST_LINE)
        while rest and not rest.endswith(LINE_ENDS):
            rest = self.text.readline(LONGEST_LINE)


def _is_clean(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
