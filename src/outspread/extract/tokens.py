"""Text cut into words, each with its place; one pass, whatever the text holds."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import Final, NamedTuple

from outspread.extract.pieces import SIGNS, Piece, Pieces

STRETCH: Final = 1000  # characters within which the place of a word is counted
_SPACE: Final = re.compile(r"\s")
_FIRST_PIECE: Final = attrgetter("piece")
_TO_LAST_SPACE: Final = re.compile(r".*\s", re.DOTALL)


class Stretch(NamedTuple):
    """A line of a text, or a part of a long one: its first character, and its first piece."""

    text: str
    offset: int
    piece: int


class Tokens:
    """Words of a text in their normal form, and where each stands.

    `breaks` maps the number of a word to 1 where a line ends before it, 2 after a blank line;
    `firsts` are the words that begin a piece; `signs` holds the words of each sign (see `Piece`),
    and as marks also the first words of lines.
    """

    __slots__ = ("breaks", "firsts", "pieces", "signs", "stretches", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.pieces: list[Piece] = []
        self.firsts: list[int] = []
        self.breaks: dict[int, int] = {}
        self.signs: dict[str, list[int]] = {sign: [] for sign in SIGNS}
        self.stretches: list[Stretch] = []

    def start(self, word: int) -> int:
        """First character of a word."""
        begin, piece, number = self._place(word)
        return begin + piece.starts[number]

    def end(self, word: int) -> int:
        """Character after the last one of a word."""
        begin, piece, number = self._place(word)
        return begin + piece.ends[number]

    def is_followed(self, word: int) -> bool:
        """Whether the next word follows without a space."""
        number = bisect_right(self.firsts, word)
        return word + 1 < (self.firsts[number] if number < len(self.firsts) else len(self.words))

    def _place(self, word: int) -> tuple[int, Piece, int]:
        """First character of the piece of a word, the piece, and which of its words it is."""
        number = bisect_right(self.firsts, word) - 1
        stretch = self.stretches[bisect_right(self.stretches, number, key=_FIRST_PIECE) - 1]
        text, before = stretch.text, number - stretch.piece
        rest = text.split(None, before)[-1] if before else text.lstrip()
        begin = stretch.offset + len(text) - len(rest)
        return begin, self.pieces[number], word - self.firsts[number]


def cut(text: str, cutter: Pieces) -> Tokens:
    """Cut a text into words, piece by piece; `cutter` has pieces that were cut before.

    A hyphen within a word only parts it ("large-cell" is two words); one with a space beside it
    stays, because it parts statements.

    Examples
    --------
    >>> from outspread.extract.pieces import Phrases
    >>> cut("Para-aortic nodes - 2.5 cm", Pieces(Phrases({}, [], []))).words
    ['para', 'aortic', 'nodes', '-', '2.5', 'cm']
    """
    tokens = Tokens()
    words, pieces, firsts = tokens.words, tokens.pieces, tokens.firsts
    breaks, signs, known = tokens.breaks, tokens.signs, cutter.known
    offset = gap = 0
    for line in text.splitlines(keepends=True):
        for part in [line] if len(line) <= STRETCH else _parts(line):
            said = part.split()
            if said:
                tokens.stretches.append(Stretch(part, offset, len(pieces)))
                if gap:
                    signs["mark"].append(len(words))
                    breaks[len(words)] = min(gap, 2)
                    gap = 0
            for one in said:
                piece = known.get(one) or cutter.add(one)
                first = len(words)
                pieces.append(piece)
                firsts.append(first)
                words.extend(piece.words)
                if piece.signs:
                    for sign, place in piece.signs:
                        if sign != "mark" or first + place not in breaks:
                            signs[sign].append(first + place)
            offset += len(part)
        gap += 1
    return tokens


def _parts(line: str) -> Iterator[str]:
    """Parts of a long line; each ends with white space. A long piece is a part of its own."""
    begin = 0
    while begin < len(line):
        found = _TO_LAST_SPACE.match(line, begin, begin + STRETCH)
        found = found or _SPACE.search(line, begin + STRETCH)
        end = found.end() if found else len(line)
        yield line[begin:end]
        begin = end
