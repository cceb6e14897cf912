"""Spread: what is said to have come where, by which words, and from where."""

from typing import Final, NamedTuple

from outspread.extract.cancers import LAYERS, Cancer
from outspread.extract.context import judge
from outspread.extract.forms import is_keyed, read_keyed
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN
from outspread.extract.lesions import is_occasion, read_occasion
from outspread.extract.lexicon import Mention
from outspread.extract.limbs import limb_of
from outspread.extract.places import Place
from outspread.extract.spread_stated import SOMEWHERE, state_at, state_places
from outspread.extract.spread_words import INTO, TO, beyond_size, speaks_of_tumor
from outspread.extract.statements import Scene, Statement, is_beside, listed_left, listed_right
from outspread.extract.subjects import named_as_origin, of_sample, without_origin
from outspread.extract.targets import (
    is_close_list,
    is_of_mass,
    is_organ,
    is_removed,
    organs_of_metastatic,
    places_before,
    places_within,
    result_of,
    scanned,
    seen_right,
    subject_places,
    treated,
    tumor_from,
)
from outspread.read.places import organ_of

_OF_ADJECTIVE: Final = 7  # words between "metastatic" and the cancer it belongs to
_SCANS: Final = frozenset({"scan", "scans", "deposit", "deposits"})  # where a cancer is told
_NOUNS: Final = BENIGN | {"mass"}
_ARTICLES: Final = frozenset({"the", "a", "her", "his", "its", "multiple"})
_JOINED: Final = frozenset({",", "and", "/", "+", "&"})
_ADJECTIVE: Final = ("al", "ic", "ary", "ous")
_GUESS: Final = 3
_VERSUS: Final = frozenset({"versus", "vs"})
_NEAR: Final = 6  # words between a word of metastasis and the cancer it is of
_OPEN_DEPOSITS: Final = frozenset({"disseminated", "ln", "ln_regional"})  # named more closely
_OF_DATES: Final = frozenset({"/", "-", "in"})
_ORIGINS: Final = frozenset({"originating", "arising", "derived", "stemming"})
_FINDINGS_OF: Final = members("spread.findings_of")
_SEVERAL: Final = members("origin.several") | {"several", "some"}
_WITHIN: Final = frozenset({"in", "of", "within", "involving", "occupying"})
_FILLERS: Final = members("places.fillers")
_CAVITY_REGIONS: Final = members("spread.cavity_regions")
_AREAS: Final = members("spread.areas")
_SKIN: Final = frozenset({"skin", "subcutaneous_tissue"})
_SWELLINGS: Final = members("spread.swellings")  # "metastatic swelling of ..."


def read_spread(scene: Scene, cancers: list[Cancer], taken: set[int]) -> list[Statement]:
    """State the spread of a sentence; the places it takes are added to `taken`."""
    found: list[Statement] = []
    for m in scene.sentence.mentions:
        if m.category == "spread_cancer":
            verdict = judge(scene.sentence, m.first, m.last, scene.words)
            span = (m.first, m.last)
            found.append(state_at(scene, SOMEWHERE, verdict, span, "spread.somewhere"))
        elif m.category == "deposit":
            found += _deposit(scene, m, taken)
        elif is_occasion(m):
            found += read_occasion(scene, m, taken)
        elif m.category == "spread":
            if not speaks_of_tumor(scene, m):
                continue
            if m.value == "alike":
                m = Mention(m.first, m.last, m.category, "noun")
            found += _one(scene, m, cancers, taken)
    return found


