"""From text cells to values in our own words; what cannot be read is empty and noted."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple

import polars as pl

from outspread.read.columns.blocks import ROW
from outspread.read.columns.layout import Layout, our_columns
from outspread.read.columns.values import (
    read_dates,
    read_distinct,
    read_polarity,
    read_size,
    read_spread,
    read_stage_value,
    read_word,
    words,
)
from outspread.read.dates import Days
from outspread.read.vocabulary import load_rows, systems
from outspread.tables import CERTAINTY

AXES: Final = ("t", "n", "m", "stage_group")
DATES: Final = ("date", "birth_date", "death_date")
_WORDS: Final = ("role", "laterality", "behavior", "certainty", "stage_basis", "stage_system")
_MORPHOLOGY: Final = r"^(?:M-?)?(\d{4})(?:/?([0-69]))?(?:/?\d)?$"
UNREAD: Final = "R074"
SPREAD: Final = "spread "  # before the names of columns that ask for spread


class _Read(NamedTuple):
    """Columns of values, and by note which rows have a cell that cannot be read."""

    columns: list[pl.Series]
    wrong: dict[str, pl.Series]


def name_columns(cells: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Give all of our columns, those the file does not have empty, and the spread columns."""
    known = [
        pl.col(layout.columns[name]).alias(name)
        if name in layout.columns
        else pl.lit(None, pl.String).alias(name)
        for name in our_columns()
    ]
    spreads = [pl.col(header).alias(SPREAD + header) for header in layout.mets]
    return cells.select(pl.col(ROW).alias("row"), *known, *spreads)


