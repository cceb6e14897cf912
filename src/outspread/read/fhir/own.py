"""What outspread itself writes beside the common elements, so that it reads back what it wrote.

FHIR has no element for some facts of a place of spread: growth or deposit, words that narrow the
place, a probable statement, the last look. `outspread.write.fhir` puts them into one extension.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from outspread.read.fhir.elements import extensions
from outspread.tables import CERTAINTY, CONTIGUITY, LATERALITY, METHOD, TEMPORALITY

Json = Mapping[str, Any]
Own = tuple[tuple[str, str], ...]
NO_OWN: Final[Own] = ()
LAST_SEEN: Final = "last_seen"
INFERRED: Final = "inferred"  # a cancer that only its spread tells of; it is no evidence itself
SIZE: Final = "size_mm"
_FACTS: Final = {
    "contiguity": "valueCode",
    "qualifier": "valueString",
    "certainty": "valueCode",
    "method": "valueCode",
    "temporality": "valueCode",
    "m": "valueCode",
    "origin": "valueCode",
    "morphology": "valueCode",
    "laterality": "valueCode",
    INFERRED: "valueCode",
    "count": "valueInteger",
    SIZE: "valueDecimal",
    LAST_SEEN: "valueDate",
}
_MORPHOLOGY: Final = re.compile(r"\d{4}")
_CLOSED: Final = {
    "contiguity": CONTIGUITY,
    "certainty": CERTAINTY,
    "laterality": LATERALITY,
    "method": METHOD,
    "temporality": TEMPORALITY,
}


def own_facts(resource: Json) -> Own:
    """Facts of our own extension by their column, sorted; none where there is no such extension."""
    for name, extension in extensions(resource) if "extension" in resource else ():
        if name == "own":
            parts = {part.get("url"): part for part in extension.get("extension") or ()}
            found = {
                column: str(parts[column][value])
                for column, value in _FACTS.items()
                if value in parts.get(column, ())
            }
            _check(found)
            return tuple(found.items())
    return NO_OWN


def _check(found: Mapping[str, str]) -> None:
    """Raise ValueError for what is none of the values that we write."""
    for column, known in _CLOSED.items():
        if found.get(column, known[0]) not in known:
            message = f"Not a value of {column}."
            raise ValueError(message)
    if not _MORPHOLOGY.fullmatch(found.get("morphology", "8000")):
        message = "Not a histology."
        raise ValueError(message)
    int(found.get("count", "0"))
