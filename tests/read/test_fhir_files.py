"""Forms of files, and broken ones: what can be used is used, the rest is an issue."""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from outspread.errors import ReadError
from outspread.read import read_chunks
from outspread.read.fhir import read_fhir
from read.bundles import (
    bundle,
    concept,
    condition,
    issue_codes,
    observation,
    patient,
    read_bundle,
    write_lines,
)
from read.together import read

TWO = (condition(), condition("94381002", "c2"))
FORMS = {
    "pretty bundle": json.dumps(bundle(*TWO), indent=1),
    "one-line bundle": json.dumps(bundle(*TWO)),
    "bundle in a bundle": json.dumps(bundle(bundle(*TWO)), indent=1),
    "array": json.dumps(TWO, indent=1),
    "one-line array": json.dumps(TWO),
    "lines": "\n".join(map(json.dumps, TWO)),
    "lines with empty ones": "\n\n" + "\n\n".join(map(json.dumps, TWO)) + "\n\n",
    "lines of bundles": "\n".join(json.dumps(bundle(one)) for one in TWO),
    "byte order mark": "\ufeff" + "\n".join(map(json.dumps, TWO)),
    "windows line ends": "\r\n".join(map(json.dumps, TWO)),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_form_gives_the_same_findings(tmp_path: Path, text: str, *, packed: bool) -> None:
    path = tmp_path / "records.anything"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    records = read(path)
    assert sorted(records.finding["site"]) == ["breast", "liver"]
    assert records.issue.is_empty()


def test_one_resource_is_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(condition(), indent=1))
    records = read(path)
    assert records.finding.height == 1
    assert records.raw.select("file", "place").row(0) == ("one.json", "resource 1")


def test_a_source_slice_is_the_line_as_read_and_names_its_place(tmp_path: Path) -> None:
    line = json.dumps(condition())
    path = write_lines(tmp_path / "a.ndjson", patient(), line)
    slice_ = read(path).raw.row(0, named=True)
    assert slice_["content"].strip() == line
    assert (slice_["file"], slice_["place"]) == ("a.ndjson", "line 2")


BROKEN_LINES = {
    "cut off": ('{"resourceType":"Condition"', "R003"),
    "not JSON": ("hello", "R003"),
    "a number": ("17", "R006"),
    "no resource": ('{"a":1}', "R006"),
    "resourceType of another kind": ('{"resourceType":[]}', "R006"),
    "too deep": ("[" * 2000, "R003"),
    "not a number": ('{"resourceType":"Condition","id":NaN}', "R003"),
}


@pytest.mark.parametrize(("line", "code"), BROKEN_LINES.values(), ids=BROKEN_LINES)
def test_one_broken_line_is_an_issue_and_the_rest_goes_on(
    tmp_path: Path, line: str, code: str
) -> None:
    path = write_lines(tmp_path / "a.ndjson", TWO[0], line, TWO[1])
    records = read(path)
    assert records.finding.height == 2
    assert records.issue.select("code", "place", "severity").rows() == [(code, "line 2", "error")]


def test_a_broken_first_line_does_not_hide_the_others(tmp_path: Path) -> None:
    records = read(write_lines(tmp_path / "a.ndjson", '{"resourceType":', *TWO))
    assert records.finding.height == 2
    assert issue_codes(records) == ["R003"]


