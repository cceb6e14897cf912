"""Procedures and medications, where they treat a cancer.

A treatment is kept where its code or name tells of cancer by itself, or where its reason is a
cancer. A reason that points to a condition outside the bundle tells nothing.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from outspread.read.agents import Item, find_drug, find_procedure
from outspread.read.fhir.elements import extension_concept, first_fact, place_keys
from outspread.read.fhir.reader import Reader, read_places
from outspread.read.fhir.references import look_up
from outspread.read.meanings import NOTHING, Meaning, concept_key
from outspread.read.vocabulary import codes, words

Json = Mapping[str, Any]
_GIVEN: Final = (
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveTimePeriod",
    "authoredOn",
    "dateAsserted",
)
_PERIODS: Final = tuple(name for name in _GIVEN if name.endswith("Period"))
_PLANNED_INTENTS: Final = ("proposal", "plan")


class Reason(NamedTuple):
    """Why it was given: the cancer coded as the reason, and the condition pointed to."""

    meaning: Meaning | None
    about: str | None


def read_procedure(resource: Json, reader: Reader) -> None:
    """Read one Procedure; not against cancer: nothing."""
    key = concept_key(resource.get("code"))
    parts = ("procedure", key)
    if parts not in reader.plans:
        reader.plans[parts] = find_procedure(key)
    items: tuple[Item, ...] = reader.plans[parts]
    for number, item in enumerate(items):
        _read_item(resource, reader, item, element=f"code:{number}" if number else "code")


def read_medication(resource: Json, reader: Reader) -> None:
    """Read a MedicationRequest, -Administration or -Statement; not against cancer: nothing."""
    key = concept_key(_medication(resource, reader))
    parts = ("medication", key)
    if parts not in reader.plans:
        reader.plans[parts] = find_drug(key)
    item: Item | None = reader.plans[parts]
    if item is not None:
        _read_item(resource, reader, item, element="medication")


def _medication(resource: Json, reader: Reader) -> Json | None:
    concept = resource.get("medicationCodeableConcept")
    if concept is not None:
        return dict(concept)
    medication = resource.get("medication") or {}
    reference = resource.get("medicationReference") or medication.get("reference")
    if isinstance(medication.get("concept"), dict):
        return dict(medication["concept"])
    found = look_up(reference, resource, reader.bundle)
    return found.get("code") if found else None


def _reason(resource: Json, reader: Reader) -> Reason:
    coded, about, pointed = None, None, None
    reasons = resource.get("reason") or ()  # R5: concept or reference in one element
    concepts = [reason["concept"] for reason in reasons if "concept" in reason]
    references = [reason["reference"] for reason in reasons if "reference" in reason]
    for concept in [*(resource.get("reasonCode") or ()), *concepts]:
        meaning = reader.meaning(concept_key(concept))
        if meaning.is_tumor and coded is None:
            coded = meaning
    for reference in [*(resource.get("reasonReference") or ()), *references]:
        target = reader.about(reference, resource)
        condition = reader.bundle.by_ref.get(target) if target else None
        cause = reader.meaning(concept_key(condition.get("code"))) if condition else None
        if about is None and (cause is None or cause.is_tumor):
            about, pointed = target, cause
    return Reason(coded or pointed, about)


def _read_item(resource: Json, reader: Reader, item: Item, *, element: str) -> None:
    """Add one treatment, where the item or the reason tells of cancer."""
    reason = _reason(resource, reader)
    if not item.is_telling and reason.meaning is None:
        return
    if item.issue:
        reader.note(item.issue, element)
    state = words("treatment_status").get(resource.get("status") or "", ("unknown", ""))[0]
    if state == "dropped":
        reader.note("R040", "status")
        return
    if resource.get("intent") in _PLANNED_INTENTS:
        state = "planned"
    is_denied = state == "refused" or resource.get("doNotPerform") is True
    places = read_places(reader, place_keys(resource.get("bodySite")))
    place, side = places[0] if places else (NOTHING, None)
    intent = first_fact(extension_concept(resource, "intent"), codes("intent"))
    facts = {
        "polarity": "negated" if is_denied else "affirmed",
        "certainty": "confirmed",
        "temporality": "planned" if state == "planned" else "current",
        "experiencer": "patient",
        "element": element,
        "rule_id": "fhir.treatment",
        "modality": item.modality,
        "agent": item.name,
        "code_system": item.system,
        "code": item.code,
        "site": place.site,
        "laterality": side or place.laterality,
        "intent": intent.means if intent else None,
        "treatment_status": "unknown" if is_denied else state,
        "reason_primary": reason.meaning.primary if reason.meaning else None,
        "reason_laterality": reason.meaning.laterality if reason.meaning else None,
    }
    sheet = reader.sheets.treatment
    end = _end(resource, reader)
    day = reader.day(resource, _GIVEN)
    reader.add(sheet, sheet.fact(facts), day, about=reason.about, text=end)


def _end(resource: Json, reader: Reader) -> int | None:
    for name in _PERIODS:
        if name in resource:
            return reader.day(resource[name], ("end",)).days
    return None
