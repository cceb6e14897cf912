"""The small language of table cells: which values a cell stands for, and what follows from a row.

The published files describe every table as text. An input cell lists values and ranges; an endpoint
cell is an order such as `VALUE:7` or `JUMP:another_table`. Lengths and order of text are those of
UTF-16, as in the reference client [seer_staging].
"""

import re
from typing import Final, NamedTuple

CONTROLS: Final = "".join(map(chr, range(0x21)))
ORDERS: Final = ("VALUE", "MATCH", "JUMP", "STOP", "ERROR")
_NUMBER: Final = re.compile(r"-?(?:\d+|\d*\.\d+)", re.ASCII)


class Range(NamedTuple):
    """Values from `low` to `high`; the same for a single value."""

    low: str
    high: str


class Endpoint(NamedTuple):
    """What follows from a row: an order and its value (None: none stated)."""

    order: str
    value: str | None


def trim(text: str) -> str:
    """Strip blanks and control characters, but no other white space.

    Examples
    --------
    >>> trim(" 10 ")
    '10'
    """
    return text.strip(CONTROLS)


def is_number(text: str) -> bool:
    """Tell whether a text counts as a number.

    Examples
    --------
    >>> [is_number(text) for text in ("10", "-1", ".5", "5.", "+5", "1e3", "")]
    [True, True, True, False, False, False, False]
    """
    return _NUMBER.fullmatch(text) is not None


def reference(text: str) -> str | None:
    """Name the key that a text refers to, if the whole of it is `{{key}}`.

    Examples
    --------
    >>> reference("{{ssf8}}"), reference("{b}")
    ('ssf8', None)
    """
    is_one = text.startswith("{{") and text.endswith("}}") and len(text) > 4
    return text[2:-2] if is_one else None


def rank(text: str) -> tuple[int, bytes]:
    """Give a sort key: texts of one length stand together, in the order in which they compare."""
    units = text.encode("utf-16-be", "surrogatepass")
    return len(units), units


def parse_input(cell: str | None) -> tuple[Range, ...] | None:
    """Read an input cell; None stands for every value.

    Examples
    --------
    >>> parse_input("00,10-19")
    (Range(low='00', high='00'), Range(low='10', high='19'))
    >>> parse_input("N0(i-)")
    (Range(low='N0(i-)', high='N0(i-)'),)
    >>> parse_input("*") is None
    True
    """
    if cell is None or cell == "*":
        return None
    return tuple(_parse_piece(piece) for piece in cell.split(","))


def _parse_piece(piece: str) -> Range:
    parts = piece.split("-")
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    if len(parts) == 2:
        low, high = trim(parts[0]), trim(parts[1])
        if _is_range(low, high):
            return Range(low, high)
    return Range(trim(piece), trim(piece))


def _is_range(low: str, high: str) -> bool:
    if reference(low) is not None or reference(high) is not None:
        return True
    return rank(low)[0] == rank(high)[0] or (is_number(low) and is_number(high))


def is_numeric(span: Range) -> bool:
    """Tell whether values are compared with a range as numbers."""
    return span.low != span.high and is_number(span.low) and is_number(span.high)


def parse_endpoint(cell: str) -> Endpoint:
    """Read an endpoint cell.

    Examples
    --------
    >>> parse_endpoint("VALUE: {{ssf8}}")
    Endpoint(order='VALUE', value='{{ssf8}}')
    >>> parse_endpoint("VALUE"), parse_endpoint("VALUE:")
    (Endpoint(order='VALUE', value=None), Endpoint(order='VALUE', value=''))
    """
    order, colon, value = cell.partition(":")
    return Endpoint(trim(order), trim(value) if colon else None)
