"""`outspread check` says what would be set aside, as `run` would, and writes nothing."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from outspread.cli import main
from outspread.pipeline import check, run

TABLE = (
    "patient_id,code,date,note\n"
    "ann,C50.412,2019-03-04,a\n"
    "ann,C79.51,2019-02-31,a\n"
    "bob,C61,2020-13-01,a\n"
    "bob,C61\n"
)
FHIR = {
    "resourceType": "Condition",
    "id": "c",
    "subject": {"reference": "Patient/cat"},
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "254837009"}]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "records"
    place.mkdir()
    (place / "table.csv").write_text(TABLE)
    (place / "one.json").write_text(json.dumps(FHIR))
    return place


def test_found_and_set_aside_are_counted(folder: Path) -> None:
    found, issues = check([folder])
    assert dict(zip(found["what"], found["count"], strict=True))["patient"] == 3
    assert found.filter(what="source").select("kind", "count").rows() == [
        ("columns", 3),
        ("fhir", 1),
    ]
    assert issues.select("severity", "code", "file", "field", "count", "place").rows() == [
        ("error", "R072", "table.csv", None, 1, "row 5"),
        ("warning", "R020", "table.csv", "date", 2, "row 3"),
        ("info", "R076", "table.csv", "note", 1, "file"),
    ]


def test_run_sets_aside_the_same(folder: Path, tmp_path: Path) -> None:
    record = run([folder], tmp_path / "out", as_of=date(2026, 1, 1))
    issues = check([folder]).issues
    counts = issues.group_by("severity").agg(pl.col("count").sum())
    assert record["issues"] == dict(counts.iter_rows())


def test_nothing_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert main(["check", "."]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["one.json", "table.csv"]


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
def test_forms(folder: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--format", form]) == 0
    text = capsys.readouterr().out
    if form == "csv":
        rows: list[dict[str, object]] = list(csv.DictReader(io.StringIO(text)))
    elif form == "json":
        rows = json.loads(text)
    elif form == "jsonl":
        rows = [json.loads(line) for line in text.splitlines()]
    else:
        assert "R072" in text
        return
    assert {row["code"] for row in rows if row["code"]} == {"R020", "R072", "R076"}


@pytest.mark.parametrize(("severity", "code"), [("error", 3), ("warning", 3)])
def test_issues_end_with_3_where_forbidden(folder: Path, severity: str, code: int) -> None:
    assert main(["check", str(folder), "--fail-on", severity]) == code


def test_clean_input_ends_with_0(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(FHIR))
    assert main(["check", str(path), "--fail-on", "warning"]) == 0


def test_missing_patient_column_is_told_with_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tumors.csv"
    path.write_text("id,dx_date,icdo\n1,2019,C504\n")
    assert main(["check", str(path)]) == 1
    assert "--map patient_id=id" in capsys.readouterr().err
    assert main(["check", str(path), "--map", "patient_id=id", "--map", "site=icdo"]) == 0
    assert "tumor" in capsys.readouterr().out


@pytest.mark.parametrize("pair", ["patient_id", "=id", "patient_id="])
def test_broken_map_is_misuse(folder: Path, pair: str) -> None:
    assert main(["check", str(folder), "--map", pair]) == 2
