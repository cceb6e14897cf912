"""Observations: what one is depends on its code alone; all others are left at once.

What it states depends on its code, value, method and status; each combination is worked out once.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from outspread.read.fhir import tumor
from outspread.read.fhir.elements import first_fact, number_of
from outspread.read.fhir.observed import EFFECTIVE, about_of, display_of, shared_facts, value_key
from outspread.read.fhir.reader import Reader
from outspread.read.fhir.references import NO_BUNDLE, look_up, resolve
from outspread.read.fhir.stage import OTHER_SYSTEMS, read_stage, stage_facts
from outspread.read.meanings import Key, concept_key
from outspread.read.text import is_denial
from outspread.read.vocabulary import Fact, codes, observations, words

Json = Mapping[str, Any]
_CATEGORIES: Final = ("t", "n", "m")
ObservationReader = Callable[[Json, Reader, Fact, str], None]


class StageParts(NamedTuple):
    """What a stage row depends on."""

    fact: Fact
    certainty: str
    key: Key
    method: Fact | None
    element: str
    qualifier: str | None = None


def read_observation(resource: Json, reader: Reader) -> None:
    """Read one Observation; of no interest: nothing."""
    if "component" in resource:
        _read_components(resource, reader)
    known = observations()
    found = None
    for coding in (resource.get("code") or {}).get("coding") or ():
        fact = known[coding.get("system"), coding.get("code")]
        if fact is not None:
            found = fact
            if fact.means != "other":
                break
    if found is None and "valueString" not in resource:
        return
    if found is None or found.means == "other":
        found = _other(resource, reader, found)
        if found is None:
            return
    certainty = words("event_status").get(resource.get("status") or "", ("confirmed", ""))[0]
    if certainty == "dropped":
        reader.note("R040", "status")
    else:
        _READERS[found.means](resource, reader, found, certainty)


def _read_components(resource: Json, reader: Reader) -> None:
    """Read T, N and M categories that are components of a panel."""
    certainty = words("event_status").get(resource.get("status") or "", ("confirmed", ""))[0]
    for number, component in enumerate(resource["component"] or ()):
        fact = first_fact(component.get("code"), observations())
        if fact is None or fact.means not in _CATEGORIES or certainty == "dropped":
            continue
        method = first_fact(resource.get("method"), codes("edition"))
        parts = StageParts(fact, certainty, value_key(component), method, f"component[{number}]")
        _add_stage(resource, reader, parts)


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
    number, unit, text = None, None, None
    if value is not None:
        number, unit = value.get("value"), value.get("unit") or value.get("code")
    elif "valueCodeableConcept" in resource:
        text = _result(resource["valueCodeableConcept"], reader)
    elif "valueInteger" in resource:
        number = resource["valueInteger"]
    else:
        text = resource.get("valueString")
    if number is None and type(text) is not str:
        number, text = _interpretation(resource)
        if number is None and text is None:
            reader.note("R037", "value")
            return
    parts = (fact, certainty, unit)
    plan = reader.plans.get(parts)
    if plan is None:
        facts = shared_facts(certainty, "value", "fhir.measurement") | {
            "name": fact.detail,
            "code_system": fact.system,
            "code": fact.code,
            "unit": unit,
        }
        plan = reader.plans[parts] = reader.sheets.measurement.fact(facts)
    reader.add(
        reader.sheets.measurement,
        plan,
        reader.day(resource, EFFECTIVE),
        about=about_of(resource, reader),
        number=number_of(number) if number is not None else None,
        text=text,
    )


def _interpretation(resource: Json) -> tuple[str | None, str | None]:
    """Score or result that stands in the interpretation, where there is no value."""
    for concept in resource.get("interpretation") or ():
        score = first_fact(concept, codes("score"))
        result = first_fact(concept, codes("result"))
        if score or result:
            return score.means if score else None, result.means if result else None
    return None, None


def _result(concept: Json, reader: Reader) -> str | None:
    """Return a coded result in our words where it is known, else in its own."""
    key = ("result", concept_key(concept))
    if key not in reader.plans:
        known = first_fact(concept, codes("result"))
        reader.plans[key] = known.means if known else display_of(concept)
    found: str | None = reader.plans[key]
    return found


def _read_stage(resource: Json, reader: Reader, fact: Fact, certainty: str) -> None:
    """Read a T, N or M category or a stage group; a reason for absence is kept as such."""
    key = value_key(resource)
    has_value = key != (None,)
    if not has_value:
        key = concept_key(resource.get("dataAbsentReason"))
    method = first_fact(resource.get("method"), codes("edition"))
    qualifier = _member_qualifier(resource, reader, fact) if "hasMember" in resource else None
    parts = StageParts(fact, certainty, key, method, "value", qualifier)
    if not _add_stage(resource, reader, parts):
        reader.note("R036" if has_value else "R037", "value")


def _add_stage(resource: Json, reader: Reader, parts: StageParts) -> bool:
    """Add a stage; False where its value cannot be read."""
    plan = reader.plans.get(parts, False)
    if plan is False:
        plan = reader.plans[parts] = _stage_fact(reader, parts)
    if plan is None:
        return False
    day = reader.day(resource, EFFECTIVE)
    reader.add(reader.sheets.finding, plan, day, about=about_of(resource, reader))
    return True


def _stage_fact(reader: Reader, parts: StageParts) -> int | None:
    fact = parts.fact
    is_other = fact.means in OTHER_SYSTEMS
    stage = read_stage(parts.key, "stage_group" if fact.means == "stage_other" else fact.means)
    if stage is None:
        return None
    facts = stage_facts(
        stage,
        method=parts.method,
        basis=None if is_other else fact.detail,
        scheme=fact.detail if is_other else None,
    )
    shared = shared_facts(parts.certainty, parts.element, "fhir.stage")
    return reader.sheets.finding.fact(shared | facts | {"qualifier": parts.qualifier})


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
    "grade_group": _read_stage,
    "tumor_size": tumor.read_size,
    "growth": tumor.read_growth,
    "summary_stage": tumor.read_summary_stage,
    "disease_status": tumor.read_status,
    "metastasis_history": tumor.read_history,
    "metastasis_site": tumor.read_spread_site,
    "morphology": tumor.read_histology,
    "grade": tumor.read_grade,
    "denial": tumor.read_denial,
}
