"""The FHIR resource that a row of the mCODE extraction framework stands for."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from outspread.read.vocabulary import SNOMED_URI, codes, load_rows, systems

Row = Mapping[str, str]
Json = dict[str, Any]
_AJCC: Final = "http://cancerstaging.org"
_AXES: Final = {"t": "t", "n": "n", "m": "m", "stage_group": "stagegroup"}
_LOINC: Final = "loinc"
_BASES: Final = {"c": "clinical", "p": "pathological"}
_STRUCTURES: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
_URLS: Final = {
    "histology": f"{_STRUCTURES}mcode-histology-morphology-behavior",
    "laterality": f"{_STRUCTURES}mcode-laterality-qualifier",
    "seen_by": f"{_STRUCTURES}mcode-cancer-disease-status-evidence-type",
    "intent": f"{_STRUCTURES}mcode-procedure-intent",
}


def _concept(code: str | None, system: str | None = SNOMED_URI, text: str | None = None) -> Json:
    """Write a concept; one without a code has its words only."""
    coding = {"system": system, "code": code, "display": text}
    kept = {name: value for name, value in coding.items() if value}
    return {"coding": [kept]} if code else {"text": text}


def _extension(meaning: str, code: str) -> Json:
    return {"url": _URLS[meaning], "valueCodeableConcept": _concept(code)}


def _made(kind: str, row: Row, name: str | None, **elements: Any) -> Json:
    """Write a resource of the row's patient; what is empty is left out."""
    resource = {
        "resourceType": kind,
        "id": name,
        "subject": {"reference": f"Patient/{row['mrn']}"},
        **elements,
    }
    return {element: value for element, value in resource.items() if value}


def _condition_of(row: Row) -> Json | None:
    name = row.get("conditionid")
    return {"reference": f"Condition/{name}"} if name else None


def _body_sites(row: Row) -> list[Json]:
    """Body sites, several of them parted by a bar, with the side of the row."""
    side = row.get("laterality")
    extension = {"extension": [_extension("laterality", side)]} if side else {}
    return [
        _concept(code.strip()) | extension for code in row.get("bodysite", "").split("|") if code
    ]


def _patient(row: Row, _: str) -> Iterator[Json]:
    yield {
        "resourceType": "Patient",
        "id": row["mrn"],
        "gender": row.get("gender"),
        "birthDate": row.get("dateofbirth"),
    }


def _condition(row: Row, name: str) -> Iterator[Json]:
    histology = row.get("histology")
    statuses = {
        "verificationStatus": row.get("verificationstatus"),
        "clinicalStatus": row.get("clinicalstatus"),
    }
    yield _made(
        "Condition",
        row,
        row.get("conditionid") or name,
        code=_concept(row.get("code"), row.get("codesystem"), row.get("displayname")),
        onsetDateTime=row.get("dateofdiagnosis"),
        bodySite=_body_sites(row),
        extension=[_extension("histology", histology)] if histology else None,
        **{key: _concept(value, None) for key, value in statuses.items() if value},
    )


def _stage(row: Row, name: str) -> Iterator[Json]:
    basis = _BASES.get(row.get("type", "").strip().lower()[:1], "unspecified")
    method = row.get("stagingsystem")
    for axis, column in _AXES.items():
        if row.get(column):
            yield _made(
                "Observation",
                row,
                f"{name}-{axis}",
                status="final",
                code=_concept(_stage_code(axis, basis), _LOINC),
                focus=[_condition_of(row)] if _condition_of(row) else None,
                effectiveDateTime=row.get("effectivedate"),
                method=_concept(method, row.get("stagingcodesystem")) if method else None,
                valueCodeableConcept=_concept(row[column], _AJCC),
            )


@cache
def _stage_code(axis: str, basis: str) -> str:
    """LOINC code of a stage axis on a basis."""
    rows = codes("observation").values()
    return next(
        fact.code
        for fact in rows
        if fact and (fact.means, fact.detail, fact.system) == (axis, basis, _LOINC)
    )


