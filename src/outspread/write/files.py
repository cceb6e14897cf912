"""Single files of output that are whole at any moment: written beside their place, then moved."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def written_whole(path: Path) -> Iterator[IO[str]]:
    """Give a text file to write into; it takes the place of `path` when the block ends well.

    What is no regular file, such as a pipe, is written to as it is.

    Raises
    ------
    OSError
        If the file system refuses.
    """
    place = path.resolve()
    if place.exists() and not place.is_file():
        with place.open("w", encoding="utf-8") as file:
            yield file
        return
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=place.parent, prefix=f".{place.name}.", delete=False
    ) as file:
        staging = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            staging.chmod(_mode(place))
            staging.replace(place)
        finally:
            staging.unlink(missing_ok=True)


def _mode(place: Path) -> int:
    """Rights of the former file, or those that a new file gets here."""
    if place.exists():
        return place.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
