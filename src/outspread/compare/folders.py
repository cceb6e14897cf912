"""Two output folders read side by side, in the columns that both have."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from outspread.compare.changes import NOT_COMPARED, read_columns
from outspread.write.intact import readable
from outspread.write.tables import (
    last_patients,
    open_store,
    spans_between,
    table_path,
    within,
)

EVIDENCE_TABLES: Final = ("finding", "treatment")
"""What a story is made from; a measurement that changes does not make a story anew."""

_NAMING: Final = ("patient", "finding", "disease")  # a person may be in any of them alone
_READ: Final = dict.fromkeys((*_NAMING, *NOT_COMPARED, *EVIDENCE_TABLES, "raw"))
_CUTTING: Final = ("patient", *EVIDENCE_TABLES, *NOT_COMPARED)


class Side(NamedTuple):
    """One of the two folders."""

    folder: Path
    record: dict[str, Any]
    schemas: dict[str, pl.Schema]


class Folders(NamedTuple):
    """Both folders, the columns of each table that both have, and what only one has."""

    old: Side
    new: Side
    columns: dict[str, list[str]]
    notes: list[str]


def open_folders(old: Path, new: Path) -> Folders:
    """Open two output folders, of whatever versions of outspread.

    Raises
    ------
    StoreError
        W005 one is not an output folder, W009 a table cannot be read.
    """
    sides = _open_side(old), _open_side(new)
    columns, notes = _common(*(side.schemas for side in sides))
    return Folders(*sides, columns, notes)


def _open_side(folder: Path) -> Side:
    record = open_store(folder)
    schemas = {}
    for table in _READ:
        path = table_path(folder, table)
        if path.exists():
            with readable(path):
                schemas[table] = pl.scan_parquet(path).collect_schema()
    return Side(folder, record, schemas)


def _common(
    old: dict[str, pl.Schema], new: dict[str, pl.Schema]
) -> tuple[dict[str, list[str]], list[str]]:
    """Columns that both have in types that can be compared, and words on the others."""
    columns, notes = {}, []
    for table in _READ:
        left, right = old.get(table, pl.Schema()), new.get(table, pl.Schema())
        both = [name for name in left if name in right and _is_like(left[name], right[name])]
        if "patient_id" in both:
            columns[table] = both
        for side, mine, other in (("OLD", left, right), ("NEW", right, left)):
            alone = [name for name in mine if name not in both]
            if mine and not other:
                notes.append(f"Only {side} has the table {table}; it is not compared.")
            elif alone:
                notes.append(f"Only {side} has in {table}, not compared: {', '.join(alone)}.")
    return columns, notes


def _is_like(left: pl.DataType, right: pl.DataType) -> bool:
    return left == right or not (left.is_nested() or right.is_nested())


def batches_of(folders: Folders) -> list[pl.Expr]:
    """Cut the patients of both into spans that fit into memory; give the filter of each."""
    ends = [
        last_patients(side.folder, table)
        for side in (folders.old, folders.new)
        for table in _CUTTING
        if "patient_id" in side.schemas.get(table, ())
    ]
    return [within(span) for span in spans_between(ends)]


def read_rows(
    side: Side,
    table: str,
    columns: Sequence[str | pl.Expr],
    *,
    where: pl.Expr,
    of: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Read the rows of a table of one side in a batch, or only those of some patients there."""
    path = table_path(side.folder, table)
    with readable(path):
        rows = pl.scan_parquet(path).filter(where)
        if of is not None:
            rows = rows.join(of.select("patient_id").unique().lazy(), on="patient_id", how="semi")
        return rows.select(columns).collect()


def read_stories(folders: Folders, *, where: pl.Expr) -> list[dict[str, pl.DataFrame]]:
    """Read what is compared of both sides: the people, and the tables of their stories.

    A table that only one side has is left out of both.
    """
    stories = []
    for side in (folders.old, folders.new):
        named = [
            read_rows(side, table, ["patient_id"], where=where)
            for table in _NAMING
            if "patient_id" in side.schemas.get(table, ())
        ]
        ids = pl.concat([pl.DataFrame(schema={"patient_id": pl.String}), *named]).unique()
        tables = {
            table: read_rows(side, table, read_columns(table, folders.columns[table]), where=where)
            for table in NOT_COMPARED
            if table in folders.columns
        }
        stories.append({"patient": ids.sort("patient_id")} | tables)
    return stories
