"""Which places a word of metastasis speaks of: direction decides before nearness."""

from itertools import pairwise
from typing import Final

from outspread.extract.cancers import TIES, Cancer
from outspread.extract.groups import members
from outspread.extract.kinds import HAVING, WITHIN
from outspread.extract.lexicon import Mention
from outspread.extract.operated import operated_organs
from outspread.extract.places import Place
from outspread.extract.primaries import is_foreign_to, is_seat
from outspread.extract.statements import (
    Scene,
    is_beside,
    is_by_spread,
    is_linked,
    is_walled,
    listed_left,
    listed_right,
)
from outspread.extract.subjects import is_opening, is_origin_with, own_organs, without_where
from outspread.read.places import is_within, organ_of, overlap

_SAYS: Final = members("spread.says")
_HOLDING: Final = members("targets.holding")
_SOON: Final = 2
_SUBJECT_REACH: Final = 16
_RESULT_WITHIN: Final = 8
_OF_SPECIMENS: Final = frozenset(
    {"", "diagnosis", "microscopic", "gross", "specimen", "findings", "impression"}
)
_ALL: Final = frozenset({"both", "these", "they", "all", "which", "biopsies", "lesions", "nodules"})
_ALL_OF: Final = frozenset({"both", "each", "all"})
_TOLD: Final = members("targets.told_before")
_ORGANS_REACHED: Final = members("spread.organs_reached")
_ASIDES: Final = frozenset({"after", "following", "since", "before", "despite", "because"})
_BROKEN: Final = members("targets.broken")
_OF_TUMOR: Final = frozenset({"pathologic", "pathological", "impending"})
_CAUSES: Final = frozenset({"secondary", "due", "from", "because"})
_CAUSE: Final = 6
_SIDE: Final = 5  # words of "fracture of the left proximal"
_ON_SURFACE: Final = members("origin.on_surface")
_NOUNS_OF: Final = members("targets.nouns_of")
_NAMING: Final = members("targets.naming")  # "metastases were seen and included the liver"
_ARE_THESE: Final = (["were", ":"], ["are", ":"], ["include", ":"], ["included", ":"])
_ON: Final = frozenset({"on", "by", "in", "at", "(", "from"})
_ON_SCAN: Final = 5  # words between a metastasis and the scan that shows it
_OTHER_SCANS: Final = members("targets.other_scans")
_REASONS: Final = frozenset({"for", "due", "because"})
_APART: Final = members("targets.apart")
_MASSES: Final = frozenset({"mass", "masses"})
_LOCAL: Final = frozenset({"surgery", "radiation"})
_SEEN: Final = frozenset(
    {"in", "within", "to", "throughout", "involving", "on", "along", "from", "stud", "studding"}
)
_TAKEN_WITHIN: Final = 4  # words between a removal and the deposits that were removed
_REMOVED: Final = members("origin.removed") | {"removed", "resected", "excised"}
_NEW_SUBJECTS: Final = members("spread.new_subjects")

_SHOWING: Final = frozenset({"stop_verb", "turn_out"})
_NOT_ON_SCAN: Final = frozenset({"stop", "neg_post", "clear_scan", "treat", "cancer"})
_BARRING: Final = frozenset({"neg_pre", "primary_word"})
_PARTING: Final = frozenset({";", "who", "with", "but", "and"})
_PRIMARIES: Final = frozenset({"primary", "primaries"})


def is_organ(place: Place, cancers: list[Cancer]) -> bool:
    """Whether a place is the organ that a cancer is named after."""
    return any(place in c.organs and c.tie in TIES for c in cancers)


def is_of_mass(scene: Scene, place: Place) -> bool:
    """Whether a place belongs to a tumor named before it: "tumor of the colon and ..."."""
    return any(
        m.category in {"mass", "cancer"} and 0 < place.first - m.last <= 4
        and scene.words[m.last] in WITHIN and not is_walled(scene, m.last, place.first)
        for m in scene.sentence.mentions
    )  # fmt: skip


