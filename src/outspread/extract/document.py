"""One document: its words read into statements, treatments, stages, sizes and measurements."""

from bisect import bisect_left
from itertools import takewhile
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from outspread.extract.boxes import without_references, without_unchosen
from outspread.extract.cancers import find_cancers
from outspread.extract.confined import read_confined, read_excepted
from outspread.extract.context import judge
from outspread.extract.dates_in_text import Said, read_dates
from outspread.extract.doubt_marks import mark_doubts
from outspread.extract.fluids import FLUIDS, read_fluids
from outspread.extract.free import read_free
from outspread.extract.growth import is_within_organ, read_growth
from outspread.extract.ills import without_ills
from outspread.extract.kinds import HELD, NAMES, OTHER_ILLS
from outspread.extract.language import (
    ENOUGH,
    is_foreign,
    is_foreign_text,
    may_be_foreign,
    seems_foreign,
)
from outspread.extract.lesions import read_lesions
from outspread.extract.lexicon import Lexicon, is_tumor, lexicon
from outspread.extract.likened import read_likened
from outspread.extract.listing import is_item, open_list, read_item
from outspread.extract.measurement import Measured, read_measurements
from outspread.extract.memory import (
    Memory,
    is_of_tissue,
    is_title,
    meant,
    note_growing,
    note_specimen,
    turn,
)
from outspread.extract.named import read_named
from outspread.extract.node_counts import dissections, read_counted, read_dissections
from outspread.extract.nodes import read_nodes
from outspread.extract.noted_mass import note_mass
from outspread.extract.operated import operated_organs, read_removed, removals
from outspread.extract.origin import read_primaries
from outspread.extract.places import Place, find_places, name_nodes
from outspread.extract.prefilter import speaks_of_cancer
from outspread.extract.primaries import begins_at, without_benign
from outspread.extract.refuted import refutes
from outspread.extract.remarks import is_at_large, is_untitled, topic_of
from outspread.extract.sentences import Sentence, split
from outspread.extract.sizes import Size, read_sizes
from outspread.extract.spread import read_spread
from outspread.extract.stage import Staged, is_bracketed, read_bracketed, read_stages
from outspread.extract.statements import Scene, Statement
from outspread.extract.tokens import Tokens, cut
from outspread.extract.treatment import Given, read_treatments

_OF_TUMORS: Final = frozenset({
    "cancer", "spread_cancer", "malignant", "spread", "deposit", "extension", "extension_here",
    "gleason", "node", "tumor_site", "tumor_here", "primary_word", "unknown_primary", "neg_post",
    "cells", "neg_nodes", "nodeplace", "likened",
})  # fmt: skip
_TELLING: Final = frozenset({"cancer", "spread", "malignant", "deposit", "mass"})
_OF_STAGES: Final = frozenset({"tnm", "tnm_key", "stage", "primary_word", "node"})
_OF_MEASURES: Final = frozenset({"measure", "stated", "symptom"})
FOREIGN: Final = "foreign"  # the note on what is not read
_NEVER: Final = -9
_ANY_TUMOR: Final = "8000/3"
_OF_SPECIMENS: Final = frozenset({"", "diagnosis", "microscopic", "specimen", "gross"})
_NEWS: Final = frozenset({
    "confined", "locally_advanced", "noninvasive", "microinvasive", "ned", "unknown_primary",
    "clear_scan",
})  # fmt: skip
_DENIABLE: Final = frozenset({"confined", "microinvasive"})  # "not limited to"
_PLACED: Final = _OF_TUMORS | {"mass", "treat", "procedure", "sampling"}
_OF_LESIONS: Final = frozenset({"mass", "node", "nodeplace"})
_OF_GROWTHS: Final = frozenset({"cancer", "mass", "malignant", "spread", "gleason", "primary_word"})
_OTHERS: Final = _OF_STAGES | _OF_MEASURES | {"treat", "unit"}
_TOLD: Final = frozenset().union(_OF_TUMORS, _TELLING, OTHER_ILLS, _NEWS, _OTHERS)
"""A sentence without any of them says nothing by itself."""
_VALUE: Final = attrgetter("value")
_OF_SPREAD: Final = frozenset({"spread", "spread_cancer", "deposit"})
_OF_GROWTH: Final = frozenset({"extension", "extension_here"})
_OF_NAMES: Final = frozenset(
    {"tumor_here", "tumor_site", "primary_word", "spread", "gleason", "mass"}
)