def _deposit(scene: Scene, m: Mention, taken: set[int]) -> list[Statement]:
    site, last = m.value, m.last
    beside = [p for p in scene.places if _is_joined(scene, p, m)]
    if site in _OPEN_DEPOSITS:
        near = listed_left(scene, m.first)
        if not near and scene.word(m.last) in TO:
            near = listed_right(scene, m.last + 1)
        if site != "disseminated":
            before = [p for p in scene.places if p.last <= m.first]
            near = [p for p in near or before if p.is_node][-1:]
        if near:
            taken.update(p.first for p in near)
            is_lining = site == "disseminated" and near[0].site in _CAVITY_REGIONS
            site = "peritoneum" if is_lining else near[0].site
            last = max(last, near[0].last)
    taken.update(p.first for p in beside)
    first = min([m.first, *(p.first for p in beside)])
    verdict = judge(scene.sentence, first, last, scene.words)
    is_scan = not _SCANS.isdisjoint(scene.words[m.first : m.last])
    rule = "spread.scan" if is_scan else "spread.term"
    spans = [(site, m.first), *((p.site, p.first) for p in beside)]
    return [
        state_at(scene, at, verdict, (first, m.last), rule, contiguity="discontiguous")
        for at, first in spans
    ]


def _is_joined(scene: Scene, place: Place, m: Mention) -> bool:
    """Whether a place shares the noun of a term: "cerebral and leptomeningeal disease"."""
    is_next = place.last == m.first - 1 and scene.words[place.last] in _JOINED
    return is_next and scene.words[place.last - 1].endswith(_ADJECTIVE)


def _after_date(scene: Scene, end: int) -> list[Place]:
    """Places after the date of a recurrence: "recurrence 9/2018: liver and lung"."""
    words, place = scene.words, end
    while place < scene.sentence.last and (words[place].isdigit() or words[place] in _OF_DATES):
        place += 1
    is_key = place < scene.sentence.last and words[place] in {":", "("}
    return listed_right(scene, place + 1) if is_key else []


class _Phrase(NamedTuple):
    """Places that the words around a word of metastasis name, up to which word, and its origins."""

    targets: list[Place]
    end: int
    origins: set[int]


def _one(scene: Scene, m: Mention, cancers: list[Cancer], taken: set[int]) -> list[Statement]:
    """State the places of one word of metastasis: the nearest construction that names some."""
    if m.value == "noun" and is_keyed(scene, m):
        found = read_keyed(scene, m, judge(scene.sentence, m.first, m.last, scene.words))
        taken.update(s.first for s in found)
        return found
    targets, end, origins = _in_phrase(scene, m, cancers)
    targets = targets or _right_after(scene, m, end)
    end = end if targets else beyond_size(scene, end, _beyond_mass(scene, end))
    after = scene.word(end)
    if m.value == "recur" and not targets and after not in {"in", "at", "to", "within"}:
        targets = _after_date(scene, end) or seen_right(scene, end) or result_of(scene, m)
        return state_places(scene, m, end, targets, taken) if targets else []
    is_on_skin = bool(targets) and _SKIN.issuperset(p.site for p in targets)
    if after in TO and is_on_skin and after not in {"to", "into"}:
        taken.update(p.first for p in listed_right(scene, end + 1))  # where on the skin
    elif after in TO:
        named = {p.site for p in scene.places if p.first in origins and after == "of"}
        more = [p for p in _listed_after(scene, end, targets, cancers) if p.site not in named]
        targets = targets + [p for p in more if p not in targets and p.first not in origins]
    if not targets and after == "from" and is_removed(scene, m):
        targets = listed_right(scene, end + 1)
    if not targets and after in {"of", "from"}:
        targets = _beyond_cancer(scene, end, cancers)
    if m.value == "recur":
        return state_places(scene, m, end, targets, taken) if targets else []
    targets = targets or limb_of(scene, m, end)
    if not targets and scene.words[m.first].startswith("progress"):
        return []  # "progressed to advanced-stage carcinoma"
    if all(p.site in LAYERS for p in targets):  # else of "in the serosa" the organ is meant
        targets = _told_apart(scene, m, end, cancers, origins) or targets
    return state_places(scene, m, end, targets, taken, origins)


