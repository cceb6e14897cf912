"""Places that are called primary or origin, tumor sites of forms, and organs of tumors."""

from typing import Final

from outspread.extract.cancers import before_comma
from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.kinds import TELLING
from outspread.extract.lexicon import Mention, is_tumor
from outspread.extract.places import Place
from outspread.extract.statements import (
    Scene,
    Statement,
    listed_left,
    listed_right,
    span_of,
    spread_to,
)
from outspread.extract.subjects import is_origin_before
from outspread.extract.targets import is_of_lesions, is_removed, tumor_from, turns_out_spread
from outspread.read.places import overlap

_AFTER_PRIMARY: Final = members("cancers.after_primary")
_GONE: Final = 8  # words between "metastatic" and where the cancer went
_CALLED: Final = 5  # words of ", which is presumed to be"
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
MASS_NOUNS: Final = members("memory.masses")
_ITEM_MARKS: Final = frozenset(",.;:-()")


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
            held = [p for p in scene.places if is_of_lesions(scene, p)]
            held = [p for p in held if p.last <= near[0].first]  # "a testicular lesion that ..."
            found += _reached_by(scene, m, near, held[-1:])
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
    gone = listed_right(scene, start, reach=5)[:1]
    gone = [p for p in gone if scene.sentence.has_after({"mass", "spread"}, p.last)]
    before = [p for p in scene.places if p.last <= m.first and not p.is_node]
    if not gone or not before or "," in scene.words[before[-1].last : m.first]:
        return []
    verdict = judge(scene.sentence, m.first, gone[0].last, scene.words)
    span = (m.first, gone[0].last)
    reached = spread_to(gone[0], verdict, span, "spread.phrase", scene.sentence.section)
    return [_state(scene, m, before[-1], "primary.word"), reached]


def _is_of_lesion(scene: Scene) -> bool:
    """Whether a sentence tells of a mass, and neither it nor one before of a tumor or cancer."""
    masses = scene.sentence.of("mass")
    is_lesion = bool(masses) and all(m.value != "tumor" for m in masses)
    return is_lesion and scene.sentence.kinds.isdisjoint(TELLING)


def _is_of_mass(scene: Scene, m: Mention) -> bool:
    """Whether the origin of a mass is told: "the renal origin of the mass was confirmed"."""
    after = scene.after(m.last, 4)
    return after[:1] == ["of"] and not MASS_NOUNS.isdisjoint(after)


def _is_of_tumor(scene: Scene, m: Mention) -> bool:
    """Whether it is told of a tumor: "the primary site of the adenocarcinoma"."""
    return any(0 < o.first - m.last <= _OF_WITHIN for o in _tumors(scene))


def _tumors(scene: Scene) -> list[Mention]:
    return [o for o in scene.sentence.mentions if o.category in TELLING or is_tumor(o)]


def _reached_by(
    scene: Scene, m: Mention, near: list[Place], masses: list[Place]
) -> list[Statement]:
    """State the mass before as spread from the organ where it is told to have begun."""
    verdict = judge(scene.sentence, m.first, m.last, scene.words)
    return [
        spread_to(p, verdict, (m.first, m.last), "spread.before", scene.sentence.section)
        for p in masses
        if not any(overlap(p.site, o.site) for o in near)
    ]


def _graded(scene: Scene, m: Mention) -> Statement:
    verdict = judge(scene.sentence, m.first, m.last, scene.words)
    return Statement(
        "primary", "prostate", verdict, m.first, m.last, "primary.gleason", scene.sentence.section,
        primary="prostate", histology="8140/3",
    )  # fmt: skip


def _state(scene: Scene, m: Mention, p: Place, rule: str) -> Statement:
    first, last = span_of(p, m)
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
    if is_tumor(m) and not scene.sentence.has_before({"benign"}, m.first, _BENIGN_WITHIN):
        is_alone = scene.sentence.kinds.isdisjoint(_SPREADING)
        return _of_tumor(scene, m), "found.mass" if is_alone else "found.tumor"
    return [], ""  # "a benign liver tumor"


def _called_primary(scene: Scene, m: Mention) -> list[Place]:
    """Places of "lung primary", "of gastric origin", "primary tumor was located in ..."."""
    words, end = scene.words, scene.sentence.last
    after = words[m.last] if m.last < end else ""
    near = listed_left(scene, m.first, reach=1) if after in _AFTER_PRIMARY else []
    near = before_comma(scene, near)
    if m.value == "type":
        near = near[-1:]
    elif m.value == "from":
        is_of_tumor = any(0 <= m.first - o.last <= _CALLED for o in _tumors(scene))
        return listed_right(scene, m.last, reach=4)[:1] if is_of_tumor else []
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
    before = scene.before(m.first, 4)
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