class Reading(NamedTuple):
    """All that one text states; words are numbered as in `tokens`."""

    tokens: Tokens
    statements: list[Statement]
    treatments: list[Given]
    stages: list[Staged]
    sizes: list[Size]
    measurements: list[Measured]
    notes: list[tuple[str, int, int]]
    dates: list[Said]
    lesions: list[Statement]


def read_note(text: str, *, pack: Path | None = None) -> Reading:
    """Read one text; one that names nothing of cancer, in English, is passed over."""
    if speaks_of_cancer(text, pack=pack):
        return read_text(text, pack=pack)
    notes = [(FOREIGN, 0, 0)] if may_be_foreign(text) else []
    return Reading(cut(""), [], [], [], [], [], notes, [], [])


def is_part_foreign(reading: Reading) -> bool:
    """Tell whether a part of a text was not read because it is not in English."""
    return any(kind == FOREIGN for kind, _, _ in reading.notes)


def read_text(text: str, *, pack: Path | None = None) -> Reading:
    """Read one text."""
    known = lexicon(pack)
    text = mark_doubts(without_references(without_unchosen(text)))
    tokens = cut(text)
    words = tokens.words
    reading = Reading(tokens, [], [], [], [], [], [], [], [])
    doubts = len(tokens.signs["foreign"]) + len(tokens.signs["foreign_or_name"])
    if doubts >= ENOUGH and is_foreign_text(words):
        reading.notes.append((FOREIGN, 0, len(words)))
        return reading
    topics = _read_sentences(reading, split(tokens, known), text, known)
    if topics and is_untitled(reading.statements, words):
        scenes = [_scene(Memory(), s, find_places(s, words, known), words) for s in topics]
        reading.statements.extend(topic_of([(s, find_cancers(s)) for s in scenes]))
    reading.statements.extend(_found_by_operation(reading))
    reading.statements[:] = without_benign(reading.statements)
    if doubts > 1 and not reading.notes and seems_foreign(words):
        reading.notes.append((FOREIGN, 0, len(words)))
    return reading


def _read_sentences(
    reading: Reading, sentences: list[Sentence], text: str, known: Lexicon
) -> list[Sentence]:
    """Read the sentences in turn; those at large that name a cancer are given back."""
    words = reading.tokens.words
    foreign, dated = reading.tokens.signs["foreign"], reading.tokens.signs["date"]
    memory = Memory()
    told = _NEVER
    topics: list[Sentence] = []
    number = 0
    for sentence in sentences:
        number += not sentence.is_head
        turn(memory, sentence, number)
        kinds = sentence.kinds
        if not kinds:
            memory.grows = memory.grows and sentence.is_head
            continue
        if "at_large" in kinds and is_at_large(sentence, words):
            if "cancer" in kinds:
                topics.append(sentence)
            continue
        said = (sentence.first, sentence.last)
        if foreign and _is_in(sentence, foreign) and is_foreign(words[slice(*said)]):
            reading.notes.append((FOREIGN, *said))
            continue
        if dated and _is_in(sentence, dated):
            reading.dates.extend(read_dates(sentence, words))
        is_listed = memory.listing is not None and is_item(memory, sentence, words)
        if is_listed or _is_placed(sentence, words):
            places = without_ills(sentence, find_places(sentence, words, known), words)
            note_specimen(memory, sentence, places, number=number, words=words)
            if is_listed:
                reading.statements.extend(read_item(memory, sentence, places))
            else:
                _read_tumors(reading, memory, sentence, places)
            note_mass(memory, sentence, places, number=number, words=words)
        elif kinds.isdisjoint(_TOLD):
            continue
        if not kinds.isdisjoint(_TELLING):
            told = number
        note_growing(memory, kinds)
        _read_others(reading, sentence, text, known, is_near_cancer=number - told <= 2)
        if memory.earlier:
            _note_refuted(reading, sentence, memory.earlier)
    return topics


def _is_placed(sentence: Sentence, words: list[str]) -> bool:
    """Whether the places of a sentence say something, in it or to the sentences after it."""
    if sentence.is_head or sentence.section == "specimen":
        return True
    is_told = not sentence.kinds.isdisjoint(_PLACED) or _is_of_fluids(sentence)
    return is_told or is_title(sentence, words)


