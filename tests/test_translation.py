"""A story does not change with the code system: ICD-10-CM, SNOMED CT and ICD-O-3.

Codes are said in another system by the tables that we ship (`translation`). What a code loses on
the way (ICD-10-CM has no histology, ICD-O-3 no side, neither a stage) is told by `differs`, and
only that is not compared.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import outspread
from outspread.diagnose.name import blood_cancers
from people import AS_OF
from retold import REGISTRIES, Resource, every_source, fresh, needs_shared, told, write
from translation import ICD10CM, ICDO3, SNOMED, URI, Said, translate

pytestmark = [needs_shared, pytest.mark.slow]
HISTOLOGY = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"
SIDE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-laterality-qualifier"
SIDES = {"left": "7771000", "right": "24028007", "bilateral": "51440002"}
SHORT = {uri: system for system, uri in URI.items()}


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": URI[system], "code": code}]}


def coded(resource: Resource) -> Iterator[tuple[str, str, str | None]]:
    """Codes of a condition, each with the morphology that stands beside it."""
    if resource["resourceType"] != "Condition":
        return
    beside = [
        one["valueCodeableConcept"]["coding"][0]["code"]
        for one in resource.get("extension") or ()
        if one["url"] == HISTOLOGY
    ]
    for coding in resource["code"]["coding"]:
        system = SHORT.get(coding["system"])
        if system:
            yield system, coding["code"], beside[0] if beside and system == ICDO3 else None


def translated(
    resources: list[Resource], system: str
) -> tuple[list[Resource], dict[str, frozenset[str]]]:
    """The resources with all that can be said in a system, and what differs by condition."""
    asked = sorted({one for resource in resources for one in coded(resource)}, key=str)
    known = translate(asked, system)
    differs = {}
    after = []
    for resource in resources:
        said = next((known[one] for one in coded(resource) if one in known), None)
        after.append(retold_in(resource, said, system) if said else resource)
        if said:
            differs[f"{resource['subject']['reference']} {resource['id']}"] = said.differs
    return after, differs


def retold_in(resource: Resource, said: Said, system: str) -> Resource:
    """A condition with another code; a histology of ICD-O-3 and a stage go beside it.

    A histology that stood beside the first code is lost, but for blood cancers: it is their name.
    """
    others = [
        one
        for one in resource.get("extension") or ()
        if one["url"] != HISTOLOGY or (not said.morphology and names_blood_cancer(one))
    ]
    new = resource | {"code": concept(system, said.code), "extension": others}
    if said.morphology:
        value = concept(ICDO3, said.morphology)
        new["extension"] = [*others, {"url": HISTOLOGY, "valueCodeableConcept": value}]
    if said.stage_group:
        new["stage"] = [{"summary": {"text": f"Stage {said.stage_group}"}}]
    return new


def names_blood_cancer(histology: Resource) -> bool:
    code = histology["valueCodeableConcept"]["coding"][0]["code"][:4]
    return code in set(blood_cancers()["histology"].cast(pl.String))


def compared(before: pl.DataFrame, differs: dict[str, frozenset[str]]) -> list[str]:
    """Columns that must not change: a side that one of the codes cannot say is left out."""
    lost = {"laterality"} if any("code_laterality" in one for one in differs.values()) else set()
    return [name for name in before.columns if name not in lost]


@pytest.mark.parametrize("system", [ICD10CM, ICDO3, SNOMED])
@every_source
def test_records_say_the_same_in_another_code_system(
    tmp_path: Path, source: str, system: str
) -> None:
    resources = fresh(source)
    after, differs = translated(resources, system)
    if not differs:
        pytest.skip(f"no code of these records has an equal in {system}")
    before = told(write(tmp_path, resources))
    names = compared(before, differs)
    now = told(write(tmp_path, after))
    assert before.select(names).sort(pl.all()).equals(now.select(names).sort(pl.all()))


def as_conditions(path: Path) -> list[Resource]:
    """The tumors of a registry as conditions that a hospital would send, coded in ICD-O-3."""
    tumors = outspread.read(path).finding.filter(
        (pl.col("rule_id") == "naaccr.tumor") & pl.col("morphology").is_not_null()
    )
    digits = {"in_situ": 2, "malignant": 3}
    return [
        {
            "resourceType": "Condition",
            "id": row["source_ref"].partition("/")[2],
            "subject": {"reference": f"Patient/{row['patient_id']}"},
            "code": concept(ICDO3, row["code"]),
            "onsetDateTime": str(row["date"]) if row["date"] else None,
            "bodySite": [
                concept(ICDO3, row["code"])
                | {
                    "extension": [
                        {
                            "url": SIDE,
                            "valueCodeableConcept": concept(SNOMED, SIDES[row["laterality"]]),
                        }
                    ]
                    if row["laterality"]
                    else []
                }
            ],
            "extension": [
                {
                    "url": HISTOLOGY,
                    "valueCodeableConcept": concept(
                        ICDO3, f"{row['morphology']}/{digits[row['behavior']]}"
                    ),
                }
            ],
        }
        for row in tumors.iter_rows(named=True)
        if row["behavior"] in digits
    ]


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda path: path.name)
def test_a_registry_and_a_hospital_mean_the_same_cancers(tmp_path: Path, registry: Path) -> None:
    conditions = as_conditions(registry)
    people = pl.col("patient_id").is_in([one["subject"]["reference"][8:] for one in conditions])
    facts = ["patient_id", "primary", "origin_status", "laterality", "morphology", "behavior"]
    registered, sent = (
        outspread.diagnose(outspread.read(path), as_of=AS_OF).disease.filter(people).select(facts)
        for path in (registry, write(tmp_path, conditions))
    )
    assert registered.sort(pl.all()).equals(sent.sort(pl.all()))


@pytest.mark.parametrize("system", [ICD10CM, SNOMED])
@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda path: path.name)
def test_cancers_of_a_registry_say_the_same_in_another_code_system(
    tmp_path: Path, registry: Path, system: str
) -> None:
    conditions = as_conditions(registry)
    after, differs = translated(conditions, system)
    assert differs
    before, now = (told(write(tmp_path, some)) for some in (conditions, after))
    assert before.equals(now)
