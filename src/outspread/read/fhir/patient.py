"""Patients, tumors given as body structures, and the specimens taken of them."""

from collections.abc import Mapping
from typing import Any

from outspread.read.fhir.condition import describe_condition
from outspread.read.fhir.elements import extensions
from outspread.read.fhir.reader import Reader
from outspread.read.fhir.references import reference_of, resolve
from outspread.read.meanings import concept_key

Json = Mapping[str, Any]


def read_patient(resource: Json, reader: Reader) -> None:
    """Read one Patient: sex, birth, death; the id of its fullUrl stands in for a missing one."""
    reference = reference_of(resource, reader.url)
    if reference is None:
        reader.note("R008", "id")
        return
    name = reference.partition("/")[2]
    birth = reader.day(resource, ("birthDate",))
    death = reader.day(resource, ("deceasedDateTime",))
    dead = True if resource.get("deceasedDateTime") else resource.get("deceasedBoolean")
    sex = resource.get("gender")
    reader.sheets.patients.append(
        (
            name,
            sex if sex in ("female", "male", "other") else None,
            birth.days,
            birth.precision,
            death.days,
            death.precision,
            dead if isinstance(dead, bool) else None,
        )
    )


def read_body_structure(resource: Json, reader: Reader) -> None:
    """Read a BodyStructure that belongs to a condition: the place of a tumor.

    Others (treatment volumes, plain anatomy) state no tumor and are left out.
    """
    about = None
    for name, extension in extensions(resource):
        if name == "related":
            about = resolve(extension.get("valueReference"), resource, reader.bundle)
    location = resource.get("location")
    if about is None or not location:
        return
    place = reader.meaning(concept_key(location))
    if place.site is None:
        reader.note("R034", "location")
        return
    tumor = describe_condition(about, reader) or {"role": "undetermined"}
    side = None
    for qualifier in resource.get("locationQualifier") or ():
        side = side or reader.meaning(concept_key(qualifier)).laterality
    facts = tumor | {
        "kind": "tumor",
        "site": place.site,
        "laterality": side or place.laterality,
        "code_system": place.code_system,
        "code": place.code,
        "polarity": "affirmed",
        "certainty": "confirmed",
        "temporality": "current",
        "experiencer": "patient",
        "element": "location",
        "rule_id": "fhir.body_structure",
    }
    reader.add(reader.sheets.finding, reader.sheets.finding.fact(facts), about=about)


def read_specimen(resource: Json, reader: Reader) -> None:
    """Read a Specimen whose place is stated: where tissue was taken, and of what kind.

    A specimen says nothing about what was found in it, so it is a measurement and no finding.
    """
    place = (resource.get("collection") or {}).get("bodySite")
    if not place:
        return
    known = reader.meaning(concept_key(place))
    if known.site is None:
        return
    facts = {
        "name": "specimen",
        "code_system": known.code_system,
        "code": known.code,
        "site": known.site,
        "polarity": "affirmed",
        "certainty": "confirmed",
        "temporality": "current",
        "experiencer": "patient",
        "element": "collection.bodySite",
        "rule_id": "fhir.specimen",
    }
    collected = (resource.get("collection") or {}).get("collectedDateTime")
    day = reader.day({"collected": collected, **resource}, ("collected", "receivedTime"))
    sheet = reader.sheets.measurement
    reader.add(sheet, sheet.fact(facts), day, text=_specimen_type(resource))


def _specimen_type(resource: Json) -> str | None:
    """Code of the specimen's type, as stated: TUMOR, TISS ..."""
    for coding in (resource.get("type") or {}).get("coding") or ():
        if isinstance(coding.get("code"), str):
            return str(coding["code"])
    return None
