"""Real FHIR bundles and populations, against what their README says a careful reader can know."""

import os
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import outspread
from people import AS_OF

SHARED = Path(os.environ.get("OUTSPREAD_SHARED", Path(__file__).parents[2] / "shared"))
FHIR = SHARED / "data" / "fhir"
pytestmark = pytest.mark.skipif(
    not FHIR.is_dir(), reason="the shared FHIR data is not beside the repository"
)


@cache
def story_of(*parts: str) -> "outspread.Story":
    """Read one file, or the FHIR files of a folder (expected answers lie beside them)."""
    path = FHIR.joinpath(*parts)
    files = sorted(path.glob("*.ndjson*")) if path.is_dir() else [path]
    return outspread.diagnose(outspread.read(*files), as_of=AS_OF)


def mcode(name: str) -> "outspread.Story":
    return story_of("mcode-stu4", f"{name}.json")


NAMES = {
    "all-resources-cancer-patient-jenny-m": ["localized breast cancer"],
    "bundle-jenny-m-official": ["localized breast cancer"],
    "all-resources-cancer-patient-eve-anyperson": ["breast cancer, extent unknown"],
    "all-resources-cancer-patient-lucy-child": [],
    "all-resources-gx-cancer-patient-adam-anyperson": [],
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items(), ids=NAMES)
def test_mcode_example_is_named(name: str, expected: list[str]) -> None:
    assert mcode(name).disease["name"].to_list() == expected


@pytest.mark.parametrize(
    "name", ["bundle-jenny-m-official", "all-resources-cancer-patient-jenny-m"]
)
def test_jenny_m_has_her_four_contradictions_and_no_spread(name: str) -> None:
    story = mcode(name)
    assert set(story.conflict["kind"]) == {
        "conflict.stage_group",
        "conflict.stage_members",
        "conflict.t_size",
        "conflict.side_of_reason",
    }
    disease = story.disease.row(0, named=True)
    assert (disease["laterality"], disease["morphology"]) == ("left", "8500")
    assert (disease["t"], disease["n"], disease["m"]) == ("3", "0", "0")
    assert str(disease["diagnosed_date"]) == "2018-03-16"
    assert (disease["status"], str(disease["status_date"])) == ("improved", "2018-11-01")
    assert story.lesion["role"].to_list() == ["primary"]


def test_a_pathological_m_that_does_not_apply_is_neither_m0_nor_m1() -> None:
    stages = mcode("all-resources-cancer-patient-jenny-m").records.finding
    pm = stages.filter(pl.col("source_ref").str.contains("pathologic-distant"))
    assert pm["m"].to_list() == ["not_applicable"]


def test_eve_contradicts_herself_on_whether_her_cancer_is_invasive() -> None:
    story = mcode("all-resources-cancer-patient-eve-anyperson")
    disease = story.disease.row(0, named=True)
    assert (disease["extent"], disease["extent_rule"]) == ("unknown", "extent.unsettled")
    assert "conflict.behavior" in story.conflict["kind"].to_list()
    assert story.lesion["size_mm"].to_list() == [12.0]
    assert "stage.assessment" in story.records.issue["field"].to_list()


def test_adam_has_a_blood_cancer_and_a_metastatic_one_of_an_origin_not_stated() -> None:
    diseases = mcode("all-resources-cancer-patient-adam-everyman").disease
    rows = {row["origin_status"]: row for row in diseases.iter_rows(named=True)}
    assert (rows["known"]["extent"], rows["known"]["stage_group"]) == ("not_applicable", "B")
    assert rows["not_stated"]["extent"] == "distant"
    assert rows["not_stated"]["name"].startswith("metastatic cancer, primary not stated")
    assert str(rows["not_stated"]["first_distant_date"]) == "2018-11-16"


def test_brian_has_leukemia_and_no_spread() -> None:
    story = mcode("all-resources-cancer-patient-brian-l")
    assert story.disease["extent"].to_list() == ["not_applicable"]
    assert story.lesion.filter(pl.col("role") == "secondary").is_empty()
    denied = story.records.finding.filter(pl.col("polarity") == "negated")
    assert not denied.is_empty()


def test_trial_patient_has_bone_and_liver_metastases_and_regional_nodes() -> None:
    story = story_of("trial-matching", "TrialMatching_Patient01.json")
    assert story.disease["name"].to_list() == ["breast cancer with bone and liver metastases"]
    assert story.disease["stage_group"].to_list() == ["IV"]
    reach = dict(story.lesion.select("site", "reach").iter_rows())
    assert (reach["ln_axillary"], reach["liver"], reach["bone"]) == (
        "regional_node",
        "distant",
        "distant",
    )


def test_long_history_is_noise_around_a_cancer_of_unknown_extent() -> None:
    story = story_of("trial-matching", "TrialMatching_Patient_LongHistory.json")
    assert story.disease["name"].to_list() == ["breast cancer, extent unknown"]
    assert str(story.disease["diagnosed_date"].item()) == "2020-03-15"


@pytest.mark.parametrize(
    "folder",
    [pytest.param("synthea-oncology-population", marks=pytest.mark.slow), "synthea-mcode-68"],
)
def test_population_gives_what_its_record_states(folder: str) -> None:
    story = story_of(folder)
    expected = pl.read_csv(FHIR / folder / "expected_from_record.csv").select(
        "patient_id",
        pl.col("primary").str.split(" or ").alias("primaries"),
        pl.col("extent_from_record").str.split(" or ").alias("extents"),
    )
    found = story.disease.with_columns(pl.col("primary").fill_null("not_stated"))
    fits = pl.col("primaries").list.contains(pl.col("primary")) & pl.col("extents").list.contains(
        pl.col("extent").cast(pl.String)
    )
    right = expected.with_row_index("row").join(found, on="patient_id").filter(fits)
    assert right["row"].n_unique() == expected.height


@pytest.mark.slow
def test_no_site_of_spread_is_printed_where_none_is_recorded() -> None:
    story = story_of("synthea-oncology-population")
    spread = story.lesion.filter((pl.col("role") == "secondary") & pl.col("site").is_not_null())
    assert spread.is_empty()
    assert (story.conflict["kind"] == "conflict.own_organ").sum() > 0
    assert story.disease.filter(pl.col("name").str.contains("metastases")).is_empty()


@pytest.mark.slow
def test_bulk_export_has_two_people_with_cancer() -> None:
    diseases = story_of("synthea-bulk-10-patients").disease
    assert sorted(diseases["primary"]) == ["breast", "lung"]
