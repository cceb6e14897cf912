"""Text cut into words, each with its place; one pass, whatever the text holds."""

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate, chain, compress, repeat
from operator import add, attrgetter
from typing import Final, NamedTuple

from outspread.anatomy.load import load
from outspread.extract.groups import members

MOST_KNOWN: Final = 100_000  # spellings remembered; then the memory starts anew
LONGEST_WORD: Final = 64
SHORT: Final = 5
CATEGORY: Final = "#tnm"
VERTEBRA: Final = "#vertebra"
_PIECES: Final = re.compile(r"\S+")
_FIRST: Final = attrgetter("first")
_PARTS: Final = re.compile(
    r"\d+(?:[.,]\d+)*(?=[cm]m\b|[xX\u00d7]\d)|(?<=\d)[xX\u00d7](?=\d)|\d+(?:[.,]\d+)+|[^\W_]+(?:['\u2019][^\W_]+)?|.",
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


_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\u00b7"


class Line(NamedTuple):
    """A line that is not empty: where it begins, and the number of its first piece."""

    text: str
    offset: int
    first: int


class Tokens(NamedTuple):
    """Words of a text in their normal form, and where each stands.

    `pieces` are the parts between white space, `firsts` the number of the first word of each;
    `breaks` maps the number of a word to 1 where a line ends before it, 2 after a blank line;
    `starts` holds where the pieces of a line begin, `spans` where the words of a piece stand in it,
    each for those that were asked for.
    """

    words: list[str]
    pieces: list[str]
    firsts: list[int]
    breaks: dict[int, int]
    lines: list[Line]
    starts: dict[int, list[int]]
    spans: dict[int, list[tuple[int, int]]]

    def start(self, word: int) -> int:
        """First character of a word."""
        return self._place(word)[0]

    def end(self, word: int) -> int:
        """Character after the last one of a word."""
        return self._place(word)[1]

    def is_followed(self, word: int) -> bool:
        """Whether the next word follows without a space."""
        return word + 1 < self.firsts[bisect_right(self.firsts, word)]

    def _place(self, word: int) -> tuple[int, int]:
        piece = bisect_right(self.firsts, word) - 1
        number = bisect_right(self.lines, piece, key=_FIRST) - 1
        line = self.lines[number]
        if number not in self.starts:
            self.starts[number] = _starts(line.text, line.offset)
        begin = self.starts[number][piece - line.first]
        first, last = self._spans(piece)[word - self.firsts[piece]]
        return begin + first, begin + last

    def _spans(self, piece: int) -> list[tuple[int, int]]:
        if piece not in self.spans:
            cut = _cut_piece(self.pieces[piece])
            self.spans[piece] = [(first, last) for _, first, last in cut]
        return self.spans[piece]


def _starts(line: str, offset: int) -> list[int]:
    """Where the pieces of a line begin."""
    pieces = line.split()
    parts = line.rstrip().split(" ")
    starts = accumulate(map(add, map(len, parts), repeat(1)), initial=offset)
    if list(filter(None, parts)) == pieces:  # no white space but plain spaces
        return list(compress(starts, parts))
    return [offset + piece.start() for piece in _PIECES.finditer(line)]


class Pieces(dict[str, tuple[str, ...]]):
    """Words of pieces of text that were cut before; a text repeats most of its pieces."""

    def __missing__(self, text: str) -> tuple[str, ...]:
        words = tuple(word for word, _, _ in _cut_piece(text))
        if len(text) <= LONGEST_WORD:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self[text] = words
        return words


class Spelling(dict[str, str]):
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
    texts: list[str] = []
    lines: list[Line] = []
    gaps: list[tuple[int, int]] = []
    offset = gap = 0
    for line in text.splitlines(keepends=True):
        found = line.split()
        if found:
            if gap:
                gaps.append((len(texts), gap))
                gap = 0
            lines.append(Line(line, offset, len(texts)))
            texts += found
        offset += len(line)
        gap += 1
    words = list(map(_pieces.__getitem__, texts))
    firsts = list(accumulate(map(len, words), initial=0))
    breaks = {firsts[place]: min(count, 2) for place, count in gaps}
    return Tokens(list(chain.from_iterable(words)), texts, firsts, breaks, lines, {}, {})


def _cut_piece(text: str) -> list[tuple[str, int, int]]:
    """Cut the text from one white space to the next into words, each with its place in it."""
    parts = _PARTS.findall(text)
    normal = [_spelling[part] for part in parts]
    for place in range(1, len(normal) - 1):
        if normal[place] == "-" and _is_within(normal, place):
            normal[place] = ""
    ends = list(accumulate(map(len, parts)))
    return [
        (word, ends[place] - len(parts[place]), ends[place])
        for place, word in enumerate(normal) if word
    ]  # fmt: skip


def _is_within(normal: list[str], place: int) -> bool:
    return normal[place - 1][-1:].isalnum() and normal[place + 1][:1].isalnum()


_pieces: Final = Pieces()
