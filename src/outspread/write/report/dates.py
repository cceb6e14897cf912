"""Dates as a page shows them: by the calendar, in days from the diagnosis, and as age."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from outspread.write.wording import date_words

MODES: Final = {
    "calendar": "Calendar dates",
    "days": "Days from the diagnosis",
    "age": "Age",
}
UNDATED: Final = "undated"
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class When:
    """One date in the forms that the page offers: mode and text; one form "any" if all agree."""

    forms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """What dates are counted from.

    `zero` is the day of the first diagnosis; `is_shared` leaves only days from it, for a page
    without anything that identifies.
    """

    zero: date | None
    born: date | None = None
    born_precision: str | None = None
    is_shared: bool = False

    @property
    def modes(self) -> tuple[str, ...]:
        """Forms in which this page can show dates."""
        if self.is_shared:
            return ("days",)
        known = {"calendar": True, "days": self.zero is not None, "age": self.born is not None}
        return tuple(mode for mode in MODES if known[mode])

    def when(self, day: date | None, precision: str | None, *, since: str = "") -> When:
        """Give a date in all forms; `since` goes before it, and not before "undated".

        Examples
        --------
        >>> clock = Clock(date(2020, 1, 1), date(1950, 6, 1))
        >>> clock.when(date(2020, 3, 1), "month").forms
        (('calendar', '2020-03'), ('days', 'days 60 to 90'), ('age', 'about 69 y'))
        """
        if day is None:
            return When((("any", UNDATED),))
        if self.is_shared and self.zero is None:
            return When((("any", "date withheld"),))
        said = {
            "calendar": lambda: date_words(day, precision),
            "days": lambda: self._days(day, precision),
            "age": lambda: self._age(day, precision),
        }
        forms = tuple((mode, since + said[mode]()) for mode in self.modes)
        return When(forms if len(forms) > 1 else (("any", forms[0][1]),))

    def _days(self, day: date, precision: str | None) -> str:
        zero = self.zero or day
        first, last = (day - zero).days, (last_day(day, precision) - zero).days
        return f"day {first}" if first == last else f"days {first} to {last}"

    def _age(self, day: date, precision: str | None) -> str:
        born = self.born or day
        months = (day.year - born.year) * _MONTHS + day.month - born.month - (day.day < born.day)
        years, rest = divmod(months, _MONTHS)
        if months < 0:
            return "before birth"
        is_exact = (precision or "day") == (self.born_precision or "day") == "day"
        return f"{years} y {rest} mo" if is_exact else f"about {years} y"


def last_day(day: date, precision: str | None) -> date:
    """Give the last day that a date can mean.

    Examples
    --------
    >>> last_day(date(2020, 2, 1), "month")
    datetime.date(2020, 2, 29)
    """
    if precision == "year":
        return date(day.year, _MONTHS, 31)
    if precision == "month":
        after = day.replace(day=28) + timedelta(days=4)
        return after.replace(day=1) - timedelta(days=1)
    return day
