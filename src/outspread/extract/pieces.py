"""Pieces of a text, from white space to white space, cut into words in their normal form."""

import re
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, compress
from operator import sub
from typing import Final, TypeVar

from outspread.anatomy.load import load
from outspread.extract.groups import members

T = TypeVar("T")
Spans = tuple[Sequence[int], Sequence[int]]

MOST_KNOWN: Final = 100_000  # spellings remembered; then the memory starts anew
LONGEST_WORD: Final = 64
SHORT: Final = 5
SHORTEST_PART: Final = 5
CATEGORY: Final = "#tnm"
VERTEBRA: Final = "#vertebra"
_PARTS: Final = re.compile(
    r"(?<![^\W_])[+-]ve\b|\d+(?:[.,]\d+)*(?=[cm]m\b|[xX\u00d7]\d)|(?<=\d)[xX\u00d7](?=\d)|\d+(?:[.,]\d+)+|[^\W_]+(?:['\u2019][^\W_]+)?|.",
    re.DOTALL,
)
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\u00b7"
_AS_WRITTEN: Final = members("tokens.as_written")  # in other letters they are something else
_T: Final = r"(?:u?[yram]{0,2}[cp]?T[0-4][a-e]?(?:mi)?|[yram]{0,2}[cp]?T(?:is|a|x))"  # no "UTIs"
_N: Final = r"u?[yram]{0,2}[cp]?N(?:[0-3][a-c]?(?:mi)?|x)"
_M: Final = r"[cp]?M[01x][a-d]?"
_ZERO: Final = r"(?:[cp]?NO)?(?:[cp]?MO)?"  # a zero that was read as a letter
_CATEGORY: Final = re.compile(
    rf"{_T}(?:{_N})?(?:{_M})?{_ZERO}|{_N}(?:{_M})?{_ZERO}|{_M}|[cp](?:NO|MO)", re.IGNORECASE
)
_VERTEBRA: Final = re.compile(r"[tlc](?:[1-9]|1[0-2])|s[1-5]")
_MISREAD: Final = re.compile(r"(?<=[a-z]{2})[01](?=[a-z])|(?<=[a-z])[01](?=[a-z]{2})")
_MISREAD_SHORT: Final = re.compile(r"(?<=[a-z])0(?=[a-z])|(?<=^tw)0$")
_MISREAD_FIRST: Final = re.compile(r"0(?:[fnr]|ne|[a-z]{4,})", re.IGNORECASE)
_LETTERS: Final = {"0": "o", "1": "i"}
_SHORTENED: Final = {"+ve": "positive", "pos": "positive", "-ve": "negative"}


class Branch:
    """What the words so far mean (`category` is None where nothing yet), and how they may go on."""

    __slots__ = ("category", "next", "value")

    def __init__(self, category: str | None = None, value: str = "") -> None:
        self.category = category
        self.value = value
        self.next: dict[str, Branch] = {}


class Phrases(dict[str, Branch | None]):
    """How a phrase begins with a word, or None; remembered, as texts repeat their words.

    `first` are the words that phrases begin with; others are known by their beginning or ending.
    """

    def __init__(
        self,
        first: dict[str, Branch],
        starts: list[tuple[str, Branch]],
        ends: list[tuple[str, Branch]],
    ) -> None:
        self.first = first
        self.starts = starts
        self.ends = ends

    def __missing__(self, word: str) -> Branch | None:
        return remember(self, word, self._branch(word))

    def _branch(self, word: str) -> Branch | None:
        """What a word means, alone or as the first one of a phrase."""
        found = self.first.get(word)
        if found is not None or len(word) <= SHORTEST_PART or not word[0].isalpha():
            return found
        for part, branch in self.starts:
            if word.startswith(part):
                found = branch
        for part, branch in self.ends:
            if word.endswith(part) and len(word) > len(part) + 1:
                found = branch
        return found


class Pieces(dict[str, list[str]]):
    """Words of the pieces of text that were cut before; a text repeats most of its pieces."""

    def __missing__(self, piece: str) -> list[str]:
        return remember(self, piece, list(filter(None, _parts(piece)[1])))


def remember(memory: dict[str, T], asked: str, answer: T) -> T:
    """Keep an answer, unless it is about a long text; a full memory starts anew."""
    if len(asked) <= LONGEST_WORD:
        if len(memory) >= MOST_KNOWN:
            memory.clear()
        memory[asked] = answer
    return answer


def cut_words(text: str) -> list[str]:
    """Words of a term in their normal form."""
    return [word for piece in text.split() for word in PIECES[piece]]


class _Spans(dict[str, Spans]):
    """Where in a piece each of its words begins, and where it ends."""

    def __missing__(self, piece: str) -> Spans:
        return remember(self, piece, _spans(piece))


def _spans(piece: str) -> Spans:
    parts, normal = _parts(piece)
    ends = array("I", accumulate(map(len, parts)))
    return array("I", compress(map(sub, ends, map(len, parts)), normal)), array(
        "I", compress(ends, normal)
    )


def _parts(piece: str) -> tuple[list[str], list[str]]:
    """Parts of a piece, and their normal form; it is empty for a hyphen within a word.

    Such a hyphen only parts the word ("large-cell" is two words).
    """
    parts = _PARTS.findall(piece)
    normal = [_spelling[part] for part in parts]
    for place in range(1, len(normal) - 1):
        if normal[place] == "-" and _is_within(normal, place):
            normal[place] = ""
    return parts, normal


def _is_within(normal: list[str], place: int) -> bool:
    return normal[place - 1][-1:].isalnum() and normal[place + 1][:1].isalnum()


class _Spelling(dict[str, str]):
    """Normal form of a word: small letters, American spelling."""

    def __missing__(self, piece: str) -> str:
        return remember(self, piece, _normal(piece))


def _normal(piece: str) -> str:
    if _MISREAD_FIRST.fullmatch(piece):
        piece = "O" + piece[1:]
    word = piece.casefold().replace("\u2019", "'")
    if word in _SHORTENED:
        return _SHORTENED[word]
    if not piece[0].isalpha():
        return "-" if piece in _DASHES else word
    if len(piece) > LONGEST_WORD:
        return word
    if piece in _AS_WRITTEN:
        return "#" + word
    if len(piece) < SHORT or not word.isalpha():
        if _CATEGORY.fullmatch(piece):
            return CATEGORY
        if _VERTEBRA.fullmatch(word):
            return VERTEBRA
    word = _reread(piece, word)
    for british, other in _british():
        if british in word:
            word = word.replace(british, other)
    return word


def _reread(piece: str, word: str) -> str:
    """Letters that a scan took for others: "CARCIN0MA", "SP1NE", "DlAPHRAGM"."""
    if word.isalpha():
        is_odd = "l" in piece and len(piece) >= SHORT - 1 and piece.replace("l", "").isupper()
        return piece.replace("l", "i").casefold() if is_odd else word
    misread = _MISREAD if len(word) >= SHORT else _MISREAD_SHORT
    read = misread.sub(lambda found: _LETTERS[found.group()], word)
    return read if read.isalpha() else word


@cache
def _british() -> tuple[tuple[str, str], ...]:
    return tuple(load("spelling").select("british", "american").rows())


_spelling: Final = _Spelling()
PIECES: Final = Pieces()
SPANS: Final = _Spans()
