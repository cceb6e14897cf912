"""Growth into what is near, and into the layers of the organ itself."""

from itertools import pairwise
from typing import Final

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.meant_as import of_known_mass
from outspread.extract.places import Place, names_node
from outspread.extract.sentences import Sentence
from outspread.extract.statements import (
    Scene,
    Statement,
    is_by_spread,
    listed_left,
    listed_right,
    span_of,
    up_to_masses,
)
from outspread.extract.targets import is_of_mass
from outspread.extract.verdict import Verdict

_TUMOR_SECTIONS: Final = frozenset({"diagnosis", "microscopic"})
_TUMOR_NAMES: Final = frozenset({"cancer", "cells", "spread", "malignant", "gleason"})
_SURGICAL: Final = members("growth.surgical")
_SMALL: Final = frozenset({"procedure", "symptoms", "medications", "laboratory", "social"})
_SEROSAL: Final = members("spread.serosal")
_BY_BLOOD: Final = members("growth.by_blood")
_SHORT_LINE: Final = 5
_NO_TUMOR: Final = members("growth.no_tumor")
_BESIDE: Final = frozenset({"adjacent", "neighboring", "attached", "adherent", "surrounding"})
_SUBJECT_WITHIN: Final = 8
_TOLD_WITHIN: Final = 12  # words between a place and "it": "skin retracted, tumor grows into it"
_OF_NODE: Final = 8  # words between nodes and "extracapsular extension", which is then theirs
_MASSES: Final = frozenset({"lesion", "mass", "tumor", "process"})
_OPENING: Final = 2  # words before the verb of a line that has no subject
_BEFORE_VERB: Final = frozenset({"-", "*", "directly", "focally", "also", "and"})
_OF_CANCERS: Final = ("inva", "ingrow")
_OTHER_CAUSES: Final = members("growth.other_causes") | members("spread.other_ills")
_BURST: Final = ("perforat", "ruptur")
_EVENTS: Final = members("growth.events")
_NO_SUBJECT: Final = members("growth.no_subject")
_GROWTHS: Final = frozenset({"growth", "it", "mass", "tumor", "cancer", "malignancy"})
_VALUES: Final = frozenset({"tumor", "invaded", "infiltrated"})
_FREED: Final = members("growth.freed")
_NOT_FREED: Final = frozenset({"not", "cannot", "never", "hardly", "barely"})
_FREED_WITHIN: Final = 12
_CAME_OFF: Final = frozenset(
    {("came", "off"), ("dissected", "free"), ("dissected", "off"), ("taken", "off")}
)
_BE: Final = frozenset({"is", "are", "was", "were", "been", "be", "being"})
_AUXILIARY: Final = members("growth.auxiliary")
_REGIONS: Final = {"ln_mediastinal": "mediastinum"}
_GROWN: Final = frozenset({"invade", "invasi", "infilt", "penetr"})
_TO_LAYER: Final = 6  # words between the growth and the layer it reached
_BEYOND: Final = frozenset({"through", "beyond", "penetrating", "penetrates", "perforates"})
_HAVE_LAYERS: Final = frozenset({"cancer", "mass", "malignant"})


def read_growth(scene: Scene, taken: set[int]) -> list[Statement]:
    """State growth by continuity: "invades the bladder", "seminal vesicle invasion: no"."""
    found: list[Statement] = []
    for m in scene.sentence.mentions:
        if m.category == "extension_here" and not _is_of_node(scene, m):
            verdict = judge(scene.sentence, m.first, m.last, scene.words)
            found.append(_state(scene, m.value, verdict, (m.first, m.last)))
        elif m.category == "extension" and not is_by_spread(scene, m) and _is_of_tumor(scene, m):
            found += _one(scene, m, taken)
    return found


def _state(
    scene: Scene, site: str, verdict: Verdict, span: tuple[int, int], *,
    side: str | None = None, contiguity: str | None = "contiguous", rule: str = "growth.phrase",
) -> Statement:  # fmt: skip
    return Statement(
        "secondary", site, verdict, *span, rule, scene.sentence.section, side=side,
        contiguity=contiguity,
    )  # fmt: skip


def _is_of_node(scene: Scene, m: Mention) -> bool:
    """Whether growth through a capsule is that of nodes told before it or named by it."""
    is_in = scene.words[m.last : m.last + 1] in (["in"], ["of"], ["from"])
    nodes = [o.first for o in scene.sentence.of("node")]
    return any(0 < m.first - n <= _OF_NODE or (is_in and n > m.first) for n in nodes)