def _is_of_fluids(sentence: Sentence) -> bool:
    return "site" in sentence.kinds and not FLUIDS.isdisjoint(map(_VALUE, sentence.mentions))


def _read_tumors(reading: Reading, memory: Memory, sentence: Sentence, places: list[Place]) -> None:
    """Read what a sentence tells of tumors, and of lesions that are only seen."""
    kinds, words = sentence.kinds, reading.tokens.words
    is_of_tumors = not kinds.isdisjoint(_OF_TUMORS) or _is_of_fluids(sentence)
    if "treat" in kinds and not is_of_tumors:
        is_of_tumors = bool(dissections(sentence, words) or removals(sentence, words))
    if not (is_of_tumors or "mass" in kinds):
        return
    scene = _scene(memory, sentence, places, words)
    if is_of_tumors or any(map(is_tumor, sentence.mentions)):
        reading.statements.extend(_statements(scene))
        open_list(memory, sentence, words)
    if places and not kinds.isdisjoint(_OF_LESIONS):
        reading.lesions.extend(read_lesions(scene))


def _is_in(sentence: Sentence, places: list[int]) -> bool:
    """Whether any of the places, in their order, is in a sentence."""
    number = bisect_left(places, sentence.first)
    return number < len(places) and places[number] < sentence.last


def _found_by_operation(reading: Reading) -> list[Statement]:
    """Cancer of the organ that was operated, where the text names no other place of one.

    A metastatic one, or that of an earlier operation, is of it only where its kind begins there.
    """
    said = [s for s in reading.statements if s.role != "secondary" and not s.verdict.is_negated]
    said = [s for s in said if not s.verdict.is_other]
    loose = [s for s in said if s.rule == "primary.unplaced" and s.verdict.is_claim]
    if not loose or any(s.site or s.primary for s in said):
        return []
    kind = loose[0].histology
    if kind == _ANY_TUMOR and loose[0].verdict.certainty != "confirmed":
        return []  # which was only feared
    spread = [s for s in reading.statements if s.role == "secondary" and s.rule[:6] == "spread"]
    is_spread = any(0 <= loose[0].last - s.first <= 8 for s in spread)
    operated = [
        g for g in reading.treatments
        if g.strength == "organ"
        and (begins_at(g.organs[0], kind) or not (is_spread or g.section == "history"))
    ]  # fmt: skip
    if not operated:
        return []
    seen = {s.site for s in reading.lesions if s.verdict.certainty != "possible"}
    held = [g for g in operated if g.organs[0] in seen] or [
        g._replace(organs=(o,)) for g in operated for o in g.organs if o in seen
    ]  # of several organs that were removed, the one with a mass
    operated = held or operated
    near = min(operated, key=lambda g: abs(g.first - loose[0].first))
    words = reading.tokens.words  # what is removed along is told after the organ of the tumor
    first = next(g for g in operated if "." not in words[g.first : near.first])
    return [
        Statement("found", first.organs[0], loose[0].verdict, first.first, first.last,
                  "found.operated", first.section, histology=kind)
    ]  # fmt: skip


def _scene(memory: Memory, sentence: Sentence, places: list[Place], words: list[str]) -> Scene:
    if sentence.section in _OF_SPECIMENS and len(memory.specimen) == 1:
        places = name_nodes(places, words, memory.specimen)
    earlier = meant(memory, sentence, words)
    fluids = [p for p in earlier if p.site in FLUIDS] if earlier else earlier
    if fluids and places:  # "positive for carcinoma, lung primary": told of the fluid before
        told = next((m.first for m in sentence.mentions if m.category in HELD), -1)
        fluids = fluids if 0 <= told < places[0].first else []
    is_felt = sentence.section == "exam" and not is_of_tissue(sentence, words)
    specimen = memory.specimen if sentence.section != "exam" or is_felt else []
    return Scene(
        sentence, words, places, specimen, earlier,
        memory.sampled, fluids, memory.is_answered, memory.grows,
    )  # fmt: skip


