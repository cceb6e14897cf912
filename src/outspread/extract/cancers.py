"""Cancers named in a sentence and the organ that grammar gives them."""

from typing import Final, NamedTuple

from outspread.extract.context import Verdict, judge
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.statements import Scene, Statement, is_linked, listed_left, listed_right
from outspread.read.places import organ_of

_OF: Final = members("cancers.of")
_SIDES: Final = members("cancers.sides")
_NAME_BEFORE: Final = 5
_FARTHEST: Final = 20
_SEEN_WITHIN: Final = 8
_LONGEST_LINE: Final = 8
_KNOWN: Final = members("cancers.known")
_DOUBTS: Final = frozenset({"weak_pre", "strong_pre", "neg_pre", "purpose", "feared", "neg_other"})
_SAYS: Final = members("cancers.says")
_UNTELLING: Final = members("cancers.untelling")
_OFTEN_REACHED: Final = members("cancers.often_reached")
_AFTER_PRIMARY: Final = members("cancers.after_primary")
_REPORT: Final = frozenset({"", "diagnosis", "microscopic", "specimen", "gross", "impression"})


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
    return [
        _cancer(scene, mention)
        for mention in scene.sentence.mentions
        if mention.category in {"cancer", "spread_cancer"} or _is_malignant_mass(scene, mention)
    ]


def _is_malignant_mass(scene: Scene, mention: Mention) -> bool:
    if mention.category != "malignant":
        return False
    after = scene.words[mention.last : mention.last + 4]
    return any(w in {"tumor", "neoplasm", "mass", "lesion", "growth"} for w in after)


def _cancer(scene: Scene, mention: Mention) -> Cancer:
    words = scene.words
    left = _before_comma(scene, listed_left(scene, mention.first, reach=_NAME_BEFORE))
    first = left[0].first if left else mention.first
    is_metastatic = _is_after_spread(scene, first) or _is_after_spread(scene, mention.first)
    if left:
        return Cancer(mention, first, mention.last, left, is_metastatic, "compound")
    after = words[mention.last] if mention.last < scene.sentence.last else ""
    near = [p for p in scene.places if 0 <= p.first - mention.last <= 2 and not p.is_node]
    near = [p for p in near if not _is_before_spread(scene, p)]
    if near and all(w in _SIDES for w in words[mention.last : near[0].first]):
        return Cancer(mention, mention.first, near[0].last, near[:1], is_metastatic, "of")
    if after in _OF:
        right = [p for p in listed_right(scene, mention.last + 1, reach=6) if not p.is_node]
        right = [p for p in right if not _is_before_spread(scene, p)]
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


def _before_comma(scene: Scene, places: list[Place]) -> list[Place]:
    """Places right before a cancer; one parted by a comma belongs to something else."""
    kept: list[Place] = []
    for p in reversed(places):
        if p.is_node or (kept and "," in scene.words[p.last : kept[-1].first]):
            break
        kept.append(p)
    return kept[::-1]


def _is_before_spread(scene: Scene, place: Place) -> bool:
    """Whether a place belongs to the metastasis after it: "... and liver metastasis"."""
    return any(
        m.category == "spread" and m.value == "noun" and 0 <= m.first - place.last <= 1
        for m in scene.sentence.mentions
    )


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
    verdict = judge(sentence, cancer.first, cancer.last, words)._replace(is_planned=False)
    if _is_presupposed(scene, cancer):
        verdict = Verdict(is_other=verdict.is_other, is_past=verdict.is_past)

    def state(
        site: str, named: str, *, rule: str, weak: bool = False, side: str | None = None
    ) -> Statement:
        return Statement(
            "primary", site, verdict, cancer.first, cancer.last, rule, sentence.section,
            primary=named, histology=histology, side=side, is_weak=weak,
        )  # fmt: skip

    ties = {"compound", "of", "arising", "originating"}
    if not (primary and is_default):
        ties |= {"from"}
    tied = organs if cancer.tie in ties else []
    if cancer.tie != "compound" and histology[:4] in _UNTELLING:
        tied = [p for p in tied if p.site not in _OFTEN_REACHED]
    if primary and not is_default:
        side = organs[0].side if organs else None
        near = [p.site for p in organs if p.site not in _OFTEN_REACHED]
        own = organ_of(primary) or next(iter(near), "")
        first = [state(own, primary, rule="primary.named", side=side)]
    elif tied:
        first = [state(p.site, "", rule="primary.organ", side=p.side) for p in tied]
    elif primary:
        first = [state(organ_of(primary) or "", primary, rule="primary.usual")]
    else:
        first = []
    if cancer.is_metastatic or tied:
        return first or [state("", "", rule="primary.unplaced", weak=True)]
    around = _where(scene, cancer, organs, taken)
    found = [
        state(p.site, "", rule=rule, weak=True, side=p.side)._replace(
            role="found", first=min(p.first, cancer.first)
        )
        for p, rule in around
    ]
    return first + found or [state("", "", rule="primary.unplaced", weak=True)]


