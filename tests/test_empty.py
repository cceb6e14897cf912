"""A step that gets no rows gives no rows, and does not work for it twice."""

import polars as pl

from outspread.empty import empty_from_empty

NUMBERS = pl.DataFrame(schema={"n": pl.Int64})


class Counted:
    """A step that counts how often it works."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, rows: pl.DataFrame, name: str = "twice") -> pl.DataFrame:
        self.times += 1
        return rows.with_columns((pl.col("n") * 2).alias(name))


def test_no_rows_are_worked_on_once() -> None:
    work = Counted()
    step = empty_from_empty(work)
    assert [step(NUMBERS).columns for _ in range(3)] == [["n", "twice"]] * 3
    assert work.times == 1


def test_rows_are_always_worked_on() -> None:
    step = empty_from_empty(Counted())
    assert step(NUMBERS).is_empty()
    assert step(pl.DataFrame({"n": [1]}))["twice"].to_list() == [2]
    assert step(pl.DataFrame({"n": [2]}))["twice"].to_list() == [4]


def test_what_the_columns_depend_on_is_told_apart() -> None:
    step = empty_from_empty(Counted())
    assert step(NUMBERS).columns == ["n", "twice"]
    assert step(NUMBERS, "double").columns == ["n", "double"]
    assert step(NUMBERS, name="again").columns == ["n", "again"]
    assert step(NUMBERS.with_columns(m="n")).columns == ["n", "m", "twice"]
