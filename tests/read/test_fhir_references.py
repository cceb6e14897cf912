"""Whose record it is, and what a resource points to."""

from pathlib import Path
from typing import Any

import pytest

from read.bundles import concept, condition, issue_codes, observation, patient, read_bundle, row

URN = "urn:uuid:0e1b-77"


@pytest.mark.parametrize(
    ("reference", "patient_id"),
    [
        ({"reference": "Patient/ann"}, "ann"),
        ({"reference": "Patient/ann/_history/3"}, "ann"),
        ({"reference": "http://server/fhir/Patient/ann"}, "ann"),
        ({"reference": URN}, "ann"),
        ({"identifier": {"system": "urn:mrn", "value": "7"}}, "ann"),
    ],
    ids=["relative", "version", "absolute", "urn", "identifier of the patient"],
)
def test_the_patient_is_found_through_any_reference(
    tmp_path: Path, reference: dict[str, Any], patient_id: str
) -> None:
    owner = patient(identifier=[{"system": "urn:mrn", "value": "7"}])
    found = read_bundle(tmp_path, owner, condition(subject=reference), urls=[URN])
    assert found.finding["patient_id"].to_list() == [patient_id]


def test_a_urn_outside_the_bundle_is_noted_and_its_last_part_names_the_patient(
    tmp_path: Path,
) -> None:
    records = read_bundle(tmp_path, condition(subject={"reference": "urn:uuid:mrn-1"}))
    assert records.finding["patient_id"].to_list() == ["mrn-1"]
    assert issue_codes(records) == ["R011"]


def test_an_unknown_identifier_names_the_patient_and_is_noted(tmp_path: Path) -> None:
    subject = {"identifier": {"system": "urn:mrn", "value": "7"}}
    records = read_bundle(tmp_path, condition(subject=subject))
    assert records.finding["patient_id"].to_list() == ["urn:mrn|7"]
    assert issue_codes(records) == ["R012"]


def test_resources_that_name_nobody_are_never_mixed(tmp_path: Path) -> None:
    nobody = {"display": "Somebody"}
    records = read_bundle(tmp_path, condition(subject=nobody), condition(name="c2", subject=nobody))
    assert records.finding["patient_id"].n_unique() == 2
    assert issue_codes(records) == ["R010", "R010"]
    assert not records.issue["reason"].str.contains("Somebody").any()


def test_a_resource_without_an_id_is_named_by_its_url_or_its_place(tmp_path: Path) -> None:
    one, two = condition(), condition()
    del one["id"], two["id"]
    records = read_bundle(tmp_path, one, two, urls=[URN])
    names = sorted(records.finding["source_ref"])
    assert names == ["Condition/0e1b-77", "Condition/bundle.json.entry.2"]
    assert issue_codes(records) == ["R008"]


def test_a_focus_on_a_body_structure_leads_to_its_condition(tmp_path: Path) -> None:
    structure = {
        "resourceType": "BodyStructure",
        "id": "b1",
        "extension": [
            {"url": "x/mcode-related-condition", "valueReference": {"reference": "Condition/c1"}}
        ],
    }
    size = observation(
        "21889-1",
        focus=[{"reference": "BodyStructure/b1"}],
        valueQuantity={"value": 1, "unit": "cm"},
    )
    found = row(read_bundle(tmp_path, structure, condition(), size), "size")
    assert (found["about_ref"], found["primary"]) == ("Condition/c1", "breast")


def test_equal_resources_count_once_and_unequal_ones_of_one_id_are_told_apart(
    tmp_path: Path,
) -> None:
    again = condition(text={"div": "another narrative"})
    other = condition(onsetDateTime="2001-01-01")
    records = read_bundle(tmp_path, condition(), again, other)
    turned = read_bundle(tmp_path, other, again, condition())
    assert sorted(records.finding["evidence_id"]) == ["Condition/c1#code", "Condition/c1~2#code"]
    assert issue_codes(records) == ["R014"]
    key = ["evidence_id", "date"]
    assert records.finding.select(key).sort(key).equals(turned.finding.select(key).sort(key))
    assert sorted(records.raw["source_ref"]) == ["Condition/c1", "Condition/c1~2"]


def test_a_name_given_to_a_second_content_is_nobody_elses(tmp_path: Path) -> None:
    other = condition(onsetDateTime="2001-01-01")
    taken = condition(concept("94381002"), id="c1~2")
    records = read_bundle(tmp_path, condition(), other, taken)
    refs = ["Condition/c1", "Condition/c1~2", "Condition/c1~~2"]
    assert sorted(records.raw["source_ref"]) == refs
    assert sorted(records.finding["source_ref"]) == refs
    assert issue_codes(records) == ["R014"]


def test_ids_of_other_patients_do_not_clash(tmp_path: Path) -> None:
    records = read_bundle(
        tmp_path, condition(), condition(concept("94381002"), subject={"reference": "Patient/bea"})
    )
    assert set(records.finding["source_ref"]) == {"Condition/c1"}
    assert issue_codes(records) == []


def test_a_patient_without_an_id_has_that_of_its_full_url(tmp_path: Path) -> None:
    ann = {"resourceType": "Patient", "gender": "female"}
    of_ann = condition(subject={"reference": "urn:uuid:ann"})
    records = read_bundle(tmp_path, ann, of_ann, urls=["urn:uuid:ann", "urn:uuid:c1"])
    assert records.patient.select("patient_id", "sex").rows() == [("ann", "female")]
    assert records.finding["patient_id"].to_list() == ["ann"]
    assert records.issue.is_empty()
