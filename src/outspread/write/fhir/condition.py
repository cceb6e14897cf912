"""Cancers and the places they have reached, as mCODE conditions.

Only spread to a node or to another part of the body is a secondary cancer condition. Tissue that
was reached by growth, or of which growth or deposit is not said, is an observation, so that nobody
takes it for a metastasis.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from outspread.write.fhir.concepts import (
    BOTH,
    UNSAID_HISTOLOGY,
    coding,
    concept,
    histology_code,
    place,
    primary_concept,
    secondary_concept,
)
from outspread.write.fhir.data import profile
from outspread.write.fhir.resource import (
    as_date,
    first,
    id_of,
    made,
    own_extension,
    reference,
    status_concept,
    with_profile,
)
from outspread.write.wording import primary_names, site_names

Json = dict[str, Any]
Row = Mapping[str, Any]
_VERIFIED: Final = {
    "confirmed": "confirmed", "probable": "provisional", "possible": "unconfirmed",
}  # fmt: skip
_METASTATIC_REACH: Final = ("regional_node", "distant_node", "distant")
_HISTOLOGY: Final = ("morphology", "behavior")


def primary_condition(
    disease: Row, subject: Json, *, lesion: Row | None, evidence: Sequence[Row], is_inferred: bool
) -> Json:
    """Give the condition of a cancer of known or unknown origin.

    Parameters
    ----------
    lesion
        The origin as a place, if the story has it.
    evidence
        Findings that state the cancer: for the part of the organ and the words that narrow it.
    is_inferred
        Whether only its spread tells of it; then it is marked so and not read as a statement.
    """
    name = primary_names()[disease["primary"]]
    told = {**disease, "behavior": BOTH} if _is_contradicted(disease, evidence) else disease
    site = first(evidence, "site") or (lesion["site"] if lesion else None)
    stated = {
        "qualifier": ("valueString", first(evidence, "qualifier")),
        "certainty": _probable(disease),
        "last_seen": _last_seen(lesion) if lesion else ("valueDate", None),
        "laterality": ("valueCode", None if site else disease["laterality"]),
        "morphology": ("valueCode", disease["morphology"]),
        "inferred": ("valueCode", "spread" if is_inferred else None),
    }
    return made(
        "Condition",
        id_of(disease["patient_id"], "disease", disease["disease_id"]),
        meta=with_profile("primary"),
        extension=_histology(told) + own_extension(stated),
        **_common(disease, subject),
        code=primary_concept(told, name),
        bodySite=[place(site, disease["laterality"])] if site else None,
        onsetDateTime=as_date(disease["diagnosed_date"], disease["diagnosed_date_precision"]),
    )


def _is_contradicted(disease: Row, evidence: Sequence[Row]) -> bool:
    """Whether a cancer is called in situ and invasive; else its behavior was never told."""
    behaviors = {row["behavior"] for row in evidence}
    is_invasive = not behaviors.isdisjoint({"malignant", "metastatic"})
    return disease["behavior"] == "unknown" and is_invasive and "in_situ" in behaviors


def spread_resource(lesion: Row, subject: Json, *, primary: Json | None, facts: Json) -> Json:
    """Give the resource of a place of spread: a secondary cancer condition, or an observation.

    Parameters
    ----------
    primary
        Condition of the origin, where there is one.
    facts
        What the findings of this place say beside: qualifier, m, origin.
    """
    told = {name: value for name, value in facts.items() if name != "behavior"}
    stated = {name: ("valueCode", value) for name, value in told.items()} | {
        "count": ("valueInteger", lesion["count"]),
        "certainty": _probable(lesion),
        "last_seen": _last_seen(lesion),
        "laterality": ("valueCode", None if lesion["site"] else lesion["laterality"]),
    }
    if "qualifier" in facts:
        stated["qualifier"] = ("valueString", facts["qualifier"])
    name = id_of(lesion["patient_id"], "lesion", lesion["lesion_id"])
    seen = as_date(lesion["first_seen_date"], lesion["first_seen_date_precision"])
    if lesion["site"] and lesion["reach"] not in _METASTATIC_REACH:
        return _reached_tissue(lesion, subject, primary, name=name, stated=stated, seen=seen)
    stated["contiguity"] = ("valueCode", lesion["contiguity"])
    where = site_names().get(lesion["site"], "a place that is not stated")
    return made(
        "Condition",
        name,
        meta=with_profile("secondary"),
        extension=[*_related(primary), *_histology(facts), *own_extension(stated)],
        **_common(lesion, subject),
        code=secondary_concept(lesion, f"metastasis: {where}"),
        bodySite=[place(lesion["site"], lesion["laterality"])] if lesion["site"] else None,
        onsetDateTime=seen,
    )


def _reached_tissue(
    lesion: Row, subject: Json, primary: Json | None, *, name: str, stated: Json, seen: str | None
) -> Json:
    kind = "growth" if lesion["contiguity"] == "contiguous" else "involvement"
    words = {"growth": "Growth of the cancer into", "involvement": "Cancer involvement of"}[kind]
    stated["contiguity"] = ("valueCode", lesion["contiguity"])
    stated["size_mm"] = ("valueDecimal", lesion["size_mm"])
    return made(
        "Observation",
        name,
        extension=own_extension(stated),
        status="final" if lesion["certainty"] == "confirmed" else "preliminary",
        code=concept([coding("outspread", kind)], f"{words} {site_names()[lesion['site']]}"),
        subject=subject,
        focus=[reference(primary)] if primary else None,
        effectiveDateTime=seen,
        valueBoolean=True,
        bodySite=place(lesion["site"], lesion["laterality"]),
    )


def denied_condition(finding: Row, subject: Json) -> Json:
    """Give the refuted condition of a place that is said to be free."""
    where = site_names().get(finding["site"], "a place that is not stated")
    stated = {
        name: ("valueCode", finding[name])
        for name in ("contiguity", "certainty", "method", "temporality", "origin")
    }
    return made(
        "Condition",
        id_of(finding["patient_id"], "denied", finding["evidence_id"]),
        meta=with_profile("secondary"),
        extension=own_extension(stated | {"qualifier": ("valueString", finding["qualifier"])}),
        verificationStatus=status_concept("verification", "refuted"),
        category=[status_concept("category", "problem-list-item")],
        subject=subject,
        code=secondary_concept(finding, f"metastasis: {where}"),
        bodySite=[place(finding["site"], finding["laterality"])] if finding["site"] else None,
        onsetDateTime=as_date(finding["date"], finding["date_precision"]),
    )


def _histology(row: Row) -> list[Json]:
    """Give the histology extension; empty where there is none."""
    morphology, behavior = (row.get(name) for name in _HISTOLOGY)
    if behavior is None or not (morphology or behavior in ("unknown", BOTH)):
        return []
    code = histology_code(morphology or UNSAID_HISTOLOGY, behavior)
    return [{"url": profile("histology"), "valueCodeableConcept": concept([code])}]


def _related(primary: Json | None) -> list[Json]:
    if primary is None:
        return []
    return [{"url": profile("related"), "valueReference": reference(primary)}]


def _common(row: Row, subject: Json) -> Json:
    return {
        "clinicalStatus": status_concept("clinical", "active"),
        "verificationStatus": status_concept("verification", _VERIFIED[row["certainty"]]),
        "category": [status_concept("category", "problem-list-item")],
        "subject": subject,
    }


def _probable(row: Row) -> tuple[str, str | None]:
    return "valueCode", row["certainty"] if row["certainty"] != "confirmed" else None


def _last_seen(lesion: Row) -> tuple[str, str | None]:
    last = lesion["last_seen_date"]
    again = last if last != lesion["first_seen_date"] else None
    return "valueDate", as_date(again, "day")
