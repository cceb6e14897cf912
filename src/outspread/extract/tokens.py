"""Text cut into words, each with its place; one pass, whatever the text holds."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from outspread.extract.pieces import Piece, Pieces

STRETCH: Final = 1000  # characters within which the place of a word is counted
_SPACE: Final = re.compile(r"\s")
_TO_LAST_SPACE: Final = re.compile(r".*\s", re.DOTALL)


class Stretch:
    """A line of a text, or a part of a long one: its first character, and its pieces."""

    __slots__ = ("offset", "pieces", "text")

    def __init__(self, text: str, offset: int, pieces: list[Piece]) -> None:
        self.text = text
        self.offset = offset
        self.pieces = pieces


class Tokens:
    """Words of a text in their normal form, and where each stands.

    `breaks` maps the number of a word to 1 where a line ends before it, 2 after a blank line;
    `marks` are the words before which a line or with which a sentence may end; `firsts` are those
    that begin a stretch; `signs` holds the words of each sign (see `Piece`).
    """

    __slots__ = ("breaks", "firsts", "marks", "signs", "stretches", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.signs: dict[str, list[int]] = {}
        self.breaks: dict[int, int] = {}
        self.marks: list[int] = []
        self.stretches: list[Stretch] = []
        self.firsts: list[int] = []

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
        stretch, number, place = self._piece(word)
        return place + 1 < len(stretch.pieces[number].words)

    def places(self, sign: str) -> list[int]:
        """Words that have a sign."""
        return self.signs.get(sign, [])

    def _piece(self, word: int) -> tuple[Stretch, int, int]:
        """Stretch of a word, number of its piece there, and which word of the piece it is."""
        number = bisect_right(self.firsts, word) - 1
        stretch, place = self.stretches[number], word - self.firsts[number]
        number = 0
        while place >= len(stretch.pieces[number].words):
            place -= len(stretch.pieces[number].words)
            number += 1
        return stretch, number, place

    def _place(self, word: int) -> tuple[int, Piece, int]:
        """First character of the piece of a word, the piece, and which of its words it is."""
        stretch, number, place = self._piece(word)
        text = stretch.text
        rest = text.split(None, number)[-1] if number else text.lstrip()
        return stretch.offset + len(text) - len(rest), stretch.pieces[number], place


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
    words, marks, breaks = tokens.words, tokens.marks, tokens.breaks
    known = cutter.known
    offset = gap = 0
    for line in text.splitlines(keepends=True):
        for part in [line] if len(line) <= STRETCH else _parts(line):
            said = part.split()
            if said:
                pieces: list[Piece] = []
                tokens.stretches.append(Stretch(part, offset, pieces))
                tokens.firsts.append(len(words))
                if gap:
                    marks.append(len(words))
                    breaks[len(words)] = min(gap, 2)
                    gap = 0
                for one in said:
                    piece = known.get(one) or cutter.add(one)
                    pieces.append(piece)
                    for place in piece.marks:
                        if len(words) + place not in breaks:
                            marks.append(len(words) + place)
                    for sign, place in piece.signs:
                        tokens.signs.setdefault(sign, []).append(len(words) + place)
                    words.extend(piece.words)
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
