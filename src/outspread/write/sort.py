"""Records brought into order: each id once, sorted by patient, date and id.

DuckDB does it, beyond memory where needed, for tables in files and in memory alike. Every row
comes with the number of the chunk it was read in (`chunk`): if two chunks hold different content
of one source, the first by content is kept, and only evidence read from that one.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from outspread.errors import StoreError
from outspread.read.vocabulary import issue_severities
from outspread.tables import RECORD_TABLES, TABLES, polars_schema
from outspread.write.tables import row_group_size, table_path

MEMORY_LIMIT: Final = "2GB"
CHUNK: Final = {"chunk": pl.UInt64()}
SOURCE: Final = "patient_id, source_ref"
CLASH: Final = "R014"


@contextmanager
def sorter(spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB connection; what does not fit into memory goes to the folder `spill`.

    Raises
    ------
    StoreError
        W004 DuckDB cannot finish (disk full, memory too small). Its own message is kept out, since
        it may repeat values of records.
    """
    try:
        with _opened(str(spill)) if spill else _in_memory().cursor() as connection:
            yield connection
    except duckdb.Error as error:
        message = (
            f"W004: the tables cannot be sorted: {type(error).__name__} of DuckDB. "
            "Is there room on the disk of the output folder?"
        )
        raise StoreError(message) from None


def _opened(spill: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})


@cache
def _in_memory() -> duckdb.DuckDBPyConnection:
    """One database for all that fits into memory; to open one takes longer than to sort a few."""
    return _opened("")


def sorted_tables(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Give the name and SQL of every table of records: each id once, in a total order.

    Rows that are the same to the last column are kept once. Of different rows with one id the
    first in the order of all columns is kept, and `issue` gets a row (R014). The order of the
    rows and chunks does not matter.

    Parameters
    ----------
    connection
        Where the sources can be read.
    sources
        SQL relation for `issue` and for every other table of records that has rows, closed sets as
        strings, with a column `chunk`. Tables without a relation are left out.
    """
    issues = [f"SELECT * EXCLUDE (chunk) FROM {sources['issue']}"]
    has_lost = False
    for table in ("raw", *(name for name in RECORD_TABLES if name not in ("raw", "issue"))):
        if table not in sources:
            continue
        source = sources[table]
        if has_lost and "source_ref" in polars_schema(table) and table != "raw":
            source = f"(SELECT * FROM {source} ANTI JOIN lost USING ({SOURCE}, chunk))"
        if not _find_repeated(connection, table, source):
            yield table, f"SELECT * EXCLUDE (chunk) FROM {source} ORDER BY {_order(table)}"
            continue
        if table == "raw":
            has_lost = _find_lost(connection, source)
        issues.append(_clashes(table, source))
        yield table, _first_of_each(table, source)
    columns = _listed(polars_schema("issue"))
    rows = f"SELECT DISTINCT {columns} FROM ({_union(issues)})"
    yield "issue", f"{rows} ORDER BY patient_id NULLS LAST, {columns}"


def write_sorted(
    connection: duckdb.DuckDBPyConnection, table: str, rows: str, folder: Path
) -> None:
    """Write the rows of a query to the file of a table."""
    connection.execute(
        f"COPY ({rows}) TO '{_quoted(table_path(folder, table))}' "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {row_group_size(table)})"
    )


def parquet_source(paths: Iterable[Path]) -> str:
    """Give the SQL relation of some Parquet files of one table."""
    names = ", ".join(f"'{_quoted(path)}'" for path in paths)
    return f"read_parquet([{names}])"


def _find_repeated(connection: duckdb.DuckDBPyConnection, table: str, source: str) -> bool:
    """Put the ids that stand for several rows into `repeated_TABLE`; tell if there are any."""
    keys = _listed(_keys(table))
    made = connection.execute(
        f"CREATE TEMP TABLE repeated_{table} AS "
        f"SELECT {keys} FROM {source} GROUP BY {keys} HAVING count(*) > 1"
    )
    return _has_rows(made)


def _find_lost(connection: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Put the sources of other content than the one kept into `lost`; tell if there are any."""
    made = connection.execute(
        f"CREATE TEMP TABLE lost AS SELECT DISTINCT {SOURCE}, chunk "
        f"FROM (SELECT * FROM {source} {_repeated('raw')}) "
        f"QUALIFY content <> min(content) OVER (PARTITION BY {SOURCE})"
    )
    return _has_rows(made)


def _has_rows(made: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a table that was just made has rows: DuckDB answers with their number."""
    ((count,),) = made.fetchall()
    return bool(count)


def _first_of_each(table: str, source: str) -> str:
    keys, columns = _listed(_keys(table)), _listed(_told_apart_by(table) + _place_columns(table))
    first = (
        f"SELECT * FROM (SELECT * FROM {source} {_repeated(table)}) "
        f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {columns}) = 1"
    )
    rows = _union([f"SELECT * FROM {source} {_repeated(table, 'ANTI')}", first])
    return f"SELECT * EXCLUDE (chunk) FROM ({rows}) ORDER BY {_order(table)}"


def _clashes(table: str, source: str) -> str:
    """Give SQL for the issues of ids that stand for different content."""
    severity, reason = issue_severities()[CLASH]
    keys = _listed(_keys(table))
    content = f"SELECT DISTINCT {_listed(_told_apart_by(table))} FROM {source} {_repeated(table)}"
    return (
        f"SELECT '{severity}' AS severity, '{CLASH}' AS code, NULL AS file, "
        f"{_keys(table)[-1]} AS place, '{table}' AS field, '{_escaped(reason)}' AS reason, "
        f"patient_id FROM ({content}) GROUP BY {keys} HAVING count(*) > 1"
    )


def _repeated(table: str, kind: str = "SEMI") -> str:
    return f"{kind} JOIN repeated_{table} USING ({_listed(_keys(table))})"


def _keys(table: str) -> list[str]:
    return sorted(TABLES[table].primary_key(), key=lambda name: name != "patient_id")


def _order(table: str) -> str:
    first, *rest = _keys(table)
    return _listed([first, *(["date"] if "date" in polars_schema(table) else []), *rest])


def _place_columns(table: str) -> list[str]:
    """Give columns that say where a row was read: they do not make its content another one."""
    return ["file", "place"] if table == "raw" else []


def _told_apart_by(table: str) -> list[str]:
    columns = [name for name in polars_schema(table) if name not in _place_columns(table)]
    return sorted(columns, key=lambda name: name != "content")


def _union(queries: list[str]) -> str:
    return " UNION ALL BY NAME ".join(f"({query})" for query in queries)


def _listed(names: Mapping[str, object] | list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _quoted(path: Path) -> str:
    return _escaped(str(path))


def _escaped(text: str) -> str:
    return text.replace("'", "''")
