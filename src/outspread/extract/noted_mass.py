"""Where a mass, nodes, a fluid or an operation were told: for the sentences to come."""

from typing import Final

from outspread.extract.context import is_negated
from outspread.extract.fluids import FLUIDS
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN, HEDGES, OTHER_ILLS, TELLING, WITHIN
from outspread.extract.lexicon import Mention
from outspread.extract.limbs import places_of_limbs
from outspread.extract.memory import Memory
from outspread.extract.operated import examined_organs, operated_organs
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.tokens import YEARS

_BACKGROUND: Final = frozenset({"history", "medications", "exam", "social", "symptoms", "family"})
_TAKEN: Final = frozenset({"treat", "procedure"})
_OF_NODES: Final = frozenset({"node", "neg_nodes", "nodeplace", "treat"})
_LISTED: Final = frozenset({"and", "or", ",", "/", "a", "an", "the", "left", "right", "both"})
_OF_WITHIN: Final = 5
_TO_PLACE: Final = 2  # words of "the left"
_ARISING: Final = frozenset({"arising", "arose", "originating"})
_REASON_WITHIN: Final = 3  # words between "for" and what was feared
_OF_SAMPLE: Final = 4  # words between a place and the word for the way tissue was taken
_SEEN: Final = members("nodes.seen") | {"is", "was", "were", "present"}
_INVOLVING: Final = frozenset({"involving", "occupying", "replacing"})
_PAST: Final = frozenset({"ago", "earlier", "prior", "before", "previously", *YEARS})
_DENIALS: Final = frozenset({"neg_pre", "neg_post"})
_ENLARGED: Final = members("lesions.enlarged")
_BESIDE: Final = frozenset({"extension", "contact"})
_BESIDE_WITHIN: Final = 2
_SOME: Final = members("memory.some")
_MASS_WORDS: Final = frozenset({"mass", "cancer", "tumor_here"})
_ANY_CANCER: Final = "8000/3"
_ALONG: Final = members("memory.along")
_REMOVALS: Final = frozenset({"resected", "removed", "excised", "resection", "removal", "excision"})
_SAMPLING: Final = members("memory.sampling")
_OTHER_REASONS: Final = members("memory.other_reasons")
_AS_FAR: Final = frozenset({"until", "till"})


def note_mass(
    memory: Memory, sentence: Sentence, places: list[Place], *, number: int, words: list[str]
) -> None:
    """Keep the place of a mass, a fluid or an operation for the sentences to come."""
    kinds, said = sentence.kinds, words[sentence.first : sentence.last]
    is_benign = not kinds.isdisjoint(OTHER_ILLS) and any(
        m.category in OTHER_ILLS and not is_reason(sentence, m, words) for m in sentence.mentions
    )
    is_aside = bool(memory.mass) and _is_of_other_reason(sentence, said)
    operated = [] if is_benign or is_aside else _operated(memory, sentence, said)
    is_sampling = not (is_aside or _SAMPLING.isdisjoint(said))
    is_answered = is_sampling and kinds.isdisjoint(TELLING)
    is_answered = is_answered and (is_benign or _is_denied_after(sentence, words))
    places = _without_denied_nodes(sentence, places, words)
    is_told = _tells_nodes(sentence, places, said) or _tells_mass(sentence, words)
    is_told = is_told and not (operated and _is_no_growth(sentence, places, words))
    if is_told and not is_answered and (places or not operated):
        is_taken = is_sampling or not (is_aside or kinds.isdisjoint(_TAKEN))
        places = _keep_mass(memory, sentence, places, number=number, words=words)
        is_taken = is_taken or _is_tapped(sentence, words)
        memory.sampled = memory.earlier if is_taken else []
    elif operated:
        memory.earlier = memory.sampled = operated
        memory.seen = number
    elif is_sampling and not (_is_background(sentence, said) or is_answered):
        sampled = _sampled(sentence, places, words)
        if sampled:
            memory.earlier = memory.sampled = sampled
            memory.seen = number
    if is_sampling and not kinds.isdisjoint(_DENIALS):
        memory.biopsied = []  # its result is told
    elif memory.sampled and memory.seen == number:
        memory.biopsied, memory.taken = memory.sampled, number
    elif is_sampling and memory.earlier and not places:
        memory.biopsied, memory.taken = memory.earlier, number
    _forget_answered(memory, sentence, is_free=not places and (is_benign or "neg_post" in kinds))


