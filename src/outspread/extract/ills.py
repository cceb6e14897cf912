"""Places that are told of for an ill other than cancer: "uterine fibroids", "old rib fractures"."""

from typing import Final

from outspread.extract.groups import members
from outspread.extract.kinds import CAUSES, TELLING, WELL
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence

_ILLS: Final = members("ills.after")  # "cyst": after the place, or before it with "of"
_STATES: Final = members("ills.before")  # "fatty": right before the place
_TESTS: Final = frozenset({"function", "functions", "enzymes", "tests", "test", "panel"})
_UNSURE: Final = members("ills.unsure")  # "or": the ill and a cancer are told of one thing
_ANY: Final = _ILLS | _STATES | WELL
_CUES: Final = frozenset({"turn_out", "feared", "refuted_post"})
_PARTING: Final = frozenset({",", "(", ")", "-", ";", "and", "but", ":"})
_ADJECTIVES: Final = 2  # words of "of the left" before the place


def without_ills(sentence: Sentence, places: list[Place], words: list[str]) -> list[Place]:
    """Leave out places of an ill that is told beside a cancer of another place."""
    if not places or sentence.kinds.isdisjoint(TELLING):
        return places
    told = [m for m in sentence.mentions if m.category in TELLING]
    if not (len(places) > 1 or any(" " in m.value for m in told)):
        return places  # the only place may be that of the cancer
    said = words[sentence.first : sentence.last]
    if _ANY.isdisjoint(said) or not _UNSURE.isdisjoint(said):
        return places
    if not _CUES.isdisjoint(sentence.kinds):
        return places
    return [p for p in places if not (is_ill(p, words) and _is_apart(p, told, words))]


def is_ill(p: Place, words: list[str]) -> bool:
    """Whether an ill is named with a place: "renal cyst", "hemangioma of the liver"."""
    before = words[p.first - 1] if p.first else ""
    after = words[p.last : p.last + 1]
    if not _ILLS.isdisjoint(after) or before in _STATES:
        return True
    if not WELL.isdisjoint(after) and before in {"(", "-"}:
        return True  # "melanoma (lungs clear)"
    if before in WELL and not _TESTS.isdisjoint(after):
        return True  # "normal kidney function"
    if tuple(words[p.last : p.last + 2]) in CAUSES:
        return not _ILLS.isdisjoint(words[p.last + 2 : p.last + 4])
    near = words[max(0, p.first - _ADJECTIVES - 2) : p.first]
    at = next((i for i, w in enumerate(near) if w in {"of", "in"}), 0)
    return at > 0 and near[at - 1] in _ILLS


def _is_apart(p: Place, told: list[Mention], words: list[str]) -> bool:
    """Whether something parts a place from each word of cancer."""
    gaps = [(m.last, p.first) if m.last <= p.first else (p.last, m.first) for m in told]
    return not any(_PARTING.isdisjoint(words[first:last]) for first, last in gaps)
