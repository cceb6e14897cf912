"""Where a cancer began, or at least where it was found."""

from typing import Final, NamedTuple

from outspread.extract.cancers import TIES, Cancer, end_of_alternatives, is_of_spread
from outspread.extract.context import judge
from outspread.extract.found import found_where, subject_of
from outspread.extract.groups import members
from outspread.extract.kinds import PERSONS, TISSUE
from outspread.extract.meant_as import judged
from outspread.extract.operated import examined_organs, operated_organs
from outspread.extract.places import Place
from outspread.extract.primaries import BEGINS, OFTEN_REACHED, is_foreign_to, is_seat
from outspread.extract.statements import Scene, Statement
from outspread.extract.verdict import Verdict
from outspread.read.places import is_within, organ_of, overlap, primary_at

_IN_LIMBS: Final = frozenset({"soft_tissue?", "bone_primary?"})
_OF_KIND: Final = {("9530", "central_nervous_system"): "meninges"}
_SEEN_WITHIN: Final = 8
_DIAGNOSES: Final = frozenset({"diagnosis", "preoperative", "indication"})
_OPERATIONS: Final = frozenset({"procedure", "procedures", "operation", "operations", "performed"})
_RESULT: Final = ("path", "hist", "final", "cyto", "micro")
_HEADED: Final = 5  # words of "Operation: 1. Right"
_BACK_WITHIN: Final = 3  # words of "recurrence of the (cancer)"
_UNTELLING: Final = members("cancers.untelling")
_OF_SKIN: Final = members("origin.of_skin")
_ON_SURFACE: Final = members("origin.on_surface")
_WALLS: Final = members("origin.walls")
_REGIONS: Final = members("origin.regions")
_IN_BONE: Final = members("origin.in_bone")
_IN_CORD: Final = members("origin.in_cord")
_LINING: Final = "endometrium"  # what begins in it has the name of one of the ovary
_SURE: Final = members("origin.sure")  # cancers whose name tells where they began
_TAKEN: Final = members("origin.tissue_words")
_OTHERWISE: Final = frozenset({"hist_pre", "neg_pre", "neg_post", "benign", "benign_tumor"})


def read_primaries(scene: Scene, cancers: list[Cancer], taken: set[int]) -> list[Statement]:
    """State the primaries of a sentence; `taken` are first words of places that are targets."""
    found: list[Statement] = []
    for cancer in cancers:
        found += _primary(scene, cancer, taken, end_of_alternatives(scene, cancer, cancers))
    return found


class _Told(NamedTuple):
    """A cancer as told: the primary of its name, which may be only the usual one (`is_default`)."""

    scene: Scene
    cancer: Cancer
    verdict: Verdict
    histology: str
    primary: str
    is_default: bool


def _primary(scene: Scene, cancer: Cancer, taken: set[int], end: int) -> list[Statement]:
    histology, _, primary = cancer.mention.value.partition(" ")
    if cancer.mention.category in {"malignant", "cells"}:
        histology, primary = "8000/3", ""
    is_default = primary.endswith("?") and not (primary in _IN_LIMBS and _is_on_skin(scene, cancer))
    primary = primary.rstrip("?")
    organs = [_seat(p, histology) for p in cancer.organs if p.first not in taken]
    tied = _tied(cancer, organs, histology, is_open=bool(primary and is_default))
    if not organs and histology[:4] in _OF_SKIN and _is_on_skin(scene, cancer):
        primary = "skin_other"
    told = _Told(scene, cancer, judged(scene, cancer, end), histology, primary, is_default)
    first = _named(told, organs, tied)
    named = primary if not is_default else ""
    if not named and tied:
        named = primary_at(tied[0].site) or ""
    is_still = histology.endswith("/2") and histology[:4] in BEGINS  # in situ: where it began
    origin = organ_of(named) if named in _SURE and not is_still else None
    kinds = "" if origin or tied or is_still else histology[:4]  # that may begin in a few organs
    if tied and not cancer.is_metastatic:
        first += _beside_tied(told, tied, taken, origin, kinds)
    if cancer.is_metastatic and cancer.tie == "comma":
        # The origin, or the place of the deposit where the origin is told elsewhere.
        first += [_at(told, p, "found.metastatic") for p in organs if p.site not in OFTEN_REACHED]
    if cancer.is_metastatic or tied or is_of_spread(scene, cancer):
        return first or [_unplaced(told)]
    around = [
        (_seat(p, histology), rule)
        for p, rule in found_where(scene, cancer, [] if origin else organs, taken)
        if not (named and _is_title(scene, p))
    ]
    return _found_around(told, first, _likely(scene, around, origin, kinds), origin, kinds)


def _state(
    told: _Told, site: str, named: str, *, rule: str, side: str | None = None,
    role: str = "primary",
) -> Statement:  # fmt: skip
    cancer = told.cancer
    site = _OF_KIND.get((told.histology[:4], site), site)
    return Statement(
        role, site, told.verdict, cancer.first, cancer.last, rule, told.scene.sentence.section,
        primary=named, histology=told.histology, side=side,
    )  # fmt: skip


