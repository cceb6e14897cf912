"""Many lines at once: those of one plain record each become cells without Python per line.

A line is plain if it is one whole record as wide as the header, quoted by the book. All others,
and what they draw in, go record by record through `outspread.read.columns.lines`, which alone says
what is wrong with them; so both ways give the same rows.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import polars as pl

from outspread.read.columns.lines import LINE_ENDS, Lines, Record
from outspread.read.files import DAMAGED

BLOCK: Final = 4_000_000  # characters
ROW: Final = "#row"  # no header of a file can be this: "#" is not kept in names
_LONGEST_PLAIN: Final = 100_000  # bytes; below the longest cell that the parser takes
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_ODD: Final = "\0\ufeff"
_QUOTED: Final = '"(?:[^"]|"")*"'


class Block(NamedTuple):
    """Some lines: the plain ones as cells with the number of each in `#row`, and the others."""

    cells: pl.DataFrame
    others: list[Record]
    is_damaged: bool = False


class _Others(NamedTuple):
    """Records that are not plain; which lines begin a record, and which of these are plain."""

    records: list[Record]
    starts: pl.Series
    is_plain: pl.Series
    is_damaged: bool


def read_blocks(lines: Lines, names: Sequence[str], number: int) -> Iterator[Block]:
    """Read what follows the header.

    Parameters
    ----------
    lines
        As the header has left them.
    names
        Of the columns, no two the same.
    number
        Of the header.

    Returns
    -------
    Blocks; blank records are in none, but count. Where the file is damaged the last says so.
    """
    is_damaged = False
    while not is_damaged:
        text = lines.take_block(BLOCK)
        is_torn = lines.damage() is not None and not text.endswith(LINE_ENDS)
        if not text and not is_torn:
            return
        split = _split(text)
        is_plain = _are_plain(split, lines.delimiter, len(names))
        if is_torn:
            is_plain[-1] = False
        if text and is_plain.all():
            others = _Others([], is_plain, is_plain, is_damaged=False)
        else:
            others = _read_others(lines, text, is_plain, number)
        numbers = (number + others.starts.cum_sum()).cast(pl.UInt32).filter(others.is_plain)
        cells = _parse(split.filter(others.is_plain), lines.delimiter, names)
        yield Block(cells.with_columns(numbers.alias(ROW)), others.records, others.is_damaged)
        number += int(others.starts.sum())
        is_damaged = others.is_damaged


def _split(text: str) -> pl.Series:
    """Lines without their ends; a character that is not of the encoding becomes NUL."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    clean = text if text.isascii() else _SURROGATES.sub("\0", text)
    return pl.Series([clean]).str.split("\n").explode(empty_as_null=True)


def _are_plain(lines: pl.Series, delimiter: str, width: int) -> pl.Series:
    line = pl.col("line")
    mark = re.escape(delimiter)
    cell = f'(?:[^"{mark}]*|{_QUOTED})'
    frame = lines.to_frame("line")
    bare, tests = line, [line.str.len_bytes() < _LONGEST_PLAIN]
    if frame.select(line.str.contains('"', literal=True).any()).item():
        bare = line.str.replace_all(_QUOTED, "")
        tests.append(line.str.contains(f"^{cell}(?:{mark}{cell})*$"))
    tests += [
        line.str.contains(f'[^"{mark}]'),
        ~line.str.contains(f"[{_ODD}]"),
        bare.str.count_matches(delimiter, literal=True) == width - 1,
    ]
    return frame.select(pl.all_horizontal(tests)).to_series()


def _read_others(lines: Lines, text: str, is_plain: pl.Series, number: int) -> _Others:
    """Read each line that is not plain as the record that begins with it."""
    lines.waiting = _LINE.findall(text)
    count = len(lines.waiting)
    records: list[Record] = []
    drawn: list[int] = []  # lines that begin no record
    end, is_damaged = 0, False
    for place in (~is_plain).arg_true():
        if place < end:
            continue
        lines.place = place
        here = number + 1 + place - len(drawn)
        try:
            record = lines.read_record(here)
        except DAMAGED:
            is_damaged = True
            drawn += range(place, count)
            break
        end = lines.place
        drawn += range(place + 1, end)
        if record and (record.issue or any(record.cells)):
            records.append(record)
    lines.place = max(end, count)
    starts = ~pl.int_range(len(is_plain), eager=True).is_in(drawn)
    return _Others(records, starts, is_plain & starts, is_damaged)


def _parse(lines: pl.Series, delimiter: str, names: Sequence[str]) -> pl.DataFrame:
    schema = dict.fromkeys(names, pl.String)
    if lines.is_empty():
        return pl.DataFrame(schema=schema)
    text = lines.str.join("\n").item()
    quote = '"' if '"' in text else None
    return pl.read_csv(
        text.encode(), has_header=False, schema=schema, separator=delimiter, quote_char=quote
    )
