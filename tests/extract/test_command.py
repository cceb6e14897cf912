"""`outspread extract`: tables or lines of JSON, whole at any moment, with the words of a pack."""

import gzip
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import outspread
from outspread.cli import main
from outspread.errors import StoreError
from outspread.pipeline import run
from outspread.pipeline.documents import CHARACTERS_AT_ONCE, export_notes, extract_notes
from outspread.read import units
from outspread.tables import RECORD_TABLES, TABLES
from outspread.write.patients import explain_folder
from outspread.write.tables import read_table

TEXT = "IMPRESSION: Breast cancer with liver metastases."
CODED = {
    "resourceType": "Condition",
    "id": "c",
    "subject": {"reference": "Patient/p"},
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "254837009"}]},
}
AS_OF = date(2026, 1, 1)


def note(number: int, text: str = TEXT) -> str:
    return json.dumps({"doc_id": f"d{number}", "patient_id": f"p{number}", "text": text}) + "\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.jsonl.gz"
    path.write_bytes(gzip.compress("".join(map(note, range(5))).encode()))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_folder_holds_the_tables_of_records_and_the_run_record(
    notes: Path, tmp_path: Path
) -> None:
    assert main(["extract", str(notes), "--out", str(tmp_path / "said")]) == 0
    made = {path.name for path in (tmp_path / "said").iterdir()}
    assert made == {"run.json", *(f"{name}.parquet" for name in RECORD_TABLES)}
    assert read_table(tmp_path / "said", "finding").filter(role="secondary").height == 5
    record = json.loads((tmp_path / "said" / "run.json").read_bytes())
    assert record["as_of"] is None
    assert record["counts"]["document"] == 5


def test_what_was_extracted_makes_the_same_story_as_the_notes(notes: Path, tmp_path: Path) -> None:
    extract_notes([notes], tmp_path / "said")
    run([tmp_path / "said"], tmp_path / "late", as_of=AS_OF)
    run([notes], tmp_path / "direct", as_of=AS_OF)
    for name in TABLES:
        table = f"{name}.parquet"
        assert (tmp_path / "late" / table).read_bytes() == (
            tmp_path / "direct" / table
        ).read_bytes(), name


def test_coded_statements_are_left_out_and_can_be_joined_later(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "c.json").write_text(json.dumps(CODED), encoding="utf-8")
    (inputs / "n.jsonl").write_text(note(1), encoding="utf-8")
    extract_notes([inputs], tmp_path / "said")
    assert set(read_table(tmp_path / "said", "finding")["source_kind"]) == {"document"}
    assert set(read_table(tmp_path / "said", "raw")["source_kind"]) == {"document"}
    both = outspread.read(tmp_path / "said", inputs / "c.json")
    assert set(both.finding["patient_id"]) == {"p", "p1"}


def test_a_folder_of_others_is_not_replaced(notes: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(StoreError, match="W001"):
        extract_notes([notes], tmp_path / "mine")


def test_a_folder_without_a_story_says_how_to_make_one(notes: Path, tmp_path: Path) -> None:
    extract_notes([notes], tmp_path / "said")
    with pytest.raises(StoreError, match="W010"):
        list(explain_folder(tmp_path / "said"))


def test_a_pack_stands_in_the_run_record_by_its_contents(notes: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "ours.csv").write_text("term,category,value,source\nfoo,site,liver,ours\n")
    first = extract_notes([notes], tmp_path / "a", pack=pack)["pack"]
    assert first is not None
    assert set(first) == {"ours.csv"}
    (pack / "ours.csv").write_text("term,category,value,source\nfoo,site,lung,ours\n")
    second = run([notes], tmp_path / "b", as_of=AS_OF, pack=pack)["pack"]
    assert second is not None
    assert second != first
    assert run([notes], tmp_path / "c", as_of=AS_OF)["pack"] is None


@pytest.mark.parametrize(
    "arguments",
    [["--format", "tables"], ["--out", "said", "--format", "jsonl"], ["--out", "said", "-o", "f"]],
    ids=" ".join,
)
def test_forms_that_do_not_go_together_are_misuse(notes: Path, arguments: list[str]) -> None:
    assert main(["extract", str(notes), *arguments]) == 2


@pytest.mark.slow
def test_lines_are_the_same_with_any_number_of_workers(tmp_path: Path) -> None:
    filling = "Well today. " * (CHARACTERS_AT_ONCE // 36)
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(note(n, TEXT + filling) for n in range(7)), encoding="utf-8")
    one, two = ([said.lines for said in export_notes([path], workers=n)] for n in (1, 2))
    assert one == two
    assert len(one) > 1
    said = [json.loads(line) for lines in one for line in lines]
    assert [row["doc_id"] for row in said] == [f"d{n}" for n in range(7)]


def test_issues_of_an_export_are_told_and_may_end_it_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text(note(1) + "{\n" + note(2, "Keine Metastasen in der Leber."), encoding="utf-8")
    assert main(["extract", str(path), "--fail-on", "error"]) == 3
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 2
    assert shown.err == "2 notes (issues: 1 error, 1 warning)\n"


def test_an_export_that_fails_leaves_the_former_file_whole(tmp_path: Path) -> None:
    said = tmp_path / "said.jsonl"
    said.write_text("before", encoding="utf-8")
    (tmp_path / "in").mkdir()
    assert main(["extract", str(tmp_path / "in"), "-o", str(said)]) == 1
    assert said.read_text(encoding="utf-8") == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"in", "said.jsonl"}


def test_a_large_file_of_notes_is_cut_into_parts_of_whole_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(map(note, range(20))) + "{\n" + note(20), encoding="utf-8")
    whole = outspread.read(path)
    monkeypatch.setattr(units, "NOTE_PART_BYTES", 300)
    assert len(list(units.find_units([path], columns=None))) > 5
    cut = outspread.read(path)
    assert cut.finding.equals(whole.finding)
    assert cut.issue.equals(whole.issue)
    assert cut.issue["place"].to_list() == ["line 21"]
    assert cut.document["patient_id"].n_unique() == 21


BYTES = {
    "letters of windows": ('{"doc_id": "d", "text": "Caf\xe9. Liver metastases."}', "R132"),
    "no text at all": ('{"text": "\xe9', "R004"),
    "no object": ('{"doc_id": "d", "text": ', "R003"),
}


@pytest.mark.parametrize(("line", "code"), BYTES.values(), ids=BYTES)
def test_letters_of_a_line_that_are_not_utf_8_are_told(
    line: str, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_bytes(note(1).encode() + line.encode("cp1252") + b"\n")
    records = outspread.read(path)
    assert records.issue["code"].to_list() == [code]
    assert records.finding.filter(pl.col("role") == "secondary").height == 1 + (code == "R132")
