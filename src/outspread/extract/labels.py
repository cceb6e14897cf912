"""Letters and numbers of specimens: what a report says of "A" is of the tissue listed as A."""

from typing import Final

_AFTER: Final = frozenset({"-", ")", ":", "."})
_LONGEST: Final = 2  # figures of a number


def label_of(words: list[str], first: int) -> str:
    """Give the label that a sentence begins with, also where its stop was cut off; else nothing.

    Examples
    --------
    >>> label_of(["a", "-", "liver"], 0), label_of(["b", ".", "colon"], 2)
    ('a', 'b')
    """
    if words[first] in {"part", "specimen"} and first + 1 < len(words):
        first += 1
    if _is_label(words[first]) and words[first + 1 : first + 2] and words[first + 1] in _AFTER:
        return words[first]
    if first > 1 and words[first - 1] == "." and _is_label(words[first - 2]):
        return words[first - 2]
    return ""


def _is_label(word: str) -> bool:
    return (len(word) == 1 and word.isalpha()) or (word.isdigit() and len(word) <= _LONGEST)
