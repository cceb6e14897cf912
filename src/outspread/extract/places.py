"""Places named in a sentence: organs, and node groups put together from their words."""

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

from outspread.extract.groups import members
from outspread.extract.lexicon import Lexicon, Mention
from outspread.extract.pieces import VERTEBRA
from outspread.extract.sentences import Sentence
from outspread.read.places import is_within

_JOINS: Final = members("places.joins")
_OF: Final = members("places.of")
_FILLERS: Final = members("places.fillers")
_OWN_SIDE: Final = {
    "right": "right", "left": "left", "rul": "right", "rml": "right", "rll": "right",
    "lul": "left", "lll": "left", "lingula": "left",
}  # fmt: skip
_PELVIS, _PELVIC_BONE = "pelvis", "pelvic_bone"
_BONY: Final = members("places.bony")
_BONY_WITHIN: Final = 5
_SEGMENT_WITHIN: Final = 60
_SEGMENTS: Final = members("places.segments")
_SEGMENTED: Final = members("places.segmented")
_SPINAL: Final = members("places.spinal")
GENERIC: Final = "ln"
_TITLES: Final = members("sentences.titles")
_OTHER_GROUP: Final = members("places.other_group")
_PLACED: Final = frozenset({"site", "node", "nodeplace", "neg_nodes", "treat"})
_MARGINS: Final = frozenset({"margin", "margins"})
_APART: Final = frozenset({"and", "or", ",", "with"})
_REGION_WITHIN: Final = 3  # words between nodes and their region: "metastases in the"


class Place(NamedTuple):
    """A place: its words, site id, side, whether it is a node, or a part of the body's surface."""

    first: int
    last: int
    site: str
    side: str | None
    is_node: bool
    is_surface: bool = False


_NODE_WORDS: Final = members("places.node_words")


def names_node(words: list[str], place: Place) -> bool:
    """Whether a place is named with a word for nodes, not only by its region."""
    return place.is_node and not _NODE_WORDS.isdisjoint(words[place.first : place.last])


def find_places(sentence: Sentence, words: list[str], known: Lexicon) -> list[Place]:
    """Find the places of a sentence, from left to right."""
    found: list[Place] = []
    if sentence.kinds.isdisjoint(_PLACED):
        return found
    mentions = sentence.mentions
    used_until = -1
    for number, mention in enumerate(mentions):
        if mention.category in {"node", "neg_nodes"}:
            group = _groups_before(found, mention, words, known)
            if group:
                found = [place for place in found if place.first < group[0].first]
                found += group
                continue
            site = {"regional": "ln_regional", "distant": "ln_distant"}.get(mention.value, "ln")
            after, end = _group_after(mentions, number, words, known)
            used_until = end
            found.append(
                Place(mention.first, max(mention.last, end), after or site, None, is_node=True)
            )
        elif mention.first < used_until:
            continue
        elif mention.category == "treat" and ":ln_" in mention.value:
            site = mention.value.rpartition(":")[2]  # "axillary dissection: 2 of 12 positive"
            found.append(Place(mention.first, mention.last, site, None, is_node=True))
        elif mention.category == "site" or mention.category == "nodeplace":
            if _is_margin(words[mention.last : min(mention.last + 3, sentence.last)]):
                continue
            if words[mention.first - 1] == "non":
                continue  # "of non-mammary origin"
            is_node = mention.category == "nodeplace"
            site = mention.value
            if words[mention.first] == VERTEBRA:
                site = _organ_of_segment(words, mention) or site
            if site == _PELVIS and not _BONY.isdisjoint(
                words[max(sentence.first, mention.first - _BONY_WITHIN) : mention.first]
            ):
                site = _PELVIC_BONE  # "a lytic lesion in the pelvis"
            found.append(Place(mention.first, mention.last, site, None, is_node))
    if any(p.is_node for p in found):
        found = _beside_nodes(_in_region(found, words, known), words, known)
        found = name_nodes(found, words)
    sides = sentence.of("side")
    return [
        _with_side(p, sides, words) if sides or words[p.first] in _OWN_SIDE else p for p in found
    ]


def _organ_of_segment(words: list[str], m: Mention) -> str | None:
    """Organ of which "S4" is a segment, and no vertebra: "tumor in S4 of the liver"."""
    around = words[max(0, m.first - _SEGMENT_WITHIN) : m.last + _SEGMENT_WITHIN]
    if not _SPINAL.isdisjoint(around) or _SEGMENTS.isdisjoint(around):
        return None
    near = [w for w in around if w in _SEGMENTED]
    is_liver = any(w.startswith("hepat") or w == "liver" for w in near)
    return "liver" if is_liver else "lung" if near else None


def _beside_nodes(places: list[Place], words: list[str], known: Lexicon) -> list[Place]:
    """Places; a region named in one breath with nodes means its own: "hilar and mediastinal"."""
    if all(p.is_node for p in places) or not any(p.is_node for p in places):
        return places
    named = list(places)
    for number, (left, right) in enumerate(pairwise(places)):
        gap = [w for w in words[left.last : right.first] if w not in {"left", "right", "bilateral"}]
        if left.is_node == right.is_node or len(gap) > 1 or not _JOINS.issuperset(gap):
            continue
        at, region = (number + 1, right) if left.is_node else (number, left)
        site = _node_of_site(region.site, known)
        if site and GENERIC not in {left.site, right.site}:
            named[at] = region._replace(site=site, is_node=True)
    return named


