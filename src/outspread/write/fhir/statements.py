"""Which statements of the records the story rests on beside its diseases, places and stages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
_COUNTING: Final = ("confirmed", "probable")


def facts_of(lesion: Row, evidence: list[Row]) -> dict[str, Any]:
    """Facts of a place that its findings state and the story does not repeat."""
    best = [row for row in evidence if row["certainty"] in _COUNTING] or evidence
    words = sorted({row["qualifier"] for row in best if row["qualifier"]})
    first = [row for row in best if row["date"] == lesion["first_seen_date"]] or best
    times = {row["temporality"] for row in first}
    methods = sorted({row["method"] for row in first if row["method"]})
    return {
        "qualifier": " ".join(words) or None,
        "m": next((row["m"] for row in evidence if row["m"]), None),
        "method": methods[0] if methods else None,
        "morphology": next((row["morphology"] for row in best if row["morphology"]), None),
        "behavior": "metastatic",
        "stated_origin": next((row["origin"] for row in best if row["origin"]), None),
        "temporality": "historical" if times == {"historical"} else None,
    }


def denied_findings(findings: Sequence[Row]) -> Iterator[Row]:
    """Statements that the person has no spread, at a place or at all."""
    for row in findings:
        if (
            row["kind"] == "tumor"
            and row["role"] == "secondary"
            and row["polarity"] == "negated"
            and row["experiencer"] == "patient"
        ):
            yield row


def status_findings(rows: Rows, findings: Mapping[str, Row]) -> Iterator[tuple[Row, int | None]]:
    """Statements of the course with the disease whose course they tell."""
    owners: dict[str, int] = {}
    for event in rows.get("event", []):
        owners |= dict.fromkeys(event["evidence_ids"], event["disease_id"])
    for disease in rows["disease"]:
        owners |= dict.fromkeys(disease["status_evidence_ids"], disease["disease_id"])
    for row in findings.values():
        if (
            row["kind"] == "status"
            and row["polarity"] == "affirmed"
            and row["experiencer"] == "patient"
        ):
            yield row, owners.get(row["evidence_id"])


def lone_findings(rows: Rows, findings: Mapping[str, Row]) -> Iterator[tuple[Row, int | None]]:
    """Spread that settled an extent without being a place of the story, in the form of a place.

    A code that calls the organ of origin itself secondary is such a statement.
    """
    placed = {one for lesion in rows["lesion"] for one in lesion["evidence_ids"]}
    number = max((lesion["lesion_id"] for lesion in rows["lesion"]), default=-1) + 1
    for disease in rows["disease"]:
        for evidence_id in disease["extent_evidence_ids"]:
            row = findings.get(evidence_id)
            if row and evidence_id not in placed and row["role"] == "secondary":
                yield _as_place(row, number), disease["disease_id"]
                number += 1


def _as_place(finding: Row, number: int) -> Row:
    return {
        **finding,
        "lesion_id": number,
        "reach": "distant",
        "first_seen_date": finding["date"],
        "first_seen_date_precision": finding["date_precision"],
        "last_seen_date": finding["date"],
        "evidence_ids": [finding["evidence_id"]],
    }