def _in_phrase(scene: Scene, m: Mention, cancers: list[Cancer]) -> _Phrase:
    """Places within the phrase: "liver metastases", "metastatic pelvic nodes"."""
    if m.value == "adj":
        return _after_adjective(scene, m, cancers)
    if m.value not in {"noun", "weak", "recur"}:
        return _Phrase([], m.last, set())
    reach = 1 if m.value == "recur" else 3
    targets = [p for p in listed_left(scene, m.first, reach=reach) if not is_organ(p, cancers)]
    targets = [p for p in targets if not _is_of_own_noun(scene, p, m)]
    if targets and m.value != "recur":
        is_area = scene.words[m.first - 1] in _AREAS and m.first - targets[-1].last == 2
        if is_beside(scene, targets[-1].last, m.first) and not is_area:
            targets = []  # but "brain and abdominal metastases"
        targets = [p for p in targets if p is targets[-1] or not is_of_mass(scene, p)]
        targets = [p for p in targets if p is targets[-1] or not _is_of_name(p, cancers)]
        targets = [p for p in targets if p is targets[-1] or not _is_of_finding(scene, p)]
        targets = [p for p in targets if p is targets[-1] or not _is_counted_apart(scene, p)]
    if targets and m.value == "noun":
        targets = of_sample(scene, m, without_origin(targets))
    return _Phrase(targets, m.last, set())


def _is_of_own_noun(scene: Scene, place: Place, m: Mention) -> bool:
    """Whether a place has a noun of its own: "a kidney mass and (lung) metastases"."""
    return any(
        (o.category in _NOUNS or o.value == "swollen") and 0 <= o.first - place.last <= 1
        and not _JOINED.isdisjoint(scene.words[o.last : m.first])
        for o in scene.sentence.mentions
    )  # fmt: skip


def _is_beside(scene: Scene, place: Place, m: Mention) -> bool:
    """Whether a place with a noun of its own is joined to a word of metastasis by "and"."""
    words, first = scene.words, m.first
    first -= words[first - 1] in _ARTICLES
    return words[first - 1] == "and" and _is_of_own_noun(scene, place, m)


def _after_adjective(scene: Scene, m: Mention, cancers: list[Cancer]) -> _Phrase:
    """Places of "metastatic ...": of the cancer it belongs to, or of lesions and nodes."""
    cancer = next(
        (c for c in cancers if c.is_metastatic and 0 <= c.mention.first - m.last <= _OF_ADJECTIVE),
        None,
    )
    origins: set[int] = set()
    if cancer is None and (tumor := tumor_from(scene, m)):
        targets, end, origins = tumor[1:], tumor[1].last, {tumor[0].first}
    elif cancer is None:
        targets, end = places_within(scene, m)
        targets = [p for p in targets if not is_organ(p, cancers)]
        if not targets and not _SWELLINGS.isdisjoint(scene.words[end : end + 1]):
            end += 1
    else:
        end = cancer.last if cancer.tie == "compound" else cancer.mention.last
        end = _beyond_mass(scene, max(end, cancer.mention.last))
        targets, origins = organs_of_metastatic(cancer)
        nodes = [p for p in scene.places if p.is_node and m.last <= p.first < end]
        targets = targets if cancer.organs else nodes  # "metastatic left neck carcinoma"
        if any(p.last == m.first for p in scene.places):  # "lung and bone metastatic carcinoma"
            before = listed_left(scene, m.first, reach=1)
            targets += [p for p in before if not is_organ(p, cancers)]
    if not targets and scene.after(end, 1) == ["from"]:
        targets = named_as_origin(m, cancers)
    return _Phrase(targets, end, origins)


def _right_after(scene: Scene, m: Mention, end: int) -> list[Place]:
    """Places right after: "studding of the peritoneum", "mets ribs", "metastasized to"."""
    targets: list[Place] = []
    if scene.words[m.last - 1] in INTO:
        targets = listed_right(scene, m.last, reach=6)
    if not targets and m.value == "noun":
        targets = _in_row(scene, end)
    if not targets and m.value == "verb":
        targets = listed_right(scene, end, reach=6)
    return targets


def _in_row(scene: Scene, end: int) -> list[Place]:
    """Places that follow without a word of place: "mets ribs", "mets liver, lung and bone"."""
    row: list[Place] = []
    for place in listed_right(scene, end):
        if not _JOINED.issuperset(scene.words[end : place.first]):
            break
        if not row and place.first != end:
            break
        row.append(place)
        end = place.last
    return row


