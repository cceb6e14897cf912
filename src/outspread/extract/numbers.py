"""Small numbers in figures and words: "2 of 26 nodes", "0/14"."""

from typing import Final

from outspread.extract.places import Place

_NUMBERS: Final = {
    "no": 0, "none": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "i": 1, "o": 0, "a": 1, "both": 2, "single": 1,
}  # fmt: skip


def number(word: str) -> int | None:
    """Read a small number in figures or words."""
    if word.isdigit() and len(word) < 6:
        return int(word)
    return _NUMBERS.get(word)


def decimal(word: str) -> float | None:
    """Read a number in figures, with a comma for its thousands or its decimals."""
    if not word[:1].isdigit():
        return None
    whole, comma, rest = word.partition(",")
    try:
        return float(whole + rest if len(rest) == len("000") else whole + "." * len(comma) + rest)
    except ValueError:
        return None


def count_before(words: list[str], place: Place, low: int) -> int | None:
    """Number in front of nodes: "2 of 26 nodes", "0/14 nodes", and after: "nodes (0/14)"."""
    own = fraction_after(words, place.last)
    if own is not None and words[place.last] != ",":
        return own  # "left 0/11, right nodes 2/8"
    for start in range(max(low, place.first - 6), place.first):
        if words[start + 1 : start + 2] in (["of"], ["/"], ["out"]):
            after = start + (3 if words[start + 1] == "out" else 2)
            if after < place.first + 1 and after < len(words) and number(words[after]) is not None:
                return number(words[start])
    return own


def count_first(words: list[str], first: int) -> int | None:
    """Number at the beginning of a sentence under a heading: "Lymph nodes: 0/14 positive"."""
    if first + 2 < len(words) and words[first + 1] in {"/", "of"}:
        return number(words[first])
    return None


def fraction_after(words: list[str], last: int) -> int | None:
    """Read "(0/14)", ": 2 of 9" behind nodes: the number that is involved."""
    for start in range(last, min(last + 4, len(words) - 2)):
        if words[start + 1] in {"/", "of"} and number(words[start + 2]) is not None:
            found = number(words[start])
            return None if found is None else min(found, number(words[start + 2]) or 0)
        if words[start] not in {"(", ":", ",", "in", "are", "were", "-", "ratio", "+"}:
            return None
    return None
