"""The text of an XML file: which encoding it has, and its blocks decoded."""

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from io import BufferedReader

BLOCK_BYTES: Final = 256 * 1024
_MARKS: Final = (
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_STATED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']""")
_ASCII_LIKE: Final = ("iso8859", "cp125", "cp437", "cp850", "mac-roman", "latin")
_UNICODE: Final = ("utf-8", "ascii", "utf-16")  # utf-16 without its marks is UTF-8 misnamed
REPLACED: Final = "\ufffd"


def find_encoding(head: bytes) -> str | None:
    """Name the encoding of a file by its first bytes; None where it states one that is unknown.

    Examples
    --------
    >>> find_encoding(b'<?xml version="1.0" encoding="ISO-8859-1"?>')
    'iso8859-1'
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    stated = _STATED.match(head)
    if stated is None:
        return "utf-8"
    try:
        name = codecs.lookup(stated[1].decode("ascii")).name
    except LookupError:
        return None
    if name.startswith(_UNICODE):
        return "utf-8"
    return name if name.startswith(_ASCII_LIKE) else None


def read_blocks(stream: "BufferedReader[Any]", encoding: str, head: bytes) -> Iterator[str]:
    """Decode a stream block by block; bytes that are not of the encoding become `REPLACED`."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    block = head
    while block:
        yield decoder.decode(block)
        block = stream.read1(BLOCK_BYTES)
    yield decoder.decode(b"", final=True)
