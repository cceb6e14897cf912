"""Sentences that tell that what was feared is something else than cancer."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN, OTHER_ILLS, TELLING
from outspread.extract.noted_mass import is_reason
from outspread.extract.sentences import Sentence

_RESULTS: Final = members("document.results")
_PROCEDURES: Final = ("ectomy", "scopy", "graphy")
_POINTS: Final = frozenset({"it", "this", "these", "they", "those"})
_PROVED: Final = members("refuted.proved")
_HEADING: Final = 6  # words of "Postoperative diagnosis: 1. "
_SHOWN_BY: Final = frozenset({"by", "on", "at", "in", "the", "final", "after"})


def refutes(sentence: Sentence, words: list[str]) -> bool:
    """Tell whether a sentence says that what was feared is something else."""
    kinds = sentence.kinds
    if kinds.isdisjoint(OTHER_ILLS) or "general" in kinds or _is_confirmed(sentence, words):
        return False
    if "refuted_post" in kinds:
        return True
    said = words[sentence.first : sentence.last]
    is_answer = said[0] in _POINTS and said[1:2] in (["was"], ["were"], ["is"], ["are"])
    heading = words[max(0, sentence.first - _HEADING) : sentence.first]
    is_final = sentence.section == "diagnosis" and any(w[:4] == "post" for w in heading)
    is_result = is_answer or is_final or "turn_out" in kinds or _tells_result(sentence, words)
    return is_result and _is_affirmed(sentence)


def _is_confirmed(sentence: Sentence, words: list[str]) -> bool:
    """Whether a cancer or spread is told that is not denied: "scar without malignancy" is none.

    Nor is "sarcoidosis, not metastatic disease", or "with no further sign of malignancy".
    """
    if sentence.kinds.isdisjoint(TELLING):
        return False
    denied = next((m.first for m in sentence.mentions if m.value == "refuted"), sentence.last)
    told = [m for m in sentence.mentions if m.category in TELLING and m.first < denied]
    verdicts = [judge(sentence, m.first, m.last, words) for m in told]
    return any(v.is_claim and not v.is_negated for v in verdicts)


def _is_affirmed(sentence: Sentence) -> bool:
    """Whether something benign is told that no denial stands before."""
    kinds = [m.category for m in sentence.mentions]
    benign = next((i for i, kind in enumerate(kinds) if kind in BENIGN), None)
    return benign is not None and "neg_pre" not in kinds[:benign]


def _tells_result(sentence: Sentence, words: list[str]) -> bool:
    """Whether something benign is a result, and not why it was looked for or operated."""
    said = words[sentence.first : sentence.last]
    if any(m.category in BENIGN and _is_proved(words, m.last) for m in sentence.mentions):
        return True
    told = [i for i, w in enumerate(said) if w in _RESULTS or w.endswith(_PROCEDURES)]
    if not told:
        return False
    benign = [
        m.first - sentence.first
        for m in sentence.mentions
        if m.category in BENIGN and not is_reason(sentence, m, words)
    ]
    return told[0] < max(benign, default=0) or any(said[i - 1] in _SHOWN_BY for i in told)


def _is_proved(words: list[str], end: int) -> bool:
    """Whether what ends here is told to be proved: "sarcoidosis was confirmed by biopsy"."""
    said = words[end : end + 2]
    return len(said) > 1 and said[0] in {"was", "were", "is"} and said[1] in _PROVED
