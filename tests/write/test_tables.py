"""Tables of a folder come back as they were written, a few patients at a time."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from outspread.errors import StoreError
from outspread.tables import polars_schema
from outspread.write import tables as store
from outspread.write.tables import TableWriter, open_store, patient_batches, read_table
from people import primary, records


def patients(*ids: str) -> pl.DataFrame:
    return pl.DataFrame({"patient_id": ids, "sex": ["female"] * len(ids)})


def findings(*ids: str) -> pl.DataFrame:
    whole = records([primary("breast")]).finding
    named = {"patient_id": ids, "evidence_id": [f"e{i}" for i in range(len(ids))]}
    rows = pl.DataFrame(named, schema=dict.fromkeys(named, pl.String))
    return rows.join(whole.drop(*named), how="cross").select(whole.columns)


def write(folder: Path, table: str, *frames: pl.DataFrame) -> None:
    with TableWriter(folder, table) as writer:
        for frame in frames:
            writer.add(frame)


@pytest.fixture
def tiny_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "row_group_size", lambda table: 3)


def test_types_come_back(tmp_path: Path) -> None:
    lesions = pl.DataFrame(
        {
            "patient_id": ["a"],
            "lesion_id": [0],
            "reach": ["distant"],
            "evidence_ids": [["x", "y"]],
            "first_seen_date": [date(2020, 1, 2)],
        }
    )
    write(tmp_path, "lesion", lesions)
    back = read_table(tmp_path, "lesion")
    assert dict(back.schema) == polars_schema("lesion")
    assert back.select(lesions.columns).rows() == lesions.rows()


def test_table_without_rows_is_empty(tmp_path: Path) -> None:
    write(tmp_path, "patient")
    assert read_table(tmp_path, "patient").is_empty()
    assert dict(read_table(tmp_path, "patient").schema) == polars_schema("patient")


@pytest.mark.usefixtures("tiny_groups")
def test_bytes_do_not_hang_on_how_rows_were_added(tmp_path: Path) -> None:
    ids = [f"p{i:02}" for i in range(10)]
    for name, size in [("one", 1), ("four", 4), ("all", 10)]:
        (tmp_path / name).mkdir()
        write(
            tmp_path / name, "patient", *(patients(*ids[i : i + size]) for i in range(0, 10, size))
        )
    contents = {(tmp_path / n / "patient.parquet").read_bytes() for n in ["one", "four", "all"]}
    assert len(contents) == 1
    assert store._group_sizes(tmp_path / "one", "patient") == [3, 3, 3, 1]


@pytest.mark.usefixtures("tiny_groups")
def test_one_patient_is_read_alone(tmp_path: Path) -> None:
    write(tmp_path, "finding", findings(*"aabbbbbbcd"))
    for owner, count in [("a", 2), ("b", 6), ("d", 1), ("none", 0)]:
        mine = read_table(tmp_path, "finding", patient_id=owner)
        assert mine["patient_id"].to_list() == [owner] * count


@pytest.mark.usefixtures("tiny_groups")
@pytest.mark.parametrize(
    ("findings_of", "patients_of"),
    [("aabbbbbbcdefgh", "abcdefgh"), ("h" * 20, "abcdefghij"), ("", "abcd"), ("abc", ""), ("", "")],
    ids=["mixed", "one with many", "no finding", "no patient", "nothing"],
)
def test_batches_hold_every_row_once_and_split_no_patient(
    tmp_path: Path, findings_of: str, patients_of: str
) -> None:
    write(tmp_path, "finding", findings(*findings_of))
    write(tmp_path, "patient", patients(*patients_of))
    batches = list(patient_batches(tmp_path, ["patient", "finding"]))
    for name, all_of in [("finding", findings_of), ("patient", patients_of)]:
        assert "".join(owner for b in batches for owner in b[name]["patient_id"]) == all_of
    owners = [set(b["finding"]["patient_id"]) | set(b["patient"]["patient_id"]) for b in batches]
    assert sum(map(len, owners)) == len(set(findings_of) | set(patients_of))
    assert len(batches) == len(store.patient_spans(tmp_path, ["patient", "finding"]))


def test_a_small_folder_is_one_batch_wherever_its_tables_end(tmp_path: Path) -> None:
    write(tmp_path, "finding", findings("a", "b"))
    write(tmp_path, "patient", patients("a", "b", "c"))
    assert store.patient_spans(tmp_path, ["finding", "patient"]) == [store.Span(None, "c")]


@pytest.mark.parametrize("content", [None, "{", "[]"], ids=["missing", "broken", "other"])
def test_folder_without_a_run_record_is_no_store(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    with pytest.raises(StoreError, match="W005"):
        open_store(tmp_path)
