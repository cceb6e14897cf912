"""Places of a form, each with a value of its own: "Metastases: liver: yes, bone: no, brain -"."""

from collections.abc import Iterator
from typing import Final

from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.statements import Scene, Statement, spread_to
from outspread.extract.values import value_after
from outspread.extract.verdict import Verdict

_YES: Final = members("forms.yes")
_NO: Final = members("forms.no")
_GLANDS: Final = (["gland"], ["glands"])  # of the adrenal
_FARTHEST: Final = 60  # words of a list
_NO_BOX: Final = "none"
_OPEN: Final = {"(": ")", "[": "]"}
_BREAKS: Final = frozenset({"primary_word", "tumor_site", "stop", "stop_verb", "treat"})


def read_keyed(scene: Scene, m: Mention, verdict: Verdict) -> list[Statement]:
    """State the places after a word of metastasis where each has a mark of its own.

    A place without a mark says nothing; neither does one with an empty box.
    """
    section = scene.sentence.section
    told = {True: verdict._replace(is_negated=False), False: verdict._replace(is_negated=True)}
    return [
        spread_to(p, told[is_there], (p.first, p.last), "spread.phrase", section)
        for p, is_there in _marked(scene, m.last)
        if is_there is not None
    ]


def is_keyed(scene: Scene, m: Mention) -> bool:
    """Whether two or more places after a word of metastasis have a mark of their own."""
    return sum(mark is not None for _, mark in _marked(scene, m.last)) > 1


def _marked(scene: Scene, start: int) -> Iterator[tuple[Place, bool | None]]:
    words, end = scene.words, scene.sentence.last
    stop = next(
        (o.first for o in scene.sentence.mentions if o.first >= start and o.category in _BREAKS),
        end,
    )
    listed = [p for p in scene.places if start <= p.first < min(stop, start + _FARTHEST)]
    is_boxed = bool(listed) and _box_before(words, listed[0].first, start) != _NO_BOX
    for p in listed:
        if is_boxed:
            mark = _box_before(words, p.first, start)
            yield p, True if mark in {"x", "+"} else None
        else:
            yield p, _box_after(words, p.last + (words[p.last : p.last + 1] in _GLANDS), end)


def _box_before(words: list[str], first: int, start: int) -> str:
    """Read the box before a place: "(x) lung"; an empty one has no mark."""
    if first - 2 >= start and _OPEN.get(words[first - 2]) == words[first - 1]:
        return ""
    if first - 3 >= start and _OPEN.get(words[first - 3]) == words[first - 1]:
        return words[first - 2]
    return _NO_BOX


def _box_after(words: list[str], last: int, end: int) -> bool | None:
    """Read the value after a place: "liver: yes", "liver - yes", "liver (-)", "liver +,"."""
    value = value_after(words, last, end)
    if value is None and last < end and words[last] in {"yes", "no"}:
        is_whole = last + 1 >= end or not words[last + 1][0].isalnum()
        value = words[last] if is_whole else None  # "liver yes, bone no"
    if value is None and last < end and words[last] in {"+", "-", "="}:
        after = words[last + 1] if last + 1 < end else "."
        if words[last] == "=" or (words[last] == "-" and after in _YES | _NO):
            value = after
        elif not after[0].isalnum():
            value = words[last]
    if value in _NO:
        return False
    return True if value in _YES else None
