"""Small invented tables, and ways to write and read them."""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from outspread.records import Records
from read.together import read

Row = dict[str, str]


def write_table(path: Path, *rows: Row, delimiter: str = ",") -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_rows(folder: Path, *rows: Row, **others: Any) -> Records:
    """Read rows of one person."""
    owned = [{"patient_id": "ann"} | row for row in rows]
    return read(write_table(folder / "rows.csv", *owned), **others)


def each_row(*rows: Row) -> Callable[[Row], Records]:
    """Give what is read of each of these rows, as `read_rows` would; all are read at once."""
    owners = {tuple(sorted(row.items())): f"ann{number}" for number, row in enumerate(rows)}

    @cache
    def everyone() -> Records:
        owned = [dict(cells) | {"patient_id": owner} for cells, owner in owners.items()]
        with TemporaryDirectory() as folder:
            return read(write_table(Path(folder) / "rows.csv", *owned))

    def read_case(row: Row) -> Records:
        is_mine = pl.col("patient_id") == owners[tuple(sorted(row.items()))]
        return Records(**{name: f.filter(is_mine) for name, f in everyone().tables().items()})

    return read_case


def facts(records: Records, *columns: str, kind: str = "tumor") -> list[tuple[Any, ...]]:
    rows = records.finding.filter(kind=kind).sort("evidence_id")
    return rows.select(columns).rows()


def issue_codes(records: Records) -> list[str]:
    """Codes of issues; columns that are not read (R076) go without saying."""
    return sorted(code for code in records.issue["code"] if code != "R076")
