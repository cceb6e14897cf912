"""Skip a step that has nothing to do: no rows in, no rows out.

Most rules find nothing in the record of one person, and a step of tables costs the same for no rows
as for a thousand. What it gives for none depends on the columns only, so it is worked out once.
Columns of one name are of one type, as `outspread.tables` has them.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import polars as pl

_Others = ParamSpec("_Others")
_Step = Callable[Concatenate[pl.DataFrame, _Others], pl.DataFrame]


def empty_from_empty(step: _Step[_Others]) -> _Step[_Others]:
    """Let a step give at once what it gives where its first table has no rows.

    Parameters
    ----------
    step
        Gives no rows where its first table has none, whatever else it gets: tables, texts, numbers
        or lists of them.

    Examples
    --------
    >>> @empty_from_empty
    ... def doubled(rows: pl.DataFrame) -> pl.DataFrame:
    ...     return rows.with_columns(twice=pl.col("n") * 2)
    >>> doubled(pl.DataFrame(schema={"n": pl.Int64})).columns
    ['n', 'twice']
    """
    known: dict[tuple[Hashable, ...], pl.DataFrame] = {}

    @wraps(step)
    def skipping(
        rows: pl.DataFrame, /, *others: _Others.args, **named: _Others.kwargs
    ) -> pl.DataFrame:
        if rows.height:
            return step(rows, *others, **named)
        form = tuple(map(_form, (rows, *others, *named.items())))
        if form not in known:
            known[form] = step(rows, *others, **named)
        return known[form]

    return skipping


def _form(given: Any) -> Hashable:
    """What the columns of an empty result can depend on."""
    if isinstance(given, pl.DataFrame):
        return tuple(given.columns)
    return tuple(map(_form, given)) if isinstance(given, list | tuple) else given
