"""Short forms that a text explains itself: "gastric cancer (GC)", "angiomyolipoma (AML)"."""

from typing import Final

from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.read.places import organ_of, primary_at

_EXPLAINED: Final = frozenset({"cancer", "benign_tumor"})
_LONGEST: Final = 6
_SHORTEST: Final = 2
_OTHERS_BESIDE: Final = members("short_forms.beside")  # "rcc cusp"
_BESIDE: Final = 8
_KEY_MARKS: Final = ([","], [":"], ["="], ["-"])


def with_short_forms(mentions: list[Mention], words: list[str]) -> list[Mention]:
    """Mentions with those of short forms that the text explains, in the order of the words.

    What a text explains counts before what a short form mostly means.
    """
    sites = {m.last for m in mentions if m.category == "site"}  # "breast ca"
    mentions = [
        m for m in mentions
        if m.category != "cancer" or m.first in sites or not _is_beside_other(m, words)
    ]  # fmt: skip
    explained = _explained(mentions, words)
    others = _others(mentions, words)
    if not (explained or others):
        return mentions
    kept = [
        m for m in mentions
        if m.last > m.first + 1
        or not (words[m.first] in explained or (words[m.first] in others and m.first not in sites))
    ]  # fmt: skip
    taken = {place for m in kept for place in range(m.first, m.last)}
    added = [
        Mention(place, place + 1, *explained[word])
        for place, word in enumerate(words)
        if word in explained and place not in taken and not words[place - 1][:1].isdigit()
    ]
    return sorted(kept + added, key=lambda m: m.first)


def _is_beside_other(m: Mention, words: list[str]) -> bool:
    """Whether words around a short form tell that it is something else: "RCC and LCC cusps"."""
    short = words[m.first]
    if m.last > m.first + 1 or len(short) > _LONGEST:
        return False
    if short != "aml" and words[m.last : m.last + 1] in (["of"], ["in"], ["on"]):
        return False  # "SCC of the tongue", but "AML of the kidney"
    around = words[max(0, m.first - _BESIDE) : m.last + _BESIDE]
    return any(f"{short} {word}" in _OTHERS_BESIDE for word in around)


def _explained(mentions: list[Mention], words: list[str]) -> dict[str, tuple[str, str]]:
    """Category and value of each short form that follows a cancer or a benign tumor in brackets."""
    found: dict[str, tuple[str, str]] = {}
    for number, m in enumerate(mentions):
        if m.category not in _EXPLAINED or words[m.last : m.last + 1] != ["("]:
            continue
        short = words[m.last + 1].removesuffix("s")
        if not short.isalpha() or not _SHORTEST <= len(short) <= _LONGEST:
            continue
        before = mentions[number - 1] if number else m
        is_placed = before.category == "site" and before.last == m.first and _is_whole(before.value)
        first = before.first if is_placed else m.first
        is_short = _is_short_of(short, words[first : m.last]) or (
            m.category == "cancer" and _are_initials(short, words, m.last)
        )
        if is_short and words[m.last + 2 : m.last + 3] == [")"]:
            value = _placed(m.value, before.value) if is_placed else m.value
            for word in (short, short + "s"):
                found.setdefault(word, (m.category, value))
    return found


def _others(mentions: list[Mention], words: list[str]) -> set[str]:
    """Short forms of a cancer that a text explains as something else.

    "Contrast agent (CA)"; in a key, "RCC, right coronary cusp".
    """
    short = [m for m in mentions if m.category == "cancer" and m.last == m.first + 1]
    bracketed = [
        m for m in short
        if words[m.first - 1 : m.first] == ["("] and words[m.last : m.last + 1] == [")"]
        and _are_initials(words[m.first].removeprefix("#"), words, m.first - 1)
    ]  # fmt: skip
    keyed = {m.first: first for m in short if (first := _key(m, words)) is not None}
    named = [m for m in mentions if m.category in _EXPLAINED] if bracketed or keyed else []
    ends, begins = {m.last for m in named}, {m.first for m in named}
    others = {words[m.first] for m in bracketed if m.first - 1 not in ends}
    for place, first in keyed.items():
        size = len(words[place].removeprefix("#"))
        if begins.isdisjoint(range(first, first + size)):
            others.add(words[place])
    return others


def _key(mention: Mention, words: list[str]) -> int | None:
    """First of the words after a short form that begin with its letters, one each."""
    letters = words[mention.first].removeprefix("#")
    if not _SHORTEST < len(letters) < _LONGEST or not letters.isalpha():
        return None
    first = mention.last + (words[mention.last : mention.last + 1] in _KEY_MARKS)
    said = words[first : first + len(letters)]
    return first if [w[0] for w in said] == list(letters) else None


def _are_initials(short: str, words: list[str], end: int) -> bool:
    """Whether the words before a bracket give a short form: each begins with one of its letters.

    "Tricuspid calcification (TCC)", "percutaneous transhepatic cholangioscopy (PTCS)".
    """
    for number in range(2, len(short) + 1):
        said = words[max(0, end - number) : end]
        letters = iter(short)
        if all(w[:1] in letters for w in said) and _is_short_of(short, said):
            return said[0][:1] == short[0]
    return False


def _placed(value: str, site: str) -> str:
    """Value of a cancer that a place before it names: "gastric" and "cancer"."""
    return value if " " in value else f"{value} {primary_at(site) or ''}".rstrip()


def _is_whole(site: str) -> bool:
    """Whether a primary is the organ itself: a cancer of the duodenum is more than of the bowel."""
    return organ_of(primary_at(site) or "") in {site, None}


def _is_short_of(short: str, said: list[str]) -> bool:
    """Whether letters stand in this order in words, the first of them at the begin of a word."""
    if not said or all(w[:1] != short[0] for w in said):
        return False
    letters = iter("".join(said[next(i for i, w in enumerate(said) if w[:1] == short[0]) :]))
    return all(letter in letters for letter in short)
