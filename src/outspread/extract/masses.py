"""The origin of spread where a document names no cancer: a mass, or the cancer it defines."""

from itertools import pairwise
from typing import Final

from outspread.extract.document import Reading
from outspread.extract.groups import members
from outspread.extract.primaries import (
    begins_as_sarcoma,
    counts,
    is_seat,
    primary_of,
    tells_carcinoma,
)
from outspread.extract.statements import Statement

_SECONDARY_PLACES: Final = members("resolve.secondary_places")
_IS: Final = frozenset({"is", "are"})
_SHORT: Final = 6  # words of a short form in brackets
_MASS: Final = frozenset({"mass", "masses"})
_TUMORS: Final = frozenset({"found.mass", "found.tumor"})
_OF_CANCERS: Final = members("masses.of_cancers")
_CLEARED: Final = members("masses.cleared")
_DENIALS: Final = frozenset({"no", "for", "without", "of"})
_NEAR: Final = 4  # words between a mass and the organ that it is in


def mass_of_origin(reading: Reading) -> dict[str, str]:
    """Cancer of the one organ that holds a mass: "mass in the pancreas and liver metastases".

    None where masses of several organs are told of, or only of organs that others reach.
    """
    words = reading.tokens.words
    is_epithelial = tells_carcinoma(reading.statements)
    reached = {
        s.site for s in reading.statements if s.role == "secondary" and not s.verdict.is_negated
    }
    seen = {
        primary_of(s): s.site
        for s in reading.lesions
        if s.verdict.certainty != "possible"
        and not (s.site.startswith("ln") or s.site in reached)
        and s.site not in _SECONDARY_PLACES
        and is_seat(s.site)
        and not (is_epithelial and begins_as_sarcoma(primary_of(s)))
        and not _MASS.isdisjoint(words[max(0, s.first - _NEAR) : s.last + 2])
    }
    return seen if len(seen) == 1 else {}


def resected_tumor(reading: Reading) -> dict[str, str]:
    """Cancer of an organ whose tumors are taken for cancers, where one was resected."""
    words = reading.tokens.words
    if not _CLEARED.isdisjoint(words) or any(
        b == "malignancy" and a in _DENIALS for a, b in pairwise(words)
    ):
        return {}
    operated = {o for g in reading.treatments if g.modality == "surgery" for o in g.organs}
    return {
        primary_of(s): s.site
        for s in reading.statements
        if s.rule in _TUMORS and s.site in _OF_CANCERS & operated and counts(s)
        and not s.verdict.is_negated
    }  # fmt: skip


def defined_cancer(reading: Reading) -> dict[str, str]:
    """The one cancer that a report defines, where it names none: "X is a rare tumor of ..."."""
    words = reading.tokens.words
    said = [s for s in reading.statements if s.role == "primary" and not s.verdict.is_claim]
    said = [s for s in said if not s.verdict.is_negated and _IS.intersection(_beyond(s, words))]
    named = {primary_of(s): s.site for s in said if primary_of(s)}
    return named if len(named) == 1 else {}


def _beyond(s: Statement, words: list[str]) -> list[str]:
    """Word after a statement, or after the short form in brackets that follows it."""
    last = s.last
    if words[last : last + 1] == ["("]:
        closing = words.index(")", last) + 1 if ")" in words[last : last + _SHORT] else last
        last = closing
    return words[last : last + 1]
