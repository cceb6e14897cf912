"""Receptors, genes, markers, performance status and symptoms with their values."""

from typing import Final, NamedTuple

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.sentences import Sentence

_REACH: Final = 7
_GENES: Final = members("measurement.genes")
_NUMBERED: Final = members("measurement.numbered")
_HIGHEST: Final = {"ecog": 4.0, "karnofsky": 100.0}


class Measured(NamedTuple):
    """A fact with its value, as stated."""

    name: str
    value: str | None
    number: float | None
    first: int
    last: int
    is_other: bool
    is_past: bool


def read_measurements(sentence: Sentence, words: list[str]) -> list[Measured]:
    """Read the measurements and symptoms of a sentence."""
    found = []
    for m in sentence.mentions:
        if m.category == "measure":
            measured = _measured(sentence, m, words)
        elif m.category == "symptom" and sentence.section not in {"procedure", "consent", "family"}:
            measured = _symptom(sentence, m, words)
        else:
            continue
        if measured is not None:
            found.append(measured)
    return found


def _symptom(sentence: Sentence, m: Mention, words: list[str]) -> Measured | None:
    verdict = judge(sentence, m.first, m.last, words)
    if not verdict.is_claim or verdict.certainty == "possible":
        return None
    value = "no" if verdict.is_negated else "yes"
    return Measured(m.value, value, None, m.first, m.last, verdict.is_other, verdict.is_past)


def _measured(sentence: Sentence, m: Mention, words: list[str]) -> Measured | None:
    verdict = judge(sentence, m.first, m.last, words)
    name = "ecog" if m.value == "performance_status" else m.value
    value, number, end = _value(sentence, m, words, name)
    if value is None and number is None:
        if not verdict.is_negated or not verdict.is_claim:
            return None
        value = "negative"
    if verdict.is_negated and value == "positive":
        value = "negative"
    if name in _GENES and value in {"positive", "negative"}:
        value = {"positive": "mutated", "negative": "wildtype"}[value]
    return Measured(name, value, number, m.first, end, verdict.is_other, verdict.is_past)


def _value(
    sentence: Sentence, m: Mention, words: list[str], name: str
) -> tuple[str | None, float | None, int]:
    end = min(m.last + _REACH, sentence.last)
    for other in sentence.mentions:
        if m.last <= other.first < end:
            if other.category == "result":
                return other.value, None, other.last
            if other.category == "neg_post" and other.value != "free":
                return "negative", None, other.last
            if other.category == "measure":
                end = other.first
                break
    if m.last + 1 < sentence.last and words[m.last] == "(" and words[m.last + 1] in "+-":
        value = "positive" if words[m.last + 1] == "+" else "negative"
        return value, None, m.last + 2
    if name in _NUMBERED:
        for place in range(m.last, end):
            number = _number(words[place])
            if number is not None and number <= _HIGHEST.get(name, number):
                return None, number, place + 1
    return None, None, m.last


def _number(word: str) -> float | None:
    if not word[:1].isdigit():
        return None
    try:
        return float(
            word.replace(",", "")
            if "," in word and word.count(",") == 1 and len(word.rsplit(",", 1)[1]) == 3
            else word.replace(",", ".")
        )
    except ValueError:
        return None
