"""An output folder is whole at any moment, and only one run writes to it."""

import os
from pathlib import Path

import pytest

from outspread.errors import StoreError
from outspread.write import staging
from outspread.write.staging import RUN_FILE, recover, staged
from subprocesses import python

NAMES = ["one.parquet", "two.parquet"]

KILL_AT_EVERY_LINE = """
import os, signal, sys
from pathlib import Path
from outspread.write import staging

out, can_exchange = Path(sys.argv[1]), sys.argv[2] == "exchange"
names = ["one.parquet", "two.parquet"]
if not can_exchange:
    staging._exchange = lambda one, other: False

def write(generation):
    with staging.staged(out, names=names) as folder:
        for name in [*names, staging.RUN_FILE]:
            (folder / name).write_text(str(generation))

def killed_at(moment, generation):
    left = moment
    def trace(frame, event, argument):
        nonlocal left
        if frame.f_code.co_filename == staging.__file__ and event == "line":
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace
    child = os.fork()
    if not child:
        sys.settrace(trace)
        write(generation)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])

write(0)
moment, before = 0, "0"
while killed_at(moment, moment + 1):
    if not can_exchange:
        staging.recover(out)
    found = {path.name: path.read_text() for path in out.iterdir()}
    assert set(found) == {*names, staging.RUN_FILE}, (moment, found)
    assert set(found.values()) in ({before}, {str(moment + 1)}), (moment, found)
    before = found[staging.RUN_FILE]
    moment += 1
write("last")
assert {path.read_text() for path in out.iterdir()} == {"last"}
print(moment, sorted(path.name for path in out.parent.iterdir()))
"""


def write(out: Path, content: str) -> None:
    with staged(out, names=NAMES) as folder:
        for name in [*NAMES, RUN_FILE]:
            (folder / name).write_text(content)


def contents(out: Path) -> set[str]:
    return {path.read_text() for path in out.iterdir()}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("way", ["exchange", "aside"])
def test_killed_at_any_line_the_output_is_whole_and_the_next_run_works(
    tmp_path: Path, way: str
) -> None:
    done = python("-c", KILL_AT_EVERY_LINE, tmp_path / "story", way)
    assert done.returncode == 0, done.stderr
    moments, left = done.stdout.split(maxsplit=1)
    assert int(moments) > 50
    assert left.strip() == "['story']"


def test_output_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "story"
    write(out, "old")
    write(out, "new")
    assert contents(out) == {"new"}
    assert [path.name for path in out.parent.iterdir()] == ["story"]


def test_failed_run_leaves_the_former_output(tmp_path: Path) -> None:
    out = tmp_path / "story"
    write(out, "old")
    with pytest.raises(ZeroDivisionError), staged(out, names=NAMES) as folder:
        (folder / RUN_FILE).write_text(str(1 / 0))
    assert contents(out) == {"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["story"]


def test_second_run_into_one_folder_is_refused_at_once(tmp_path: Path) -> None:
    out = tmp_path / "story"
    with staged(out, names=NAMES) as folder:
        with pytest.raises(StoreError, match="W002"):
            write(out, "second")
        (folder / RUN_FILE).write_text("first")
    assert contents(out) == {"first"}


@pytest.mark.parametrize(
    "files", [["notes.txt"], [RUN_FILE, "notes.txt"], ["one.parquet"]], ids=" ".join
)
def test_folder_of_somebody_else_is_refused(tmp_path: Path, files: list[str]) -> None:
    for name in files:
        (tmp_path / name).write_text("mine")
    with pytest.raises(StoreError, match="W001"):
        write(tmp_path, "new")
    assert contents(tmp_path) == {"mine"}


def test_file_in_the_place_of_the_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "story").write_text("mine")
    with pytest.raises(StoreError, match="W001"):
        write(tmp_path / "story", "new")


def test_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "story").mkdir()
    write(tmp_path / "story", "new")
    assert contents(tmp_path / "story") == {"new"}


def test_root_of_a_file_system_is_refused() -> None:
    with pytest.raises(StoreError, match="W003"):
        write(Path("/"), "new")


def test_system_error_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"W003: .*exists"):
        write(tmp_path / "file" / "story", "new")


def test_output_that_stood_aside_is_put_back(tmp_path: Path) -> None:
    out = tmp_path / "story"
    write(out, "old")
    out.rename(staging._beside(out, "former"))
    recover(out)
    assert contents(out) == {"old"}
