"""Cancer cells in fluids, and fluids that are told by their result alone."""

from itertools import pairwise
from typing import Final

from outspread.extract.context import is_negated, judge
from outspread.extract.groups import members
from outspread.extract.kinds import CAUSES, HELD, PERSONS
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.statements import Scene, Statement, is_linked, span_of, spread_to

_CALLED: Final = 5  # words of ", which is presumed to be"
_ITEM_MARKS: Final = frozenset(",.;:-()")
_CELLS: Final = members("fluids.cells")
FLUIDS: Final = members("cancers.fluids")
_TAPPED: Final = FLUIDS - {"bone_marrow"}
_RESULT_WITHIN: Final = 6
_EFFUSIONS: Final = frozenset({"pleural_effusion", "pericardial_effusion", "ascites"})
_FEARS: Final = frozenset({"feared", "strong_post", "weak_post"})
TAPS: Final = members("fluids.taps")
_FULL: Final = frozenset({"positive", "malignant"})
_OWNING: Final = frozenset({"who", "with", "has"})
_PARTED: Final = frozenset({",", "for"})
_CAUSED_WITHIN: Final = 5  # words of "due to her metastatic breast (cancer)"
_FREE: Final = frozenset({"negative", "neg", "benign", "reactive"})
_OF: Final = frozenset({"for", "of"})
_IN: Final = frozenset({"in", "of", "within", "from", "into", "to", "on"})
_OF_MARROW: Final = frozenset({"leukemia_other", "myeloma"})


def read_fluids(scene: Scene, taken: set[int]) -> list[Statement]:
    """State cancer cells in a fluid: "pleural fluid positive for malignant cells"."""
    found = _cytology(scene, taken)
    for m in scene.sentence.mentions:
        if m.category not in HELD:
            continue
        for p in _fluids_of(scene):
            if m.category == "cancer" and _is_of_person(scene, p.last, m.first):
                continue  # "pleural effusion in a patient who has lung cancer"
            if p.site == "bone_marrow" and m.value.partition(" ")[2] in _OF_MARROW:
                continue  # it begins there
            if p in scene.fluids and p.site == "bone_marrow":
                continue  # solid tissue: cells told of later are not in it
            if p.site in FLUIDS and p.first not in taken:
                inside = p in scene.places
                first, last = span_of(p, m) if inside else (m.first, m.last)
                said = scene.said()
                if inside and _is_apart(scene, m, p):
                    continue
                if not (inside and _is_cause(scene, p.last, m.first)):
                    if not is_linked(scene, first, last) and not _CELLS.intersection(said):
                        continue
                    if inside and _is_reason(scene.words[p.last : m.first]):
                        continue
                    if scene.sentence.has({"stop"}, min(p.last, m.last), max(p.first, m.first)):
                        continue  # "negative, which made ..."
                verdict = judge(scene.sentence, m.first, last, scene.words)
                if last > m.last and is_negated(scene.sentence, m.first, m.last, scene.words):
                    verdict = verdict._replace(is_negated=True)  # "not identified in the fluid"
                if scene.words[scene.sentence.last - 1] == ":":
                    verdict = verdict._replace(is_claim=False)  # a form that was not filled in
                taken.add(p.first)
                section = scene.sentence.section
                found.append(spread_to(p, verdict, (first, last), "spread.fluid", section))
    return found


def _is_apart(scene: Scene, m: Mention, p: Place) -> bool:
    """Whether a cancer is not told to be in a fluid: "cancer with no ascites"."""
    is_denied = scene.sentence.has_before({"neg_pre"}, p.first, 1)
    if p.first < m.first:
        return is_denied and "," in scene.words[p.last : m.first]
    return is_denied or _IN.isdisjoint(scene.words[m.last : p.first])


def _is_reason(gap: list[str]) -> bool:
    """Whether a cancer is why a fluid was taken: "peritoneal cytology in 2001 for cancer"."""
    return any(b == "for" and a != "positive" for a, b in pairwise(["", *gap]))


def _is_cause(scene: Scene, first: int, last: int) -> bool:
    """Whether a cancer is told as the cause of a fluid: "ascites secondary to ovarian cancer"."""
    gap = scene.words[first:last]
    cause = next((i for i, pair in enumerate(pairwise(gap)) if pair in CAUSES), None)
    if cause is None or scene.sentence.has({"treat"}, first, last):
        return False  # "due to radiation for lung cancer"
    return len(gap) - cause <= _CAUSED_WITHIN and not _PARTED.intersection(gap)


def _is_of_person(scene: Scene, first: int, last: int) -> bool:
    """Whether a cancer is told of the person who has the fluid, and not of the fluid."""
    gap = scene.words[first:last]
    person = next((i for i, w in enumerate(gap) if w in PERSONS), -1)
    rest = gap[person + 1 :]
    return person >= 0 and not _OWNING.isdisjoint(rest[:2]) and _FULL.isdisjoint(rest)


def _fluids_of(scene: Scene) -> list[Place]:
    """Fluids that a sentence names, or else those it is about."""
    named = [p for p in scene.places if p.site in FLUIDS]
    return named or scene.fluids if scene.places else scene.specimen or scene.fluids


def _cytology(scene: Scene, taken: set[int]) -> list[Statement]:
    """State fluids by their result alone: "pleural effusion, cytology negative"."""
    sentence, words = scene.sentence, scene.words
    found = []
    for p in scene.places:
        if p.site in _EFFUSIONS and p.first not in taken and (s := _called_malignant(scene, p)):
            taken.add(p.first)
            found.append(s)
            continue
        if p.site not in _TAPPED or p.first in taken:
            continue
        rest = words[p.first : min(p.last + _RESULT_WITHIN, sentence.last)]
        if TAPS.isdisjoint(rest):
            continue
        said = rest[p.last - p.first :]
        is_full = not _FULL.isdisjoint(said) and _FREE.isdisjoint(said)
        if not is_full and _FREE.isdisjoint(said):
            continue
        if not (_OF.isdisjoint(said) and sentence.kinds.isdisjoint(HELD)):
            continue  # "positive for ...": what it holds is told
        verdict = judge(sentence, p.first, p.last, words)
        if verdict.is_claim:
            taken.add(p.first)
            verdict = verdict._replace(is_negated=not is_full)
            span = (p.first, p.last)
            found.append(spread_to(p, verdict, span, "spread.fluid", sentence.section))
    return found


def _called_malignant(scene: Scene, p: Place) -> Statement | None:
    """State an effusion that is called malignant after it: "effusions, presumed malignant"."""
    words, sentence = scene.words, scene.sentence
    if not sentence.kinds.isdisjoint(_FEARS):
        return None
    for m in sentence.of("malignant"):
        gap = words[p.last : m.first]
        is_called = 0 < len(gap) <= _CALLED and "or" not in gap
        if is_called and not _ITEM_MARKS.isdisjoint(words[m.last : m.last + 1]):
            verdict = judge(sentence, m.first, m.last, words)
            return spread_to(p, verdict, (p.first, m.last), "spread.fluid", sentence.section)
    return None
