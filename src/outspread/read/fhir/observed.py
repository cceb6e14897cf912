"""What the readers of Observations share: when, how sure, about what, and the value."""

from collections.abc import Mapping
from typing import Any, Final

from outspread.read.fhir.elements import extensions
from outspread.read.fhir.reader import Reader
from outspread.read.fhir.references import resolve
from outspread.read.meanings import Key, concept_key

Json = Mapping[str, Any]
Facts = dict[str, object]
EFFECTIVE: Final = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")


def shared_facts(certainty: str, element: str, rule: str) -> Facts:
    """Facts that most rows of an Observation have in common."""
    return {
        "polarity": "affirmed",
        "certainty": certainty,
        "temporality": "current",
        "experiencer": "patient",
        "element": element,
        "rule_id": rule,
    }


def about_of(resource: Json, reader: Reader) -> str | None:
    """Name the condition in focus, else the related one."""
    if "focus" in resource:
        return reader.about(resource["focus"], resource)
    if "extension" not in resource:
        return None
    for name, extension in extensions(resource):
        if name == "related" and "valueReference" in extension:
            return resolve(extension["valueReference"], resource, reader.bundle)
    return None


def display_of(concept: Json) -> str | None:
    """Return the words of a coded value, in lower case."""
    for coding in concept.get("coding") or ():
        if isinstance(coding.get("display"), str):
            return str(coding["display"]).lower()
    text = concept.get("text")
    return text.lower() if isinstance(text, str) else None


def value_key(resource: Json) -> Key:
    """Key of the value, coded or in words."""
    concept = resource.get("valueCodeableConcept")
    if concept is not None:
        return concept_key(concept)
    return (resource.get("valueString"),)
