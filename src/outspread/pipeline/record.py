"""The run record: which input, settings and knowledge made the tables of a folder."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, TypedDict

import orjson
import polars as pl

from outspread import __version__
from outspread.write.staging import RUN_FILE
from outspread.write.tables import table_path

SHOWING: Final = ("__main__.py", "cli", "compare", "plan", "story.py", "write")
"""Code of the package that does not decide what a story says."""


class RunRecord(TypedDict):
    """What `run.json` holds: enough to know which input and knowledge made the tables."""

    outspread: str
    rules: str
    as_of: str | None
    inputs: list[dict[str, str | int]]
    knowledge: dict[str, str]
    codes: str | None
    columns: dict[str, str]
    pack: dict[str, str] | None
    algorithm: str | None
    counts: dict[str, int]
    issues: dict[str, int]


def write_record(
    folder: Path,
    inputs: Sequence[Path],
    *,
    as_of: date | None,
    counts: dict[str, int],
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    pack: Path | None = None,
    algorithm: str | None = None,
) -> RunRecord:
    """Write `run.json` beside the tables of a folder and return what it holds."""
    record = RunRecord(
        outspread=__version__,
        rules=_rules_hash(),
        as_of=as_of.isoformat() if as_of else None,
        inputs=[_described(path) for path in inputs],
        knowledge=dict(_knowledge_hashes()),
        codes=None if codes is None else f"{codes.hash_rows(seed=0).sum():016x}",
        columns=dict(columns or {}),
        pack=_hashes(pack, "*.csv") if pack else None,
        algorithm=algorithm,
        counts=counts,
        issues=_issue_counts(folder),
    )
    content = orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    (folder / RUN_FILE).write_bytes(content)
    return record


def _described(path: Path) -> dict[str, str | int]:
    """Name and size of an input, without the folder it lies in."""
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    size = sum(file.stat().st_size for file in files)
    return {"name": path.resolve().name, "files": len(files), "bytes": size}


@cache
def _knowledge_hashes() -> dict[str, str]:
    """SHA-256 of every knowledge file that a story rests on, by its path in the package."""
    hashes = _hashes(Path(__file__).parents[1], "*/data/*.csv")
    return {name: one for name, one in hashes.items() if name.partition("/")[0] not in SHOWING}


def _hashes(folder: Path, pattern: str) -> dict[str, str]:
    """SHA-256 of files of a folder, by their path in it."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob(pattern))
    }


@cache
def _rules_hash() -> str:
    """SHA-256 of the code that decides what a story says; that which shows it is left out.

    It is read once: what runs is what was there at first.
    """
    package = Path(__file__).parents[1]
    code = sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if name.partition("/")[0] not in SHOWING:
            code.update(f"{name}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return code.hexdigest()


def _issue_counts(folder: Path) -> dict[str, int]:
    issues = pl.scan_parquet(table_path(folder, "issue"))
    return dict(issues.group_by("severity").len().sort("severity").collect().iter_rows())
