"""Cancers that are only suspected, and what a text tells later that ends the suspicion."""

from typing import Final

from outspread.extract.groups import members
from outspread.extract.kinds import MASSES
from outspread.extract.meaning import region_of
from outspread.extract.primaries import primary_of
from outspread.extract.statements import Statement, counts, is_sure
from outspread.extract.tokens import clause
from outspread.read.places import is_within, overlap

_TISSUE: Final = members("revised.tissue")
_MIMICS: Final = members("suspected.mimics")
_ANY_KIND: Final = frozenset({"8000", "8001", "8010", "8140", "8070"})  # begin anywhere
_OWN_WORDS: Final = 24
_LIKENED: Final = 4  # words of "masquerading as a primary"


def dropped(cancers: dict[str, str], statements: list[Statement], words: list[str]) -> list[str]:
    """Cancers that a document only suspects and later takes back, where it names another one.

    It is taken back where the same cancer or its organ is denied later, where another cancer is
    told to have come to its organ, or where tissue of the same part of the body showed another.
    """
    mine = [s for s in statements if counts(s)]
    if all(is_sure(s) for s in mine):
        return []
    doubts = {name: _doubts(name, mine) for name in cancers}
    mine += [s for s in statements if _is_mimicked(s, words)]
    is_told = any(not told for told in doubts.values())
    return [
        name for name, told in doubts.items()
        if told and any(
            _denies(s, told, cancers[name])
            or (is_told and _replaces(s, told, cancers[name], words)) for s in mine
        )
    ]  # fmt: skip


def _doubts(name: str, statements: list[Statement]) -> list[Statement]:
    """Statements of a cancer that is only suspected; none where one tells it for sure."""
    named = [s for s in statements if not s.verdict.is_negated and primary_of(s) == name]
    named = [s for s in named if s.rule not in MASSES and s.role != "secondary"]
    named = [s for s in named if s.role == "primary"] or named
    return [] if any(is_sure(s) for s in named) else named


def _is_mimicked(s: Statement, words: list[str]) -> bool:
    """Whether a cancer is what something else looks like: "a lesion mimicking Ewing sarcoma"."""
    if s.role != "primary" or s.verdict.is_claim:
        return False
    return not _MIMICS.isdisjoint(words[max(0, s.first - _LIKENED) : s.first])


def _denies(s: Statement, told: list[Statement], site: str) -> bool:
    """Whether a statement denies a cancer, or later that its organ holds one."""
    is_mimicked = not s.verdict.is_claim
    if not (s.verdict.is_negated or is_mimicked):
        return False
    is_later = s.first >= max(t.last for t in told)
    if s.role == "primary":
        is_same = any(_is_same_kind(s, t) for t in told)
        return is_same and (is_later or is_mimicked or s.verdict.is_refuted)
    return is_later and s.rule == "free.phrase" and bool(site) and is_within(s.site, site)


def _is_same_kind(s: Statement, other: Statement) -> bool:
    """Whether two statements name one cancer: by its organ, or by a kind that says more."""
    is_kind = s.histology == other.histology and s.histology[:4] not in _ANY_KIND
    return is_kind or (bool(primary_of(s)) and primary_of(s) == primary_of(other))


def _replaces(s: Statement, told: list[Statement], site: str, words: list[str]) -> bool:
    """Whether another cancer is told to be at the organ, or tissue from near it showed one."""
    last = max(t.last for t in told)
    if s.verdict.is_negated or not site:
        return False
    is_there = bool(s.site) and overlap(s.site, site)
    if s.role == "secondary" and is_there:
        return s.verdict.certainty != "possible" or s.first >= last
    if s.role == "secondary" and s.rule == "spread.unplaced" and s.first >= last:
        said = _sentence_of(s, words)
        return s.verdict.certainty != "possible" and not _TISSUE.isdisjoint(said)
    if s.first < last or not is_sure(s) or s.rule in MASSES:
        return False
    is_near = region_of(s.site) == region_of(site) and s.role == "secondary"
    return is_near and not _TISSUE.isdisjoint(_sentence_of(s, words))


def _sentence_of(s: Statement, words: list[str]) -> list[str]:
    """Words of the sentence up to the end of a statement."""
    return words[clause(words, s.first, s.last, _OWN_WORDS)[0] : s.last]
