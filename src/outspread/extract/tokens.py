"""Text cut into words, each with its place; one pass, whatever the text holds."""

import re
from bisect import bisect
from functools import cache
from itertools import accumulate
from typing import Final, NamedTuple

from outspread.anatomy.load import load
from outspread.extract.groups import members

MOST_KNOWN: Final = 100_000  # spellings remembered; then the memory starts anew
LONGEST_WORD: Final = 64
SHORT: Final = 5
NEWLINE: Final = "\n"
BLANK_LINE: Final = "\n\n"
_APART: Final = frozenset({NEWLINE, BLANK_LINE, "-"})
CATEGORY: Final = "#tnm"
VERTEBRA: Final = "#vertebra"
_PIECES: Final = re.compile(
    r"\d+(?:[.,]\d+)*(?=[cm]m\b|[xX\u00d7]\d)|(?<=\d)[xX\u00d7](?=\d)|\d+(?:[.,]\d+)+|[^\W_]+(?:['\u2019][^\W_]+)?|\s+|.",
    re.DOTALL,
)
_AS_WRITTEN: Final = members("tokens.as_written")  # in other letters they are something else
_T: Final = r"[yram]{0,2}[cp]?T(?:[0-4][a-e]?(?:mi)?|is|a|x)"
_N: Final = r"[yram]{0,2}[cp]?N(?:[0-3][a-d]?(?:mi)?|x)"
_M: Final = r"[cp]?M[01x][a-d]?"
_ZERO: Final = r"(?:[cp]?NO)?(?:[cp]?MO)?"  # a zero that was read as a letter
_CATEGORY: Final = re.compile(
    rf"{_T}(?:{_N})?(?:{_M})?{_ZERO}|{_N}(?:{_M})?{_ZERO}|{_M}|[cp](?:NO|MO)", re.IGNORECASE
)
_VERTEBRA: Final = re.compile(r"[tlc](?:[1-9]|1[0-2])|s[1-5]")


class Tokens(NamedTuple):
    """Words of a text in their normal form, and where each stands.

    `places` gives the number of a word among all pieces of the text, `offsets` where each piece
    begins; `breaks` maps the number of a word to 1 where a line ends before it, 2 after a blank
    line.
    """

    words: list[str]
    places: list[int]
    offsets: list[int]
    breaks: dict[int, int]

    def start(self, word: int) -> int:
        """First character of a word."""
        return self.offsets[self.places[word]]

    def end(self, word: int) -> int:
        """Character after the last one of a word."""
        return self.offsets[self.places[word] + 1]


class Spelling(dict[str, str]):
    """Normal form of a word: small letters, American spelling; empty for white space."""

    def __missing__(self, piece: str) -> str:
        word = _normal(piece)
        if len(piece) <= LONGEST_WORD:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self[piece] = word
        return word


def _normal(piece: str) -> str:
    if piece.isspace():
        lines = len(piece.replace("\r\n", "\n").splitlines()) - (not piece.endswith(("\n", "\r")))
        return "" if lines < 1 else NEWLINE if lines == 1 else BLANK_LINE
    if not piece[0].isalpha():
        return "-" if piece in "\u2010\u2011\u2012\u2013\u2014\u2212" else piece.casefold()
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


_spelling: Final = Spelling()


def cut(text: str) -> Tokens:
    """Cut a text into words.

    A hyphen within a word only parts it ("large-cell" is two words); one with a space beside it
    stays, because it parts statements.

    Examples
    --------
    >>> cut("Para-aortic nodes - 2.5 cm").words
    ['para', 'aortic', 'nodes', '-', '2.5', 'cm']
    """
    pieces = _PIECES.findall(text)
    normal = list(map(_spelling.__getitem__, pieces))
    lines: list[tuple[int, int]] = []
    last = len(normal) - 1
    for place in [place for place, word in enumerate(normal) if word in _APART]:
        if normal[place] != "-":
            lines.append((place, len(normal[place])))
            normal[place] = ""
        elif _is_within(normal, place, last):
            normal[place] = ""
    places = [place for place, word in enumerate(normal) if word]
    breaks = {bisect(places, place): count for place, count in lines}
    ends = list(accumulate(map(len, pieces), initial=0))
    return Tokens([word for word in normal if word], places, ends, breaks)


def _is_within(normal: list[str], place: int, last: int) -> bool:
    if not 0 < place < last:
        return False
    return normal[place - 1][-1:].isalnum() and normal[place + 1][:1].isalnum()