def _is_of_tumor(scene: Scene, m: Mention) -> bool:
    """Whether it is a tumor that grows: one is named in the sentence, or it is a pathology line."""
    if m.value == "tumor" or not _GROWTHS.isdisjoint(_doers(scene, m)):
        return True  # "tumor thrombus in ...", "eroded by the growth"
    if "tumor" in scene.words[m.first : m.last]:
        return True  # "contains tumor"
    if scene.words[m.first].startswith(_BURST) and not _OTHER_CAUSES.isdisjoint(
        scene.words[scene.sentence.first : m.first]
    ):
        return False  # "the ulcer perforated into ..."
    said = scene.said()
    if not _SURGICAL.isdisjoint(said):
        return False
    for other in scene.sentence.mentions:
        is_subject = other.category == "primary_word" and other.first < m.first
        if other.category in _TUMOR_NAMES or is_subject:
            return True
        if other.category == "site" and scene.words[other.last - 1] in _MASSES:
            return scene.sentence.section not in _SMALL  # "cervical lesion"
        if other.category == "mass" and scene.words[other.last - 1] in _NO_TUMOR:
            continue  # "areas of high signal involving ..."
        if other.category == "mass" and (other.value == "tumor" or m.value != "fixed"):
            return scene.sentence.section not in _SMALL or other.value == "tumor"
    is_short = scene.words[m.first][:6] == "involv" and len(said) <= _SHORT_LINE
    is_short = is_short or (scene.words[m.first] == "invaded" and _is_passive(scene, m))
    if _is_without_subject(scene, m) or "stage" in said or is_short:
        return True  # "visceral pleura involved"
    if scene.follows_growing and _is_of_one_before(scene, m):
        return True
    if scene.specimen and scene.sentence.section in {"", "impression"}:
        return True  # a line under the title of a specimen is about its tumor
    return scene.sentence.section in _TUMOR_SECTIONS or ":" in scene.words[m.last : m.last + 2]


def _doers(scene: Scene, m: Mention) -> list[str]:
    """Words after "by", where something was done by them."""
    end = m.last + (scene.words[m.last : m.last + 1] == ["by"])
    return scene.words[end : end + 2] if scene.words[end - 1] == "by" else []


def _is_without_subject(scene: Scene, m: Mention) -> bool:
    """Whether a line goes on about the tumor of the line before: "- Invades the muscle"."""
    before = scene.words[scene.sentence.first : m.first]
    is_first = len(before) <= _OPENING and _BEFORE_VERB.issuperset(before)
    return is_first and any(w[:6] in _GROWN for w in scene.words[m.first : m.last])


def _is_of_one_before(scene: Scene, m: Mention) -> bool:
    """Whether what grows is the tumor of the sentence before: no other thing is named for it."""
    if scene.sentence.section in _SMALL or m.value in {"fixed", "tumor"}:
        return False
    word, after = scene.words[m.first], scene.words[m.last : scene.sentence.last]
    said = scene.said()
    if "by" in after or not _OTHER_CAUSES.isdisjoint(said):
        return False  # "involvement of the ileum by Crohn disease"
    if word.startswith(_OF_CANCERS):
        return True  # "invasion into ..."
    own = next((p.first for p in scene.places if p.last == m.first), m.first)
    before = scene.words[scene.sentence.first : own]  # "prostatic involvement was ..."
    if word in _EVENTS or before[:1] == ["it"]:
        return _NO_SUBJECT.issuperset(before)  # "there was also involvement of ..."
    return word.endswith("ed") and bool(_subject(scene, m, is_passive=False))


def _subject(scene: Scene, m: Mention, *, is_passive: bool) -> list[Place]:
    """Place that something was done to: "the bladder was also found to be invaded"."""
    near = [p for p in scene.places if 0 <= m.first - p.last <= _SUBJECT_WITHIN][-1:]
    linking = _NO_SUBJECT | {":"} if scene.follows_growing else _NO_SUBJECT
    is_bare = all(linking.issuperset(scene.words[p.last : m.first]) for p in near)
    return near if is_passive or is_bare else []


