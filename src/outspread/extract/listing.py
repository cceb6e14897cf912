"""Lists of places under a line that says what they are: "Metastases:", then one place a line."""

from typing import Final

from outspread.extract.context import Verdict, judge
from outspread.extract.memory import Memory
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Statement

_OF_ITEMS: Final = frozenset({"site", "node", "nodeplace", "side", "region", "neg_pre", "unit"})
_LONGEST_ITEM: Final = 8
_CLOSES: Final = frozenset({"site", "node", "nodeplace", "region", "cancer", "unit"})


def is_item(memory: Memory, sentence: Sentence) -> bool:
    """Tell whether a sentence is a line of the list that is open; another one closes the list."""
    if memory.listing is None:
        return False
    is_short = sentence.last - sentence.first <= _LONGEST_ITEM
    if not (is_short and not sentence.is_head and sentence.kinds <= _OF_ITEMS):
        memory.listing = None
    return memory.listing is not None


def open_list(memory: Memory, sentence: Sentence, words: list[str]) -> None:
    """Open a list where a line ends in a colon after a word of metastasis: "Metastases to:"."""
    if not sentence.is_head or words[sentence.last - 1] != ":":
        return
    for m in sentence.mentions:
        is_free = m.category == "neg_post" and m.value == "free"
        is_noun = m.category == "spread" and m.value == "noun"
        if is_free or is_noun:
            after = {o.category for o in sentence.mentions if o.first >= m.last}
            verdict = judge(sentence, m.first, m.last, words)
            if after.isdisjoint(_CLOSES):
                memory.listing = verdict._replace(
                    is_claim=True, is_negated=verdict.is_negated or is_free
                )


def read_item(memory: Memory, sentence: Sentence, places: list[Place]) -> list[Statement]:
    """State the places of a line of the open list."""
    verdict = memory.listing or Verdict()
    if "neg_pre" in sentence.kinds:
        verdict = verdict._replace(is_negated=True)
    return [
        Statement("secondary", p.site, verdict, p.first, p.last, "spread.list", sentence.section,
                  side=p.side, contiguity="discontiguous")
        for p in places
    ]  # fmt: skip
