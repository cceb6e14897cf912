"""Cancers named in a sentence and the organ that grammar gives them."""

from itertools import pairwise
from typing import Final, NamedTuple

from outspread.extract.groups import members
from outspread.extract.kinds import NAMES
from outspread.extract.lexicon import Mention
from outspread.extract.pieces import VERTEBRA
from outspread.extract.places import Place
from outspread.extract.statements import Scene, is_well, listed_left, listed_right, up_to_masses

_OF: Final = members("cancers.of")
_TOLD_OF: Final = frozenset({"history", "hx", "positive", "significant", "remarkable", "notable"})
_OFTEN_REACHED: Final = members("cancers.often_reached")
_WITHIN: Final = frozenset({"in", "within", "on"})
_AND_ALSO: Final = frozenset({"and", "or", "also"})
_SIDES: Final = members("cancers.sides")
_NEW_PHRASE: Final = members("cancers.new_phrase")
TIES: Final = frozenset({"compound", "of", "arising", "originating"})  # to the organ it began in
_OTHER_TIES: Final = frozenset({"with", "and", "in", "to", "from", "is", "was", "metastatic"})
_OF_CALCIUM: Final = members("cancers.of_calcium")
_MALIGNANT: Final = members("cancers.malignant")
_FLUIDS: Final = members("cancers.fluids")
_ANY_CELLS: Final = frozenset({"tumor", "neoplastic"})  # of benign tumors, too
_BARE: Final = ("malignanc", "neoplas")
_OWNERS: Final = frozenset({"his", "her", "their", "this", "the", "known"})
_ILLS: Final = members("cancers.ills")
_ILL_WITHIN: Final = 4
_LISTS: Final = frozenset({",", "or", "and"})
_BEFORE_CALCIUM: Final = members("cancers.before_calcium")
_MARKS: Final = frozenset(",/+&()")
_LEADS: Final = frozenset(":=-")
_BEFORE_CA: Final = members("cancers.before_ca")
_AFTER_CA: Final = members("cancers.after_ca")
_CA_WITHIN: Final = 4
_SEVERAL: Final = members("origin.several")
_DOUBTS: Final = frozenset({"weak_pre", "strong_pre", "purpose", "neg_pre", "neg_post"})
LAYERS: Final = members("cancers.layers")  # parts of an organ after which no cancer is named
_YEAR: Final = 4  # digits of "thyroid CA 1995"
_PARTS: Final = members("cancers.parts")
_AND: Final = frozenset({"and", "&", "or", "/"})
_ALTERNATIVES: Final = frozenset({",", "or", "a", "an", "either", "primary"})
_WITH_SPREAD: Final = 10
_OF_SPREAD_NAMED: Final = frozenset({"site", "node", "nodeplace", "side", "region"})
_OF_WITHIN: Final = 8
_BEFORE_OF: Final = frozenset({",", "presumably", "probably", "likely", "apparently", "evidently"})
_COMPONENTS: Final = members("cancers.components")
_COMPONENT_WITHIN: Final = 7
_NOT_THE_ILL: Final = frozenset({"no", "not", "without"})
_IN_BRACKET: Final = 8  # words of a bracket after a name
_NAME_BEFORE: Final = 5
_OF_SPREAD: Final = 4  # words between a metastasis and what it is of
_FROM_WITHIN: Final = 6
_LIKENED_WITHIN: Final = 10  # words between a metastasis and where it is thought to come from
_OF_OR_FROM: Final = frozenset({"of", "from"})
_ARISING: Final = frozenset({"arising", "originating", "derived"})
_BEING: Final = frozenset({"was", "is", "be", "were", "are", "as", "proved", "proven"})
_NEW_SUBJECT: Final = frozenset({",", ";", "and", "but", "that", "which"})
_PREDICATE: Final = 8  # words between a mass and what it is called


class Cancer(NamedTuple):
    """A cancer mention, the words of its name with its organs, and how it is tied to them."""

    mention: Mention
    first: int
    last: int
    organs: list[Place]
    is_metastatic: bool
    tie: str


def find_cancers(scene: Scene) -> list[Cancer]:
    """Find the cancers of a sentence, each with the organ that its phrase names."""
    named = [m for m in scene.sentence.mentions if m.category in NAMES]
    return [_cancer(scene, m) for m in named if _is_cancer(scene, m)]


def _is_cancer(scene: Scene, mention: Mention) -> bool:
    """Whether what may be the name of a cancer is one here."""
    if mention.category == "malignant":
        return _is_malignant_mass(scene, mention) or _is_predicate(scene, mention)
    if mention.category == "cells":
        return _are_of_tissue(scene, mention)
    return not (_is_calcium(scene, mention) or _is_of_ills(scene, mention))


