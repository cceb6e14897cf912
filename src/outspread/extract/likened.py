"""Tissue that is told to be like a cancer told of before: it is spread of it."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention, is_tumor
from outspread.extract.operated import operated_organs
from outspread.extract.places import Place
from outspread.extract.statements import Scene, Statement, spread_to
from outspread.extract.targets import is_of_lesions, is_of_mass
from outspread.read.places import overlap

_TISSUE: Final = members("origin.tissue_words")
_LOOKS: Final = members("likened.looks")  # what images tell, and no tissue
_PARTING: Final = members("likened.parting")  # words after which the tumor is another thing
_NEAR: Final = 8  # words between "identical to" and the tumor


def read_likened(scene: Scene, taken: set[int]) -> list[Statement]:
    """State spread where tissue is like the origin: "identical to that of the uterine tumor"."""
    found: list[Statement] = []
    for m in scene.sentence.mentions:
        if m.category != "likened" or not _is_to_tumor(scene, m):
            continue
        if scene.sentence.has({"cancer"}, scene.sentence.first, m.first):
            continue  # tissue that is called a cancer itself is read as found there
        verdict = judge(scene.sentence, m.first, m.last, scene.words)
        if verdict.is_negated or not verdict.is_claim:
            continue
        near = [p.site for p in scene.places if 0 <= p.first - m.last <= _NEAR]
        for p in _tissue_before(scene, m):
            if p.first in taken or any(overlap(p.site, o) for o in near):
                continue
            is_here = p in scene.places or scene.sentence.first <= p.first < scene.sentence.last
            span = (p.first if is_here else m.first, m.last)
            found.append(spread_to(p, verdict, span, "spread.recur", scene.sentence.section))
    return found


def _is_to_tumor(scene: Scene, m: Mention) -> bool:
    """Whether a tumor or cancer follows to which the tissue is likened."""
    if not _LOOKS.isdisjoint(scene.words[scene.sentence.first : m.first]):
        return False
    return any(
        (o.category in {"cancer", "primary_word"} or is_tumor(o))
        and 0 <= o.first - m.last <= _NEAR
        and _PARTING.isdisjoint(scene.words[m.last : o.first])
        for o in scene.sentence.mentions
    )


def _tissue_before(scene: Scene, m: Mention) -> list[Place]:
    """Place of the tissue: what was operated, a mass of the sentence, or the mass before."""
    said = scene.words[scene.sentence.first : m.first]
    operated = [p for p in operated_organs(scene.sentence) if p.last <= m.first]
    before = [p for p in scene.places if p.last <= m.first and not p.is_node]
    held = [p for p in before if is_of_lesions(scene, p) or is_of_mass(scene, p)]
    if _TISSUE.isdisjoint(said) and not operated and not held:
        return []
    places = operated or held or before or scene.sampled or scene.earlier
    places = [p for p in places if not p.is_node]
    return places if len({p.site for p in places}) == 1 else []