def _is_line(scene: Scene, cancer: Cancer) -> bool:
    """Whether a sentence is a line of a report: "Stomach, antrum, adenocarcinoma"."""
    between = scene.words[scene.sentence.first : cancer.first]
    return "," in between and len(between) <= _LONGEST_LINE and not any(
        m.category in {"stop", "stop_verb", "hist_pre", "neg_pre", "symptom"}
        for m in scene.sentence.mentions
        if m.first < cancer.first
    ) and scene.places[0].first - scene.sentence.first <= 1


def _operated(scene: Scene, cancer: Cancer) -> Place | None:
    """Organ that was operated for the cancer: "nephrectomy for cancer"."""
    for m in scene.sentence.mentions:
        if m.category == "treat" and 0 < cancer.first - m.last <= 6:
            _, strength, organs = m.value.split(":")
            if strength == "organ" and "for" in scene.words[m.last : cancer.first]:
                return Place(m.first, m.last, organs.split()[0], None, is_node=False)
    return None


def _is_presupposed(scene: Scene, cancer: Cancer) -> bool:
    """Whether a doubt before a cancer is about its spread: "possible metastasis of his cancer"."""
    if scene.sentence.section == "family":
        return False
    first = cancer.first
    if any(w in _KNOWN for w in scene.words[max(scene.sentence.first, first - 2) : first]):
        return True
    before = [m for m in scene.sentence.mentions if m.first < cancer.first]
    doubts = [m.first for m in before if m.category in _DOUBTS]
    spread = [m.first for m in before if m.category in {"spread", "deposit"} and m.value != "adj"]
    return bool(doubts and spread) and max(doubts) < max(spread)


def _where(
    scene: Scene, cancer: Cancer, organs: list[Place], taken: set[int]
) -> list[tuple[Place, str]]:
    """Where a cancer was found that grammar ties to no organ: subject, specimen, mass before."""
    if organs:
        return [(p, "found.listed") for p in organs]
    before = [p for p in scene.places if p.last <= cancer.first and p.first not in taken]
    before = [p for p in before if not p.is_node]
    if before and cancer.first - before[-1].last <= _FARTHEST:
        walls = {"stop", "cancer", "spread", "deposit", "extension"}
        between = [m for m in scene.sentence.mentions if before[-1].last <= m.first < cancer.first]
        is_tied = is_linked(scene, before[-1].last, cancer.first) or _is_line(scene, cancer)
        if is_tied and not any(m.category in walls for m in between):
            is_line = any(
                w in {":", ",", "with", "-"} for w in scene.words[before[-1].last : cancer.first]
            )
            rule = (
                "found.line" if is_line and scene.sentence.section in _REPORT else "found.subject"
            )
            return [(before[-1], rule)]
    operated = _operated(scene, cancer)
    if operated:
        return [(operated, "found.operated")]
    right = [p for p in scene.places if p.first >= cancer.last and p.first not in taken]
    if right and not right[0].is_node and right[0].first - cancer.last <= _SEEN_WITHIN:
        gap = scene.words[cancer.last : right[0].first]
        is_in = "confined" in gap or "limited" in gap
        if (is_in or any(w in {"in", "at", "within", "from"} for w in gap)) and not any(
            w in {",", ";", "and", "with", "who"} for w in gap
        ):
            return [(right[0], "found.subject")]
    if scene.specimen:
        return [(p, "found.specimen") for p in scene.specimen if not p.is_node]
    if any(w in _SAYS for w in scene.words[scene.sentence.first : cancer.first]):
        return [(p, "found.before") for p in scene.earlier if not p.is_node][:1]
    return []


