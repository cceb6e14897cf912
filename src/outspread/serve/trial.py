"""Records that somebody tries: taken from a form, read in a worker, and gone afterwards."""

import binascii
import threading
from base64 import b64decode
from collections.abc import Mapping as Named
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from queue import Empty, LifoQueue
from subprocess import Popen
from tempfile import TemporaryDirectory
from typing import Final, cast

from outspread.errors import ReadError, StoreError
from outspread.pipeline.workers import ask_worker, close_worker, start_worker
from outspread.read.files import PARQUET_MAGIC
from outspread.serve.tell import Task, tell
from outspread.serve.views import Example, Outcome

MOST_SECONDS: Final = 60.0
MOST_WAITING: Final = 30.0  # seconds until a busy worker is free
WORKERS: Final = 2
FILE: Final = "upload"
_MARKUP: Final = (b"{", b"[", b"<")  # a pasted resource is no note
_PACKED: Final = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    PARQUET_MAGIC,
)


@dataclass(frozen=True, slots=True)
class Given:
    """What a form has sent: the content to be read, columns chosen, and whose page is wanted."""

    content: bytes
    columns: Named[str, str]
    patient_id: str = ""
    is_note: bool = False


class Workshop:
    """A few workers that read what is tried; one that takes too long is ended and replaced."""

    def __init__(self, *, most_seconds: float = MOST_SECONDS) -> None:
        self._most_seconds = most_seconds
        self._free: LifoQueue[Popen[bytes] | None] = LifoQueue()
        for _ in range(WORKERS):
            self._free.put(None)

    def tell(self, given: Given) -> Outcome:
        """Tell the story of what was given; nothing of it is left behind.

        Raises
        ------
        ReadError
            R061 where the content is empty or packed.
        StoreError
            W008 where no worker is free in time, or reading takes too long.
        """
        _check(given.content)
        worker = self._take()
        try:
            with TemporaryDirectory(prefix="outspread-try-") as folder:
                path = Path(folder) / FILE
                path.write_bytes(given.content)
                task = Task(
                    path=path,
                    is_note=given.is_note,
                    columns=given.columns,
                    patient_id=given.patient_id,
                    as_of=_today(),
                )
                return self._ask(worker, task)
        finally:
            self._give_back(worker)

    def close(self) -> None:
        """End the workers that are free."""
        with suppress(Empty):
            while True:
                worker = self._free.get_nowait()
                if worker:
                    worker.kill()
                    close_worker(worker)

    def _take(self) -> Popen[bytes]:
        try:
            worker = self._free.get(timeout=MOST_WAITING)
        except Empty:
            message = "W008: others are trying records just now. Try again in a minute."
            raise StoreError(message) from None
        return worker or start_worker(WORKERS, is_silent=True)

    def _give_back(self, worker: Popen[bytes]) -> None:
        """Keep a worker that is well; one that has ended is replaced when it is needed."""
        is_well = worker.poll() is None
        if not is_well:
            close_worker(worker)
        self._free.put(worker if is_well else None)

    def _ask(self, worker: Popen[bytes], task: Task) -> Outcome:
        timer = threading.Timer(self._most_seconds, worker.kill)
        timer.start()
        try:
            return cast("Outcome", ask_worker(worker, (tell, task)))
        except StoreError:
            message = (
                f"W008: this could not be read within {self._most_seconds:g} seconds, "
                "or reading it failed. Try fewer records, or outspread check FILE."
            )
            raise StoreError(message) from None
        finally:
            timer.cancel()


def given_of(fields: Named[str, str], file: bytes | None) -> Given:
    """Take what is to be read from a form: an example, a file, a file sent again, or a note.

    Parameters
    ----------
    fields
        Text of the form by name: example, content (Base64), note, patient, and map-<column>.
    file
        Content of the file, if one was chosen.
    """
    columns = {
        name.removeprefix("map-"): value
        for name, value in fields.items()
        if name.startswith("map-") and value
    }
    content = _content(fields, file)
    note = b"" if content is not None else fields.get("note", "").strip().encode()
    is_note = bool(note) and not note.startswith(_MARKUP)
    return Given(content or note, columns, fields.get("patient", ""), is_note)


def _content(fields: Named[str, str], file: bytes | None) -> bytes | None:
    """Give what is to be read but is no pasted note; None where that is all there is."""
    if fields.get("example"):
        return example_content(fields["example"])
    if file:
        return file
    if not fields.get("content"):
        return None
    try:
        return b64decode(fields["content"], validate=True)
    except (binascii.Error, ValueError):
        return b""


def _check(content: bytes) -> None:
    if not content.strip():
        message = "R061: there is nothing to read. Paste a note, or choose a file or an example."
        raise ReadError(message)
    if content.startswith(_PACKED):
        message = "R061: packed and binary files are not taken here; give JSON, XML, CSV or text."
        raise ReadError(message)


def examples() -> tuple[Example, ...]:
    """The worked examples that are shipped."""
    names = sorted(_example_files())
    return tuple(Example(name, name.replace("-", " ").capitalize()) for name in names)


def example_content(name: str) -> bytes:
    """Give a worked example by its name; empty where there is none of this name."""
    path = _example_files().get(name)
    return path.read_bytes() if path else b""


def _example_files() -> dict[str, Path]:
    """Examples by name: beside the package in a wheel, in the repository else."""
    package = Path(str(files("outspread")))
    folders = (package / "examples", package.parents[1] / "examples")
    folder = next((one for one in folders if one.is_dir()), None)
    return {path.stem: path for path in folder.glob("*.json")} if folder else {}


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
