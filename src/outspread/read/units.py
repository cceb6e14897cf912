"""What there is to read: folders of tables, files, and parts of large files of lines."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from outspread.errors import ReadError
from outspread.read.columns.layout import check_mapping
from outspread.read.fhir import is_ndjson
from outspread.read.files import DAMAGED, GZIP_MAGIC, Part, read_head, split_lines
from outspread.read.notes import looks_like_note_lines
from outspread.read.stored import is_table_folder

PART_BYTES: Final = 32 * 1024 * 1024
NOTE_PART_BYTES: Final = 4 * 1024 * 1024  # prose takes some ten times as long to read


class Unit(NamedTuple):
    """What one reader reads in one go; `is_named`: the user has named it, not its folder.

    `cost` is about how much work it is, in bytes of coded records.
    """

    path: Path
    is_named: bool
    cost: int
    part: Part | None = None


def find_units(inputs: Sequence[Path], *, columns: Mapping[str, str] | None) -> Iterator[Unit]:
    """Find what there is to read in files and folders, in the order of their names.

    Large plain NDJSON is cut into parts of whole lines, notes into smaller ones. How, hangs on
    the files alone.

    Raises
    ------
    ReadError
        R060 where an input does not exist; R061 where there is no file that can be read; R063 where
        `columns` names a column that is not ours.
    """
    check_mapping(columns or {})
    named = {Path(path) for path in inputs}
    for path in named:
        if not path.exists():
            message = f"R060: {path.name} does not exist. Check its name and folder."
            raise ReadError(message)
    paths = sorted({unit for path in named for unit in _paths(path)})
    if not paths:
        message = "R061: there is no file to read. Name a file, or a folder that holds files."
        raise ReadError(message)
    for path in paths:
        size = _size(path)
        part_size = _part_size(path) if size > min(PART_BYTES, NOTE_PART_BYTES) else None
        if part_size is None or size <= part_size:
            yield Unit(path, path in named, size)
            continue
        for part in split_lines(path, part_size):
            cost = (part.end - part.start) * PART_BYTES // part_size
            yield Unit(path, path in named, cost, part)


def _paths(path: Path, above: frozenset[Path] = frozenset()) -> list[Path]:
    """Files of an input; a folder of record tables, or one that may not be opened, is one.

    A link back to one of the folders `above` is left out.
    """
    try:
        if not path.is_dir() or is_table_folder(path):
            return [path]
        folder = path.resolve()
        names = [] if folder in above else list(path.iterdir())
    except OSError:
        return [path]
    inner = (name for name in names if not name.name.startswith("."))
    return [unit for name in inner for unit in _paths(name, above | {folder})]


def _size(path: Path) -> int:
    try:
        files = path.iterdir() if path.is_dir() else [path]
        return sum(file.stat().st_size for file in files)
    except OSError:
        return 0  # the reader will say so


def _part_size(path: Path) -> int | None:
    """Size of the parts that a file is cut into; None where its lines cannot be read apart."""
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        head = read_head(path)
        if is_packed or not head.startswith(b"{"):
            return None
        if looks_like_note_lines(head):
            return NOTE_PART_BYTES
        return PART_BYTES if is_ndjson(path) else None
    except (OSError, *DAMAGED):
        return None