def read_cells(
    cells: pl.DataFrame, *, system: str | None, days: Days
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read every cell that holds a word, number, date or category.

    Parameters
    ----------
    cells
        As `name_columns` gives them; `patient_id` is never empty.
    system
        Vocabulary of codes where a row names none.
    days
        Dates already read.

    Returns
    -------
    The same rows. Words are ours; dates have `*_precision`; `t`, `n`, `m`, `stage_group` have
    `*_basis`; `morphology` is four digits beside `behavior`.
    Notes: `row` and `note` (column and issue code) of each cell that cannot be read.
    """
    found = [_word(cells[name], name) for name in (*_WORDS, "sex", "status", "summary_stage")]
    found += [_read(cells["polarity"], read_polarity, "R078"), _sizes(cells["size_mm"])]
    found += [_stage(cells[axis], axis) for axis in AXES]
    found += [_dates(cells[name], days) for name in DATES]
    found.append(_morphology(cells))
    values = cells.with_columns(column for part in found for column in part.columns)
    values = values.with_columns(
        _doubtful(cells["certainty"], values["certainty"], CERTAINTY[0]),
        _doubtful(cells["role"], values["role"], "undetermined"),
    )
    wrong = {note: is_wrong for part in found for note, is_wrong in part.wrong.items()}
    return values.with_columns(
        _system(values, system).alias("code_system"),
        pl.col("stage_edition").str.extract(r"(\d+)"),
    ), list_notes(cells["row"], wrong)


def list_notes(rows: pl.Series, wrong: Mapping[str, pl.Series]) -> pl.DataFrame:
    """List `row` and `note` for each note that is true of a row."""
    parts = [
        pl.DataFrame({"row": rows.filter(is_wrong)}).with_columns(note=pl.lit(note))
        for note, is_wrong in wrong.items()
        if is_wrong.any()
    ]
    return pl.concat([pl.DataFrame(schema={"row": pl.UInt32, "note": pl.String}), *parts])


def _doubtful(texts: pl.Series, values: pl.Series, doubt: str) -> pl.Series:
    """Give the doubtful value to cells that hold something else than a known word."""
    is_doubtful = pl.col("text").is_not_null() & pl.col("value").is_null()
    if values.null_count() == texts.null_count():
        return values
    both = pl.DataFrame({"text": texts, "value": values})
    doubted = pl.when(is_doubtful).then(pl.lit(doubt)).otherwise("value")
    return both.select(doubted.alias(texts.name)).to_series()


def _read(texts: pl.Series, read: Callable[[str], str | None], code: str) -> _Read:
    """Values of a column and a note where one cannot be read; "" is a value not stated."""
    if texts.null_count() == len(texts):
        return _Read([texts], {})
    found = read_distinct(texts, read)
    return _Read([found.replace("", None)], _wrong(texts, found, code))


def _wrong(texts: pl.Series, found: pl.Series, code: str) -> dict[str, pl.Series]:
    if texts.null_count() == found.null_count():
        return {}
    return {f"{texts.name}|{code}": texts.is_not_null() & found.is_null()}


def _word(texts: pl.Series, use: str) -> _Read:
    return _read(texts, partial(read_word, use=use), UNREAD)


def _sizes(texts: pl.Series) -> _Read:
    (size,), wrong = _read(texts, read_size, "R038")
    return _Read([size.cast(pl.Float32)], wrong)


def _stage(texts: pl.Series, axis: str) -> _Read:
    def basis(text: str) -> str | None:
        found = read_stage_value(text, axis)
        return found[1] if found else None

    def value(text: str) -> str | None:
        found = read_stage_value(text, axis)
        return found[0] if found else None

    (values,), wrong = _read(texts, value, "R036")
    return _Read([values, read_distinct(texts, basis).alias(f"{axis}_basis")], wrong)


def _dates(texts: pl.Series, days: Days) -> _Read:
    name, height = texts.name, len(texts)
    if texts.null_count() == height:
        nothing = pl.Series(f"{name}_precision", [None], dtype=pl.String).new_from_index(0, height)
        return _Read([texts.cast(pl.Date), nothing], {})
    known = read_dates(texts.drop_nulls().unique(), days)
    rows = pl.DataFrame({"text": texts}).join(known, on="text", how="left", maintain_order="left")
    codes = known["issue"].drop_nulls().unique().sort()
    wrong = {f"{name}|{code}": (rows["issue"] == code).fill_null(value=False) for code in codes}
    return _Read([rows["day"].alias(name), rows["precision"].alias(f"{name}_precision")], wrong)


def _morphology(cells: pl.DataFrame) -> _Read:
    """Histology, and the behavior digit that stands with it."""
    text = cells["morphology"]
    known = text.drop_nulls().unique()
    histology, digit = (
        text.replace_strict(known, known.str.extract(_MORPHOLOGY, part), return_dtype=pl.String)
        for part in (1, 2)
    )
    return _Read([histology, digit.alias("behavior_digit")], _wrong(text, histology, "R035"))


def _system(cells: pl.DataFrame, named: str | None) -> pl.Series:
    """Short name of the vocabulary: as the row states, as the header states, or by the form."""
    stated = read_distinct(cells["code_system"], lambda text: systems()[text.strip().lower()])
    form = pl.coalesce(
        pl.when(pl.col("code").str.contains(row["shape"])).then(pl.lit(row["system"]))
        for row in load_rows("columns_shapes.csv")
    )
    found = pl.coalesce("stated", pl.lit(named) if named else form)
    whole = cells.select("code", stated=stated)
    return whole.select(pl.when(pl.col("code").is_not_null()).then(found)).to_series()


def read_spreads(cells: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Read the columns that say whether there is spread to a place.

    Returns
    -------
    One row per row and column that states something, or cannot be read: `row`, `header`, `site`,
    `polarity` (null: cannot be read).
    """
    if not layout.mets:
        return pl.DataFrame(
            schema={"row": pl.UInt32, **dict.fromkeys(("header", "site", "polarity"), pl.String)}
        )
    asked = cells.select("row", *(SPREAD + header for header in layout.mets))
    long = asked.unpivot(index="row", variable_name="header", value_name="text")
    long = long.filter(pl.col("text").is_not_null()).with_columns(
        pl.col("header").str.strip_prefix(SPREAD)
    )
    return long.select(
        "row",
        "header",
        site=pl.col("header").replace_strict(layout.mets, return_dtype=pl.String),
        polarity=read_distinct(long["text"], read_spread),
    ).filter(pl.col("polarity").fill_null("") != "unstated")


def behavior_digits() -> dict[str, str]:
    """ICD-O-3 digit of each behavior."""
    return {means: word for word, means in words("behavior").items() if word.isdigit() and means}
