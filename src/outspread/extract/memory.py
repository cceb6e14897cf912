"""What the sentences before have set up: the specimen, its label, and the mass that was told of."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from outspread.extract.fluids import FLUIDS, TAPS
from outspread.extract.groups import members
from outspread.extract.kinds import OTHER_ILLS, TELLING
from outspread.extract.named import MASS_NOUNS
from outspread.extract.places import Place, without_whole
from outspread.extract.sentences import Sentence
from outspread.extract.verdict import Verdict

DIAGNOSED_WITHIN: Final = 10  # sentences between a biopsy and the diagnosis from it
FORGOTTEN_AFTER: Final = 2  # sentences after which a mass is no longer what "it" means
_NEVER: Final = -9
_OF_SPECIMENS: Final = frozenset(
    {"site", "node", "nodeplace", "side", "treat", "procedure", "sampling", "region"}
)
_FREE: Final = frozenset({"neg_post", "benign", "benign_tumor"})
_TITLES: Final = members("sentences.titles")
_TITLE: Final = 8  # words of a title
_OF_TITLES: Final = members("memory.of_titles")
_KEYS: Final = members("memory.keys")
_ANSWERING: Final = TELLING | _FREE
_ANSWERS: Final = frozenset({"diagnosis", "microscopic", "impression"})
_DIAGNOSES: Final = members("memory.diagnoses")
_OPENING: Final = 8  # words of a sentence within which a diagnosis is named
_LONGEST_TITLE: Final = 16
_TAKEN_OF_MASS: Final = frozenset({"biopsy", "biopsies", "fna", "needle"})
_DIAGNOSES_OF_MASS: Final = _DIAGNOSES - {"cytology", "cytological"}
_GROWING: Final = TELLING | {"mass"}
_AFTER_LABEL: Final = frozenset({"-", ")", ":", "."})
_LONGEST_LABEL: Final = 2  # figures of a number


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
    is_named = sentence.section == "specimen" and not sentence.is_head
    if not is_named and number <= 2 and sentence.section != "procedure":  # the first lines
        is_named = _names_fluid(sentence, places, words) or _is_only_place(sentence, places, words)
    if is_named:
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


def meant(memory: Memory, sentence: Sentence, words: list[str]) -> list[Place]:
    """Places that a sentence may speak of: those just told, "this mass", or what was biopsied."""
    is_newer = memory.is_aside or memory.seen != memory.told
    if not (memory.mass or memory.biopsied) or (memory.earlier and not is_newer):
        return memory.earlier
    said = words[sentence.first : sentence.last]
    is_of_mass = not _TAKEN_OF_MASS.isdisjoint(said)
    is_of_mass = is_of_mass or (memory.is_aside and not _DIAGNOSES_OF_MASS.isdisjoint(said))
    if memory.mass and is_of_mass:
        return memory.mass  # what was operated or seen since is not what a biopsy is of
    if memory.earlier:
        return memory.earlier
    pointed = {b for a, b in pairwise(said) if a in {"this", "the", "that", "these"}}
    if not MASS_NOUNS.isdisjoint(pointed):
        return memory.mass
    return [] if _DIAGNOSES.isdisjoint(said[:_OPENING]) else memory.biopsied


def _is_specimen(sentence: Sentence, places: list[Place], words: list[str]) -> bool:
    """Whether a line names a specimen: a heading with a place, before any finding.

    The key of a form is none: "Intactness of mesorectum:".
    """
    is_title = sentence.is_head or words[sentence.last - 1] == ":"
    if not is_title or sentence.section == "synopsis":
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
    rest = [words[i] for i in range(sentence.first, sentence.last) if i not in told]
    return all(w in _TITLES or w in _OF_TITLES or not w[0].isalpha() for w in rest)


def label_of(words: list[str], first: int) -> str:
    """Give the label that a sentence begins with, also where its stop was cut off; else nothing.

    Examples
    --------
    >>> label_of(["a", "-", "liver"], 0), label_of(["b", ".", "colon"], 2)
    ('a', 'b')
    """
    if words[first] in {"part", "specimen"} and first + 1 < len(words):
        first += 1
    if _is_label(words[first]) and not _AFTER_LABEL.isdisjoint(words[first + 1 : first + 2]):
        return words[first]
    if first > 1 and words[first - 1] == "." and _is_label(words[first - 2]):
        return words[first - 2]
    return ""


def _is_label(word: str) -> bool:
    return (len(word) == 1 and word.isalpha()) or (word.isdigit() and len(word) <= _LONGEST_LABEL)
