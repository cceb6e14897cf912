"""What a difference says, whatever the folders look like."""

import math
import random
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import outspread
from compare.runs import altered, copied, told, told_tables
from outspread.compare import compare
from outspread.compare.changes import NOT_COMPARED, find_changes
from outspread.diagnose import StoryTables
from outspread.errors import StoreError
from outspread.records import Records
from outspread.tables import STORY_TABLES, polars_schema
from outspread.write import tables as store
from people import AS_OF, Case, Row, course, patients, primary, records, secondary, stage, stories

BREAST = primary("breast", source_ref="a", date=date(2020, 3, 1))


def differences(old: list[Row], new: list[Row]) -> pl.DataFrame:
    """What differs between two stories of one person."""
    story_of = stories({"old": Case(old), "new": Case(new)})
    return find_changes(*(_tables(story_of(name)) for name in ("old", "new")))


def _tables(told: StoryTables) -> dict[str, pl.DataFrame]:
    frames = {name: getattr(told, name) for name in NOT_COMPARED}
    person = pl.lit("person").alias("patient_id")
    mine = {name: frame.with_columns(person) for name, frame in frames.items()}
    return {"patient": mine["disease"].select("patient_id").unique()} | mine


def changes(old: list[Row], new: list[Row]) -> set[tuple[str | None, ...]]:
    return set(differences(old, new).select("what", "about", "old", "new").rows())


def test_spread_is_a_place_an_extent_and_a_name() -> None:
    bone = secondary("bone", laterality="left", date=date(2021, 2, 1), date_precision="month")
    found = changes(
        [BREAST, stage(t="1", n="0", m="0")], [BREAST, stage(t="1", n="0", m="0"), bone]
    )
    assert found >= {
        ("extent", None, "localized", "distant"),
        ("name", None, "localized breast cancer", "breast cancer with bone metastases"),
        ("first_distant_date", None, None, "2021-02"),
        ("timing", None, None, "metachronous"),
        ("lesion", "bone, left", None, "distant, confirmed"),
    }


def test_certainty_and_status_and_stage() -> None:
    old = [BREAST, secondary("liver", certainty="possible"), course("stable"), stage(t="1")]
    new = [BREAST, secondary("liver"), course("worsened"), stage(t="2", n="1", stage_group="IIB")]
    assert changes(old, new) >= {
        ("certainty", "liver", "possible", "confirmed"),
        ("possible_extent", None, "distant", None),
        ("status", None, "stable", "worsened"),
        ("stage", None, "T1", "stage IIB T2 N1"),
    }


def test_staging_that_came_and_went() -> None:
    old = [BREAST, stage(t="1", n="0", m="0", stage_system="ajcc", stage_edition="8")]
    found = changes(old, [BREAST, stage(m="1", stage_basis="clinical")])
    assert found >= {
        ("staging", "T1 N0 M0 (ajcc) (edition 8)", "means localized", None),
        ("staging", "clinical M1", None, "means distant"),
    }


def test_staging_said_again_is_no_change() -> None:
    first, again = (stage(t="1", date=date(year, 1, 1)) for year in (2020, 2021))
    found = changes([BREAST, first], [BREAST, first, again])
    assert "staging" not in {what for what, *_ in found}


def test_what_happened_and_when() -> None:
    liver = secondary("liver", date=date(2021, 2, 1))
    old = [BREAST, liver, course("stable", date=date(2021, 3, 1))]
    new = [BREAST, liver | {"date": date(2021, 1, 5)}, course("worsened", date=date(2021, 3, 1))]
    assert changes(old, new) >= {
        ("date", "spread found, liver", "2021-02-01", "2021-01-05"),
        ("event", "stable", "2021-03-01", None),
        ("event", "worsened", None, "2021-03-01"),
    }


def test_conflict_that_came() -> None:
    m0 = stage(m="0", date=date(2022, 1, 1))
    bone = secondary("bone", date=date(2021, 1, 1))
    found = changes([BREAST, bone], [BREAST, bone, m0])
    assert ("conflict", "spread to bone against M0", None, "conflict.m_category") in found


def test_cancer_that_came_is_one_row() -> None:
    added = [primary("colon"), secondary("liver", origin="colon")]
    found = changes([BREAST], [BREAST, *added])
    assert found == {("disease", None, None, "colon cancer with liver metastases")}


def test_origin_that_was_found_is_a_change_not_another_cancer() -> None:
    found = changes([secondary("liver")], [secondary("liver"), primary("colon")])
    assert ("primary", None, None, "colon") in found
    assert ("origin_status", None, "not_stated", "known") in found
    assert "disease" not in {what for what, *_ in found}


def test_later_evidence_of_the_same_is_no_change() -> None:
    old = [BREAST, course("stable", date=date(2024, 1, 1)), secondary("bone", size_mm=10)]
    new = [*old, course("stable", date=date(2025, 1, 1)), secondary("bone", size_mm=30)]
    assert changes(old, new) == set()


@pytest.mark.slow
@given(patients, st.randoms(use_true_random=False))
@settings(max_examples=4, deadline=None)
def test_story_does_not_differ_from_itself(rows: list[Row], generator: random.Random) -> None:
    placed = [row | {"source_ref": f"r{i}", "evidence_id": f"r{i}"} for i, row in enumerate(rows)]
    shuffled = generator.sample(placed, len(placed))
    assert differences(placed, shuffled).is_empty()


