"""Whole years of age."""

from datetime import date

import polars as pl
import pytest

from outspread.diagnose.age import whole_years


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        pytest.param(date(1961, 7, 4), date(2026, 1, 1), 64, id="before the birthday"),
        pytest.param(date(1961, 7, 4), date(2026, 7, 4), 65, id="on the birthday"),
        pytest.param(date(1961, 12, 31), date(2026, 12, 30), 64, id="a day before it, in December"),
        pytest.param(date(1961, 1, 2), date(2026, 11, 1), 65, id="after it"),
    ],
)
def test_age_counts_birthdays(born: date, day: date, years: int) -> None:
    people = pl.DataFrame({"born": [born], "day": [day]})
    assert people.select(whole_years(pl.col("born"), pl.col("day"))).item() == years
