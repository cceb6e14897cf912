"""Receptors, genes, markers, performance status and symptoms with their values."""

from typing import Final, NamedTuple

from outspread.extract.context import judge
from outspread.extract.groups import data_rows, members
from outspread.extract.lexicon import Mention
from outspread.extract.numbers import decimal
from outspread.extract.sentences import Sentence

_REACH: Final = 7
_LEVEL: Final = 3  # words to a level: "microsatellite status: stable"
_GENES: Final = members("measurement.genes")
_NUMBERED: Final = members("measurement.numbered")
_UNSAID: Final = members("measurement.unsaid")  # a bare yes or no of them could mean either
_WORDS: Final = {
    (row["measurement"], row["word"]): (row["name"], row["value"])
    for row in data_rows("measured_words.csv")
}
_POSITIVE_FROM: Final = {
    row["measurement"]: float(row["positive_from"]) for row in data_rows("measured_percents.csv")
}
_DENIED: Final = frozenset({"not", "non", "no", "never", "without"})
_OPPOSITE: Final = {"positive": "negative", "mutated": "wildtype"}
_SIGNS: Final = {"+": "positive", "-": "negative"}
_NO_SYMPTOMS: Final = frozenset({"procedure", "consent", "family"})  # of the patient, now
_HIGHEST: Final = {"ecog": 4.0, "karnofsky": 100.0}


class Measured(NamedTuple):
    """A fact with its value, as stated; a number in `unit` where one is told."""

    name: str
    value: str | None
    number: float | None
    unit: str | None
    first: int
    last: int
    is_other: bool
    is_past: bool


class _Value(NamedTuple):
    """What a measurement says, with the word after it; it may be known by another name."""

    last: int
    value: str | None = None
    number: float | None = None
    unit: str | None = None
    name: str | None = None


def read_measurements(sentence: Sentence, words: list[str]) -> list[Measured]:
    """Read the measurements and symptoms of a sentence."""
    found: list[Measured] = []
    for m in sentence.mentions:
        if m.category == "measure":
            found += _measured(sentence, m, words)
        elif m.category == "stated" or (
            m.category == "symptom" and sentence.section not in _NO_SYMPTOMS
        ):
            found += _stated(sentence, m, words)
    return found


def _stated(sentence: Sentence, m: Mention, words: list[str]) -> list[Measured]:
    """Results that one word tells, and symptoms; of "not triple negative" nothing is known."""
    verdict = judge(sentence, m.first, m.last, words)
    if not verdict.is_claim or verdict.certainty == "possible":
        return []
    if m.category == "symptom":
        told = [(m.value, "=", "no" if verdict.is_negated else "yes")]
    else:
        told = [] if verdict.is_negated else [one.partition("=") for one in m.value.split()]
    return [
        Measured(name, value, None, None, m.first, m.last, verdict.is_other, verdict.is_past)
        for name, _, value in told
    ]


def _measured(sentence: Sentence, m: Mention, words: list[str]) -> list[Measured]:
    verdict = judge(sentence, m.first, m.last, words)
    name = "ecog" if m.value == "performance_status" else m.value
    found = _value(sentence, m, words, name)
    value = found.value
    if value is None and found.number is None:
        if not verdict.is_negated or not verdict.is_claim:
            return []
        value = "negative"
    if verdict.is_negated and value == "positive":
        value = "negative"
    if value in {"positive", "negative"}:
        if name in _UNSAID:
            return []
        if name in _GENES:
            value = {"positive": "mutated", "negative": "wildtype"}[value]
    elif verdict.is_negated and found.name:
        return []  # one variant or level is denied, which leaves the others
    return [
        Measured(
            found.name or name, value, found.number, found.unit, m.first, found.last,
            verdict.is_other, verdict.is_past,
        )
    ]  # fmt: skip


def _value(sentence: Sentence, m: Mention, words: list[str], name: str) -> _Value:
    """Find the value after a measurement: a variant, a word of its own, a result, a number."""
    end = min(m.last + _REACH, sentence.last)
    after = [other for other in sentence.mentions if m.last <= other.first < end]
    end = next((other.first for other in after if other.category == "measure"), end)
    after = [other for other in after if other.first < end]
    own = _own_value(m, after, words[m.last : end], name)
    if own is not None:
        return own
    signed = _signed(words[m.last : sentence.last])
    if signed is not None:
        return _Value(m.last + 1, signed)
    for other in after:
        if other.category == "result":
            is_denied = words[other.first - 1] in _DENIED
            return _Value(other.last, _OPPOSITE.get(other.value) if is_denied else other.value)
        if other.category == "neg_post" and other.value != "free":
            return _Value(other.last, "negative")
    return _numbered(m, after, words[:end], name)


def _signed(words: list[str]) -> str | None:
    """Result that a sign after the name tells: "ER+", "PR (-)"; a hyphen before a word is none."""
    if words[:1] == ["("]:
        words = words[1:]
    sign, after = words[:1], "".join(words[1:2])
    is_dash = after.isalnum() if sign == ["-"] else after.isdecimal()
    return None if is_dash else _SIGNS.get("".join(sign))


def _numbered(m: Mention, after: list[Mention], words: list[str], name: str) -> _Value:
    """Find the number after a measurement: the later one of "from 4 to 2"."""
    units = {other.first: other for other in after if other.category == "lab_unit"}
    numbers = {place: decimal(words[place]) for place in range(m.last, len(words))}
    places = [place for place, number in numbers.items() if number is not None]
    if len(places) > 1 and words[places[0] - 1 : places[1]] == ["from", words[places[0]], "to"]:
        places = places[1:]
    for place in places:
        number = numbers[place] or 0.0
        unit = units.get(place + 1)
        last = unit.last if unit else place + 1
        if name in _POSITIVE_FROM and unit and unit.value == "%":
            return _Value(last, "positive" if number >= _POSITIVE_FROM[name] else "negative")
        if name in _NUMBERED and number <= _HIGHEST.get(name, number):
            return _Value(last, None, number, unit.value if unit else None)
    return _Value(m.last)


def _own_value(m: Mention, after: list[Mention], words: list[str], name: str) -> _Value | None:
    """Find a value that only this measurement has: a variant of a gene, a word for a level."""
    for other in after:
        of, _, value = other.value.partition("=")
        if other.category == "variant" and of == name:
            known, told = _WORDS.get((name, value), (name, value))
            return _Value(other.last, told, name=known)
    for place, word in enumerate(words[:_LEVEL]):
        if (name, word) in _WORDS:
            known, told = _WORDS[name, word]
            return _Value(m.last + place + 1, told, name=known)
    return None
