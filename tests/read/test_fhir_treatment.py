"""Which procedures and medications are treatments of a cancer, and what is kept of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from read.bundles import (
    BREAST,
    ICD10CM,
    LEFT_BREAST_SITE,
    RXNORM,
    concept,
    condition,
    extension,
    issue_codes,
    read_bundle,
    resource,
    row,
)


def drug(code: str, display: str, name: str = "m1", **others: Any) -> dict[str, Any]:
    medication = concept(code, display, system=RXNORM)
    plain = {"status": "active", "medicationCodeableConcept": medication}
    return resource("MedicationRequest", name, **plain | others)


def procedure(code: str, display: str | None = None, **others: Any) -> dict[str, Any]:
    return resource(
        "Procedure", "p1", code=concept(code, display), **{"status": "completed"} | others
    )


@pytest.mark.parametrize(
    ("display", "agent", "modality"),
    [
        ("0.25 ML Leuprolide Acetate 30 MG/ML Prefilled Syringe", "leuprolide", "hormone"),
        ("1 ML DOCEtaxel 20 MG/ML Injection", "docetaxel", "chemotherapy"),
        ("ado-trastuzumab emtansine 100 MG Injection", "trastuzumab", "targeted"),
    ],
)
def test_a_cancer_drug_is_known_by_a_word_of_its_name(
    tmp_path: Path, display: str, agent: str, modality: str
) -> None:
    records = read_bundle(tmp_path, drug("1", display, authoredOn="2020-02"))
    found = row(records, "medication", "treatment")
    assert (found["agent"], found["modality"]) == (agent, modality)
    assert (found["date"], found["date_precision"]) == (date(2020, 2, 1), "month")
    assert found["treatment_status"] == "ongoing"


def test_other_drugs_are_left_out(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, drug("314076", "lisinopril 10 MG Oral Tablet"))
    assert records.treatment.is_empty()
    assert records.issue.is_empty()


@pytest.mark.parametrize("is_for_cancer", [True, False])
def test_a_drug_of_many_uses_counts_only_where_cancer_is_the_reason(
    tmp_path: Path, *, is_for_cancer: bool
) -> None:
    reason = BREAST if is_for_cancer else "69896004"
    records = read_bundle(tmp_path, drug("1", "methotrexate", reasonCode=[concept(reason)]))
    assert records.treatment.height == is_for_cancer


def test_the_reason_is_the_condition_pointed_to(tmp_path: Path) -> None:
    records = read_bundle(
        tmp_path,
        condition(),
        drug("1", "cisplatin", reasonReference=[{"reference": "Condition/c1"}]),
    )
    found = row(records, "medication", "treatment")
    assert (found["about_ref"], found["reason_primary"]) == ("Condition/c1", "breast")


def test_a_coded_reason_keeps_its_own_side(tmp_path: Path) -> None:
    course = procedure(
        "1217123003",
        reasonCode=[concept("C50.811", system=ICD10CM)],
        bodySite=[concept(LEFT_BREAST_SITE)],
        performedPeriod={"start": "2018-08-15", "end": "2018-10-25"},
        extension=[extension("mcode-procedure-intent", valueCodeableConcept=concept("373808002"))],
    )
    found = row(read_bundle(tmp_path, course), "code", "treatment")
    assert (found["reason_primary"], found["reason_laterality"]) == ("breast", "right")
    assert (found["site"], found["laterality"]) == ("breast", "left")
    assert (found["date"], found["end_date"]) == (date(2018, 8, 15), date(2018, 10, 25))
    assert (found["modality"], found["intent"]) == ("radiation", "curative")


@pytest.mark.parametrize(
    ("display", "modality"),
    [
        ("Excision of lesion (procedure)", "surgery"),
        ("Stereotactic radiosurgery", "radiation"),
        ("Biopsy of breast using ultrasonographic guidance", None),
        ("Mammography", None),
    ],
)
def test_an_unlisted_procedure_is_read_by_its_words_where_cancer_is_the_reason(
    tmp_path: Path, display: str, modality: str | None
) -> None:
    records = read_bundle(tmp_path, procedure("1", display, reasonCode=[concept(BREAST)]))
    assert records.treatment["modality"].to_list() == ([modality] if modality else [])


def test_an_operation_for_no_stated_reason_is_left_out(tmp_path: Path) -> None:
    assert read_bundle(tmp_path, procedure("1", "Appendectomy")).treatment.is_empty()


def test_one_code_may_be_two_treatments(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, procedure("703423002"))
    assert sorted(records.treatment["modality"]) == ["chemotherapy", "radiation"]
    assert records.treatment["evidence_id"].is_unique().all()


def test_a_code_whose_text_says_otherwise_leaves_the_kind_open(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, procedure("33195004", "Chemotherapy"))
    assert row(records, "code", "treatment")["modality"] == "other"
    assert issue_codes(records) == ["R041"]


@pytest.mark.parametrize(
    ("others", "polarity", "state", "temporality"),
    [
        ({"status": "not-done"}, "negated", "unknown", "current"),
        ({"status": "preparation"}, "affirmed", "planned", "planned"),
        ({"status": "stopped"}, "affirmed", "stopped", "current"),
    ],
)
def test_status_of_a_procedure(
    tmp_path: Path, others: dict[str, str], polarity: str, state: str, temporality: str
) -> None:
    found = row(read_bundle(tmp_path, procedure("33195004", **others)), "code", "treatment")
    assert (found["polarity"], found["treatment_status"]) == (polarity, state)
    assert found["temporality"] == temporality


def test_a_medication_may_be_a_resource_of_its_own(tmp_path: Path) -> None:
    medication = {"resourceType": "Medication", "id": "d1", "code": concept("1", "tamoxifen")}
    inner = drug("1", "x") | {"contained": [medication]}
    del inner["medicationCodeableConcept"]
    records = read_bundle(
        tmp_path,
        medication,
        inner | {"medicationReference": {"reference": "#d1"}},
        inner | {"id": "m2", "medicationReference": {"reference": "Medication/d1"}},
    )
    assert records.treatment["agent"].to_list() == ["tamoxifen", "tamoxifen"]
