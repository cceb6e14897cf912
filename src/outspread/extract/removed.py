"""Metastases that are told by their removal: "liver metastasectomy"."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.lexicon import Mention
from outspread.extract.sentences import Sentence
from outspread.extract.statements import (
    Scene,
    Statement,
    listed_left,
    listed_right,
    span_of,
    spread_to,
)

_REMOVAL: Final = "metasta"  # how the names of operations on metastases begin
_OF: Final = frozenset({"of", "from", "for", "in"})


def removals(sentence: Sentence, words: list[str]) -> list[Mention]:
    """Operations on metastases."""
    return [m for m in sentence.of("treat") if words[m.first].startswith(_REMOVAL)]


def read_removed(scene: Scene, taken: set[int]) -> list[Statement]:
    """State metastases where an operation on them names the place; that it is done is no matter."""
    words, sentence = scene.words, scene.sentence
    found: list[Statement] = []
    for m in removals(sentence, words):
        places = listed_left(scene, m.first, reach=1)
        if not places and not _OF.isdisjoint(words[m.last : m.last + 1]):
            places = listed_right(scene, m.last + 1)
        verdict = judge(sentence, m.first, m.last, words)
        if verdict.is_negated:
            continue
        for p in places:
            taken.add(p.first)
            found.append(spread_to(p, verdict, span_of(p, m), "spread.phrase", sentence.section))
    return found
