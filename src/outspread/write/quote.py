"""The sentence of a note that says something, with the words marked that say it.

Marks are signs and differ in black and white: what is denied never looks like what is affirmed.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

Row = Mapping[str, Any]
MARKS: Final = {
    "affirmed": ("[+", "+]"),
    "denied": ("[-", "-]"),
    "possible": ("[?", "?]"),
    "planned": ("[>", ">]"),
    "historical": ("[<", "<]"),
    "of another person": ("[~", "~]"),
}
LEGEND: Final = "Words of notes: " + ", ".join(
    f"{opening}{meaning}{closing}" for meaning, (opening, closing) in MARKS.items()
)
FARTHEST: Final = 160  # characters of the sentence that are shown before and behind the words
_STOP: Final = re.compile(r"(?<=[.?!;])\s+|\n\s*\n")
_HIDDEN: Final = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def meaning_of(evidence: Row) -> str:
    """Say what kind of statement a row of evidence is, by what sets it most apart.

    Parameters
    ----------
    evidence
        Uses experiencer, polarity, certainty and temporality.
    """
    if evidence["experiencer"] == "other":
        return "of another person"
    if evidence["polarity"] == "negated":
        return "denied"
    if evidence["certainty"] in {"probable", "possible"}:
        return "possible"
    if evidence["temporality"] in {"planned", "historical"}:
        return str(evidence["temporality"])
    return "affirmed"


def quoted(evidence: Row, text: str) -> str:
    """Quote the sentence that a row of evidence was read from, in one line, its words marked.

    Empty where the row has no span in this text. A long sentence is cut to what is around the
    words. Line ends, control characters and marks of direction become spaces, so that a note can
    not change what a terminal shows.

    Parameters
    ----------
    evidence
        Uses span_start and span_end, and what `meaning_of` uses.
    text
        The note.

    Examples
    --------
    >>> row = {"span_start": 15, "span_end": 31, "experiencer": "patient", "polarity": "negated",
    ...        "certainty": "confirmed", "temporality": "current"}
    >>> quoted(row, "Breast cancer. Liver metastases: no. Well.")
    '[-Liver metastases-]: no.'
    """
    parts = quote_parts(evidence, text)
    if parts is None:
        return ""
    before, words, after = parts
    opening, closing = MARKS[meaning_of(evidence)]
    said = f"{before}{opening}{words}{closing}{after}"
    return " ".join(said.split())


def quote_parts(evidence: Row, text: str) -> tuple[str, str, str] | None:
    """Give the sentence that `quoted` quotes as what is before the words, the words, and after.

    Control characters and marks of direction are spaces. None where the row has no span in this
    text.
    """
    start, end = evidence["span_start"], evidence["span_end"]
    if start is None or end is None or not 0 <= start < end <= len(text):
        return None
    low, high = max(0, start - FARTHEST), min(len(text), end + FARTHEST)
    before = _STOP.split(text[low:start])
    after = _STOP.split(text[end:high], maxsplit=1)
    head = "... " if len(before) == 1 and low > 0 else ""
    tail = " ..." if len(after) == 1 and high < len(text) else ""
    return f"{head}{shown(before[-1])}", shown(text[start:end]), f"{shown(after[0])}{tail}"


def shown(text: str) -> str:
    """Put spaces for line ends, control characters and marks of direction."""
    return _HIDDEN.sub(" ", text)
