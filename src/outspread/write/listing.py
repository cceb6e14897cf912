"""Small tables as text for a terminal or another program."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import orjson
import polars as pl
from polars import selectors as cs

EMPTY: Final = ""
LIST_SEPARATOR: Final = "; "


def format_parts(parts: Sequence[pl.DataFrame], form: str) -> str:
    """Write several small tables: below each other for people, as one for programs."""
    if form == "table":
        return "\n\n".join(format_rows(part, form) for part in parts)
    return format_rows(pl.concat(parts, how="diagonal_relaxed"), form)


def format_rows(frame: pl.DataFrame, form: str) -> str:
    """Write the rows of a frame as text.

    Parameters
    ----------
    frame
        Any frame.
    form
        "table" for people (columns that are empty throughout are left out; a single row stands
        upright), "csv", "json" (one array) or "jsonl" (one object a line). Lists are joined by
        "; " in the first two.

    Examples
    --------
    >>> places = pl.DataFrame({"site": ["liver", "ln_axillary"], "field": ["M", "N"]})
    >>> print(format_rows(places, "table"))
    site         field
    liver        M
    ln_axillary  N
    """
    writers: dict[str, Callable[[pl.DataFrame], str]] = {
        "table": lambda rows: _upright(rows) if rows.height == 1 else _aligned(rows),
        "csv": lambda rows: _flat(rows).write_csv(null_value=EMPTY).rstrip("\n"),
        "json": lambda rows: orjson.dumps(rows.to_dicts(), option=orjson.OPT_INDENT_2).decode(),
        "jsonl": lambda rows: "\n".join(orjson.dumps(row).decode() for row in rows.to_dicts()),
    }
    return writers[form](frame)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    lists = cs.by_dtype(pl.List(pl.String))
    return frame.with_columns(lists.list.join(LIST_SEPARATOR))


def _filled(frame: pl.DataFrame) -> list[list[str]]:
    """Columns that hold something, each with its name on top."""
    text = _flat(frame).select(pl.all().cast(pl.String).fill_null(EMPTY))
    return [[name, *text[name]] for name in text.columns if (text[name] != EMPTY).any()]


def _aligned(frame: pl.DataFrame) -> str:
    columns = _filled(frame)
    return _lines(zip(*columns, strict=True), [max(map(len, column)) for column in columns])


def _upright(frame: pl.DataFrame) -> str:
    columns = _filled(frame)
    return _lines(columns, [max(len(name) for name, _ in columns), 0])


def _lines(rows: Iterable[Iterable[str]], widths: list[int]) -> str:
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
