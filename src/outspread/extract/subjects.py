"""What a place before a word of metastasis is to it: its origin, its tissue, or where it is."""

from typing import Final

from outspread.extract.cancers import Cancer
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention, is_tumor
from outspread.extract.places import Place, names_node
from outspread.extract.statements import Scene, is_linked
from outspread.read.places import organ_of, overlap

_OPENING: Final = 4  # words of a sentence that opens with a place
_SAMPLES: Final = members("targets.samples")
_APART_FROM: Final = frozenset({",", "and", ";", "in", "of"})
_MANY: Final = members("resolve.paired") | members("spread.organs_reached")
_HEDGES: Final = frozenset({"strong_pre", "weak_pre", "strong_post", "weak_post", "stop_verb"})


def of_sample(scene: Scene, m: Mention, targets: list[Place]) -> list[Place]:
    """Place of the tissue in which "a breast metastasis" was found: there it is of the breast."""
    if len(targets) != 1:
        return targets
    for p in scene.places:
        gap = scene.words[p.last : targets[0].first]
        if p.last > targets[0].first or _SAMPLES.isdisjoint(gap[:1]):
            continue
        is_apart = not overlap(p.site, targets[0].site) and _APART_FROM.isdisjoint(gap)
        if is_apart and is_linked(scene, p.last, m.first):
            return [p]
    return targets


def is_origin_with(scene: Scene, place: Place, m: Mention) -> bool:
    """Whether a tumor is told to have metastases: "a renal tumor associated with metastases"."""
    if not any(o.first == place.last and is_tumor(o) for o in scene.sentence.mentions):
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
    return origin.last == target.first and not overlap(origin.site, target.site)


def own_organs(cancers: list[Cancer]) -> set[str]:
    """Organs of metastatic cancers, of which there is one, so that what is there is no spread."""
    far = [c for c in cancers if c.is_metastatic]
    own = {p.site for c in far for p in c.organs if c.tie == "compound"}
    own |= {organ_of(c.mention.value.partition(" ")[2].rstrip("?")) or "" for c in far}
    return own - _MANY


def named_as_origin(m: Mention, cancers: list[Cancer]) -> list[Place]:
    """Organ of a cancer that came from elsewhere: "ovarian cancer, metastatic from the colon"."""
    near = [c for c in cancers if 0 <= m.first - c.last <= 2]
    found = [p for c in near if c.tie == "compound" for p in c.organs]
    for c in [] if found else near:  # the name itself tells the organ
        organ = organ_of(c.mention.value.partition(" ")[2].rstrip("?"))
        if organ:
            found.append(Place(c.mention.first, c.mention.last, organ, None, is_node=False))
    return found


def without_where(scene: Scene, places: list[Place]) -> list[Place]:
    """Places without the organ that tells where nodes are: "a lymph node in the breast tail"."""
    if len(places) < 2 or places[-1].is_node or not names_node(scene.words, places[-2]):
        return places
    gap = scene.words[places[-2].last : places[-1].first]
    return places[:-1] if gap[:1] == ["in"] and len(gap) <= 2 else places
