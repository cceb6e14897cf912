"""Masses that a purpose takes for granted: "to clarify ... with a mass involving the pancreas"."""

from typing import Final

from outspread.extract.context import Verdict
from outspread.extract.statements import Scene

_WITH: Final = frozenset({"with", "despite", "besides", "by", "of"})
_WITHIN: Final = 3  # words between the preposition and the mass
_SAID: Final = frozenset({"involving", "infiltrating", "invading", "extending", "encasing"})


def of_known_mass(scene: Scene, first: int, verdict: Verdict) -> Verdict:
    """Make a place possible that is told of a mass which the purpose of a test does not ask for."""
    if verdict.is_claim or "mass" not in scene.sentence.kinds:
        return verdict
    words = scene.words
    for m in scene.sentence.mentions:
        if m.category != "mass" or m.last > first:
            continue
        before = scene.before(m.first, _WITHIN)
        is_told = not _SAID.isdisjoint(words[m.last : first + 1])
        if is_told and not _WITH.isdisjoint(before):
            return verdict._replace(is_claim=True, certainty="possible")
    return verdict