def organs_of_metastatic(cancer: Cancer) -> tuple[list[Place], set[int]]:
    """Split the organs of "metastatic ... cancer ..." into where it went and where it began."""
    if cancer.tie == "compound":
        cancer_word = cancer.mention.value.startswith(("8000", "8001"))
        gone = [p for p in cancer.organs if cancer_word and p.site in {"brain", "bone", "spine"}]
        return gone, {p.first for p in cancer.organs if p not in gone}
    if cancer.tie == "from":
        return [], {p.first for p in cancer.organs}
    if cancer.tie in {"in", "within", "at", "on", "involving"}:
        return list(cancer.organs), set()
    gone = [
        p for p in cancer.organs
        if (p.site in _ORGANS_REACHED or p.is_node or _is_foreign(cancer, p))
        and not _is_home(cancer, p)
    ]  # fmt: skip
    return gone, {p.first for p in cancer.organs if p not in gone}


def _is_home(cancer: Cancer, place: Place) -> bool:
    """Whether a cancer of this kind begins at such a place: "osteosarcoma of the femur"."""
    histology, _, primary = cancer.mention.value.partition(" ")
    if histology[:4] in _ON_SURFACE and place.site == "skin":
        return True
    organ = organ_of(primary.rstrip("?")) if primary else None
    return bool(organ) and is_within(place.site, organ)


def _is_foreign(cancer: Cancer, place: Place) -> bool:
    """Whether the name of a cancer tells another organ: "renal cell carcinoma of the thyroid"."""
    histology, _, primary = cancer.mention.value.partition(" ")
    if primary.endswith("?") or not primary:
        return is_foreign_to(histology[:4], place.site)
    organ = organ_of(primary)
    return bool(organ) and is_seat(place.site) and not overlap(place.site, organ)


def places_within(scene: Scene, m: Mention) -> tuple[list[Place], int]:
    """Read "metastatic liver lesions", "metastatic pelvic nodes": places within the phrase."""
    found: list[Place] = []
    end = m.last
    for p in scene.places:
        if p.first < m.first and m.last < p.last:  # "axillary metastatic nodes"
            found, end = [p], p.last
        if p.first < m.last:
            continue
        gap = scene.words[end : p.first]
        if len(gap) > 3 or not _APART.isdisjoint(gap):
            break
        if not found and "," in gap:
            break
        if is_walled(scene, end, p.first):
            break
        found.append(p)
        end = p.last
    return found, end


def tumor_from(scene: Scene, m: Mention) -> list[Place]:
    """Read "metastatic esophageal tumor in the kidney": where it began, and where it went."""
    near = [p for p in scene.places if p.first == m.last and not p.is_node]
    if not near or near[0].last + 1 >= scene.sentence.last:
        return []
    origin = near[0]
    word, link = scene.words[origin.last], scene.words[origin.last + 1]
    if word not in {"tumor", "tumors", "neoplasm", "neoplasms"} or link not in _SEEN | {"of"}:
        return []
    gone = listed_right(scene, origin.last + 2, reach=3)
    is_apart = bool(gone) and not overlap(gone[0].site, origin.site)
    return [origin, *gone] if is_apart and is_seat(origin.site) else []


def is_close_list(scene: Scene, start: int, places: list[Place]) -> bool:
    """Whether places after a comma belong to the words before it: no verb comes first."""
    if not places:
        return False
    gap = scene.words[start : places[0].first]
    if gap[:1] in (["including"], ["involving"], ["namely"]) or gap[:2] == ["such", "as"]:
        return True
    return len(gap) <= 4 and not any(w in {"and", "is", "was", "the", "there", "no"} for w in gap)


