"""Places that are called primary or origin, and cancer cells in fluids."""

from itertools import pairwise
from typing import Final

from outspread.extract.cancers import before_comma
from outspread.extract.context import is_negated, judge
from outspread.extract.groups import members
from outspread.extract.kinds import HELD, PERSONS, TELLING
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.statements import Scene, Statement, is_linked, listed_left, listed_right
from outspread.extract.subjects import is_origin_before
from outspread.extract.targets import (
    is_of_lesions,
    is_removed,
    tumor_from,
    turns_out_spread,
)
from outspread.read.places import is_within

_AFTER_PRIMARY: Final = members("cancers.after_primary")
_CELLS: Final = members("cancers.cells")
FLUIDS: Final = members("cancers.fluids")
_TAPPED: Final = FLUIDS - {"bone_marrow"}
_RESULT_WITHIN: Final = 6
_EFFUSIONS: Final = frozenset({"pleural_effusion", "pericardial_effusion", "ascites"})
_GONE: Final = 8  # words between "metastatic" and where the cancer went
_FEARS: Final = frozenset({"feared", "strong_post", "weak_post"})
_CALLED: Final = 5  # words of ", which is presumed to be"
TAPS: Final = members("named.taps")
_FULL: Final = frozenset({"positive", "malignant"})
_OWNING: Final = frozenset({"who", "with", "has"})
_CAUSES: Final = frozenset({("due", "to"), ("secondary", "to"), ("caused", "by")})
_PARTED: Final = frozenset({",", "for"})
_CAUSED_WITHIN: Final = 5  # words of "due to her metastatic breast (cancer)"
_FREE: Final = frozenset({"negative", "neg", "benign", "reactive"})
_OF: Final = frozenset({"for", "of"})
_SPREADING: Final = frozenset({"spread", "deposit", "extension"})
_NAMING: Final = frozenset(
    {"tumor_site", "primary_word", "spread", "refuted_post", "tumor_here", "mass"}
)
_NEW_WITHIN: Final = 8
_BENIGN_WITHIN: Final = 2
_FROM: Final = members("named.from")
_LOCATED: Final = members("named.located")
_AT: Final = frozenset({"in", "of", ":", "from", "at"})
_BEING: Final = frozenset({"be", "was", "were", "is", "are", "being"})
_ORIGINS: Final = frozenset({"origin", "source"})
_HELD_AS: Final = members("named.held_as")
_HELD_GAP: Final = _HELD_AS | members("named.held_gap")
_OF_WITHIN: Final = 3  # words of "of the hepatic (metastases)"
_HELD_WITHIN: Final = 3  # words of "we regarded the (lung)"
_ARTICLES: Final = frozenset({"the", "as", "a"})
MASSES: Final = members("memory.masses")
_OF_MARROW: Final = frozenset({"leukemia_other", "myeloma"})
_IN: Final = frozenset({"in", "of", "within", "from", "into", "to", "on"})
_ITEM_MARKS: Final = frozenset(",.;:-()")


def read_fluids(scene: Scene, taken: set[int]) -> list[Statement]:
    """State cancer cells in a fluid: "pleural fluid positive for malignant cells"."""
    found = _cytology(scene, taken)
    for m in scene.sentence.mentions:
        if m.category not in HELD:
            continue
        for p in _fluids_of(scene):
            if m.category == "cancer" and _is_of_person(scene, p.last, m.first):
                continue  # "pleural effusion in a patient who has lung cancer"
            if p.site == "bone_marrow" and m.value.partition(" ")[2] in _OF_MARROW:
                continue  # it begins there
            if p in scene.fluids and p.site == "bone_marrow":
                continue  # solid tissue: cells told of later are not in it
            if p.site in FLUIDS and p.first not in taken:
                inside = p in scene.places
                first = min(p.first, m.first) if inside else m.first
                last = max(p.last, m.last) if inside else m.last
                said = scene.words[scene.sentence.first : scene.sentence.last]
                if inside and _is_apart(scene, m, p):
                    continue
                if not (inside and _is_cause(scene, p.last, m.first)):
                    if not is_linked(scene, first, last) and not _CELLS.intersection(said):
                        continue
                    if inside and _is_reason(scene.words[p.last : m.first]):
                        continue
                    if _is_parted(scene, min(p.last, m.last), max(p.first, m.first)):
                        continue
                verdict = judge(scene.sentence, m.first, last, scene.words)
                if last > m.last and is_negated(scene.sentence, m.first, m.last, scene.words):
                    verdict = verdict._replace(is_negated=True)  # "not identified in the fluid"
                if scene.words[scene.sentence.last - 1] == ":":
                    verdict = verdict._replace(is_claim=False)  # a form that was not filled in
                taken.add(p.first)
                found.append(
                    Statement("secondary", p.site, verdict, first, last, "spread.fluid",
                              scene.sentence.section, contiguity="discontiguous", side=p.side)
                )  # fmt: skip
    return found


