"""Answer many equal questions once."""

from collections.abc import Callable, Iterable

import polars as pl


def answer_distinct(
    frame: pl.DataFrame,
    columns: Iterable[str],
    answer: Callable[[pl.DataFrame], pl.DataFrame],
) -> pl.DataFrame:
    """Give the answers to all rows of a frame, in its order, at the cost of its distinct rows.

    Parameters
    ----------
    frame
        Questions; those of `columns` that it lacks count as null.
    columns
        What makes a question.
    answer
        Gets the distinct questions (`columns` as text, and their number `key`) and gives one row
        per `key`.
    """
    wanted = list(columns)
    present = [name for name in wanted if name in frame.columns]
    keys = frame.select(pl.col(present).cast(pl.String))
    distinct = keys.unique().with_row_index("key")
    missing = [pl.lit(None, pl.String).alias(name) for name in wanted if name not in present]
    answers = answer(distinct.with_columns(missing).select("key", *wanted))
    keyed = distinct.join(answers, on="key", how="left")
    found = keys.join(keyed, on=present, how="left", nulls_equal=True, maintain_order="left")
    return found.drop("key", *present)
