"""The evidence of a page: one card for each statement that is cited, and the reports as they were.

The words of a report that say something are marked, each mark with a style and a word of its own;
a resource or row of a source is shown with the element marked that was read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final

import polars as pl

from outspread.write.phrases import Citations, evidence_words, statement_words
from outspread.write.planned import Row
from outspread.write.quote import meaning_of, quote_parts
from outspread.write.report.case import Case
from outspread.write.report.dates import Clock, When
from outspread.write.report.heading import capitalized
from outspread.write.report.source import Line, source_lines

EVIDENCE_TABLES: Final = ("finding", "treatment", "measurement")
_RULES: Final = {"outspread.read": "data/rules.csv", "outspread.extract": "data/rules.csv"}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a report with the words that count in the middle."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Card:
    """One statement of a source. What identifies is empty on a page for sharing."""

    number: int
    meaning: str
    when: When
    states: str = ""
    reading: str = ""
    rule_id: str = ""
    source: str = ""
    place: str = ""
    code: str = ""
    element: str = ""
    quote: Quote | None = None
    report: int | None = None
    lines: tuple[Line, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Whether the element that was read is found in the lines."""
        return any(line.is_read for line in self.lines)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of a report that have the same marks; without marks, plain text."""

    text: str
    meaning: str = ""
    cites: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A note or report with the words marked that the page cites."""

    number: int
    kind: str
    when: When
    stretches: tuple[Stretch, ...]


def evidence_cards(case: Case, cited: Citations, clock: Clock) -> tuple[Card, ...]:
    """Make a card for each statement that the page cites, in the order of their numbers."""
    rows = {row["evidence_id"]: row for table in EVIDENCE_TABLES for row in case.rows[table]}
    raw = {row["source_ref"]: row for row in case.rows["raw"]}
    texts = {row["document_id"]: row["text"] or "" for row in case.rows["document"]}
    numbers = {name: number for number, name in enumerate(_cited_reports(case, cited), 1)}
    cards = []
    for evidence_id, number in cited.cited().items():
        row = rows.get(evidence_id)
        if row is None:
            cards.append(Card(number, "not in the tables", clock.when(None, None)))
            continue
        card = Card(
            number=number,
            meaning=meaning_of(row),
            when=clock.when(row["date"], row["date_precision"]),
            states=capitalized(", ".join([statement_words(row), *evidence_words(row)])),
            reading=reading_rules().get(row["rule_id"], ""),
            rule_id=row["rule_id"],
        )
        if not clock.is_shared:
            card = _with_source(card, row, raw.get(row["source_ref"]), texts, numbers)
        cards.append(card)
    return tuple(cards)


def _with_source(
    card: Card, row: Row, raw: Row | None, texts: Mapping[str, str], numbers: Mapping[str, int]
) -> Card:
    parts = quote_parts(row, texts.get(row["source_ref"], ""))
    where = [raw["file"], raw["place"]] if raw else []
    return replace(
        card,
        source=row["source_ref"],
        place=", ".join(part for part in where if part),
        code=f"{row['code_system'] or ''} {row['code']}".strip() if row.get("code") else "",
        element=row["element"] or "",
        quote=Quote(*parts) if parts else None,
        report=numbers.get(row["source_ref"]),
        lines=source_lines(raw["content"], row["element"]) if raw else (),
    )


def reports(case: Case, cited: Citations, clock: Clock) -> tuple[Report, ...]:
    """Give the reports that cited statements were read from; none on a page for sharing."""
    if clock.is_shared:
        return ()
    documents = {row["document_id"]: row for row in case.rows["document"]}
    return tuple(
        Report(
            number=number,
            kind=(documents[name]["kind"] or "note").replace("_", " "),
            when=clock.when(documents[name]["date"], None),
            stretches=_stretches(documents[name]["text"] or "", _marks(case, cited, name)),
        )
        for number, name in enumerate(_cited_reports(case, cited), 1)
    )


def _cited_reports(case: Case, cited: Citations) -> list[str]:
    """Ids of the documents that cited statements come from, in the order of their citation."""
    known = {row["document_id"] for row in case.rows["document"]}
    rows = {row["evidence_id"]: row for table in EVIDENCE_TABLES for row in case.rows[table]}
    named = (rows[one]["source_ref"] for one in cited.cited() if one in rows)
    return [name for name in dict.fromkeys(named) if name in known]


def _marks(case: Case, cited: Citations, document: str) -> list[tuple[int, int, int, str]]:
    """Start, end, number and meaning of each cited statement of a document."""
    numbers = cited.cited()
    return sorted(
        (row["span_start"], row["span_end"], numbers[row["evidence_id"]], meaning_of(row))
        for table in EVIDENCE_TABLES
        for row in case.rows[table]
        if row["source_ref"] == document
        and row["evidence_id"] in numbers
        and row["span_start"] is not None
        and row["span_end"] is not None
    )


def _stretches(text: str, marks: Iterable[tuple[int, int, int, str]]) -> tuple[Stretch, ...]:
    """Cut a text where a mark begins or ends; a stretch under several marks names all of them."""
    inside = [(s, e, n, m) for s, e, n, m in marks if 0 <= s < e <= len(text)]
    cuts = sorted({0, len(text), *(s for s, *_ in inside), *(e for _, e, *_ in inside)})
    found = []
    for start, end in pairwise(cuts):
        over = [(n, m) for s, e, n, m in inside if s <= start and end <= e]
        meaning = ", ".join(dict.fromkeys(m for _, m in over))
        found.append(Stretch(text[start:end], meaning, tuple(sorted(n for n, _ in over))))
    return tuple(found)


@cache
def reading_rules() -> dict[str, str]:
    """Each rule of reading in a sentence."""
    frames = [
        pl.read_csv(resources.files(package).joinpath(path).read_bytes())
        for package, path in _RULES.items()
    ]
    return dict(pl.concat(f.select("rule_id", "sentence") for f in frames).iter_rows())
