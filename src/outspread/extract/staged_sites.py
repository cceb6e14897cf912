"""Places that a stage is told with, in brackets: "cT2N3M1b (liver, bone)", "stage IV (lung)"."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.stage import Staged
from outspread.extract.statements import Statement

_OTHERS: Final = frozenset(
    {"cancer", "treat", "neg_pre", "primary_word", "tumor_site", "extension"}
)
_LONGEST: Final = 24  # words in the brackets


def is_bracketed(sentence: Sentence, stage: Staged, words: list[str]) -> bool:
    """Tell whether a stage of distant spread is followed by brackets."""
    is_distant = (stage.m or "")[:1] == "1" or (stage.group or "").startswith("IV")
    start = _bracket(sentence, stage, words)
    return is_distant and words[start : start + 1] == ["("]


def _bracket(sentence: Sentence, stage: Staged, words: list[str]) -> int:
    """Word after a stage, and after "disease" or the cancer of an organ: "stage IV lung cancer"."""
    for m in sentence.mentions:
        if m.category == "cancer" and m.first - stage.last == 1:
            return m.last if _is_organ(sentence, stage.last, m.first) else stage.last
    return stage.last + (words[stage.last : stage.last + 1] == ["disease"])


def _is_organ(sentence: Sentence, first: int, last: int) -> bool:
    return any(
        m.category == "site" and (m.first, m.last) == (first, last) for m in sentence.mentions
    )


def read_bracketed(
    sentence: Sentence, words: list[str], places: list[Place], stage: Staged
) -> list[Statement]:
    """State the places in the brackets after a stage of distant spread."""
    end = min(stage.last + _LONGEST, sentence.last)
    start = _bracket(sentence, stage, words)
    close = next((i for i in range(start, end) if words[i] == ")"), None)
    if close is None or any(
        start <= m.first < close and m.category in _OTHERS for m in sentence.mentions
    ):
        return []
    verdict = judge(sentence, stage.first, stage.last, words)
    return [
        Statement("secondary", p.site, verdict, p.first, p.last, "spread.phrase", sentence.section,
                  side=p.side, contiguity="discontiguous")
        for p in places
        if start <= p.first < close
    ]  # fmt: skip
