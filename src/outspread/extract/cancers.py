"""Cancers named in a sentence and the organ that grammar gives them."""

from typing import Final, NamedTuple

from outspread.extract.context import judge
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.statements import Scene, Statement, is_walled, listed_left, listed_right
from outspread.read.places import organ_of

_OF: Final = frozenset({"of", "in", "at", "within", "arising", "originating", "from", "on", "involving"})
_NAME_BEFORE: Final = 5
_USUALLY_SPREAD: Final = frozenset(
    {"brain", "bone", "liver", "pleura", "peritoneum", "spine", "lung", "omentum", "adrenal",
     "leptomeninges", "rib", "skull", "pleural_effusion", "ascites", "diaphragm", "mesentery"}
)  # fmt: skip


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
    found = []
    for mention in scene.sentence.mentions:
        if mention.category == "cancer" or _is_malignant_mass(scene, mention):
            found.append(_cancer(scene, mention))
    return found


def _is_malignant_mass(scene: Scene, mention: Mention) -> bool:
    if mention.category != "malignant":
        return False
    after = scene.words[mention.last : mention.last + 4]
    return any(w in {"tumor", "neoplasm", "mass", "lesion", "growth"} for w in after)


def _cancer(scene: Scene, mention: Mention) -> Cancer:
    words = scene.words
    left = [p for p in listed_left(scene, mention.first, reach=_NAME_BEFORE)]
    left = [p for p in left if not p.is_node]
    first = left[0].first if left else mention.first
    is_metastatic = _is_after_spread(scene, first) or _is_after_spread(scene, mention.first)
    if left:
        return Cancer(mention, first, mention.last, left, is_metastatic, "compound")
    after = words[mention.last] if mention.last < scene.sentence.last else ""
    if after in _OF:
        right = [p for p in listed_right(scene, mention.last + 1, reach=6) if not p.is_node]
        if right:
            return Cancer(mention, mention.first, right[-1].last, right, is_metastatic, after)
        region = _region(scene, mention.last)
        if region:
            return Cancer(mention, mention.first, region.last, [], is_metastatic, "region")
    if after in {",", "-", "(", ":"}:
        right = [p for p in listed_right(scene, mention.last + 1, reach=5) if not p.is_node][:1]
        gap = words[mention.last + 1 : right[0].first] if right else []
        if right and not any(w in {"and", "with", "of", "to", "in"} for w in gap):
            return Cancer(mention, mention.first, right[-1].last, right, is_metastatic, "comma")
    return Cancer(mention, mention.first, mention.last, [], is_metastatic, "")


def _is_after_spread(scene: Scene, first: int) -> bool:
    for m in scene.sentence.mentions:
        if m.category == "spread" and m.value == "adj" and 0 <= first - m.last <= 4:
            gap = scene.words[m.last : first]
            return not any(w in {",", "to", "in", "from", "and", "of", ":"} for w in gap)
    return False


def _region(scene: Scene, start: int) -> Mention | None:
    for m in scene.sentence.mentions:
        if m.category == "region" and 0 < m.first - start <= 5:
            return m
    return None


def read_primaries(scene: Scene, cancers: list[Cancer], taken: set[int]) -> list[Statement]:
    """State the primaries of a sentence; `taken` are first words of places that are targets."""
    found: list[Statement] = []
    for cancer in cancers:
        found += _primary(scene, cancer, taken)
    found += _named_sites(scene, taken)
    return found


def _primary(scene: Scene, cancer: Cancer, taken: set[int]) -> list[Statement]:
    sentence, words = scene.sentence, scene.words
    histology, _, primary = cancer.mention.value.partition(" ")
    if cancer.mention.category == "malignant":
        histology, primary = "8000/3", ""
    is_default = primary.endswith("?")
    primary = primary.rstrip("?")
    organs = [p for p in cancer.organs if p.first not in taken]
    verdict = judge(sentence, cancer.first, cancer.last, words)

    def state(site: str, named: str, *, rule: str, weak: bool = False, side: str | None = None) -> Statement:
        return Statement(
            "primary", site, verdict, cancer.first, cancer.last, rule, sentence.section,
            primary=named, histology=histology, side=side, is_weak=weak,
        )  # fmt: skip

    if primary and not is_default:
        side = organs[0].side if organs else None
        return [state(organ_of(primary) or "", primary, rule="primary.named", side=side)]
    ties = {"compound", "of", "arising", "originating", "in", "at", "from", "within"}
    if primary and is_default:
        ties = {"compound", "of", "arising", "originating"}
    if organs and cancer.tie in ties:
        if cancer.is_metastatic and cancer.tie == "in":
            organs = []
        else:
            return [state(p.site, "", rule="primary.organ", side=p.side) for p in organs]
    if primary:
        return [state(organ_of(primary) or "", primary, rule="primary.named", weak=cancer.is_metastatic and False)]
    if organs and not cancer.is_metastatic:
        return [state(p.site, "", rule="primary.listed", side=p.side) for p in organs]
    before = [p for p in scene.places if p.last <= cancer.first and p.first not in taken and not p.is_node]
    if cancer.is_metastatic:
        before = []
    if before and not is_walled(scene, before[-1].last, cancer.first):
        near = before[-1]
        return [state(near.site, "", rule="primary.subject", side=near.side, weak=True)]
    if scene.specimen and not cancer.is_metastatic:
        return [
            state(p.site, "", rule="primary.specimen", side=p.side, weak=True)
            for p in scene.specimen
            if not p.is_node
        ]
    return [state("", "", rule="primary.unplaced", weak=True)]


def _named_sites(scene: Scene, taken: set[int]) -> list[Statement]:
    """Places called primary or origin, tumor sites of forms, and what is graded one way only."""
    found: list[Statement] = []
    sentence, words = scene.sentence, scene.words
    for m in sentence.mentions:
        near: list[Place] = []
        rule = "primary.word"
        if m.category == "tumor_site":
            near = listed_right(scene, m.last, reach=8)[:1]
        elif m.category == "primary_word":
            near = listed_left(scene, m.first, reach=1)
            if not near and m.last < sentence.last and words[m.last] in {"in", "of", ":", "is", "from"}:
                near = listed_right(scene, m.last, reach=5)[:1]
            if not near and m.value == "" and words[m.first] == "primary":
                near = [p for p in scene.places if p.first == m.last][:1]
                near = near if _is_followed_by_growth(scene, near) else []
        elif m.category == "gleason":
            verdict = judge(sentence, m.first, m.last, words)
            found.append(
                Statement("primary", "prostate", verdict, m.first, m.last, "primary.gleason",
                          sentence.section, primary="prostate", histology="8140/3")
            )  # fmt: skip
        for p in near:
            if p.is_node or p.first in taken:
                continue
            verdict = judge(sentence, min(p.first, m.first), max(p.last, m.last), words)
            found.append(
                Statement("primary", p.site, verdict, min(p.first, m.first), max(p.last, m.last),
                          rule, sentence.section, histology="8000/3", side=p.side)
            )  # fmt: skip
    return found


def _is_followed_by_growth(scene: Scene, near: list[Place]) -> bool:
    return bool(near) and any(
        m.category in {"mass", "cancer"} and 0 <= m.first - near[0].last <= 2
        for m in scene.sentence.mentions
    )