def _is_apart(scene: Scene, m: Mention, p: Place) -> bool:
    """Whether a cancer is not told to be in a fluid: "cancer with no ascites"."""
    is_denied = any(
        o.category == "neg_pre" and 0 <= p.first - o.last <= 1 for o in scene.sentence.mentions
    )
    if p.first < m.first:
        return is_denied and "," in scene.words[p.last : m.first]
    return is_denied or _IN.isdisjoint(scene.words[m.last : p.first])


def _is_parted(scene: Scene, first: int, last: int) -> bool:
    """Whether a new clause begins between a fluid and what is found: "negative, which made ..."."""
    return any(m.category == "stop" and first <= m.first < last for m in scene.sentence.mentions)


def _is_reason(gap: list[str]) -> bool:
    """Whether a cancer is why a fluid was taken: "peritoneal cytology in 2001 for cancer"."""
    return any(b == "for" and a != "positive" for a, b in pairwise(["", *gap]))


def _is_cause(scene: Scene, first: int, last: int) -> bool:
    """Whether a cancer is told as the cause of a fluid: "ascites secondary to ovarian cancer"."""
    gap = scene.words[first:last]
    cause = next((i for i, pair in enumerate(pairwise(gap)) if pair in _CAUSES), None)
    if cause is None or any(
        m.category == "treat" and first <= m.first < last for m in scene.sentence.mentions
    ):
        return False  # "due to radiation for lung cancer"
    return len(gap) - cause <= _CAUSED_WITHIN and not _PARTED.intersection(gap)


def _is_of_person(scene: Scene, first: int, last: int) -> bool:
    """Whether a cancer is told of the person who has the fluid, and not of the fluid."""
    gap = scene.words[first:last]
    person = next((i for i, w in enumerate(gap) if w in PERSONS), -1)
    rest = gap[person + 1 :]
    return person >= 0 and not _OWNING.isdisjoint(rest[:2]) and _FULL.isdisjoint(rest)


def _fluids_of(scene: Scene) -> list[Place]:
    """Fluids that a sentence names, or else those it is about."""
    named = [p for p in scene.places if p.site in FLUIDS]
    return named or scene.fluids if scene.places else scene.specimen or scene.fluids


def _cytology(scene: Scene, taken: set[int]) -> list[Statement]:
    """State fluids by their result alone: "pleural effusion, cytology negative"."""
    sentence, words = scene.sentence, scene.words
    found = []
    for p in scene.places:
        if p.site in _EFFUSIONS and p.first not in taken and (s := _called_malignant(scene, p)):
            taken.add(p.first)
            found.append(s)
            continue
        if p.site not in _TAPPED or p.first in taken:
            continue
        rest = words[p.first : min(p.last + _RESULT_WITHIN, sentence.last)]
        if TAPS.isdisjoint(rest):
            continue
        said = rest[p.last - p.first :]
        is_full = not _FULL.isdisjoint(said) and _FREE.isdisjoint(said)
        if not is_full and _FREE.isdisjoint(said):
            continue
        if not (_OF.isdisjoint(said) and sentence.kinds.isdisjoint(HELD)):
            continue  # "positive for ...": what it holds is told
        verdict = judge(sentence, p.first, p.last, words)
        if verdict.is_claim:
            taken.add(p.first)
            found.append(
                Statement("secondary", p.site, verdict._replace(is_negated=not is_full), p.first,
                          p.last, "spread.fluid", sentence.section, contiguity="discontiguous",
                          side=p.side)
            )  # fmt: skip
    return found


def _called_malignant(scene: Scene, p: Place) -> Statement | None:
    """State an effusion that is called malignant after it: "effusions, presumed malignant"."""
    words, sentence = scene.words, scene.sentence
    if not sentence.kinds.isdisjoint(_FEARS):
        return None
    for m in sentence.mentions:
        gap = words[p.last : m.first]
        if (
            m.category == "malignant" and 0 < len(gap) <= _CALLED and "or" not in gap
            and m.last < len(words) and words[m.last] in _ITEM_MARKS
        ):  # fmt: skip
            verdict = judge(sentence, m.first, m.last, words)
            return Statement("secondary", p.site, verdict, p.first, m.last, "spread.fluid",
                             sentence.section, contiguity="discontiguous", side=p.side)  # fmt: skip
    return None


