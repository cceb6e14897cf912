"""Where a cancer was found that grammar ties to no organ: subject, specimen, mass before."""

from typing import Final

from outspread.extract.cancers import Cancer
from outspread.extract.groups import members
from outspread.extract.kinds import HAVING, OF_NODES, PERSONS, TISSUE
from outspread.extract.lexicon import Mention
from outspread.extract.operated import examined_organs, operated_organs
from outspread.extract.places import Place, names_node, without_whole
from outspread.extract.primaries import OFTEN_REACHED
from outspread.extract.statements import Scene, is_linked, listed_left
from outspread.extract.targets import is_of_lesions, is_of_mass
from outspread.read.places import is_within

_ANY_CANCER: Final = "8000/3"
_FARTHEST: Final = 20
_FARTHEST_SPECIMEN: Final = 45  # "resectate of the colon with ..., with an adenocarcinoma"
_SPECIMEN_WITHIN: Final = 6
_REMOVED: Final = members("origin.removed")
_MASS_GAP: Final = members("origin.mass_gap")
_MASS_WITHIN: Final = 3
_SEEN_WITHIN: Final = 8
_LONGEST_LINE: Final = 8
_SPECIMEN_REACH: Final = 4
_SAYS: Final = members("cancers.says")
_REPORT: Final = frozenset({"", "diagnosis", "microscopic", "specimen", "gross", "impression"})
_CONFINED: Final = frozenset({"confined", "limited", "localized"})
_IN: Final = frozenset({"in", "at", "within", "from"})
_PARTING: Final = frozenset({",", ";", "and", "with", "who"})
_OPERATED: Final = frozenset({"specimen", "specimens"})
_SAMPLED_WITHIN: Final = 7
_SAMPLED: Final = members("memory.sampling")
_AND: Final = frozenset({"and", ","})
_BETWEEN: Final = _AND | members("found.between") | members("memory.masses")
_POSITIVE: Final = "positive"
_SOON: Final = 3
_REMOVED_FOR: Final = members("found.removed_for")
_DIAGNOSED: Final = frozenset({"diagnosed", "confirmed", "proven", "established", "detected"})
_BY: Final = frozenset({"by", "after", "on", "from", "via", "with", "through"})
_NOT_IN_LINE: Final = frozenset({"stop", "stop_verb", "hist_pre", "neg_pre", "symptom"})
_TAKEN_OUT: Final = members("origin.tissue_words") | _SAMPLED


def found_where(
    scene: Scene, cancer: Cancer, organs: list[Place], taken: set[int]
) -> list[tuple[Place, str]]:
    """Where a cancer was found that grammar ties to no organ: subject, specimen, mass before."""
    if organs:
        return [(p, "found.listed") for p in organs]
    if subject := subject_of(scene, cancer, taken):
        return subject
    operated = _operated(scene, cancer)
    if operated:
        return [(operated, "found.operated")]
    if shown := _shown_by(scene, cancer):
        return [(p, "found.operated") for p in shown]
    if (place := _told_after(scene, cancer, taken)) is not None:
        return [(place, "found.subject")]
    if looked := [p for p in examined_organs(scene.sentence) if p.last == cancer.first]:
        return [(looked[0], "found.before")]  # "colonoscopy adenocarcinoma"
    if not scene.places and not _OPERATED.isdisjoint(
        scene.words[cancer.last : scene.sentence.last]
    ):
        return [(p, "found.operated") for p in operated_organs(scene.sentence)]
    if scene.specimen and scene.sentence.section != "exam":
        return [(p, "found.specimen") for p in scene.specimen if not p.is_node]
    near = scene.before(cancer.first, 4)
    if not PERSONS.isdisjoint(near):
        return []  # "a liver tumor in a patient with ...": what the person has
    said = scene.words[scene.sentence.first : cancer.first]
    is_told = scene.sentence.section in TISSUE or not _SAYS.isdisjoint(said)
    if is_told and (seen := _examined(scene, cancer)):
        return [(p, "found.before") for p in seen]
    if "residual" in near and not {"no", "without"}.isdisjoint(near):
        return []  # of the operation before, not of what was sampled
    if is_told or _is_feared(scene, cancer):
        is_of_nodes = cancer.mention.value.partition(" ")[2] not in OF_NODES
        is_of_nodes = is_of_nodes and len({p.site for p in scene.sampled}) == 1
        return [
            (p, "found.before") for p in scene.earlier
            if not p.is_node or (is_of_nodes and p in scene.sampled and names_node(scene.words, p))
        ]  # fmt: skip
    return []


def _told_after(scene: Scene, cancer: Cancer, taken: set[int]) -> Place | None:
    """Place after a cancer that it is told to be in: "a carcinoma of 3 cm in the cecum"."""
    right = [p for p in scene.places if p.first >= cancer.last and p.first not in taken]
    for p in right:
        if not _CONFINED.isdisjoint(scene.words[max(cancer.last, p.first - 4) : p.first]):
            return p
    if right and not right[0].is_node and _is_diagnosed_from(scene, cancer, right[0]):
        return right[0]
    if not right or right[0].is_node or right[0].first - cancer.last > _SEEN_WITHIN:
        return None
    gap = scene.words[cancer.last : right[0].first]
    is_in = not (_CONFINED | _IN).isdisjoint(gap)
    return right[0] if is_in and _PARTING.isdisjoint(gap) else None


