"""Public FHIR files, read as their README says they must be; skipped where they are not here."""

import csv
import os
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from outspread import read
from outspread.records import Records
from outspread.tables import RECORD_TABLES
from read.bundles import issue_codes, row

SHARED = Path(os.environ.get("OUTSPREAD_SHARED", Path(__file__).parents[3] / "shared"))
FHIR = SHARED / "data" / "fhir"
pytestmark = pytest.mark.skipif(
    not FHIR.is_dir(), reason="the shared FHIR data is not beside the repository"
)
OWN_ORGAN = ["94260004", "94503003"]
POPULATIONS = [
    "synthea-mcode-68",
    pytest.param("synthea-oncology-population", marks=pytest.mark.slow),
]
MCODE = "mcode-stu4/all-resources-{}.json"


@cache
def records_of(name: str) -> Records:
    """Read a file, or the JSON files of a folder: lists of expected answers lie beside them."""
    path = FHIR / name
    return read(*(path.glob("*json*") if path.is_dir() else [path]))


def tumors(records: Records, role: str) -> pl.DataFrame:
    own = pl.col("experiencer") == "patient"
    return records.finding.filter(own & (pl.col("kind") == "tumor") & (pl.col("role") == role))


def expected(name: str) -> list[dict[str, str]]:
    with (FHIR / name / "expected_from_record.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_jenny_m_has_a_left_breast_cancer_and_no_spread() -> None:
    records = records_of(MCODE.format("cancer-patient-jenny-m"))
    found = row(records, "code")
    assert (found["primary"], found["laterality"]) == ("breast", "left")
    assert found["date"] == date(2018, 3, 16)
    assert row(records, "histology")["morphology"] == "8500"
    assert tumors(records, "secondary").is_empty()
    assert row(records, "size")["size_mm"] == 25
    measured = dict(records.measurement.select("name", "value").iter_rows())
    assert (measured["er"], measured["pr"], measured["her2"]) == (
        "positive",
        "negative",
        "negative",
    )


def test_jenny_m_keeps_her_contradictions() -> None:
    records = records_of(MCODE.format("cancer-patient-jenny-m"))
    stages = records.finding.filter(kind="stage")
    groups = stages.filter(pl.col("stage_group").is_not_null())
    assert sorted(groups["stage_group"]) == ["IIB", "IIB", "IIIC"]
    assert "pathological members" in groups["qualifier"].to_list()
    assert sorted(stages["m"].drop_nulls()) == ["0", "not_applicable"]
    assert set(stages["t"].drop_nulls()) == {"3"}
    radiation = records.treatment.filter(modality="radiation")
    assert set(radiation["reason_laterality"]) == {"right"}


def test_jenny_m_improved_and_her_condition_is_in_remission() -> None:
    status = records_of(MCODE.format("cancer-patient-jenny-m")).finding.filter(kind="status")
    assert sorted(status["element"]) == ["clinicalStatus", "value"]
    assert status["date"].drop_nulls().to_list() == [date(2018, 11, 1)]


def test_brian_l_has_a_leukemia_and_no_cancer_in_his_nervous_system() -> None:
    records = records_of(MCODE.format("cancer-patient-brian-l"))
    assert row(records, "code")["primary"] == "leukemia_other"
    spread = tumors(records, "secondary")
    assert set(spread["polarity"]) == {"negated"}
    assert set(spread["site"]) == {"brain", "spine"}


def test_eve_has_a_code_and_a_histology_that_disagree() -> None:
    records = records_of(MCODE.format("cancer-patient-eve-anyperson"))
    own = records.finding.filter(patient_id="cancer-patient-eve-anyperson")
    behaviors = dict(own.select("element", "behavior").drop_nulls().iter_rows())
    assert (behaviors["code"], behaviors["histology"]) == ("malignant", "in_situ")
    assert set(own["laterality"].drop_nulls()) == {"left"}
    assert own["size_mm"].max() == 12
    assert tumors(records, "secondary").is_empty()
    assert "R013" in issue_codes(records)


def test_adam_everyman_has_a_leukemia_and_spread_of_a_cancer_not_named() -> None:
    records = records_of(MCODE.format("cancer-patient-adam-everyman"))
    assert tumors(records, "primary")["element"].to_list() == ["code"]
    spread = tumors(records, "secondary").sort("date")
    assert spread["site"].to_list() == ["liver", "distant_nos"]
    assert spread["temporality"].to_list() == ["historical", "current"]
    assert spread["about_ref"].null_count() == spread.height
    stage = records.finding.filter(kind="stage").row(0, named=True)
    assert (stage["stage_system"], stage["stage_group"]) == ("binet", "B")


@pytest.mark.parametrize("name", ["cancer-patient-lucy-child", "gx-cancer-patient-adam-anyperson"])
def test_patients_without_a_cancer_have_no_tumor(name: str) -> None:
    records = records_of(MCODE.format(name))
    assert records.finding.is_empty()
    assert records.patient.height == 1


def test_a_trial_patient_has_nodes_liver_and_bone_of_one_primary() -> None:
    records = records_of("trial-matching/TrialMatching_Patient01.json")
    spread = tumors(records, "secondary")
    assert sorted(spread["site"]) == ["bone", "liver", "ln_axillary"]
    primary = tumors(records, "primary").row(0, named=True)
    assert set(spread["about_ref"]) == {primary["source_ref"]}
    assert set(records.finding["stage_group"].drop_nulls()) == {"IV"}


def test_a_long_history_is_one_breast_cancer() -> None:
    records = records_of("trial-matching/TrialMatching_Patient_LongHistory.json")
    found = row(records, "code")
    assert (found["primary"], found["date"]) == ("breast", date(2020, 3, 15))
    assert set(issue_codes(records)) == {"R041"}


def test_fixtures_of_an_extraction_tool_are_read() -> None:
    records = records_of("mcode-extraction-framework")
    by_ref = {one["source_ref"]: one for one in records.finding.iter_rows(named=True)}
    assert by_ref["Condition/TQ5-lmYpARvptztb1K4wGKgB"]["role"] == "primary"
    assert by_ref["Condition/TQ5-lmYpARvptztb1K4wGKgB"]["laterality"] == "right"
    assert by_ref["Condition/TQ6-lmYpARvptztb1K4wGKgB"]["role"] == "secondary"
    stages = records.finding.filter(kind="stage")
    assert set(stages["stage_edition"]) == {"6"}
    assert set(stages["about_ref"]) == {"Condition/cond-1"}
    assert {"R010", "R011", "R020"} <= set(issue_codes(records))


@pytest.mark.parametrize("name", POPULATIONS)
def test_no_site_of_spread_is_ever_read_in_a_simulated_population(name: str) -> None:
    spread = tumors(records_of(name), "secondary").filter(polarity="affirmed")
    assert set(spread["code"]) <= set(OWN_ORGAN)
    assert set(spread["site"]) <= {"colon", "prostate"}


@pytest.mark.parametrize("name", POPULATIONS)
def test_every_expected_disease_has_its_primary_or_its_own_organ_code(name: str) -> None:
    own = tumors(records_of(name), "primary").filter(certainty="confirmed")
    pairs = set(own.select("patient_id", "primary").iter_rows())
    organs = set(tumors(records_of(name), "secondary").select("patient_id", "site").iter_rows())
    assert expected(name)
    for disease in expected(name):
        key = (disease["patient_id"], disease["primary"].split(" or ")[0])
        assert key in pairs or key in organs, disease


@pytest.mark.slow
def test_suspicions_of_the_population_are_possible() -> None:
    codes = ["315268008", "162573006"]
    found = records_of("synthea-oncology-population").finding.filter(pl.col("code").is_in(codes))
    assert found.height == 1168
    assert set(found["certainty"]) == {"possible"}


@pytest.mark.slow
def test_stages_of_the_population_are_all_read() -> None:
    records = records_of("synthea-oncology-population")
    assert records.finding.filter(m="1").height == 12
    assert records.finding.filter(m="0").height == 239
    assert "R036" not in issue_codes(records)
    assert records.issue.is_empty()


@pytest.mark.slow
def test_thirteen_patients_of_a_bulk_export_hold_two_cancers() -> None:
    records = records_of("synthea-bulk-10-patients")
    own = tumors(records, "primary").filter(certainty="confirmed")
    assert set(own["primary"]) == {"breast", "lung"}
    assert own["patient_id"].n_unique() < 3
    assert records.patient.height == 13
    assert tumors(records, "secondary").is_empty()


@pytest.mark.parametrize(
    "name", ["mcode-stu4", "trial-matching", "synthea-mcode-68", "mcode-extraction-framework"]
)
def test_what_is_read_keeps_the_rules_of_the_tables(name: str) -> None:
    for table, frame in records_of(name).tables().items():
        RECORD_TABLES[table].validate(frame)
