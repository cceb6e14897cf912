"""What a place before a word of metastasis is to it: its origin, its tissue, or where it is."""

from typing import Final

from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.statements import Scene, is_linked
from outspread.read.places import is_within

_OPENING: Final = 4  # words of a sentence that opens with a place
_SAMPLES: Final = members("targets.samples")
_APART_FROM: Final = frozenset({",", "and", ";", "in", "of"})
_HEDGES: Final = frozenset({"strong_pre", "weak_pre", "strong_post", "weak_post", "stop_verb"})


def of_sample(scene: Scene, m: Mention, targets: list[Place]) -> list[Place]:
    """Place of the tissue in which "a breast metastasis" was found: there it is of the breast."""
    if len(targets) != 1:
        return targets
    for p in scene.places:
        gap = scene.words[p.last : targets[0].first]
        if p.last > targets[0].first or _SAMPLES.isdisjoint(gap[:1]):
            continue
        is_part = is_within(p.site, targets[0].site) or is_within(targets[0].site, p.site)
        if not is_part and _APART_FROM.isdisjoint(gap) and is_linked(scene, p.last, m.first):
            return [p]
    return targets


def is_origin_with(scene: Scene, place: Place, m: Mention) -> bool:
    """Whether a tumor is told to have metastases: "a renal tumor associated with metastases"."""
    if not any(
        o.category == "mass" and o.first == place.last and o.value == "tumor"
        for o in scene.sentence.mentions
    ):
        return False
    hedged = {
        w for o in scene.sentence.mentions if o.category in _HEDGES
        for w in range(o.first, o.last)
    }  # fmt: skip
    return any(scene.words[w] == "with" and w not in hedged for w in range(place.last, m.first))


def is_opening(scene: Scene, place: Place, between: list[str]) -> bool:
    """Whether a sentence opens with where what it tells of is: "In the liver there were ..."."""
    is_first = place.first - scene.sentence.first <= _OPENING
    begins = scene.words[scene.sentence.first] in {"in", "within", "on", "at"}
    return is_first and begins and [w for w in between if w != ","][:1] == ["there"]


def without_origin(targets: list[Place]) -> list[Place]:
    """Leave out an origin named right before the target: "breast brain metastases"."""
    if len(targets) > 1 and is_origin_before(targets):
        return targets[1:]
    return targets


def is_origin_before(places: list[Place]) -> bool:
    """Whether the first of two places is an origin: "breast brain metastases", not "skull bone"."""
    origin, target = places[0], places[1]
    is_part = is_within(origin.site, target.site) or is_within(target.site, origin.site)
    return origin.last == target.first and not is_part
