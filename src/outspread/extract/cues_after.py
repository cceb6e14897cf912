"""What cues after a statement make of it: "was excluded", "are suspected", "has resolved"."""

from itertools import pairwise
from typing import Final

from outspread.extract.groups import members
from outspread.extract.kinds import HEDGES
from outspread.extract.lexicon import Mention
from outspread.extract.pieces import VERTEBRA
from outspread.extract.scope import (
    is_elliptic,
    is_of_another,
    is_of_marker,
    is_of_origin,
    is_of_relative,
    is_postposed,
)
from outspread.extract.sentences import Sentence
from outspread.extract.values import value_after
from outspread.extract.verdict import Verdict

FARTHEST_AFTER: Final = 14
_KNOWN_MASS: Final = frozenset({"the", "this", "that", "these", "his", "her"})
_HELD_ALONE: Final = members("context.held_alone")  # after "it was considered"
_NO_VALUES: Final = members("context.no_values")
_NAMED_WITHIN: Final = 4  # words of "of the left lung"
_TREATED_WITHIN: Final = 5  # words of "for the liver metastases"
_CUES_AFTER: Final = frozenset(
    {"family", "refuted_post", "ned", "gone_post", "neg_post", "no_claim", "weak_pre", "weak_post",
     "strong_post", "risk_post", "neg_pre", "strong_pre"}
)  # fmt: skip
"""Only these mean something for what stands before them."""
_UNSAID: Final = frozenset({"", "unknown", "cannot", "n", "na", "?", "pending"})  # values
_OF_SOMETHING: Final = frozenset({"neg_post", "no_claim", "weak_post"})
OTHER_CLAIMS: Final = frozenset(
    {"site", "node", "nodeplace", "cancer", "spread", "deposit", "mass", "measure", "treat",
     "margin", "tnm"}
)  # fmt: skip


def weigh_after(sentence: Sentence, last: int, words: list[str], verdict: Verdict) -> Verdict:
    """Weigh the cues after the last word of a statement, in their order."""
    value = value_after(words, last, sentence.last)
    if value is not None:
        if value in _NO_VALUES:
            return verdict._replace(is_negated=True)
        if value in _UNSAID or (
            value.startswith("#")
            and value != VERTEBRA
            and not any(m.last == last for m in sentence.of("cancer"))  # "metastases: L3"
        ):
            return verdict._replace(is_claim=False)
    if sentence.kinds.isdisjoint(_CUES_AFTER):
        return verdict
    is_open, is_same, end = True, True, last
    for mention in sentence.mentions:
        if mention.first < last:
            continue
        kind = mention.category
        if kind == "family" and is_of_relative(sentence, mention, last, words):
            verdict = verdict._replace(is_other=True)
        if kind == "refuted_post" and not (
            verdict.certainty == "confirmed" and _is_of_mass(sentence, last, mention.first, words)
        ):
            return verdict._replace(is_negated=True, is_refuted=True)
        if mention.first - end > FARTHEST_AFTER:
            break
        if is_same and (kind == "gone_post" or (kind == "ned" and "treat" in sentence.kinds)):
            verdict = verdict._replace(is_gone=True, is_past=True)  # resected, and not come back
        is_same = is_same and kind not in OTHER_CLAIMS
        if not is_open:
            continue
        if _ends(sentence, mention, last, words):
            is_open = kind == "mass"
        elif kind == "neg_pre" and is_elliptic(mention, words):
            verdict = verdict._replace(is_negated=True)  # "lung metastases are not, and ..."
            is_open = False
        elif kind in HEDGES and mention.first == last and is_postposed(sentence, mention, words):
            certainty = "possible" if kind == "weak_pre" else "probable"
            verdict = verdict._replace(certainty=certainty)  # "metastases suspected, ..."
        elif not _is_aside(sentence, mention, last, words):
            verdict = _with_cue(mention, mention.first - last, verdict)
        end = mention.last
    return verdict


