"""What the readers give for some inputs, put together; unsorted, which takes no time."""

from pathlib import Path

import polars as pl

from outspread.read import read_chunks
from outspread.records import Records


def read(
    *inputs: Path, codes: pl.DataFrame | None = None, columns: dict[str, str] | None = None
) -> Records:
    """Read files and folders into one `Records`."""
    return Records.concat(read_chunks(inputs, codes=codes, columns=columns))
