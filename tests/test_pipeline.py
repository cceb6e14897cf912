"""A run gives the same tables whatever the order, the batches and the accidents."""

import json
import math
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

import outspread
from outspread.errors import DiagnoseError, StoreError
from outspread.pipeline import DIAGNOSED_TABLES, run
from outspread.tables import RECORD_TABLES, TABLES
from outspread.write import tables as store
from outspread.write.staging import staged
from outspread.write.tables import TABLE_FILES, read_table
from subprocesses import python

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.json"))
AS_OF = date(2026, 1, 1)

KILLED_IN_STEP = """
import os, signal, sys
from datetime import date
from pathlib import Path
from outspread.pipeline import run

def kill(step, done, total):
    if step == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)

run([Path(sys.argv[2])], Path(sys.argv[3]), as_of=date(2020, 1, 1), progress=kill)
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "story"
    run(EXAMPLES, out, as_of=AS_OF)
    return out


def test_folder_holds_every_table_and_the_run_record(story: Path) -> None:
    assert set(contents(story)) == {*TABLE_FILES, "run.json"}
    record = json.loads((story / "run.json").read_text())
    assert record["counts"] == {name: read_table(story, name).height for name in TABLES}
    assert record["counts"]["patient"] == len(EXAMPLES)
    assert record["as_of"] == "2026-01-01"
    assert [entry["name"] for entry in record["inputs"]] == [path.name for path in EXAMPLES]
    assert "read/data/issues.csv" in record["knowledge"]


def test_two_runs_give_the_same_bytes(story: Path, tmp_path: Path) -> None:
    run(EXAMPLES, tmp_path / "again", as_of=AS_OF)
    assert contents(tmp_path / "again") == contents(story)


@pytest.mark.parametrize(
    "inputs", [EXAMPLES[::-1], [*EXAMPLES, *EXAMPLES]], ids=["reversed", "everything twice"]
)
def test_order_and_repetition_of_inputs_do_not_change_the_tables(
    story: Path, tmp_path: Path, inputs: list[Path]
) -> None:
    run(inputs, tmp_path / "other", as_of=AS_OF)
    for name in TABLE_FILES:
        assert (tmp_path / "other" / name).read_bytes() == (story / name).read_bytes(), name


def test_run_and_functions_tell_the_same(story: Path) -> None:
    told = outspread.diagnose(outspread.read(*EXAMPLES), as_of=AS_OF)
    for name, frame in told.tables().items():
        assert_frame_equal(frame, read_table(story, name))


def twos(folder: Path, table: str) -> list[int]:
    """Pretend that row groups have two rows."""
    return [2] * math.ceil(read_table(folder, table).height / 2)


def test_size_of_batches_does_not_change_the_story(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_group_sizes", twos)
    run(EXAMPLES, tmp_path / "other", as_of=AS_OF)
    assert len(store.patient_spans(tmp_path / "other", DIAGNOSED_TABLES)) > 1
    for name in TABLES:
        assert_frame_equal(read_table(tmp_path / "other", name), read_table(story, name))


def test_output_can_be_diagnosed_again_as_input(story: Path, tmp_path: Path) -> None:
    run([story], tmp_path / "again", as_of=AS_OF)
    for name in TABLES:
        assert_frame_equal(read_table(tmp_path / "again", name), read_table(story, name))


@pytest.mark.parametrize("step", ["read", "sort", "diagnose"])
def test_killed_run_leaves_the_former_output_whole(tmp_path: Path, step: str) -> None:
    out = tmp_path / "story"
    run(EXAMPLES[:1], out, as_of=AS_OF)
    before = contents(out)
    killed = python("-c", KILLED_IN_STEP, step, EXAMPLES[1], out)
    assert killed.returncode < 0, killed.stderr
    assert contents(out) == before
    run(EXAMPLES[1:2], out, as_of=AS_OF)
    assert contents(out) != before
    assert [path.name for path in tmp_path.iterdir()] == ["story"]


def test_second_run_into_a_folder_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="W002"),
        staged(tmp_path / "story", names=TABLE_FILES),
    ):
        run(EXAMPLES[:1], tmp_path / "story", as_of=AS_OF)


def test_output_inside_an_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="W006"):
        run([tmp_path], tmp_path / "story", as_of=AS_OF)


@pytest.mark.parametrize(
    "as_of", ["2026-01-01", datetime(2026, 1, 1, tzinfo=UTC), None], ids=["text", "time", "none"]
)
def test_as_of_must_be_a_date(tmp_path: Path, as_of: object) -> None:
    with pytest.raises(DiagnoseError, match="D001"):
        run(EXAMPLES, tmp_path / "story", as_of=as_of)  # type: ignore[arg-type]
    with pytest.raises(DiagnoseError, match="D001"):
        outspread.diagnose(outspread.Records(), as_of=as_of)  # type: ignore[arg-type]


def test_records_are_sorted_by_patient(story: Path) -> None:
    for name in RECORD_TABLES.keys() - {"issue"}:
        assert read_table(story, name)["patient_id"].is_sorted()
