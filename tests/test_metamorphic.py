"""What must not change a story: copies, other ids, other files, another cancer."""

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from retold import (
    ADDED_ON,
    ICD10CM_URI,
    Resource,
    changes_no_other,
    every_source,
    fresh,
    needs_shared,
    told,
    write,
)

pytestmark = [needs_shared, pytest.mark.slow]


@every_source
def test_copies_of_a_record_tell_nothing_new(tmp_path: Path, source: str) -> None:
    resources = fresh(source)
    before = told(write(tmp_path, resources))
    assert before.equals(told(write(tmp_path, resources + resources)))
    copies = [
        one | {"id": f"copy-of-{one['id']}"}
        for one in resources
        if one["resourceType"] != "Patient"
    ]
    assert before.equals(told(write(tmp_path, resources + copies)))


@every_source
def test_ids_carry_no_meaning(tmp_path: Path, source: str) -> None:
    resources = fresh(source)
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


@every_source
def test_how_resources_are_bundled_does_not_matter(tmp_path: Path, source: str) -> None:
    resources = fresh(source)
    whole = tmp_path / "whole.json"
    whole.write_text(json.dumps(bundled(resources)), encoding="utf-8")
    folder = tmp_path / "parts"
    folder.mkdir()
    for part in range(3):
        text = json.dumps(bundled(resources[part::3]))
        (folder / f"{part}.json").write_text(text, encoding="utf-8")
    assert told(whole).equals(told(*sorted(folder.iterdir())))


@pytest.mark.parametrize("code", ["C91.00", "C73"], ids=["leukemia", "thyroid"])
@every_source
def test_an_unrelated_cancer_changes_no_other(tmp_path: Path, source: str, code: str) -> None:
    resources = fresh(source)
    before = told(write(tmp_path, resources))
    people = sorted(set(before["patient_id"]))
    after = told(write(tmp_path, resources + [another_cancer(one, code) for one in people]))
    assert changes_no_other(before, after, is_solid=code == "C73")


def bundled(resources: list[Resource]) -> Resource:
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one} for one in resources],
    }


def another_cancer(patient_id: str, code: str) -> Resource:
    return {
        "resourceType": "Condition",
        "id": f"another-{patient_id}",
        "subject": {"reference": f"Patient/{patient_id}"},
        "code": {"coding": [{"system": ICD10CM_URI, "code": code}]},
        "onsetDateTime": str(ADDED_ON),
    }
