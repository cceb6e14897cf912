"""A run gives the same tables whatever the order, the batches and the accidents."""

import json
import math
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

import outspread
from outspread.errors import DiagnoseError, ReadError, StoreError
from outspread.pipeline import DIAGNOSED_TABLES, check, run, spool
from outspread.read import units
from outspread.read.files import open_bytes, split_lines
from outspread.tables import RECORD_TABLES, TABLES
from outspread.write import tables as store
from outspread.write.staging import staged
from outspread.write.tables import TABLE_FILES, read_table
from subprocesses import SOURCE, python

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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("step", ["read", "sort", "diagnose"])
def test_killed_run_leaves_the_former_output_whole(story: Path, tmp_path: Path, step: str) -> None:
    out = tmp_path / "story"
    shutil.copytree(story, out)
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


def condition(number: int) -> bytes:
    """One line; every fifth has an id that another line has too, with other content."""
    name = number % 400 if number % 5 == 0 else number
    return (
        b"%s\n"
        % json.dumps(
            {
                "resourceType": "Condition",
                "id": f"c{name}",
                "subject": {"reference": f"Patient/p{number % 40}"},
                "code": {"coding": [{"system": "http://snomed.info/sct", "code": "254837009"}]},
                "onsetDateTime": f"20{number % 25:02}-01-02",
                "recordedDate": "2020-13-01" if number % 7 == 0 else "2020-01-01",
            }
        ).encode()
    )


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of lines, cut into many parts and read in many tasks, and broken in one place."""
    monkeypatch.setattr(units, "PART_BYTES", 20_000)
    monkeypatch.setattr(spool, "PART_BYTES", 20_000)
    folder = tmp_path / "in"
    folder.mkdir()
    content = b"".join(condition(number) for number in range(500)) + b"{broken\n" + condition(600)
    (folder / "lines.ndjson").write_bytes(content)
    (folder / "table.csv").write_text("patient_id,code\np1,C50.9\np2,C79.51\n")
    (folder / "odd.txt").write_text("?")
    return folder


@pytest.mark.slow
def test_number_of_workers_does_not_change_a_byte(lines: Path, tmp_path: Path) -> None:
    assert len(list(units.find_units([lines], columns=None))) > 5
    for workers in (1, 3):
        run([lines], tmp_path / str(workers), as_of=AS_OF, workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "3")
    issue = read_table(tmp_path / "3", "issue")
    assert set(issue["code"]) >= {"R002", "R003", "R014"}
    assert issue.filter(code="R003")["place"].to_list() == ["line 501"]


@pytest.mark.slow
def test_diagnosis_is_shared_out_without_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_group_sizes", twos)
    for workers in (1, 2):
        run(EXAMPLES, tmp_path / str(workers), as_of=AS_OF, workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


@pytest.mark.slow
def test_error_of_a_worker_is_the_error_of_the_run(lines: Path, tmp_path: Path) -> None:
    named = lines / "nobody.csv"
    named.write_text("site,date\nbreast,2020\n")
    for workers in (1, 2):
        with pytest.raises(ReadError, match="R062"):
            run([lines / "lines.ndjson", named], tmp_path / "o", as_of=AS_OF, workers=workers)
    assert not (tmp_path / "o").exists()


CRASHING = """
import os, signal, subprocess, sys
from datetime import date
from pathlib import Path
from outspread.pipeline import run, spool, workers
from outspread.read import units

units.PART_BYTES = spool.PART_BYTES = 20_000
start = workers.start_worker

def start_and_kill(count):
    process = start(count)
    process.kill()
    return process

workers.start_worker = start_and_kill
run([Path(sys.argv[1])], Path(sys.argv[2]), as_of=date(2020, 1, 1), workers=2)
"""


@pytest.mark.slow
def test_killed_worker_is_told_and_the_former_output_is_whole(lines: Path, tmp_path: Path) -> None:
    out = tmp_path / "story"
    run(EXAMPLES[:1], out, as_of=AS_OF)
    before = contents(out)
    done = python("-c", CRASHING, lines, out)
    assert "W008: a worker process was killed by signal 9" in done.stderr
    assert contents(out) == before
    assert {path.name for path in tmp_path.iterdir()} == {"in", "story"}


SCRIPT_WITHOUT_GUARD = """
import os
import sys
from datetime import date
from pathlib import Path
from outspread.pipeline import run, spool, workers
from outspread.read import units

units.PART_BYTES = spool.PART_BYTES = 20_000
start = workers.start_worker

def start_and_tell(count):
    process = start(count)
    os.write(1, b"%d\\n" % process.pid)  # at once: two threads start processes
    return process

workers.start_worker = start_and_tell
run([Path(sys.argv[1])], Path(sys.argv[2]), as_of=date(2020, 1, 1), workers=2)
"""


@pytest.mark.slow
def test_script_needs_no_guard(lines: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT_WITHOUT_GUARD)
    done = python(script, lines, tmp_path / "story")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 2


PARENT = """
import os
import time
from outspread.pipeline import workers

start = workers.start_worker

def start_and_tell(count):
    process = start(count)
    os.write(1, b"%d\\n" % process.pid)
    return process

workers.start_worker = start_and_tell
with workers.shared_out(2) as share:
    list(share(time.sleep, [600, 600], ahead=2))
"""


@pytest.mark.slow
def test_workers_end_with_a_killed_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
    ) as parent:
        assert parent.stdout
        assert int(parent.stdout.readline())
        assert int(parent.stdout.readline())
        parent.kill()
        # The workers have the same stderr, which ends with the last of them.
        parent.communicate(timeout=120)


@pytest.mark.parametrize("size", [1, 7, 50, 1_000_000], ids=str)
@pytest.mark.parametrize(
    "content",
    [b"", b"a\nbb\n\nccc\n", b"no end", b"\xef\xbb\xbfa\nb", b"\n\n\n", b"x" * 60 + b"\ny\n"],
    ids=["empty", "lines", "no line end", "mark", "blank", "long"],
)
def test_parts_hold_every_line_once_with_its_number(
    tmp_path: Path, content: bytes, size: int
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    lines: list[tuple[int, bytes]] = []
    for part in split_lines(path, size):
        with open_bytes(path, part) as stream:
            lines += enumerate(stream, start=part.first_line)
    whole = content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    assert lines == list(enumerate(whole, start=1))


def test_check_says_why_nothing_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    assert check([path]).issues["code"].to_list() == ["R070"]
    with pytest.raises(ReadError, match=r"R061.*check"):
        run([path], tmp_path / "out", as_of=AS_OF)
