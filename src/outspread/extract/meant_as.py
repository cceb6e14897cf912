"""What a sentence makes of a cancer that it names, or of a mass that it takes for granted."""

from typing import Final

from outspread.extract.cancers import Cancer, end_with_spread
from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.statements import Scene
from outspread.extract.verdict import Verdict

_KNOWN: Final = members("cancers.known")
_DOUBTS: Final = frozenset({"weak_pre", "strong_pre", "neg_pre", "purpose", "feared", "neg_other"})
_SPREAD: Final = frozenset({"spread", "deposit"})
_NOT: Final = frozenset({"no", "nil", "not", "without", "any", "or", "nor", "denies", "denied"})
_LISTING: Final = frozenset({",", "and", "/", "versus", "vs"})
_CLAUSE: Final = 3
_CLAUSE_WORDS: Final = frozenset({"that", "which", "had", "has", "have", "was", "were"})
_WITH: Final = frozenset({"with", "despite", "besides", "by", "of"})
_MASS_WITHIN: Final = 3  # words between the preposition and the mass
_INVOLVING: Final = frozenset({"involving", "infiltrating", "invading", "extending", "encasing"})


def judged(scene: Scene, cancer: Cancer, end: int) -> Verdict:
    """What a sentence makes of a cancer that it names; `end`: of it or its alternatives."""
    verdict = judge(scene.sentence, cancer.first, end, scene.words)
    if verdict.certainty == "confirmed" and (whole := end_with_spread(scene, cancer)):
        later = judge(scene.sentence, cancer.first, whole, scene.words)
        verdict = verdict._replace(certainty=later.certainty)
    if _is_of_other(scene, cancer):
        return verdict._replace(is_planned=False, is_negated=True, is_refuted=True)
    is_denied = scene.sentence.has_after({"neg_post"}, cancer.last, 1)  # "myeloma excluded"
    if not is_denied and _is_presupposed(scene, cancer):
        return Verdict(is_other=verdict.is_other, is_past=verdict.is_past)
    return verdict._replace(is_planned=False) if verdict.is_planned else verdict


def _is_of_other(scene: Scene, cancer: Cancer) -> bool:
    """Whether a cancer is told to be spread: "gastric cancer that was diagnosed as metastatic"."""
    if "spread" not in scene.sentence.kinds:
        return False
    near = [m for m in scene.sentence.of("spread", "adj") if 0 <= m.first - cancer.last <= 1]
    if any(scene.words[m.last : m.last + 1] == ["from"] for m in near):
        return True  # "ovarian carcinoma, metastatic from the colon"
    if _has_come(scene, cancer):
        return True
    spread = [m.first for m in scene.sentence.of("spread") if m.value != "recur"]
    return not cancer.is_metastatic and any(
        o.first >= cancer.last and any(0 <= first - o.last <= 1 for first in spread)
        and not scene.sentence.has({"mass"}, cancer.last, o.first)  # which is what turns out so
        for o in scene.sentence.of("turn_out")
    )  # fmt: skip


def _has_come(scene: Scene, cancer: Cancer) -> bool:
    """Whether a cancer is told to have come from elsewhere: "that had metastasized from ..."."""
    return any(
        0 < m.first - cancer.last <= _CLAUSE and scene.words[m.last : m.last + 1] == ["from"]
        and _CLAUSE_WORDS.issuperset(scene.words[cancer.last : m.first])
        for m in scene.sentence.of("spread", "verb")
    )  # fmt: skip


def _is_presupposed(scene: Scene, cancer: Cancer) -> bool:
    """Whether a doubt before a cancer is about its spread: "possible metastasis of his cancer"."""
    if scene.sentence.section == "family":
        return False
    words, first = scene.words, cancer.first
    if "postoperative" in scene.before(first, _CLAUSE):
        return True  # "postoperative evaluation for cancer"
    if any(
        words[i] in _KNOWN and not (words[i] == "known" and words[i - 1] in _NOT)
        for i in range(max(scene.sentence.first, first - 2), first)
    ):
        return True  # but "no known cancer"
    kinds = scene.sentence.kinds
    if kinds.isdisjoint(_DOUBTS) or kinds.isdisjoint(_SPREAD):
        return False
    before = [m for m in scene.sentence.mentions if m.first < cancer.first]
    doubts = [m.first for m in before if m.category in _DOUBTS]
    spread = [m.first for m in before if m.category in _SPREAD and m.value != "adj"]
    if not doubts or not spread:
        return False
    gap = words[max(spread) + 1 : first]
    if "or" in gap or _LISTING.issuperset(gap):
        return False  # one of several that are feared
    if any(m.category == "stop" and m.first > max(spread) for m in before):
        return False  # "likely a metastasis, although lymphoma cannot be excluded"
    return max(doubts) < max(spread)


def of_known_mass(scene: Scene, first: int, verdict: Verdict) -> Verdict:
    """Make a place possible that is told of a mass which the purpose of a test does not ask for."""
    if verdict.is_claim:
        return verdict
    for m in scene.sentence.of("mass"):
        is_told = not _INVOLVING.isdisjoint(scene.words[m.last : first + 1])
        if is_told and not _WITH.isdisjoint(scene.before(m.first, _MASS_WITHIN)):
            return verdict._replace(is_claim=True, certainty="possible")
    return verdict
