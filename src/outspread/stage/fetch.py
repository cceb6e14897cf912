"""Algorithm files by name: which there are, where they lie, and how to download one."""

import csv
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from outspread.errors import StageError
from outspread.stage.archive import MOST_BYTES, hash_file, read_source
from outspread.stage.cache import cache_folder

RELEASES: Final = "https://github.com/imsweb/staging-client-java/releases/download"
PINS: Final = "pins.json"
_SECONDS: Final = 60


class Known(NamedTuple):
    """An algorithm file that was published: what it serves, where it is, and its SHA-256.

    `summary_stage` is its output with a Summary Stage code, if it has one.
    """

    name: str
    short: str
    algorithm: str
    version: str
    release: str
    sha256: str
    first_year: str
    last_year: str
    summary_stage: str
    gives: str
    source: str


@cache
def known_algorithms() -> tuple[Known, ...]:
    """Algorithm files that outspread was tested with."""
    path = Path(__file__).parent / "data" / "algorithms.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Known(**row) for row in csv.DictReader(file))


def find_algorithm(name: str, *, folder: Path | None = None) -> Path:
    """Return the file of an algorithm: a path, or the name of one that was downloaded.

    Raises
    ------
    StageError
        S007 if there is neither.
    """
    path = Path(name)
    if path.is_file():
        return path
    known = _known(name)
    stored = _stored(known.name if known else name, folder)
    if stored.is_file():
        return stored
    if known:
        message = f"S007: the algorithm {known.name} is not here. Get it: outspread stage get "
        raise StageError(message + known.name)
    names = ", ".join(item.name for item in known_algorithms())
    message = f"S007: there is no such algorithm file, and none of that name. Known: {names}"
    raise StageError(message)


def get_algorithm(
    name: str,
    *,
    release: str | None = None,
    base: str = RELEASES,
    folder: Path | None = None,
) -> Path:
    """Download an algorithm file and keep it beside those of other names.

    Its SHA-256 must be the known one or, for a file that outspread does not know, the one that was
    met when it was first downloaded.

    Parameters
    ----------
    name
        Such as `eod_public-3.3`, or the short name of a known one.
    release
        Release that has it, such as `v11.7.1`; needed for a file that is not known.
    base
        Address of the releases, for those who keep a copy of their own.
    folder
        Folder of the cache; by default see `cache_folder`.

    Raises
    ------
    StageError
        S007 no such name, S008 cannot be downloaded, S009 the file is not the one expected.
    """
    known = _known(name)
    if known is None and release is None:
        find_algorithm(name, folder=folder)
    full = known.name if known else name
    if not full.replace(".", "").replace("-", "").replace("_", "").isalnum():
        message = "S007: the name of an algorithm has letters, digits, dots and dashes only."
        raise StageError(message)
    path = _stored(full, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    expected = known.sha256 if known else _pins(path.parent).get(full)
    url = f"{base.rstrip('/')}/{release or (known.release if known else '')}/{full}.zip"
    with tempfile.TemporaryDirectory(dir=path.parent) as temporary:
        part = Path(temporary) / path.name
        _download(url, part)
        found = hash_file(part)
        if expected is not None and found != expected:
            message = (
                f"S009: the file from {url} is not {full} as known: its SHA-256 differs. "
                "It was not kept."
            )
            raise StageError(message)
        read_source(part)
        part.replace(path)
    _pin(path.parent, full, found)
    return path


def _known(name: str) -> Known | None:
    return next((item for item in known_algorithms() if name in (item.name, item.short)), None)


def _stored(name: str, folder: Path | None) -> Path:
    return (folder or cache_folder()) / "algorithms" / f"{Path(name).name}.zip"


def _download(url: str, part: Path) -> None:
    if not url.startswith(("https://", "http://")):
        message = "S008: the address of the releases must begin with https:// or http://."
        raise StageError(message)
    try:
        with urlopen(url, timeout=_SECONDS) as answer, part.open("wb") as file:  # noqa: S310 - checked
            for _ in range(MOST_BYTES // 2**16):
                block = answer.read(2**16)
                if not block:
                    return
                file.write(block)
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        message = (
            f"S008: {url} cannot be downloaded: {reason}. Download it otherwise and name the file: "
            "--algorithm FILE.zip"
        )
        raise StageError(message) from error
    message = f"S009: the file from {url} is larger than any algorithm file. It was not kept."
    raise StageError(message)


def _pins(folder: Path) -> dict[str, str]:
    try:
        pins = json.loads((folder / PINS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return pins if isinstance(pins, dict) else {}


def _pin(folder: Path, name: str, found: str) -> None:
    pins = _pins(folder) | {name: found}
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as part:
        json.dump(pins, part, indent=2)
    Path(part.name).replace(folder / PINS)
