"""Text cut into words, each with its place; one pass, whatever the text holds."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import Final, NamedTuple

from outspread.extract.groups import members
from outspread.extract.pieces import PIECES, SPANS

STRETCH: Final = 1000  # characters within which the place of a word is counted
YEARS: Final = frozenset(map(str, range(1900, 2100)))
_SIGNED: Final = {
    "mark": frozenset(".?!;:"),
    "foreign": members("language.foreign"),
    "foreign_or_name": members("language.foreign_or_name"),
    "date": YEARS | {"ago"},
}
_ANY_SIGNED: Final = frozenset().union(*_SIGNED.values())
_SPACE: Final = re.compile(r"\s")
_FIRST_PIECE: Final = attrgetter("piece")
_FOUND: Final = "TUM[O0]R|EVID|MALIG|CARCIN|EXTRA|METAS|RESID|VASC|LYMPHOV|INVAS"
_NO: Final = re.compile(rf"(?<!\d )(?<!\d[A-Da-d] )\bN0(?= (?:{_FOUND}))")  # "T1 N0 TUMOR" has none
_TO_LAST_SPACE: Final = re.compile(r".*\s", re.DOTALL)


class Stretch(NamedTuple):
    """A line of a text, or a part of a long one: its first character, and its first piece."""

    text: str
    offset: int
    piece: int


Begun = tuple[int, Sequence[int], Sequence[int]]


class Tokens:
    """Words of a text in their normal form, and where each stands.

    `breaks` maps the number of a word to 1 where a line ends before it, 2 after a blank line;
    `firsts` are the words that begin a piece, and the number of words. `signs` are the words that
    may end a sentence (the first words of lines too), are foreign or may be, or the core of a date.
    """

    __slots__ = ("_begun", "_near", "breaks", "firsts", "signs", "stretches", "words")

    def __init__(
        self, pieces: list[list[str]], stretches: list[Stretch], gaps: dict[int, int]
    ) -> None:
        self.words = list(chain.from_iterable(pieces))
        self.firsts = list(accumulate(map(len, pieces), initial=0))
        self.breaks = {self.firsts[piece]: gap for piece, gap in gaps.items()}
        self.stretches = stretches
        signed = [(i, word) for i, word in enumerate(self.words) if word in _ANY_SIGNED]
        self.signs = {
            sign: [i for i, word in signed if word in words] for sign, words in _SIGNED.items()
        }
        self.signs["mark"] = sorted({*self.signs["mark"], *self.breaks})
        self._begun: dict[int, Begun] = {}
        self._near = 0  # the last piece that was asked for

    def start(self, word: int) -> int:
        """First character of a word."""
        piece = bisect_right(self.firsts, word) - 1
        begin, starts, _ = self._begun.get(piece) or self._begin(piece)
        return begin + starts[word - self.firsts[piece]]

    def end(self, word: int) -> int:
        """Character after the last one of a word."""
        piece = bisect_right(self.firsts, word) - 1
        begin, _, ends = self._begun.get(piece) or self._begin(piece)
        return begin + ends[word - self.firsts[piece]]

    def is_followed(self, word: int) -> bool:
        """Whether the next word follows without a space."""
        return word + 1 < self.firsts[bisect_right(self.firsts, word)]

    def _begin(self, piece: int) -> Begun:
        """First character of a piece, and where in it its words begin and end."""
        stretch = self.stretches[bisect_right(self.stretches, piece, key=_FIRST_PIECE) - 1]
        near, text = stretch.piece, stretch.text
        if near < self._near <= piece:
            near, text = self._near, text[self._begun[self._near][0] - stretch.offset :]
        before = piece - near
        rest = text.split(None, before)[-1] if before else text.lstrip()
        begin = stretch.offset + len(stretch.text) - len(rest)
        begun = begin, *SPANS[rest.split(None, 1)[0]]
        self._near, self._begun[piece] = piece, begun
        return begun


def cut(text: str) -> Tokens:
    """Cut a text into words, piece by piece.

    A hyphen within a word only parts it ("large-cell" is two words); one with a space beside it
    stays, because it parts statements.

    Examples
    --------
    >>> cut("Para-aortic nodes - 2.5 cm").words
    ['para', 'aortic', 'nodes', '-', '2.5', 'cm']
    """
    pieces: list[list[str]] = []
    stretches: list[Stretch] = []
    gaps: dict[int, int] = {}
    offset = gap = 0
    for line in text.splitlines(keepends=True):
        for part in [line] if len(line) <= STRETCH else _parts(line):
            said = (_NO.sub("NO", part) if "N0" in part else part).split()
            if said:
                stretches.append(Stretch(part, offset, len(pieces)))
                if gap:
                    gaps[len(pieces)] = min(gap, 2)
                    gap = 0
                pieces.extend(map(PIECES.__getitem__, said))
            offset += len(part)
        gap += 1
    return Tokens(pieces, stretches, gaps)


def _parts(line: str) -> Iterator[str]:
    """Parts of a long line; each ends with white space. A long piece is a part of its own."""
    begin = 0
    while begin < len(line):
        found = _TO_LAST_SPACE.match(line, begin, begin + STRETCH)
        found = found or _SPACE.search(line, begin + STRETCH)
        end = found.end() if found else len(line)
        yield line[begin:end]
        begin = end
