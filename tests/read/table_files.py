"""Small invented tables, and ways to write and read them."""

import csv
from pathlib import Path
from typing import Any

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


def facts(records: Records, *columns: str, kind: str = "tumor") -> list[tuple[Any, ...]]:
    rows = records.finding.filter(kind=kind).sort("evidence_id")
    return rows.select(columns).rows()


def issue_codes(records: Records) -> list[str]:
    """Codes of issues; columns that are not read (R076) go without saying."""
    return sorted(code for code in records.issue["code"] if code != "R076")
