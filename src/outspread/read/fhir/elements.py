"""Small readings of FHIR elements that several resource types share."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from outspread.read.meanings import Key, concept_key
from outspread.read.vocabulary import Codes, Fact, words

Json = Mapping[str, Any]
LARGEST: Final = 1e30  # nothing that is measured is larger; tables hold sizes in single precision


def first_code(value: Any) -> str | None:
    """Code of a status: a CodeableConcept, or a plain string as in older versions of FHIR."""
    if type(value) is dict:
        codings = value.get("coding")
        value = codings[0].get("code") if codings else None
    return value if type(value) is str else None


def number_of(value: Any, *, least: float = -LARGEST) -> float:
    """Read the number of a quantity, given as a number or as text.

    Raises
    ------
    TypeError, ValueError
        If it is none, or none that a quantity has: infinite, not a number, below `least`.
    """
    if isinstance(value, bool):
        message = "A truth value is no number."
        raise TypeError(message)
    number = float(value)
    if not least <= number <= LARGEST:
        message = "No quantity has this number."
        raise ValueError(message)
    return number


def first_fact(concept: Json | None, known: Codes) -> Fact | None:
    """Return the first coding of a concept that a table knows."""
    if not concept:
        return None
    for coding in concept.get("coding") or ():
        fact = known[coding.get("system"), coding.get("code")]
        if fact is not None:
            return fact
    return None


def extensions(element: Json) -> Iterator[tuple[str, Json]]:
    """Extensions that outspread reads, by meaning; only the last part of the URL counts."""
    known = words("extension")
    for extension in element.get("extension") or ():
        name = str(extension.get("url", "")).rsplit("/", 1)[-1]
        if name in known:
            yield known[name][0], extension


def extension_concept(element: Json, meaning: str) -> Json | None:
    """Return the concept of the first extension of a meaning."""
    for name, extension in extensions(element):
        if name == meaning:
            concept = extension.get("valueCodeableConcept")
            return concept if isinstance(concept, dict) else None
    return None


def place_keys(value: Any) -> tuple[tuple[Key, Key | None], ...]:
    """Body sites as (concept key, key of the stated side); one concept or a list of them."""
    if not value:
        return ()
    places = value if isinstance(value, list) else [value]
    return tuple((concept_key(place), _side_key(place)) for place in places)


def _side_key(place: Json) -> Key | None:
    side = extension_concept(place, "laterality")
    return concept_key(side) if side else None
