"""Short forms that a text itself defines: "adenoid cystic carcinoma (ACC)"."""

from operator import attrgetter
from typing import Final

from outspread.extract.lexicon import Mention

_LONGEST: Final = 6  # letters of a short form
_BEFORE: Final = 2  # words before the known name that the short form may begin with
_FIRST: Final = attrgetter("first")


def with_short_forms(mentions: list[Mention], words: list[str]) -> list[Mention]:
    """Mentions, and each cancer that is told by the short form defined for it in brackets.

    The letters must be those of the name: the first is that of its first word or of one right
    before it, the last that of its last word. Words that are known otherwise keep their meaning.
    """
    defined = {
        words[m.last + 1].removesuffix("s"): m
        for m in mentions
        if m.category == "cancer" and words[m.last : m.last + 1] == ["("]
        and words[m.last + 2 : m.last + 3] == [")"] and _is_short(words, m)
    }  # fmt: skip
    if not defined:
        return mentions
    known = {place for m in mentions for place in range(m.first, m.last)}
    added = [
        Mention(place, place + 1, name.category, name.value)
        for place, word in enumerate(words)
        if (name := defined.get(word) or defined.get(word.removesuffix("s")))
        and place not in known
        and place != name.last + 1
    ]
    return sorted(mentions + added, key=_FIRST)


def _is_short(words: list[str], m: Mention) -> bool:
    """Whether the word in brackets after a name is made of its first letters."""
    short, name = words[m.last + 1].removesuffix("s"), words[m.first : m.last]
    if not (short.isalpha() and 1 < len(short) <= _LONGEST) or len(name) + _BEFORE < len(short):
        return False
    begins = {w[0] for w in [*words[max(0, m.first - _BEFORE) : m.first], name[0]]}
    return short[0] in begins and short[-1] == name[-1][0]
