"""Records come out in one order, each id once, however they went in."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from outspread.errors import StoreError
from outspread.tables import RECORD_TABLES
from outspread.write.sort import CHUNK, parquet_source, sorted_tables, sorter, write_sorted
from outspread.write.tables import TableWriter, read_table, table_path


def sort(folder: Path, **tables: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Sort some tables, each of their rows in a chunk of its own number."""
    spool = folder / "spool"
    spool.mkdir(exist_ok=True)
    for name in RECORD_TABLES:
        with TableWriter(spool, name, more=CHUNK) as writer:
            if name in tables:
                chunk = pl.int_range(pl.len(), dtype=CHUNK["chunk"]).alias("chunk")
                writer.add(tables[name].with_columns(chunk))
    sources = {name: parquet_source([table_path(spool, name)]) for name in RECORD_TABLES}
    with sorter(spool) as connection:
        for name, rows in sorted_tables(connection, sources):
            write_sorted(connection, name, rows, folder)
    return {name: read_table(folder, name) for name in RECORD_TABLES}


def findings(*rows: tuple[str, str, date | None, str]) -> pl.DataFrame:
    names = ["patient_id", "evidence_id", "date", "site"]
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides={"date": pl.Date})


EARLY, LATE = date(2020, 1, 1), date(2021, 1, 1)


def test_rows_are_sorted_by_patient_then_date_then_id_undated_last(tmp_path: Path) -> None:
    rows = [
        ("a", "z", EARLY, "liver"),
        ("a", "b", LATE, "bone"),
        ("a", "c", LATE, "bone"),
        ("a", "a", None, "lung"),
        ("b", "a", EARLY, "brain"),
    ]
    for order in [rows, rows[::-1]]:
        tables = sort(tmp_path, finding=findings(*order))
        names = ["patient_id", "evidence_id", "date", "site"]
        assert tables["finding"].select(names).rows() == rows
        assert tables["issue"].is_empty()


def test_same_row_is_kept_once_without_issue(tmp_path: Path) -> None:
    tables = sort(tmp_path, finding=findings(*[("a", "x", EARLY, "liver")] * 3))
    assert tables["finding"].height == 1
    assert tables["issue"].is_empty()


def test_different_rows_of_one_id_are_an_issue_and_the_same_one_is_kept(tmp_path: Path) -> None:
    rows = [("a", "x", EARLY, "liver"), ("a", "x", LATE, "bone"), ("b", "x", LATE, "bone")]
    for order in [rows, rows[::-1]]:
        tables = sort(tmp_path, finding=findings(*order))
        assert tables["finding"]["site"].to_list() == ["liver", "bone"]
        issues = tables["issue"].select("code", "place", "field", "patient_id").rows()
        assert issues == [("R014", "x", "finding", "a")]


def sources(*contents: str) -> pl.DataFrame:
    files = [f"{number}.json" for number in range(len(contents))]
    raw = {"patient_id": "a", "source_ref": "Condition/1", "content": contents, "file": files}
    return pl.DataFrame(raw)


def test_same_source_read_from_two_files_is_kept_once_without_issue(tmp_path: Path) -> None:
    tables = sort(tmp_path, raw=sources("{}", "{}"))
    assert tables["raw"]["file"].to_list() == ["0.json"]
    assert tables["issue"].is_empty()


def test_evidence_comes_from_the_source_that_is_kept(tmp_path: Path) -> None:
    # Each finding was read in the chunk of the source that names its site.
    names = ["liver", "bone", "liver"]
    read = [("a", f"Condition/1#{site}", EARLY, site) for site in names]
    for step in [1, -1]:
        evidence = findings(*read[::step]).with_columns(source_ref=pl.lit("Condition/1"))
        tables = sort(tmp_path, raw=sources(*names[::step]), finding=evidence)
        assert tables["raw"]["content"].to_list() == ["bone"]
        assert tables["finding"]["site"].to_list() == ["bone"]
        assert tables["issue"].select("code", "place").rows() == [("R014", "Condition/1")]


def test_same_issue_is_kept_once(tmp_path: Path) -> None:
    issue = pl.DataFrame({"severity": ["error"], "code": ["R001"], "reason": ["broken"]})
    assert sort(tmp_path, issue=pl.concat([issue, issue]))["issue"].height == 1


def test_bytes_do_not_hang_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = findings(*[(f"p{i % 50}", f"e{i}", None, "liver") for i in range(5000)])
    contents = set()
    for seed in range(3):
        sort(tmp_path, finding=rows.sample(fraction=1, shuffle=True, seed=seed))
        contents.add(table_path(tmp_path, "finding").read_bytes())
    assert len(contents) == 1


def test_failure_of_the_sorter_does_not_repeat_values() -> None:
    with pytest.raises(StoreError, match="W004") as failure, sorter() as connection:
        connection.execute("SELECT CAST('Jane Doe' AS DATE)")
    assert "Jane" not in str(failure.value)
