"""Treatments as procedures and medication statements."""

from collections.abc import Mapping
from typing import Any, Final

from outspread.write.fhir.concepts import coding, concept, known_coding, place
from outspread.write.fhir.data import profile
from outspread.write.fhir.resource import as_date, id_of, made, with_profile

Json = dict[str, Any]
Row = Mapping[str, Any]
_PROCEDURES: Final = ("surgery", "radiation", "ablation", "transplant", "radioligand")
_STATUS: Final = {
    "done": "completed", "ongoing": "in-progress", "planned": "preparation",
    "refused": "not-done", "stopped": "stopped", "unknown": "unknown",
}  # fmt: skip
_TAKEN: Final = {
    "done": "completed", "ongoing": "active", "planned": "intended",
    "refused": "not-taken", "stopped": "stopped", "unknown": "unknown",
}  # fmt: skip


def treatment_resource(treatment: Row, subject: Json) -> Json:
    """Give one treatment: what was cut, radiated or ablated is a procedure, all else a drug."""
    status = treatment["treatment_status"]
    if treatment["polarity"] == "negated":
        status = "refused"
    system, code = treatment["code_system"], treatment["code"]
    words = treatment["agent"] or treatment["modality"]
    named = concept([coding(system, code)] if system and code else [], words)
    is_procedure = treatment["modality"] in _PROCEDURES
    shared = {"status": (_STATUS if is_procedure else _TAKEN)[status], "subject": subject}
    name = id_of(treatment["patient_id"], "treatment", treatment["evidence_id"])
    period = _period(treatment)
    if not is_procedure:
        return made(
            "MedicationStatement", name, **shared,
            medicationCodeableConcept=named, effectivePeriod=period,
        )  # fmt: skip
    site = treatment["site"]
    return made(
        "Procedure",
        name,
        meta=with_profile("surgery") if treatment["modality"] == "surgery" else None,
        extension=_intent(treatment["intent"]),
        **shared,
        code=named,
        performedPeriod=period,
        bodySite=[place(site, treatment["laterality"])] if site else None,
    )


def _intent(intent: str | None) -> list[Json]:
    known = known_coding("intent", intent) if intent else None
    if not known:
        return []
    return [{"url": profile("intent"), "valueCodeableConcept": {"coding": [known]}}]


def _period(treatment: Row) -> Json:
    bounds = {
        "start": as_date(treatment["date"], treatment["date_precision"]),
        "end": as_date(treatment["end_date"], "day"),
    }
    return {name: day for name, day in bounds.items() if day}
