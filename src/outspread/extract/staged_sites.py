"""Places that a stage is told with, in brackets: "cT2N3M1b (liver, bone)", "stage IV (lung)"."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.stage import Staged
from outspread.extract.statements import Statement, spread_to

_OTHERS: Final = frozenset(
    {"cancer", "treat", "neg_pre", "primary_word", "tumor_site", "extension"}
)
_LONGEST: Final = 24  # words in the brackets


def is_bracketed(stage: Staged, words: list[str]) -> bool:
    """Tell whether a stage of distant spread is followed by brackets."""
    is_distant = (stage.m or "")[:1] == "1" or (stage.group or "").startswith("IV")
    return is_distant and words[_bracket(stage, words) :][:1] == ["("]


def _bracket(stage: Staged, words: list[str]) -> int:
    """Word after a stage, and after "disease"."""
    return stage.last + (words[stage.last : stage.last + 1] == ["disease"])


def read_bracketed(
    sentence: Sentence, words: list[str], places: list[Place], stage: Staged
) -> list[Statement]:
    """State the places in the brackets after a stage of distant spread."""
    end = min(stage.last + _LONGEST, sentence.last)
    start = _bracket(stage, words)
    close = next((i for i in range(start, end) if words[i] == ")"), None)
    if close is None or sentence.has(_OTHERS, stage.last, close):
        return []
    verdict = judge(sentence, stage.first, stage.last, words)
    return [
        spread_to(p, verdict, (p.first, p.last), "spread.phrase", sentence.section)
        for p in places
        if stage.last <= p.first < close
    ]
