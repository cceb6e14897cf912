"""What templates receive: small frozen pieces that several rooms of the page share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from outspread.write.report.dates import When
from outspread.write.wording import NOT_KNOWN, rule_sentences

Piece: TypeAlias = str | When
Said: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """A rule or a row of knowledge that decided: what it says, its source, what would change it."""

    name: str
    sentence: str
    source: str
    would_change: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement: label, words and dates, lines below it, evidence and why."""

    label: str
    said: Said
    more: tuple[Said, ...] = ()
    cites: tuple[int, ...] = ()
    why: tuple[Why, ...] = ()


def rules_told(names: Iterable[str | None]) -> tuple[Why, ...]:
    """Give rules of the diagnosis with their sentences; unknown names are kept by name."""
    told = []
    for name in dict.fromkeys(names):
        rule = rule_sentences().get(name or "")
        if rule:
            told.append(Why(name or "", rule.sentence, rule.source, rule.would_change))
        elif name:
            told.append(Why(name, NOT_KNOWN, ""))
    return tuple(told)
