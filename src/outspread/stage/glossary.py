"""Terms of an algorithm's glossary in a text."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple


class Term(NamedTuple):
    """A term, where it stands in the text, and what it means."""

    term: str
    start: int
    end: int
    definition: str


def find_terms(glossary: Mapping[str, Mapping[str, Any]], text: str) -> list[Term]:
    """Find terms and their other names: whole words, whatever their case, by their places."""
    found = []
    for name, entry in glossary.items():
        for word in {name, *(entry.get("alternate_names") or ())}:
            pattern = rf"(?<!\w){re.escape(word)}(?!\w)"
            found += [
                Term(name, hit.start(), hit.end(), str(entry.get("definition") or ""))
                for hit in re.finditer(pattern, text, re.IGNORECASE)
            ]
    return sorted(found, key=lambda term: (term.start, term.end, term.term))
