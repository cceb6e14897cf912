"""Output folders for tests: of invented people, and altered as another version would have it."""

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl

from outspread.pipeline import run
from outspread.tables import RECORD_TABLES
from outspread.write.tables import TableWriter
from people import AS_OF, Row, records

Frames = dict[str, pl.DataFrame]


def told(place: Path, name: str, *rows: Row, **settings: Any) -> Path:
    """Run the statements and give the output folder."""
    return told_tables(place, name, records(list(rows)).tables(), **settings)


def told_tables(place: Path, name: str, tables: Frames, **settings: Any) -> Path:
    """Run tables of records and give the output folder."""
    source = place / f"{name}-records"
    source.mkdir(parents=True)
    for table in RECORD_TABLES:
        with TableWriter(source, table) as writer:
            writer.add(tables[table])
    run([source], place / name, **({"as_of": AS_OF} | settings))
    return place / name


def copied(folder: Path, copy: Path, **record: Any) -> Path:
    """Copy an output folder and change what its run record says; None takes the entry away."""
    shutil.copytree(folder, copy)
    said = json.loads((copy / "run.json").read_text()) | record
    said = {key: value for key, value in said.items() if value is not None}
    (copy / "run.json").write_text(json.dumps(said))
    return copy


def altered(folder: Path, table: str, **columns: pl.Expr | None) -> Path:
    """Overwrite columns of a table in a folder; None takes the column away."""
    path = folder / f"{table}.parquet"
    frame = pl.read_parquet(path)
    gone = [name for name, value in columns.items() if value is None]
    kept = {name: value for name, value in columns.items() if value is not None}
    frame.with_columns(**kept).drop(gone).write_parquet(path)
    return folder


def knowledge(folder: Path, **files: str) -> dict[str, str]:
    """The hashes of knowledge of a run, some of them made up."""
    return json.loads((folder / "run.json").read_text())["knowledge"] | files
