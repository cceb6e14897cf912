"""Where alone a disease is told to be: "limited to the bones", "no spread except in the lungs"."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.ills import is_ill
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Scene, Statement, listed_right
from outspread.extract.verdict import Verdict

_RULE: Final = "spread.recur"  # counts where it is not the cancer's own organ
_BEFORE: Final = members("confined.before")  # "her": words that leave the disease to the cancer
_BEING: Final = members("confined.being")
_THE: Final = frozenset({"the", "her", "his"})
_EXCEPT: Final = {
    "other": "than", "apart": "from", "aside": "from", "except": "for",
}  # fmt: skip
_EXCEPT_WORDS: Final = frozenset(_EXCEPT)
_PLAIN: Final = members("confined.plain")  # words of "in the known"
_PLACED: Final = members("confined.placed")  # words after the places: "lesions"
_DENIALS: Final = frozenset({"neg_pre", "neg_post", "neg_other"})
_SPREAD_WITHIN: Final = 2  # words from a spread that is denied to its exception


def read_confined(
    sentence: Sentence, words: list[str], places: list[Place], m: Mention, verdict: Verdict
) -> list[Statement]:
    """State the places that a disease is confined to."""
    at = m.first - 1
    while at > sentence.first and words[at] in _BEING:
        at -= 1
    if words[at] != "disease" or (at > sentence.first and words[at - 1] not in _BEFORE):
        return []
    return [
        _alone(sentence, p, verdict, m.first)
        for p in places
        if p.first >= m.last and _THE.issuperset(words[m.last : p.first])
    ]


def read_excepted(scene: Scene) -> list[Statement]:
    """State places excepted from a denial: "no metastases other than in the lungs"."""
    sentence, words = scene.sentence, scene.words
    if sentence.kinds.isdisjoint(_DENIALS) or _EXCEPT_WORDS.isdisjoint(
        words[sentence.first : sentence.last]
    ):
        return []
    found: list[Statement] = []
    for place in range(sentence.first + 1, sentence.last - 1):
        if words[place] not in _EXCEPT or not _is_denied_spread(sentence, place, words):
            continue
        is_whole = words[place + 1] == _EXCEPT[words[place]]
        if is_whole or words[place] == "except":
            start = place + 1 + is_whole
            told = [p for p in listed_right(scene, start) if not is_ill(p, words)]
            if not told or not _are_plain(scene, start, told):
                continue  # "except for degenerative uptake in the spine"
            verdict = _certain(scene, start, told)
            found += [_alone(sentence, p, verdict, place) for p in told]
    return found


def _are_plain(scene: Scene, first: int, places: list[Place]) -> bool:
    """Whether places are told alone, and not what else is in them, or was not looked at."""
    words, last = scene.words, places[-1].last
    after = words[last] if last < scene.sentence.last else "."
    is_placed = not after.isalpha() or after in _PLACED
    return is_placed and _PLAIN.issuperset(words[first : places[0].first])


def _certain(scene: Scene, first: int, places: list[Place]) -> Verdict:
    """How sure the places after an exception are: a mass that is not known is only possible."""
    verdict = judge(scene.sentence, first, first, scene.words)._replace(is_negated=False)
    masses = {m.first for m in scene.sentence.mentions if m.category == "mass"}
    is_new = any(p.last in masses for p in places)
    if is_new and "known" not in scene.words[first : places[0].first]:
        return verdict._replace(certainty="possible")
    return verdict


def _alone(sentence: Sentence, p: Place, verdict: Verdict, first: int) -> Statement:
    return Statement(
        "secondary", p.site, verdict, first, p.last, _RULE, sentence.section, side=p.side
    )


def _is_denied_spread(sentence: Sentence, place: int, words: list[str]) -> bool:
    """Whether a spread that is denied ends before a word."""
    near = words[max(sentence.first, place - _SPREAD_WITHIN - 1) : place]
    is_spread = any(w.startswith("metasta") or w in {"mets", "spread", "disease"} for w in near)
    return is_spread and any(m.category in _DENIALS and m.first < place for m in sentence.mentions)