def _one(scene: Scene, m: Mention, taken: set[int]) -> list[Statement]:
    if m.value == "fixed" and _is_freed(scene, m):
        return []
    grown = [p for p in _grown_into(scene, m) if p.first not in taken]
    grown = [  # "invasion of the vein and adenopathy"
        p for p in grown if p is grown[0] or not scene.words[p.last - 1].endswith("adenopathy")
    ]
    nodes = [p for p in grown[1:] if names_node(scene.words, p)]
    targets = [p for p in grown if not names_node(scene.words, p) and not _is_own_muscle(scene, p)]
    targets = up_to_masses(scene, targets)
    if not targets:
        return []
    verdict = _verdict(scene, m, targets)
    taken.update(p.first for p in targets)
    is_open = _is_open(scene, m)
    is_involved = m.value == "involve" and not is_open
    return [
        _state(
            scene, _grown(p), verdict, span_of(p, m), side=p.side,
            contiguity="discontiguous" if p.site in _BY_BLOOD
            else None if is_involved or is_open or _is_deposit(scene, p) else "contiguous",
            rule="growth.involved" if is_involved else "growth.phrase",
        )
        for p in targets
    ] + [
        _state(scene, p.site, verdict, (m.first, p.last), side=p.side, contiguity="discontiguous")
        for p in nodes
    ]  # fmt: skip


def _grown_into(scene: Scene, m: Mention) -> list[Place]:
    """Places that a word of growth is told of: after it, before it, or by "it"."""
    if m.value == "bare":
        targets = listed_left(scene, m.first, reach=1)
        after = scene.word(m.last)
        if not targets and after in {"into", "to", "of", "in", "through", ":"}:
            targets = listed_right(scene, m.last + 1, reach=2 if after == ":" else 6)
        targets = targets or _subject(scene, m, is_passive=after in {"by", "with"})
    else:
        is_done_to = _is_passive(scene, m)
        targets = [] if is_done_to else listed_right(scene, m.last, reach=7)
        is_passive = _is_told_by(scene, m)
        is_told = is_passive or is_done_to or _is_predicate(scene, m)
        if not targets and (m.value == "involve" or is_told):
            begin = _before_auxiliary(scene, m)
            targets = listed_left(scene, begin, reach=2)
            own = [p for p in targets[:-1] if is_of_mass(scene, p)]
            targets = [p for p in targets if p not in own]  # "cancer of the colon, the liver ..."
            if begin < m.first and any(p.is_node for p in targets):
                return []  # "nodes are involved by"
        if not targets and is_told:
            targets = _subject(scene, m, is_passive=is_passive)
    targets = targets or _of_title(scene, m)
    if not targets and scene.words[m.last : m.last + 1] == ["it"]:
        named = {o.first for o in scene.sentence.mentions if o.category in {"cancer", "mass"}}
        near = [p for p in scene.places if 0 < m.first - p.last <= _TOLD_WITHIN]
        targets = [p for p in near if p.last not in named][-1:]
    return targets


def _is_own_muscle(scene: Scene, p: Place) -> bool:
    """Whether the muscle is that of the organ: "invading the muscle", not "adjacent muscle"."""
    is_bare = scene.words[p.first : p.last] == ["muscle"]
    return is_bare and scene.words[p.first - 1] not in _BESIDE


def _verdict(scene: Scene, m: Mention, targets: list[Place]) -> Verdict:
    """How growth into some places is meant."""
    is_key = ":" in scene.words[m.last : m.last + 2] and _is_told_by(scene, m)
    last = max(m.last + is_key, targets[-1].last)  # "adrenal involved by tumor: no"
    verdict = of_known_mass(scene, m.first, judge(scene.sentence, m.first, last, scene.words))
    if _is_predicate(scene, m) and not _is_denied_before(scene, m):
        verdict = verdict._replace(is_negated=False)  # a denial after the comma is of another thing
    if scene.sentence.has_before({"neg_post"}, m.first):
        verdict = verdict._replace(is_negated=True)  # "there is no tumor invasion of ..."
    if m.value == "involve" and verdict.certainty == "confirmed" and _is_any_lesion(scene, m):
        verdict = verdict._replace(certainty="possible")
    return verdict


def _is_freed(scene: Scene, m: Mention) -> bool:
    """Whether what was stuck came off: "adherent to the duodenum but peeled off"."""
    after = scene.after(m.last, _FREED_WITHIN)
    is_off = any(pair in _CAME_OFF for pair in pairwise(after))
    freed = next((i for i, word in enumerate(after) if word in _FREED), None)
    is_freed = freed is not None and _NOT_FREED.isdisjoint(after[max(0, freed - 3) : freed])
    return is_off or is_freed


