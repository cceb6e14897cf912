"""What all resources of a bundle share: ids that are always the same, dates, references."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from outspread.write.fhir.concepts import coding, concept
from outspread.write.fhir.data import profile

Json = dict[str, Any]
Row = Mapping[str, Any]
_NAMESPACE: Final = UUID("0f57ff8a-6f07-5b0e-8a5d-5c636d800019")
_SHOWN: Final = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


def id_of(patient_id: str, kind: str, name: object) -> str:
    """Id of a resource: the same patient, kind and name give the same one again."""
    return str(uuid5(_NAMESPACE, f"{patient_id}\n{kind}\n{name}"))


def reference(resource: Json) -> Json:
    """Reference to a resource of the bundle."""
    return {"reference": f"{resource['resourceType']}/{resource['id']}"}


def as_date(day: date | None, precision: str | None) -> str | None:
    """Date as exactly as it is known; None where it is not."""
    return day.strftime(_SHOWN[precision or "day"]) if day else None


def made(kind: str, name: str, **elements: Any) -> Json:
    """Give a resource of a type with an id; elements that are empty are left out."""
    filled = {key: value for key, value in elements.items() if value not in (None, [], {})}
    return {"resourceType": kind, "id": name} | filled


def with_profile(use: str) -> Json:
    """Meta element that names an mCODE profile."""
    return {"profile": [profile(use)]}


def own_extension(facts: Mapping[str, tuple[str, Any]]) -> list[Json]:
    """Our extension for what FHIR has no element for; empty where there is nothing to say.

    Parameters
    ----------
    facts
        Element name and value by the name of the part.
    """
    parts = [
        {"url": name, element: value}
        for name, (element, value) in facts.items()
        if value is not None
    ]
    return [{"url": profile("own"), "extension": parts}] if parts else []


def status_concept(system: str, code: str) -> Json:
    """Concept of one status code."""
    return concept([coding(system, code)])


def first(rows: Iterable[Row], column: str) -> Any:
    """First value of a column that is not null."""
    return next((row[column] for row in rows if row[column] is not None), None)