def _is_diagnosed_from(scene: Scene, cancer: Cancer, place: Place) -> bool:
    """Whether tissue of a place told the kind: "sarcoma, diagnosed after biopsy of the adrenal"."""
    gap = scene.words[cancer.last : place.first]
    taken = max((i for i, w in enumerate(gap) if w in _SAMPLED), default=len(gap))
    is_of = gap[taken + 1 : taken + 2] == ["of"] and _PARTING.isdisjoint(gap[taken:])
    said = gap[next((i for i, w in enumerate(gap) if w in _DIAGNOSED), taken) : taken]
    return is_of and "who" not in said and not _BY.isdisjoint(said)


def _examined(scene: Scene, cancer: Cancer) -> list[Place]:
    """Organ that was looked at, where a mass was seen or tissue taken: "gastroscopy, biopsy"."""
    seen = [p for p in examined_organs(scene.sentence) if p.last <= cancer.first]
    if len(seen) != 1:
        return []
    is_taken = not _SAMPLED.isdisjoint(scene.words[seen[0].first : cancer.first])
    is_mass = scene.sentence.has({"mass"}, seen[0].last, cancer.first)
    return seen if is_taken or is_mass else []


def subject_of(scene: Scene, cancer: Cancer, taken: set[int]) -> list[tuple[Place, str]]:
    """Place of which a sentence tells that a cancer was found in it."""
    before = [p for p in scene.places if p.last <= cancer.first and p.first not in taken]
    before = without_whole([p for p in before if not p.is_node])
    if not before or scene.words[before[-1].last : before[-1].last + 2] == [":", "known"]:
        return []  # "MRI liver: known colorectal cancer"
    reached = [p.site for p in scene.places if p.first in taken and p.first < cancer.first]
    before = [p for p in before if not any(p.site != s and is_within(p.site, s) for s in reached)]
    opening = scene.words[scene.sentence.first : scene.sentence.first + _SPECIMEN_WITHIN]
    is_specimen = not _REMOVED.isdisjoint(opening)
    farthest = _FARTHEST_SPECIMEN if is_specimen else _FARTHEST
    if before and cancer.first - before[-1].last <= farthest:
        walls = {"stop", "cancer", "spread", "deposit", "extension"}
        gap = scene.words[before[-1].last : cancer.first]
        if is_of_lesions(scene, before[-1]) and not _SAMPLED.isdisjoint(gap):
            walls -= {"extension"}  # "lung mass with erosion of a rib, biopsy squamous carcinoma"
        between = [
            m for m in scene.sentence.mentions
            if before[-1].last <= m.first < cancer.first
            and not _is_of_name(before[-1], m, cancer)
            and not _is_of_taken(scene, before[-1], m, cancer)
        ]  # fmt: skip
        is_having = gap[:1] == [","] and gap[1:2] in HAVING  # "no ascites, has a carcinoma"
        is_tied = is_linked(scene, before[-1].last, cancer.first) or _is_line(scene, cancer)
        is_positive = _POSITIVE in gap or scene.words[cancer.first] == _POSITIVE
        is_tied = is_tied or is_positive or _is_mass_with(scene, before[-1], cancer)
        is_tied = is_tied or _is_sampled(scene, before[-1], cancer)
        walled = [m for m in between if m.category in walls and m.value != "result"]
        if is_tied and not (is_having or walled):
            is_line = _is_listed(scene, before[-1].last, cancer.first)
            is_report = is_line and scene.sentence.section in _REPORT
            rule = "found.positive" if is_positive else "found.subject"
            rule = "found.line" if is_report and rule == "found.subject" else rule
            first = listed_left(scene, before[-1].last, reach=_SPECIMEN_REACH) if is_line else []
            first = before[:1] if _is_attached(scene, before) else first
            own = next((p for p in first if not p.is_node), before[-1])
            is_sampled = own is before[-1] and not _SAMPLED.isdisjoint(opening)
            return [(p, rule) for p in (_together(scene, before) if is_sampled else [own])]
    return []


def _together(scene: Scene, before: list[Place]) -> list[Place]:
    """Places of one result: "biopsies of the stomach and a skin nodule showed ..."."""
    found = before[-1:]
    for p in reversed(before[:-1]):
        gap = scene.words[p.last : found[0].first]
        if _AND.isdisjoint(gap) or not _BETWEEN.issuperset(gap):
            break
        found.insert(0, p)
    return found


def _is_line(scene: Scene, cancer: Cancer) -> bool:
    """Whether a sentence is a line of a report: "Stomach, antrum, adenocarcinoma"."""
    between = scene.words[scene.sentence.first : cancer.first]
    if "," not in between or len(between) > _LONGEST_LINE:
        return False
    is_first = scene.places[0].first - scene.sentence.first <= (3 if ":" in between[:3] else 1)
    return is_first and not scene.sentence.has(_NOT_IN_LINE, scene.sentence.first, cancer.first)


