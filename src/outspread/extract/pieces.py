"""Pieces of a text, from white space to white space, cut into words in their normal form."""

import re
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, compress
from operator import sub
from typing import Final, NamedTuple

from outspread.anatomy.load import load
from outspread.extract.groups import members

MOST_KNOWN: Final = 100_000  # spellings remembered; then the memory starts anew
LONGEST_WORD: Final = 64
SHORT: Final = 5
SHORTEST_PART: Final = 5
CATEGORY: Final = "#tnm"
VERTEBRA: Final = "#vertebra"
YEARS: Final = frozenset(map(str, range(1900, 2100)))
_SIGNED: Final = {
    "mark": frozenset(".?!;:"),
    "foreign": members("language.foreign"),
    "foreign_or_name": members("language.foreign_or_name"),
    "date": YEARS | {"ago"},
}
SIGNS: Final = tuple(_SIGNED)
_PARTS: Final = re.compile(
    r"\d+(?:[.,]\d+)*(?=[cm]m\b|[xX\u00d7]\d)|(?<=\d)[xX\u00d7](?=\d)|\d+(?:[.,]\d+)+|[^\W_]+(?:['\u2019][^\W_]+)?|.",
    re.DOTALL,
)
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\u00b7"
_AS_WRITTEN: Final = members("tokens.as_written")  # in other letters they are something else
_T: Final = r"[yramu]{0,2}[cp]?T(?:[0-4][a-e]?(?:mi)?|is|a|x)"
_N: Final = r"[yramu]{0,2}[cp]?N(?:[0-3][a-d]?(?:mi)?|x)"
_M: Final = r"[cp]?M[01x][a-d]?"
_ZERO: Final = r"(?:[cp]?NO)?(?:[cp]?MO)?"  # a zero that was read as a letter
_CATEGORY: Final = re.compile(
    rf"{_T}(?:{_N})?(?:{_M})?{_ZERO}|{_N}(?:{_M})?{_ZERO}|{_M}|[cp](?:NO|MO)", re.IGNORECASE
)
_VERTEBRA: Final = re.compile(r"[tlc](?:[1-9]|1[0-2])|s[1-5]")


class Branch:
    """What the words so far mean (`category` is None where nothing yet), and how they may go on."""

    __slots__ = ("category", "next", "value")

    def __init__(self, category: str | None = None, value: str = "") -> None:
        self.category = category
        self.value = value
        self.next: dict[str, Branch] = {}


class Piece:
    """A piece of a text: its words, and where in it each begins and ends.

    `branches` holds for each word how a phrase may begin with it, or None; `signs` tells which
    words are marks that may end a sentence, are foreign or may be, or are the core of a date.
    """

    __slots__ = ("branches", "ends", "signs", "starts", "words")

    def __init__(
        self, words: list[str], starts: Sequence[int], ends: Sequence[int], phrases: "Phrases"
    ) -> None:
        self.words = words
        self.starts = starts
        self.ends = ends
        self.branches = list(map(phrases.branch, words))
        self.signs = [
            (sign, place)
            for sign, signed in _SIGNED.items()
            for place, word in enumerate(words)
            if word in signed
        ]


class Phrases(NamedTuple):
    """Phrases by their first word; words that no phrase begins with are known by their ending."""

    first: dict[str, Branch]
    starts: list[tuple[str, Branch]]
    ends: list[tuple[str, Branch]]

    def branch(self, word: str) -> Branch | None:
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


class Pieces:
    """Pieces of text that were cut before; a text repeats most of its pieces."""

    __slots__ = ("known", "phrases")

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.known: dict[str, Piece] = {}

    def add(self, text: str) -> Piece:
        """Cut a piece that is not known yet."""
        piece = Piece(*_cut(text), self.phrases)
        if len(text) <= LONGEST_WORD:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known[text] = piece
        return piece


def cut_words(text: str) -> list[str]:
    """Words of a term in their normal form."""
    return [word for piece in text.split() for word in _words(piece)]


@cache
def _words(text: str) -> list[str]:
    """Words of a piece of a term; terms repeat them."""
    return _cut(text)[0]


def _cut(text: str) -> tuple[list[str], Sequence[int], Sequence[int]]:
    """Words of a piece, and where each begins and ends.

    A hyphen within a word only parts it ("large-cell" is two words).
    """
    parts = _PARTS.findall(text)
    normal = [_spelling[part] for part in parts]
    for place in range(1, len(normal) - 1):
        if normal[place] == "-" and _is_within(normal, place):
            normal[place] = ""
    all_ends = array("I", accumulate(map(len, parts)))
    ends = array("I", compress(all_ends, normal))
    starts = array("I", compress(map(sub, all_ends, map(len, parts)), normal))
    return list(filter(None, normal)), starts, ends


def _is_within(normal: list[str], place: int) -> bool:
    return normal[place - 1][-1:].isalnum() and normal[place + 1][:1].isalnum()


class _Spelling(dict[str, str]):
    """Normal form of a word: small letters, American spelling."""

    def __missing__(self, piece: str) -> str:
        word = _normal(piece)
        if len(piece) <= LONGEST_WORD:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self[piece] = word
        return word


def _normal(piece: str) -> str:
    if not piece[0].isalpha():
        return "-" if piece in _DASHES else piece.casefold()
    word = piece.casefold().replace("\u2019", "'")
    if len(piece) > LONGEST_WORD:
        return word
    if piece in _AS_WRITTEN:
        return "#" + word
    if len(piece) < SHORT or not word.isalpha():
        if _CATEGORY.fullmatch(piece):
            return CATEGORY
        if _VERTEBRA.fullmatch(word):
            return VERTEBRA
    for british, other in _british():
        if british in word:
            word = word.replace(british, other)
    return word


@cache
def _british() -> tuple[tuple[str, str], ...]:
    return tuple(load("spelling").select("british", "american").rows())


_spelling: Final = _Spelling()
