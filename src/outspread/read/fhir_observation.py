"""Observations: what one is depends on its code alone; all others are left at once.

What it states depends on its code, value, method and status; each combination is worked out once.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from outspread.read import fhir_tumor
from outspread.read.elements import first_fact
from outspread.read.fhir_stage import read_stage, stage_facts
from outspread.read.meanings import Key, concept_key
from outspread.read.observed import EFFECTIVE, about_of, display_of, shared_facts, value_key
from outspread.read.reader import Reader
from outspread.read.references import NO_BUNDLE, look_up, resolve
from outspread.read.text import is_denial
from outspread.read.vocabulary import Fact, codes, observations, words

Json = Mapping[str, Any]
_CATEGORIES: Final = ("t", "n", "m")
ObservationReader = Callable[[Json, Reader, Fact, str], None]


def read_observation(resource: Json, reader: Reader) -> None:
    """Read one Observation; of no interest: nothing."""
    known = observations()
    found = None
    for coding in (resource.get("code") or {}).get("coding") or ():
        fact = known[coding.get("system"), coding.get("code")]
        if fact is not None:
            found = fact
            if fact.means != "other":
                break
    if found is None or found.means == "other":
        found = _other(resource, reader, found)
        if found is None:
            return
    certainty = words("event_status").get(resource.get("status") or "", ("confirmed", ""))[0]
    if certainty == "dropped":
        reader.note("R040", "status")
    else:
        _READERS[found.means](resource, reader, found, certainty)


def _other(resource: Json, reader: Reader, found: Fact | None) -> Fact | None:
    """Tell what an unlisted code may still state: a history of spread, or a denial in words."""
    if found is not None:
        meaning = reader.meaning(concept_key(resource["code"]))
        if meaning.role == "secondary" and meaning.temporality == "historical":
            return found._replace(means="metastasis_history")
    if "valueString" in resource and is_denial(resource["valueString"]):
        return Fact("denial", "", "", "")
    return None


def _read_measurement(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    value: Any = resource.get("valueQuantity")
    number, unit, result, text = None, None, None, None
    if value is not None:
        number, unit = value.get("value"), value.get("unit") or value.get("code")
    elif (concept := resource.get("valueCodeableConcept")) is not None:
        known = first_fact(concept, codes("result"))
        result = known.means if known else display_of(concept)
    elif "valueInteger" in resource:
        number = resource["valueInteger"]
    else:
        text = resource.get("valueString")
    parts = (fact, certainty, unit, result)
    number_of_facts = reader.plans.get(parts)
    if number_of_facts is None:
        facts = shared_facts(certainty, "value", "fhir.measurement") | {
            "name": fact.detail,
            "code_system": fact.system,
            "code": fact.code,
            "unit": unit,
        }
        number_of_facts = reader.plans[parts] = reader.sheets.measurement.fact(facts)
    if number is None and result is None and not isinstance(text, str):
        reader.note("R037", "value")
        return
    reader.add(
        reader.sheets.measurement,
        number_of_facts,
        reader.day(resource, EFFECTIVE),
        about=about_of(resource, reader),
        number=float(number) if number is not None else None,
        text=result if result is not None else text,
    )


def _read_stage(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read a T, N or M category or a stage group; a reason for absence is kept as such."""
    key = value_key(resource)
    if key == (None,):
        key = concept_key(resource.get("dataAbsentReason"))
    method = resource.get("method")
    qualifier = _member_qualifier(resource, reader, fact) if "hasMember" in resource else None
    parts = ("stage", fact, certainty, key, concept_key(method) if method else None, qualifier)
    plan = reader.plans.get(parts, False)
    if plan is False:
        plan = reader.plans[parts] = _stage_fact(reader, fact, certainty, key, method, qualifier)
    if plan is None:
        reader.note("R037" if key == (None,) else "R036", "value")
        return
    day = reader.day(resource, EFFECTIVE)
    reader.add(reader.sheets.finding, plan, day, about=about_of(resource, reader))


def _stage_fact(
    reader: Reader,
    fact: Fact,
    certainty: str,
    key: Key,
    method: Json | None,
    qualifier: str | None,
) -> int | None:
    is_other = fact.means == "stage_other"
    stage = read_stage(key, "stage_group" if is_other else fact.means)
    if stage is None:
        return None
    facts = stage_facts(
        stage,
        method=first_fact(method, codes("edition")),
        basis=None if is_other else fact.detail,
        scheme=fact.detail if is_other else None,
    )
    shared = shared_facts(certainty, "value", "fhir.stage")
    return reader.sheets.finding.fact(shared | facts | {"qualifier": qualifier})


def _member_qualifier(resource: Json, reader: Reader, fact: Fact) -> str | None:
    """Say what is odd about the members of a group; None where nothing is.

    They may have another basis than the group, or not be in the bundle while it does hold the
    patient's categories of that basis.
    """
    if reader.bundle is NO_BUNDLE:
        return None
    is_whole = True
    for reference in resource["hasMember"] or ():
        member = look_up(reference, resource, reader.bundle)
        if member is None:
            is_whole = False
            continue
        found = first_fact(member.get("code"), observations())
        if found and found.means in _CATEGORIES and found.detail != fact.detail:
            return f"{found.detail} members"
    if is_whole:
        return None
    reader.note("R011", "hasMember")
    owner = resolve(resource.get("subject"), resource, reader.bundle)
    has_own = (owner, fact.detail) in _bases(reader)
    return f"members other than its {fact.detail} categories" if has_own else None


def _bases(reader: Reader) -> set[tuple[str | None, str]]:
    """(patient, basis) of the T, N and M categories in the bundle; worked out once for each."""
    known = reader.bundle.notes.get("bases")
    if known is None:
        known = set()
        for ref, resource in reader.bundle.by_ref.items():
            if ref.startswith("Observation/"):
                found = first_fact(resource.get("code"), observations())
                if found and found.means in _CATEGORIES:
                    owner = resolve(resource.get("subject"), resource, reader.bundle)
                    known.add((owner, found.detail))
        reader.bundle.notes["bases"] = known
    return known


_READERS: Final[dict[str, ObservationReader]] = {
    "measurement": _read_measurement,
    "t": _read_stage,
    "n": _read_stage,
    "m": _read_stage,
    "stage_group": _read_stage,
    "stage_other": _read_stage,
    "tumor_size": fhir_tumor.read_size,
    "disease_status": fhir_tumor.read_status,
    "metastasis_history": fhir_tumor.read_history,
    "metastasis_site": fhir_tumor.read_spread_site,
    "morphology": fhir_tumor.read_histology,
    "grade": fhir_tumor.read_grade,
    "denial": fhir_tumor.read_denial,
}
