"""Record tables in Parquet: checked on entry, bad rows set aside."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from outspread.read.stored import read_tables
from outspread.records import Records
from outspread.tables import RECORD_TABLES, polars_schema
from read.bundles import condition, issue_codes, observation, patient, read_bundle
from read.together import read


def finding(name: str = "Condition/c1#code", **others: Any) -> dict[str, Any]:
    plain = {
        "patient_id": "ann",
        "evidence_id": name,
        "date": date(2020, 1, 1),
        "date_precision": "day",
        "polarity": "affirmed",
        "certainty": "confirmed",
        "temporality": "current",
        "experiencer": "patient",
        "source_kind": "columns",
        "source_ref": "Condition/c1",
        "rule_id": "columns.finding",
        "kind": "tumor",
        "role": "primary",
        "primary": "breast",
    }
    return plain | others


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    pl.DataFrame(list(rows)).write_parquet(folder / "finding.parquet")
    return folder


def test_a_folder_of_tables_gives_back_what_was_written(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, patient(), condition(), observation("2857-1", valueInteger=4))
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, frame in records.tables().items():
        frame.write_parquet(folder / f"{name}.parquet")
    again = read(folder)
    for name, frame in records.tables().items():
        assert frame.equals(again.tables()[name]), name


def test_missing_tables_and_columns_are_empty(tmp_path: Path) -> None:
    records = read(write(tmp_path, finding()))
    assert records.finding["primary"].to_list() == ["breast"]
    assert records.finding["site"].null_count() == 1
    assert records.patient.is_empty()


@pytest.mark.parametrize(
    ("others", "field"),
    [
        ({"patient_id": None}, "patient_id|nullability"),
        ({"role": "main"}, "role"),
        ({"polarity": "maybe"}, "polarity"),
        ({"morphology": "85"}, "morphology|regex"),
    ],
    ids=["no patient", "word outside an open column", "word outside a needed one", "odd form"],
)
def test_bad_rows_become_issues_and_good_ones_stay(
    tmp_path: Path, others: dict[str, Any], field: str
) -> None:
    records = read(write(tmp_path, finding(), finding("Condition/c2#code") | others))
    assert "Condition/c1#code" in records.finding["evidence_id"].to_list()
    assert set(issue_codes(records)) == {"R050"}
    assert field in records.issue["field"].to_list()
    assert not records.issue["reason"].str.contains("main|maybe").any()


def test_an_unknown_column_is_noted(tmp_path: Path) -> None:
    records = read(write(tmp_path, finding(colour="blue")))
    assert records.finding.height == 1
    assert records.issue.select("code", "field").rows() == [("R051", "colour")]


def test_a_broken_table_is_an_issue_beside_the_others(tmp_path: Path) -> None:
    write(tmp_path, finding())
    (tmp_path / "patient.parquet").write_bytes(b"PAR1 but not really")
    parts = list(read_tables(tmp_path))
    records = Records.concat(parts)
    assert records.finding.height == 1
    assert issue_codes(records) == ["R001"]


def test_every_table_is_read_by_its_name(tmp_path: Path) -> None:
    for name in RECORD_TABLES:
        pl.DataFrame(schema=polars_schema(name)).write_parquet(tmp_path / f"{name}.parquet")
    assert all(frame.is_empty() for frame in read(tmp_path).tables().values())


def test_a_value_of_another_type_is_left_empty_and_noted(tmp_path: Path) -> None:
    records = read(write(tmp_path, finding(date="soon")))
    assert records.finding["date"].to_list() == [None]
    assert records.issue.select("code", "field").rows() == [("R050", "date")]
