"""How far a denial or a doubt reaches: what it is of, and what is beyond it."""

from typing import Final

from outspread.extract.denied_list import OUT, is_past_doubt, is_taken_as_given, place_in_list
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN, HEDGES, IMAGES, RIVALS, WELL
from outspread.extract.lexicon import Mention
from outspread.extract.sentences import Sentence

_MARKERS: Final = members("scope.markers")
_ADVERBS: Final = members("scope.adverbs")
_EVIDENCE: Final = members("scope.evidence")
_EVENTS: Final = members("scope.events")
_COMPLAINTS: Final = members("scope.complaints")
_NAMED_WITHIN: Final = 4
_TIED: Final = 5  # words from a preposition to what it ties
_DIAGNOSED: Final = ["diagnosed", "as"]
_LISTS: Final = frozenset({",", "or", "nor", "and"})
_NAMES: Final = frozenset({"cancer", "mass", "site", "side"})
_OTHERS: Final = frozenset({"other", "any", "a", "an"})
_RESULTS: Final = members("scope.of_tissue")
_VERBS: Final = members("statements.verbs")
_LISTED: Final = frozenset({"following", "these", "in", "at", "of"})
DETERMINERS: Final = frozenset({"the", "her", "his", "their", "this", "she", "he", "we"})
_EVENTS_BEFORE: Final = {
    "of": _EVENTS, "for": _EVENTS, "in": _EVENTS,
    "from": _COMPLAINTS | _EVENTS, "to": _COMPLAINTS, "with": _COMPLAINTS,
    "into": _COMPLAINTS, "within": _COMPLAINTS, "around": _COMPLAINTS,
}  # fmt: skip
_OWNERS: Final = DETERMINERS | {"your", "my"}
_KNOWN_WITHIN: Final = 3  # words of "the newly diagnosed (cancer)"
_ANY_EVENTS: Final = _EVENTS | _COMPLAINTS
_NONE: Final = frozenset[str]()
_SUBJECTS: Final = frozenset({"spread", "deposit"})
_ENDS: Final = ([","], ["."], [";"], [")"])
_PARTING: Final = frozenset({",", "(", ")", "with", ";"})
_JOINING: Final = frozenset({"with", ",", "and", "-", "("})
_SUBORDINATE: Final = frozenset({"while", "whilst", "although", "though", "whereas"})
_PARTS: Final = frozenset({"site", "node", "nodeplace", "margin"})
_PREPOSITIONS: Final = frozenset({"on", "in", "at", "by", "after", "during", "within"})
_OF_RELATIVES: Final = frozenset({"in", "of", "for", "with"})
_SURE: Final = frozenset({"definite", "known", "confirmed", "proven", "established", "obvious"})
_NOT_NAMED: Final = _RESULTS | _PREPOSITIONS | {"for", "of", "to", "and", "or", "but", "as", "then"}
_OTHER_ILL: Final = 5  # words of "had lung cancer at 60"
_RELATIVES_ILL: Final = frozenset({"had", "has", "have", "with", "of"})  # another illness follows
_ITS: Final = frozenset({"it", "this", "same", "that", "one"})
_SCANS: Final = IMAGES | {"bone"}  # "negative bone scan"
_RELATIVE_WITHIN: Final = 4  # words of ", in her mother"
_NO_SUBJECTS: Final = members("scope.no_subjects")
_SHORT_MARKER: Final = 3  # letters of a marker before its number
_DENIALS: Final = frozenset({"neg_pre", "neg_other"})
_NOT_MARKERS: Final = frozenset({"ln", "no", "of", "and", "or", "in"})
_OPENING: Final = 8  # words of a sentence within which a phrase opens it
_NEW_CLAUSES: Final = members("scope.new_clauses")


def is_denied(sentence: Sentence, verb: Mention, words: list[str]) -> bool:
    """Whether a denial belongs to a verb: "has not (yet) shown metastases"."""
    return any(
        m.last == verb.first or (m.last == verb.first - 1 and words[m.last] in _ADVERBS)
        for m in sentence.of("neg_pre")
    )


def is_elliptic(denial: Mention, words: list[str]) -> bool:
    """Whether a denial is of what stands before it: "lung metastases are not, and ..."."""
    return words[denial.last - 1] == "not" and words[denial.last : denial.last + 1] in _ENDS


def is_postposed(sentence: Sentence, doubt: Mention, words: list[str]) -> bool:
    """Whether a doubt is of what stands before it: "lung metastases suspected, ..."."""
    return words[doubt.last : doubt.last + 1] in _ENDS and sentence.has_before(
        _SUBJECTS, doubt.first
    )