def _in_region(places: list[Place], words: list[str], known: Lexicon) -> list[Place]:
    """Places; nodes whose region is told after their spread: "nodal metastases in the groin"."""
    told: list[Place] = []
    for place in places:
        former = told[-1] if told else place
        gap = words[former.last : place.first]
        site = place.site if place.is_node else _node_of_site(place.site, known)
        is_same = former.site == GENERIC and len(gap) <= _REGION_WITHIN and "in" in gap[1:]
        if is_same and site and _APART.isdisjoint(gap):
            told[-1] = place._replace(site=site, is_node=True)
        else:
            told.append(place)
    return told


def name_nodes(places: list[Place], words: list[str], known: Sequence[Place] = ()) -> list[Place]:
    """Give nodes of no group the one named before them: "node, left axilla: one of two nodes".

    `known` are places of the specimen that the sentence is about.
    """
    former = next((p for p in known if p.is_node and p.site != GENERIC), None)
    if former is None and all(p.site != GENERIC for p in places):
        return places
    named: list[Place] = []
    for place in places:
        if place.is_node and place.site != GENERIC:
            former = place
        elif place.site == GENERIC and former and _is_same_group(words, former, place, known):
            place = place._replace(site=former.site, side=place.side or former.side)
        named.append(place)
    return named


def _is_same_group(words: list[str], former: Place, place: Place, known: Sequence[Place]) -> bool:
    """Whether nodes are those of the title before them, and not others told beside it."""
    gap = words[former.last : place.first]
    is_title = ":" in gap or not _TITLES.isdisjoint(gap)
    return former in known or (is_title and _OTHER_GROUP.isdisjoint(gap))


def _groups_before(
    found: list[Place], node: Mention, words: list[str], known: Lexicon
) -> list[Place]:
    """Node groups named right before the word node: "external iliac and obturator nodes"."""
    groups: list[Place] = []
    begin = node.first
    for place in reversed(found):
        if place.is_node and words[place.last - 1] in {"node", "nodes", "lymphadenopathy", "ln"}:
            break
        gap = words[place.last : begin]
        if not groups and gap and words[node.first] == "nodal":
            break  # "hepatic and nodal metastases"
        if len(gap) > 3 or not all(w in _JOINS or w in _FILLERS for w in gap):
            break
        if not groups and gap and not all(w in _FILLERS or w == "lymph" for w in gap):
            break
        name = " ".join(words[place.first : place.last])
        site = place.site if place.site.startswith("ln") else known.node_of.get(name)
        if site is None:
            if groups or gap:
                break
            site = "ln"
        groups.append(
            Place(place.first, node.last if not groups else place.last, site, None, is_node=True)
        )
        begin = place.first
    return groups[::-1]


def _group_after(
    mentions: list[Mention], number: int, words: list[str], known: Lexicon
) -> tuple[str | None, int]:
    """Node group named after the word node: "nodes in the axilla", "lymph node, left obturator"."""
    node = mentions[number]
    for mention in mentions[number + 1 : number + 4]:
        gap = words[node.last : mention.first]
        if mention.category == "side":
            continue
        if len(gap) > 4 or not gap or gap[0] not in _OF:
            return None, 0
        if not all(w in _OF or w in _FILLERS for w in gap):
            return None, 0
        if mention.category in {"nodeplace", "site", "region"}:
            name = " ".join(words[mention.first : mention.last])
            site = known.node_of.get(name)
            if site is None and mention.category == "site":
                site = _node_of_site(mention.value, known)
            return (site, mention.last) if site else (None, 0)
        return None, 0
    return None, 0


def _node_of_site(site: str, known: Lexicon) -> str | None:
    return known.node_of.get(
        {"mediastinum": "mediastinal", "pelvis": "pelvic", "retroperitoneum": "retroperitoneal",
         "mesentery": "mesenteric", "cervical": "cervical"}.get(site, "")
    )  # fmt: skip


def _is_margin(after: list[str]) -> bool:
    """Whether the margin of a place is told of: "bladder neck margin", not "lip, margins free"."""
    return not _MARGINS.isdisjoint(after) and _APART.isdisjoint(after)


def _with_side(place: Place, sides: list[Mention], words: list[str]) -> Place:
    side = _OWN_SIDE.get(words[place.first])
    if side:  # "right upper lobe", "LUL"
        return place._replace(side=side)
    for mention in sides:
        before = place.first - mention.last
        after = mention.first - place.last
        if 0 <= before <= 1 or 0 <= after <= 1:
            return place._replace(side=mention.value)
        if place.first <= mention.first < place.last:
            return place._replace(side=mention.value)
    return place


def without_whole(places: list[Place]) -> list[Place]:
    """Places without an organ whose part follows: "uterus, cervix, biopsy"."""
    return [
        p for p, after in zip_longest(places, places[1:])
        if after is None or p.site == after.site or not is_within(after.site, p.site)
    ]  # fmt: skip
