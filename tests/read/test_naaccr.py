"""What the items of a registry become."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from outspread.records import Records
from read.registry_files import (
    COLON,
    document,
    each_tumor,
    issue_codes,
    items,
    names,
    patient,
    read_text,
    read_tumor,
    tumor,
)

DATES = [
    ("2023", date(2023, 1, 1), "year"),
    ("202305", date(2023, 5, 1), "month"),
    ("20230599", date(2023, 5, 1), "month"),
    ("20239999", date(2023, 1, 1), "year"),
]
NO_DATES = [("20230231", ["R020"]), ("garbage", ["R020"]), ("99999999", []), ("29991231", ["R021"])]
ANSWERS = [("1", "affirmed"), ("0", "negated"), ("8", None), ("9", None), ("", None)]
OTHERS = [
    ("0", {"disseminated": "negated"}),
    ("1", {"distant_other": "affirmed"}),
    ("2", {"disseminated": "affirmed"}),
    ("9", {}),
]
NODES = [
    ("04", "affirmed", 4),
    ("90", "affirmed", 90),
    ("95", "affirmed", None),
    ("97", "affirmed", None),
    ("00", "negated", None),
]
UNEXAMINED = ["98", "99"]
SIZES = [("023", 23.0), ("989", 989.0), ("990", None), ("998", None), ("999", None), ("000", None)]
STAGES = [
    ("ajccTnmClinT", "cT2", "t", "2", "clinical"),
    ("ajccTnmPathN", "pN1a", "n", "1a", "pathological"),
    ("ajccTnmClinM", "cM0(i+)", "m", "0(i+)", "clinical"),
    ("ajccTnmClinM", "88", "m", "not_applicable", "clinical"),
    ("ajccTnmPostTherapyStageGroup", "3C", "stage_group", "IIIC", "post_therapy"),
    ("tnmClinT", "c2A", "t", "2a", "clinical"),
    ("tnmPathT", "IS", "t", "is", "pathological"),
    ("tnmPathN", "X", "n", "X", "pathological"),
    ("derivedEod2018M", "M1c", "m", "1c", "unspecified"),
    ("figoStage", "3A1", "stage_group", "IIIA1", "unspecified"),
    ("seerSummaryStage2000", "5", "summary_stage", "5", "unspecified"),
]
NO_STAGES = [
    ("ajccTnmClinT", "88"),
    ("ajccTnmClinStageGroup", "99"),
    ("summaryStage2018", "9"),
    ("summaryStage2018", "8"),
]
EDITIONS = [("2017", None), ("2018", "8"), ("2020", "8"), ("2023", None)]
RECURRENCES = [
    ("10", "local_recurrence", None),
    ("21", "regional_recurrence", None),
    ("22", "regional_recurrence", "ln_regional"),
    ("40", "distant_recurrence", None),
    ("54", "distant_recurrence", "liver"),
    ("58", "distant_recurrence", "ln_distant"),
    ("62", "distant_recurrence", None),
    ("70", "present", None),
    ("88", "recurrence", None),
    ("00", None, None),
    ("99", None, None),
]
TREATMENTS = [
    ("rxSummChemo", "03", "chemotherapy", "affirmed", "done"),
    ("rxSummChemo", "00", "chemotherapy", "negated", "unknown"),
    ("rxSummBrm", "87", "immunotherapy", "negated", "refused"),
    ("rxSummHormone", "88", "hormone", "affirmed", "planned"),
    ("rxSummSurgPrimSite2023", "A300", "surgery", "affirmed", "done"),
    ("rxSummSurgPrimSite", "00", "surgery", "negated", "unknown"),
    ("rxSummTransplntEndocr", "30", "hormone", "affirmed", "done"),
    ("rxSummPalliativeProc", "4", "supportive", "affirmed", "done"),
    ("reasonForNoSurgery", "7", "surgery", "negated", "refused"),
]
MEASURED = [
    ("estrogenReceptorSummary", "1", "er", "positive", None),
    ("her2OverallSummary", "0", "her2", "negative", None),
    ("psaLabValue", "7.3", "psa", None, 7.3),
    ("psaLabValue", "XXX.1", "psa", "above_range", None),
    ("kras", "2", "kras", "mutated", None),
    ("eodMets", "30", "eod_mets", "30", None),
    ("regionalNodesExamined", "18", "nodes_examined", None, 18.0),
]
read_case = each_tumor(
    *({"dateOfDiagnosis": written} for written, *_ in (*DATES, *NO_DATES)),
    *({"metsAtDxBone": code, "csMetsAtDxLiver": code} for code, _ in ANSWERS),
    *({"metsAtDxOther": code} for code, _ in OTHERS),
    *({"regionalNodesPositive": code} for code in (*(code for code, *_ in NODES), *UNEXAMINED)),
    *({"tumorSizeSummary": code} for code, _ in SIZES),
    *({"dateOfDiagnosis": year, "ajccTnmClinT": "cT2"} for year, _ in EDITIONS),
    *({"recurrenceType1st": code, "recurrenceDate1st": "202406"} for code, *_ in RECURRENCES),
    *({item: value} for item, value, *_ in (*STAGES, *NO_STAGES, *TREATMENTS, *MEASURED)),
)


def spread(records: Records) -> dict[str, str]:
    found = records.finding.filter(pl.col("role") == "secondary")
    return dict(found.select("site", pl.col("polarity").cast(pl.String)).iter_rows())


def findings(records: Records, item: str) -> list[dict[str, object]]:
    return records.finding.filter(pl.col("element") == item).to_dicts()


def test_a_tumor_gives_its_primary_with_place_side_and_day(tmp_path: Path) -> None:
    records = read_tumor(tmp_path, diagnosticConfirmation="1")
    (found,) = findings(records, "primarySite")
    assert (found["primary"], found["laterality"]) == ("breast", "right")
    assert (found["date"], found["date_precision"]) == (date(2023, 5, 10), "day")
    assert (found["morphology"], found["behavior"]) == ("8500", "malignant")
    assert found["method"] == "pathology"
    assert found["source_ref"] == "Tumor/00000001-00"
    assert records.issue.is_empty()


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    DATES,
)
def test_partial_dates_keep_their_precision(written: str, day: date, precision: str) -> None:
    (found,) = findings(read_case(dateOfDiagnosis=written), "primarySite")
    assert (found["date"], found["date_precision"]) == (day, precision)


@pytest.mark.parametrize(
    ("written", "codes"),
    NO_DATES,
)
def test_dates_that_do_not_exist_are_issues(written: str, codes: list[str]) -> None:
    records = read_case(dateOfDiagnosis=written)
    assert issue_codes(records) == codes
    assert records.finding.height == 1


def test_unknown_primary_is_stated_by_its_code(tmp_path: Path) -> None:
    records = read_tumor(tmp_path, primarySite="C809", histologicTypeIcdO3="8140", laterality="0")
    assert names(records) == ["cancer of unknown primary, extent unknown"]


@pytest.mark.parametrize(
    ("code", "polarity"),
    ANSWERS,
    ids=["yes", "no", "not-applicable", "unknown", "blank"],
)
def test_only_yes_and_no_say_something_about_spread(code: str, polarity: str | None) -> None:
    records = read_case(metsAtDxBone=code, csMetsAtDxLiver=code)
    expected = {"bone": polarity, "liver": polarity} if polarity else {}
    assert spread(records) == expected
    assert records.issue.is_empty()


@pytest.mark.parametrize(
    ("code", "expected"),
    OTHERS,
)  # fmt: skip
def test_other_metastases_are_unnamed_or_widespread(code: str, expected: dict[str, str]) -> None:
    assert spread(read_case(metsAtDxOther=code)) == expected


@pytest.mark.parametrize(
    ("code", "polarity", "count"),
    NODES,
)  # fmt: skip
def test_positive_nodes_are_regional_with_their_number(
    code: str, polarity: str, count: int | None
) -> None:
    (found,) = findings(read_case(regionalNodesPositive=code), "regionalNodesPositive")
    assert (found["site"], found["polarity"], found["count"]) == ("ln_regional", polarity, count)


@pytest.mark.parametrize("code", UNEXAMINED)
def test_nodes_that_nobody_examined_say_nothing(code: str) -> None:
    assert spread(read_case(regionalNodesPositive=code)) == {}


@pytest.mark.parametrize(
    ("code", "size"),
    SIZES,
)
def test_sizes_are_millimeters_and_special_codes_are_none(code: str, size: float | None) -> None:
    records = read_case(tumorSizeSummary=code)
    assert [row["size_mm"] for row in findings(records, "tumorSizeSummary")] == (
        [size] if size else []
    )


@pytest.mark.parametrize(
    ("item", "value", "column", "expected", "basis"),
    STAGES,
)
def test_stages_are_kept_as_stated(
    item: str, value: str, column: str, expected: str, basis: str
) -> None:
    (found,) = findings(read_case(**{item: value}), item)
    assert (found[column], found["stage_basis"]) == (expected, basis)


@pytest.mark.parametrize(
    ("item", "value"),
    NO_STAGES,
)  # fmt: skip
def test_stages_not_assigned_give_no_row(item: str, value: str) -> None:
    records = read_case(**{item: value})
    assert findings(records, item) == []
    assert records.issue.is_empty()


@pytest.mark.parametrize(("year", "edition"), EDITIONS)
def test_edition_by_year_is_told_only_where_one_was_in_use(year: str, edition: str | None) -> None:
    records = read_case(dateOfDiagnosis=year, ajccTnmClinT="cT2")
    assert findings(records, "ajccTnmClinT")[0]["stage_edition"] == edition


def test_edition_stated_beside_the_stage_is_told(tmp_path: Path) -> None:
    records = read_tumor(tmp_path, tnmClinT="2", tnmEditionNumber="07")
    assert findings(records, "tnmClinT")[0]["stage_edition"] == "7"


@pytest.mark.parametrize(
    ("code", "status", "site"),
    RECURRENCES,
)
def test_recurrence_gives_the_course_and_the_place_it_names(
    code: str, status: str | None, site: str | None
) -> None:
    records = read_case(recurrenceType1st=code, recurrenceDate1st="202406")
    found = findings(records, "recurrenceType1st")
    assert [row["status"] for row in found] == ([status] if status else [])
    assert list(spread(records)) == ([site] if site else [])
    if site:
        assert findings(records, "recurrenceType1st:spread")[0]["date"] == date(2024, 6, 1)


def test_no_sign_of_disease_holds_as_of_the_last_status(tmp_path: Path) -> None:
    records = read_tumor(tmp_path, recurrenceType1st="00", dateOfLastCancerStatus="20240101")
    (found,) = findings(records, "recurrenceType1st")
    assert (found["status"], found["date"]) == ("no_sign_of_disease", date(2024, 1, 1))


def test_cancer_status_without_its_own_date_holds_at_last_contact(tmp_path: Path) -> None:
    text = document(patient(tumor(cancerStatus="2"), dateOfLastContact="20241231"))
    (found,) = findings(read_text(tmp_path, text), "cancerStatus")
    assert (found["status"], found["date"]) == ("present", date(2024, 12, 31))


@pytest.mark.parametrize(
    ("item", "value", "modality", "polarity", "status"),
    TREATMENTS,
)
def test_treatments_tell_given_from_refused_and_not_given(
    item: str, value: str, modality: str, polarity: str, status: str
) -> None:
    (found,) = read_case(**{item: value}).treatment.to_dicts()
    assert (found["modality"], found["polarity"], found["treatment_status"]) == (
        modality, polarity, status,
    )  # fmt: skip
    assert found["about_ref"] == f"Tumor/{found['patient_id']}-00"
    assert found["reason_primary"] == "breast"


def test_radiation_has_its_target_and_its_days(tmp_path: Path) -> None:
    (found,) = read_tumor(
        tmp_path,
        phase1RadiationTreatmentModality="02",
        phase1RadiationPrimaryTxVolume="12",
        rxDateRadiation="20230601",
        rxDateRadiationEnded="20230620",
    ).treatment.to_dicts()
    assert (found["modality"], found["site"]) == ("radiation", "brain")
    assert (found["date"], found["end_date"]) == (date(2023, 6, 1), date(2023, 6, 20))


@pytest.mark.parametrize(
    ("item", "value", "name", "meant", "number"),
    MEASURED,
)
def test_site_specific_items_are_measurements(
    item: str, value: str, name: str, meant: str | None, number: float | None
) -> None:
    (found,) = read_case(**{item: value}).measurement.to_dicts()
    assert (found["name"], found["value"], found["value_number"]) == (name, meant, number)


def test_texts_are_documents_and_stand_nowhere_else(tmp_path: Path) -> None:
    records = read_tumor(tmp_path, textDxProcPath="adenocarcinoma & more", textRemarks="later")
    found = records.document.sort("kind").select("kind", "text", "date").rows()
    assert found == [
        ("textDxProcPath", "adenocarcinoma & more", date(2023, 5, 10)),
        ("textRemarks", "later", None),
    ]
    assert not records.raw["content"].str.contains("adenocarcinoma").any()


@pytest.mark.parametrize("item", ["sex", "sexAssignedAtBirth"], ids=["v25", "v26"])
def test_people_have_sex_birth_and_death(tmp_path: Path, item: str) -> None:
    about = {item: "2", "dateOfBirth": "195603", "vitalStatus": "0"}
    text = document(patient(dateOfLastContact="20240302", **about))
    (found,) = read_text(tmp_path, text).patient.to_dicts()
    assert (found["sex"], found["is_dead"]) == ("female", True)
    assert (found["birth_date"], found["birth_date_precision"]) == (date(1956, 3, 1), "month")
    assert found["death_date"] == found["last_contact_date"] == date(2024, 3, 2)


def test_spread_belongs_to_the_tumor_whose_item_says_so(tmp_path: Path) -> None:
    colon = tumor(**COLON | {"sequenceNumberCentral": "02", "metsAtDxLiver": "1"})
    records = read_text(tmp_path, document(patient(tumor(sequenceNumberCentral="01"), colon)))
    assert sorted(names(records)) == [
        "breast cancer, extent unknown",
        "colon cancer with liver metastases",
    ]


def test_blood_cancer_is_not_metastatic(tmp_path: Path) -> None:
    records = read_tumor(
        tmp_path, primarySite="C421", histologicTypeIcdO3="9732", laterality="0",
        metsAtDxBone="8", summaryStage2018="7",
    )  # fmt: skip
    assert names(records) == ["multiple myeloma"]


def test_equal_tumors_count_once_and_different_ones_of_one_name_are_told_apart(
    tmp_path: Path,
) -> None:
    other = tumor(**COLON)
    records = read_text(tmp_path, document(patient(tumor(), tumor(), other)))
    assert sorted(records.raw["source_ref"]) == ["Tumor/00000001-00", "Tumor/00000001-00~2"]
    assert issue_codes(records) == ["R014"]
    keys = records.finding.select("patient_id", "evidence_id")
    assert keys.is_unique().all()


def test_every_row_of_evidence_points_to_a_slice_that_holds_its_item(tmp_path: Path) -> None:
    records = read_tumor(tmp_path, metsAtDxBone="1", rxSummChemo="01", kras="0")
    for table in (records.finding, records.treatment, records.measurement):
        held = table.join(records.raw, on=["patient_id", "source_ref"], how="left")
        assert held["content"].str.contains(pl.lit('"') + held["element"] + '"').all()


def test_items_may_be_known_by_number_alone(tmp_path: Path) -> None:
    text = document(patient(tumor())).replace('naaccrId="primarySite"', 'naaccrNum="400"')
    assert names(read_text(tmp_path, text)) == ["breast cancer, extent unknown"]


def test_values_may_stand_in_cdata_or_around_comments(tmp_path: Path) -> None:
    text = document(patient(tumor()))
    text = text.replace(">C504<", "><![CDATA[C5]]><!-- split -->04<")
    assert names(read_text(tmp_path, text)) == ["breast cancer, extent unknown"]


def test_empty_items_do_not_take_the_value_of_the_next(tmp_path: Path) -> None:
    minified = document(patient(tumor(metsAtDxLung="1"))).replace("\n", "")
    text = minified.replace("<Tumor>", '<Tumor><Item naaccrId="metsAtDxBone"/>')
    text = text.replace("</Tumor>", f"{items({'metsAtDxBrain': ' '})}</Tumor>")
    assert spread(read_text(tmp_path, text)) == {"lung": "affirmed"}
