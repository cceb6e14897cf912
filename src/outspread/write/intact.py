"""What is read of an output folder, checked first: files that are damaged, rows that are not ours.

A folder may have been copied in part, changed by hand, or written by another version. A table that
is missing or has lost a column would read as "nothing found", so it is an error, not an empty one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa

from outspread.anatomy.load import primaries, sites
from outspread.errors import StoreError
from outspread.tables import REACH, TABLES, conform, polars_schema

AGAIN: Final = "Make it again with: outspread run"
_FAILURES: Final = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,  # what some damaged files make of Polars
    pa.ArrowException,
    OSError,
)
_TEXT: Final = (pl.String, pl.Enum, pl.Categorical)
_POINTERS: Final = {"disease_id": "disease", "lesion_id": "lesion"}


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Tell of a file of a table that it cannot be read.

    Raises
    ------
    StoreError
        W009; the words of the failure are kept out, since they may repeat values of records.
    """
    try:
        yield
    except _FAILURES as error:
        message = (
            f"W009: {path.name} in {path.parent.name} cannot be read: {type(error).__name__}. "
            f"Was the folder copied whole? {AGAIN}"
        )
        raise StoreError(message) from None


def read_rows(path: Path, where: pl.Expr | None = None) -> pl.DataFrame:
    """Read the rows of the file of a table, or some of them, in the table's columns and types.

    Raises
    ------
    StoreError
        W009 the file is missing or damaged, lacks a column, or has one of another type.
    """
    with readable(path):
        rows = pl.scan_parquet(path)
        found = (rows if where is None else rows.filter(where)).collect()
        _check_columns(found.schema, path)
        return conform(found, path.stem)


def _check_columns(found: pl.Schema, path: Path) -> None:
    wanted = polars_schema(path.stem)
    odd = [name for name, dtype in wanted.items() if not _is_like(found.get(name), dtype)]
    if odd:
        message = (
            f"W009: {path.name} in {path.parent.name} has not the columns of its table: "
            f"{', '.join(odd)}. Was it changed, or written by another version? {AGAIN}"
        )
        raise StoreError(message)


def _is_like(found: pl.DataType | None, dtype: pl.DataType) -> bool:
    """Whether a column can hold what is wanted: closed sets may be stored as text."""
    return found is not None and (
        found == dtype
        or (isinstance(found, _TEXT) and isinstance(dtype, _TEXT))
        or (found.is_integer() and dtype.is_integer())
        or (found.is_float() and dtype.is_float())
    )


def check_rows(tables: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Check that rows of a folder hold together: nothing empty that may not be, no unknown id.

    Parameters
    ----------
    tables
        Some tables of any patients, or some of their columns; rows that point to another table are
        checked if it is there.

    Raises
    ------
    StoreError
        W012 names table and column of the first fault, never its value.
    """
    for table, frame in tables.items():
        tests = {name: test for name, test in _tests(table).items() if name in frame.columns}
        faults = frame.select(**tests).row(0, named=True) if tests else {}
        odd = [name for name, is_odd in faults.items() if is_odd]
        odd += [name for name, other in _POINTERS.items() if _is_astray(tables, table, name, other)]
        if odd:
            message = (
                f"W012: {table}.parquet in {folder.name} holds rows that outspread does not write: "
                f"{', '.join(odd)}. Was it changed, or written by another version? {AGAIN}"
            )
            raise StoreError(message)


@cache
def _tests(table: str) -> dict[str, pl.Expr]:
    """For each column that can be at fault, whether it is."""
    columns = TABLES[table].columns()
    tests = {
        name: pl.col(name).is_null().any()
        for name, column in columns.items()
        if not column.nullable
    }
    for name, ids in _known_ids().items():
        if name in columns:
            said = pl.col(name)
            is_list = columns[name].dtype == pl.List(pl.String)
            said = said.explode() if is_list else said
            is_odd = (~said.drop_nulls().is_in(ids)).any()
            tests[name] = tests[name] | is_odd if name in tests else is_odd
    return tests


@cache
def _known_ids() -> dict[str, list[str]]:
    """Columns that hold ids of our own knowledge, wherever they stand."""
    places, cancers = sites()["id"].to_list(), primaries()["id"].to_list()
    of_cancers = ("primary", "origin", "reason_primary", "candidate_primaries")
    return (
        dict.fromkeys(("site", "report_site"), places)
        | dict.fromkeys(of_cancers, cancers)
        | {"candidate_reaches": list(REACH)}
    )


def _is_astray(tables: Mapping[str, pl.DataFrame], table: str, name: str, other: str) -> bool:
    """Whether rows point to a disease or lesion that is not there."""
    frame = tables[table]
    if name not in frame.columns or table == other or other not in tables:
        return False
    keys = ["patient_id", name]
    return not frame.drop_nulls(name).join(tables[other], on=keys, how="anti").is_empty()
