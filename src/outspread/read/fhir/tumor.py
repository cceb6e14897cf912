"""Observations of the tumor itself: size, course, history and site of spread, histology, grade."""

from collections.abc import Mapping
from typing import Any, Final

from outspread.read.fhir.condition import describe_condition
from outspread.read.fhir.elements import extension_concept, first_fact, number_of, place_keys
from outspread.read.fhir.observed import EFFECTIVE, about_of, display_of, shared_facts, value_key
from outspread.read.fhir.own import LAST_SEEN, SIZE, own_facts
from outspread.read.fhir.reader import Reader, read_places
from outspread.read.meanings import Meaning, concept_key, read_morphology
from outspread.read.text import SOMEWHERE, read_absence
from outspread.read.vocabulary import Fact, codes

Json = Mapping[str, Any]
Facts = dict[str, object]
_TO_MM: Final = {"mm": 1.0, "cm": 10.0, "millimeters": 1.0, "centimeters": 10.0, "m": 1000.0}


def read_size(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read a tumor size: the longest dimension, of the primary unless the focus says otherwise."""
    quantity = resource.get("valueQuantity")
    for component in resource.get("component") or ():
        if first_fact(component.get("code"), codes("component")):
            quantity = component.get("valueQuantity")
    if not quantity or quantity.get("value") is None:
        reader.note("R037", "value")
        return
    factor = _TO_MM.get(str(quantity.get("unit") or quantity.get("code")).lower())
    factor = factor or _TO_MM.get(str(quantity.get("code")))
    if factor is None:
        reader.note("R038", "value")
        return
    about = about_of(resource, reader)
    method = first_fact(resource.get("method"), codes("seen_by"))
    facts = shared_facts(certainty, "size", "fhir.size") | {
        "kind": "tumor",
        "code_system": fact.system,
        "code": fact.code,
        "method": method.means if method else None,
    }
    day = reader.day(resource, EFFECTIVE)
    size = number_of(quantity["value"], least=0) * factor
    number = reader.sheets.finding.fact(facts | _tumor_in_focus(resource, reader, about))
    reader.add(reader.sheets.finding, number, day, about=about, number=size)


def _tumor_in_focus(resource: Json, reader: Reader, about: str | None) -> Facts:
    """Role, cancer and place of the condition in focus; a primary where nothing is in focus."""
    found = describe_condition(about, reader)
    if found is not None and found["role"] is not None:
        return found
    return {"role": "undetermined" if "focus" in resource else "primary"}


def read_status(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read the course of the disease, and how it was seen."""
    value = resource.get("valueCodeableConcept")
    status = first_fact(value, codes("status"))
    if status is None:
        reader.note("R037" if value is None else "R039", "value")
        return
    seen = first_fact(extension_concept(resource, "seen_by"), codes("seen_by"))
    own = own_facts(resource)
    parts = ("status", fact, certainty, status, seen, own)
    number = reader.plans.get(parts)
    if number is None:
        facts = shared_facts(certainty, "value", "fhir.status") | {
            "kind": "status",
            "status": status.means,
            "code_system": status.system,
            "code": status.code,
            "method": seen.means if seen else None,
        }
        number = reader.plans[parts] = reader.sheets.finding.fact(facts | dict(own))
    day = reader.day(resource, EFFECTIVE)
    about = about_of(resource, reader)
    reader.add(reader.sheets.finding, number, day, about=about)
    if status.detail == "distant":
        certainty = dict(own).get("certainty", certainty)
        _add_secondary(resource, reader, certainty, element="value:spread", site=SOMEWHERE)


def _add_secondary(
    resource: Json,
    reader: Reader,
    certainty: str,
    *,
    element: str,
    meaning: Meaning | None = None,
    **others: object,
) -> None:
    """Add spread that the observation states, at the place that is meant, if any."""
    facts = shared_facts(certainty, element, "fhir.spread") | {
        "kind": "tumor",
        "role": "secondary",
        "behavior": "metastatic",
        "site": meaning.site if meaning else None,
        "laterality": meaning.laterality if meaning else None,
        "origin": meaning.origin if meaning else None,
        "code_system": meaning.code_system if meaning else None,
        "code": meaning.code if meaning else None,
    }
    number = reader.sheets.finding.fact(facts | others)
    day = reader.day(resource, EFFECTIVE)
    reader.add(reader.sheets.finding, number, day, about=about_of(resource, reader))


def read_growth(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read tissue that a cancer has reached, by growth or it is not said how; as we write it."""
    own = dict(own_facts(resource))
    last = reader.day(own, (LAST_SEEN,)) if LAST_SEEN in own else None
    stated = {"contiguity": fact.detail or None} | {
        name: value for name, value in own.items() if name not in (LAST_SEEN, SIZE)
    }
    size = number_of(own[SIZE], least=0) if SIZE in own else None
    for number, (place, side) in enumerate(read_places(reader, place_keys(resource["bodySite"]))):
        facts = shared_facts(certainty, f"bodySite[{number}]", "fhir.spread") | {
            "kind": "tumor",
            "role": "secondary",
            "site": place.site,
            "laterality": side or place.laterality,
            "code_system": place.code_system,
            "code": place.code,
        }
        if resource.get("valueBoolean") is False:
            facts["polarity"] = "negated"
        about = about_of(resource, reader)
        for seen, again in ((reader.day(resource, EFFECTIVE), ""), (last, ":last_seen")):
            if seen is not None:
                element = {"element": f"{facts['element']}{again}"}
                sheet = reader.sheets.finding
                fact_number = sheet.fact(facts | stated | element)
                reader.add(sheet, fact_number, seen, about=about, number=size)


def read_summary_stage(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read a Summary Stage code, as we write it."""
    facts = shared_facts(certainty, "value", "fhir.stage") | {
        "kind": "stage",
        "stage_system": "summary_stage",
        "stage_basis": "unspecified",
        "summary_stage": resource["valueString"],
    }
    sheet = reader.sheets.finding
    day = reader.day(resource, EFFECTIVE)
    reader.add(sheet, sheet.fact(facts), day, about=about_of(resource, reader))


def read_spread_site(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read where distant spread is; the value "none" denies it without naming a place."""
    concept = resource.get("valueCodeableConcept")
    if concept is None:
        reader.note("R037", "value")
        return
    meaning = reader.meaning(concept_key(concept))
    if first_fact(concept, codes("none_value")):
        _add_secondary(
            resource, reader, certainty, element="value", polarity="negated", site=SOMEWHERE
        )
    elif meaning.site or meaning.role == "secondary":
        _add_secondary(resource, reader, certainty, element="value", meaning=meaning)
    else:
        reader.note("R034", "value")


def read_history(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read a history of metastatic cancer; no value means that there is one, false that not."""
    meaning = reader.meaning(concept_key(resource.get("code")))
    is_denied = resource.get("valueBoolean") is False
    _add_secondary(
        resource,
        reader,
        certainty,
        element="code",
        meaning=meaning,
        polarity="negated" if is_denied else "affirmed",
        temporality="historical",
        method="history",
        rule_id="fhir.history",
    )


def read_histology(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read the histology and behavior of the tumor in focus."""
    key = value_key(resource)
    meaning = reader.meaning(key)
    coded = read_morphology(key) or (meaning.morphology, meaning.behavior)
    if coded[0] is None:
        reader.note("R035", "value")
        return
    about = about_of(resource, reader)
    tumor = _tumor_in_focus(resource, reader, about)
    if "focus" not in resource:
        tumor["role"] = "secondary" if coded[1] == "metastatic" else "undetermined"
    facts = shared_facts(certainty, "value", "fhir.histology") | {
        "kind": "tumor",
        "morphology": coded[0],
        "behavior": coded[1],
        "method": "pathology",
        "code_system": meaning.code_system,
        "code": meaning.code,
    }
    number = reader.sheets.finding.fact(facts | tumor)
    reader.add(reader.sheets.finding, number, reader.day(resource, EFFECTIVE), about=about)


def read_grade(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read the grade of the primary, as stated."""
    value = display_of(resource.get("valueCodeableConcept") or {}) or resource.get("valueString")
    if value is None:
        reader.note("R037", "value")
        return
    facts = shared_facts(certainty, "value", "fhir.grade") | {
        "kind": "tumor",
        "role": "primary",
        "grade": value,
        "method": "pathology",
        "code_system": fact.system,
        "code": fact.code,
    }
    number = reader.sheets.finding.fact(facts)
    day = reader.day(resource, EFFECTIVE)
    reader.add(reader.sheets.finding, number, day, about=about_of(resource, reader))


def read_denial(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read a result in words that calls a place free of cancer."""
    for number, (site, side) in enumerate(read_absence(resource["valueString"])):
        _add_secondary(
            resource,
            reader,
            certainty,
            element=f"valueString[{number}]",
            polarity="negated",
            site=site,
            laterality=side,
            rule_id="fhir.text_absence",
        )
