"""Groups of words and places that the rules ask for, from `data/groups.csv`.

A group is named by the module that uses it. Words are in their normal form (small letters,
American spelling); places are ids of anatomy/sites.
"""

import csv
from functools import cache
from importlib.resources import files


def members(group: str) -> frozenset[str]:
    """Members of a group.

    Examples
    --------
    >>> "ascites" in members("cancers.fluids")
    True
    """
    return _groups()[group]


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in data_rows("groups.csv"):
        found.setdefault(row["group"], set()).add(row["member"])
    return {group: frozenset(words) for group, words in found.items()}


def data_rows(name: str) -> list[dict[str, str]]:
    """Rows of a data file of extraction."""
    text = (files("outspread.extract") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
