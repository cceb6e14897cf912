"""Sentences about patients at large, and the cancer of a report that only they name."""

from itertools import pairwise
from typing import Final

from outspread.extract.cancers import Cancer
from outspread.extract.groups import members
from outspread.extract.kinds import MASSES
from outspread.extract.origin import read_primaries
from outspread.extract.primaries import primary_of
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Scene, Statement, affirms, is_sure

_OF_PATIENT: Final = members("remarks.of_patient")
_OF_REPORT: Final = members("remarks.of_report")
_OUTCOMES: Final = members("remarks.outcomes")
_EVENTS: Final = frozenset({"spread", "extension"})
_OF_ONE: Final = frozenset({"side", "tnm"})  # what only one cancer has
_POINTERS: Final = frozenset({"this", "these"})
_OF_REPORTS: Final = members("topics.of_reports")


def is_at_large(sentence: Sentence, words: list[str]) -> bool:
    """Tell whether a sentence is a remark at large, and nothing in it is of the patient.

    It says how a disease mostly behaves, or what is to be thought of, and tells no event of a
    person: no past, no he or she. "This case shows that ..." is still at large.
    """
    said = words[sentence.first : sentence.last]
    told = {a for a, b in pairwise([*said, ""]) if b not in _OUTCOMES}
    is_told = not (_OF_PATIENT.isdisjoint(told) and sentence.kinds.isdisjoint(_OF_ONE))
    is_told = is_told or _is_told_before(sentence, words)
    if is_told or _opens_with_title(said):
        return False
    return all(b in _OF_REPORT for a, b in pairwise(said) if a in _POINTERS)


def _is_told_before(sentence: Sentence, words: list[str]) -> bool:
    """Whether a remark is only an aside to an event: "The tumor invaded ..., which is rare"."""
    remark = next((m.first for m in sentence.of("at_large")), 0)
    return any(
        m.category in _EVENTS and m.value == "verb" and words[m.first].endswith("ed")
        and "," in words[m.last : remark] for m in sentence.mentions
    )  # fmt: skip


def _opens_with_title(said: list[str]) -> bool:
    """Whether the title of a report stands before: "Metastasis of ...: a case report"."""
    return any(
        pair == ("case", "report") and place and said[place - 1] not in _POINTERS
        for place, pair in enumerate(pairwise(said[:-2]))
    )


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
