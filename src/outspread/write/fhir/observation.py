"""Stages, course, size and extent as observations."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from outspread.read.vocabulary import codes
from outspread.write.fhir.concepts import coding, concept, known_coding, own
from outspread.write.fhir.resource import (
    as_date,
    id_of,
    made,
    own_extension,
    reference,
    with_profile,
)
from outspread.write.wording import EXTENT_WORDS, STATUS_WORDS, system_names

Json = dict[str, Any]
Row = Mapping[str, Any]
_AXES: Final = ("t", "n", "m")
_PREFIX: Final = {"clinical": "c", "pathological": "p", "post_therapy": "yp"}
_TNM: Final = ("ajcc", "uicc", "tnm", "seer")
_NOT_APPLICABLE: Final = "not_applicable"


def stage_observations(staging: Row, subject: Json, primary: Json | None) -> Iterator[Json]:
    """Give each category and group of a staging as stated, the group with its members."""
    members = [
        _category(staging, axis, subject, primary) for axis in _AXES if staging[axis] is not None
    ]
    yield from members
    if staging["stage_group"] is not None:
        yield _group(staging, subject, primary, members)
    if staging["summary_stage"] is not None:
        yield _observed(
            staging, "summary_stage", subject, primary,
            code=concept([coding("outspread", "summary_stage")], "SEER Summary Stage"),
            valueString=staging["summary_stage"],
        )  # fmt: skip


def _category(staging: Row, axis: str, subject: Json, primary: Json | None) -> Json:
    value, basis = staging[axis], staging["basis"]
    if value == _NOT_APPLICABLE:
        stated = concept([coding("absent", "not-applicable")])
    else:
        written = f"{_PREFIX.get(basis, '')}{axis.upper()}{value}"
        stated = _value(staging["system"], written)
    return _observed(
        staging, axis, subject, primary,
        meta=with_profile(axis),
        code=concept([_axis_code(axis, basis)], f"{axis.upper()} category"),
        valueCodeableConcept=stated,
        method=_method(staging),
    )  # fmt: skip


def _group(staging: Row, subject: Json, primary: Json | None, members: list[Json]) -> Json:
    system, group = staging["system"], staging["stage_group"]
    is_tnm = system is None or system in _TNM
    code = _axis_code("stage_group", staging["basis"]) if is_tnm else _system_code(system)
    name = system_names().get(system or "tnm", "")
    return _observed(
        staging, "stage_group", subject, primary,
        meta=with_profile("stage_group" if is_tnm else "stage_other"),
        code=concept([code] if code else [], f"{name} stage"),
        valueCodeableConcept=_value(system, group),
        method=_method(staging),
        hasMember=[reference(member) for member in members],
    )  # fmt: skip


def _observed(
    staging: Row, kind: str, subject: Json, primary: Json | None, **elements: Any
) -> Json:
    name = id_of(staging["patient_id"], kind, staging["staging_id"])
    return made(
        "Observation",
        name,
        **elements,
        status="final",
        subject=subject,
        focus=[reference(primary)] if primary else None,
        effectiveDateTime=as_date(staging["date"], staging["date_precision"]),
    )


def _axis_code(axis: str, basis: str | None) -> Json:
    kind = {"post_therapy": "pathological", None: "unspecified"}.get(basis, basis)
    found = known_coding("observation", axis, kind)
    return found or coding("outspread", f"stage:{axis}")


def _system_code(system: str) -> Json | None:
    found = known_coding("observation", "stage_other", system)
    return found or known_coding("observation", "grade_group", system)


def _value(system: str | None, written: str) -> Json:
    if system in ("ajcc", "uicc"):
        return concept([coding(system, written)], written)
    return concept([], written)


def _method(staging: Row) -> Json | None:
    """Staging system with its edition, where it has a code."""
    system, edition = staging["system"], staging["edition"] or ""
    for fact in codes("edition").values():
        if fact and (fact.means, fact.detail) == (system, edition):
            return concept([coding(fact.system, fact.code)])
    name = system_names().get(system or "", "")
    return concept([], f"{name} {edition}".strip()) if name else None


def status_observation(finding: Row, subject: Json, primary: Json | None) -> Json:
    """Give the course as stated on a date."""
    status = finding["status"]
    known = known_coding("status", status, "")
    codings = [known] if known and known["system"] != own("status", status)["system"] else []
    facts = {
        "certainty": _other_than(finding["certainty"], "confirmed"),
        "method": ("valueCode", finding["method"]),
        "temporality": _other_than(finding["temporality"], "current"),
    }
    return made(
        "Observation",
        id_of(finding["patient_id"], "status", finding["evidence_id"]),
        meta=with_profile("status"),
        extension=own_extension(facts),
        status="final" if finding["certainty"] == "confirmed" else "preliminary",
        code=concept([known_coding("observation", "disease_status") or {}]),
        subject=subject,
        focus=[reference(primary)] if primary else None,
        effectiveDateTime=as_date(finding["date"], finding["date_precision"]),
        valueCodeableConcept=concept([own("status", status), *codings], STATUS_WORDS[status]),
    )


def _other_than(value: str, usual: str) -> tuple[str, str | None]:
    return "valueCode", value if value != usual else None


def size_observation(lesion: Row, subject: Json, place: Json) -> Json:
    """Give the longest diameter of a place in millimeters."""
    return made(
        "Observation",
        id_of(lesion["patient_id"], "size", lesion["lesion_id"]),
        meta=with_profile("tumor_size"),
        status="final",
        code=concept([known_coding("observation", "tumor_size") or {}]),
        subject=subject,
        focus=[reference(place)],
        effectiveDateTime=as_date(lesion["first_seen_date"], lesion["first_seen_date_precision"]),
        component=[
            {
                "code": concept([known_coding("component", "size_longest") or {}]),
                "valueQuantity": coding("ucum", "mm")
                | {"value": round(lesion["size_mm"], 3), "unit": "mm"},
            }
        ],
    )


def extent_observation(disease: Row, subject: Json, primary: Json | None, as_of: date) -> Json:
    """Give the extent that the story has reached, under the name of the disease.

    It is what outspread has worked out, in its own vocabulary; readers of mCODE may leave it.
    """
    possible = disease["possible_extent"]
    farther = {
        "code": concept([own("extent", "possible")], "Possible extent"),
        "valueCodeableConcept": _extent(possible),
    }
    return made(
        "Observation",
        id_of(disease["patient_id"], "extent", disease["disease_id"]),
        status="final",
        code=concept([coding("outspread", "extent")], f"Extent of {disease['name']}"),
        subject=subject,
        focus=[reference(primary)] if primary else None,
        effectiveDateTime=as_date(as_of, "day"),
        valueCodeableConcept=_extent(disease["extent"]),
        component=[farther] if possible else None,
    )


def _extent(extent: str | None) -> Json:
    return concept([own("extent", extent)], EXTENT_WORDS[extent]) if extent else {}
