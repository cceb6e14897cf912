"""Items that stand in the wrong place, twice, or too long; dates that do not exist."""

from datetime import date
from typing import Final

import polars as pl

from outspread.read.dates import EARLIEST_YEAR
from outspread.read.naaccr.batch import Batch
from outspread.read.naaccr.knowledge import known_items, of_kind
from outspread.read.naaccr.text import LONGEST_TEXT

PRECISIONS: Final = ("day", "month", "year")
_FIRST: Final = {8: "", 6: "01", 4: "0101"}  # what is added to a date of so many digits
_PRECISION: Final = {8: 0, 6: 1, 4: 2}


def check_items(batch: Batch) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Items that can be used: in the right place, and stated once.

    Returns
    -------
    Items with `record`, `item_number`, `value`; issues with `code`, `record`, `field`.
    """
    limits = known_items().select("item", "length", own_level="level_number")
    items = pl.concat([batch.items, limits[batch.items["item_number"]]], how="horizontal")
    misplaced = pl.col("level") != pl.col("own_level")
    long = pl.col("value").str.len_chars() > pl.col("length").fill_null(LONGEST_TEXT)
    code = pl.when(pl.col("length").is_null()).then(pl.lit("R105")).otherwise(pl.lit("R119"))
    placed = items.filter(~misplaced)
    kept, doubled = _told_once(placed)
    issues = [
        batch.issues,
        _issues(items.filter(misplaced), pl.lit("R116")),
        _issues(placed.filter(long), code),
        _issues(doubled, pl.lit("R118")),
    ]
    value = pl.col("value").str.head(LONGEST_TEXT)
    return kept.select("record", "item_number", value), pl.concat(issues)


def _issues(rows: pl.DataFrame, code: pl.Expr) -> pl.DataFrame:
    return rows.select(code.alias("code"), "record", field="item")


def _told_once(items: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Items once per record; those with several values are given apart, one row each."""
    key = pl.col("record").cast(pl.Int64) * known_items().height + pl.col("item_number")
    keyed = items.with_columns(key=key)
    is_repeated = keyed["key"].is_duplicated()
    if not is_repeated.any():
        return items, items.clear()
    repeated = keyed.filter(is_repeated).unique(["key", "value"], keep="first", maintain_order=True)
    is_open = repeated["key"].is_duplicated()
    return (
        pl.concat([keyed.filter(~is_repeated), repeated.filter(~is_open)]),
        repeated.filter(is_open).unique("key", keep="first", maintain_order=True),
    )


def read_dates(items: pl.DataFrame, latest: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Dates of each record as columns, and what is wrong with them.

    A date is YYYYMMDD, YYYYMM or YYYY; 99 for a part that is unknown, or nines and zeros alone,
    are read as older versions wrote them. `packed` is days since 1970 times 4 plus the precision.
    """
    found = of_kind(items, "date").select("record", "item", "value")
    digits = pl.col("value").str.replace(r"^([1-9]\d{3})9999$", "$1")
    padding = pl.col("length").replace_strict(_FIRST, default="", return_dtype=pl.String)
    is_real = pl.col("precision").is_not_null() & (pl.col("day").dt.year() >= EARLIEST_YEAR)
    packed = pl.col("day").cast(pl.Int32).cast(pl.Int64) * 4 + pl.col("precision")
    read = (
        found.filter(~pl.col("value").str.contains(r"^(9+|0+)$"))
        .with_columns(digits=digits.str.replace(r"^([1-9]\d{5})99$", "$1"))
        .with_columns(length=pl.col("digits").str.len_chars())
        .with_columns(
            day=pl.concat_str("digits", padding).str.to_date("%Y%m%d", strict=False),
            precision=pl.col("length").replace_strict(
                _PRECISION, default=None, return_dtype=pl.Int64
            ),
        )
        .with_columns(
            packed=pl.when(is_real).then(packed),
            is_future=(pl.col("day") > latest).fill_null(value=False),
        )
    )
    issues = pl.concat(
        [
            _issues(read.filter(pl.col("packed").is_null()), pl.lit("R020")),
            _issues(read.filter("is_future"), pl.lit("R021")),
        ]
    )
    names = known_items().filter(pl.col("becomes") == "date")["item"]
    wide = read.pivot("item", on_columns=names, index="record", values="packed")
    return wide, issues


def unpacked(packed: str, name: str = "date") -> list[pl.Expr]:
    """Give the date and its precision of a packed date, as `name` and `name`_precision."""
    precisions = dict(enumerate(PRECISIONS))
    precision = (pl.col(packed) % 4).replace_strict(precisions, return_dtype=pl.String)
    return [
        (pl.col(packed) // 4).cast(pl.Int32).cast(pl.Date).alias(name),
        precision.alias(f"{name}_precision"),
    ]
