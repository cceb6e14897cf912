"""Text cut into words, each with its place; one pass, whatever the text holds."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import chain
from operator import itemgetter
from typing import Final, NamedTuple

from outspread.extract.pieces import LAST, SIGNS, Piece, cut_piece

STRETCH: Final = 1000  # characters within which the place of a word is counted
_SPACE: Final = re.compile(r"\s")
_TO_LAST_SPACE: Final = re.compile(r".*\s", re.DOTALL)
_WORDS: Final = itemgetter(Piece._fields.index("words"))
_SIGNS: Final = itemgetter(Piece._fields.index("signs"))
_WHERE: Final = {sign: bytes(map(bool, map(sign.__and__, range(256)))) for sign in SIGNS}


class Stretch(NamedTuple):
    """A line of a text, or a part of a long one: its first character, and its pieces."""

    text: str
    offset: int
    pieces: list[Piece]


class Tokens(NamedTuple):
    """Words of a text in their normal form, and where each stands.

    `breaks` maps the number of a word to 1 where a line ends before it, 2 after a blank line;
    `firsts` are the numbers of the first word of each stretch.
    """

    words: list[str]
    signs: bytes
    breaks: dict[int, int]
    stretches: list[Stretch]
    firsts: list[int]

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
        return not self.signs[word] & LAST

    def where(self, sign: int) -> bytes:
        """Tell for each word whether it has a sign: 1 or 0."""
        return self.signs.translate(_WHERE[sign])

    def _place(self, word: int) -> tuple[int, Piece, int]:
        """First character of the piece of a word, the piece, and which of its words it is."""
        stretch = bisect_right(self.firsts, word) - 1
        text, offset, pieces = self.stretches[stretch]
        first = self.firsts[stretch]
        if len(pieces) == 1:
            return offset + len(text) - len(text.lstrip()), pieces[0], word - first
        before = self.signs[first:word].translate(_WHERE[LAST])
        number = before.count(1)
        begin = offset + len(text) - len(text.split(None, number)[-1])
        return begin, pieces[number], word - first - before.rfind(1) - 1


def cut(text: str, known: Mapping[str, Piece] | None = None) -> Tokens:
    """Cut a text into words, piece by piece; `known` has pieces that were cut before.

    A hyphen within a word only parts it ("large-cell" is two words); one with a space beside it
    stays, because it parts statements.

    Examples
    --------
    >>> cut("Para-aortic nodes - 2.5 cm").words
    ['para', 'aortic', 'nodes', '-', '2.5', 'cm']
    """
    words: list[str] = []
    signs: list[bytes] = []
    breaks: dict[int, int] = {}
    stretches: list[Stretch] = []
    firsts: list[int] = []
    find = cut_piece if known is None else known.__getitem__
    offset = gap = 0
    for line in text.splitlines(keepends=True):
        for part in (line,) if len(line) <= STRETCH else _parts(line):
            pieces = list(map(find, part.split()))
            if pieces:
                if gap:
                    breaks[len(words)] = min(gap, 2)
                    gap = 0
                stretches.append(Stretch(part, offset, pieces))
                firsts.append(len(words))
                signs += map(_SIGNS, pieces)
                words += chain.from_iterable(map(_WORDS, pieces))
            offset += len(part)
        gap += 1
    return Tokens(words, b"".join(signs), breaks, stretches, firsts)


def _parts(line: str) -> Iterator[str]:
    """Parts of a long line; each ends with white space. A long piece is a part of its own."""
    begin = 0
    while begin < len(line):
        found = _TO_LAST_SPACE.match(line, begin, begin + STRETCH)
        found = found or _SPACE.search(line, begin + STRETCH)
        end = found.end() if found else len(line)
        yield line[begin:end]
        begin = end
