"""Lists of places under a line that says what they are: "Metastases:", then one place a line."""

from typing import Final

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.memory import Memory
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Statement, spread_to
from outspread.extract.verdict import Verdict

_OF_ITEMS: Final = frozenset(
    {"site", "node", "nodeplace", "side", "region", "neg_pre", "unit", "mass"}
)
_INTO: Final = frozenset({"to", "in", "involving", "the", "following", "sites", "organs"})
_LABELS: Final = frozenset({"a", "1", "i"})  # of the first item of a list
_LONGEST_ITEM: Final = 10
_BEFORE_PLACE: Final = members("listing.before_place")
_OPENING: Final = frozenset({"spread", "neg_post"})
_CLOSES: Final = frozenset({"site", "node", "nodeplace", "region", "cancer", "unit"})


def is_item(memory: Memory, sentence: Sentence, words: list[str]) -> bool:
    """Tell whether a sentence is a line of the list that is open; another one closes the list."""
    is_short = sentence.last - sentence.first <= _LONGEST_ITEM
    is_plain = is_short and not sentence.is_head and sentence.kinds <= _OF_ITEMS
    if not (is_plain and _begins_with_place(sentence, words)):
        memory.listing = None
    return memory.listing is not None


def _begins_with_place(sentence: Sentence, words: list[str]) -> bool:
    """Whether nothing but a label, a side or a count comes before the place of an item."""
    place = sentence.last
    told: set[int] = set()
    for m in sentence.mentions:
        if m.category in _CLOSES:
            place = m.first
            break
        told.update(range(m.first, m.last))
    return all(
        i in told or len(words[i]) == 1 or words[i][0].isdigit() or words[i] in _BEFORE_PLACE
        for i in range(sentence.first, place)
    )


def open_list(memory: Memory, sentence: Sentence, words: list[str]) -> None:
    """Open a list where a line ends in a colon after a word of metastasis: "Metastases to:"."""
    if sentence.kinds.isdisjoint(_OPENING):
        return
    is_keyed = sentence.is_head and words[sentence.last - 1] == ":"
    for m in sentence.mentions:
        is_free = m.category == "neg_post" and m.value == "free"
        is_noun = m.category == "spread" and m.value == "noun"
        if (is_keyed and (is_free or is_noun)) or (is_noun and _is_open(sentence, m, words)):
            after = {o.category for o in sentence.mentions if o.first >= m.last}
            verdict = judge(sentence, m.first, m.last, words)
            if after.isdisjoint(_CLOSES):
                memory.listing = verdict._replace(
                    is_claim=True, is_negated=verdict.is_negated or is_free
                )


def _is_open(sentence: Sentence, m: Mention, words: list[str]) -> bool:
    """Whether a line ends where its places would follow: "with metastases to / A. Liver"."""
    rest = [w for w in words[m.last : sentence.last] if w not in ".:"]
    is_labeled = rest[-1:] and rest[-1] in _LABELS
    rest = rest[:-1] if is_labeled else rest
    return bool(rest) and _INTO.issuperset(rest) and rest[0] in _INTO


def read_item(memory: Memory, sentence: Sentence, places: list[Place]) -> list[Statement]:
    """State the places of a line of the open list."""
    verdict = memory.listing or Verdict()
    if "neg_pre" in sentence.kinds:
        verdict = verdict._replace(is_negated=True)
    section = sentence.section
    return [spread_to(p, verdict, (p.first, p.last), "spread.list", section) for p in places]
