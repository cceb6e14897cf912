"""Notes come in as text files, lines of JSON, tables and FHIR, and go the whole way."""

import base64
import gzip
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import outspread
from outspread.cli import main

TEXT = "IMPRESSION: Breast cancer with liver metastases."
AS_OF = date(2026, 1, 1)


def write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def line(**more: str) -> str:
    return json.dumps({"doc_id": "d1", "text": TEXT} | more) + "\n"


def attachment(text: str, kind: str = "text/plain") -> dict[str, str]:
    return {"contentType": kind, "data": base64.b64encode(text.encode()).decode()}


def fhir(resource: str, **more: object) -> str:
    return json.dumps(
        {"resourceType": resource, "id": "1", "subject": {"reference": "Patient/p"}} | more
    )


FORMS = {
    "text": ("note.txt", TEXT),
    "text with commas": ("note.txt", f"The patient came, walking, alone.\n{TEXT} Well, fine, ok."),
    "letter": ("note.txt", f"Dear Dr Lee,\n{TEXT}"),
    "letter with a head of commas": (
        "note.txt",
        f"ST ELSEWHERE HOSPITAL, DUBLIN\nRE: Somebody, DOB 1931\nDear Doctor,\n{TEXT}",
    ),
    "letter with as many commas": ("note.txt", f"Dear Dr Lee,\nOn Monday, well. {TEXT}"),
    "json lines": ("notes.jsonl", line()),
    "json lines, gzip": ("notes.jsonl.gz", gzip.compress(line().encode())),
    "csv": ("notes.csv", f'note_id,person_id,note_date,note_text\n1,p,2020-01-02,"{TEXT}"\n'),
    "document": ("d.json", fhir("DocumentReference", content=[{"attachment": attachment(TEXT)}])),
    "html": (
        "d.json",
        fhir(
            "DocumentReference",
            content=[{"attachment": attachment(f"<p><b>{TEXT}</b></p>", "text/html")}],
        ),
    ),
    "report": ("d.json", fhir("DiagnosticReport", presentedForm=[attachment(TEXT)])),
    "conclusion": ("d.json", fhir("DiagnosticReport", conclusion=TEXT)),
    "windows": ("note.txt", f"Caf\xe9. {TEXT}".encode("cp1252")),
}


@pytest.mark.parametrize(("name", "content"), FORMS.values(), ids=FORMS)
def test_every_form_of_note_is_read(name: str, content: bytes | str, tmp_path: Path) -> None:
    records = outspread.read(write(tmp_path / name, content))
    found = records.finding.filter(pl.col("role") == "secondary")
    assert found["site"].to_list() == ["liver"]
    assert TEXT in records.document["text"].item()
    assert set(found["source_ref"]) <= set(records.raw["source_ref"])


def test_a_parquet_column_is_read(tmp_path: Path) -> None:
    frame = pl.DataFrame({"doc_id": ["a"], "patient_id": ["p"], "text": [TEXT]})
    frame.write_parquet(tmp_path / "notes.parquet")
    assert outspread.read(tmp_path / "notes.parquet").finding["patient_id"].unique().to_list() == [
        "p"
    ]


def test_notes_alone_make_a_story(tmp_path: Path) -> None:
    write(tmp_path / "notes.jsonl", line(patient_id="p", date="2020-03-01"))
    story = outspread.diagnose(outspread.read(tmp_path), as_of=AS_OF)
    assert story.disease["extent"].to_list() == ["distant"]
    assert story.disease["name"].item() == "breast cancer with liver metastases"


def test_a_note_without_a_patient_is_a_person_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "notes.jsonl", line() + line(doc_id="d2"))
    assert outspread.read(tmp_path).document["patient_id"].n_unique() == 2


BAD = {
    "empty note": (line(text=" "), "R130"),
    "no json": (line() + "{\n", "R003"),
    "bad date": (line(date="2020-99-01"), "R020"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD)
def test_what_cannot_be_used_is_an_issue(content: str, code: str, tmp_path: Path) -> None:
    records = outspread.read(write(tmp_path / "notes.jsonl", content))
    assert records.issue["code"].to_list() == [code]


def test_an_encoding_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    records = outspread.read(write(tmp_path / "n.txt", f"Caf\xe9. {TEXT}".encode("cp1252")))
    assert records.issue["code"].to_list() == ["R132"]


def test_no_text_stands_outside_document_and_raw(tmp_path: Path) -> None:
    records = outspread.read(write(tmp_path / "n.txt", f"{TEXT} Zanzibar."))
    for name, frame in records.tables().items():
        if name != "document":
            assert "Zanzibar" not in str(frame.to_dicts())


def test_the_export_has_one_object_a_document(tmp_path: Path) -> None:
    notes = write(tmp_path / "notes.jsonl", line() + line(doc_id="d2", text="No metastases."))
    assert main(["extract", str(notes), "-o", str(tmp_path / "said.jsonl")]) == 0
    said = [json.loads(row) for row in (tmp_path / "said.jsonl").read_text("utf-8").splitlines()]
    assert [row["doc_id"] for row in said] == ["d1", "d2"]
    assert said[0]["metastatic_sites"] == [
        {"site": "liver", "kind": "distant", "status": "confirmed"}
    ]
    assert said[0]["primary_sites"] == ["breast"]