def _ends(sentence: Sentence, mention: Mention, last: int, words: list[str]) -> bool:
    """Whether what follows a phrase is no more about the statement that ends at `last`."""
    kind = mention.category
    is_next = mention.first - last <= 1 and not (kind == "treat" and words[last] == "and")
    if kind in {"stop", "stop_verb"} or (kind in OTHER_CLAIMS and not is_next):
        return True
    if kind in _OF_SOMETHING and (
        is_of_another(sentence, mention, words, last) or is_of_origin(sentence, last, words)
    ):
        return True  # "bladder cancer, last cystoscopy negative"
    if mention.value == "undeveloped":  # "went to the lung and has not developed brain metastases"
        return sentence.has_after(OTHER_CLAIMS, mention.last, 1)
    if mention.value == "belief" and not _is_of_something(sentence, mention, last, words):
        # "the primary tumor, and these masses were considered metastatic"
        return (",", "and") in pairwise(words[last : mention.first])
    return False


def _is_aside(sentence: Sentence, mention: Mention, last: int, words: list[str]) -> bool:
    """Whether a cue is about something else, and the ones after it may not be."""
    if mention.value == "belief":
        return _is_of_something(sentence, mention, last, words)
    if mention.category != "neg_post":
        return False
    if mention.value == "unfelt":
        return _is_cancer(sentence, last)
    is_after_comma = mention.value == "free" and "," in words[last : mention.first]
    return is_after_comma or is_of_marker(words, last, mention.first)


def _with_cue(cue: Mention, distance: int, verdict: Verdict) -> Verdict:
    kind = cue.category
    if kind == "neg_post":
        return verdict._replace(is_negated=True, is_refuted=cue.value == "refuted")
    if kind == "no_claim" or (kind == "risk_post" and distance <= 1):
        return verdict._replace(is_claim=False)
    if kind == "gone_post":
        return verdict._replace(is_gone=True, is_past=True)
    if kind == "weak_post" or (kind == "weak_pre" and cue.value == "differential"):
        return verdict._replace(certainty="possible")
    if kind == "strong_post" and verdict.certainty == "confirmed":
        return verdict._replace(certainty="probable")
    return verdict


def _is_of_something(sentence: Sentence, belief: Mention, last: int, words: list[str]) -> bool:
    """Whether a belief is of what follows it, or of a treatment told before."""
    return _is_of_what_follows(sentence, belief, words) or _is_of_treatment(sentence, last, words)


def _is_cancer(sentence: Sentence, last: int) -> bool:
    """Whether a cancer and no spread is what ends here."""
    told = [m.category for m in sentence.mentions if 0 <= last - m.last <= _NAMED_WITHIN]
    return "cancer" in told and "spread" not in told


def _is_of_mass(sentence: Sentence, last: int, end: int, words: list[str]) -> bool:
    """Whether a cancer is known, and a mass told after it is what is refuted."""
    is_cancer = any(m.category == "cancer" and m.last == last for m in sentence.mentions)
    return is_cancer and is_mass_between(sentence, last, end, words)


def is_mass_between(sentence: Sentence, first: int, last: int, words: list[str]) -> bool:
    """Whether a new mass is what turns out so: "cancer; a nodule proved to be ..."."""
    return any(
        m.category == "mass" and first <= m.first < last
        and _KNOWN_MASS.isdisjoint(words[max(first, m.first - 3) : m.first])
        for m in sentence.mentions
    )  # fmt: skip


def _is_of_what_follows(sentence: Sentence, belief: Mention, words: list[str]) -> bool:
    """Whether it is told what a cancer is thought to be like: "was considered high risk"."""
    after = words[belief.last] if belief.last < sentence.last else "."
    return after.isalpha() and after not in _HELD_ALONE


def _is_of_treatment(sentence: Sentence, last: int, words: list[str]) -> bool:
    """Whether it is a treatment that is thought of: "surgery for the metastases was considered"."""
    return any(
        m.category == "treat" and 0 < last - m.last <= _TREATED_WITHIN
        and words[m.last] in {"for", "of"} for m in sentence.mentions
    )  # fmt: skip