@cache
def _status_code() -> str:
    """LOINC code of the disease status; the framework's own comes first."""
    rows = codes("observation").values()
    return next(fact.code for fact in rows if fact and fact.means == "disease_status")


def _status(row: Row, name: str) -> Iterator[Json]:
    code, text = row.get("diseasestatuscode"), row.get("diseasestatustext")
    seen = [one.strip() for one in row.get("evidence", "").split("|") if one.strip()]
    yield _made(
        "Observation",
        row,
        name,
        status=row.get("observationstatus") or "final",
        code=_concept(_status_code(), _LOINC),
        focus=[_condition_of(row)] if _condition_of(row) else None,
        effectiveDateTime=row.get("dateofobservation"),
        valueCodeableConcept=_concept(code, _status_system(code), text),
        extension=[_extension("seen_by", one) for one in seen],
    )


@cache
def _status_system(code: str | None) -> str:
    """System of a status code: the one in which it is known, else SNOMED CT."""
    known = {
        row["code"]: row["system"] for row in load_rows("fhir_codes.csv") if row["use"] == "status"
    }
    return known.get(code or "", SNOMED_URI)


def _observation(row: Row, name: str) -> Iterator[Json]:
    value, system = row.get("value"), row.get("valuecodesystem")
    number = _number(value) if not system else None
    values: Json = {}
    if number is not None:
        values["valueQuantity"] = {"value": number}
    elif value and system and systems()[system] != system:
        values["valueCodeableConcept"] = _concept(value, system)
    elif value:
        values["valueString"] = value
    yield _made(
        "Observation",
        row,
        row.get("observationid") or name,
        status=row.get("status") or "final",
        code=_concept(row.get("code"), row.get("codesystem"), row.get("displayname")),
        effectiveDateTime=row.get("effectivedate"),
        bodySite=next(iter(_body_sites(row)), None),
        **values,
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _reason(row: Row, prefix: str, text: str) -> list[Json] | None:
    code = row.get(f"{prefix}code")
    if not code:
        return None
    return [_concept(code, row.get(f"{prefix}codesystem"), row.get(text))]


def _procedure(row: Row, name: str) -> Iterator[Json]:
    about = _condition_of(row)
    intent = row.get("treatmentintent")
    yield _made(
        "Procedure",
        row,
        row.get("procedureid") or name,
        status=row.get("status") or "unknown",
        code=_concept(row.get("code"), row.get("codesystem"), row.get("displayname")),
        performedDateTime=row.get("effectivedate"),
        reasonCode=_reason(row, "reason", "reasondisplayname"),
        reasonReference=[about] if about else None,
        bodySite=_body_sites(row),
        extension=[_extension("intent", intent)] if intent else None,
    )


def _medication(
    kind: str, name_column: str, intent_column: str
) -> Callable[[Row, str], Iterator[Json]]:
    def make(row: Row, name: str) -> Iterator[Json]:
        intent = row.get(intent_column)
        period = {"start": row.get("startdate"), "end": row.get("enddate")}
        yield _made(
            kind,
            row,
            row.get(name_column) or name,
            status=row.get("status") or "unknown",
            intent=row.get("intent"),
            medicationCodeableConcept=_concept(
                row.get("code"), row.get("codesystem"), row.get("displaytext")
            ),
            effectivePeriod={key: value for key, value in period.items() if value},
            authoredOn=row.get("authoredon"),
            reasonCode=_reason(row, "treatmentreason", "treatmentreasondisplaytext"),
            extension=[_extension("intent", intent)] if intent else None,
        )

    return make


MAKERS: Final[Mapping[str, Callable[[Row, str], Iterator[Json]]]] = {
    "Patient": _patient,
    "Condition": _condition,
    "Stage": _stage,
    "Status": _status,
    "Observation": _observation,
    "Procedure": _procedure,
    "MedicationAdministration": _medication(
        "MedicationAdministration", "medicationid", "treatmentintent"
    ),
    "MedicationRequest": _medication("MedicationRequest", "requestid", "procedureintent"),
}
