"""Organs that were operated or looked at, for what is told of them afterwards."""

from collections.abc import Set as AbstractSet
from typing import Final

from outspread.extract.places import Place
from outspread.extract.sentences import Sentence

_EITHER: Final = frozenset({"lung", "liver"})
_LOOK: Final = "seen:"  # before the organ that a procedure only looks at


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