def _listed_after(
    scene: Scene, end: int, targets: list[Place], cancers: list[Cancer]
) -> list[Place]:
    """Places after a preposition or a mark: "metastases in the liver", "metastases: liver"."""
    after = scene.words[end]
    more = listed_right(scene, end + 1, reach=7)
    if after in {",", "-", ":", "("}:
        is_list = is_close_list(scene, end + 1, more) and not (targets and after == ",")
        is_list = is_list and not _is_guess(scene, more)
        more = more if is_list else []
    if after in _WITHIN and more and targets and all(p.is_node for p in targets):
        more = [p for p in more if p.is_node or p.site != more[0].site]  # where the nodes lie
    return [p for p in more if not is_organ(p, cancers)]


def _is_guess(scene: Scene, places: list[Place]) -> bool:
    """Whether places are origins to choose from: "metastasis - breast versus lung primary"."""
    last = places[-1].last
    after = scene.after(last, _GUESS)
    return after[:1] in (["primary"], ["origin"]) or not _VERSUS.isdisjoint(after)


def _told_apart(
    scene: Scene, m: Mention, end: int, cancers: list[Cancer], origins: set[int]
) -> list[Place]:
    """Places that stand apart: after a verb, as the subject, as a scan, in the lines before."""
    words, sentence = scene.words, scene.sentence
    seen: list[Place] = []
    if not (end < sentence.last and words[end] in _ORIGINS):
        seen = seen_right(scene, end)
    targets = [] if all(p.site in LAYERS for p in seen) else seen
    if not targets:
        targets = subject_places(scene, m, cancers)
        targets = [p for p in targets if p.first not in origins and not _is_beside(scene, p, m)]
    targets = targets or scanned(scene, m) or treated(scene, m, end)
    is_far = "distant" in words[m.first : m.last]  # not what was told of before
    if not (targets or is_far or sentence.section == "family") and not _is_with_cancer(
        scene, m, cancers
    ):
        targets = places_before(scene, m)
    return targets or seen


def _beyond_mass(scene: Scene, end: int) -> int:
    """Last word of "metastatic melanoma lesion (of the gallbladder)"."""
    return next((o.last for o in scene.sentence.of("mass") if o.first == end), end)


def _is_of_name(place: Place, cancers: list[Cancer]) -> bool:
    """Whether a place is the organ that a cancer before it is named after: "NSCLC, left lung, "."""
    before = [c.mention.value for c in cancers if c.mention.last <= place.first]
    return any(organ_of(value.partition(" ")[2]) == place.site for value in before)


def _is_of_finding(scene: Scene, place: Place) -> bool:
    """Whether a place is of what is no spread: "dilatation of the duct", "the primary breast"."""
    before = scene.before(place.first, 4)
    return before[-1:] == ["primary"] or ("of" in before and not _FINDINGS_OF.isdisjoint(before))


def _is_counted_apart(scene: Scene, place: Place) -> bool:
    """Whether a place belongs to a finding before: "a cyst in the liver and several bone ..."."""
    words, first = scene.words, place.first
    while first > scene.sentence.first and words[first - 1] in _FILLERS:
        first -= 1
    is_in = words[first - 1] in _WITHIN and first > scene.sentence.first
    return is_in and words[place.last] == "and" and words[place.last + 1] in _SEVERAL


def _is_with_cancer(scene: Scene, m: Mention, cancers: list[Cancer]) -> bool:
    """Whether a cancer is told to have metastases: "pancreatic cancer with metastases"."""
    return any(
        0 < m.first - c.last <= _NEAR and scene.words[c.last] in {"with", "and"} for c in cancers
    )


def _beyond_cancer(scene: Scene, end: int, cancers: list[Cancer]) -> list[Place]:
    """Places after the origin: "metastasis of breast cancer to the stomach"."""
    for c in cancers:
        if 0 < c.mention.first - end <= _NEAR and c.last < scene.sentence.last:
            for place in range(c.last, min(c.last + _NEAR, scene.sentence.last)):
                if scene.words[place] in {"to", "into"}:
                    return listed_right(scene, place + 1)
    return []
