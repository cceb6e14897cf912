"""Our own input tables as Parquet files in a folder: checked row by row, bad rows set aside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from outspread.read.vocabulary import issue_severities
from outspread.records import Records
from outspread.tables import RECORD_TABLES, conform, polars_schema

ROWS_AT_ONCE: Final = 500_000


def is_table_folder(folder: Path) -> bool:
    """Tell whether a folder holds tables of ours: a file NAME.parquet for one of their names."""
    return any((folder / f"{name}.parquet").is_file() for name in RECORD_TABLES)


def read_tables(folder: Path) -> Iterator[Records]:
    """Read a folder of record tables in Parquet; tables that are missing are empty.

    Rows that break a rule of their table's schema are left out and become issues (R050), one per
    rule with the number of rows; columns that are not of the table are left out too (R051).
    """
    for name in RECORD_TABLES:
        path = folder / f"{name}.parquet"
        if not path.is_file():
            continue
        try:
            yield from _read_table(path, name)
        except (OSError, pl.exceptions.PolarsError):
            yield Records(issue=_issues([("R001", None)], path))


def _read_table(path: Path, name: str) -> Iterator[Records]:
    scan = pl.scan_parquet(path)
    have = scan.collect_schema().names()
    unknown = sorted(set(have) - set(polars_schema(name)))
    if unknown:
        yield Records(issue=_issues([("R051", column) for column in unknown], path))
    known = scan.select([column for column in have if column not in unknown])
    height = scan.select(pl.len()).collect().item()
    for start in range(0, max(height, 1), ROWS_AT_ONCE):
        part = known.slice(start, ROWS_AT_ONCE).collect()
        good, notes = _filter(part, name)
        yield Records(**{name: good}, **({"issue": _issues(notes, path)} if notes else {}))


def _filter(part: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[tuple[str, str | None]]]:
    """Good rows, and one note per broken rule; a value that is not of its column's type is one."""
    schema = polars_schema(name)
    other = [column for column, dtype in part.schema.items() if dtype != schema[column]]
    typed = part.with_columns(_cast(part[column], schema[column]) for column in other)
    lost = [name_ for name_ in other if typed[name_].null_count() > part[name_].null_count()]
    result, failures = RECORD_TABLES[name].filter(conform(typed, name))
    notes: list[tuple[str, str | None]] = [("R050", column) for column in lost]
    notes += [("R050", rule) for rule in sorted(failures.counts())]
    return pl.DataFrame(result), notes


def _cast(column: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Cast a column; what does not fit becomes empty."""
    if isinstance(dtype, pl.Enum):
        text = column.cast(pl.String)
        return text.set(~text.is_in(dtype.categories), None).cast(dtype)
    if dtype == pl.Date and column.dtype == pl.String:
        return column.str.to_date("%Y-%m-%d", strict=False)
    return column.cast(dtype, strict=False)


def _issues(notes: list[tuple[str, str | None]], path: Path) -> pl.DataFrame:
    severities = issue_severities()
    return pl.DataFrame(
        {
            "severity": [severities[code][0] for code, _ in notes],
            "code": [code for code, _ in notes],
            "file": [path.name] * len(notes),
            "field": [field for _, field in notes],
            "reason": [severities[code][1] for code, _ in notes],
        },
        schema_overrides={"field": pl.String},
    )
