"""Lesions that are only seen: what they mean is told by the occasion, or by the document."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place, names_node
from outspread.extract.statements import Scene, Statement, listed_left, listed_right

_OCCASIONS: Final = {"progress": "probable", "staging": "possible"}  # and how sure they make it
_LESIONS: Final = members("spread.lesions")
_ANY_LESIONS: Final = _LESIONS | members("lesions.words")
_ENLARGED: Final = members("lesions.enlarged")
_SIZED: Final = frozenset({"cm", "mm"})
_SIZE_WITHIN: Final = 6
_SEEN: Final = members("lesions.seen")
_OLD: Final = members("lesions.old")
_ILLS: Final = frozenset({"benign", "benign_tumor", "refuted_post", "general_here", "purpose"})
_DOUBTED: Final = frozenset(
    {"indeterminate", "suspicious", "abnormal", "pathologic", "pathological"}
)
_TUMORS: Final = frozenset({"mass", "cancer"})
BESIDE_TUMOR: Final = "lesion.beside"  # nodes told in one breath with a tumor
_NOT_OF_NOW: Final = frozenset({"family", "social", "consent", "symptoms", "medications"})


def is_occasion(m: Mention) -> bool:
    """Tell whether a phrase is an occasion on which lesions are those of the cancer."""
    return m.category == "spread" and m.value in _OCCASIONS


def read_occasion(scene: Scene, m: Mention, taken: set[int]) -> list[Statement]:
    """State lesions that a staging shows, or that appear with the progress of a cancer."""
    seen = [p for p in scene.places if _is_lesion(scene, p)]
    later = [p for p in seen if p.first >= m.last]
    if m.value == "progress" and not later:
        later = [p for p in seen if p.last <= m.first]  # "new lesions, consistent with progression"
    found = [
        s._replace(
            role="secondary", rule=f"spread.{m.value}",
            verdict=s.verdict._replace(certainty=_OCCASIONS[m.value]),
        )
        for s in _state(scene, later)
        if s.verdict.certainty == "confirmed"
    ]  # fmt: skip
    taken.update(s.first for s in found)
    return found


def read_lesions(scene: Scene) -> list[Statement]:
    """State lesions and swollen nodes that a sentence tells of, whatever they may be."""
    sentence = scene.sentence
    if not sentence.kinds.isdisjoint(_ILLS) or sentence.section in _NOT_OF_NOW:
        return []
    nodes = [p for p in scene.places if p.is_node and _is_enlarged(scene, p)]
    others = [p for p in scene.places if not p.is_node and _is_lesion(scene, p, _ANY_LESIONS)]
    said = scene.said()
    is_beside = not sentence.kinds.isdisjoint(_TUMORS) or not _DOUBTED.isdisjoint(said)
    swollen = [s._replace(rule=BESIDE_TUMOR) if is_beside else s for s in _state(scene, nodes)]
    return swollen + _state(scene, others)


def _state(scene: Scene, places: list[Place]) -> list[Statement]:
    """State the places at which something is there, and nobody tells that it is no cancer."""
    sentence = scene.sentence
    if not places or not sentence.kinds.isdisjoint(_ILLS) or sentence.section in _NOT_OF_NOW:
        return []
    judged = [(p, judge(sentence, p.first, p.last, scene.words)) for p in places]
    return [
        Statement("lesion", p.site, verdict, p.first, p.last, "lesion.seen", sentence.section,
                  side=p.side, contiguity="discontiguous")
        for p, verdict in judged
        if verdict.is_claim and not (verdict.is_negated or verdict.is_other or verdict.is_gone)
    ]  # fmt: skip


def _is_enlarged(scene: Scene, p: Place) -> bool:
    """Whether nodes are told to be large: "mediastinal lymphadenopathy", "neck nodes, 3 cm"."""
    words, first, last = scene.words, scene.sentence.first, scene.sentence.last
    around = words[max(first, p.first - 3) : min(last, p.last + 3)]
    if "normal" in around[: p.first - max(first, p.first - 3)]:
        return False  # "normal sized nodes"
    around_it = words[max(first, p.first - _SIZE_WITHIN) : p.first]
    around_it += words[p.last : min(p.last + _SIZE_WITHIN, last)]
    is_sized = names_node(words, p) and not _SIZED.isdisjoint(around_it)
    return is_sized or not _ENLARGED.isdisjoint(around)


def _is_lesion(scene: Scene, p: Place, kinds: frozenset[str] = _LESIONS) -> bool:
    """Whether a place stands with lesions: "skin nodules", "lesions in the liver and spleen"."""
    if not kinds.isdisjoint(scene.words[p.first : p.last + 2]):
        return _OLD.isdisjoint(scene.words[p.first : p.last + 2])
    for m in scene.sentence.of("mass"):
        if not kinds.isdisjoint(scene.words[m.first : m.last]):
            start = _where(scene, m.last)
            if p in listed_left(scene, m.first) or (start and p in listed_right(scene, start)):
                return True
    return False


def _where(scene: Scene, end: int) -> int:
    """Word after "lesions in" or "lesions were also seen in"; 0 where no place is told so."""
    words, last = scene.words, scene.sentence.last
    while end < last and words[end] in _SEEN:
        end += 1
    return end + 1 if end < last and words[end] in {"in", "of", "on", "at"} else 0