def _at(told: _Told, place: Place, rule: str) -> Statement:
    """A cancer that was found at a place, wherever it began."""
    is_usual = rule == "found.line" and told.primary and told.is_default
    if is_usual and told.scene.words[place.last - 1] == _LINING:
        return _state(told, place.site, "endometrium", rule="primary.organ")
    return _state(told, place.site, "", rule=rule, side=place.side, role="found")


def _unplaced(told: _Told) -> Statement:
    return _state(told, "", "", rule="primary.unplaced")


def _beside_tied(
    told: _Told, tied: list[Place], taken: set[int], origin: str | None, kinds: str
) -> list[Statement]:
    """Where else a cancer is found whose organ grammar tells: its specimen, its recurrence."""
    scene, cancer = told.scene, told.cancer
    lines = [p.site for p in scene.places if scene.words[p.last : p.last + 1] == [":"]]
    is_own = tied[0].site in lines or _is_joint(scene, origin, kinds)  # a part is told of
    specimen = [] if is_own or scene.sentence.section == "exam" else scene.specimen
    found = [_at(told, p, "found.specimen") for p in specimen if not _is_title(scene, p)]
    subjects = [p for p, _ in subject_of(scene, cancer, taken)]
    back = found_where(scene, cancer, [], taken) if _is_back(scene, cancer) else []
    again = [p for p, rule in back if rule == "found.before" and not p.is_node]
    return found + [
        _at(told, p, "found.elsewhere")
        for p in subjects + again
        if _is_elsewhere(told, p, origin, kinds)
    ]


def _found_around(
    told: _Told, first: list[Statement], around: list[tuple[Place, str]], origin: str | None,
    kinds: str,
) -> list[Statement]:  # fmt: skip
    """State a cancer and the places around its name where it was found."""
    scene, cancer, sentence = told.scene, told.cancer, told.scene.sentence
    if "origin_region" in sentence.kinds and (
        far := _far_from_region(scene, cancer, [_at(told, p, "found.elsewhere") for p, _ in around])
    ):
        return [_unplaced(told), *far]
    if told.verdict.is_past:  # what was here before is not what the lines before told of
        around = [(p, rule) for p, rule in around if rule not in {"found.before", "found.specimen"}]
        around = [(p, rule) for p, rule in around if not _is_apart(scene, p, cancer)]
    if len({m.value for m in sentence.of("side")}) <= 1:
        first = [_with_side_of(s, [p for p, _ in around]) for s in first]
    found = [
        _at(told, p, "found.elsewhere" if _is_elsewhere(told, p, origin, kinds) else rule)._replace(
            first=min(p.first, cancer.first), last=max(p.last, cancer.last)
        )
        for p, rule in around
    ]
    return first + found or [_unplaced(told)]


def _is_title(scene: Scene, place: Place) -> bool:
    """Whether a place was operated, and no result told: "Operation: lung biopsy. Diagnosis: "."""
    words, first = scene.words, scene.sentence.first
    if scene.sentence.section not in _DIAGNOSES or place.last > first:
        return False
    is_operated = not _OPERATIONS.isdisjoint(words[max(0, place.first - _HEADED) : place.first])
    return is_operated and not any(
        w.startswith(_RESULT) for w in words[max(0, first - _HEADED) : first]
    )


def _tied(cancer: Cancer, organs: list[Place], histology: str, *, is_open: bool) -> list[Place]:
    """Organs that grammar makes the origin; `is_open` where the name tells only the usual one."""
    if cancer.tie not in TIES and (is_open or cancer.tie != "from"):
        return []
    if cancer.tie != "compound" and histology[:4] in _UNTELLING:
        return [p for p in organs if p.site not in OFTEN_REACHED]
    return organs


def _likely(
    scene: Scene, around: list[tuple[Place, str]], own: str | None, kind: str
) -> list[tuple[Place, str]]:
    """Of several places, those where a cancer of this kind may begin."""
    if around and around[0][1] == "found.before":
        around = [pair for pair in around if _is_own(pair[0], own, kind)][:1] or around[:1]
    if _is_joint(scene, own, kind):  # a specimen of several organs tells the origin only
        around = [(p, r) for p, r in around if p not in scene.specimen or _is_own(p, own, kind)]
    return around


def _seat(place: Place, histology: str) -> Place:
    """Where a kind of cancer is that is named by its region: in the skin, or in the cord."""
    kind = histology[:4]
    if (place.is_surface or place.site in _WALLS) and kind in _ON_SURFACE:
        return place._replace(site="skin")
    if kind in _IN_BONE and place.site == "pelvis":
        return place._replace(site="pelvic_bone")
    if kind in _IN_CORD and is_within(place.site, "spine"):
        return place._replace(site="spinal_cord")
    return place