def read_named(scene: Scene, taken: set[int]) -> list[Statement]:
    """Places called primary or origin, tumor sites of forms, and what is graded one way only."""
    found: list[Statement] = []
    for m in scene.sentence.mentions:
        if m.category == "gleason":
            found.append(_graded(scene, m))
        if m.category not in _NAMING or not scene.places:
            continue
        if m.category == "primary_word" and (told := _of_which(scene, m)):
            found += told
            continue
        near, rule = _place_named(scene, m)
        is_origin = rule == "primary.word" and scene.words[m.first] in _ORIGINS
        if is_origin and _is_of_lesion(scene) and not _is_of_mass(scene, m):
            rule = "found.mass"  # "a mass of renal origin": no cancer
        if near and rule == "primary.word" and _is_of_mass(scene, m):
            found += _reached_by(scene, m, near, scene.earlier)
        elif near and scene.words[m.first] == "origin" and near == _be_of(scene, m):
            found += _reached_by(scene, m, near, _lesions_before(scene, near[0].first))
        is_new = m.category == "refuted_post"  # "a new primary, not a metastasis"
        found += [
            _state(scene, m, p, rule)
            for p in near
            if not p.is_node and (is_new or p.first not in taken)
        ]
    return found


def _of_which(scene: Scene, m: Mention) -> list[Statement]:
    """State what began where: "the lung lesion was the primary lesion of the adrenal tumor"."""
    start = m.last + (scene.words[m.last : m.last + 1] in (["site"], ["focus"], ["source"]))
    if scene.words[start : start + 1] != ["of"] or scene.words[m.first] != "primary":
        return []
    gone = [p for p in listed_right(scene, start, reach=5)[:1] if _is_of_spread(scene, p)]
    before = [p for p in scene.places if p.last <= m.first and not p.is_node]
    if not gone or not before or "," in scene.words[before[-1].last : m.first]:
        return []
    verdict = judge(scene.sentence, m.first, gone[0].last, scene.words)
    reached = Statement(
        "secondary", gone[0].site, verdict, m.first, gone[0].last, "spread.phrase",
        scene.sentence.section, contiguity="discontiguous", side=gone[0].side,
    )  # fmt: skip
    return [_state(scene, m, before[-1], "primary.word"), reached]


def _is_of_spread(scene: Scene, place: Place) -> bool:
    """Whether a place is that of a tumor or of metastases: "adrenal tumor", "liver metastases"."""
    return any(
        m.category in {"mass", "spread"} and m.first == place.last for m in scene.sentence.mentions
    )


def _is_of_lesion(scene: Scene) -> bool:
    """Whether a sentence tells of a mass, and neither it nor one before of a tumor or cancer."""
    masses = [m for m in scene.sentence.mentions if m.category == "mass"]
    is_lesion = bool(masses) and all(m.value != "tumor" for m in masses)
    return is_lesion and scene.sentence.kinds.isdisjoint(TELLING)


def _is_of_mass(scene: Scene, m: Mention) -> bool:
    """Whether the origin of a mass is told: "the renal origin of the mass was confirmed"."""
    after = scene.words[m.last : min(m.last + 4, scene.sentence.last)]
    return after[:1] == ["of"] and not MASSES.isdisjoint(after)


def _is_of_tumor(scene: Scene, m: Mention) -> bool:
    """Whether it is told of a tumor: "the primary site of the adenocarcinoma"."""
    return any(
        (o.category in TELLING or (o.category == "mass" and o.value == "tumor"))
        and 0 < o.first - m.last <= _OF_WITHIN
        for o in scene.sentence.mentions
    )


def _is_told_of_tumor(scene: Scene, m: Mention) -> bool:
    """Whether it is a tumor of which it is told whence it came: "the tumor stemmed from"."""
    return any(
        (o.category in TELLING or (o.category == "mass" and o.value == "tumor"))
        and 0 <= m.first - o.last <= _CALLED
        for o in scene.sentence.mentions
    )


def _lesions_before(scene: Scene, first: int) -> list[Place]:
    """The last place before that is told to hold a mass: "a testicular lesion that ..."."""
    held = [p for p in scene.places if p.last <= first and is_of_lesions(scene, p)]
    return held[-1:]