def _operated(memory: Memory, sentence: Sentence, said: list[str]) -> list[Place]:
    """Organs that were operated; of several, the one with the mass."""
    if sentence.kinds.isdisjoint(_TAKEN) or _is_background(sentence, said):
        return []
    held = {p.site for p in memory.mass}
    operated = operated_organs(sentence, held)
    elsewhere = held or {p.site for p in places_of_limbs(sentence)}
    if elsewhere and "breast" not in elsewhere and "lumpectomy" in said:
        operated = [p for p in operated if p.site != "breast"]  # of a lump that is elsewhere
    return [p for p in operated if p.site in held] or operated


def _without_denied_nodes(sentence: Sentence, places: list[Place], words: list[str]) -> list[Place]:
    """Places without the nodes that are denied: "lymphadenopathy was absent"."""
    if not places or sentence.kinds.isdisjoint(_DENIALS):
        return places
    return [p for p in places if not (p.is_node and is_negated(sentence, p.first, p.last, words))]


def _sampled(sentence: Sentence, places: list[Place], words: list[str]) -> list[Place]:
    """Places from which tissue was taken, and not along with a tumor."""
    return [
        p for p in places
        if not (p.is_node or is_along(sentence, p, words)) and _is_sampled(sentence, p, words)
    ]  # fmt: skip


def _keep_mass(
    memory: Memory, sentence: Sentence, places: list[Place], *, number: int, words: list[str]
) -> list[Place]:
    """Keep where a mass, nodes or a fluid are told to be; a fluid does not displace a mass."""
    places = _places_of_mass(sentence, places, words)
    memory.earlier = places or memory.earlier
    memory.seen = number
    memory.is_aside = _is_no_growth(sentence, places, words)
    if not memory.is_aside:
        organs = [p for p in memory.earlier if not p.is_node]
        memory.told, memory.mass = number, organs or memory.mass or memory.earlier
    return places


def _forget_answered(memory: Memory, sentence: Sentence, *, is_free: bool) -> None:
    """Forget what was sampled, or what a heading asked for, once its result is told."""
    kinds = sentence.kinds
    if memory.sampled and is_free and not kinds & TELLING:
        memory.earlier, memory.sampled, memory.biopsied = [], [], []
    is_answer = not kinds.isdisjoint(_DENIALS) and kinds.isdisjoint(TELLING)
    if is_answer and not sentence.is_head and memory.section not in {"diagnosis", "microscopic"}:
        memory.specimen = []


def _is_no_growth(sentence: Sentence, places: list[Place], words: list[str]) -> bool:
    """Whether what is told of is a fluid or a break, of which no biopsy is taken."""
    masses = [m for m in sentence.mentions if m.category in _MASS_WORDS and _is_mass(sentence, m)]
    is_broken = bool(masses) and all(words[m.last - 1].startswith("fracture") for m in masses)
    return is_broken or (not masses and any(p.site in FLUIDS for p in places))


def _is_denied_after(sentence: Sentence, words: list[str]) -> bool:
    """Whether a denial is told after the taking of tissue: "biopsy of the liver was negative"."""
    taken = next((i for i in range(sentence.first, sentence.last) if words[i] in _SAMPLING), None)
    return taken is not None and sentence.has(_DENIALS, taken + 1, sentence.last)


def _is_of_other_reason(sentence: Sentence, said: list[str]) -> bool:
    """Whether an operation was for something that is no cancer: "splenectomy after trauma"."""
    return not (sentence.kinds.isdisjoint(BENIGN) and _OTHER_REASONS.isdisjoint(said))


def _tells_nodes(sentence: Sentence, places: list[Place], said: list[str]) -> bool:
    """Whether nodes are told of that are enlarged, or of which tissue was taken."""
    if sentence.kinds.isdisjoint(_OF_NODES) or not any(p.is_node for p in places):
        return False
    is_sampling = not _SAMPLING.isdisjoint(said)
    return is_sampling or not _ENLARGED.isdisjoint(said) or _is_of_some(sentence, said)


