"""Sizes of tumors: "4.2 x 4.5 cm", "26-mm", the largest diameter in millimeters."""

from typing import Final, NamedTuple

from outspread.extract.groups import members
from outspread.extract.numbers import decimal, number
from outspread.extract.sentences import Sentence

_TIMES: Final = members("sizes.times")
_ABOUT_TUMOR: Final = frozenset(
    {"mass", "cancer", "spread", "deposit", "tumor_site", "benign_tumor"}
)
_MEASURED: Final = members("sizes.measured")
_OTHERS: Final = members("sizes.others")
_IN_WORDS: Final = members("sizes.in_words")
_LARGEST_MM: Final = 600.0


class Size(NamedTuple):
    """A diameter with the words that state it."""

    mm: float
    first: int
    last: int


def read_sizes(sentence: Sentence, words: list[str], *, is_near_cancer: bool = False) -> list[Size]:
    """Read the sizes of a sentence that speaks of a tumor, or that measures right after one."""
    said = words[sentence.first : sentence.last]
    is_near = is_near_cancer and not _MEASURED.isdisjoint(said) and _OTHERS.isdisjoint(said)
    if not is_near and sentence.kinds.isdisjoint(_ABOUT_TUMOR):
        return []
    found = []
    for m in sentence.of("unit"):
        size = _before(words, m.first, sentence.first, float(m.value))
        if size is not None:
            found.append(Size(size[0], size[1], m.last))
    return found


def _before(words: list[str], unit: int, low: int, factor: float) -> tuple[float, int] | None:
    """Read the chain of numbers before a unit: the largest one, and where it begins."""
    values: list[float] = []
    place = unit - 1
    while place >= low:
        value = number(words[place]) if words[place] in _IN_WORDS else decimal(words[place])
        if value is None:
            break
        values.append(value)
        if place - 2 >= low and (words[place - 1] in _TIMES or words[place - 1].startswith("cm")):
            place -= 2
        elif place - 3 >= low and words[place - 2] in _TIMES:
            place -= 3
        else:
            place -= 1
            break
    size = max(values, default=0.0) * factor
    return (size, place + 1) if 0 < size <= _LARGEST_MM else None