def _operated(scene: Scene, cancer: Cancer) -> Place | None:
    """Organ that was treated for the cancer: "nephrectomy for cancer", "50 Gy to the breast"."""
    if (place := _irradiated(scene, cancer)) is not None:
        return place
    for m in scene.sentence.of("treat"):
        if 0 < cancer.first - m.last <= 6 and "for" in scene.words[m.last : cancer.first]:
            _, strength, organs = m.value.split(":")
            if strength == "organ":
                return Place(m.first, m.last, organs.split()[0], None, is_node=False)
            beside = [p for p in scene.places if 0 <= m.first - p.last <= 1 and not p.is_node]
            if beside and strength.startswith("cancer"):
                return beside[-1]
    return None


def _shown_by(scene: Scene, cancer: Cancer) -> list[Place]:
    """Organ whose removal showed the cancer: "orchiectomy revealed", "the specimen held"."""
    removed = [p for p in operated_organs(scene.sentence) if p.last <= cancer.first]
    if len(removed) != 1:
        return []
    gap = scene.words[removed[0].last : cancer.first]
    is_result = scene.sentence.has_after({"stop_verb"}, removed[0].last, 1)
    return removed if is_result or not _OPERATED.isdisjoint(gap) else []


def _irradiated(scene: Scene, cancer: Cancer) -> Place | None:
    """Organ that was irradiated for a cancer; not one to which others spread."""
    for m in scene.sentence.of("treat"):
        if m.value[:9] == "radiation" and scene.word(m.last) in {"to", "of"}:
            near = [p for p in scene.places if 0 < p.first - m.last <= _SPECIMEN_REACH][:1]
            near = [p for p in near if not p.is_node and p.site not in OFTEN_REACHED]
            if near and m.last < cancer.first and "for" in scene.words[near[0].last : cancer.first]:
                return near[0]
    return None


def _is_listed(scene: Scene, first: int, last: int) -> bool:
    """Whether a mark or "with", and not only "consistent with", parts a place and a cancer."""
    hedges = [m for m in scene.sentence.mentions if m.category in {"strong_pre", "weak_pre"}]
    return any(
        scene.words[at] in {":", ",", "-", "with"}
        and not any(m.first <= at < m.last for m in hedges)
        for at in range(first, last)
    )


def _is_attached(scene: Scene, places: list[Place]) -> bool:
    """Whether the last place is what was removed along: "larynx, laryngectomy with a lobe of"."""
    between = scene.words[places[0].last : places[-1].first]
    return "with" in between and any(w.endswith("ectomy") for w in between)


def _is_mass_with(scene: Scene, place: Place, cancer: Cancer) -> bool:
    """Whether a mass and its kind stand side by side: "ulcer of the stomach, adenocarcinoma"."""
    gap = scene.words[place.last : cancer.first]
    if "with" in gap and _MASS_GAP.issuperset(gap):
        return True  # "colon polyp with carcinoma in situ"
    return gap == [","] and any(
        0 < place.first - m.last <= _MASS_WITHIN for m in scene.sentence.of("mass")
    )


def _is_sampled(scene: Scene, place: Place, cancer: Cancer) -> bool:
    """Whether a cancer stands for what a sample showed: "biopsied the tonsil, carcinoma"."""
    before = scene.before(place.first, _SAMPLED_WITHIN)
    is_next = scene.words[place.last : cancer.first] == [","]
    return is_next and not cancer.organs and not _TAKEN_OUT.isdisjoint(before)


def _is_of_name(place: Place, m: Mention, cancer: Cancer) -> bool:
    """Whether a word of growth is of a name: "infiltrating carcinoma", "gastric ulceration"."""
    is_noun = m.value == "noun" and m.first == place.last
    return m.category == "extension" and (is_noun or m.last == cancer.mention.first)


def _is_of_taken(scene: Scene, place: Place, m: Mention, cancer: Cancer) -> bool:
    """Whether "which" means a mass that was taken: "a nodule of the liver was excised, which".

    So does why it was: "the breast was removed because of cancer"; not "... of ovarian cancer".
    """
    word, said = scene.words[m.first], scene.words[place.last : m.first]
    if word in {"because", "due"}:
        return not (cancer.organs or _REMOVED_FOR.isdisjoint(said))
    is_mass = is_of_lesions(scene, place) or is_of_mass(scene, place)
    said = said + scene.words[m.last : m.last + _SOON]  # "which on excision was"
    return word == "which" and is_mass and not _TAKEN_OUT.isdisjoint(said)


def _is_feared(scene: Scene, cancer: Cancer) -> bool:
    """Whether what was seen before is suspected to be cancer: "highly suggestive of malignancy"."""
    is_any = cancer.mention.value == _ANY_CANCER
    return is_any and scene.sentence.has_before({"strong_pre"}, cancer.first, 1)
