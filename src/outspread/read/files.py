"""Opening files: plain or gzip, JSON or lines of JSON, whatever their names say."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP_MAGIC: Final = b"\x1f\x8b"
PARQUET_MAGIC: Final = b"PAR1"
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
DAMAGED: Final = (EOFError, zlib.error, gzip.BadGzipFile)
LONGEST_JSON: Final = 256 * 1024 * 1024  # of a line or document; read, it takes ten times as much
HEAD_BYTES: Final = 64 * 1024
_BLOCK: Final = 1024 * 1024
_BUFFER: Final = 128 * 1024


class Part(NamedTuple):
    """Whole lines of a plain file: the bytes they take, and the number of the first of them."""

    start: int
    end: int
    first_line: int


class _PartReader(RawIOBase):
    """The bytes of a part, as a file of its own."""

    def __init__(self, file: FileIO, part: Part) -> None:
        super().__init__()
        self.file, self.left = file, part.end - part.start
        file.seek(part.start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        count = self.file.readinto(memoryview(buffer)[: self.left]) or 0
        self.left -= count
        return count


class _Unpacked(RawIOBase):
    """The bytes of a gzip file; where it is damaged it raises, after all that comes before.

    It raises again each time it is read there, so that nobody takes damage for the end.
    """

    def __init__(self, file: FileIO) -> None:
        super().__init__()
        self.packed = gzip.GzipFile(fileobj=BufferedReader(file, _BUFFER))
        self.damage: Exception | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        if self.damage:
            raise self.damage
        view = memoryview(buffer)
        try:
            content = self.packed.read1(len(view))
        except DAMAGED as error:
            self.damage = error
            raise
        view[: len(content)] = content
        return len(content)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.damage = None
        return self.packed.seek(offset, whence)

    def tell(self) -> int:
        return self.packed.tell()


@contextmanager
def open_bytes(path: Path, part: Part | None = None) -> Iterator["BufferedReader[Any]"]:
    """Open a file for its bytes, unpacked where it is gzip, without its byte order mark.

    With `part`, only those bytes, as they are.

    Raises
    ------
    OSError
        If it is no regular file: reading a pipe or a device may never end.
    """
    if not path.is_file():
        message = "Not a regular file."
        raise OSError(message)
    if part is not None:
        with path.open("rb", buffering=0) as plain:
            yield BufferedReader(_PartReader(plain, part), _BUFFER)
        return
    with path.open("rb", buffering=0) as file:
        is_packed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        stream: BufferedReader[Any] = BufferedReader(
            _Unpacked(file) if is_packed else file, _BUFFER
        )
        if stream.read(3) != BYTE_ORDER_MARK:
            stream.seek(0)
        yield stream


def read_head(path: Path) -> bytes:
    """Read the first bytes, unpacked, in UTF-8, without the white space before them.

    Of a file that is damaged further on, those before the damage.
    """
    head = b""
    with open_bytes(path) as stream:
        try:
            while len(head) < HEAD_BYTES and (more := stream.read1(HEAD_BYTES - len(head))):
                head += more
        except DAMAGED:
            if not head:
                raise
    if head.startswith(WIDE_MARKS):
        head = head.decode("utf-16", errors="ignore").encode()
    return head.lstrip()


def read_lines(stream: "BufferedReader[Any]") -> Iterator[bytes]:
    """Read lines; of one longer than `LONGEST_JSON` comes the beginning, one byte too long."""
    limit = LONGEST_JSON + 1
    while line := stream.readline(limit):
        yield line
        while len(line) == limit and not line.endswith(b"\n"):
            line = stream.readline(limit)


def number_lines(
    stream: "BufferedReader[Any]", *, first: int = 1, lines: Iterator[bytes] | None = None
) -> Iterator[tuple[int, bytes]]:
    """Read the lines that are not empty, each with its number; many empty ones take no time.

    `lines`: what `read_lines` has given for the stream, where some lines are taken already.
    """
    number = first
    for line in lines or read_lines(stream):
        if line.isspace():
            number += _skip_empty_lines(stream)
        else:
            yield number, line
        number += 1


def _skip_empty_lines(stream: "BufferedReader[Any]") -> int:
    """Skip what is buffered of white space that ends with a line; count the lines."""
    ahead = stream.peek()
    space = ahead[: len(ahead) - len(ahead.lstrip())]
    return stream.read(space.rfind(b"\n") + 1).count(b"\n")


def split_lines(path: Path, size: int) -> Iterator[Part]:
    """Cut a plain file into parts of about a size, each of whole lines; all but its mark."""
    with path.open("rb", buffering=0) as file:
        start = len(BYTE_ORDER_MARK) if file.read(3) == BYTE_ORDER_MARK else 0
        line = 1
        while True:
            file.seek(start)
            end, lines = _end_of_part(file, size)
            if end == start:
                return
            yield Part(start, end, line)
            start, line = end, line + lines


def _end_of_part(file: FileIO, size: int) -> tuple[int, int]:
    """Find the first line end at or behind `size` bytes from here; count the lines before it."""
    end, lines = file.tell(), 0
    while block := file.read(_BLOCK):
        size -= len(block)
        stop = block.find(b"\n", max(0, len(block) + size - 1)) + 1 if size <= 0 else 0
        lines += block.count(b"\n", 0, stop or len(block))
        end += stop or len(block)
        if stop:
            break
    return end, lines
