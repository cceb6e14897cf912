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
    text = (files("outspread.extract") / "data" / "groups.csv").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["group"], set()).add(row["member"])
    return {group: frozenset(words) for group, words in found.items()}
