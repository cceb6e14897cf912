"""Opening files: plain or gzip, JSON or lines of JSON, whatever their names say."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

GZIP_MAGIC: Final = b"\x1f\x8b"
PARQUET_MAGIC: Final = b"PAR1"
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
DAMAGED: Final = (EOFError, zlib.error, gzip.BadGzipFile)
_HEAD: Final = 64 * 1024


@contextmanager
def open_bytes(path: Path) -> Iterator["BufferedReader[Any]"]:
    """Open a file for its bytes, unpacked where it is gzip; a byte order mark is skipped."""
    with path.open("rb") as file:
        is_packed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        stream = BufferedReader(gzip.GzipFile(fileobj=file)) if is_packed else file
        if stream.read(3) != BYTE_ORDER_MARK:
            stream.seek(0)
        yield stream


def read_head(path: Path) -> bytes:
    """Read the first bytes, unpacked, in UTF-8, without the white space before them."""
    with open_bytes(path) as stream:
        head = stream.read(_HEAD)
    if head.startswith(WIDE_MARKS):
        head = head.decode("utf-16", errors="ignore").encode()
    return head.lstrip()
