"""Frames brought to the form of a schema."""

from collections.abc import Callable, Mapping

import polars as pl


def casting(schema: Mapping[str, pl.DataType]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Give a function that brings frames to the columns, order and types of a schema.

    Columns that a frame lacks become empty. To word this takes longer than to do it, so it is
    worded once.
    """
    none = pl.DataFrame(schema=schema)
    casts = {name: pl.col(name).cast(dtype) for name, dtype in schema.items()}
    blanks = {name: pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items()}

    def cast(frame: pl.DataFrame) -> pl.DataFrame:
        columns = blanks | {name: casts[name] for name in frame.columns if name in casts}
        return frame.select(columns.values()) if frame.height else none

    return cast
