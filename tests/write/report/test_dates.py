"""Dates in three forms."""

from datetime import date

import pytest

from outspread.write.report.dates import Clock, When

ZERO = date(2020, 1, 1)
BORN = date(1950, 6, 15)


def forms(clock: Clock, day: date | None, precision: str | None = "day") -> dict[str, str]:
    return dict(clock.when(day, precision).forms)


@pytest.mark.parametrize(
    ("day", "precision", "calendar", "days", "age"),
    [
        pytest.param(ZERO, "day", "2020-01-01", "day 0", "69 y 6 mo", id="the day itself"),
        pytest.param(date(2019, 12, 1), "day", "2019-12-01", "day -31", "69 y 5 mo", id="before"),
        pytest.param(date(2020, 6, 15), "day", "2020-06-15", "day 166", "70 y 0 mo", id="birthday"),
        pytest.param(date(2020, 6, 14), "day", "2020-06-14", "day 165", "69 y 11 mo", id="the eve"),
        pytest.param(date(2020, 2, 1), "month", "2020-02", "days 31 to 59", "about 69 y",
                     id="a month of a leap year"),
        pytest.param(date(2021, 1, 1), "year", "2021", "days 366 to 730", "about 70 y",
                     id="a year"),
        pytest.param(date(1949, 1, 1), "day", "1949-01-01", "day -25932", "before birth",
                     id="before birth"),
    ],
)  # fmt: skip
def test_date_has_all_forms(day: date, precision: str, calendar: str, days: str, age: str) -> None:
    found = forms(Clock(ZERO, BORN, "day"), day, precision)
    assert found == {"calendar": calendar, "days": days, "age": age}


def test_undated_is_said_once() -> None:
    assert Clock(ZERO, BORN).when(None, None, since="since ") == When((("any", "undated"),))


def test_since_goes_before_every_form() -> None:
    assert forms(Clock(ZERO), ZERO) == {"calendar": "2020-01-01", "days": "day 0"}
    said = Clock(ZERO).when(ZERO, "day", since="since ").forms
    assert [text for _, text in said] == ["since 2020-01-01", "since day 0"]


def test_only_known_forms_are_offered() -> None:
    assert Clock(None).modes == ("calendar",)
    assert Clock(ZERO).modes == ("calendar", "days")
    assert Clock(None, BORN).modes == ("calendar", "age")
    assert forms(Clock(None), ZERO) == {"any": "2020-01-01"}


def test_shared_clock_tells_days_only() -> None:
    assert forms(Clock(ZERO, BORN, is_shared=True), date(2020, 1, 11)) == {"any": "day 10"}
    assert forms(Clock(None, BORN, is_shared=True), ZERO) == {"any": "date withheld"}


def test_age_of_a_person_with_a_birth_year_only_is_about() -> None:
    assert forms(Clock(None, date(1950, 1, 1), "year"), ZERO)["age"] == "about 70 y"
