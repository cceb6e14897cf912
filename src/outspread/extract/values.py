"""The value after a key of a form, in boxes too: "metastasis: no", "[x] liver"."""

from typing import Final

from outspread.extract.groups import members

_UNFILLED: Final = members("values.unfilled")
_DENIALS: Final = frozenset({"no", "none", "nil", "absent", "negative", "denied", "ve", "0"})
_STOPS: Final = frozenset(".,;")
_TITLE: Final = 7  # words of a specimen's title after what it is suspected to be
_SAMPLED: Final = members("values.sampled")
_BRACKET: Final = 8  # words of a bracket in a key
_HOW: Final = members("values.how")
_OPENING: Final = _SAMPLED | {":", "(", "[", "x", "-"}  # or a number


def value_after(words: list[str], last: int, end: int) -> str | None:
    """First word of the value where a key ends here: "metastasis: no"; None where it is no key.

    Boxes count as values: "[x]" and "(+)" are yes, "(-)" is no, "[ ]" is empty.
    """
    if last >= end:
        return None
    if words[last] in {"none", "nil", "denied", "0"} and _is_last(words, last, end):
        return words[last]  # "liver metastases nil", "nil at laparotomy"
    if words[last] not in _OPENING and not words[last].isdigit():
        return None
    place = last
    if words[place] == "(" and ")" in words[place : min(place + _BRACKET, end)]:
        close = words.index(")", place) + 1
        place = close if words[close : min(close + 1, end)] == [":"] else place
    if place + 1 < end and words[place] == "x" and words[place + 1] == "0":
        return "0"  # "Metastatic x 0"
    place = _beyond_sampling(words, place, end)
    if place < end and words[place] == ":":
        place += 1
        if place >= end:
            return ""
        if words[place] not in "([":
            is_open = words[place] == "not" and words[place + 1 : place + 2] != ["identified"]
            is_form = is_open and not _UNFILLED.isdisjoint(words[place + 1 : place + 3])
            is_form = is_form or words[place : place + 3] == ["n", "/", "a"]
            return "" if is_form or words[place][0] == "_" else words[place]
    if place + 1 < end and words[place] == "-" and _is_last(words, place + 1, end):
        return words[place + 1]  # "Liver metastasis - no"
    if place + 1 < end and words[place] in "([":
        mark = words[place + 1]
        return {"+": "yes", "x": "yes", "-": "no", "]": "", ")": ""}.get(mark)
    return None


def _is_last(words: list[str], place: int, end: int) -> bool:
    """Whether one word that denies is all that follows, but for when or how it was seen."""
    is_end = place + 1 >= end or words[place + 1] in _STOPS or words[place + 1] in _HOW
    return is_end and words[place] in _DENIALS


def _beyond_sampling(words: list[str], start: int, end: int) -> int:
    """Place of the colon of a specimen: "Omental seeding, biopsy: no tumor"; else the start."""
    place = start
    while place < min(end, start + _TITLE) and (words[place] in _SAMPLED or words[place].isdigit()):
        place += 1
    is_title = place < end and words[place] == ":" and place - start > 1
    return place if is_title else start
