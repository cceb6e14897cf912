"""What must not change a story: copies, other ids, other files, other codes, another cancer."""

import gzip
import json
import os
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import outspread
from people import AS_OF

SHARED = Path(os.environ.get("OUTSPREAD_SHARED", Path(__file__).parents[2] / "shared")) / "data"
POPULATION = SHARED / "fhir" / "synthea-oncology-population"
REGISTRY = SHARED / "naaccr" / "naaccr-xml-sample-v240-incidence-100.xml.gz"
BUNDLES = (
    "mcode-stu4/bundle-jenny-m-official.json",
    "mcode-stu4/all-resources-cancer-patient-adam-everyman.json",
    "trial-matching/TrialMatching_Patient01.json",
    "trial-matching/TrialMatching_Patient_LongHistory.json",
)
PEOPLE = 40
QUICK = ("population", "TrialMatching_Patient01")
ADDED_ON = date(1950, 3, 1)
TOLD = (
    "patient_id", "name", "extent", "possible_extent", "origin_status", "laterality",
    "stage_group", "t", "n", "m", "status", "timing", "diagnosed_date", "first_distant_date",
)  # fmt: skip
Resource = dict[str, Any]
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data is not beside the repository"
)


def told(*paths: Path) -> pl.DataFrame:
    """What the story says of each disease, and of each place of spread."""
    story = outspread.diagnose(outspread.read(*paths), as_of=AS_OF)
    places = (
        story.lesion.join(
            story.disease.select("patient_id", "disease_id"), on=["patient_id", "disease_id"]
        )
        .group_by("patient_id", "disease_id")
        .agg(pl.concat_str("role", "site", "reach", separator=" ", ignore_nulls=True).sort())
    )
    said = story.disease.join(places, on=["patient_id", "disease_id"], how="left")
    is_added = pl.col("evidence_ids").list.eval(pl.element().str.contains("another-")).list.any()
    return said.select(*TOLD, "role", is_added.alias("is_added")).sort(pl.all())


def write(folder: Path, resources: list[Resource]) -> Path:
    path = folder / "resources.ndjson"
    path.write_text("\n".join(map(json.dumps, resources)), encoding="utf-8")
    return path


def owner(resource: Resource) -> str:
    return str(resource.get("subject", {}).get("reference", f"Patient/{resource.get('id')}"))


@cache
def population() -> list[Resource]:
    """Everything about the first people of the population that has to do with cancer."""
    people: set[str] = set()
    resources = []
    for kind in ("Patient", "Condition", "Observation"):
        with gzip.open(POPULATION / f"{kind}.ndjson.gz") as lines:
            for line in lines:
                resource = json.loads(line)
                if kind == "Patient" and len(people) < PEOPLE:
                    people.add(owner(resource))
                if owner(resource) in people:
                    resources.append(resource)
    return resources


@cache
def bundle(name: str) -> list[Resource]:
    entries = json.loads((SHARED / "fhir" / name).read_text(encoding="utf-8"))["entry"]
    return [entry["resource"] for entry in entries]


SOURCES: dict[str, Callable[[], list[Resource]]] = {
    "population": population,
    **{Path(name).stem: (lambda name=name: bundle(name)) for name in BUNDLES},  # type: ignore[misc]
}


@pytest.fixture(
    params=[
        pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in SOURCES
    ]
)
def resources(request: pytest.FixtureRequest) -> list[Resource]:
    return deepcopy(SOURCES[request.param]())


def test_copies_of_a_record_tell_nothing_new(tmp_path: Path, resources: list[Resource]) -> None:
    before = told(write(tmp_path, resources))
    assert before.equals(told(write(tmp_path, resources + resources)))
    copies = [
        one | {"id": f"copy-of-{one['id']}"}
        for one in resources
        if one["resourceType"] != "Patient"
    ]
    assert before.equals(told(write(tmp_path, resources + copies)))


def test_ids_carry_no_meaning(tmp_path: Path, resources: list[Resource]) -> None:
    before = told(write(tmp_path, resources))
    after = told(write(tmp_path, [renamed(one) for one in resources]))
    back = pl.col("patient_id").str.strip_prefix("x-")
    assert before.equals(after.with_columns(back).sort(pl.all()))


def renamed(value: Any) -> Any:
    """The same resource with other ids, in itself and in whatever it refers to."""
    if isinstance(value, list):
        return [renamed(one) for one in value]
    if not isinstance(value, dict):
        return value
    new = {name: renamed(one) for name, one in value.items()}
    if "resourceType" in new and "id" in new:
        new["id"] = f"x-{new['id']}"
    reference = new.get("reference")
    if isinstance(reference, str):
        new["reference"] = re.sub(r"^([A-Z]\w+)/", r"\1/x-", reference)
    return new


