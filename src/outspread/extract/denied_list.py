"""Where a list of what is denied ends: "no pain or cough, liver metastases stable"."""

from typing import Final

from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.sentences import Sentence

_AMOUNTS: Final = members("denied_list.amounts")  # "several": what is there is counted
_OWNERS: Final = frozenset({"the", "her", "his", "their", "these", "this"})
_PERSONS: Final = frozenset({"her", "his", "their", "my"})
_CAUSES: Final = frozenset({("due", "to"), ("secondary", "to"), ("because", "of")})
_STANDING: Final = members("denied_list.standing")  # "stable": what is there is followed
_COMPLAINTS: Final = members("denied_list.complaints")  # and habits: no findings
_FINITE: Final = members("denied_list.finite")
_RELATIVES: Final = frozenset({"that", "which", "who"})
_OR: Final = frozenset({"or", "nor"})
_LISTS: Final = _OR | {"and"}
_PARTS: Final = frozenset({",", "and"})
_NAMED_WITHIN: Final = 5  # words from the first of a statement to its word of spread
_STANDING_WITHIN: Final = 9
_OWNED_WITHIN: Final = 2  # words before it: "her (liver) metastases"


def is_past_list(sentence: Sentence, denial: Mention, first: int, words: list[str]) -> bool:
    """Whether a statement is no item of the list that is denied before it.

    It is not where it opens with an amount ("no ascites, several liver metastases"), is told to
    stand ("no cough, the liver metastases are stable"), or where a clause is over ("no surgery was
    done, ...", "is no cyst and was ..."). A list that goes on with "or" holds it in any case.
    """
    said = words[denial.last : first]
    part = max((i for i, w in enumerate(said) if w in _PARTS), default=-1)
    if part < 0:
        return False
    item = said[part + 1 :]
    if any(a == "and" and b in _FINITE for a, b in zip(said, said[1:], strict=False)):
        return True
    if not _OR.isdisjoint(item):
        return False
    if not _AMOUNTS.isdisjoint(item[:1]):
        return True
    is_standing = _is_standing(sentence, first, words)
    if "," not in said:
        return is_standing and not _OWNERS.isdisjoint(item[:1])
    is_clause = not _FINITE.isdisjoint(said[: said.index(",")]) and _RELATIVES.isdisjoint(said)
    is_new = is_clause or (not _OWNERS.isdisjoint(item[:1]) and _is_of_spread(sentence, first))
    return is_standing or (is_new and not _is_in_or(sentence, first, words))


def is_taken_as_given(sentence: Sentence, first: int, words: list[str]) -> bool:
    """Whether a spread is known, and a doubt or a fear before it is of something else.

    A spread that is somebody's is there ("worried about her liver metastases"); one that is told
    with "the" is where it stands or changes, or is a cause ("if the metastases grow", "bleeding
    possibly from the metastases").
    """
    low = max(sentence.first, first - _OWNED_WITHIN)
    owner = next((i for i in range(first - 1, low - 1, -1) if words[i] in _OWNERS), None)
    if owner is None or not any(
        m.category == "spread" and 0 <= m.first - first <= 1 for m in sentence.mentions
    ):
        return False
    is_cause = words[owner - 1] == "from" or tuple(words[owner - 2 : owner]) in _CAUSES
    return words[owner] in _PERSONS or is_cause or _is_standing(sentence, first, words)


def is_of_complaints(sentence: Sentence, denial: Mention, first: int, words: list[str]) -> bool:
    """Whether only complaints or habits are denied, so that a spread after a comma is none."""
    said = words[denial.last : first]
    return (
        "," in said
        and not _COMPLAINTS.isdisjoint(said[: said.index(",")])
        and _LISTS.isdisjoint(said[said.index(",") :])
        and _is_of_spread(sentence, first)
        and not _is_in_or(sentence, first, words)
    )


def is_bare(sentence: Sentence, first: int) -> bool:
    """Whether nothing follows a spread in its sentence: "no pain, liver metastases"."""
    return any(
        m.category == "spread" and first <= m.first and m.last >= sentence.last - 1
        for m in sentence.mentions
    )


def _is_of_spread(sentence: Sentence, first: int) -> bool:
    return any(
        m.category == "spread" and 0 <= m.first - first <= _NAMED_WITHIN for m in sentence.mentions
    )


def _is_in_or(sentence: Sentence, first: int, words: list[str]) -> bool:
    return not _OR.isdisjoint(words[first : sentence.last])


def _is_standing(sentence: Sentence, first: int, words: list[str]) -> bool:
    """Whether what begins here is told to stay or to change, before a list goes on."""
    for word in words[first : min(first + _STANDING_WITHIN, sentence.last)]:
        if word in _STANDING:
            return True
        if word in _OR or word == ",":
            return False
    return False
