"""How many nodes are told to hold cancer, of nodes and of the operation that took them out."""

from typing import Final

from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.numbers import fraction_after, number
from outspread.extract.places import GENERIC, Place
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Scene, Statement, spread_to
from outspread.extract.verdict import Verdict

_SIDES: Final = frozenset({",", "right", "left", "bilateral", "(", ")"})
FULL: Final = members("nodes.full")
_KEY: Final = 5
_FILLED: Final = FULL | members("node_counts.filled")
_SAID: Final = 5  # words of ": metastatic carcinoma in 1/22"
_HELD: Final = frozenset({"cancer", "mass", "spread", "cells"})
_LEVELS: Final = members("node_counts.levels")
_COUNT_WITHIN: Final = 12
_WHOLE: Final = 4  # words of "of the nine regional" nodes
_HOLDING: Final = members("nodes.holding") | members("targets.holding")
_TITLE: Final = 9  # words between nodes and the colon before their count
_COUNTED: Final = members("node_counts.counted")
_DISSECTIONS: Final = members("node_counts.dissections")
_REGION_WITHIN: Final = 8


def count_of(scene: Scene, p: Place) -> int | None:
    """Count the nodes of a place that hold cancer: "2/14", "positive nodes: 0"; None if untold."""
    words, end, last = scene.words, scene.sentence.last, p.last
    while last < end and words[last] in _SIDES:
        last += 1  # "lymph nodes, right: 2/25"
    tail = words[last : min(last + _KEY, end)]
    before = scene.before(p.first, 2)
    if ":" in tail and "positive" in before:
        value = number((tail[tail.index(":") + 1 :] or [""])[0])  # "positive nodes, right: 0"
        if value is not None:
            return value
    if tail and tail[0] in FULL:
        if tail[1:2] == [":"]:
            after = fraction_after(words, last + 1)
            return number((tail[2:3] or [""])[0]) if after is None else after
        if before == ["number", "of"]:
            return number((tail[1:2] or [""])[0])  # "number of nodes involved 0"
    for counted in (_count_of_form(scene, p.last), _count_of_whole(scene, p), _count_in(scene, p)):
        if counted is not None:
            return counted
    after = fraction_after(words, last)
    if after is None and last > p.last:
        after = _count_of_title(words, last, end)
    return _count_before(scene, p) if after is None else after


def read_counted(scene: Scene) -> list[Statement]:
    """State the nodes of a heading by a line of its form: "Number involved: 3"."""
    first, count = scene.sentence.first, _count_of_form(scene, scene.sentence.first)
    if count is None:
        return []
    verdict, span = Verdict(is_negated=not count), (first, scene.sentence.last)
    return [
        spread_to(p, verdict, span, "nodes.count", scene.sentence.section, nodes=count)
        for p in scene.specimen
        if p.is_node
    ]


def _count_of_form(scene: Scene, start: int) -> int | None:
    """Count after its key: "Number involved: 3", "number of nodes with tumor: 0"."""
    words, first, end = scene.words, scene.sentence.first, scene.sentence.last
    for i in range(start, min(start + _COUNT_WITHIN, end - 2)):
        if words[i] in _FILLED and words[i + 1] == ":" and "number" in words[max(first, i - 6) : i]:
            return number(words[i + 2])
    return None


def _count_of_whole(scene: Scene, p: Place) -> int | None:
    """Count told after how many there are: "of nine nodes, five are replaced"."""
    words, end = scene.words, scene.sentence.last
    before = scene.before(p.first, _WHOLE)
    if "of" not in before or number(before[-1]) is None:
        return None
    comma = next((i for i in range(p.last, min(p.last + 3, end)) if words[i] == ","), -1)
    said = words[comma + 1 : min(comma + 5, end)] if comma > 0 else []
    is_told = not (FULL | _HOLDING).isdisjoint(said[1:])
    return number(said[0]) if is_told else None


def _count_in(scene: Scene, p: Place) -> int | None:
    """Count of nodes that hold what is named before it: "pelvic nodes, tumor in 4 of 9"."""
    words, end = scene.words, scene.sentence.last
    if p.last >= end or words[p.last] not in {",", ":", "-"}:
        return None
    for place in range(p.last + 2, min(p.last + _SAID, end - 3)):
        if words[place] == "in" and words[place + 2] in {"of", "/"}:
            is_told = scene.sentence.has(_HELD, p.last + 1, place)
            return number(words[place + 1]) if is_told else None
    return None


def _count_of_title(words: list[str], start: int, end: int) -> int | None:
    """Count after the colon of a title: "lymph nodes, lesser curve: 7 of 15"."""
    title = words[start : min(start + _TITLE, end)]
    if ":" not in title:
        return None
    before, colon = title[: title.index(":")], start + title.index(":")
    if any(w[0].isdigit() or w == "," for w in before) and not _is_of_levels(before):
        return None
    place = colon + 1
    while place < min(colon + _SAID, end) and not words[place][0].isdigit():
        place += 1  # "carcinoma in 1/22"
    return fraction_after(words, colon) if place == colon + 1 else fraction_after(words, place)


def _is_of_levels(title: list[str]) -> bool:
    """Whether a title tells levels of the neck and a side: "levels 2-4, left"."""
    rest = [w for w in title if not w.isdigit() and w not in _LEVELS]
    return "levels" in title and not rest


def _count_before(scene: Scene, p: Place) -> int | None:
    words = scene.words
    for start in range(max(scene.sentence.first, p.first - 6), p.first):
        if words[start + 1] in {"of", "/"} and start + 2 < len(words):
            whole = number(words[start + 2])
            if whole is not None and number(words[start]) is not None:
                return number(words[start])
    return None


def end_of_count(scene: Scene, p: Place) -> int:
    """Word after nodes and the count told after them: "neck, right: carcinoma in 1/22"."""
    words, end = scene.words, scene.sentence.last
    for place in range(p.last, min(p.last + _COUNT_WITHIN, end - 2)):
        if words[place + 1] in {"/", "of"} and words[place][0].isdigit():
            return place + 3 if words[place + 2][0].isdigit() else min(p.last + 1, end)
    return min(p.last + 1, end)


def is_only_counted(words: list[str], p: Place) -> bool:
    """Tell whether nodes are only counted: "number of nodes examined 14"."""
    is_key = words[p.first - 2 : p.first] == ["number", "of"] or words[p.first - 1] == "total"
    return is_key and not _COUNTED.isdisjoint(words[p.last - 1 : p.last + 1])


def dissections(sentence: Sentence, words: list[str]) -> list[tuple[Mention, int]]:
    """Operations on nodes that are told with their count."""
    counts = [
        (m, fraction_after(words, m.last))
        for m in sentence.of("treat")
        if not _DISSECTIONS.isdisjoint(words[m.first : m.last])
    ]
    return [(m, count) for m, count in counts if count is not None]


def read_dissections(scene: Scene, taken: set[int]) -> list[Statement]:
    """State the nodes of an operation that is told with its count: "neck dissection: 2/33"."""
    found: list[Statement] = []
    if scene.sentence.section == "family":
        return found
    for m, count in dissections(scene.sentence, scene.words):
        near = [p for p in scene.places if p.is_node and 0 <= m.first - p.last <= _REGION_WITHIN]
        place = near[-1] if near else Place(m.first, m.last, GENERIC, None, is_node=True)
        taken.update(p.first for p in near)
        verdict, span = Verdict(is_negated=not count), (m.first, m.last)
        section = scene.sentence.section
        found.append(spread_to(place, verdict, span, "nodes.count", section, nodes=count))
    return found
