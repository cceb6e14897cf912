"""Sentences of a published report about patients at large: what a disease mostly does."""

from itertools import pairwise
from typing import Final

from outspread.extract.groups import members
from outspread.extract.sentences import Sentence

_OF_PATIENT: Final = members("remarks.of_patient")
_OF_REPORT: Final = members("remarks.of_report")
_OUTCOMES: Final = members("remarks.outcomes")
_POINTERS: Final = frozenset({"this", "these"})


def is_at_large(sentence: Sentence, words: list[str]) -> bool:
    """Tell whether a sentence is a remark at large, and nothing in it is of the patient.

    It says how a disease mostly behaves, or what is to be thought of, and tells no event of a
    person: no past, no he or she. "This case shows that ..." is still at large.
    """
    if "at_large" not in sentence.kinds and not _is_of_many(sentence):
        return False
    said = words[sentence.first : sentence.last]
    told = {a for a, b in pairwise([*said, ""]) if b not in _OUTCOMES}
    if not _OF_PATIENT.isdisjoint(told) or _opens_with_title(said):
        return False
    return all(b in _OF_REPORT for a, b in pairwise(said) if a in _POINTERS)


def _is_of_many(sentence: Sentence) -> bool:
    """Whether a sentence is of patients in the plural: "in patients with breast cancer"."""
    return "general" in sentence.kinds and any(m.value == "many" for m in sentence.mentions)


def _opens_with_title(said: list[str]) -> bool:
    """Whether the title of a report stands before: "Metastasis of ...: a case report"."""
    return any(
        pair == ("case", "report") and place and said[place - 1] not in _POINTERS
        for place, pair in enumerate(pairwise(said[:-2]))
    )
