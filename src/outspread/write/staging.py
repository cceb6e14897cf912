"""Output folders that are whole at any moment: written beside their place, then moved into it.

A run writes into a hidden folder beside the output (`.NAME.staging`) under a lock (`.NAME.lock`)
and exchanges the two in one step of the file system. Killed before that step, the former output
stands untouched; killed after it, the new one does. What a killed run leaves behind is removed by
the next one. Where the system cannot exchange two folders the former output is moved aside
(`.NAME.former`) for an instant; if the run is killed in that instant, `recover` puts it back.
"""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from outspread.errors import StoreError

RUN_FILE: Final = "run.json"
AT_FDCWD: Final = -100
RENAME_EXCHANGE: Final = 2  # the same number is RENAME_SWAP of macOS
DISK_IS_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
CANNOT_EXCHANGE: Final = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


@contextmanager
def staged(out: Path, *, names: Iterable[str]) -> Iterator[Path]:
    """Give a folder to write into; put it in the place of `out` when the block ends well.

    Parameters
    ----------
    out
        Where the result shall be. Parents are made. May be absent, empty, or a former output.
    names
        Files that an output may hold. A folder that holds others is somebody's own: refused.

    Raises
    ------
    StoreError
        W001 the folder is not ours to replace, W002 another run writes to it, W003 the file
        system refuses.
    """
    out = out.resolve()
    if not out.name or os.path.ismount(out):
        message = "W003: --out is the root of a file system. Name a folder inside it."
        raise StoreError(message)
    staging = _beside(out, "staging")
    with _locked(out):
        with _system_errors():
            _recover(out)
            _check_replaceable(out, {*names, RUN_FILE})
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
        try:
            with _system_errors(only=DISK_IS_FULL):
                yield staging
            with _system_errors():
                _sync(staging)
                _move_into_place(staging, out)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def recover(folder: Path) -> None:
    """Put a former output back if a run was killed while it stood aside; else do nothing."""
    out = folder.resolve()
    if not out.exists() and _beside(out, "former").exists():
        with _locked(out), _system_errors():
            _recover(out)


def _recover(out: Path) -> None:
    former = _beside(out, "former")
    if former.exists() and not out.exists():
        former.rename(out)
    shutil.rmtree(former, ignore_errors=True)


def _beside(out: Path, what: str) -> Path:
    return out.with_name(f".{out.name}.{what}")


def _check_replaceable(out: Path, names: set[str]) -> None:
    if not out.exists():
        return
    found = {entry.name for entry in out.iterdir()} if out.is_dir() else {out.name}
    if found and (RUN_FILE not in found or found - names):
        message = (
            f"W001: the output folder holds {len(found - names)} file(s) that outspread did not "
            "write. Name another folder, or move them away."
        )
        raise StoreError(message)


@contextmanager
def _system_errors(*, only: Container[int] | None = None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if only is not None and error.errno not in only:
            raise
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        message = f"W003: the output folder cannot be written: {reason}."
        raise StoreError(message) from error


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold the lock of an output folder; the lock file is gone afterwards."""
    path = _beside(out, "lock")
    while True:
        with _system_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock_now(handle)
            # The former holder may have removed the file between our open and our lock.
            if path.exists() and os.fstat(handle).st_ino == path.stat().st_ino:
                try:
                    yield
                finally:
                    path.unlink(missing_ok=True)
                return
        finally:
            os.close(handle)


def _lock_now(handle: int) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.EACCES, errno.EDEADLK}:
            raise
        message = (
            "W002: another run is writing to this output folder. Wait for it, or name another."
        )
        raise StoreError(message) from error


def _move_into_place(staging: Path, out: Path) -> None:
    if not out.exists():
        staging.rename(out)
    elif not _exchange(staging, out):
        former = _beside(out, "former")
        out.rename(former)
        staging.rename(out)
        shutil.rmtree(former, ignore_errors=True)
    _sync_folder(out.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            failed = library.renamex_np(*names, RENAME_EXCHANGE)
        else:
            failed = library.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE)
    except (AttributeError, OSError, TypeError):  # no such function here (musl, Windows)
        return False
    if failed and ctypes.get_errno() not in CANNOT_EXCHANGE:
        raise OSError(ctypes.get_errno(), "exchange of two folders failed")
    return not failed


def _sync(folder: Path) -> None:
    """Make sure that the files are on the disk before the folder takes its place."""
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
