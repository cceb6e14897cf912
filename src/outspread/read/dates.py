"""Dates as records write them: a year, a month, a day or an instant.

The day is taken as written; a time of day and its zone are left out, because moving a date across
midnight would change what the source states. Missing parts are set to their first.
"""

import re
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

EARLIEST_YEAR: Final = 1850  # nobody with a readable record was born before
MOST_DAYS: Final = 200_000  # what is no date may come in any number of forms
_FORM: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?\Z", re.DOTALL)
_PRECISION: Final = {1: "year", 2: "month", 3: "day"}
_EPOCH: Final = date(1970, 1, 1).toordinal()


class Day(NamedTuple):
    """A date in days since 1970, how much of it was stated, and the issue with it if any."""

    days: int | None
    precision: str | None
    issue: str | None = None


NO_DAY: Final = Day(None, None)


def today() -> date:
    """Return the day on which the reader runs; only to mark dates that lie in the future."""
    return datetime.now(tz=UTC).date()


def read_day(text: str, *, latest: date) -> Day:
    """Read one date; `issue` is set where it does not exist (R020) or lies after `latest` (R021).

    Examples
    --------
    >>> read_day("2018-03", latest=date(2024, 1, 1))
    Day(days=17591, precision='month', issue=None)
    >>> read_day("2018-02-31", latest=date(2024, 1, 1)).issue
    'R020'
    """
    match = _FORM.match(text.strip())
    parts = [int(part) for part in match.groups() if part] if match else []
    if not parts or parts[0] < EARLIEST_YEAR:
        return Day(None, None, "R020")
    try:
        found = date(*[*parts, 1, 1][:3])
    except ValueError:
        return Day(None, None, "R020")
    issue = "R021" if found > latest else None
    return Day(found.toordinal() - _EPOCH, _PRECISION[len(parts)], issue)


class Days(dict[str, Day]):
    """Dates already read, by their first ten characters; there are only so many days."""

    def __init__(self, latest: date) -> None:
        super().__init__()
        self.latest = latest

    def __missing__(self, text: str) -> Day:
        day = read_day(text, latest=self.latest)
        if len(self) < MOST_DAYS:
            self[text] = day
        return day