def test_a_line_in_another_encoding_is_an_issue(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    foreign = json.dumps(condition(note="Größe"), ensure_ascii=False).encode("latin-1")
    path.write_bytes(json.dumps(TWO[0]).encode() + b"\n" + foreign + b"\n")
    records = read(path)
    assert records.finding.height == 1
    assert issue_codes(records) == ["R004"]


def test_a_cut_off_archive_gives_what_came_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    lines = "".join(json.dumps(condition(name=f"c{i}-{i * 7919}")) + "\n" for i in range(3000))
    whole = gzip.compress(lines.encode())
    path.write_bytes(whole[: len(whole) * 2 // 3])
    records = read(path)
    assert 0 < records.finding.height < 3000
    assert issue_codes(records) == ["R005"]


UNUSABLE = {
    "empty": (b"", "R070"),
    "cut-off bundle": (json.dumps(bundle(*TWO), indent=1).encode()[:-50], "R003"),
    "cut-off one-line bundle": (json.dumps(bundle(*TWO)).encode()[:-50], "R003"),
    "no resource": (b'{\n"a": 1\n}', "R006"),
    "utf-16": (json.dumps(bundle(*TWO)).encode("utf-16"), "R004"),
    "damaged archive": (b"\x1f\x8b" + b"\x00" * 40, "R005"),
    "a picture": (b"\x89PNG\r\n", "R002"),
}


@pytest.mark.parametrize(("content", "code"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_is_an_issue_beside_a_good_one(
    tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    write_lines(tmp_path / "good.ndjson", *TWO)
    records = read(tmp_path)
    assert records.finding.height == 2
    assert records.issue.select("code", "file").rows() == [(code, "bad.json")]


@pytest.mark.parametrize("content", [one for one, _ in UNUSABLE.values()], ids=UNUSABLE)
def test_nothing_but_unusable_files_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    with pytest.raises(ReadError, match="R061"):
        read(tmp_path)


def test_a_missing_input_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"R060: nothing\.json"):
        read(tmp_path / "nothing.json")


def test_a_record_without_cancer_is_usable(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, condition(concept("38341003", "Hypertension")))
    assert records.issue.is_empty()


ODD_FORMS: dict[str, dict[str, Any]] = {
    "code is text": condition() | {"code": "254837009"},
    "coding is an object": condition({"coding": {"code": "254837009"}}),
    "coding holds null": condition({"coding": [None]}),
    "code value is a list": condition({"coding": [{"system": [], "code": []}]}),
    "body site is text": condition(bodySite="breast"),
    "stage is text": condition(stage="IV"),
    "quantity is text": observation("2857-1", valueQuantity="4.1"),
    "quantity value is text": observation("2857-1", valueQuantity={"value": "four"}),
    "unit is a number": observation("2857-1", valueQuantity={"value": 4, "unit": 3}),
    "status is a list": observation("2857-1", status=["final"], valueInteger=4),
    "size value is an object": observation("21889-1", valueQuantity={"value": {}, "unit": "cm"}),
}


@pytest.mark.parametrize("odd", ODD_FORMS.values(), ids=ODD_FORMS)
def test_an_element_of_another_form_than_fhirs_is_an_issue_not_a_crash(
    tmp_path: Path, odd: dict[str, Any]
) -> None:
    records = read_bundle(tmp_path, odd, condition(name="good"))
    assert "Condition/good" in records.finding["source_ref"].to_list()
    assert issue_codes(records) == ["R007"]


@pytest.mark.parametrize(
    ("onset", "code"),
    [
        ("2018-02-31", "R020"),
        ("0001-01-01", "R020"),
        ("YYYY-MM-DD", "R020"),
        ("2018-3-1", "R020"),
        ("9999-01-01", "R021"),
    ],
)
def test_an_impossible_date_is_an_issue_and_the_finding_stays(
    tmp_path: Path, onset: str, code: str
) -> None:
    records = read_bundle(tmp_path, condition(onsetDateTime=onset))
    assert records.finding["date"].is_null().to_list() == [code == "R020"]
    assert records.issue.select("code", "field", "patient_id").rows() == [
        (code, "onsetDateTime", "ann")
    ]
    assert not records.issue["reason"].str.contains(onset).any()


def test_long_files_come_in_chunks_that_hold_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_lines(tmp_path / "a.ndjson", *(condition(name=f"c{i}") for i in range(25)))
    monkeypatch.setattr(sys.modules[read_fhir.__module__], "CHUNK_ROWS", 10)
    monkeypatch.setattr(sys.modules[read_fhir.__module__], "PENDING_LIMIT", 5)
    chunks = list(read_fhir(path))
    assert [chunk.finding.height for chunk in chunks] == [10, 10, 5]
    assert pl.concat(chunk.finding for chunk in chunks)["evidence_id"].is_unique().all()


def test_the_order_of_resources_does_not_matter(tmp_path: Path) -> None:
    stage = observation("21907-1", valueCodeableConcept=concept("1229903009"))
    resources = [patient(), *TWO, stage]
    key = ["patient_id", "evidence_id"]
    one = read_bundle(tmp_path, *resources).finding.sort(key)
    other = read_bundle(tmp_path, *reversed(resources)).finding.sort(key)
    assert one.equals(other)


def test_a_sites_own_codes_win(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.ndjson", condition("94381002"))
    own = pl.DataFrame(
        {"system": ["snomed"], "code": ["94381002"], "role": ["primary"], "primary": ["lung"]}
    )
    records = pl.concat(chunk.finding for chunk in read_chunks([path], codes=own))
    assert records["primary"].to_list() == ["lung"]


def test_folders_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write_lines(tmp_path / "b" / "x.ndjson", TWO[1])
    write_lines(tmp_path / "a.ndjson", TWO[0])
    write_lines(tmp_path / ".hidden", TWO[0])
    files = [name for chunk in read_chunks([tmp_path]) for name in chunk.raw["file"]]
    assert files == ["a.ndjson", "x.ndjson"]
