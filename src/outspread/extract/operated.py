"""Organs that were operated or looked at, and metastases that are told by their removal."""

from collections.abc import Set as AbstractSet
from typing import Final

from outspread.extract.context import judge
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.statements import (
    Scene,
    Statement,
    listed_left,
    listed_right,
    span_of,
    spread_to,
)

_EITHER: Final = frozenset({"lung", "liver"})
_LOOK: Final = "seen:"  # before the organ that a procedure only looks at
_REMOVAL: Final = "metasta"  # how the names of operations on metastases begin
_OF: Final = frozenset({"of", "from", "for", "in"})


def operated_organs(sentence: Sentence, held: AbstractSet[str] = frozenset()) -> list[Place]:
    """Organs that were removed or punctured, for what is told of them afterwards.

    Of several that an operation may be of, that with a mass, if `held` names one: a maxillectomy.
    """
    found: list[Place] = []
    for number, m in enumerate(sentence.mentions):
        organ = ""
        if m.category == "procedure" and not m.value.startswith(_LOOK):
            organ = m.value
        elif m.category == "treat" and m.value.startswith("surgery:organ:"):
            named = sentence.mentions[number - 1] if number else m
            if named.category == "site" and named.last == m.first:  # "liver wedge resection"
                found.append(Place(named.first, m.last, named.value, None, is_node=False))
                continue
            organs = m.value.split(":")[2].split()
            organ = next((o for o in organs if o in held), organs[0])
            if set(organs) >= _EITHER and organ not in held:
                organ = ""  # a lobe of the lung or the liver
        if organ and all(p.site != organ for p in found):
            found.append(Place(m.first, m.last, organ, None, is_node=False))
    return found


def examined_organs(sentence: Sentence) -> list[Place]:
    """Organs that were looked at, for a mass that is told without a place: "colonoscopy"."""
    return [
        Place(m.first, m.last, m.value.removeprefix(_LOOK), None, is_node=False)
        for m in sentence.of("procedure")
        if m.value.startswith(_LOOK)
    ]


def removals(sentence: Sentence, words: list[str]) -> list[Mention]:
    """Operations on metastases."""
    return [m for m in sentence.of("treat") if words[m.first].startswith(_REMOVAL)]


def read_removed(scene: Scene, taken: set[int]) -> list[Statement]:
    """State metastases where an operation on them names the place; that it is done is no matter."""
    words, sentence = scene.words, scene.sentence
    found: list[Statement] = []
    for m in removals(sentence, words):
        places = listed_left(scene, m.first, reach=1)
        if not places and not _OF.isdisjoint(words[m.last : m.last + 1]):
            places = listed_right(scene, m.last + 1)
        verdict = judge(sentence, m.first, m.last, words)
        if verdict.is_negated:
            continue
        for p in places:
            taken.add(p.first)
            found.append(spread_to(p, verdict, span_of(p, m), "spread.phrase", sentence.section))
    return found