def _reached_by(
    scene: Scene, m: Mention, near: list[Place], masses: list[Place]
) -> list[Statement]:
    """State the mass before as spread from the organ where it is told to have begun."""
    verdict = judge(scene.sentence, m.first, m.last, scene.words)
    return [
        Statement("secondary", p.site, verdict, m.first, m.last, "spread.before",
                  scene.sentence.section, contiguity="discontiguous", side=p.side)
        for p in masses
        if not any(is_within(p.site, o.site) or is_within(o.site, p.site) for o in near)
    ]  # fmt: skip


def _graded(scene: Scene, m: Mention) -> Statement:
    verdict = judge(scene.sentence, m.first, m.last, scene.words)
    return Statement(
        "primary", "prostate", verdict, m.first, m.last, "primary.gleason", scene.sentence.section,
        primary="prostate", histology="8140/3",
    )  # fmt: skip


def _state(scene: Scene, m: Mention, p: Place, rule: str) -> Statement:
    first, last = min(p.first, m.first), max(p.last, m.last)
    verdict = judge(scene.sentence, first, last, scene.words)
    if m.category == "primary_word" and turns_out_spread(scene, last):
        verdict = verdict._replace(is_negated=True, is_refuted=True)
    role = "found" if rule.startswith("found") else "primary"
    return Statement(
        role, p.site, verdict, first, last, rule, scene.sentence.section, histology="8000/3",
        side=p.side,
    )  # fmt: skip


def _place_named(scene: Scene, m: Mention) -> tuple[list[Place], str]:
    """Place that a phrase calls origin or tumor site, and by which rule."""
    if m.category == "tumor_site":
        return listed_right(scene, m.last, reach=8)[:1] or _held_to_be(scene, m), "primary.word"
    if m.category == "primary_word":
        return _called_primary(scene, m), "primary.word"
    if m.category == "spread" and m.value in {"noun", "adj", "weak"}:
        return _origin_of_spread(scene, m), "primary.word"
    if m.category == "refuted_post" and scene.words[m.last - 1] == "primary":
        near = [p for p in scene.places if 0 < m.first - p.last <= _NEW_WITHIN]
        return near[-1:], "primary.word"
    if m.category == "tumor_here":
        return listed_right(scene, m.last, reach=5), "found.tumor"
    if m.category == "mass" and m.value == "tumor" and not _is_benign(scene, m):
        return _of_tumor(scene, m), "found.tumor" if _is_spreading(scene) else "found.mass"
    return [], ""


def _is_benign(scene: Scene, m: Mention) -> bool:
    """Whether a tumor is called benign: "a benign liver tumor"."""
    return "benign" in scene.sentence.kinds and any(
        o.category == "benign" and 0 <= m.first - o.last <= _BENIGN_WITHIN
        for o in scene.sentence.mentions
    )


def _called_primary(scene: Scene, m: Mention) -> list[Place]:
    """Places of "lung primary", "of gastric origin", "primary tumor was located in ..."."""
    words, end = scene.words, scene.sentence.last
    after = words[m.last] if m.last < end else ""
    near = listed_left(scene, m.first, reach=1) if after in _AFTER_PRIMARY else []
    near = before_comma(scene, near)
    if m.value == "type":
        near = near[-1:]
    elif m.value == "from":
        return listed_right(scene, m.last, reach=4)[:1] if _is_told_of_tumor(scene, m) else []
    elif words[m.first] == "origin" and (_is_of_mass(scene, m) or _is_of_tumor(scene, m)):
        near = before_comma(scene, listed_left(scene, m.first, reach=1))[-1:]
    elif words[m.first] in _ORIGINS:
        near = _of_origin(scene, m, near)
    elif not near and (start := _told_at(words, m.last, end)) is not None:
        near = listed_right(scene, start, reach=5)
        near = near if words[m.first] == "primaries" else near[:1]
    if not near and m.value == "" and words[m.first] == "primary":
        near = [p for p in scene.places if p.first == m.last][:1]
        is_named = _is_followed_by_growth(scene, near) or _is_item(scene, m, near)
        near = near if is_named else []
    return near or _held_to_be(scene, m)


