"""Dates that a sentence gives to what it states: "diagnosed in March 2019", "two years ago".

A date counts for a statement only where words of the same clause tie the two: it stands right
behind it ("metastases in 2019", "cancer, diagnosed 3/14/2019"), or opens the sentence ("In 2019,
..."). All other dates, such as that of a scan to compare with, say nothing about the statement.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from outspread.extract.groups import data_rows
from outspread.extract.sentences import Sentence
from outspread.extract.tokens import YEARS

MONTHS: Final = 12
FARTHEST: Final = 6  # words between a statement and its date
_AGO: Final = "ago"
_ANCHORS: Final = YEARS | {_AGO}
_CLAIMS: Final = frozenset(
    {"site", "node", "nodeplace", "cancer", "spread", "deposit", "mass", "measure", "treat", "stop"}
)
_PRECISIONS: Final = ("year", "month", "day")
_UNITS: Final = (["cgy"], ["mg"], ["ml"], ["g"], ["hours"], ["hrs"])  # "2000 hours" is no year
_PAUSES: Final = frozenset({",", "("})


class Said(NamedTuple):
    """A date in a text: its words, year, month and day as far as stated, or how long ago.

    `opens` says that it begins its sentence; `claims` are the first words of what else is named in
    the sentence; `limits` its first word and the word after its last.
    """

    first: int
    last: int
    parts: tuple[int, ...]
    months_ago: int
    is_exact: bool
    opens: bool
    claims: tuple[int, ...]
    limits: tuple[int, int]


class When(NamedTuple):
    """A day and how much of it was stated."""

    day: date
    precision: str


def read_dates(sentence: Sentence, words: Sequence[str]) -> list[Said]:
    """Read the dates of a sentence, from left to right."""
    found: list[Said] = []
    claims = tuple(m.first for m in sentence.mentions if m.category in _CLAIMS)
    limits = (sentence.first, sentence.last)
    for place in range(sentence.first, sentence.last):
        if words[place] not in _ANCHORS:
            continue
        said = _ago(words, place, limits) if words[place] == _AGO else _date(words, place, limits)
        if said is None or (found and said[0] < found[-1].last):
            continue
        first, last, parts, months = said
        opens = first - (words[first - 1] in _words("opens")) <= sentence.first
        is_exact = months == 0 or words[place - 1].startswith("month")
        found.append(Said(first, last, parts, months, is_exact, opens, claims, limits))
    return found


Found = tuple[int, int, tuple[int, ...], int]


def _date(words: Sequence[str], place: int, limits: tuple[int, int]) -> Found | None:
    """A date around its year: "14 March 2019", "3/14/2019", "2019-03-14", "in 2019"."""
    year = int(words[place])
    before = list(words[max(limits[0], place - 4) : place])
    after = words[place + 1 : min(place + 3, limits[1])]
    if len(after) == 2 and all(len(word) == 2 and word.isdigit() for word in after):
        return place, place + 3, (year, int(after[0]), int(after[1])), 0
    if before[-1:] == ["/"] and len(before) == 4 and before[1] == "/":
        order = _ordered(before[0], before[2])
        return None if order is None else (place - 4, place + 1, (year, *order), 0)
    if before[-1:] == ["/"] and len(before) > 1 and _is_day(before[-2]):
        return (
            (place - 2, place + 1, (year, int(before[-2])), 0)
            if int(before[-2]) <= MONTHS
            else None
        )
    if before[-1:] == [","]:
        before.pop()
    back = place - len(words[max(limits[0], place - 4) : place]) + len(before)
    months = _words("month")
    if before and before[-1] in months:
        day = before[-2] if len(before) > 1 and _is_day(before[-2]) else ""
        month = int(months[before[-1]])
        parts = (year, month, int(day)) if day else (year, month)
        return back - 1 - bool(day), place + 1, parts, 0
    if len(before) > 1 and before[-2] in months and _is_day(before[-1]):
        return back - 2, place + 1, (year, int(months[before[-2]]), int(before[-1])), 0
    is_bare = not before and after[:1] not in _UNITS and "".join(after[:1]).isalpha()
    if is_bare or (before and before[-1] in {"in", "during"}):
        return place, place + 1, (year,), 0
    return None


def _ordered(one: str, other: str) -> tuple[int, ...] | None:
    """Month and day of "3/14" or "14/3"; none of both where either may be the month."""
    if not (_is_day(one) and _is_day(other)) or min(int(one), int(other)) > MONTHS:
        return None
    low, high = sorted((int(one), int(other)))
    return (low, high) if low == high or high > MONTHS else ()


def _is_day(word: str) -> bool:
    return word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 31


def _ago(words: Sequence[str], place: int, limits: tuple[int, int]) -> Found | None:
    """Time before the note: "two years ago", "3 months ago"."""
    if place - 2 < limits[0]:
        return None
    number, unit = words[place - 2], words[place - 1]
    count = int(number) if number.isdigit() and len(number) < 4 else None
    count = int(_words("number").get(number, 0)) if count is None else count
    size = int(_words("unit").get(unit, 0))
    return (place - 2, place + 1, (), count * size) if count and size else None


def date_of(
    first: int, last: int, dates: Sequence[Said], words: Sequence[str], *, written: date | None
) -> When | None:
    """Give the date that governs the words `first` to before `last`; None where none does.

    Parameters
    ----------
    written
        Date of the note, from which "two years ago" is counted; without it that is no date. A date
        later than the note is none either.
    """
    near = [said for said in dates if said.limits[0] <= first < said.limits[1]]
    behind = [said for said in near if _is_behind(said, last, words)]
    opening = [said for said in near if said.opens and said.last <= first]
    for said in behind[:1] or opening[-1:]:
        when = _when(said, written)
        if when is not None and (written is None or when.day <= written):
            return when
    return None


def _is_behind(said: Said, last: int, words: Sequence[str]) -> bool:
    """Whether a date follows a statement with nothing between but words that tie them."""
    if not 0 <= said.first - last <= FARTHEST:
        return False
    if any(last <= claim < said.first for claim in said.claims):
        return False
    gap = words[last : said.first]
    return all(
        word in {",", "("} or word in _words("links") or word in _words("opens") for word in gap
    ) and not (gap and gap[-1] == ",")


def _when(said: Said, written: date | None) -> When | None:
    parts = said.parts
    if said.months_ago:
        if written is None:
            return None
        month = written.year * 12 + written.month - 1 - said.months_ago
        parts = (month // 12, month % 12 + 1) if said.is_exact else (month // 12,)
    try:
        return When(date(*[*parts, 1, 1][:3]), _PRECISIONS[len(parts) - 1])
    except ValueError:
        return None


@cache
def _words(kind: str) -> dict[str, str]:
    return {row["word"]: row["value"] for row in data_rows("dates.csv") if row["kind"] == kind}
