"""One patient as a bundle: who it is, cancers, places, stages, course, treatments, sources."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from outspread import __version__
from outspread.write.fhir.condition import (
    denied_condition,
    primary_condition,
    spread_resource,
)
from outspread.write.fhir.data import system_uri
from outspread.write.fhir.observation import (
    extent_observation,
    size_observation,
    stage_observations,
    status_observation,
)
from outspread.write.fhir.provenance import provenance_of
from outspread.write.fhir.resource import as_date, id_of, made, reference, with_profile
from outspread.write.fhir.statements import (
    denied_findings,
    facts_of,
    lone_findings,
    status_findings,
)
from outspread.write.fhir.treatment import treatment_resource

Json = dict[str, Any]
Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")


class _Made(NamedTuple):
    """A resource with the evidence that it rests on."""

    resource: Json
    evidence_ids: list[str]


def fhir_bundle(rows: Rows, *, as_of: date) -> Json:
    """One patient's story as an mCODE STU4 bundle, to be written as JSON.

    Parameters
    ----------
    rows
        Rows of one patient by table: disease, lesion, staging and event, and of the records
        patient, finding and treatment, as `outspread.write.report.case` reads them.
    as_of
        Date for which the story holds.

    Returns
    -------
    A collection Bundle of FHIR R4. Ids hang on the ids of the patient only, so the same story gives
    the same bundle. Every resource that follows from evidence has a Provenance that names it.

    Sources
    -------
    Profiles of [mcode_stu4], resources and value sets of [fhir_r4]. What cannot be carried is
    listed in `docs/how-to/mcode.md`.
    """
    owner = _owner(rows)
    person = _patient(rows.get("patient", []), owner)
    subject = reference(person)
    stated = list(_resources(rows, subject, as_of))
    sources = (
        provenance_of(one.resource, owner, one.evidence_ids, as_of=as_of, version=__version__)
        for one in stated
    )
    resources = [person, *(one.resource for one in stated), *filter(None, sources)]
    return made(
        "Bundle",
        id_of(owner, "bundle", as_of),
        meta=with_profile("bundle"),
        type="collection",
        entry=[_entry(resource) for resource in resources],
    )


def _owner(rows: Rows) -> str:
    return next(str(row["patient_id"]) for frame in rows.values() for row in frame)


def _entry(resource: Json) -> Json:
    return {
        "fullUrl": f"{system_uri('outspread')}/{resource['resourceType']}/{resource['id']}",
        "resource": resource,
    }


def _patient(rows: Sequence[Row], owner: str) -> Json:
    row: Row = rows[0] if rows else {}
    died = as_date(row.get("death_date"), row.get("death_date_precision"))
    dead = row.get("is_dead")
    is_plain = _ID.fullmatch(owner)
    return made(
        "Patient",
        owner if is_plain else id_of(owner, "patient", ""),
        meta=with_profile("patient"),
        identifier=[{"system": system_uri("outspread"), "value": owner}],
        gender=row.get("sex") or "unknown",
        birthDate=as_date(row.get("birth_date"), row.get("birth_date_precision")),
        deceasedDateTime=died,
        deceasedBoolean=dead if not died else None,
    )


def _resources(rows: Rows, subject: Json, as_of: date) -> Iterator[_Made]:
    """Give all that is told, cancers first; what points to a cancer comes after it."""
    findings = {row["evidence_id"]: row for row in rows["finding"]}
    primaries: dict[int | None, Json] = {}
    for disease in rows["disease"]:
        for one in _of_disease(disease, rows["lesion"], findings, subject):
            primaries[disease["disease_id"]] = one.resource
            yield one
    for lesion in rows["lesion"]:
        yield from _of_lesion(lesion, rows, findings, subject, primaries)
    for staging in rows["staging"]:
        primary = primaries.get(staging["disease_id"])
        for resource in stage_observations(staging, subject, primary):
            yield _Made(resource, staging["evidence_ids"])
    yield from _of_course(rows, findings, subject, primaries, as_of)
    for treatment in rows["treatment"]:
        if treatment["experiencer"] == "patient":
            yield _Made(treatment_resource(treatment, subject), [treatment["evidence_id"]])


def _of_disease(
    disease: Row, lesions: Sequence[Row], findings: Mapping[str, Row], subject: Json
) -> Iterator[_Made]:
    """Give the condition of the origin, where one is known or said to be unknown."""
    if disease["primary"] is None:
        return
    evidence = _cited(disease, findings)
    own = [row for row in lesions if row["disease_id"] == disease["disease_id"]]
    condition = primary_condition(
        disease,
        subject,
        lesion=next((row for row in own if row["role"] == "primary"), None),
        evidence=evidence,
        is_inferred=_is_inferred(own, evidence),
    )
    yield _Made(condition, disease["evidence_ids"])


def _of_lesion(
    lesion: Row,
    rows: Rows,
    findings: Mapping[str, Row],
    subject: Json,
    primaries: Mapping[int | None, Json],
) -> Iterator[_Made]:
    diseases = rows["disease"]
    own = [row for row in rows["lesion"] if row["disease_id"] == lesion["disease_id"]]
    place = primary = primaries.get(lesion["disease_id"])
    if lesion["role"] != "primary":
        facts = facts_of(lesion, _cited(lesion, findings))
        disease = next(row for row in diseases if row["disease_id"] == lesion["disease_id"])
        if disease["primary"] is None or _is_inferred(own, _cited(disease, findings)):
            facts["origin"] = disease["primary"] or facts["stated_origin"]
        del facts["stated_origin"]
        place = spread_resource(lesion, subject, primary=primary, facts=facts)
        yield _Made(place, lesion["evidence_ids"])
    if place and place["resourceType"] == "Condition" and lesion["size_mm"] is not None:
        yield _Made(size_observation(lesion, subject, place), lesion["evidence_ids"])


def _is_inferred(lesions: Sequence[Row], evidence: list[Row]) -> bool:
    """Tell whether nothing but the words for its spread names a cancer."""
    roles = {row["role"] for row in lesions}
    return roles == {"secondary"} and all(row["role"] != "primary" for row in evidence)


def _cited(row: Row, findings: Mapping[str, Row]) -> list[Row]:
    return [findings[one] for one in row["evidence_ids"] if one in findings]


def _of_course(
    rows: Rows,
    findings: Mapping[str, Row],
    subject: Json,
    primaries: Mapping[int | None, Json],
    as_of: date,
) -> Iterator[_Made]:
    for finding, disease_id in status_findings(rows, findings):
        resource = status_observation(finding, subject, primaries.get(disease_id))
        yield _Made(resource, [finding["evidence_id"]])
    for finding in denied_findings(rows["finding"]):
        yield _Made(denied_condition(finding, subject), [finding["evidence_id"]])
    for lesion, disease_id in lone_findings(rows, findings):
        resource = spread_resource(lesion, subject, primary=primaries.get(disease_id), facts={})
        yield _Made(resource, lesion["evidence_ids"])
    for disease in rows["disease"]:
        primary = primaries.get(disease["disease_id"])
        resource = extent_observation(disease, subject, primary, as_of)
        yield _Made(resource, disease["extent_evidence_ids"])