_CELLS: Final = members("cancers.cells")
FLUIDS: Final = members("cancers.fluids")


def read_fluids(scene: Scene, taken: set[int]) -> list[Statement]:
    """State cancer cells in a fluid: "pleural fluid positive for malignant cells"."""
    found = []
    for m in scene.sentence.mentions:
        if m.category not in {"cells", "cancer"}:
            continue
        for p in scene.places or scene.specimen:
            if p.site in FLUIDS and p.first not in taken:
                inside = p in scene.places
                first = min(p.first, m.first) if inside else m.first
                last = max(p.last, m.last) if inside else m.last
                said = scene.words[scene.sentence.first : scene.sentence.last]
                if not is_linked(scene, first, last) and not _CELLS.intersection(said):
                    continue
                verdict = judge(scene.sentence, m.first, last, scene.words)
                taken.add(p.first)
                found.append(
                    Statement("secondary", p.site, verdict, first, last, "spread.fluid",
                              scene.sentence.section, contiguity="discontiguous", side=p.side)
                )  # fmt: skip
    return found


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
            after = words[m.last] if m.last < sentence.last else ""
            near = listed_left(scene, m.first, reach=1) if after in _AFTER_PRIMARY else []
            if words[m.first] == "origin":
                near = near if words[max(0, m.first - 4) : m.first].count("of") else []
            elif (
                not near
                and m.last < sentence.last
                and words[m.last] in {"in", "of", ":", "is", "from"}
            ):
                near = listed_right(scene, m.last, reach=5)[:1]
            if not near and m.value == "" and words[m.first] == "primary":
                near = [p for p in scene.places if p.first == m.last][:1]
                near = near if _is_followed_by_growth(scene, near) else []
        elif m.category == "spread" and m.value == "noun":
            both = listed_left(scene, m.first)
            near = both[:1] if len(both) == 2 and both[0].last == both[1].first else []
        elif m.category == "gleason":
            verdict = judge(sentence, m.first, m.last, words)
            found.append(
                Statement("primary", "prostate", verdict, m.first, m.last, "primary.gleason",
                          sentence.section, primary="prostate", histology="8140/3")
            )  # fmt: skip
        elif m.category == "mass" and m.value == "tumor" and _is_spreading(scene):
            near = _before_comma(scene, listed_left(scene, m.first, reach=1))[-1:]
            if not near and words[m.last : m.last + 1] == ["of"]:
                near = [p for p in listed_right(scene, m.last + 1, reach=3)[:1] if not p.is_node]
            rule = "found.tumor"
        for p in near:
            if p.is_node or p.first in taken:
                continue
            verdict = judge(sentence, min(p.first, m.first), max(p.last, m.last), words)
            role = "found" if rule == "found.tumor" else "primary"
            found.append(
                Statement(role, p.site, verdict, min(p.first, m.first), max(p.last, m.last),
                          rule, sentence.section, histology="8000/3", side=p.side)
            )  # fmt: skip
    return found


def _is_spreading(scene: Scene) -> bool:
    return any(m.category in {"spread", "deposit", "extension"} for m in scene.sentence.mentions)


def _is_followed_by_growth(scene: Scene, near: list[Place]) -> bool:
    return bool(near) and any(
        m.category in {"mass", "cancer"} and 0 <= m.first - near[0].last <= 2
        for m in scene.sentence.mentions
    )
