"""Layers of an organ: a tumor that has grown into one, and through none, is still within it."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.sentences import Sentence

_NEAR: Final = 6  # words between the growth and the layer it reached
_BEYOND: Final = frozenset({"through", "beyond", "penetrating", "penetrates", "perforates"})
_OF_TUMORS: Final = frozenset({"cancer", "mass", "malignant"})


def is_within_organ(sentence: Sentence, words: list[str]) -> bool:
    """Tell whether a tumor is said to reach a layer of its organ: "invades the submucosa"."""
    if sentence.kinds.isdisjoint(_OF_TUMORS):
        return False
    layers = [m for m in sentence.mentions if m.category == "layer"]
    return any(
        0 <= layer.first - m.last <= _NEAR
        and _BEYOND.isdisjoint(words[m.first : layer.first])
        and _is_affirmed(sentence, m.first, layer.last, words)
        for m in sentence.mentions
        if m.category == "extension"
        for layer in layers
    )


def _is_affirmed(sentence: Sentence, first: int, last: int, words: list[str]) -> bool:
    verdict = judge(sentence, first, last, words)
    return verdict.is_claim and not verdict.is_negated and verdict.certainty != "possible"
