"""What the sentences before have set up: the specimen, and the mass that was told of."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from outspread.extract.context import Verdict, is_negated
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN, HEDGES, OTHER_ILLS, TELLING
from outspread.extract.labels import label_of
from outspread.extract.lexicon import Mention
from outspread.extract.limbs import places_of_limbs
from outspread.extract.named import FLUIDS, MASSES, TAPS
from outspread.extract.places import Place, without_whole
from outspread.extract.sentences import Sentence
from outspread.extract.targets import examined_organs, operated_organs
from outspread.extract.tokens import YEARS

DIAGNOSED_WITHIN: Final = 10  # sentences between a biopsy and the diagnosis from it
FORGOTTEN_AFTER: Final = 2  # sentences after which a mass is no longer what "it" means
_NEVER: Final = -9
_OF_SPECIMENS: Final = frozenset(
    {"site", "node", "nodeplace", "side", "treat", "procedure", "sampling", "region"}
)
_FREE: Final = frozenset({"neg_post", "benign", "benign_tumor"})
_BACKGROUND: Final = frozenset({"history", "medications", "exam", "social", "symptoms", "family"})
_TAKEN: Final = frozenset({"treat", "procedure"})
_OF_NODES: Final = frozenset({"node", "neg_nodes", "nodeplace", "treat"})
_TITLES: Final = members("sentences.titles")
_TITLE: Final = 8  # words of a title
_LISTED: Final = frozenset({"and", "or", ",", "/", "a", "an", "the", "left", "right", "both"})
_OF_WITHIN: Final = 5
_REASON_WITHIN: Final = 3  # words between "for" and what was feared
_OF_SAMPLE: Final = 4  # words between a place and the word for the way tissue was taken
_ALONG_WITHIN: Final = 9  # words of "removed in combination with a part of the left"
_REMOVED: Final = frozenset({"removed", "resected", "excised", "bloc"})
_WITHIN: Final = frozenset({"in", "of", "on", "at"})
_PAST: Final = frozenset({"ago", "earlier", "prior", "before", "previously", *YEARS})
_OF_TITLES: Final = members("memory.of_titles")
_KEYS: Final = members("memory.keys")
_ANSWERING: Final = TELLING | _FREE
_ANSWERS: Final = frozenset({"diagnosis", "microscopic", "impression"})
_DENIALS: Final = frozenset({"neg_pre", "neg_post"})
_DIAGNOSES: Final = members("memory.diagnoses")
_ENLARGED: Final = members("lesions.enlarged")
_POINTERS: Final = frozenset({"this", "the", "that", "these"})
_OPENING: Final = 8  # words of a sentence within which a diagnosis is named
_BESIDE: Final = frozenset({"extension", "contact"})
_BESIDE_WITHIN: Final = 2
_SOME: Final = members("memory.some")
_MASS_WORDS: Final = frozenset({"mass", "cancer"})
_ANY_CANCER: Final = "8000/3"
_LONGEST_TITLE: Final = 16
_SAMPLING: Final = members("memory.sampling")
_TAKEN_OF_MASS: Final = frozenset({"biopsy", "biopsies", "fna", "needle"})
_DIAGNOSES_OF_MASS: Final = _DIAGNOSES - {"cytology", "cytological"}
_OTHER_REASONS: Final = members("memory.other_reasons")
_BREAK: Final = "fracture"
_GROWING: Final = TELLING | {"mass"}


@dataclass(slots=True)
class Memory:
    """Places that a later sentence may speak of without naming them.

    `biopsied` are the places from which tissue was last taken: a diagnosis told later is of them;
    `mass` is that of the last mass, which "this mass" may mean; `specimen` is that of the heading;
    `earlier` a mass or an operated organ; `sampled` the same where the sentence that told of it
    also took tissue; `named` all specimens of a list, `labels` each by its letter or number;
    `listing` what the lines of an open list mean; `is_answered`: the specimen was told to be free;
    `is_aside`: what was told last is a fluid or a break, told after a mass;
    `grows`: the sentence before told of a tumor, and of no other illness.
    """

    specimen: list[Place] = field(default_factory=list)
    earlier: list[Place] = field(default_factory=list)
    sampled: list[Place] = field(default_factory=list)
    biopsied: list[Place] = field(default_factory=list)
    mass: list[Place] = field(default_factory=list)
    named: list[Place] = field(default_factory=list)
    labels: dict[str, list[Place]] = field(default_factory=dict)
    listing: Verdict | None = None
    section: str = ""
    seen: int = _NEVER
    taken: int = _NEVER
    told: int = _NEVER
    headed: int = _NEVER
    is_answered: bool = False
    is_aside: bool = False
    grows: bool = False


def is_of_tissue(sentence: Sentence, words: list[str]) -> bool:
    """Tell whether a sentence says what tissue showed, and not what was felt."""
    said = words[sentence.first : sentence.last]
    return not ((_DIAGNOSES | _TAKEN_OF_MASS).isdisjoint(said))


def turn(memory: Memory, sentence: Sentence, number: int) -> None:
    """Forget what a new section, or enough other sentences, leave behind."""
    if sentence.section != memory.section:
        memory.specimen, memory.section = [], sentence.section
        if memory.section in _ANSWERS and len({p.site for p in memory.named}) == 1:
            memory.specimen = memory.named[:1]
    if number - memory.seen > FORGOTTEN_AFTER:
        memory.earlier = []
    if number - memory.seen > 1:
        memory.sampled = []
    if number - memory.taken > DIAGNOSED_WITHIN:
        memory.biopsied = []
    if number - memory.told > DIAGNOSED_WITHIN:
        memory.mass = []
    if memory.section == "exam" and number - memory.headed > FORGOTTEN_AFTER:
        memory.specimen = []


def note_growing(memory: Memory, kinds: frozenset[str]) -> None:
    """Keep whether a tumor was told of that the next sentence may say to grow."""
    is_told = not kinds.isdisjoint(_GROWING) or (memory.grows and "extension" in kinds)
    memory.grows = is_told and kinds.isdisjoint(OTHER_ILLS)


def is_title(sentence: Sentence, words: list[str]) -> bool:
    """Tell whether a line may be the title of a specimen: "Uterus, cervix, biopsy"."""
    return sentence.last - sentence.first <= _TITLE and not _TITLES.isdisjoint(
        words[sentence.first : sentence.last]
    )


def note_specimen(
    memory: Memory, sentence: Sentence, places: list[Place], *, number: int, words: list[str]
) -> None:
    """Keep the places of a heading or of a line that names a specimen."""
    if sentence.section == "exam":
        if sentence.is_head:
            memory.specimen, memory.headed = places, number
    elif memory.labels and (labeled := _labeled(memory, sentence, places, words)):
        memory.specimen, memory.is_answered = labeled, False
    elif places and (
        _is_specimen(sentence, places, words) or _is_only_place(sentence, places, words)
    ):
        memory.specimen, memory.is_answered = without_whole(places), False
    elif not sentence.kinds.isdisjoint(_FREE) and sentence.kinds.isdisjoint(TELLING):
        memory.is_answered = True
    is_first = number <= 2 and (
        _names_fluid(sentence, places, words) or _is_only_place(sentence, places, words)
    )
    if (sentence.section == "specimen" and not sentence.is_head) or is_first:
        memory.named = memory.named + places
        if places and (label := label_of(words, sentence.first)):
            memory.labels.setdefault(label, places)


def _labeled(
    memory: Memory, sentence: Sentence, places: list[Place], words: list[str]
) -> list[Place]:
    """Places of the specimen of which a line tells by its letter alone: "A - carcinoma"."""
    if sentence.section not in _ANSWERS:
        return []
    told = next((m.first for m in sentence.mentions if m.category in _ANSWERING), sentence.last)
    if any(p.first < told for p in places):
        return []
    return memory.labels.get(label_of(words, sentence.first), [])


def _names_fluid(sentence: Sentence, places: list[Place], words: list[str]) -> bool:
    """Whether the first lines of a report name the fluid it is about: "Ascitic fluid, smears"."""
    said = words[sentence.first : sentence.last]
    is_tapped = any(p.site in FLUIDS for p in places) and not TAPS.isdisjoint(said)
    return is_tapped and len(said) <= _LONGEST_TITLE and not sentence.kinds & (TELLING | _FREE)


def note_mass(
    memory: Memory, sentence: Sentence, places: list[Place], *, number: int, words: list[str]
) -> None:
    """Keep the place of a mass, a fluid or an operation for the sentences to come."""
    kinds = sentence.kinds
    operated: list[Place] = []
    said = words[sentence.first : sentence.last]
    is_taken = not kinds.isdisjoint(_TAKEN)
    is_benign = not kinds.isdisjoint(OTHER_ILLS) and any(
        m.category in OTHER_ILLS and not is_reason(sentence, m, words) for m in sentence.mentions
    )
    if is_taken and not is_benign and not _is_background(sentence, said):
        operated = operated_organs(sentence)
        held = {p.site for p in memory.mass}  # of several organs, the one with the mass
        operated = [p for p in operated if p.site in held] or operated
    is_sampling = not _SAMPLING.isdisjoint(said)
    if memory.mass and _is_of_other_reason(sentence, said):
        is_taken, operated, is_sampling = False, [], False  # "hysterectomy for fibroids"
    is_answered = (is_benign or _is_denied_after(sentence, words)) and kinds.isdisjoint(TELLING)
    if places:
        places = _without_others(sentence, places, said, words)
    sampled: list[Place] = []
    if is_sampling:
        sampled = [p for p in places if not p.is_node and _is_sampled(sentence, p, words)]
    is_told = _tells_nodes(sentence, places, words) or _tells_mass(sentence, words)
    is_told = is_told and not (is_sampling and is_answered)
    if is_told and (places or not operated):
        places = _places_of_mass(sentence, places, words)
        memory.earlier = places or memory.earlier
        memory.seen = number
        memory.is_aside = bool(memory.mass) and _is_no_growth(sentence, places, words)
        if not memory.is_aside:
            memory.told, memory.mass = number, memory.earlier
        is_taken = is_taken or is_sampling or _is_tapped(sentence, words)
        memory.sampled = memory.earlier if is_taken else []
    elif operated:
        memory.earlier = memory.sampled = operated
        memory.seen = number
    elif sampled and not (_is_background(sentence, said) or is_answered):
        memory.earlier = memory.sampled = sampled
        memory.seen = number
    if is_sampling and not kinds.isdisjoint(_DENIALS):
        memory.biopsied = []  # its result is told
    elif memory.sampled and memory.seen == number:
        memory.biopsied, memory.taken = memory.sampled, number
    elif is_sampling and memory.earlier and not places:
        memory.biopsied, memory.taken = memory.earlier, number
    is_free = is_benign or "neg_post" in kinds
    if memory.sampled and not places and is_free and not kinds & TELLING:
        memory.earlier, memory.sampled, memory.biopsied = [], [], []  # its result is told
    is_answer = not kinds.isdisjoint(_DENIALS) and kinds.isdisjoint(TELLING)
    if is_answer and not sentence.is_head and memory.section not in {"diagnosis", "microscopic"}:
        memory.specimen = []  # what the heading asked for has been answered


def _is_no_growth(sentence: Sentence, places: list[Place], words: list[str]) -> bool:
    """Whether what is told of is a fluid or a break, of which no biopsy is taken."""
    masses = [m for m in sentence.mentions if m.category in _MASS_WORDS and _is_mass(sentence, m)]
    is_broken = bool(masses) and all(words[m.last - 1].startswith(_BREAK) for m in masses)
    return is_broken or (not masses and any(p.site in FLUIDS for p in places))


def _is_denied_after(sentence: Sentence, words: list[str]) -> bool:
    """Whether a denial is told after the taking of tissue: "biopsy of the liver was negative"."""
    taken = next((i for i in range(sentence.first, sentence.last) if words[i] in _SAMPLING), None)
    return taken is not None and any(
        m.category in _DENIALS and m.first > taken for m in sentence.mentions
    )


def _is_of_other_reason(sentence: Sentence, said: list[str]) -> bool:
    """Whether an operation was for something that is no cancer: "splenectomy after trauma"."""
    return not (sentence.kinds.isdisjoint(BENIGN) and _OTHER_REASONS.isdisjoint(said))


def _tells_nodes(sentence: Sentence, places: list[Place], words: list[str]) -> bool:
    """Whether nodes are told of that are enlarged, or of which tissue was taken."""
    nodes = [p for p in places if p.is_node]
    if sentence.kinds.isdisjoint(_OF_NODES) or not nodes:
        return False
    if all(is_negated(sentence, p.first, p.last, words) for p in nodes):
        return False  # "neck supple, no adenopathy"
    said = words[sentence.first : sentence.last]
    is_sampling = not _SAMPLING.isdisjoint(said)
    return is_sampling or not _ENLARGED.isdisjoint(said) or _is_of_some(sentence, said)


def _places_of_mass(sentence: Sentence, places: list[Place], words: list[str]) -> list[Place]:
    """Places of what is told of: its own, or the region or the organ that was looked at."""
    places = [p for p in places if not is_negated(sentence, p.first, p.last, words)]
    own = _of_masses(sentence, places, words)
    places = own or [p for p in places if not _is_neighbor(sentence, p)]
    return places or places_of_limbs(sentence) or examined_organs(sentence)


def _is_tapped(sentence: Sentence, words: list[str]) -> bool:
    """Whether a fluid was taken: "thoracentesis"."""
    return any(m.value in FLUIDS and words[m.first].endswith("centesis") for m in sentence.mentions)


def is_reason(sentence: Sentence, m: Mention, words: list[str]) -> bool:
    """Tell whether a phrase is why something was done: "hysterectomy for presumed fibroids"."""
    first = max(sentence.first, m.first - _REASON_WITHIN)
    verbs = [o.first for o in sentence.mentions if o.category == "stop_verb"]
    return "for" in words[first : m.first] and not any(first <= verb < m.first for verb in verbs)


def meant(memory: Memory, sentence: Sentence, words: list[str]) -> list[Place]:
    """Places that a sentence may speak of: those just told, "this mass", or what was biopsied."""
    said = words[sentence.first : sentence.last]
    is_newer = memory.seen != memory.told and not _TAKEN_OF_MASS.isdisjoint(said)
    is_newer = is_newer or (memory.is_aside and not _DIAGNOSES_OF_MASS.isdisjoint(said))
    if memory.mass and is_newer:
        return memory.mass  # what was operated or seen since is not what a biopsy is of
    if memory.earlier or not (memory.mass or memory.biopsied):
        return memory.earlier
    if any(a in _POINTERS and b in MASSES for a, b in pairwise(said)):
        return memory.mass
    return [] if _DIAGNOSES.isdisjoint(said[:_OPENING]) else memory.biopsied


def _tells_mass(sentence: Sentence, words: list[str]) -> bool:
    """Whether a fluid or a mass is told of that is not denied."""
    for m in sentence.mentions:
        is_mass = m.category in _MASS_WORDS and _is_mass(sentence, m)
        is_seen = is_mass or m.value in FLUIDS
        if is_seen and not is_negated(sentence, m.first, m.last, words):
            return True
    return False


def _is_mass(sentence: Sentence, m: Mention) -> bool:
    """Whether a phrase tells of a mass; one that is "suspicious for malignancy" is one too."""
    is_feared = m.category == "cancer" and m.value == _ANY_CANCER and bool(HEDGES & sentence.kinds)
    return m.category == "mass" or is_feared


def _is_sampled(sentence: Sentence, place: Place, words: list[str]) -> bool:
    """Whether tissue was taken from a place: "lung biopsy", "biopsy of the liver"."""
    first = max(sentence.first, place.first - _OF_SAMPLE)
    around = words[first : min(sentence.last, place.last + _OF_SAMPLE)]
    return not _SAMPLING.isdisjoint(around)


def _without_others(
    sentence: Sentence, places: list[Place], said: list[str], words: list[str]
) -> list[Place]:
    """Places without nodes that are denied, and without what was removed with the tumor."""
    if not sentence.kinds.isdisjoint(_DENIALS) and any(p.is_node for p in places):
        places = [
            p for p in places
            if not (p.is_node and is_negated(sentence, p.first, p.last, words))
        ]  # fmt: skip
    if _REMOVED.isdisjoint(said):
        return places
    return [p for p in places if not _is_taken_along(sentence, p, words)]


def _is_taken_along(sentence: Sentence, place: Place, words: list[str]) -> bool:
    """Whether a place was removed with the tumor: "excised together with a loop of bowel"."""
    before = words[max(sentence.first, place.first - _ALONG_WITHIN) : place.first]
    if "with" not in before:
        return False
    return not _REMOVED.isdisjoint(before[: before.index("with")])


def _is_background(sentence: Sentence, said: list[str]) -> bool:
    """Whether a sentence tells of what was before."""
    if sentence.section in _BACKGROUND or "hist_pre" in sentence.kinds:
        return True
    return not _PAST.isdisjoint(said)


def _is_specimen(sentence: Sentence, places: list[Place], words: list[str]) -> bool:
    """Whether a line names a specimen: a heading with a place, before any finding.

    The key of a form is none: "Intactness of mesorectum:".
    """
    is_title = sentence.is_head or words[sentence.last - 1] == ":"
    if not (places and is_title) or sentence.section == "synopsis":
        return False
    before = words[sentence.first : places[0].first]
    is_key = "of" in before and not _KEYS.isdisjoint(before)
    return not is_key and not sentence.kinds & {"cancer", "spread", "neg_pre"}


def _is_only_place(sentence: Sentence, places: list[Place], words: list[str]) -> bool:
    """Whether a sentence is nothing but a place and how it was taken: "Stomach, gastrectomy."."""
    if not places or not sentence.kinds <= _OF_SPECIMENS:
        return False
    said = words[sentence.first : sentence.last]
    if any(a.isdigit() and b in {"/", "of"} for a, b in pairwise(said)):
        return False  # a result: "level II 1/8"
    told = {place for m in sentence.mentions for place in range(m.first, m.last)}
    return all(
        place in told
        or not words[place][0].isalpha()
        or words[place] in _TITLES
        or words[place] in _OF_TITLES
        for place in range(sentence.first, sentence.last)
    )


def _of_masses(sentence: Sentence, places: list[Place], words: list[str]) -> list[Place]:
    """Places of masses, and those listed before one: "a lung and a skin nodule"."""
    found: list[Place] = []
    for p in reversed(places):
        gap = words[p.last : found[-1].first] if found else ["."]
        if _is_of_mass(sentence, p, words) or (gap and _LISTED.issuperset(gap)):
            found.append(p)
    return found[::-1]


def _is_of_mass(sentence: Sentence, place: Place, words: list[str]) -> bool:
    """Whether a mass is told to be in a place: "skin lesion", "a mass in the left breast"."""
    for m in sentence.mentions:
        if m.category == "mass":
            is_right = 0 < place.first - m.last <= _OF_WITHIN
            if 0 <= m.first - place.last <= 1 or (is_right and words[m.last] in _WITHIN):
                return True
    return False


def _is_neighbor(sentence: Sentence, place: Place) -> bool:
    """Whether a mass is told to be fixed to a place or free of it: it is not in there."""
    return any(
        m.category in _BESIDE and 0 <= place.first - m.last <= _BESIDE_WITHIN
        for m in sentence.mentions
    )


def _is_of_some(sentence: Sentence, said: list[str]) -> bool:
    """Whether nodes are told that are there: "several blackish nodes on the right"."""
    return sentence.kinds.isdisjoint(_DENIALS) and not _SOME.isdisjoint(said)