def _is_calcium(scene: Scene, mention: Mention) -> bool:
    """Whether the short form is that of calcium, or of a name: "Ca 9.2", "Ca/Vit D", "Lee CA"."""
    if scene.words[mention.first : mention.last] not in (["ca"], ["ca", "in"]):
        return False
    begin, end = mention.first, mention.first + 1
    around = scene.after(end, 2)
    value = next((w for w in around if w not in _LEADS), "")
    is_value = value[:1].isdigit() and not (value.isdigit() and len(value) == _YEAR)
    is_value = is_value or around == ["+", "+"]
    if is_value or any(p.last == begin for p in scene.places):
        return is_value  # "bowel ca, vit D low" names an organ
    if mention.last == end and not _is_told_ca(scene, begin):
        return True
    before = scene.before(begin, 2)[::-1]
    after, before = ([w for w in side if w not in _MARKS][:1] for side in (around, before))
    return not (_OF_CALCIUM.isdisjoint(after) and _BEFORE_CALCIUM.isdisjoint(before))


def _is_told_ca(scene: Scene, place: int) -> bool:
    """Whether an organ or a word for illnesses stands beside the short form: "known ca"."""
    words, sentence = scene.words, scene.sentence
    if any(0 < p.first - place <= _CA_WITHIN or 0 <= place - p.last < 2 for p in scene.places):
        return True
    before = scene.before(place, 1)
    after = words[place + 1 : min(place + 2, sentence.last)]
    return not (_BEFORE_CA.isdisjoint(before) and _AFTER_CA.isdisjoint(after))


def _is_predicate(scene: Scene, mention: Mention) -> bool:
    """Whether a mass is called malignant: "the tumor was malignant"."""
    masses = [m.last for m in scene.sentence.of("mass") if m.last < mention.first]
    return scene.words[mention.first - 1] in _BEING and any(
        mention.first - last <= _PREDICATE
        and _NEW_SUBJECT.isdisjoint(scene.words[last : mention.first])
        for last in masses
    )


def _is_of_ills(scene: Scene, mention: Mention) -> bool:
    """Whether a list of ills to think of holds it: "infection, malignancy, and autoimmune ..."."""
    words = scene.words
    owner = words[mention.first - 1]
    is_bare = words[mention.last - 1].startswith(_BARE)
    is_bare = is_bare and not (owner in _OWNERS or owner.endswith("'s"))
    if not is_bare or _ILLS.isdisjoint(scene.said()):
        return False
    after = scene.after(mention.last, _ILL_WITHIN)
    before = scene.before(mention.first, _ILL_WITHIN)
    if not _NOT_THE_ILL.isdisjoint(after):
        return False  # "biopsy: malignancy, no infection"
    is_last = before[-1:] == ["or"] and not _ILLS.isdisjoint(before)
    is_amid = not _LISTS.isdisjoint(after[:1]) and not _ILLS.isdisjoint(before + after)
    return is_last or is_amid


def _are_of_tissue(scene: Scene, mention: Mention) -> bool:
    """Whether malignant cells are told of, and not those of a fluid or of a tumor known before."""
    words = scene.words
    fluids = any(p.site in _FLUIDS for p in scene.places + scene.fluids + scene.specimen)
    is_coded = any(words[p.first] == VERTEBRA for p in scene.places)  # "C5 - carcinoma cells"
    is_found = words[mention.first - 1] not in _OWNERS and words[mention.first] not in _ANY_CELLS
    return is_found and not (fluids or is_coded)


def _is_malignant_mass(scene: Scene, mention: Mention) -> bool:
    """Whether a mass is named malignant: "a malignant pelvic mass"."""
    after = scene.after(mention.last, 4)
    if scene.sentence.has_after({"cancer", "spread"}, mention.last, 3):
        return False  # "malignant metastatic melanoma lesion"
    at = next((i for i, word in enumerate(after) if word in _MALIGNANT), None)
    return at is not None and "of" not in after[:at]  # not "malignant transformation of a cyst"


