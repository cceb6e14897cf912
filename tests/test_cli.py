"""The command line keeps its promises on output, errors and exit codes."""

import csv
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from outspread.cli import cli, main
from subprocesses import SOURCE, command, python

DAY = "2026-01-01"
EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which every example of the help can run."""
    place = tmp_path_factory.mktemp("cli")
    shutil.copytree(EXAMPLES, place / "examples")
    shutil.copytree(EXAMPLES, place / "records")
    for name, day in {"demo": DAY, "story-may": "2021-03-01"}.items():
        assert run(place, "run", "examples", "--out", name, "--as-of", day) == 0
    shutil.copytree(place / "demo", place / "story-june")
    return place


def run(place: Path, *arguments: str) -> int:
    before = Path.cwd()
    os.chdir(place)
    try:
        return main(arguments)
    finally:
        os.chdir(before)


def examples() -> list[str]:
    commands = [cli, *cli.commands.values()]
    return [str(command.epilog).removeprefix("Example: outspread ") for command in commands]


@pytest.mark.parametrize("example", examples(), ids=lambda line: line.split()[0])
def test_example_of_help_runs(
    folder: Path,
    example: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("outspread.serve.serve", lambda folder, *, port: None)  # it never ends
    assert run(folder, *shlex.split(example)) == int(example.startswith("diff"))
    shown = capsys.readouterr()
    is_written = example.startswith(("run", "serve")) or " -o " in example
    assert bool(shown.out) != is_written, "data on stdout, talk on stderr"


def test_explain_gives_one_json_object_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "explain", "demo", "--format", "json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == len(list(EXAMPLES.glob("*.json")))
    assert all(row["disease"] and row["finding"] and row["raw"] for row in rows)
    owner = rows[0]["patient_id"]
    assert run(folder, "explain", "demo", owner, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == rows[0]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["explain", "demo", "nobody"], 1, "W007"),
        (["explain", "nowhere"], 1, "W005"),
        (["explain", "records"], 1, "W005"),
        (["diff", "demo", "nowhere"], 2, "W005"),
        (["diff", "records", "demo"], 2, "W005"),
        (["diff", "demo", "demo", "--patient", "nobody"], 2, "W007"),
        (["diff", "demo"], 2, "NEW"),
        (["run", "examples", "--out", "records"], 1, "W001"),
        (["run", "examples", "--out", "examples/story"], 1, "W006"),
        (["run", "nowhere", "--out", "x"], 2, "nowhere"),
        (["run", "examples"], 2, "--out"),
        (["run", "--out", "x"], 2, "INPUT"),
        (["run", "examples", "--out", "x", "--as-of", "soon"], 2, "soon"),
        (["runs"], 2, "runs"),
        (["terms"], 2, "WORD"),
        (["terms", "x", "--relate", "run.csv"], 2, "run.csv"),
        (["terms", "no such thing"], 1, "known"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_errors_are_short_and_have_their_code(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    assert run(folder, *arguments) == code
    shown = capsys.readouterr()
    assert words in shown.err
    assert not shown.out
    assert len(shown.err.splitlines()) <= 4


def test_diff_ends_as_diff_does(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "diff", "demo", "story-june") == 0
    assert capsys.readouterr().out.endswith("0 changed, 0 came, 0 went\n")
    assert run(folder, "diff", "demo", "story-june", "--format", "jsonl") == 0
    assert not capsys.readouterr().out
    assert run(folder, "diff", "demo", "story-may", "--format", "jsonl") == 1
    shown = capsys.readouterr()
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert {row["patient_id"] for row in rows} >= {"example-lung", "example-breast"}
    assert {tuple(row["causes"]) for row in rows} == {("settings",)}
    assert "5 people" in shown.err


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_diff_writes_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    asked = ["diff", "story-may", "story-june", "--format", form]
    assert run(folder, *asked) == 1
    shown = capsys.readouterr().out
    assert run(folder, *asked, "-o", "difference") == 1
    assert not capsys.readouterr().out
    assert (folder / "difference").read_text() == shown


@pytest.mark.parametrize(("fail_on", "code"), [("error", 3), ("warning", 3), (None, 0)])
def test_fail_on_ends_with_code_3(folder: Path, fail_on: str | None, code: int) -> None:
    (folder / "broken.json").write_text("{")
    more = ["--fail-on", fail_on] if fail_on else []
    good = "examples/unknown-primary.json"
    assert run(folder, "run", "broken.json", good, "--out", "some", *more) == code


@pytest.mark.parametrize("form", ["table", "json", "csv", "jsonl"])
def test_terms_are_written_in_every_format(capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert main(["terms", "--primary", "breast", "ln_axillary", "--format", form]) == 0
    out = capsys.readouterr().out
    readers = {
        "json": json.loads,
        "jsonl": lambda text: [json.loads(line) for line in text.splitlines()],
        "csv": lambda text: list(csv.DictReader(io.StringIO(text))),
        "table": lambda text: [dict(line.split(maxsplit=1) for line in text.splitlines())],
    }
    (row,) = readers[form](out)
    assert row["reach"] == "regional_node"


def test_terms_relate_a_table(tmp_path: Path) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text(
        "case,primary_group,subsite_or_condition,reported_as,site,laterality,contiguity\n"
        "1,breast,,node,ln_axillary,ipsilateral,\n2,breast,,liver,liver,,\n"
    )
    assert main(["terms", "--relate", str(asked), "-o", str(tmp_path / "out.csv")]) == 0
    with (tmp_path / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["case"] for row in rows] == ["1", "2"]
    assert [row["reach"] for row in rows] == ["regional_node", "distant"]
    assert {"tnm_field", "summary_stage_class", "decided_by"} <= rows[0].keys()


def test_help_and_version_load_neither_click_nor_polars() -> None:
    for arguments in [["--help"], ["--version"], []]:
        shown = python("-X", "importtime", "-m", "outspread", *arguments)
        assert shown.returncode == 0
        assert "outspread" in shown.stdout
        for heavy in ["click", "polars", "typing", "pathlib"]:
            assert f" {heavy}\n" not in shown.stderr, heavy


def test_packaged_help_is_that_of_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert command("--help").stdout.split() == capsys.readouterr().out.split()


def test_reader_that_goes_away_is_not_complained_about(folder: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-m", "outspread", "explain", str(folder / "demo")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )
    assert writer.stdout
    assert writer.stderr
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait() == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["report", "demo", "nobody"], 1, "W007", id="no such patient"),
        pytest.param(["report", "nowhere", "nobody"], 1, "W005", id="no such folder"),
        pytest.param(["report", "demo"], 2, "PATIENT", id="no patient named"),
        pytest.param(["report", "demo", "example-lung", "--person", "--share"], 2, "--share",
                     id="the person's own page is not for sharing"),
        pytest.param(["report", "demo", "example-lung", "-o", "no/such/page.html"], 1, "page.html",
                     id="no such place to write to"),
    ],
)  # fmt: skip
def test_report_says_what_is_wrong(
    folder: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, *arguments) == code
    shown = capsys.readouterr()
    assert words in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param([], "Patient example-lung", id="page"),
        pytest.param(["--share"], "A patient", id="share"),
        pytest.param(["--person"], "About the cancer in your records", id="person"),
        pytest.param(["--dates", "days"], 'id="dates-days" checked', id="days"),
    ],
)
def test_report_writes_the_page_that_was_asked_for(
    folder: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "report", "demo", "example-lung", *options) == 0
    assert words in capsys.readouterr().out


def test_report_writes_to_a_file_what_it_prints(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "report", "demo", "example-lung", "--person") == 0
    printed = capsys.readouterr().out
    assert run(folder, "report", "demo", "example-lung", "--person", "-o", "page.html") == 0
    assert not capsys.readouterr().out
    assert (folder / "page.html").read_text(encoding="utf-8") == printed
