"""The cancer a report is about, where only its remarks at large name it."""

from typing import Final

from outspread.extract.cancers import Cancer
from outspread.extract.groups import members
from outspread.extract.kinds import MASSES
from outspread.extract.origin import read_primaries
from outspread.extract.primaries import primary_of
from outspread.extract.statements import Scene, Statement, affirms, is_sure

_OF_REPORTS: Final = members("topics.of_reports")


def is_untitled(statements: list[Statement], words: list[str]) -> bool:
    """Tell whether a report tells of a cancer and names none: "the tumor spread to the liver"."""
    if _OF_REPORTS.isdisjoint(words):
        return False
    told = [s for s in statements if affirms(s)]
    if any(s.role != "secondary" and primary_of(s) and s.rule not in MASSES for s in told):
        return False
    return any(is_sure(s) and s.rule not in MASSES and s.rule[:6] != "growth" for s in told)


def topic_of(remarks: list[tuple[Scene, list[Cancer]]]) -> list[Statement]:
    """The cancer that the remarks name most often, of several the first."""
    named = [
        s for scene, cancers in remarks for s in read_primaries(scene, cancers, set())
        if s.role == "primary" and (s.primary or s.site) and affirms(s) and is_sure(s)
    ]  # fmt: skip
    if not named:
        return []
    names = [primary_of(s) for s in named]
    most = max(names, key=names.count)
    return [named[names.index(most)]._replace(rule="primary.topic")]
