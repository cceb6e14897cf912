"""Sentences of a published report about patients at large: what a disease mostly does."""

from itertools import pairwise
from typing import Final

from outspread.extract.groups import members
from outspread.extract.sentences import Sentence

_OF_PATIENT: Final = members("remarks.of_patient")
_OF_REPORT: Final = members("remarks.of_report")
_OUTCOMES: Final = members("remarks.outcomes")
_EVENTS: Final = frozenset({"spread", "extension"})
_OF_ONE: Final = frozenset({"side", "tnm"})  # what only one cancer has
_POINTERS: Final = frozenset({"this", "these"})


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
    remark = next((m.first for m in sentence.mentions if m.category == "at_large"), 0)
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