def seen_right(scene: Scene, end: int) -> list[Place]:
    """Places after a verb: "metastases were seen in the liver"."""
    words = scene.words
    for p in scene.places:
        if p.first < end:
            continue
        gap = words[end : p.first]
        if ("from" in gap and _REMOVED.isdisjoint(gap)) or len(gap) > 9 or "," in gap[:1]:
            return []
        if scene.sentence.has(_BARRING, end, p.first):
            return []  # "metastatic carcinoma without a primary in"
        is_named = not _NAMING.isdisjoint(gap) or gap[:2] in _ARE_THESE
        is_seen = not _SEEN.isdisjoint(gap) and _PARTING.isdisjoint(gap)
        return listed_right(scene, p.first) if is_named or is_seen else []
    return []


def is_removed(scene: Scene, m: Mention) -> bool:
    """Whether deposits are taken from where they are: "removed implants from the diaphragm"."""
    before = scene.before(m.first, _TAKEN_WITHIN)
    return not _REMOVED.isdisjoint(before)


def subject_places(scene: Scene, m: Mention, cancers: list[Cancer]) -> list[Place]:
    """Places that stand before as the subject: "the liver shows multiple metastases"."""
    before = [
        p for p in scene.places
        if p.last <= m.first and not any(p in c.organs for c in cancers)
        and (scene.words[p.first - 1] != "primary" or turns_out_spread(scene, p.last))
        and scene.words[p.last] not in _PRIMARIES  # "like the breast primary, a metastasis"
    ]  # fmt: skip
    own = own_organs(cancers)  # "biopsy of the prostate: metastatic prostate cancer"
    before = without_where(scene, [p for p in before if p.site not in own])
    if before and _is_object(scene, before[-1]) and not is_of_lesions(scene, before[-1]):
        return []
    if not before or m.first - before[-1].last > _SUBJECT_REACH:
        return []
    between = scene.words[before[-1].last : m.first]
    if between[:1] == [","] and between[1:2] in HAVING:
        return []  # "no ascites, has metastatic ..."
    if between[-1:] == [","] and _is_of_named(scene, m, cancers):
        return []  # "carcinoma of the stomach (antrum), metastatic"
    is_hedged = any(o.last == m.first and "pre" in o.category for o in scene.sentence.mentions)
    if not _NEW_SUBJECTS.isdisjoint(between) and not is_opening(scene, before[-1], between):
        return []
    if between[:1] == between[-1:] == ["with"] and "," not in between:
        return listed_left(scene, before[-1].last, reach=4)  # "left ovary with metastatic ..."
    has_origin = any(c.is_metastatic and 0 <= c.mention.first - m.last <= 7 for c in cancers)
    if _is_broken_by(scene, before[-1], m):
        return before[-1:]
    if has_origin and not before[-1].is_node and not is_linked(scene, before[-1].last, m.first):
        return []
    is_of = "of" in between[-2:] and between[-2:-1] != ["that"] and not is_hedged
    if "," in between and scene.words[scene.sentence.first] in _ASIDES:
        return []  # "After removal of the uterus, ..."
    is_from = "from" in between and not _is_result(scene, before[-1].last, m.first)
    is_of = is_of and _NOUNS_OF.isdisjoint(between[-2:-1])
    if before[-1].is_node and _is_new_denial(scene, before[-1].last, m):
        return []
    if is_from or is_of or is_beside(scene, before[-1].last, m.first):
        return []
    if not _ALL_OF.isdisjoint(between) and before[-1].first - before[0].last <= _SUBJECT_REACH:
        return before  # "nodules of the lung and a lesion of the spleen both showed metastases"
    if scene.words[m.first - 1] not in {"or", "versus", "vs"} and any(
        c.mention.first >= before[-1].last and c.mention.last < m.first
        and not _is_same(scene, c, m) for c in cancers
    ):  # fmt: skip
        return []
    if is_origin_with(scene, before[-1], m):
        return []
    listed = listed_left(scene, before[-1].last, reach=4)
    apart = [i for i, p in enumerate(listed[:-1]) if is_of_lesions(scene, p)]
    apart = [i for i in apart if "," in scene.words[listed[i].last : listed[i + 1].first]]
    return listed[apart[-1] + 1 :] if apart else listed


