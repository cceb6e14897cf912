"""What cues before a statement make of it: "no evidence of", "possible", "history of"."""

from typing import Final

from outspread.extract.denied_list import UNSURE, is_own_again, is_taken_as_given, place_in_list
from outspread.extract.kinds import HEDGES
from outspread.extract.lexicon import Mention
from outspread.extract.scope import (
    DETERMINERS,
    is_aside,
    is_denied,
    is_doubt,
    is_elliptic,
    is_known,
    is_of_event,
    is_one_list,
    is_over,
    is_postposed,
)
from outspread.extract.sentences import Sentence
from outspread.extract.verdict import Verdict

FARTHEST_HEDGE: Final = 14
_DOUBTING: Final = frozenset({"neg_pre", "purpose", "weak_pre", "strong_pre", "discussed"})
_ENDING: Final = _DOUBTING | {"neg_other"}
_NEAR_NEXT: Final = 4
_BEING: Final = frozenset({"is", "are", "was", "were", "remain", "remains"})
_FAR_NEXT: Final = 9  # "any in-transit, nodal or visceral"
_GO_ON: Final = frozenset({"or", "nor", "and", ",", "/"})
_PASSIVE: Final = frozenset({"was", "were", "is", "are", "has", "have", "had"})
_NED_REACH: Final = 4  # words between "no recurrence" and what else is denied
_NONE: Final = frozenset({"no", "without"})  # "no evidence of malignancy or (metastasis)"
_DROP: Final = frozenset({"purpose", "conditional", "general"})
_CUES_BEFORE: Final = _DROP | {
    "stop", "stop_verb", "family", "hist_pre", "ned", "discussed", "neg_pre", "neg_other",
    "neg_post", "neg_here", "gone_pre", "plan", "pseudo", "weak_pre", "strong_pre", "weak_post",
    "strong_post",
}  # fmt: skip
"""Only these mean something for what follows them."""
_CLOSING: Final = frozenset({"pseudo", "neg_post", "neg_here"})  # what stands before them is over


def weigh_before(sentence: Sentence, first: int, words: list[str], verdict: Verdict) -> Verdict:
    """Weigh the cues before the first word of a statement, the nearest first."""
    if sentence.kinds.isdisjoint(_CUES_BEFORE):
        return verdict
    is_open = is_if = True
    is_own = False  # "the family history was negative, but the patient had ..."
    for mention in reversed(sentence.mentions):
        kind = mention.category
        if kind not in _CUES_BEFORE or mention.first >= first:
            continue
        if (kind == "neg_pre" and is_elliptic(mention, words)) or (
            kind in HEDGES and is_postposed(sentence, mention, words)
        ):
            is_open = False  # "the lungs are not, and ...", "lung metastases suspected, ..."
            continue
        if kind == "stop_verb" and is_denied(sentence, mention, words):
            continue
        if kind == "discussed" and (mention.value or is_known(words[mention.last : first])):
            continue  # options of treatment, or what is there
        if kind == "conditional" and is_taken_as_given(sentence, first, words):
            continue  # "if the metastases grow"
        if kind in {"stop", "stop_verb"}:
            is_open, is_if = False, is_if and kind != "stop"
            is_own = is_own or "patient" in words[mention.last : mention.last + 2]
        elif kind == "conditional" and mention.value == "verb" and is_if:
            if "," not in words[mention.last : first]:
                verdict = verdict._replace(is_claim=False)
        elif kind == "family" and is_own_again(sentence, mention, first, words):
            continue
        elif kind == "family":
            verdict = verdict._replace(is_other=verdict.is_other or not is_own)
        elif kind == "general":
            verdict = verdict._replace(is_claim=False)
        elif kind == "hist_pre":
            verdict = verdict._replace(is_past=True)
            is_new = mention.value == "new" or words[mention.first - 1] == ","
            is_open = is_open and not is_new
        elif kind in _ENDING and (
            is_of_event(words[mention.first : first], kind)
            or is_over(sentence, mention, first, words)
        ):
            continue
        elif is_open or (is_if and mention.value == "that"):
            verdict = _with_cue(sentence, mention, first, words, verdict)
            is_open = is_open and kind not in _CLOSING
    return verdict


def _with_cue(
    sentence: Sentence, cue: Mention, first: int, words: list[str], verdict: Verdict
) -> Verdict:
    """Weigh one cue for what it stands before and reaches."""
    kind, distance = cue.category, first - cue.last
    if kind == "purpose" and is_aside(sentence, cue, words[cue.last : first]):
        return verdict
    if kind == "ned" and words[cue.last] in _GO_ON and distance <= _NED_REACH:
        return verdict._replace(is_negated=True)  # "no recurrence or metastasis"
    if cue.value == "finding" and is_doubt(sentence, cue):
        return verdict._replace(certainty="possible")
    if kind in {"strong_post", "weak_post"} and distance <= 1:  # "considered metastatic"
        is_held = kind == "strong_post" or cue.value == "belief"
        verdict = verdict._replace(certainty="probable" if is_held else "possible")
    if kind in {"neg_pre", "neg_other"} and place_in_list(sentence, cue, first, words) == UNSURE:
        return verdict._replace(certainty="possible")  # "no pain, liver metastases"
    verdict = _add(verdict, cue, distance)
    if kind == "neg_post" and _denies_next(sentence, cue, first, words):
        return verdict._replace(is_negated=True, is_refuted=cue.value == "refuted")
    return verdict


def _denies_next(sentence: Sentence, denial: Mention, first: int, words: list[str]) -> bool:
    """Whether a denial is of what follows: "he has not developed (any liver) metastases"."""
    said = words[denial.last : first]
    if denial.value == "undeveloped":
        is_over = said[:1] != [] and (said[0] in _GO_ON or is_of_event(said, "neg_pre"))
        is_over = is_over or ("," in said and not _BEING.isdisjoint(words[first : sentence.last]))
        return len(said) <= _FAR_NEXT and not is_over and DETERMINERS.isdisjoint(said)
    if denial.value == "free" and words[denial.first] in _NONE:
        return said[:1] in (["or"], ["nor"]) and len(said) <= _NEAR_NEXT
    if denial.value != "refuted" or words[denial.first] in _PASSIVE:
        return False  # "were excluded" is of what is before
    return len(said) <= _NEAR_NEXT or is_one_list(sentence, denial.last, first, words)


def _add(verdict: Verdict, mention: Mention, distance: int) -> Verdict:
    kind = mention.category
    if kind in _DROP or kind == "discussed":
        return verdict._replace(is_claim=False)
    if kind == "neg_pre":
        return verdict._replace(is_negated=True, is_refuted=mention.value == "refuted")
    if kind == "neg_other":
        return verdict._replace(is_claim=False)
    if kind == "gone_pre":
        return verdict._replace(is_gone=True, is_past=True)
    if kind == "plan":
        return verdict._replace(is_planned=True)
    if distance <= FARTHEST_HEDGE:
        if kind == "weak_pre":
            return verdict._replace(certainty="possible")
        if kind == "strong_pre" and verdict.certainty == "confirmed":
            return verdict._replace(certainty="probable")
    return verdict