@pytest.mark.parametrize("table", NOT_COMPARED)
def test_what_is_not_compared_exists(table: str) -> None:
    assert set(NOT_COMPARED[table]) <= set(STORY_TABLES[table].columns())


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    some = [primary("breast", patient_id=f"p{number}", source_ref="a") for number in range(9)]
    return told(tmp_path_factory.mktemp("changes"), "old", *some)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    some = [
        fact
        for number in range(2, 12)
        for fact in (
            primary("breast", patient_id=f"p{number}", source_ref="a"),
            secondary("bone" if number % 2 else "ln_axillary", patient_id=f"p{number}"),
        )
    ]
    return told(tmp_path_factory.mktemp("changes"), "new", *some)


def test_run_does_not_differ_from_itself(new: Path) -> None:
    found = compare(new, str(new))
    assert found.changes.is_empty()
    assert found.extents.is_empty()
    assert found.counts == {"people": 10, "changed": 0, "came": 0, "went": 0}
    assert not any(found.runs.values())
    assert not found.notes


def test_people_and_extents_are_counted(old: Path, new: Path) -> None:
    found = compare(old, new)
    assert found.counts == {"people": 12, "changed": 7, "came": 3, "went": 2}
    assert found.extents.rows() == [("unknown", "distant", 3), ("unknown", "regional", 4)]
    assert found.changes["patient_id"].is_sorted()


@pytest.mark.slow
def test_batches_do_not_change_the_difference(
    old: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = outspread.diff(old, new)
    monkeypatch.setattr(
        store,
        "_group_sizes",
        lambda folder, table: [2] * math.ceil(store.read_table(folder, table).height / 2),
    )
    assert_frame_equal(outspread.diff(old, new), whole)


def test_one_person(old: Path, new: Path) -> None:
    found = compare(old, new, patient_id="p3")
    assert_frame_equal(found.changes, outspread.diff(old, new).filter(patient_id="p3"))
    assert found.counts["people"] == 1
    with pytest.raises(StoreError, match="W007"):
        compare(old, new, patient_id="nobody")


def test_empty_runs(tmp_path: Path, old: Path) -> None:
    empty = told_tables(tmp_path, "empty", Records().tables())
    assert compare(empty, empty).counts == {"people": 0, "changed": 0, "came": 0, "went": 0}
    assert compare(empty, old).counts["came"] == 9
    assert compare(old, empty).counts["went"] == 9


@pytest.mark.parametrize("table", ["disease", "lesion", "conflict", "finding", "raw", "patient"])
def test_table_that_only_one_run_has_is_told(
    tmp_path: Path, old: Path, new: Path, table: str
) -> None:
    less = copied(new, tmp_path / "less")
    (less / f"{table}.parquet").unlink()
    note = f"Only NEW has the table {table}; it is not compared."
    assert compare(less, new).notes == [note]
    assert compare(old, less).notes == [note.replace("NEW", "OLD")]


COLUMNS = [name for name in polars_schema("disease") if name != "patient_id"]
SOME = [COLUMNS[start:start + 4] for start in range(0, len(COLUMNS), 4)]  # fmt: skip


@pytest.mark.parametrize("columns", SOME, ids=" ".join)
def test_columns_that_only_one_run_has_are_told(
    tmp_path: Path, new: Path, columns: list[str]
) -> None:
    less = altered(copied(new, tmp_path / "less"), "disease", **dict.fromkeys(columns))
    note = f"Only NEW has in disease, not compared: {', '.join(columns)}."
    assert compare(less, new).notes == [note]


def test_column_of_another_version_is_no_new_data(tmp_path: Path, old: Path) -> None:
    newer = altered(copied(old, tmp_path / "newer"), "finding", added=pl.lit(1))
    altered(newer, "disease", added=pl.lit("x"), extent=pl.lit("distant"))
    assert outspread.diff(old, newer)["causes"].unique().to_list() == [["unexplained"]]


@pytest.mark.parametrize("table", ["disease", "finding", "raw"])
def test_broken_table_is_an_error_without_its_content(
    tmp_path: Path, old: Path, new: Path, table: str
) -> None:
    broken = copied(new, tmp_path / "broken")
    path = broken / f"{table}.parquet"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(StoreError, match=f"W009: {table}.parquet in broken"):
        outspread.diff(old, broken)


@pytest.mark.slow
def test_patient_with_many_rows(tmp_path: Path) -> None:
    bone = secondary("bone")
    few = records([BREAST, bone]).tables()
    number = pl.int_range(30_000).cast(pl.String)
    many = {
        name: few[name]
        .filter(pl.col("source_ref") != "a")
        .join(pl.DataFrame({"number": range(30_000)}), how="cross")
        .with_columns(pl.col("^source_ref|evidence_id$") + number)
        .drop("number")
        for name in ("finding", "raw")
    }
    told_few = told_tables(tmp_path, "few", few, as_of=AS_OF)
    all_of = few | {name: pl.concat([few[name], rows]) for name, rows in many.items()}
    told_many = told_tables(tmp_path, "many", all_of)
    assert outspread.diff(told_few, told_many).is_empty()
    altered(told_few, "disease", extent=pl.lit("unknown"))
    assert outspread.diff(told_few, told_many)["causes"].to_list() == [["data"]]
