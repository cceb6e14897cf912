"""The zip file of an algorithm, opened with care: it comes from outside.

Holds `schemas/<id>.json`, `tables/<id>.json` and `glossary/*.json`. Nothing is unpacked to disk.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

import orjson

from outspread.errors import StageError

MOST_FILES: Final = 20_000
MOST_BYTES: Final = 64 * 2**20
MOST_BYTES_IN_ALL: Final = 512 * 2**20
PARTS: Final = ("schemas", "tables", "glossary")
Json = dict[str, Any]


class Source(NamedTuple):
    """What the zip holds, by id, as read; `glossary` by name of its term."""

    algorithm: str
    version: str
    schemas: dict[str, Json]
    tables: dict[str, Json]
    glossary: dict[str, Json]


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    StageError
        S001 if there is no such file, or it cannot be read.
    """
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        message = f"S001: the algorithm file {path.name} cannot be read: {type(error).__name__}."
        raise StageError(message) from error


def read_source(path: Path) -> Source:
    """Read all of an algorithm file.

    Raises
    ------
    StageError
        S001 cannot be read, S002 is no zip or is damaged, S003 holds what an algorithm file does
        not hold (paths that lead out of it, too much), S004 has no schemas or tables, or parts of
        them are missing.
    """
    found: dict[str, dict[str, Json]] = {part: {} for part in PARTS}
    with _opened(path) as archive:
        for name, part in _members(archive):
            item = _parse(_read(archive, name, path), name)
            found[part][_name_of(item, part, name)] = item
    schemas, tables, glossary = (found[part] for part in PARTS)
    if not schemas or not tables:
        message = (
            f"S004: {path.name} holds {len(schemas)} schemas and {len(tables)} tables, so it is no "
            "algorithm file. Take one from the releases of github.com/imsweb/staging-client-java."
        )
        raise StageError(message)
    stated = {(item.get("algorithm"), item.get("version")) for item in schemas.values()}
    algorithm, version = stated.pop()
    if stated or not isinstance(algorithm, str) or not isinstance(version, str):
        message = f"S004: the schemas in {path.name} are not all of one algorithm and version."
        raise StageError(message)
    return Source(algorithm, version, schemas, tables, glossary)


def read_item(path: Path, part: str, name: str) -> Json | None:
    """Read one schema or table of an algorithm file; None if it has none of that name."""
    with _opened(path) as archive:
        member = f"{part}/{name}.json"
        if member in archive.namelist():
            return _parse(_read(archive, member, path), member)
        for other, its_part in _members(archive):
            if its_part == part:
                item = _parse(_read(archive, other, path), other)
                if item.get("id") == name:
                    return item
    return None


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, path)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        message = f"S002: {path.name} is no zip file, or is damaged. Download it again."
        raise StageError(message) from error
    except OSError as error:
        message = f"S001: the algorithm file {path.name} cannot be read: {type(error).__name__}."
        raise StageError(message) from error


def _check_members(archive: zipfile.ZipFile, path: Path) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if len(members) > MOST_FILES or total > MOST_BYTES_IN_ALL:
        message = f"S003: {path.name} unpacks to more than any algorithm file does. It is not read."
        raise StageError(message)
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or ":" in member.filename:
            message = f"S003: {path.name} holds paths that lead out of it. It is not read."
            raise StageError(message)


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for name in archive.namelist():
        place = PurePosixPath(name)
        if place.suffix == ".json" and len(place.parts) == 2 and place.parts[0] in PARTS:
            yield name, place.parts[0]


def _read(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    """Read a member; its stated size is not trusted."""
    with archive.open(name) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        message = f"S003: {path.name} unpacks to more than any algorithm file does. It is not read."
        raise StageError(message)
    return content


def _parse(content: bytes, name: str) -> Json:
    try:
        item = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        message = f"S004: {name} in the algorithm file is no JSON."
        raise StageError(message) from error
    if not isinstance(item, dict):
        message = f"S004: {name} in the algorithm file is no JSON object."
        raise StageError(message)
    return item


def _name_of(item: Json, part: str, name: str) -> str:
    key = item.get("name" if part == "glossary" else "id")
    if not isinstance(key, str):
        message = f"S004: {name} in the algorithm file has no id."
        raise StageError(message)
    return key
