"""What is known of NAACCR items and their codes: the tables `naaccr_items` and `naaccr_codes`."""

import re
from functools import cache
from pathlib import Path
from typing import Final
from xml.parsers import expat

import polars as pl

from outspread.errors import ReadError
from outspread.read.naaccr.xml import NAMELESS, PATIENT, TUMOR
from outspread.read.vocabulary import load_rows

_RANGE: Final = re.compile(r"([A-Z]?)(\d+)-\1(\d+)\Z")
_FACTS: Final = ("name", "codes", "date", "basis", "system", "edition", "unit")
_MOST_UNKNOWN: Final = 10_000


@cache
def known_items() -> pl.DataFrame:
    """Every item of NAACCR dictionaries 14 to 26, and what it becomes.

    What outspread reads comes first. Columns: `item_number` (position, as the scanner gives it),
    `item`, `number` (of NAACCR), `level`, `level_number` (as the scanner numbers elements),
    `length`, `types`, `since` and `until` (dictionary versions), `becomes`, and what the readers
    of each kind need: `name`, `codes`, `date` (items that date it, first one first), `basis`,
    `system`, `edition`, `unit`.
    """
    rows = pl.DataFrame(load_rows("naaccr_items.csv"))
    empty_as_null = pl.when(pl.all() != "").then(pl.all())
    levels = {"Patient": PATIENT, "Tumor": TUMOR}
    level = pl.col("level").replace_strict(levels, default=0, return_dtype=pl.Int32)
    return (
        rows.with_columns(empty_as_null)
        .with_columns(pl.col("length", "since", "until").cast(pl.Int32), level_number=level)
        .sort(pl.col("becomes").is_null(), maintain_order=True)
        .with_row_index("item_number")
        .with_columns(pl.col("item_number").cast(pl.Int32))
    )


@cache
def known_codes() -> pl.DataFrame:
    """Codes of items: `codes` (the family), `value`, `polarity`, `means`, `detail`, `site`.

    A range such as 13-17 or A100-A900 gives one row for each code. Rows without polarity state
    nothing: not applicable, unknown, not done.
    """
    rows = [
        row | {"value": value}
        for row in load_rows("naaccr_codes.csv")
        for value in _codes_of(row["code"])
    ]
    table = pl.DataFrame(rows).select("codes", "value", "polarity", "means", "detail", "site")
    return table.with_columns(pl.when(pl.all() != "").then(pl.all()))


def of_kind(items: pl.DataFrame, *becomes: str) -> pl.DataFrame:
    """Items that become one of these things, with what is known of them.

    Parameters
    ----------
    items
        Uses `item_number`.
    """
    wanted = known_items().filter(pl.col("becomes").is_in(becomes))["item_number"]
    found = items.filter(pl.col("item_number").is_in(wanted.implode()))
    facts = known_items().select("item", "becomes", *_FACTS)[found["item_number"]]
    return pl.concat([found, facts], how="horizontal")


def with_codes(items: pl.DataFrame) -> pl.DataFrame:
    """Add what each value means: `polarity`, `means`, `detail`, `site`, and `is_listed`.

    Codes that state nothing, neither in themselves nor for some item, leave no row.

    Parameters
    ----------
    items
        Uses `codes` and `value`.
    """
    codes = known_codes().with_columns(is_listed=pl.lit(value=True))
    coded = items.join(codes, on=["codes", "value"], how="left", maintain_order="left")
    is_silent = pl.all_horizontal(pl.col("polarity", "means").is_null()) & pl.col("is_listed")
    return coded.filter(~is_silent.fill_null(value=False))


def _codes_of(text: str) -> list[str]:
    codes = []
    for part in text.split(" "):
        limits = _RANGE.match(part)
        if limits is None:
            codes.append(part)
            continue
        letter, first, last = limits.groups()
        numbers = range(int(first), int(last) + 1)
        codes.extend(f"{letter}{number:0{len(first)}}" for number in numbers)
    return codes


@cache
def _numbers() -> tuple[dict[str, int], dict[str, int]]:
    """Position of each item by its id, and by its NAACCR number (the newest item that has it)."""
    items = known_items().select("item", "item_number")
    by_number = known_items().select("number", "item_number").iter_rows()
    return dict(items.iter_rows()), dict(by_number)


class ItemNumbers(dict[str, int]):
    """Positions of items by id; ids of no dictionary get positions after all known ones.

    Parameters
    ----------
    user_items
        Ids of user dictionaries: known, but not read.
    """

    def __init__(self, user_items: frozenset[str] = frozenset()) -> None:
        by_id, self.by_number = _numbers()
        super().__init__(by_id)
        self.known = len(by_id)
        self.user_items = user_items
        self.unknown: dict[str, int] = {}
        self.disagree: set[str] = set()

    def __missing__(self, name: str) -> int:
        if len(self.unknown) >= _MOST_UNKNOWN:
            return self.known + _MOST_UNKNOWN
        number = self[name] = self.unknown[name] = self.known + len(self.unknown)
        return number

    def of(self, attributes: list[str]) -> int:
        """Position of an item by all of its attributes, given as name, value, name, value ..."""
        stated = dict(zip(attributes[::2], attributes[1::2], strict=True))
        name = stated.get("naaccrId")
        by_number = self.by_number.get(stated.get("naaccrNum", ""))
        if name is None:
            return NAMELESS if by_number is None else by_number
        position = self[name]
        if by_number is not None and position >= self.known:
            return by_number
        if position < self.known and "naaccrNum" in stated and position != by_number:
            self.disagree.add(name)
        return position

    def take_unknown(self) -> list[str]:
        """Ids met for the first time that no dictionary has."""
        fresh = [name for name in self.unknown if name not in self.user_items]
        self.user_items = self.user_items.union(fresh)
        return fresh

    def take_disagreeing(self) -> list[str]:
        """Ids met beside a number that is not theirs, each once."""
        fresh, self.disagree = sorted(self.disagree), set()
        return fresh


def read_dictionary(path: Path) -> frozenset[str]:
    """Ids of the items that a user dictionary in NAACCR XML defines.

    Raises
    ------
    ReadError
        R062 where it is not readable as such a dictionary.
    """
    found: set[str] = set()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda _, attributes: found.add(attributes.get("naaccrId", ""))
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(path.read_bytes(), True)  # noqa: FBT003 (expat's own argument)
    except (OSError, expat.ExpatError) as error:
        message = f"R062: {path.name} is no dictionary in NAACCR XML. Check the file."
        raise ReadError(message) from error
    return frozenset(found - {""})


def _refuse_entities(*_: object) -> None:
    message = "R062: a dictionary in NAACCR XML has no entities. Check the file."
    raise ReadError(message)