def _of_title(scene: Scene, m: Mention) -> list[Place]:
    """Place before the colon of a title: "adrenal, left: direct extension of tumor"."""
    before = scene.words[scene.sentence.first : m.first]
    if m.value == "involve" or (before[-1:] != [":"] and before[-2:-1] != [":"]):
        return []
    if scene.sentence.has_before({"cancer"}, m.first):
        return []  # "colon: carcinoma invading the muscularis"
    return [p for p in scene.places if p.last <= m.first and not p.is_node][-1:]


def _is_told_by(scene: Scene, m: Mention) -> bool:
    """Whether a verb tells what was done to its subject: "was involved and obstructed by"."""
    rest = scene.words[m.last : scene.sentence.last]
    if rest[:1] == ["and"] and rest[1:2] and rest[1].endswith("ed"):
        rest = rest[2:]
    return scene.words[m.last - 1] == "by" or rest[:1] == ["by"]


def _is_any_lesion(scene: Scene, m: Mention) -> bool:
    """Whether what involves a place is only called a lesion, in a sentence without a cancer."""
    masses = [o for o in scene.sentence.of("mass") if o.last <= m.first]
    is_lesion = bool(masses) and scene.words[masses[-1].last - 1] in {"lesion", "lesions"}
    return is_lesion and scene.sentence.kinds.isdisjoint(_TUMOR_NAMES)


def _is_predicate(scene: Scene, m: Mention) -> bool:
    """Whether a clause ends in what was done to its subject: "pleura focally invaded, ..."."""
    is_end = m.last >= scene.sentence.last or scene.words[m.last] in {",", ".", ";", ")"}
    return is_end and scene.words[m.last - 1].endswith("ed")


def _is_passive(scene: Scene, m: Mention) -> bool:
    """Whether a verb tells what was done to its subject: "was invaded", not "with lidocaine"."""
    is_done = not _BE.isdisjoint(scene.words[_before_auxiliary(scene, m) : m.first])
    is_done = is_done and scene.words[m.first].endswith("ed")
    return is_done and scene.words[m.last : m.last + 1] != ["with"]


def _before_auxiliary(scene: Scene, m: Mention) -> int:
    """First word of a verb with what stands before it: "the vein (was not) invaded"."""
    first = m.first
    if scene.words[first - 1] == ":" and scene.words[m.last - 1] in _VALUES:
        return first - 1  # "seminal vesicles: contain tumor"
    while first > scene.sentence.first and scene.words[first - 1] in _AUXILIARY:
        first -= 1
    return first


def _is_denied_before(scene: Scene, m: Mention) -> bool:
    if scene.words[m.last : m.last + 1] != [","]:
        return True
    return any("neg" in o.category and o.first < m.first for o in scene.sentence.mentions)


def _is_deposit(scene: Scene, p: Place) -> bool:
    """Whether a place may as well hold deposits; one that is called a neighbor does not."""
    return p.site in _SEROSAL and scene.words[p.first - 1] not in _BESIDE


def _is_open(scene: Scene, m: Mention) -> bool:
    """Whether it is left open how a place is involved: by growth, or by a deposit."""
    if scene.words[m.first] == "involvement" or "destruction" in scene.words[m.first : m.last]:
        return True
    if scene.words[m.first] == "infiltration" and scene.words[m.last - 1] == "by":
        return True  # what tissue showed
    return m.value == "involve" and "spread" in scene.sentence.kinds


def _grown(p: Place) -> str:
    """Site of growth: a node group named without the word node is the tissue around it."""
    return _REGIONS.get(p.site, "adjacent_tissue") if p.is_node else p.site


def is_within_organ(sentence: Sentence, words: list[str]) -> bool:
    """Tell whether a tumor is said to reach a layer of its organ: "invades the submucosa"."""
    if sentence.kinds.isdisjoint(_HAVE_LAYERS):
        return False
    reached = [
        judge(sentence, m.first, layer.last, words)
        for m in sentence.of("extension") for layer in sentence.of("layer")
        if 0 <= layer.first - m.last <= _TO_LAYER
        and _BEYOND.isdisjoint(words[m.first : layer.first])
    ]  # fmt: skip
    return any(v.is_claim and not v.is_negated and v.certainty != "possible" for v in reached)