def _held_to_be(scene: Scene, m: Mention) -> list[Place]:
    """Place that is held to be the origin: "the lung was regarded as the primary site"."""
    before = [p for p in scene.places if p.last <= m.first and not p.is_node]
    after = scene.words[m.last] if m.last < scene.sentence.last else "."
    if not before or after not in _AFTER_PRIMARY | {"of"}:
        return []
    if (after == "of" or scene.words[m.first] == "source") and not _is_of_tumor(scene, m):
        return []  # "the source of the bleeding"
    gap = scene.words[before[-1].last : m.first]
    if not _HELD_GAP.issuperset(gap) or _ARTICLES.isdisjoint(gap):
        return []
    said = scene.words[max(scene.sentence.first, before[-1].first - _HELD_WITHIN) : m.first]
    return before[-1:] if not _HELD_AS.isdisjoint(said) else []


def _of_origin(scene: Scene, m: Mention, near: list[Place]) -> list[Place]:
    """Places of "of gastric origin", ", gastric origin", "compatible with origin in the lung"."""
    words = scene.words
    before = words[max(scene.sentence.first, m.first - 4) : m.first]
    near = near or _be_of(scene, m)
    if near:
        is_told = not _FROM.isdisjoint(before) or words[near[0].first - 1] == ","
        return near if is_told else []
    if _FROM.isdisjoint(before[-1:]) or words[m.last : m.last + 1] != ["in"]:
        return []
    return listed_right(scene, m.last + 1, reach=3)[:1]


def _be_of(scene: Scene, m: Mention) -> list[Place]:
    """Places of "turned out to be of prostatic origin", whatever follows."""
    near = before_comma(scene, listed_left(scene, m.first, reach=1))[-1:]
    said = scene.words[near[0].first - 2 : near[0].first] if near else []
    return near if said[1:] == ["of"] and said[0] in _BEING else []


def _origin_of_spread(scene: Scene, m: Mention) -> list[Place]:
    """Origin within a phrase: "breast brain metastases", "metastasis from the lung"."""
    if scene.words[m.last : m.last + 1] == ["from"]:
        return [] if is_removed(scene, m) else listed_right(scene, m.last + 1, reach=4)[:1]
    if m.value == "adj" and (place := _whence(scene, m)):
        return [place]
    if m.value == "adj" and (tumor := tumor_from(scene, m)):
        return tumor[:1]
    both = listed_left(scene, m.first)
    return both[:1] if len(both) == 2 and is_origin_before(both) else []


def _whence(scene: Scene, m: Mention) -> Place | None:
    """Origin after where it went: "metastatic carcinoma to the parotid from the skin"."""
    words = scene.words
    gone = [p for p in scene.places if m.last <= p.first <= m.last + _GONE]
    if gone and words[gone[0].last : gone[0].last + 1] == ["from"]:
        is_to = "to" in words[m.last : gone[0].first]
        right = listed_right(scene, gone[0].last + 1, reach=3)[:1] if is_to else []
        return right[0] if right else None
    return None


def _of_tumor(scene: Scene, m: Mention) -> list[Place]:
    """Organ of a tumor: "renal tumor", "tumor of the bladder"."""
    near = before_comma(scene, listed_left(scene, m.first, reach=1))[-1:]
    if not near and scene.words[m.last : m.last + 1] in (["of"], ["in"], ["at"]):
        near = [p for p in listed_right(scene, m.last + 1, reach=3)[:1] if not p.is_node]
    return near


def _is_spreading(scene: Scene) -> bool:
    return not scene.sentence.kinds.isdisjoint(_SPREADING)


def _told_at(words: list[str], start: int, end: int) -> int | None:
    """Where words tell the place: "primary of ...", "primary tumor was located in ..."."""
    place = start
    while place < end and words[place] in _LOCATED:
        place += 1
    is_told = place < end and (words[place] in _AT or (place > start and words[place - 1] == "is"))
    return place if is_told else None


def _is_item(scene: Scene, m: Mention, near: list[Place]) -> bool:
    """Whether it stands by itself: "..., primary anal canal."."""
    last = near[0].last if near else m.last
    before = scene.words[m.first - 1] if m.first > scene.sentence.first else ","
    after = scene.words[last] if last < scene.sentence.last else "."
    return bool(near) and before in _ITEM_MARKS and after in _ITEM_MARKS


def _is_followed_by_growth(scene: Scene, near: list[Place]) -> bool:
    if near and scene.words[near[0].last : near[0].last + 1] == ["site"]:
        return True  # "from the primary breast site"
    return bool(near) and any(
        m.category in {"mass", "cancer"} and " " not in m.value and 0 <= m.first - near[0].last <= 1
        for m in scene.sentence.mentions
    )
