"""Where a list of what is denied ends: "no pain or cough, liver metastases stable"."""

from itertools import pairwise
from typing import Final

from outspread.extract.groups import members
from outspread.extract.kinds import CAUSES, IMAGES, TELLING
from outspread.extract.lexicon import Mention
from outspread.extract.sentences import Sentence

IN, UNSURE, OUT = "in", "unsure", "out"
_AMOUNTS: Final = members("denied_list.amounts")  # "several": what is there is counted
_OPENINGS: Final = frozenset({"with", "has", "had", "is"})
_OWNERS: Final = frozenset({"the", "her", "his", "their", "these", "this"})
_PERSONS: Final = frozenset({"her", "his", "their", "my"})
_STANDING: Final = members("denied_list.standing")  # "stable": what is there is followed
_TOLD: Final = members("denied_list.told")  # "since": more is told than a name
_KNOWN: Final = members("denied_list.known")  # "stage": the cancer is no doubt
_KNOWN_AFTER: Final = _KNOWN - {"known"}  # "lymphoma known to mimic it"
_DOUBTED: Final = TELLING | {"mass", "site", "node", "nodeplace", "extension"}
_COMPLAINTS: Final = members("denied_list.complaints")  # and habits: no findings
_LEADS: Final = members("scope.evidence")  # "no evidence of" opens a long list
_FINITE: Final = members("denied_list.finite")
_RELATIVES: Final = frozenset({"that", "which", "who"})
_OR: Final = frozenset({"or", "nor"})
_PARTS: Final = frozenset({",", "and"})
_NAMED_WITHIN: Final = 5  # words from the first of a statement to its word of spread
_TOLD_WITHIN: Final = 9
_OWNED_WITHIN: Final = 2  # words before it: "her (liver) metastases"


def place_in_list(sentence: Sentence, denial: Mention, first: int, words: list[str]) -> str:
    """Tell whether a statement is an item of the list denied before it: `IN`, `UNSURE` or `OUT`.

    It is out where it opens with an amount ("no ascites, several liver metastases"), is told to
    stand ("no cough, the liver metastases are stable"), where a clause is over ("no surgery was
    done, ...", "is no cyst and was ...") or one thing alone is denied and more is told than a name
    ("no rash, melanoma excised"). With nothing of that, after one thing or after complaints, it is
    unsure. A list that goes on with "or" holds it.
    """
    said = words[denial.last : first]
    if _PARTS.isdisjoint(said):
        return IN
    part = max(i for i, w in enumerate(said) if w in _PARTS)
    item = said[part + 1 :]
    if any(a == "and" and b in _FINITE for a, b in pairwise(said)):
        return OUT
    if not _OR.isdisjoint(item) or _goes_on(first, sentence.last, words):
        return IN
    if item and (item[0] in _AMOUNTS or item[0] in _OPENINGS):
        return OUT
    is_owned = not _OWNERS.isdisjoint(item[:1]) and len(item) <= _OWNED_WITHIN
    if "," not in said:
        return OUT if is_owned and _is_told(sentence, first, words, _STANDING) else IN
    comma = said.index(",")
    is_complaint = not _COMPLAINTS.isdisjoint(said[:comma])
    is_told = _is_told(sentence, first, words, _STANDING)
    if is_told and (is_owned or is_complaint or said.count(",") == 1):
        return OUT
    if said[part] == "and" or not _OR.isdisjoint(words[first : sentence.last]):
        return IN
    is_clause = not _FINITE.isdisjoint(said[1:comma]) and _RELATIVES.isdisjoint(said)
    is_spread = _is_of_spread(sentence, first)
    if is_clause or (is_owned and is_spread):
        return OUT
    if IMAGES.intersection(words[sentence.first : denial.first]) or (
        said.count(",") > 1 and not is_spread
    ):
        return IN  # "CT head: no hemorrhage, brain metastases"
    if (is_complaint and is_spread) or (said.count(",") == 1 and _LEADS.isdisjoint(said)):
        return OUT if _is_more(sentence, item, first, words) else UNSURE
    return IN


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
    is_cause = words[owner - 1] == "from" or tuple(words[owner - 2 : owner]) in CAUSES
    return words[owner] in _PERSONS or is_cause or _is_told(sentence, first, words, _STANDING)


def is_past_doubt(sentence: Sentence, doubt: Mention, first: int, words: list[str]) -> bool:
    """Whether an ill is doubted, and a cancer told after it: "possible gout, known cancer"."""
    said = words[doubt.last : first]
    if said.count(",") != 1 or "family" in sentence.kinds:
        return False
    comma = doubt.last + said.index(",")
    ills = {m.category for m in sentence.mentions if doubt.last <= m.first < comma}
    item = words[comma + 1 : first]
    if not (_DOUBTED.isdisjoint(ills) and _OR.isdisjoint(words[comma : sentence.last])):
        return False
    return (
        not _KNOWN.isdisjoint(item)
        or _is_told(sentence, first, words, _STANDING)
        or _is_told(sentence, first, words, _KNOWN_AFTER)
        or _is_treated(sentence, first, words)
    )


def is_own_again(sentence: Sentence, family: Mention, first: int, words: list[str]) -> bool:
    """Whether the patient is told of after relatives: "no family history, has lung cancer"."""
    is_none = any(m.category == "neg_pre" and m.last == family.first for m in sentence.mentions)
    return is_none and place_in_list(sentence, family, first, words) == OUT


def _is_more(sentence: Sentence, item: list[str], first: int, words: list[str]) -> bool:
    """Whether more is told of a statement than its name: a stage, a time, a treatment."""
    if not _TOLD.isdisjoint(item) or _is_told(sentence, first, words, _TOLD):
        return True
    return _is_treated(sentence, first, words)


def _is_treated(sentence: Sentence, first: int, words: list[str]) -> bool:
    """Whether a treatment is told of what begins here, before a comma."""
    end = next((i for i in range(first, sentence.last) if words[i] == ","), sentence.last)
    return any(m.category == "treat" and first < m.first < end for m in sentence.mentions)


def _is_of_spread(sentence: Sentence, first: int) -> bool:
    return any(
        m.category == "spread" and 0 <= m.first - first <= _NAMED_WITHIN for m in sentence.mentions
    )


def _goes_on(first: int, last: int, words: list[str]) -> bool:
    """Whether a list goes on with "or" after a statement, before anything else is told of it."""
    for place in range(first, min(first + _TOLD_WITHIN, last)):
        if words[place] in _OR:
            return True
        if words[place] in _STANDING:
            return False
    return False


def _is_told(sentence: Sentence, first: int, words: list[str], telling: frozenset[str]) -> bool:
    """Whether one of some words is told of what begins here, before a list goes on."""
    for place in range(first, min(first + _TOLD_WITHIN, sentence.last)):
        word = words[place]
        if word in telling and words[place : place + 2] != ["known", "to"]:  # "to mimic it"
            return True
        if word in _OR or word == ",":
            return False
    return False