def is_of_event(said: list[str], kind: str) -> bool:
    """Whether a denial or doubt is of what the rest is tied to: "no pain from her metastases"."""
    if kind == "strong_pre" or not _EVIDENCE.isdisjoint(said):
        return False
    if kind != "neg_pre" and "related" in said:
        return False
    if _ANY_EVENTS.isdisjoint(said):
        return False
    for place, word in enumerate(said):
        events = _EVENTS_BEFORE.get(word, _NONE)
        event = next((i for i in range(place) if said[i] in events), None) if events else None
        if event is not None and len(said) - place <= _TIED and _LISTS.isdisjoint(said[event:]):
            return True
    return False


def is_over(sentence: Sentence, doubt: Mention, first: int, words: list[str]) -> bool:
    """Whether a denial or doubt ends before a word: "Without treatment, her cancer ...".

    In a list it belongs to the item that it stands with: "possible pneumonia, lung cancer"; the
    items of a differential diagnosis are all doubted.
    """
    said = words[doubt.last : first]
    if words[doubt.last - 2 : doubt.last] == _DIAGNOSED and "with" in said:
        return True  # "initially diagnosed as lymphoma with multiple bone lesions"
    close = said.index(")") if ")" in said else 0
    before = words[max(sentence.first, doubt.first - _OPENING) : doubt.first]
    if close and "(" in before and "(" not in said[:close]:
        return True  # "AF (no drug), lung cancer"
    if doubt.category == "neg_pre" and ":" in said[1:] and _LISTED.isdisjoint(said):
        return True  # "without signs of transition: adenocarcinoma and ..."
    if doubt.value == "that":  # "no evidence that the metastases respond" takes them as given
        after = [m for m in sentence.mentions if m.first >= doubt.last]
        is_given = any(
            m.first == first and m.category == "spread" and m.value != "verb" for m in after
        )
        return is_given or not any(m.category == "extension" or m.value == "verb" for m in after)
    if doubt.category in _DENIALS:
        if place_in_list(sentence, doubt, first, words) == OUT:
            return True
    elif (
        _is_sure(said)
        or _is_given(sentence, doubt, first, words)
        or is_past_doubt(sentence, doubt, first, words)
    ):
        return True
    if "," not in said or doubt.value == "differential":
        return False
    comma = said.index(",")
    if doubt.category == "neg_pre":
        return _is_fronted(sentence, doubt, first, comma, words)
    if doubt.category not in HEDGES and words[doubt.first] != "rule":
        return False
    told = {i for m in sentence.mentions for i in range(m.first, m.last)}
    is_item = any(
        words[i].isalpha() and i not in told and words[i] not in _NO_SUBJECTS
        for i in range(doubt.last, doubt.last + comma)
    )
    return is_item and RIVALS.isdisjoint(said[comma:])


def _is_fronted(
    sentence: Sentence, denial: Mention, first: int, comma: int, words: list[str]
) -> bool:
    """Whether a denial opens a sentence that goes on anew: "Without treatment, her cancer ..."."""
    said = words[denial.last : first]
    is_fronted = denial.first == sentence.first and words[denial.first] == "without"
    is_fronted = is_fronted or (
        words[sentence.first] in _SUBORDINATE and not _VERBS.isdisjoint(said[:comma])
    )  # "while no liver metastases were seen, ..."
    is_clause = _LISTS.isdisjoint(said[comma + 1 :])
    is_clause = is_clause and (
        not _VERBS.isdisjoint(words[first : sentence.last])
        or any(m.value == "verb" and m.first >= first for m in sentence.mentions)
    )
    is_clause = is_clause or not DETERMINERS.isdisjoint(said[comma + 1 : comma + 2])
    return is_fronted and is_clause


def _is_given(sentence: Sentence, doubt: Mention, first: int, words: list[str]) -> bool:
    """Whether spread is known, and neither to be ruled out nor told to be something benign."""
    is_open = words[doubt.first] != "rule" and sentence.kinds.isdisjoint(BENIGN)
    return is_open and is_taken_as_given(sentence, first, words)


def _is_sure(said: list[str]) -> bool:
    """Whether what follows a doubt is told to be sure: "possible lung and definite bone"."""
    part = max((i for i, w in enumerate(said) if w in {"and", ","}), default=len(said))
    return not _SURE.isdisjoint(said[part + 1 : part + 2])


