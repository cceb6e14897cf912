"""Dates, notations and phrases as records write them."""

from datetime import date

import pytest

from outspread.read.dates import read_day
from outspread.read.notation import read_notation
from outspread.read.text import read_absence, read_phrase

LATEST = date(2026, 1, 1)
EPOCH = date(1970, 1, 1).toordinal()


@pytest.mark.parametrize(
    ("text", "day", "precision", "issue"),
    [
        ("2018", date(2018, 1, 1), "year", None),
        ("2018-03", date(2018, 3, 1), "month", None),
        ("2018-03-16", date(2018, 3, 16), "day", None),
        ("2018-03-16T23:59:59-11:00", date(2018, 3, 16), "day", None),
        ("2024-02-29", date(2024, 2, 29), "day", None),
        ("2026-01-02", date(2026, 1, 2), "day", "R021"),
        ("2023-02-29", None, None, "R020"),
        ("2018-13", None, None, "R020"),
        ("1849", None, None, "R020"),
        ("16.03.2018", None, None, "R020"),
        ("20180316", None, None, "R020"),
        ("", None, None, "R020"),
    ],
)
def test_days(text: str, day: date | None, precision: str | None, issue: str | None) -> None:
    found = read_day(text, latest=LATEST)
    assert found.days == (day.toordinal() - EPOCH if day else None)
    assert (found.precision, found.issue) == (precision, issue)


@pytest.mark.parametrize(
    ("words", "axis", "value", "basis"),
    [
        ("cT2", "t", "2", "clinical"),
        ("pTis(DCIS)", "t", "is(DCIS)", "pathological"),
        ("T1mi", "t", "1mi", None),
        ("pT2 pN1a M0", "n", "1a", "pathological"),
        ("pT2 pN1a M0", "m", "0", None),
        ("ycT4b", "t", "4b", "post_therapy"),
        ("MX", "m", "X", None),
        ("1c", "m", "1c", None),
        ("Stage IIIC (qualifier value)", "stage_group", "IIIC", None),
        ("IVB", "stage_group", "IVB", None),
        ("2A", "stage_group", "IIA", None),
        ("stage group 0", "stage_group", "0", None),
        ("Clinical stage I", "stage_group", "I", None),
        ("Gleason grade group 5", "grade_group", "5", None),
    ],
)
def test_stage_notation(words: str, axis: str, value: str, basis: str | None) -> None:
    assert read_notation(words, axis) == (value, basis)


@pytest.mark.parametrize(
    ("words", "axis"),
    [
        ("not applicable", "m"),
        ("no metastasis", "m"),
        ("unknown", "stage_group"),
        ("unstageable", "stage_group"),
        ("T2", "n"),
        ("BRCA1", "stage_group"),
        ("Minor", "stage_group"),
    ],
)
def test_what_is_no_stage_notation(words: str, axis: str) -> None:
    assert read_notation(words, axis) is None


@pytest.mark.parametrize(
    ("text", "role", "primary", "site"),
    [
        ("Secondary malignant neoplasm of liver (disorder)", "secondary", None, "liver"),
        ("Metastatic malignant neoplasm to bone (disorder)", "secondary", None, "bone"),
        ("Secondary malignant neoplasm of axillary lymph nodes", "secondary", None, "ln_axillary"),
        ("Liver metastases", "secondary", None, "liver"),
        ("Metastatic malignant neoplasm", "secondary", None, "distant_nos"),
        ("Malignant tumor of ovary (disorder)", "primary", "ovary", "ovary"),
        ("Primary malignant neoplasm of left lung", "primary", "lung", "lung"),
        ("Carcinoma in situ of bladder", "primary", "bladder", "bladder"),
        ("Malignant tumour of oesophagus", "primary", "esophagus", "esophagus"),
        ("Acute myeloid leukemia", "primary", "leukemia_other", None),
        ("Malignant neoplasm of brain", "undetermined", None, "brain"),
    ],
)
def test_plain_phrases(text: str, role: str, primary: str | None, site: str | None) -> None:
    phrase = read_phrase(text)
    assert phrase is not None
    assert phrase.is_clear
    assert (phrase.role, phrase.primary, phrase.site) == (role, primary, site)


def test_a_phrase_may_state_origin_and_place() -> None:
    phrase = read_phrase("Breast cancer metastatic to bone")
    assert phrase is not None
    assert (phrase.role, phrase.origin, phrase.site) == ("secondary", "breast", "bone")


@pytest.mark.parametrize(
    ("text", "certainty", "temporality"),
    [
        ("Suspected lung cancer (situation)", "possible", "current"),
        ("History of breast cancer", "confirmed", "historical"),
        ("Possible metastasis to liver", "possible", "current"),
    ],
)
def test_hedges_and_history(text: str, certainty: str, temporality: str) -> None:
    phrase = read_phrase(text)
    assert phrase is not None
    assert (phrase.certainty, phrase.temporality) == (certainty, temporality)


@pytest.mark.parametrize(
    "text",
    [
        "Benign neoplasm of colon",
        "Screening for malignant neoplasm of breast",
        "Family history of malignant neoplasm of ovary",
        "Malignant hypertension",
        "Polyp of colon",
        "Fear of cancer",
        "Adenoma of adrenal gland",
        "No evidence of malignant neoplasm of liver",
        "Hypertension",
    ],
)
def test_what_is_no_cancer_of_the_patient_is_left_alone(text: str) -> None:
    assert read_phrase(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Metastatic carcinoma of lung",
        "Metastatic lung cancer",
        "Neoplasm of uncertain behavior of skin",
        "Basal cell carcinoma",
        "Metastasis from malignant tumor of breast",
        "Cancer",
    ],
)
def test_what_may_be_read_two_ways_stays_unread(text: str) -> None:
    phrase = read_phrase(text)
    assert phrase is not None
    assert not phrase.is_clear


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("negative for presence of cancer in the brain or spine", ["brain", "spine"]),
        ("No evidence of metastasis to liver, lung and bone.", ["liver", "lung", "bone"]),
        ("No evidence of cancer in the liver but a mass in the lung", []),
        ("no evidence of metastatic disease", ["distant_nos"]),
        ("no evidence of cancer in the foo", []),
        ("positive for cancer in the brain", []),
        ("negative for infection in the brain", []),
    ],
)
def test_denials(text: str, sites: list[str]) -> None:
    assert [site for site, _ in read_absence(text)] == sites