def _is_of_named(scene: Scene, m: Mention, cancers: list[Cancer]) -> bool:
    """Whether a word that ends a sentence calls a cancer named before it metastatic."""
    is_end = m.last >= scene.sentence.last or scene.words[m.last] == "."
    return is_end and any(
        c.mention.last < m.first and "," not in scene.words[c.mention.last : m.first - 1]
        for c in cancers
    )


def _is_same(scene: Scene, cancer: Cancer, m: Mention) -> bool:
    """Whether a cancer is told to be a metastasis: "adenocarcinoma consistent with metastasis"."""
    return any(
        o.category in {"strong_pre", "weak_pre"}
        and o.first - cancer.last <= 1 and 0 <= m.first - o.last <= 1
        for o in scene.sentence.mentions
    )  # fmt: skip


def _is_broken_by(scene: Scene, place: Place, m: Mention) -> bool:
    """Whether what a cancer did to a bone is told: "fracture of the hip due to metastatic ..."."""
    words, first = scene.words, scene.sentence.first
    is_broken = not _BROKEN.isdisjoint(words[max(first, place.first - _SIDE) : place.last + 2])
    gap = words[place.last : m.first]
    if gap[:1] == [","] and not _OF_TUMOR.isdisjoint(words[first : place.first]):
        gap = gap[1:]  # "pathologic fracture, left femur, (due to) metastatic carcinoma"
        if not gap:
            return is_broken
    return is_broken and len(gap) <= _CAUSE and not _CAUSES.isdisjoint(gap) and "," not in gap


def _is_object(scene: Scene, place: Place) -> bool:
    """Whether a tumor grows into a place, or began there: "invading the bladder without ..."."""
    told = [o for o in scene.sentence.of("extension") if not is_by_spread(scene, o)]
    if not turns_out_spread(scene, place.last):
        told += scene.sentence.of("primary_word")
    return any(o.last <= place.first and not is_walled(scene, o.last, place.first) for o in told)


def turns_out_spread(scene: Scene, first: int) -> bool:
    """Whether a tumor told before proves to be spread: "turned out to be metastatic"."""
    turns = [m.last for m in scene.sentence.of("turn_out") if m.last > first]
    return any(scene.sentence.has_after({"spread"}, turn, 1) for turn in turns)


def is_of_lesions(scene: Scene, place: Place) -> bool:
    """Whether a place belongs to lesions told before: "splenic lesions, and liver biopsy ..."."""
    return scene.sentence.has_after({"mass"}, place.last)


def _is_new_denial(scene: Scene, first: int, m: Mention) -> bool:
    """Whether a denial after a comma begins anew: "nodes positive, no distant metastasis"."""
    denials = [o.first for o in scene.sentence.of("neg_pre") if first < o.first < m.first]
    return any(scene.words[denial - 1] == "," for denial in denials)


def _is_result(scene: Scene, first: int, last: int) -> bool:
    """Whether a result is told after "from": "biopsy from the nodule confirmed ..."."""
    origin = first + scene.words[first:last].index("from")
    is_held = not _HOLDING.isdisjoint(scene.words[origin:last])
    return is_held or scene.sentence.has(_SHOWING, origin + 1, last)


