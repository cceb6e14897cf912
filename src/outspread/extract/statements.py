"""What a text states, in words of the text: rows in the making."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from outspread.extract.denied_list import OUT, place_in_list
from outspread.extract.groups import members
from outspread.extract.kinds import HEDGES
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.verdict import Verdict


class Statement(NamedTuple):
    """A statement about a tumor somewhere.

    `role` is primary or secondary; `site` an id of anatomy/sites, empty where it is not stated;
    `primary` an id of anatomy/primaries; `histology` like 8140/3.
    """

    role: str
    site: str
    verdict: Verdict
    first: int
    last: int
    rule: str
    section: str
    primary: str = ""
    histology: str = ""
    side: str | None = None
    contiguity: str | None = None
    nodes: int | None = None


def spread_to(
    p: Place, verdict: Verdict, span: tuple[int, int], rule: str, section: str,
    *, nodes: int | None = None,
) -> Statement:  # fmt: skip
    """State that a cancer has come to a place, and has not only grown into it."""
    return Statement(
        "secondary", p.site, verdict, *span, rule, section, side=p.side,
        contiguity="discontiguous", nodes=nodes,
    )  # fmt: skip


def span_of(p: Place, m: Mention) -> tuple[int, int]:
    """Words from the first of a place and a phrase to the last of them."""
    return min(p.first, m.first), max(p.last, m.last)


def counts(s: Statement) -> bool:
    """Whether a statement speaks of this patient, now or before."""
    return s.verdict.is_claim and not s.verdict.is_other


def affirms(s: Statement) -> bool:
    """Whether a statement tells that this patient has something, or had it."""
    verdict = s.verdict
    return verdict.is_claim and not (verdict.is_other or verdict.is_negated)


def is_sure(s: Statement) -> bool:
    """Whether a statement is told without a doubt."""
    return s.verdict.certainty == "confirmed"


def is_likely(s: Statement) -> bool:
    """Whether a statement tells that this patient has something, and more than a possibility."""
    return s.verdict.certainty != "possible" and affirms(s)


def refuted(s: Statement) -> Statement:
    """Give a statement as one that a later result denies."""
    return s._replace(verdict=s.verdict._replace(is_negated=True, is_refuted=True))


@dataclass(slots=True)
class Scene:
    """A sentence with its places, and what the sentences before it have set up."""

    sentence: Sentence
    words: list[str]
    places: list[Place]
    specimen: list[Place]
    earlier: list[Place]
    sampled: list[Place]
    fluids: list[Place]
    is_answered: bool
    follows_growing: bool

    def said(self) -> list[str]:
        """Words of the sentence."""
        return self.words[self.sentence.first : self.sentence.last]

    def word(self, place: int) -> str:
        """A word of the sentence; none after its end."""
        return self.words[place] if place < self.sentence.last else ""

    def before(self, place: int, within: int) -> list[str]:
        """Words of the sentence before a place, at most so many."""
        return self.words[max(self.sentence.first, place - within) : place]

    def after(self, place: int, within: int) -> list[str]:
        """Words of the sentence from a place on, at most so many."""
        return self.words[place : min(place + within, self.sentence.last)]


_OWNERS: Final = frozenset({"primary_word", "cancer"})
WALLS: Final = frozenset({
    "stop", "stop_verb", "spread", "deposit", "cancer", "extension", "neg_pre", "treat",
    "contact", "primary_word",
})  # fmt: skip
_LINKS: Final = members("statements.links")
_SEVERAL: Final = members("origin.several")
_LEFT_HARD: Final = members("statements.left_hard")
_WELL: Final = members("statements.well")
_IS: Final = frozenset({"is", "are", "was", "were", "appear", "appears"})
_OF_OTHERS: Final = frozenset({"cell", "fluid", "air"})  # "clear cell", "free fluid"
_RIGHT_HARD: Final = members("statements.right_hard")
_VERBS: Final = members("statements.verbs")
_ILL: Final = members("statements.ill")
_ILLS: Final = members("statements.ills")
_JOINERS: Final = members("statements.joiners")
_ADDING: Final = frozenset({",", "but", "also", "to", "in", "into", "of", "the", "his", "her"})


def is_walled(scene: Scene, first: int, last: int, *, besides: str = "") -> bool:
    """Whether a statement of its own stands between two words; one kind may be let through.

    "Type" is none where it ends a name: "gastric signet ring cell type carcinoma".
    """
    if first >= last or scene.sentence.kinds.isdisjoint(WALLS):
        return False
    for m in scene.sentence.mentions:
        if m.first >= last:
            return False
        is_wall = m.first >= first and m.category in WALLS and m.category != besides
        is_wall = is_wall and not (m.value == "type" and m.first > first and m.last == last)
        if m.last == last and scene.words[m.first] == "adjacent":
            continue  # "involving the adjacent liver"
        if is_wall and scene.words[m.first] != "nor":
            return True
    return False


_NEW: Final = frozenset({",", "(", "-"})


def listed_right(scene: Scene, start: int, *, reach: int = 6) -> list[Place]:
    """Places listed from a word on: "the liver, both lungs and several ribs"."""
    found: list[Place] = []
    cursor = start
    for place in scene.places:
        if place.first < start:
            continue
        if found and scene.words[cursor] == "(" and ")" in scene.words[cursor : place.first]:
            cursor = scene.words.index(")", cursor) + 1  # "to the skin (at first) and to bone"
        gap = scene.words[cursor : place.first]
        if len(gap) > reach or not _RIGHT_HARD.isdisjoint(gap):
            break
        undeveloped = scene.sentence.of("neg_post", "undeveloped") if found else []
        if any(cursor <= m.first < place.first for m in undeveloped):
            break  # "to the lung and has not developed brain (metastases)"
        is_added = bool(found) and _is_added(scene, gap)
        if is_walled(scene, cursor, _before_removed(scene, place)) and not is_added:
            break
        if found and gap and not is_added and _JOINERS.isdisjoint(gap):
            break
        if found and gap[:1] == [","] and _begins_clause(scene, place, gap, start):
            break
        if scene.sentence.has_after(_OWNERS, place.last) or _is_origin(scene, place, start):
            break
        is_new = not _NEW.isdisjoint(scene.words[cursor - 1 : place.first])
        is_well_here = is_new and len(found) <= 1 and is_well(scene, place)
        if ((found or is_new) and _is_ill(scene, place)) or is_well_here:
            break  # "to the liver, lungs clear"
        if found and place.last in {m.first for m in scene.sentence.of("extension", "bare")}:
            break  # "metastases in the liver and splenic invasion"
        found.append(place)
        cursor, reach = place.last, 6
    return found


def _is_added(scene: Scene, gap: list[str]) -> bool:
    """Whether a place is what "not only" goes on with: "not only to the liver but also to bone"."""
    return "but" in gap and "pseudo" in scene.sentence.kinds and _ADDING.issuperset(gap)


def _begins_clause(scene: Scene, place: Place, gap: list[str], start: int) -> bool:
    """Whether a place after a comma is a subject: "into the trigone, left ureter was not seen".

    After "and" it is one where the sentence has a verb already: "was in the liver, and the ovary
    was ..."; else all that is listed is the subject.
    """
    after = scene.words[place.last : min(place.last + 2, scene.sentence.last)]
    if "or" in gap or _VERBS.isdisjoint(after):
        return False
    is_told = not _VERBS.isdisjoint(scene.words[scene.sentence.first : start])
    return "and" not in gap or (is_told and gap[-1:] == ["the"])


def _is_ill(scene: Scene, place: Place) -> bool:
    """Whether a place only names another illness or operation: "to bone, bladder infections"."""
    before, after = scene.words[place.first - 1], scene.words[place.last : place.last + 1]
    return before in _ILL or not _ILLS.isdisjoint(after)


def is_well(scene: Scene, place: Place) -> bool:
    """Tell whether a place, or one listed with it by "and", is told to be well: "lungs clear"."""
    words, end = scene.words, place.last
    if any(w in _WELL and w[:3] != "neg" for w in words[max(0, place.first - 1) : place.first]):
        return True  # "normal liver", not "HER2 negative liver metastases"
    if words[end : end + 1] == ["and"]:
        end = next((p.last for p in scene.places if p.first == end + 1), end)
    said = [w for w in words[end : min(end + 3, scene.sentence.last)] if w not in _IS]
    if said[:1] == ["not"]:
        return said[1:2] == ["involved"]
    is_one = end == place.last or said[:1] != ["negative"]  # that may be told of all before
    return is_one and said[:1] != [] and said[0] in _WELL and _OF_OTHERS.isdisjoint(said[1:])


def _before_removed(scene: Scene, place: Place) -> int:
    """First word of "resected nodes", where the removal only tells of which nodes."""
    taken = scene.sentence.of("treat") if place.is_node else []
    return next((m.first for m in taken if m.last == place.first), place.first)


def _is_origin(scene: Scene, place: Place, start: int) -> bool:
    """Whether the tumor of a place is the one that spread: "metastasis of the renal tumor"."""
    is_of = scene.words[start - 1 : start] in (["of"], ["from"])
    return is_of and place.last in {m.first for m in scene.sentence.of("mass", "tumor")}


def is_beside(scene: Scene, first: int, last: int) -> bool:
    """Whether a place and a finding are only named side by side: "left kidney and metastases"."""
    between = scene.words[first:last]
    if between[:1] == ["and"]:
        return _LINKS.isdisjoint(between)
    return "and" in between and not is_linked(scene, first, last)


def listed_left(scene: Scene, end: int, *, reach: int = 3) -> list[Place]:
    """Places listed right before a word: "brain, lung and liver (metastases)"."""
    found: list[Place] = []
    cursor = end
    for place in reversed(scene.places):
        if place.last > end:
            continue
        gap = scene.words[place.last : cursor]
        if len(gap) > reach or not _LEFT_HARD.isdisjoint(gap):
            break
        if not found and "," in gap:
            break
        if found and _JOINERS.isdisjoint(gap) and not (gap == [] and len(found) == 1):
            break
        if found and ((")" in gap and "(" not in gap) or not _ILLS.isdisjoint(gap)):
            break  # "(no avid nodes), liver (metastases)", "gastric bleeding and lung ..."
        if found and "," in gap and not _SEVERAL.isdisjoint(gap):
            break  # "dilated bile duct, several liver (lesions)"
        if found and _is_denied_alone(scene, place, found[-1].first):
            break  # "no ascites, known liver (metastases)"
        is_apart = bool(found) and not _WELL.isdisjoint(gap) and is_well(scene, place)
        if is_apart or is_walled(scene, place.last, cursor):
            break
        found.append(place)
        cursor, reach = place.first, 4
    return found[::-1]


def _is_denied_alone(scene: Scene, place: Place, first: int) -> bool:
    """Whether a denial right before a place ends before the place that is listed after it."""
    return any(
        place_in_list(scene.sentence, o, first, scene.words) == OUT
        for o in scene.sentence.of("neg_pre")
        if 0 <= place.first - o.last <= 1
    )


def up_to_masses(scene: Scene, targets: list[Place]) -> list[Place]:
    """Places up to one that has lesions of its own: "into the vena cava and lung nodules".

    So does "into the orbit, and a tumor in the liver".
    """
    masses = {m.first for m in scene.sentence.of("mass")}
    own = next(
        (
            i for i, (a, b) in enumerate(pairwise(targets), 1)
            if b.last in masses or any(a.last < m < b.first for m in masses)
        ),
        len(targets),
    )  # fmt: skip
    return targets[:own]


def is_by_spread(scene: Scene, m: Mention) -> bool:
    """Whether what involves a place is a metastasis: "involving ribs, likely metastases"."""
    return m.value == "involve" and any(
        o.first > m.last and scene.sentence.has_before(HEDGES, o.first)
        for o in scene.sentence.of("spread")
    )


_RESULTS: Final = members("statements.results")
_LINKING: Final = frozenset(
    {"stop_verb", "strong_pre", "weak_pre", "turn_out", "mass", "neg_pre", "neg_other", "purpose"}
)
_SPECIMENS: Final = frozenset({"procedure", "treat"})


def is_linked(scene: Scene, first: int, last: int) -> bool:
    """Whether words between a place and a finding tie them: a verb, a colon, a hedge, a mass."""
    between = scene.words[first:last]
    if not _LINKS.isdisjoint(between):
        return True
    kinds = {m.category for m in scene.sentence.mentions if first - 1 <= m.first < last}
    if not _LINKING.isdisjoint(kinds) or not _RESULTS.isdisjoint(between):
        return True
    if scene.sentence.section in {"diagnosis", "microscopic", "specimen", "findings", "impression"}:
        return "with" in between or not _SPECIMENS.isdisjoint(kinds)
    return False