def _cancer(scene: Scene, mention: Mention) -> Cancer:
    words = scene.words
    left = before_comma(scene, listed_left(scene, mention.first, reach=_NAME_BEFORE))
    if left and (
        not _NEW_PHRASE.isdisjoint(words[left[-1].last : mention.first + 1])
        or scene.sentence.has(_DOUBTS, left[-1].last, mention.first)
    ):
        left = []  # "carcinoma of the kidney and a sarcoma", "a spot of the lung could be cancer"
    first = left[0].first if left else mention.first
    is_metastatic = _is_after_spread(scene, first) or _is_after_spread(scene, mention.first)
    if left:
        return Cancer(mention, first, mention.last, left, is_metastatic, "compound")
    end = _beyond_bracket(scene, mention)
    end = _beyond_component(scene, end)
    after = scene.word(end)
    near = [p for p in scene.places if 0 <= p.first - end <= 4 and not p.is_node]
    near = [p for p in near if not _is_before_spread(scene, p)]
    gap = words[end : near[0].first] if near else []
    if near and _SIDES.issuperset(gap) and gap != ["the"]:
        return Cancer(mention, mention.first, near[0].last, near[:1], is_metastatic, "of")
    if after in _OF:
        right = [p for p in listed_right(scene, end + 1, reach=6) if not p.is_node]
        right = [p for p in right if p.site not in LAYERS and not _is_before_spread(scene, p)]
        right = _joined(scene, right)
        if right and "," not in scene.words[end : right[0].first]:
            return Cancer(mention, mention.first, right[-1].last, right, is_metastatic, after)
        if regions := [m for m in scene.sentence.of("region") if 0 < m.first - end <= 5]:
            return Cancer(mention, mention.first, regions[0].last, [], is_metastatic, "region")
    is_deposit = is_metastatic or _is_of_metastasis(scene, mention)
    if is_deposit and (place := _likened_to(scene, mention)):
        return Cancer(mention, mention.first, place.last, [place], is_metastatic, "from")
    after = scene.word(mention.last)
    if after in {",", "-", "(", ":"}:
        right = [p for p in listed_right(scene, mention.last + 1, reach=5) if not p.is_node]
        if after == ":" and _SEVERAL.intersection(words[max(0, mention.first - 2) : mention.first]):
            return Cancer(mention, mention.first, mention.last, right, is_metastatic, "of")
        right = [p for p in right[:1] if not is_well(scene, p)]
        gap = words[mention.last + 1 : right[0].first] if right else []
        gap = gap[2:] if gap[1:2] == ["of"] and gap[0] in _PARTS else gap
        if right and not any(w in {"and", "with", "of", "to", "in"} for w in gap):
            return Cancer(mention, mention.first, right[-1].last, right, is_metastatic, "comma")
    place = _named_later(scene, mention.last)
    if place:
        return Cancer(mention, mention.first, place.last, [place], is_metastatic, "of")
    return Cancer(mention, mention.first, mention.last, [], is_metastatic, "")


def _beyond_bracket(scene: Scene, mention: Mention) -> int:
    """Word after a name and its short form: "squamous cell carcinoma (SCC) of the larynx"."""
    end = min(mention.last + _IN_BRACKET, scene.sentence.last)
    rest = scene.words[mention.last : end]
    if rest[:1] == ["("] and ")" in rest:
        close = mention.last + rest.index(")")
    elif rest[:1] == [")"]:
        close = mention.last
    else:
        return mention.last
    is_tied = close + 1 < scene.sentence.last and scene.words[close + 1] in _OF
    return close + 1 if is_tied else mention.last


def _beyond_component(scene: Scene, start: int) -> int:
    """Word after what a cancer has of another kind: "... with squamous differentiation of the"."""
    rest = scene.after(start, _COMPONENT_WITHIN)
    if rest[:1] != ["with"]:
        return start
    for number, word in enumerate(rest[1:-1], start=1):
        if word in _OTHER_TIES or word in _MARKS:
            return start
        if word in _COMPONENTS:
            return start + number + 1 if rest[number + 1] in _OF else start
    return start


def _likened_to(scene: Scene, mention: Mention) -> Place | None:
    """Origin that a metastasis is told to fit: "metastatic carcinoma, consistent with breast".

    So does "metastatic carcinoma was found in a node, probably from the lung".
    """
    for m in scene.sentence.of("strong_pre"):
        if m.first < mention.last:
            continue
        is_near = m.first - mention.last <= 1
        gap = scene.words[m.first - 1 : m.first] + scene.words[m.last : m.last + 1]
        is_apart = gap[:1] == [","] and not _OF_OR_FROM.isdisjoint(gap[1:])
        if is_near or (is_apart and m.first - mention.last <= _LIKENED_WITHIN):
            reach = 2 if is_near else _OF_SPREAD
            near = [p for p in scene.places if 0 <= p.first - m.last <= reach and not p.is_node]
            return near[0] if near and not _is_before_spread(scene, near[0]) else None
    return None


def _is_of_metastasis(scene: Scene, mention: Mention) -> bool:
    """Whether a name is what a metastasis is of: "a metastasis of an adenocarcinoma"."""
    ends = [m.last for m in scene.sentence.of("spread", "noun")]
    return any(
        0 < mention.first - end <= _OF_SPREAD and scene.words[end] in _OF_OR_FROM for end in ends
    )