def _places_of_mass(sentence: Sentence, places: list[Place], words: list[str]) -> list[Place]:
    """Places of what is told of: its own, or the region or the organ that was looked at."""
    places = [p for p in places if not is_negated(sentence, p.first, p.last, words)]
    own = _arisen(sentence, places, words) or _of_masses(sentence, places, words)
    places = own or [
        p for p in places
        if not (_is_neighbor(sentence, p) or is_along(sentence, p, words))
        and _AS_FAR.isdisjoint(words[p.last : p.last + 1])  # "down to the fascia until"
    ]  # fmt: skip
    return places or places_of_limbs(sentence) or examined_organs(sentence)


def _is_tapped(sentence: Sentence, words: list[str]) -> bool:
    """Whether a fluid was taken: "thoracentesis"."""
    return any(m.value in FLUIDS and words[m.first].endswith("centesis") for m in sentence.mentions)


def is_reason(sentence: Sentence, m: Mention, words: list[str]) -> bool:
    """Tell whether a phrase is why something was done: "hysterectomy for presumed fibroids"."""
    first = max(sentence.first, m.first - _REASON_WITHIN)
    verbs = [o.first for o in sentence.of("stop_verb")]
    return "for" in words[first : m.first] and not any(first <= verb < m.first for verb in verbs)


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
    return m.category in {"mass", "tumor_here"} or is_feared


def _is_sampled(sentence: Sentence, place: Place, words: list[str]) -> bool:
    """Whether tissue was taken from a place: "lung biopsy", "biopsy of the liver"."""
    first = max(sentence.first, place.first - _OF_SAMPLE)
    around = words[first : min(sentence.last, place.last + _OF_SAMPLE)]
    return not _SAMPLING.isdisjoint(around)


def _is_background(sentence: Sentence, said: list[str]) -> bool:
    """Whether a sentence tells of what was before."""
    if sentence.section in _BACKGROUND or "hist_pre" in sentence.kinds:
        return True
    return not _PAST.isdisjoint(said)


def _arisen(sentence: Sentence, places: list[Place], words: list[str]) -> list[Place]:
    """Places in which a mass is told to have begun: "a pelvic mass arising from the ovary"."""
    return [
        p for p in places
        if not _ARISING.isdisjoint(words[max(sentence.first, p.first - _OF_WITHIN) : p.first])
    ]  # fmt: skip


def _of_masses(sentence: Sentence, places: list[Place], words: list[str]) -> list[Place]:
    """Places of masses, and those listed before one: "a lung and a skin nodule"."""
    found: list[Place] = []
    for p in reversed(places):
        gap = words[p.last : found[-1].first] if found else ["."]
        if _is_of_mass(sentence, p, words) or (gap and _LISTED.issuperset(gap)):
            found.append(p)
    return found[::-1] or [p for p in places if _is_of_mass(sentence, p, words, _INVOLVING)][:1]


def _is_of_mass(
    sentence: Sentence, place: Place, words: list[str], links: frozenset[str] = WITHIN
) -> bool:
    """Whether a mass is told to be in a place: "skin lesion", "a mass (was seen) in the breast".

    Else in the first one that it involves: "a mass involving the parotid gland".
    """
    for m in sentence.mentions:
        if m.category == "mass":
            end = m.last
            while words[end : end + 1] and words[end] in _SEEN:
                end += 1
            is_right = 0 < place.first - end <= _OF_WITHIN
            if 0 <= m.first - place.last <= 1 or (is_right and words[end] in links):
                return True
        elif m.category == "tumor_here" and 0 <= place.first - m.last <= _TO_PLACE:
            return True
    return False


def _is_neighbor(sentence: Sentence, place: Place) -> bool:
    """Whether a mass is told to be fixed to a place or free of it: it is not in there."""
    return sentence.has_before(_BESIDE, place.first, _BESIDE_WITHIN)


def is_along(sentence: Sentence, place: Place, words: list[str]) -> bool:
    """Tell whether a place is what was removed along with a tumor: "together with the spleen"."""
    said = words[sentence.first : place.first]
    along = next((i for i in range(len(said) - 1, 0, -1) if said[i] in {"with", "by"}), 0)
    is_with = not _ALONG.isdisjoint(said[max(0, along - 2) : along])
    return is_with and not _REMOVALS.isdisjoint(said[:along])


def _is_of_some(sentence: Sentence, said: list[str]) -> bool:
    """Whether nodes are told that are there: "several blackish nodes on the right"."""
    return sentence.kinds.isdisjoint(_DENIALS) and not _SOME.isdisjoint(said)
