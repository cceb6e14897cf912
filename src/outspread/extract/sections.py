"""How much what stands under a heading weighs: tissue, conclusion, what was seen, what was told."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from outspread.extract.groups import data_rows
from outspread.extract.statements import Statement

UNDER_NO_HEADING: Final = 2


@cache
def _weights() -> dict[str, int]:
    return {row["section"]: int(row["weight"]) for row in data_rows("section_weights.csv")}


def weight_of(section: str) -> int:
    """Weight of a kind of section; more holds against less.

    Examples
    --------
    >>> weight_of("diagnosis") > weight_of("impression") > weight_of("findings")
    True
    """
    return _weights().get(section, UNDER_NO_HEADING)


def answered(denial: Statement, affirmed: Sequence[Statement]) -> Statement:
    """Make a denial one of the past where the same document affirms the place later.

    What affirms it must weigh no less than the denial: an impression answers what was told before,
    a history does not answer an impression. A denial that is not answered is of its own time, so
    that it becomes a conflict or the end of what was there.
    """
    weight = weight_of(denial.section)
    if any(s.first > denial.first and weight_of(s.section) >= weight for s in affirmed):
        return denial._replace(verdict=denial.verdict._replace(is_past=True))
    return denial
