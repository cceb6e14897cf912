"""What is written and not said: options beside an empty box, and pointers to pictures.

The rest of a text is left where it is, so that spans reproduce from it.
"""

import re
from collections.abc import Iterator
from typing import Final

_SIGNS: Final = ("[ ]", "[]", "[_]", "( )", "()", "\N{BALLOT BOX}", "\N{WHITE SQUARE}")
_EMPTY: Final = r"\[[ _]{0,3}\]|\([ _]{0,3}\)|[\u2610\u25a1]|(?<!\w)_{2,}(?= ?[A-Za-z])"
_CROSS: Final = r" ?[xX\u2713\u2714\u221a] ?"
_CROSSED: Final = rf"\[{_CROSS}\]|\({_CROSS}\)|[\u2611\u2612\u25a0]|_{{1,4}}[xX]_{{1,4}}"
_BOX: Final = re.compile(f"(?P<empty>{_EMPTY})|(?P<crossed>{_CROSSED})")
_SQUARE: Final = "[\N{BALLOT BOX}\N{WHITE SQUARE}"
_LONGEST: Final = 80  # characters of an option
_ENDS: Final = re.compile(r"[.;](?:\s|$)| {3}|\t")
_NO_OPTION: Final = re.compile(r"[\s.,;]*(?:$|\w+(?: \w+)?:)")  # the end, or the next field
_KEY: Final = re.compile(r"\S+(?: \S+)?")


_OF_REFERENCE: Final = r"(?:fig|tab|suppl|arrow)\w*|see|and|to|online|s?\d{1,3}[a-l]?|[a-l](?!\w)"
_REFERENCE: Final = re.compile(
    rf"(?i)\((?=[^()]{{0,20}}(?:fig|tab))(?:(?:{_OF_REFERENCE})[^\w()]*+)++\)"
    r"|(?<=[a-z] )\(\d{1,2}\)(?= (?:of|out of|(?:[a-z-]+ )?(?:lymph )?nodes?)\b)"  # "two (2) of"
)


def without_references(text: str) -> str:
    """Give a text with what points to a picture, or repeats a number, made blank.

    Examples
    --------
    >>> without_references("The skin (Fig. 2A, B) and muscle (Table 1, T2)")
    'The skin              and muscle (Table 1, T2)'
    """
    return _REFERENCE.sub(lambda found: " " * len(found[0]), text)


def without_unchosen(text: str) -> str:
    """Give a text with the options that are not crossed made blank; its length stays.

    Examples
    --------
    >>> without_unchosen("Margins: [x] free [ ] involved").rstrip()
    'Margins:     free'
    """
    if not any(sign[0] in text and sign in text for sign in _SIGNS) and "_x_" not in text.lower():
        return text
    lines = text.splitlines(keepends=True)
    return "".join(_line_said(line) if _BOX.search(line) else line for line in lines)


def _line_said(line: str) -> str:
    boxes = list(_BOX.finditer(line))
    is_crossed = any(box["crossed"] for box in boxes)
    boxes = [b for b in boxes if is_crossed or b.group()[0] in _SQUARE]
    if not boxes:
        return line
    signs = list(line)
    for first, last in _unsaid(line, boxes):
        signs[first:last] = " " * (last - first)
    return "".join(signs)


def _unsaid(line: str, boxes: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Spans to make blank: crosses, and each empty box with its option."""
    is_after = _stands_after(line, boxes)
    for number, box in enumerate(boxes):
        first, last = box.span()
        if box["empty"] and is_after:
            former = boxes[number - 1].end() if number else 0
            first = max(former, line.rfind(":", former, first) + 1)
        elif box["empty"]:
            following = boxes[number + 1].start() if number + 1 < len(boxes) else len(line.rstrip())
            last = _end_of_option(line, last, following)
        yield first, last


def _stands_after(line: str, boxes: list[re.Match[str]]) -> bool:
    """Whether boxes follow their options: "Present [x]  Absent [ ]"."""
    before = line[: boxes[0].start()].rstrip()
    is_last = bool(_NO_OPTION.match(line, boxes[-1].end()))
    return is_last and bool(before) and before[-1] not in ":?-"


def _end_of_option(line: str, start: int, following: int) -> int:
    """Where an option ends: at the next box, a stop, a gap, or the key of the next field."""
    end = min(following, start + _LONGEST)
    lead = len(line[start:end]) - len(line[start:end].lstrip())
    stop = _ENDS.search(line, start + lead, end)
    if stop:
        return stop.start()
    if ":" in line[start:end]:
        words = _KEY.match(line, start + lead, end)
        return words.end() if words else end
    return end