def is_aside(sentence: Sentence, purpose: Mention, between: list[str]) -> bool:
    """Whether a purpose that opens a sentence is over: "On search for relapse, a mass ..."."""
    if purpose.first - sentence.first > _OPENING or "," not in between:
        return False
    if purpose.value == "test":
        return True  # "screening PSA high, biopsy Gleason 7"
    after = between[between.index(",") + 1 :]
    return bool(after) and after[0] in _NEW_CLAUSES


def is_known(said: list[str]) -> bool:
    """Whether what is talked about is taken for granted: "to talk about the (new) cancer"."""
    return said[:1] != [] and said[0] in _OWNERS and len(said) <= _KNOWN_WITHIN and "of" not in said


def is_doubt(sentence: Sentence, mention: Mention) -> bool:
    """Whether "rule out" is said of a finding: "6 mm lung nodule, rule out metastasis"."""
    return sentence.has({"mass"}, sentence.first, mention.first)


def is_of_another(sentence: Sentence, denial: Mention, words: list[str], last: int) -> bool:
    """Whether what is denied is named after a comma or "with": "cancer, brain MRI negative"."""
    gap = words[last : denial.first]
    is_next = gap[-1] in _JOINING if gap else words[denial.first] == "normal"
    if is_next:  # "with normal liver (function tests)", ", negative CT"
        after = words[denial.last : min(denial.last + 1, sentence.last)]
        if not _SCANS.isdisjoint(after) and sentence.has_before({"spread", "nodeplace"}, last):
            return False  # "liver metastases, negative CT"
        is_named = bool(after) and after[0].isalpha() and _NOT_NAMED.isdisjoint(after)
        if is_named or sentence.has(_PARTS, denial.last, denial.last + 1):
            return True
        if len(gap) < 3:  # else what is denied may be named in it: ", lungs (clear)"
            return False
    if words[denial.first] in WELL and any(
        m.last == denial.first and last < m.first and m.category in _PARTS
        and words[m.first - 1] in _JOINING for m in sentence.mentions
    ):  # fmt: skip
        return True  # "liver metastases (lungs clear)"
    begin = next((i for i, w in enumerate(gap) if w in _PARTING), None)
    if begin is None:
        return False
    is_aside = False
    for word in gap[begin + 1 :]:
        if word in _PREPOSITIONS:
            is_aside = True  # "not seen on imaging": how it was looked for
        elif word in _PARTING:
            is_aside = False
        elif not is_aside and word.isalpha() and word not in _NO_SUBJECTS:
            return True
    return False


def is_of_origin(sentence: Sentence, last: int, words: list[str]) -> bool:
    """Whether a denial is of the origin: "the primary of the metastatic tumor was not found"."""
    return any(
        m.category in {"tumor_site", "primary_word"} and m.last < last and words[m.last] == "of"
        and last - m.last <= _OPENING for m in sentence.mentions
    )  # fmt: skip


def is_of_relative(sentence: Sentence, family: Mention, last: int, words: list[str]) -> bool:
    """Whether a cancer is a relative's told right after it: "in (her) mother", "- father, 60".

    It is not where more is told of the relative: "lung cancer, father had diabetes".
    """
    gap = words[last : family.first + 1]  # with "in his family"
    if len(gap) > _RELATIVE_WITHIN or is_denied(sentence, family, words):
        return False
    rest = words[family.last : min(family.last + _OTHER_ILL, sentence.last)]
    is_ill = not _RELATIVES_ILL.isdisjoint(rest[:1]) and not _ITS.intersection(rest)
    return not (is_ill and _OF_RELATIVES.isdisjoint(gap))


def is_of_marker(words: list[str], first: int, last: int) -> bool:
    """Whether a denial is the result of a stain: "adenocarcinoma, CK7 was negative"."""
    said = words[last - 1] if last > first else ""
    if said.isdigit() and last - 1 > first:  # "S 100"
        before = words[last - 2]
        return before.isalpha() and len(before) <= _SHORT_MARKER and before not in _NOT_MARKERS
    is_coded = said.isalnum() and not said.isalpha() and said[:1].isalpha()
    return is_coded or said in _MARKERS


def is_one_list(sentence: Sentence, first: int, last: int, words: list[str]) -> bool:
    """Whether cancers are told in one list: "ruled out (early gastric, colon or) lung cancer"."""
    named = {i for m in sentence.mentions if m.category in _NAMES for i in range(m.first, m.last)}
    begin = next((i for i in range(first, last) if i in named), last)
    return begin - first <= _NAMED_WITHIN and all(
        i in named or words[i] in _LISTS or words[i] in _OTHERS for i in range(begin, last)
    )