def places_before(scene: Scene, m: Mention) -> list[Place]:
    """Places of the specimen, or of the mass that the sentence before told of."""
    section = scene.sentence.section
    is_value = m.value == "noun" or m.first - scene.sentence.first <= 1
    if scene.specimen and (section in _OF_SPECIMENS or (section == "exam" and is_value)):
        return scene.specimen
    begin = scene.words[scene.sentence.first : scene.sentence.first + 6]
    is_first = m.first - scene.sentence.first <= _SOON
    near = scene.before(m.first, _RESULT_WITHIN)
    operated = [p for p in operated_organs(scene.sentence) if p.first < m.first]
    if operated and "despite" in scene.words[scene.sentence.first : operated[0].first]:
        operated = []  # "despite nephrectomy he died of metastatic spread"
    is_shown = bool(operated) and scene.sentence.has(_SHOWING, operated[0].last, m.first)
    if operated and (is_shown or not _SAYS.isdisjoint(near)):
        nodes = [p for p in scene.places if p.is_node and p.last <= operated[0].first]
        return nodes or (operated if len(operated) == 1 else [])
    turns = {o.last for o in scene.sentence.mentions if o.category in {"turn_out", "strong_pre"}}
    told = _TOLD if turns.isdisjoint((m.first, m.first - 1)) else _TOLD | _MASSES
    is_told = begin[:1] in (["the"], ["this"], ["these"]) and begin[1:2] and begin[1] in told
    if is_told or not _SAYS.isdisjoint(begin) or _is_of_result(scene, m):
        apart = [a for a, b in pairwise(scene.earlier) if b.first > a.last]
        is_one = not apart or not _ALL.isdisjoint(begin)
        return scene.earlier if is_one else []  # of which of them is not told
    sentence = scene.sentence
    is_doubted = sentence.has({"weak_pre"}, sentence.first, m.first)
    if is_first and (is_doubted or sentence.has({"weak_post"}, m.last, sentence.last)):
        return scene.earlier or scene.sampled
    return scene.sampled if is_first else []


def _is_of_result(scene: Scene, m: Mention) -> bool:
    """Whether it is what an examination of tissue showed: ", and cytology demonstrated ..."."""
    return any(
        o.category == "stop_verb" and 0 <= m.first - o.last <= _SOON
        and scene.words[o.first - 1] in _SAYS and o.first - 1 > scene.sentence.first
        for o in scene.sentence.mentions
    )  # fmt: skip


def scanned(scene: Scene, m: Mention) -> list[Place]:
    """Organ that a scan shows alone: "bone scan showed metastases", "metastases on brain MRI"."""
    for o in reversed(scene.sentence.of("scan")):
        gap = scene.words[o.last : m.first] if o.last <= m.first else scene.words[m.last : o.first]
        gap = gap[3:] if gap[:1] == ["("] and gap[2:3] == [")"] else gap  # its short form
        is_near = o.last <= m.first or (len(gap) <= _ON_SCAN and not _ON.isdisjoint(gap))
        between = (min(o.last, m.last), max(o.first, m.first))
        is_barred = scene.sentence.has(_NOT_ON_SCAN, *between)
        if is_near and not is_barred and _OTHER_SCANS.isdisjoint(gap):
            return [Place(o.first, o.last, o.value, None, is_node=False)]
    return []


def treated(scene: Scene, m: Mention, end: int) -> list[Place]:
    """Place that was treated for a metastasis: "metastases, which led to resection of L1"."""
    removed = [p for p in operated_organs(scene.sentence) if p.last <= m.first]
    if removed and not _REASONS.isdisjoint(scene.words[removed[-1].last : removed[-1].last + 2]):
        return removed[-1:]  # "hepatectomy for metastases"
    for o in scene.sentence.of("treat"):
        if o.first >= end and o.value.split(":")[0] in _LOCAL:
            after = scene.words[o.last : o.last + 1]
            right = listed_right(scene, o.last + 1) if after in (["of"], ["to"]) else []
            return [p for p in right[:1] if p.site in _ORGANS_REACHED]
    return []


def result_of(scene: Scene, m: Mention) -> list[Place]:
    """Place that was sampled, where this is what it showed: "biopsy confirmed recurrence"."""
    before = scene.words[scene.sentence.first : m.first]
    is_shown = scene.sentence.has(_SHOWING, scene.sentence.first, m.first)
    is_result = is_shown and len(before) <= _RESULT_WITHIN and not _SAYS.isdisjoint(before)
    return scene.earlier if is_result and len(scene.earlier) == 1 else []