def _named(told: _Told, organs: list[Place], tied: list[Place]) -> list[Statement]:
    """State the cancer as its name and the organs tied to it tell it."""
    primary = told.primary
    if primary and not told.is_default:
        side = organs[0].side if organs else None
        near = [p.site for p in organs if p.site not in OFTEN_REACHED]
        own = organ_of(primary) or next(iter(near), "")
        return [_state(told, own, primary, rule="primary.named", side=side)]
    if tied:
        usual = organ_of(primary) if primary else None
        first = [
            _state(
                told, p.site,
                primary if is_within(p.site, usual) or not is_seat(p.site) else "",
                rule="primary.organ", side=p.side,
            )
            for p in tied
        ]  # fmt: skip
        return [_with_side_of(s, tied) for s in first]
    if primary:
        return [_state(told, organ_of(primary) or "", primary, rule="primary.usual")]
    return []


def _is_elsewhere(told: _Told, place: Place, own: str | None, kind: str) -> bool:
    """Whether tissue of a place holds a cancer that is known to begin in another organ."""
    scene = told.scene
    if place.site in _REGIONS or (own is None and not is_foreign_to(kind, place.site)):
        return False
    if _is_apart(scene, place, told.cancer):
        return False
    if own and overlap(place.site, own):
        return False
    sentence = scene.sentence
    looked = operated_organs(sentence) + examined_organs(sentence)
    if own and any(is_within(o.site, own) for o in looked):
        return False  # "nasal polypectomy and two thyroidectomies (papillary carcinoma)"
    if place in scene.specimen and (scene.is_answered or _is_joint(scene, own, kind)):
        return False
    said = scene.said()
    is_mass = sentence.has_after({"mass"}, place.last)
    is_title = ":" in said and any(w.endswith("ectomy") for w in said)
    is_tissue = is_title or sentence.section in TISSUE or not _TAKEN.isdisjoint(said)
    return is_mass or is_tissue


def _is_back(scene: Scene, cancer: Cancer) -> bool:
    """Whether a cancer is told to have come back: "recurrent gastric cancer"."""
    before = scene.before(cancer.first, _BACK_WITHIN)
    return any(w.startswith(("recurren", "relaps")) for w in before)


def _is_apart(scene: Scene, place: Place, cancer: Cancer) -> bool:
    """Whether a cancer is told of the person, as past, or as not there: "... in a man with ..."."""
    if place not in scene.places:
        return False
    gap = scene.words[place.last : cancer.first]
    return not PERSONS.isdisjoint(gap) or scene.sentence.has(_OTHERWISE, place.last, cancer.first)


def _is_own(place: Place, own: str | None, kind: str) -> bool:
    """Whether a cancer that is known to begin in some organs may begin in a place."""
    if own:
        return overlap(place.site, own)
    return not is_foreign_to(kind, place.site)


def _is_joint(scene: Scene, own: str | None, kind: str) -> bool:
    """Whether a specimen of several organs holds the one where the cancer begins."""
    return (bool(own) or kind in BEGINS) and any(
        _is_own(p, own, kind) for p in scene.specimen
        if not p.is_node and p.site not in OFTEN_REACHED
    )  # fmt: skip


def _is_on_skin(scene: Scene, cancer: Cancer) -> bool:
    """Whether a cancer that begins in the skin is told of a part of the body's surface."""
    return any(
        m.category == "region" and m.value in {"limb_or_trunk", "skin_of_head"}
        and (0 < m.first - cancer.mention.last <= 4 or 0 <= cancer.first - m.last <= 2)
        for m in scene.sentence.mentions
    )  # fmt: skip


def _far_from_region(scene: Scene, cancer: Cancer, found: list[Statement]) -> list[Statement]:
    """Spread outside the region where a cancer is told to begin: "of upper GI origin"."""
    for m in scene.sentence.of("origin_region"):
        if 0 <= m.first - cancer.last <= _SEEN_WITHIN:
            told = judge(scene.sentence, m.first, m.last, scene.words)
            organs = m.value.split() if told.is_claim and not told.is_negated else []
            return [
                s._replace(role="secondary", verdict=_doubted(s.verdict, told.certainty))
                for s in found
                if organs and not any(overlap(s.site, o) for o in organs)
            ]
    return []


def _doubted(verdict: Verdict, certainty: str) -> Verdict:
    """A verdict that is no surer than what it rests on."""
    return verdict._replace(certainty=certainty) if verdict.certainty == "confirmed" else verdict


def _with_side_of(statement: Statement, places: list[Place]) -> Statement:
    """Add the one side that the places around give the organ: "Left breast, biopsy: ..."."""
    sides = {p.side for p in places if p.side and is_within(p.site, statement.site)}
    if statement.side or not statement.site or len(sides) != 1:
        return statement
    return statement._replace(side=sides.pop())