def end_of_alternatives(scene: Scene, cancer: Cancer, cancers: list[Cancer]) -> int:
    """Word after the last of the cancers named as one or the other: "a sarcoma or a carcinoma"."""
    end, is_or = cancer.last, False
    for other in cancers:
        if other.first < end:
            continue
        gap = scene.words[end : other.first]
        if not gap or not _ALTERNATIVES.issuperset(gap):
            break
        end, is_or = other.last, is_or or "or" in gap
    return end if is_or else cancer.last


def end_with_spread(scene: Scene, cancer: Cancer) -> int | None:
    """Word after "lung cancer with brain and liver metastases", where spread is told with it."""
    masses = [m.last for m in scene.sentence.of("mass")]
    last = next((end for end in masses if 0 < end - cancer.last <= 2), cancer.last)
    if scene.words[last : last + 1] != ["with"]:
        return None
    for m in scene.sentence.mentions:
        if m.first <= last:
            continue
        if m.category == "spread" and m.value == "noun":
            return m.last if m.first - cancer.last <= _WITH_SPREAD else None
        if m.category not in _OF_SPREAD_NAMED:
            return None
    return None


def is_of_spread(scene: Scene, cancer: Cancer) -> bool:
    """Whether a cancer is what a metastasis is of: where that is found, it did not begin.

    "Metastasis of carcinoma", "metastasis arising from a malignancy", "carcinoma metastasis".
    """
    words = scene.words
    for m in scene.sentence.of("spread", "noun"):
        gap = words[m.last : cancer.first] if m.last < cancer.first else []
        is_of = len(gap) <= _OF_SPREAD and not _OF_OR_FROM.isdisjoint(gap[:1])
        is_from = len(gap) <= _FROM_WITHIN and not _ARISING.isdisjoint(gap[:1])
        if is_of or is_from or (m.first == cancer.mention.last and not cancer.organs):
            return True
    return False


def _joined(scene: Scene, places: list[Place]) -> list[Place]:
    """Organs of a list that "and" closes; else the first: "of the breast, skin intact".

    What is elsewhere ends the list: "of the stomach and a nodule in the thyroid".
    """
    places = up_to_masses(scene, places)
    gaps = [scene.words[a.last : b.first] for a, b in pairwise(places)]
    own = next((i for i, gap in enumerate(gaps, 1) if _names_other(gap)), len(places))
    places = places[:own]
    if len(places) < 2 or not _AND.isdisjoint(scene.words[places[-2].last : places[-1].first]):
        return places
    return places[:1]


def _names_other(gap: list[str]) -> bool:
    """Whether something else is told to be in the next place: "and stones in the"."""
    return any(
        (b in _WITHIN or (b == "of" and a not in _PARTS)) and a.isalpha() and a not in _AND_ALSO
        for a, b in pairwise(gap)
    )


def _named_later(scene: Scene, start: int) -> Place | None:
    """Organ after words of histology: "squamous carcinoma, keratinizing type, of the cervix"."""
    if not scene.places:
        return None
    words, firsts = scene.words, {p.first for p in scene.places}
    for place in range(start, min(start + _OF_WITHIN, scene.sentence.last)):
        if words[place] == "of":
            near = [
                p for p in scene.places
                if p.first - place > 0 and _SIDES.issuperset(words[place + 1 : p.first])
                and not p.is_node
            ]  # fmt: skip
            return near[0] if near and words[place - 1] in _BEFORE_OF else None
        if words[place] in _OTHER_TIES or place in firsts:
            return None
    return None


def before_comma(scene: Scene, places: list[Place]) -> list[Place]:
    """Places right before a cancer; one parted by a comma belongs to something else."""
    kept: list[Place] = []
    for p in reversed(places):
        gap = scene.words[p.last : kept[-1].first] if kept else []
        before = scene.words[max(0, p.first - 2) : p.first] or [","]
        is_list = before[-1] in ",:." or before[0] in _TOLD_OF  # "of breast, colon and skin cancer"
        is_list = is_list and kept != [] and "and" in scene.words[p.last : kept[0].first]
        if p.is_node or ("," in gap and (p.site in _OFTEN_REACHED or not is_list)):
            break
        kept.append(p)
    return kept[::-1]


def _is_before_spread(scene: Scene, place: Place) -> bool:
    """Whether a place belongs to the metastasis after it: "... and liver metastasis"."""
    nouns = [m.first for m in scene.sentence.of("spread", "noun") if m.first >= place.last]
    return any(first - place.last <= 1 for first in nouns) and scene.words[place.last] != "with"


def _is_after_spread(scene: Scene, first: int) -> bool:
    for m in scene.sentence.of("spread", "adj"):
        if 0 <= first - m.last <= 4:
            gap = scene.words[m.last : first]
            return not any(w in {",", "to", "in", "from", "and", "of", ":"} for w in gap)
    return False
