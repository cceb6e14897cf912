"""One document: its words read into statements, treatments, stages, sizes and measurements."""

from pathlib import Path
from typing import Final, NamedTuple

from outspread.extract.cancers import find_cancers
from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.growth import read_free, read_growth, read_nodes
from outspread.extract.language import is_foreign, is_foreign_text
from outspread.extract.lexicon import find_mentions, lexicon
from outspread.extract.measurement import Measured, read_measurements
from outspread.extract.named import FLUIDS, read_fluids, read_named
from outspread.extract.origin import read_primaries
from outspread.extract.places import Place, find_places
from outspread.extract.sentences import Sentence, split
from outspread.extract.sizes import Size, read_sizes
from outspread.extract.spread import read_spread
from outspread.extract.stage import Staged, read_stages
from outspread.extract.statements import Scene, Statement
from outspread.extract.targets import operated_organs
from outspread.extract.tokens import Tokens, cut
from outspread.extract.treatment import Given, read_treatments

_OF_TUMORS: Final = frozenset(
    {
        "cancer",
        "spread_cancer",
        "malignant",
        "spread",
        "deposit",
        "extension",
        "extension_here",
        "gleason",
        "node",
        "tumor_site",
        "primary_word",
        "unknown_primary",
        "neg_post",
        "cells",
        "neg_nodes",
        "nodeplace",
    }
)
_TELLING: Final = frozenset({"cancer", "spread", "malignant", "deposit", "mass"})
_OF_SPECIMENS: Final = frozenset(
    {"site", "node", "nodeplace", "side", "treat", "procedure", "region"}
)
_OTHERS: Final = {
    "treat": "treatments",
    "tnm": "stages",
    "primary_word": "stages",
    "node": "stages",
    "stage": "stages",
    "tnm_key": "stages",
    "unit": "sizes",
    "measure": "measurements",
    "symptom": "measurements",
}
FOREIGN: Final = "foreign"  # the note on what is not read
FORGOTTEN_AFTER: Final = 2  # sentences after which a mass is no longer what "it" means
_RESULTS: Final = members("document.results")
_OTHER_ILLS: Final = frozenset({"refuted_post", "benign", "benign_tumor"})
_NEWS: Final = frozenset(
    {"confined", "locally_advanced", "noninvasive", "ned", "unknown_primary", "clear_scan"}
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


def read_text(text: str, *, pack: Path | None = None) -> Reading:
    """Read one text."""
    known = lexicon(pack)
    tokens = cut(text)
    mentions = find_mentions(tokens.words, known)
    sentences = split(tokens, mentions, known)
    reading = Reading(tokens, [], [], [], [], [], [])
    if is_foreign_text(tokens.words):
        reading.notes.append((FOREIGN, 0, len(tokens.words)))
        return reading
    specimen: list[Place] = []
    earlier: list[Place] = []
    seen = -9
    named: list[Place] = []
    section = ""
    told = -3
    for number, sentence in enumerate(sentences):
        if sentence.section != section:
            specimen, section = [], sentence.section
            if section in {"diagnosis", "microscopic"} and len(named) == 1:
                specimen = named
        if not sentence.mentions:
            continue
        if is_foreign(tokens.words[sentence.first : sentence.last]):
            reading.notes.append((FOREIGN, sentence.first, sentence.last))
            continue
        kinds = {m.category for m in sentence.mentions}
        has_fluid = any(m.value in FLUIDS for m in sentence.mentions)
        if (
            kinds & _OF_TUMORS
            or "mass" in kinds
            or sentence.is_head
            or has_fluid
            or (sentence.section == "specimen" or "treat" in kinds)
        ):
            places = find_places(sentence, tokens.words, known)
            if sentence.section == "exam":
                specimen = places if sentence.is_head else specimen
            elif _is_specimen(sentence, places, kinds) or _is_only_place(
                sentence, places, tokens.words
            ):
                specimen = places
            if sentence.section == "specimen" and not sentence.is_head:
                named = named + places
            if number - seen > FORGOTTEN_AFTER:
                earlier = []
            fluid = [p for p in earlier if p.site in FLUIDS] if not places else []
            scene = Scene(sentence, tokens.words, places, known, specimen, earlier, fluid)
            if kinds & _OF_TUMORS:
                reading.statements.extend(_statements(scene))
            operated = operated_organs(sentence)
            if ("mass" in kinds or has_fluid) and (places or not operated):
                earlier = places or _region_places(sentence) or earlier
                seen = number
            elif operated:
                earlier, seen = operated, number
        if kinds & _TELLING:
            told = number
        _read_others(reading, sentence, kinds, text, is_near_cancer=number - told <= 2)
    reading.statements.extend(_found_by_operation(reading))
    return reading


def _found_by_operation(reading: Reading) -> list[Statement]:
    """Cancer of the organ that was operated, where the text names no other place of one."""
    said = [s for s in reading.statements if s.role != "secondary" and not s.verdict.is_negated]
    loose = [s for s in said if s.rule == "primary.unplaced" and s.verdict.is_claim and s.histology]
    operated = [g for g in reading.treatments if g.strength == "organ"]
    if not loose or not operated or any(s.site or s.primary for s in said):
        return []
    if any(s.role == "secondary" and 0 <= loose[0].last - s.first <= 8 for s in reading.statements):
        return []  # "metastatic carcinoma": not of the organ that was operated
    first = operated[0]
    return [
        Statement("found", first.organs[0], loose[0].verdict, first.first, first.last,
                  "found.operated", first.section, histology=loose[0].histology, is_weak=True)
    ]  # fmt: skip


def _statements(scene: Scene) -> list[Statement]:
    taken: set[int] = set()
    cancers = find_cancers(scene)
    found = read_spread(scene, cancers, taken)
    found += read_free(scene, taken)
    found += read_growth(scene, taken)
    found += read_nodes(scene, taken)
    found += read_fluids(scene, taken)
    return found + read_primaries(scene, cancers, taken) + read_named(scene, taken)


def _is_specimen(sentence: Sentence, places: list[Place], kinds: set[str]) -> bool:
    """Whether a line names a specimen: a heading with a place, before any finding."""
    return bool(places) and sentence.is_head and not kinds & {"cancer", "spread", "neg_pre"}


def _is_only_place(sentence: Sentence, places: list[Place], words: list[str]) -> bool:
    """Whether a sentence is nothing but a place and how it was taken: "Stomach, gastrectomy."."""
    if not places or {m.category for m in sentence.mentions} - _OF_SPECIMENS:
        return False
    told = {place for m in sentence.mentions for place in range(m.first, m.last)}
    return all(
        place in told or not words[place][0].isalpha()
        for place in range(sentence.first, sentence.last)
    )


def _region_places(sentence: Sentence) -> list[Place]:
    """Soft tissue of a limb or the trunk, where a mass is told to be there."""
    return [
        Place(m.first, m.last, "soft_tissue", None, is_node=False)
        for m in sentence.mentions
        if m.category == "region" and m.value == "limb_or_trunk"
    ]


def _is_refuted(sentence: Sentence, kinds: set[str], words: list[str]) -> bool:
    """Whether a sentence tells that what was feared is something else."""
    if not kinds & _OTHER_ILLS or kinds & {"cancer", "spread", "deposit", "malignant", "cells"}:
        return False
    if "refuted_post" in kinds:
        return True
    said = words[sentence.first : sentence.last]
    is_result = "turn_out" in kinds or any(w in _RESULTS for w in said)
    return is_result and bool(kinds & {"benign", "benign_tumor"}) and "neg_pre" not in kinds


def _read_others(
    reading: Reading, sentence: Sentence, kinds: set[str], text: str, *, is_near_cancer: bool
) -> None:
    tokens = reading.tokens
    wanted = {_OTHERS[kind] for kind in kinds if kind in _OTHERS}
    if "treatments" in wanted:
        reading.treatments.extend(
            read_treatments(sentence, tokens.words, is_near_cancer=is_near_cancer)
        )
    if "stages" in wanted:
        reading.stages.extend(read_stages(sentence, tokens, text))
    if "sizes" in wanted:
        reading.sizes.extend(
            read_sizes(sentence, tokens.words, is_near_cancer=is_near_cancer)
        )
    if "measurements" in wanted:
        reading.measurements.extend(read_measurements(sentence, tokens.words))
    if _is_refuted(sentence, kinds, tokens.words):
        reading.notes.append(("refuted", sentence.first, sentence.last))
    if not kinds & _NEWS:
        return
    for m in sentence.mentions:
        if m.category in _NEWS and judge(sentence, m.first, m.last, tokens.words).is_claim:
            reading.notes.append((m.category, m.first, m.last))
