"""Passing over notes that do not speak of cancer, at little cost."""

from functools import cache
from pathlib import Path
from typing import Final

from outspread.extract.groups import data_rows, members
from outspread.extract.lexicon import lexicon, own_words
from outspread.extract.pieces import PIECES, Branch, Phrases, remember

_TELLING: Final = frozenset({"cancer", "spread_cancer", "cells", "deposit", "gleason", "tnm"})
_GONE_TO: Final = frozenset({"noun", "adj", "verb", "covered"})  # "secondary deposit", "spread to"
_SMALL: Final = members("prefilter.small")  # "has spread to": the phrase tells without them
_TELLS: Final = (Branch("cancer"),)


def speaks_of_cancer(text: str, *, pack: Path | None = None) -> bool:
    """Tell whether a text holds any word that a statement about cancer needs.

    These are the parts of words in `data/stems.csv` ("carcin"), and the phrases of the lexicon
    that tell by themselves of a cancer, its spread or its treatment.

    Examples
    --------
    >>> speaks_of_cancer("Chest pain since this morning. ECG normal.")
    False
    >>> speaks_of_cancer("Known prostate ca.")
    True
    """
    said, answers = text.split(), _answers(pack)
    if _TELLS in map(answers.__getitem__, said) or _holds_own_word(text, pack):
        return True
    opening = [place for place, one in enumerate(said, 1) if answers[one]]
    return any(answers.is_told(said, place) for place in opening)


def is_telling(phrase: Branch) -> bool:
    """Whether a phrase by itself tells of a cancer, its spread, or a treatment of nothing else."""
    category, value = phrase.category, phrase.value
    return (
        category in _TELLING
        or (category == "spread" and value in _GONE_TO)
        or (category == "treat" and ":strong:" in value)
    )


def _holds_own_word(text: str, pack: Path | None) -> bool:
    lower = text.lower() if pack else ""
    return any(word in lower for word in own_words(pack))


class _Answers(dict[str, tuple[Branch, ...]]):
    """How phrases that tell of cancer may go on after a piece of text, as far as it begins them.

    A piece is what stands between white space; they are remembered, as texts repeat them.
    """

    def __init__(self, phrases: Phrases) -> None:
        self.first = {
            word: branch
            for word, branch in phrases.first.items()
            if word not in _SMALL and _leads_to_telling(branch)
        }
        self.stems = [row["stem"] for row in data_rows("stems.csv")]

    def __missing__(self, piece: str) -> tuple[Branch, ...]:
        lower = piece.lower()
        is_told = any(stem in lower for stem in self.stems)
        answer = _TELLS if is_told else self._after(piece, ())
        return remember(self, piece, answer)

    def is_told(self, said: list[str], place: int) -> bool:
        """Whether a phrase that begins before a place tells of cancer."""
        branches = self[said[place - 1]]
        while branches and branches != _TELLS and place < len(said):
            branches = self._after(said[place], branches)
            place += 1
        return branches == _TELLS

    def _after(self, piece: str, begun: tuple[Branch, ...]) -> tuple[Branch, ...]:
        """How phrases go on that were begun before a piece, or in it."""
        for word in PIECES[piece]:
            new = self.first.get(word)
            going = [branch.next[word] for branch in begun if word in branch.next]
            begun = (*going, new) if new else tuple(going)
            if any(map(is_telling, begun)):
                return _TELLS
        return begun


@cache
def _answers(pack: Path | None) -> _Answers:
    return _Answers(lexicon(pack).phrases)


def _leads_to_telling(branch: Branch) -> bool:
    return is_telling(branch) or any(map(_leads_to_telling, branch.next.values()))