def _statements(scene: Scene) -> list[Statement]:
    """What a sentence states of tumors; each reader is asked where its words stand."""
    taken: set[int] = set()
    kinds = scene.sentence.kinds
    cancers = [] if kinds.isdisjoint(NAMES) else find_cancers(scene)
    found = [] if kinds.isdisjoint(_OF_SPREAD) else read_spread(scene, cancers, taken)
    found += read_excepted(scene)
    if "neg_post" in kinds:
        found += read_free(scene, taken)
    if not kinds.isdisjoint(_OF_GROWTH):
        found += read_growth(scene, taken)
    if "likened" in kinds:
        found += read_likened(scene, taken)
    if "treat" in kinds:
        found += read_dissections(scene, taken) + read_removed(scene, taken)
    found += read_nodes(scene, taken) if scene.places else read_counted(scene)
    if not kinds.isdisjoint(HELD) or scene.places:
        found += read_fluids(scene, taken)
    if cancers:
        found += read_primaries(scene, cancers, taken)
    if not kinds.isdisjoint(_OF_NAMES):
        found += read_named(scene, taken)
    return found


def _note_refuted(reading: Reading, sentence: Sentence, places: list[Place]) -> None:
    """Note where the sentences before tell that tissue came from, if this one names no place."""
    span = (sentence.first, sentence.last)
    own = takewhile(lambda note: note[1] >= sentence.first, reversed(reading.notes))
    if ("refuted ", *span) in own:
        sites = sorted({p.site for p in places if not p.is_node})
        reading.notes.extend((f"refuted {site}", *span) for site in sites)


def _refuted_sites(sentence: Sentence) -> list[str]:
    """Sites that a benign result is of: those named, or what was removed after them."""
    named = [m for m in sentence.mentions if m.category in {"site", "nodeplace"}]
    removed = [p for p in operated_organs(sentence) if all(m.last <= p.first for m in named)]
    ills = [m.first for m in sentence.mentions if m.category in OTHER_ILLS]
    if named and not (ills and removed and removed[0].last <= ills[-1]):
        return sorted({m.value for m in named})
    return sorted({p.site for p in removed}) or [""]


def _staged_sites(
    sentence: Sentence, words: list[str], stages: list[Staged], known: Lexicon
) -> list[Statement]:
    """What the brackets after a stage tell of its sites."""
    found: list[Statement] = []
    for stage in stages:
        if is_bracketed(sentence, stage, words):
            found += read_bracketed(sentence, words, find_places(sentence, words, known), stage)
    return found


def _read_others(
    reading: Reading, sentence: Sentence, text: str, known: Lexicon, *, is_near_cancer: bool
) -> None:
    kinds = sentence.kinds
    tokens = reading.tokens
    words = tokens.words
    if "treat" in kinds:
        reading.treatments.extend(read_treatments(sentence, words, is_near_cancer=is_near_cancer))
    if not kinds.isdisjoint(_OF_STAGES):
        stages = read_stages(sentence, tokens, text)
        reading.stages.extend(stages)
        reading.statements.extend(_staged_sites(sentence, words, stages, known))
    if "unit" in kinds:
        reading.sizes.extend(read_sizes(sentence, words, is_near_cancer=is_near_cancer))
    if not kinds.isdisjoint(_OF_MEASURES):
        reading.measurements.extend(read_measurements(sentence, words))
    if refutes(sentence, words):
        span = (sentence.first, sentence.last)
        reading.notes.extend((f"refuted {site}", *span) for site in _refuted_sites(sentence))
    if "layer" in kinds and is_within_organ(sentence, words):
        reading.notes.append(("confined", sentence.first, sentence.last))
    if kinds.isdisjoint(_NEWS):
        return
    is_of_disease = is_near_cancer and "disease" in words[sentence.first : sentence.last]
    for m in sentence.mentions:
        if m.category == "confined" and kinds.isdisjoint(_OF_GROWTHS) and not is_of_disease:
            continue
        if m.category not in _NEWS:
            continue
        verdict = judge(sentence, m.first, m.last, words)
        if verdict.is_claim and not (verdict.is_negated and m.category in _DENIABLE):
            reading.notes.append((m.category, m.first, m.last))
            if m.category == "confined" and is_near_cancer:
                places = find_places(sentence, words, known)
                reading.statements.extend(read_confined(sentence, words, places, m, verdict))
