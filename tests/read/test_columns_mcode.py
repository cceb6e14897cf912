"""Files of the mCODE extraction framework are read unchanged."""

import os
from datetime import date
from pathlib import Path

import pytest

from outspread.diagnose import diagnose
from outspread.records import Records
from read.bundles import LIVER_METASTASIS, SNOMED, row
from read.table_files import Row, issue_codes, write_table
from read.together import read

SHARED = Path(os.environ.get("OUTSPREAD_SHARED", Path(__file__).parents[3] / "shared"))
TEMPLATES = SHARED / "data/fhir/mcode-extraction-framework/csv-templates"

CONDITION: Row = {
    "mrn": "ann", "conditionId": "c1", "codeSystem": SNOMED, "code": "254837009",
    "displayName": "Breast cancer", "category": "problem-list-item",
    "dateOfDiagnosis": "2019-03-04", "clinicalStatus": "active", "verificationStatus": "confirmed",
    "bodySite": "80248007", "laterality": "", "histology": "",
}  # fmt: skip
STAGING: Row = {
    "mrn": "ann", "conditionId": "c1", "stageGroup": "3C", "t": "cT3", "n": "cN3", "m": "cM0",
    "type": "Clinical", "stagingSystem": "443830009", "stagingCodeSystem": SNOMED,
    "effectiveDate": "2019-03-10",
}  # fmt: skip
STATUS: Row = {
    "mrn": "ann", "conditionId": "c1", "diseaseStatusCode": "268910001",
    "diseaseStatusText": "improved", "dateOfObservation": "2019-12-02",
    "evidence": "363679005|252416005", "observationStatus": "", "dateRecorded": "2020-01-10",
}  # fmt: skip
OBSERVATION: Row = {
    "mrn": "ann", "observationId": "o1", "status": "final", "code": "85337-4",
    "codeSystem": "http://loinc.org", "displayName": "ER", "value": "10828004",
    "valueCodeSystem": SNOMED, "effectiveDate": "2019-03-05", "bodySite": "", "laterality": "",
}  # fmt: skip
PROCEDURE: Row = {
    "mrn": "ann", "procedureId": "p1", "conditionId": "c1", "status": "completed",
    "code": "152198000", "codeSystem": SNOMED, "displayName": "Brachytherapy", "reasonCode": "",
    "reasonCodeSystem": "", "reasonDisplayName": "", "effectiveDate": "2019-05-01",
    "bodySite": "", "laterality": "", "treatmentIntent": "373808002",
}  # fmt: skip
MEDICATION: Row = {
    "mrn": "ann", "medicationId": "m1", "code": "", "codeSystem": "", "displayText": "Letrozole",
    "startDate": "2019-06-01", "endDate": "2019-09-01", "treatmentReasonCode": "",
    "treatmentReasonCodeSystem": "", "treatmentReasonDisplayText": "",
    "treatmentIntent": "", "status": "completed",
}  # fmt: skip


def read_one(folder: Path, *rows: Row) -> Records:
    return read(write_table(folder / "rows.csv", *rows))


def test_condition_states_a_tumor_of_its_row(tmp_path: Path) -> None:
    records = read_one(tmp_path, CONDITION)
    found = row(records, "code")
    assert (found["role"], found["primary"], found["laterality"]) == ("primary", "breast", "left")
    assert (found["source_ref"], found["source_kind"]) == ("Condition/c1", "columns")
    assert records.raw["place"].to_list() == ["row 2"]


def test_staging_row_gives_each_category_about_its_condition(tmp_path: Path) -> None:
    stages = read_one(tmp_path, STAGING).finding.sort("evidence_id")
    assert set(stages["about_ref"]) == {"Condition/c1"}
    assert set(stages["stage_basis"]) == {"clinical"}
    assert set(stages["stage_edition"]) == {"7"}
    said = [stages[axis].drop_nulls().to_list() for axis in ("t", "n", "m", "stage_group")]
    assert said == [["3"], ["3"], ["0"], ["IIIC"]]


def test_disease_status_tells_how_it_was_seen(tmp_path: Path) -> None:
    found = row(read_one(tmp_path, STATUS), "value")
    assert (found["status"], found["method"]) == ("improved", "imaging")


def test_observation_is_a_measurement(tmp_path: Path) -> None:
    found = row(read_one(tmp_path, OBSERVATION), "value", "measurement")
    assert (found["name"], found["value"]) == ("er", "positive")


@pytest.mark.parametrize(
    ("given", "modality", "start"),
    [(PROCEDURE, "radiation", date(2019, 5, 1)), (MEDICATION, "hormone", date(2019, 6, 1))],
    ids=["procedure", "medication"],
)
def test_treatment_is_read(tmp_path: Path, given: Row, modality: str, start: date) -> None:
    found = read_one(tmp_path, given).treatment.row(0, named=True)
    assert (found["modality"], found["date"]) == (modality, start)


def test_files_together_tell_one_story(tmp_path: Path) -> None:
    write_table(tmp_path / "patient.csv", {"mrn": "ann", "gender": "female", "dateOfBirth": "1961"})
    spread = CONDITION | {"conditionId": "c2", "code": LIVER_METASTASIS, "bodySite": ""}
    write_table(tmp_path / "condition.csv", CONDITION, spread)
    write_table(tmp_path / "staging.csv", STAGING)
    records = read(tmp_path)
    found = diagnose(records, as_of=date(2026, 1, 1)).disease.row(0, named=True)
    assert records.patient["sex"].to_list() == ["female"]
    assert (found["name"], found["stage_group"]) == ("breast cancer with liver metastases", "IIIC")


def test_placeholder_is_an_issue_and_states_nothing(tmp_path: Path) -> None:
    rows = CONDITION | {"code": "example-code", "displayName": "", "dateOfDiagnosis": "YYYY-MM-DD"}
    records = read_one(tmp_path, rows)
    assert records.finding.is_empty()
    assert records.issue["field"].sort().to_list() == ["code", "dateOfDiagnosis"]
    assert set(issue_codes(records)) == {"R084"}


def test_row_without_patient_is_set_aside(tmp_path: Path) -> None:
    records = read_one(tmp_path, CONDITION | {"mrn": ""}, CONDITION)
    assert set(records.finding["patient_id"]) == {"ann"}
    assert issue_codes(records) == ["R073"]


def test_layout_that_states_nothing_is_said_to(tmp_path: Path) -> None:
    appointment = {"mrn": "ann", "appointmentId": "a1", "status": "arrived", "start": "2019"}
    records = read_one(tmp_path, appointment)
    assert records.finding.is_empty()
    assert issue_codes(records) == ["R083"]


@pytest.mark.skipif(not TEMPLATES.is_dir(), reason="the shared templates are not beside the repo")
def test_every_template_of_the_framework_is_recognised() -> None:
    records = read(TEMPLATES)
    lost = records.issue.filter(records.issue["severity"] == "error")
    assert lost.is_empty()
    stage = records.finding.filter(kind="stage").drop_nulls("stage_group").row(0, named=True)
    assert (stage["stage_group"], stage["stage_edition"]) == ("IIIC", "7")
