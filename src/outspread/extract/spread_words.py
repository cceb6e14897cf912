"""Whether a word of spread, which also has other uses, speaks of a tumor."""

import re
from typing import Final

from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.statements import Scene, listed_left, listed_right

TO: Final = members("spread.to")
INTO: Final = frozenset({"of", "in", "within", "involving", "throughout"})
SEROSAL: Final = members("spread.serosal")
_TUMOROUS: Final = members("spread.tumorous")
OTHER_ILLS: Final = members("spread.other_ills")
_RECURRING: Final = members("spread.recurring_ills")
_OF_CANCER: Final = frozenset({"disease", "tumor"})
_SENTENCE: Final = 200
_ILL_BEFORE: Final = 3
_ILL_AFTER: Final = 6  # words within which another ill is named: "stable disease in the coronary"
_OTHER_DEPOSITS: Final = members("spread.other_deposits")
_ANY_ILL: Final = ("spread", "dissemination")  # said of infections too
_FROM: Final = frozenset({"from"})
_BEING: Final = frozenset({"is", "was"})
_LONGEST_SIZE: Final = 14
_OF_SIZES: Final = members("spread.of_sizes")
_EXERTION: Final = re.compile(r"(?:(?:[^\w,;().]|of|or|more) )*\d\S*(?: \d\S*)*(?: [.,;+]|$)")
_IMAGES: Final = frozenset({"mri", "mr", "ct", "pet", "ultrasound", "scan", "us"})
_SUBJECTS: Final = frozenset({"cancer", "malignant", "mass"})
_OF_TUMORS: Final = frozenset({"disease", "relapsed", "tumor"})


def _is_of_image(scene: Scene) -> bool:
    """Whether metastases are counted on an image of an organ: "MRI brain: 3 mets"."""
    said = scene.words[scene.sentence.first : scene.sentence.last]
    return any(p.site != "heart" for p in scene.places) and not _IMAGES.isdisjoint(said)


def speaks_of_tumor(scene: Scene, m: Mention) -> bool:
    """Whether a word that also has other uses speaks of a tumor here."""
    words = scene.words
    said = words[m.first]
    before = words[m.first - 1] if m.first > scene.sentence.first else ""
    if said == "mets":
        is_placed = before == "of" or any(p.last == m.first for p in scene.places)
        after = words[m.last : min(m.last + 5, scene.sentence.last)]
        is_measured = not is_placed and _EXERTION.match(" ".join(after))
        is_counted = before[:1].isdigit() and not _is_of_image(scene)
        return not (is_counted or is_measured)
    if m.value == "weak":
        if not _OTHER_DEPOSITS.isdisjoint(words[scene.sentence.first : scene.sentence.last]):
            return False
        if said == "spread" and "neg_pre" in scene.sentence.kinds:
            return bool(listed_left(scene, m.first))
        if said == "spread" and words[m.last : m.last + 1] != ["to"]:
            return False
        if any(p.site in SEROSAL for p in listed_left(scene, m.first)) or before in _TUMOROUS:
            return True
        right = listed_right(scene, m.last, reach=4)
        if any(p.site in SEROSAL for p in right):
            return True
        if right and words[m.last] == "to":
            return not _is_of_other_ill(scene, m)
        reach = 4 if said.startswith("implant") else _SENTENCE
        return any(
            o.category in {"cancer", "malignant"} and abs(o.first - m.last) <= reach
            for o in scene.sentence.mentions
        )
    if m.value == "alike":
        told = [o for o in scene.sentence.mentions if o.last <= m.first]
        return any(o.category in {"spread", "deposit"} for o in told)
    if m.value == "recur" and words[m.last - 1] in INTO:  # "stable disease in the liver"
        is_named = "cancer" in scene.sentence.kinds or not _OF_TUMORS.isdisjoint(
            words[m.first : m.last]
        )
        is_named = is_named or scene.follows_growing  # "she had disease in the liver"
        around = words[max(scene.sentence.first, m.first - _ILL_BEFORE) : m.last + _ILL_AFTER]
        return is_named and (OTHER_ILLS | _RECURRING).isdisjoint(around)
    if said in _BEING:  # "her cancer is now in her liver"
        return any(o.last == m.first and o.category in _SUBJECTS for o in scene.sentence.mentions)
    if said == "progression" and listed_right(scene, m.last, reach=2):
        return not _is_of_other_ill(scene, m)
    is_spread = any(w.startswith(_ANY_ILL) for w in words[m.first : m.last])
    if is_spread and words[m.last - 1] in TO | _FROM | {"beyond"}:
        return not _is_of_other_ill(scene, m)
    if "metasta" in said or m.value not in {"verb", "adj"}:
        return True
    return not _OF_CANCER.isdisjoint(words[scene.sentence.first : m.last]) or any(
        o.category in {"cancer", "malignant", "mass"} or "metasta" in words[o.first]
        for o in scene.sentence.mentions
    )


def _is_of_other_ill(scene: Scene, m: Mention) -> bool:
    """Whether what spreads is another ill: "the rash spread to", not "pain, as the cancer ..."."""
    said = scene.words[scene.sentence.first : m.first]
    ill = max((place for place, word in enumerate(said) if word in OTHER_ILLS), default=None)
    if ill is None:
        return False
    start = scene.sentence.first + ill
    is_cancer = "disease" in said[ill + 2 :] or any(
        (start < o.first < m.first or scene.words[o.last : o.last + 1] == ["with"])
        and (o.category in {"cancer", "malignant"} or o.value == "tumor")
        for o in scene.sentence.mentions
        if o.first < m.first
    )  # "lung cancer with pain, has spread to ..."
    return not is_cancer


def beyond_size(scene: Scene, end: int, start: int) -> int:
    """Word after a size: "(a metastatic tumor) with a diameter of 5 cm (in the liver)"."""
    said = scene.words[start : min(start + _LONGEST_SIZE, scene.sentence.last)]
    last = max((i for i, w in enumerate(said) if w in {"cm", "mm"}), default=-1)
    last += 2 * (last >= 0 and said[last + 2 : last + 3] in (["diameter"], ["size"]))
    is_size = all(w in _OF_SIZES or w[0].isdigit() for w in said[: last + 1])
    return start + last + 1 if last >= 0 and is_size else end
