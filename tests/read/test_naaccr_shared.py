"""Registry files of the shared folder, against what their README says a careful reader can know."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from functools import cache

import polars as pl
import pytest

import outspread
from anatomy.shared_files import shared
from outspread.read.naaccr import encoding as naaccr_encoding
from outspread.read.naaccr import read_items, read_naaccr
from outspread.read.naaccr import stream as naaccr
from outspread.read.naaccr import xml as naaccr_xml
from outspread.records import Records
from outspread.tables import RECORD_TABLES
from people import AS_OF

MADE_HERE = "made-here-mets-at-dx-v250"
SAMPLES = [
    "naaccr-xml-sample-v250-abstract-10.xml.gz",
    "naaccr-xml-sample-v240-incidence-100.xml.gz",
]
# What the expected answers call the primary, in the words of the anatomy tables.
PRIMARIES = {
    "00000101": "breast",
    "00000102": "lung",
    "00000103": "colon",
    "00000104": "ovary",
    "00000105": "prostate",
    "00000106": "cup",
    "00000107": "myeloma",
}
SITES = {
    "00000101": {"bone"},
    "00000102": {"brain", "ln_distant", "lung", "distant_other"},
    "00000103": {"liver"},
    "00000104": {"disseminated"},
}


@cache
def story() -> "outspread.Story":
    return outspread.diagnose(
        outspread.read(shared("data", "naaccr", f"{MADE_HERE}.xml")), as_of=AS_OF
    )


def expected() -> Iterator[dict[str, str]]:
    path = shared("data", "naaccr", f"{MADE_HERE}.expected.csv")
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("patient_id", PRIMARIES)
def test_made_here_patients_have_the_expected_extent(patient_id: str) -> None:
    row = next(one for one in expected() if one["patientIdNumber"] == patient_id)
    (disease,) = story().disease.filter(pl.col("patient_id") == patient_id).to_dicts()
    assert disease["primary"] == PRIMARIES[patient_id]
    assert disease["origin_status"] == row["origin_status"]
    assert disease["extent"] == row["extent"]
    assert at_diagnosis(disease) == row["extent_at_diagnosis"]


def at_diagnosis(disease: dict[str, object]) -> object:
    """Extent at diagnosis: nearer than distant where distant spread came later."""
    return "regional" if disease["timing"] == "metachronous" else disease["extent"]


@pytest.mark.parametrize("patient_id", PRIMARIES)
def test_made_here_patients_have_the_expected_places_of_spread(patient_id: str) -> None:
    places = story().lesion.filter(
        (pl.col("patient_id") == patient_id)
        & (pl.col("role") == "secondary")
        & (pl.col("site") != "ln_regional")
    )
    assert set(places["site"]) == SITES.get(patient_id, set())


@pytest.mark.parametrize(
    ("patient_id", "name"),
    [
        ("00000101", "breast cancer with bone metastases"),
        ("00000103", "colon cancer with liver metastases"),
        ("00000105", "localized prostate cancer"),
        ("00000106", "cancer of unknown primary, extent unknown"),
        ("00000107", "multiple myeloma"),
    ],
)
def test_made_here_patients_are_named(patient_id: str, name: str) -> None:
    assert story().disease.filter(pl.col("patient_id") == patient_id)["name"].to_list() == [name]


def test_liver_metastases_of_the_third_patient_are_metachronous() -> None:
    (disease,) = story().disease.filter(pl.col("patient_id") == "00000103").to_dicts()
    assert disease["first_distant_date"] == date(2023, 11, 20)
    assert (disease["timing"], disease["summary_stage"]) == ("metachronous", "3")


def test_valid_files_give_no_issue_and_invalid_ones_do() -> None:
    paths = sorted(shared("data", "naaccr", "mini-valid-invalid-v250").glob("*.xml"))
    valid = {path.name for path in paths if path.name.startswith("valid")}
    clean = {p.name for p in paths if Records.concat(read_naaccr(p)).issue.is_empty()}
    assert clean == valid != set()


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_give_valid_tables(name: str) -> None:
    records = outspread.read(shared("data", "naaccr", name))
    for table, frame in records.tables().items():
        RECORD_TABLES[table].validate(frame)
    assert "error" not in records.issue["severity"].to_list()
    outspread.diagnose(records, as_of=AS_OF)


@pytest.mark.parametrize("name", SAMPLES)
def test_plain_rows_hold_every_item(name: str) -> None:
    path = shared("data", "naaccr", name)
    text = gzip.decompress(path.read_bytes()).decode()
    rows = list(read_items(path))
    assert len(rows) == text.count("<Tumor>")
    assert sum("primarySite" in row for row in rows) == text.count('"primarySite"')
    assert all("patientIdNumber" in row for row in rows)


def test_the_result_does_not_depend_on_the_size_of_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    path = shared("data", "naaccr", SAMPLES[1])
    whole = Records.concat(read_naaccr(path))
    monkeypatch.setattr(naaccr_xml, "CHUNK_CHARACTERS", 60_000)
    monkeypatch.setattr(naaccr_encoding, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(naaccr, "BLOCK_BYTES", 1_000)
    parts = Records.concat(read_naaccr(path))
    for name, frame in whole.tables().items():
        key = frame.columns[:2]
        assert frame.sort(key).equals(parts.tables()[name].sort(key)), name
