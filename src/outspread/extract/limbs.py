"""Parts of the limbs as places of spread: at hands, feet and joints it is in bone."""

from typing import Final

from outspread.extract.groups import members
from outspread.extract.kinds import WITHIN
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Scene

_LIMBS: Final = "limb_or_trunk"
_IN_BONE: Final = members("limbs.in_bone")  # little else than bone and joints
_SOFT: Final = members("limbs.soft")
_NEAR: Final = 4
_LEADING: Final = WITHIN | {"to", "involving"}


def limb_of(scene: Scene, m: Mention, end: int) -> list[Place]:
    """Limb that a metastasis is in: "metastasis to the hand", "a mass of the heel showed"."""
    words, first = scene.words, scene.sentence.first
    for o in scene.sentence.of("region", _LIMBS):
        is_after = 0 < o.first - end <= _NEAR and words[end] in _LEADING
        is_subject = o.last <= m.first and _is_of_mass(scene, o)
        if (is_after or is_subject) and not {",", ";"} & {*words[max(first, end) : o.first]}:
            return _places(o, words)
    return []


def places_of_limbs(sentence: Sentence) -> list[Place]:
    """Soft tissue of a limb or the trunk, where a mass is told to be there."""
    return [
        Place(m.first, m.last, "soft_tissue", None, is_node=False, is_surface=True)
        for m in sentence.of("region", _LIMBS)
    ]


def reached_in(words: list[str], place: Place) -> str:
    """Site that spread to a place has reached: bone, where there is little else."""
    is_acral = place.site == "soft_tissue" and not _IN_BONE.isdisjoint(
        words[place.first : place.last]
    )
    return "bone" if is_acral else place.site


def _is_of_mass(scene: Scene, region: Mention) -> bool:
    """Whether a mass is told to be at a part of a limb, or just before it: "heel lump"."""
    return any(
        (0 < region.first - o.last <= _NEAR and scene.words[o.last] in WITHIN)
        or 0 <= o.first - region.last <= 1
        for o in scene.sentence.of("mass")
    )


def _places(region: Mention, words: list[str]) -> list[Place]:
    said = words[region.first : region.last]
    if not _IN_BONE.isdisjoint(said):
        return [Place(region.first, region.last, "bone", None, is_node=False)]
    if not _SOFT.isdisjoint(said):
        return [Place(region.first, region.last, "soft_tissue", None, is_node=False)]
    return []  # "the back" may be bone, muscle or skin
