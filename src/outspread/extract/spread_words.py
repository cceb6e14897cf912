"""Whether a word of spread, which also has other uses, speaks of a tumor."""

import re
from typing import Final

from outspread.extract.groups import members
from outspread.extract.kinds import IMAGES
from outspread.extract.lexicon import Mention
from outspread.extract.statements import Scene, listed_left, listed_right

TO: Final = members("spread.to")
INTO: Final = frozenset({"of", "in", "within", "involving", "throughout"})
SEROSAL: Final = members("spread.serosal")
_TUMOROUS: Final = members("spread.tumorous")
OTHER_ILLS: Final = members("spread.other_ills")
_RECURRING: Final = members("spread.recurring_ills")
_PROGRESSED_WITHIN: Final = 3  # words of "(cancer) has since progressed"
_OF_CANCER: Final = frozenset({"disease", "tumor"})
_SENTENCE: Final = 200
_ILL_BEFORE: Final = 3
_ILL_AFTER: Final = 6  # words within which another ill is named: "stable disease in the coronary"
_OTHER_DEPOSITS: Final = members("spread.other_deposits")
_ANY_ILL: Final = ("spread", "dissemination")  # said of infections too
_FROM: Final = frozenset({"from"})
_LONGEST_SIZE: Final = 14
_OF_SIZES: Final = members("spread.of_sizes")
_EXERTION: Final = re.compile(r"(?:(?:[^\w,;().]|of|or|more) )*\d\S*(?: \d\S*)*(?: [.,;+]|$)")
_EXERCISES: Final = frozenset(
    {"treadmill", "exercise", "stress", "tolerance", "capacity", "cardiac", "functional", "nuclear"}
)
_SCANS: Final = IMAGES | {"mr", "us"}
_NAMED: Final = frozenset({"cancer", "malignant", "mass"})
_OF_TUMORS: Final = frozenset({"disease", "relapsed", "tumor"})


def _is_of_image(scene: Scene, m: Mention) -> bool:
    """Whether metastases are counted on an image of an organ: "MRI brain: 3 mets"."""
    said = scene.said()
    is_placed = any(p.site != "heart" and p.last <= m.first for p in scene.places)
    before = scene.words[scene.sentence.first : m.first]
    return is_placed and not _SCANS.isdisjoint(before) and _EXERCISES.isdisjoint(said)


def speaks_of_tumor(scene: Scene, m: Mention) -> bool:
    """Whether a word that also has other uses speaks of a tumor here."""
    words, sentence, said = scene.words, scene.sentence, scene.words[m.first]
    if said == "mets":
        return not _is_exertion(scene, m)
    if m.value == "weak":
        return _is_of_cancer_here(scene, m)
    if m.value == "alike":
        return sentence.has({"spread", "deposit"}, sentence.first, m.first)
    if m.value == "recur" and words[m.last - 1] in INTO:  # "stable disease in the liver"
        is_named = "cancer" in sentence.kinds or not _OF_TUMORS.isdisjoint(words[m.first : m.last])
        is_named = is_named or scene.follows_growing  # "she had disease in the liver"
        around = words[max(sentence.first, m.first - _ILL_BEFORE) : m.last + _ILL_AFTER]
        return is_named and (OTHER_ILLS | _RECURRING).isdisjoint(around)
    if said in {"progressed", "progressing"}:  # a lesion that progresses to a place grows there
        told = words[max(sentence.first, m.first - _PROGRESSED_WITHIN) : m.first]
        is_of_cancer = sentence.has_before({"cancer"}, m.first, _PROGRESSED_WITHIN)
        return is_of_cancer or not _OF_CANCER.isdisjoint(told)
    if said in {"is", "was"}:  # "her cancer is now in her liver"
        return sentence.has_before(_NAMED, m.first)
    is_spread = any(w.startswith(_ANY_ILL) for w in words[m.first : m.last])
    is_spread = is_spread and words[m.last - 1] in TO | _FROM | {"beyond"}
    if is_spread or (said == "progression" and listed_right(scene, m.last, reach=2)):
        return not _is_of_other_ill(scene, m)
    if "metasta" in said or m.value not in {"verb", "adj"}:
        return True
    return not _OF_CANCER.isdisjoint(words[sentence.first : m.last]) or any(
        o.category in _NAMED or "metasta" in words[o.first] for o in sentence.mentions
    )


def _is_exertion(scene: Scene, m: Mention) -> bool:
    """Whether "METs" are what a test of the heart counts: "exercised to 7 METs"."""
    before = scene.words[m.first - 1] if m.first > scene.sentence.first else ""
    is_placed = before == "of" or any(p.last == m.first for p in scene.places)
    is_measured = not is_placed and _EXERTION.match(" ".join(scene.after(m.last, 5)))
    is_counted = before == "0" or (before[:1].isdigit() and not _is_of_image(scene, m))
    return bool(is_counted or is_measured)


def _is_of_cancer_here(scene: Scene, m: Mention) -> bool:
    """Whether a word that mostly means something else speaks of a tumor: "implants", "spread"."""
    words, said = scene.words, scene.words[m.first]
    if not _OTHER_DEPOSITS.isdisjoint(scene.said()):
        return False
    left = listed_left(scene, m.first)
    if said == "spread" and "neg_pre" in scene.sentence.kinds:
        return bool(left)
    if said == "spread" and words[m.last : m.last + 1] != ["to"]:
        return False
    right = listed_right(scene, m.last, reach=4)
    if any(p.site in SEROSAL for p in left + right) or not _TUMOROUS.isdisjoint(
        scene.before(m.first, 1)
    ):
        return True
    if right and words[m.last] == "to":
        return not _is_of_other_ill(scene, m)
    reach = 4 if said.startswith("implant") else _SENTENCE
    return any(
        o.category in {"cancer", "malignant"} and abs(o.first - m.last) <= reach
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
    said = scene.after(start, _LONGEST_SIZE)
    last = max((i for i, w in enumerate(said) if w in {"cm", "mm"}), default=-1)
    last += 2 * (last >= 0 and said[last + 2 : last + 3] in (["diameter"], ["size"]))
    is_size = all(w in _OF_SIZES or w[0].isdigit() for w in said[: last + 1])
    return start + last + 1 if last >= 0 and is_size else end
