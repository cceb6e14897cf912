"""Ranges of codes, as the data files write them: `C50.0-C50.6 C50.8`, `8000-8700 8982`."""

from typing import Final

import polars as pl

_DIGITS: Final = 3  # two of the category, one of the part


def split_ranges(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Give one row per range, with its ends as numbers in `first` and `last`.

    C50.4 is 504, a histology keeps its number. Rows without any range are left out.
    """
    ends = pl.col(column).str.replace_all(r"[C.]", "").str.split("-")
    return (
        frame.with_columns(pl.col(column).str.split(" "))
        .explode(column)
        .drop_nulls(column)
        .with_columns(
            first=ends.list.first().cast(pl.Int32),
            last=ends.list.last().cast(pl.Int32),
        )
        .drop(column)
    )


def spell_out(ranges: pl.DataFrame) -> pl.DataFrame:
    """Give one row per number from `first` to `last`, in `topography`."""
    return (
        ranges.with_columns(topography=pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32))
        .drop("first", "last")
        .explode("topography")
        .unique(maintain_order=True)
    )


def topography_number(column: str) -> pl.Expr:
    """Number of a topography code, with or without dot: C50.4 and C504 are 504, C50 is null."""
    digits = pl.col(column).str.to_uppercase().str.replace_all(r"[\s.]", "").str.slice(1, 3)
    return pl.when(digits.str.len_chars() == _DIGITS).then(digits.cast(pl.Int32, strict=False))
