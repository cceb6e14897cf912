"""Where each resource comes from: the evidence, its rule, and the program that made it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from outspread.write.fhir.concepts import coding, concept
from outspread.write.fhir.data import system_uri
from outspread.write.fhir.resource import id_of, made, reference

Json = dict[str, Any]
Row = Mapping[str, Any]


def provenance_of(
    target: Json, patient_id: str, evidence_ids: Iterable[str], *, as_of: date, version: str
) -> Json | None:
    """Point from a resource to the ids of its evidence; None where it has none.

    It is recorded as of the date of the story, so that the same story gives the same bundle.
    """
    entities = [
        {
            "role": "source",
            "what": {"identifier": {"system": system_uri("outspread"), "value": evidence_id}},
        }
        for evidence_id in sorted(set(evidence_ids))
    ]
    if not entities:
        return None
    program = {
        "type": concept([coding("participant", "assembler")]),
        "who": {"display": f"outspread {version}"},
    }
    return made(
        "Provenance",
        id_of(patient_id, "provenance", target["id"]),
        target=[reference(target)],
        recorded=f"{as_of.isoformat()}T00:00:00Z",
        agent=[program],
        entity=entities,
    )