def test_how_resources_are_bundled_does_not_matter(
    tmp_path: Path, resources: list[Resource]
) -> None:
    whole = tmp_path / "whole.json"
    whole.write_text(json.dumps(bundled(resources)), encoding="utf-8")
    folder = tmp_path / "parts"
    folder.mkdir()
    for part in range(3):
        text = json.dumps(bundled(resources[part::3]))
        (folder / f"{part}.json").write_text(text, encoding="utf-8")
    assert told(whole).equals(told(*sorted(folder.iterdir())))


def bundled(resources: list[Resource]) -> Resource:
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one} for one in resources],
    }


@pytest.mark.parametrize("code", ["C91.00", "C73"], ids=["leukemia", "thyroid"])
def test_an_unrelated_cancer_changes_no_other(
    tmp_path: Path, resources: list[Resource], code: str
) -> None:
    before = told(write(tmp_path, resources))
    people = sorted(set(before["patient_id"]))
    after = told(write(tmp_path, resources + [another_cancer(one, code) for one in people]))
    seeks_origin = before.filter(pl.col("origin_status") == "not_stated")["patient_id"]
    gains_origin = pl.col("patient_id").is_in(seeks_origin.implode()) & (code == "C73")
    same = ~gains_origin & ~pl.col("is_added")
    kept = pl.all().exclude("status")  # a course that is linked to no cancer may be of either now
    assert before.filter(~gains_origin).select(kept).equals(after.filter(same).select(kept))
    assert farthest(before.filter(gains_origin)).equals(farthest(after.filter(gains_origin)))


def farthest(diseases: pl.DataFrame) -> pl.DataFrame:
    """Who is metastatic, and who may be."""
    far, maybe = (pl.col(name).eq_missing("distant") for name in ("extent", "possible_extent"))
    return (
        diseases.group_by("patient_id")
        .agg(far.any().alias("is_far"), (far | maybe).any().alias("may_be_far"))
        .sort("patient_id")
    )


def another_cancer(patient_id: str, code: str) -> Resource:
    system = "http://hl7.org/fhir/sid/icd-10-cm"
    return {
        "resourceType": "Condition",
        "id": f"another-{patient_id}",
        "subject": {"reference": f"Patient/{patient_id}"},
        "code": {"coding": [{"system": system, "code": code}]},
        "onsetDateTime": str(ADDED_ON),
    }


SAME = {
    "254837009": "C50.919",
    "109838007": "C18.9",
    "363406005": "C18.9",
    "93761005": "C18.9",
    "94222008": "C79.51",
    "94381002": "C78.7",
    "92691004": "D07.5",
}
"""SNOMED CT codes of the records and ICD-10-CM codes that mean the same."""


def test_icd_10_cm_says_the_same_as_snomed(tmp_path: Path, resources: list[Resource]) -> None:
    before = told(write(tmp_path, resources))
    translated = 0
    for one in resources:
        for coding in one.get("code", {}).get("coding", []):
            if one["resourceType"] == "Condition" and coding.get("code") in SAME:
                coding["system"] = "http://hl7.org/fhir/sid/icd-10-cm"
                coding["code"] = SAME[coding["code"]]
                translated += 1
    after = told(write(tmp_path, resources))
    if not translated:
        pytest.skip("no code of this record has one and the same meaning in ICD-10-CM")
    assert before.equals(after)


@cache
def registry() -> str:
    return gzip.decompress(REGISTRY.read_bytes()).decode()


PATIENT = re.compile(r"\s*<Patient>.*?</Patient>", re.DOTALL)


def test_a_registry_file_may_be_split_repeated_and_turned(tmp_path: Path) -> None:
    text = registry()
    people = PATIENT.findall(text)
    head, tail = text[: text.index("<Patient>")], "</NaaccrData>"
    folder = tmp_path / "parts"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.xml").write_text(
            head + "".join(people[number::4]) + tail, encoding="utf-8"
        )
    for name, parts in {"twice": people + people, "turned": people[::-1]}.items():
        (tmp_path / f"{name}.xml").write_text(head + "".join(parts) + tail, encoding="utf-8")
    before = told(REGISTRY)
    assert before.equals(told(*sorted(folder.iterdir())))
    assert before.equals(told(tmp_path / "twice.xml"))
    assert before.equals(told(tmp_path / "turned.xml"))


def test_patient_numbers_of_a_registry_carry_no_meaning(tmp_path: Path) -> None:
    path = tmp_path / "renamed.xml"
    path.write_text(re.sub(r'("patientIdNumber">)', r"\g<1>9", registry()), encoding="utf-8")
    after = told(path).with_columns(pl.col("patient_id").str.strip_prefix("9"))
    assert told(REGISTRY).equals(after.sort(pl.all()))
