"""Which column of a table is which input of an algorithm."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from outspread.errors import StageError
from outspread.stage.definitions import Input
from outspread.stage.engine import Engine

YEAR_KEY: Final = "year_dx"
_DATE_NAMES: Final = ("dateOfDiagnosis", "390")
_TEXT: Final = (pl.String, pl.Categorical, pl.Enum, pl.Null)


class Matched(NamedTuple):
    """Column of each input key, and the columns that are no input."""

    columns: dict[str, str]
    others: tuple[str, ...]


def all_inputs(engine: Engine) -> dict[str, Input]:
    """Every input of an algorithm by its key."""
    found: dict[str, Input] = {}
    for number in range(len(engine.schema_ids)):
        for item in engine.schema(number).inputs:
            found.setdefault(item.key, item)
    return found


def match_columns(names: Iterable[str], inputs: Mapping[str, Input]) -> Matched:
    """Find inputs among columns: by key, by NAACCR id or by NAACCR number.

    Raises
    ------
    StageError
        S010 if two columns are one input.
    """
    keys: dict[str, str] = {}
    for key, item in inputs.items():
        for name in (key, item.naaccr_xml_id, item.naaccr_item):
            if name is not None:
                keys.setdefault(str(name), key)
    columns: dict[str, str] = {}
    others: list[str] = []
    for name in names:
        own = keys.get(name)
        if own is None:
            others.append(name)
        elif own in columns:
            message = f"S010: the columns {columns[own]} and {name} are both the input {own}."
            raise StageError(message)
        else:
            columns[own] = name
    return Matched(columns, tuple(others))


def check_usable(matched: Matched, inputs: Mapping[str, Input]) -> None:
    """See that site and histology are there.

    Raises
    ------
    StageError
        S011 if one is missing.
    """
    for key in ("site", "hist"):
        if key not in matched.columns:
            item = inputs.get(key)
            named = f" (or {item.naaccr_xml_id}, or {item.naaccr_item})" if item else ""
            near = difflib.get_close_matches(key, matched.others, n=1)
            hint = f" Is it {near[0]}?" if near else ""
            message = f"S011: no column {key}{named}: without it no schema can be found.{hint}"
            raise StageError(message)


def text_columns(frame: pl.DataFrame, columns: Mapping[str, str]) -> dict[str, pl.Series]:
    """Take inputs out of a frame as text; a date of diagnosis gives its year.

    Raises
    ------
    StageError
        S012 if a column is not text: leading zeros count, and numbers have lost them.
    """
    found = {}
    for key, name in columns.items():
        texts = frame[name]
        if not isinstance(texts.dtype, _TEXT) and texts.dtype not in _TEXT:
            message = (
                f"S012: the column {name} is {texts.dtype}, not text. Codes are text with their "
                "leading zeros: read the column as text, or write it again as text."
            )
            raise StageError(message)
        texts = texts.cast(pl.String)
        if key == YEAR_KEY and name in _DATE_NAMES:
            texts = texts.str.slice(0, 4)
        found[key] = texts
    return found


def check_free(names: Sequence[str], added: Sequence[str]) -> None:
    """See that what is added has no name that is in use.

    Raises
    ------
    StageError
        S013 if it has.
    """
    taken = [name for name in added if name in set(names)]
    if taken:
        message = (
            f"S013: the input has already columns that staging adds: {', '.join(taken)}. "
            "Rename or drop them."
        )
        raise StageError(message)
