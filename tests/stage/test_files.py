"""Algorithm files, the cache, downloads, and files of cases."""

import gzip
import hashlib
import http.server
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from outspread.cli import main
from outspread.errors import StageError
from outspread.pipeline import stage as files
from outspread.stage import Algorithm, get_algorithm, load_algorithm
from outspread.stage.archive import MOST_BYTES
from outspread.stage.cache import load_compiled
from stage.small import GIVEN, make, path, schema, table, write_zip
from subprocesses import SOURCE

OUT = [{"key": "out", "default": "none"}]
STAGE = [{"id": "m", "tables": [path("t")]}]
T = table("t", "x", "out", [["1", "VALUE:a"], ["2", "VALUE:b"]])


@pytest.fixture
def small(tmp_path: Path) -> Algorithm:
    return make(tmp_path, [schema(inputs=[{"key": "x"}], outputs=OUT, stages=STAGE)], [T])


def bad(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "bad.zip"
    file.write_bytes(content)
    return file


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="S002"):
        load_algorithm(bad(tmp_path, b"no zip"), current_year=2026)


def test_truncated_zip_is_refused(tmp_path: Path, small: Algorithm) -> None:
    whole = small.path.read_bytes()
    with pytest.raises(StageError, match="S002"):
        load_algorithm(bad(tmp_path, whole[: len(whole) // 2]), current_year=2026)


def test_damaged_member_is_refused(tmp_path: Path, small: Algorithm) -> None:
    content = bytearray(small.path.read_bytes())
    content[60:90] = bytes(30)
    with pytest.raises(StageError, match="S00"):
        load_algorithm(bad(tmp_path, bytes(content)), current_year=2026)


def test_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schemas/a.json", bytes(MOST_BYTES + 10))
    with pytest.raises(StageError, match="S003"):
        load_algorithm(file, current_year=2026)


@pytest.mark.parametrize("name", ["../out.json", "/etc/x.json", "tables/../../x.json"])
def test_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "out.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "{}")
    with pytest.raises(StageError, match="S003"):
        load_algorithm(file, current_year=2026)


def test_zip_without_schemas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="S004"):
        load_algorithm(write_zip(tmp_path / "empty.zip", [], []), current_year=2026)


def test_missing_selection_table_is_refused(tmp_path: Path) -> None:
    file = write_zip(tmp_path / "a.zip", [schema(select="nowhere")], [])
    with pytest.raises(StageError, match=r"S005.*nowhere"):
        load_algorithm(file, current_year=2026)


def test_row_with_too_few_cells_is_refused(tmp_path: Path) -> None:
    file = write_zip(tmp_path / "a.zip", [schema()], [table("t", "x", "out", [["1"]])])
    with pytest.raises(StageError, match=r"S004.*one cell"):
        load_algorithm(file, current_year=2026)


def test_year_out_of_reason_is_refused(small: Algorithm) -> None:
    with pytest.raises(StageError, match="S006"):
        load_algorithm(small.path, current_year=20260)


def test_cache_is_used_and_a_damaged_one_is_made_anew(tmp_path: Path, small: Algorithm) -> None:
    (cached,) = (tmp_path / "cache" / "compiled").glob("*.npz")
    cached.write_bytes(b"damaged")
    again = load_compiled(small.path, folder=tmp_path / "cache")
    assert again.schema_ids == ["small"]
    assert cached.read_bytes()[:2] == b"PK"
    assert list(cached.parent.iterdir()) == [cached]


@pytest.mark.slow
def test_two_processes_make_the_cache_at_once(tmp_path: Path, small: Algorithm) -> None:
    folder = tmp_path / "shared"
    code = (
        "import sys; from pathlib import Path; from outspread.stage.cache import load_compiled;"
        "print(load_compiled(Path(sys.argv[1]), folder=Path(sys.argv[2])).version)"
    )
    command = [sys.executable, "-c", code, str(small.path), str(folder)]
    running = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(SOURCE)}
        )
        for _ in range(2)
    ]
    assert [process.communicate()[0].strip() for process in running] == ["1.0", "1.0"]
    assert len(list((folder / "compiled").iterdir())) == 1


def test_cache_that_cannot_be_written_does_no_harm(tmp_path: Path, small: Algorithm) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert load_compiled(small.path, folder=blocked).version == "1.0"


@pytest.fixture
def releases(tmp_path: Path, small: Algorithm) -> Iterator[str]:
    place = tmp_path / "www" / "v1"
    place.mkdir(parents=True)
    shutil.copy(small.path, place / "small-1.0.zip")
    handler = partial(_Quiet, directory=tmp_path / "www")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_algorithm_is_fetched_once_and_its_hash_is_pinned(tmp_path: Path, releases: str) -> None:
    folder = tmp_path / "home"
    fetched = get_algorithm("small-1.0", release="v1", base=releases, folder=folder)
    assert load_algorithm("small-1.0", current_year=2026, folder=folder).version == "1.0"
    pins = json.loads((fetched.parent / "pins.json").read_text())
    assert pins == {"small-1.0": hashlib.sha256(fetched.read_bytes()).hexdigest()}
    served = tmp_path / "www" / "v1" / "small-1.0.zip"
    write_zip(served, [schema(name="other")], [])
    before = fetched.read_bytes()
    with pytest.raises(StageError, match="S009"):
        get_algorithm("small-1.0", release="v1", base=releases, folder=folder)
    assert fetched.read_bytes() == before


def test_known_algorithm_must_have_its_known_hash(tmp_path: Path, releases: str) -> None:
    place = tmp_path / "www" / "v11.9.0"
    place.mkdir()
    shutil.copy(tmp_path / "www" / "v1" / "small-1.0.zip", place / "tnm-2.1.zip")
    with pytest.raises(StageError, match="S009"):
        get_algorithm("tnm", base=releases, folder=tmp_path / "home")
    assert not list((tmp_path / "home" / "algorithms").glob("*.zip"))


def test_download_that_fails_says_what_to_do(tmp_path: Path, releases: str) -> None:
    with pytest.raises(StageError, match=r"S008.*--algorithm FILE"):
        get_algorithm("cs", base=releases, folder=tmp_path / "home")
    with pytest.raises(StageError, match="S007"):
        get_algorithm("nothing-9", folder=tmp_path / "home")


def test_algorithm_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(StageError, match=r"S007.*outspread stage get eod_public-3.3"):
        load_algorithm("eod", current_year=2026, folder=tmp_path)


CASES = pl.DataFrame(
    {
        "patient": ["1", "2", "3", "4"],
        "primarySite": ["C509", "C509", "C509", None],
        "hist": ["8000", "8000", "8001", "8000"],
        "390": ["20200301", "2021", "2020", "2020"],
        "x": ["1", "2", None, ""],
    }
)


def columns(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({"primarySite": "site"})


def run(*arguments: object) -> int:
    return main([str(argument) for argument in ("stage", *arguments)])


@pytest.mark.parametrize("source", ["csv", "parquet"])
@pytest.mark.parametrize("target", ["csv", "parquet", "jsonl"])
def test_table_is_staged_into_every_kind_of_file(
    tmp_path: Path, small: Algorithm, source: str, target: str
) -> None:
    file, out = tmp_path / f"cases.{source}", tmp_path / f"staged.{target}"
    frame = columns(CASES)
    frame.write_csv(file) if source == "csv" else frame.write_parquet(file)
    assert run(file, "--algorithm", small.path, "--current-year", 2026, "-o", out) == 0
    if target == "jsonl":
        answers = [json.loads(line) for line in out.read_text().splitlines()]
        assert [answer["output"].get("out") for answer in answers] == ["a", "b", "none", None]
        return
    read = pl.read_csv(out, infer_schema=False) if target == "csv" else pl.read_parquet(out)
    assert read["out"].to_list() == ["a", "b", "none", None]
    assert read["patient"].to_list() == ["1", "2", "3", "4"]
    assert read["result"].to_list()[-1] == "FAILED_MISSING_SITE_OR_HISTOLOGY"


def test_json_lines_are_answered_in_order_and_bad_ones_named(
    tmp_path: Path, small: Algorithm, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps(GIVEN | {"x": "1"}), "{", json.dumps(GIVEN | {"x": 1}), "[]",
             json.dumps(GIVEN | {"é": None}), json.dumps(GIVEN)]  # fmt: skip
    file, out = tmp_path / "cases.jsonl.gz", tmp_path / "staged.jsonl"
    file.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert run(file, "--algorithm", small.path, "--current-year", 2026, "-o", out) == 3
    answers = [json.loads(line) for line in out.read_text().splitlines()]
    unreadable = "FAILED_UNREADABLE_LINE"
    assert [answer["result"] for answer in answers] == [
        "STAGED", unreadable, unreadable, unreadable, "FAILED_INVALID_INPUT", "STAGED",
    ]  # fmt: skip
    assert answers[2]["errors"][0]["key"] == "x"
    assert answers[4]["errors"][0]["key"] == "é"
    assert "3 FAILED_UNREADABLE_LINE" in capsys.readouterr().err


def test_explanation_stands_beside_each_case(tmp_path: Path, small: Algorithm) -> None:
    file, out = tmp_path / "cases.jsonl", tmp_path / "staged.jsonl"
    file.write_text(json.dumps(GIVEN | {"x": "2"}))
    run(file, "--algorithm", small.path, "--current-year", 2026, "--explain", "-o", out)
    (told,) = json.loads(out.read_text())["explain"]
    assert (told["output"], told["table"], told["row"]) == ("out", "t", 2)
    assert told["cells"] == {"x": "2", "out": "VALUE:b"}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_parts_and_workers_do_not_change_the_result(
    tmp_path: Path, small: Algorithm, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    many = pl.concat([columns(CASES)] * 50)
    many.write_parquet(tmp_path / "cases.parquet")
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 30)
    settings = files.Settings(str(small.path), 2026)
    out = tmp_path / "staged.parquet"
    files.stage_file(tmp_path / "cases.parquet", out, settings, workers=workers)
    assert pl.read_parquet(out)["out"].to_list() == ["a", "b", "none", None] * 50


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (columns(CASES).drop("hist"), "S011"),
        (columns(CASES).with_columns(pl.col("390").cast(pl.Int64)), "S012"),
        (columns(CASES).with_columns(year_dx=pl.lit("2020")), "S010"),
        (columns(CASES).with_columns(result=pl.lit("")), "S013"),
    ],
    ids=["no histology", "numbers", "two columns for one input", "name in use"],
)
def test_columns_that_cannot_be_used_are_told_before_anything_is_written(
    tmp_path: Path, small: Algorithm, frame: pl.DataFrame, code: str
) -> None:
    frame.write_parquet(tmp_path / "cases.parquet")
    out = tmp_path / "staged.parquet"
    out.write_text("as it was")
    settings = files.Settings(str(small.path), 2026)
    with pytest.raises(StageError, match=code):
        files.stage_file(tmp_path / "cases.parquet", out, settings)
    assert out.read_text() == "as it was"
    with pytest.raises(StageError, match=code):
        small.stage(frame)


def test_file_that_breaks_off_leaves_nothing_half_written(tmp_path: Path, small: Algorithm) -> None:
    file, out = tmp_path / "cases.jsonl.gz", tmp_path / "staged.jsonl"
    file.write_bytes(gzip.compress(json.dumps(GIVEN).encode() * 500)[:-20])
    with pytest.raises(StageError, match="S016"):
        files.stage_file(file, out, files.Settings(str(small.path), 2026))
    assert not list(tmp_path.glob(".staged*"))
    assert not out.exists()
    with pytest.raises(StageError, match="S015"):
        files.stage_file(file, tmp_path / "staged.txt", files.Settings(str(small.path), 2026))
    with pytest.raises(StageError, match="S017"):
        files.stage_file(file, tmp_path / "no" / "a.jsonl", files.Settings(str(small.path), 2026))


def test_frames_lazy_frames_and_cases_agree(small: Algorithm) -> None:
    staged = small.stage(columns(CASES))
    assert small.stage(columns(CASES).lazy()).collect().equals(staged)
    assert staged["path"].to_list() == ["m.t", "m.t", "m.t", ""]
    case = small.stage_case(GIVEN | {"x": "1"})
    assert (case.result, case.output, case.errors) == ("STAGED", {"out": "a"}, ())
    with pytest.raises(StageError, match="S012"):
        small.stage_case(GIVEN | {"x": 1})  # type: ignore[dict-item]
    assert small.stage(columns(CASES).clear())["errors"].dtype == staged["errors"].dtype


def test_lenient_ignores_and_names_inputs_of_other_schemas(tmp_path: Path) -> None:
    schemas = [
        schema(name="breast", select="breast", inputs=[{"key": "x"}], outputs=OUT, stages=STAGE),
        schema(name="prostate", select="prostate", inputs=[{"key": "y"}], outputs=OUT),
    ]
    tables = [
        T,
        table("breast", "site", "result", [["C509", "MATCH"]]),
        table("prostate", "site", "result", [["C619", "MATCH"]]),
    ]
    algorithm = make(tmp_path, schemas, tables)
    frame = pl.DataFrame([GIVEN | {"x": "1", "y": "1"}, GIVEN | {"site": "C619", "y": "1"}])
    strict, lenient = algorithm.stage(frame), algorithm.stage(frame, strict=False)
    assert strict["result"].to_list() == ["FAILED_INVALID_INPUT", "STAGED"]
    assert lenient["result"].to_list() == ["STAGED", "STAGED"]
    assert lenient["ignored"].to_list() == [["y"], []]
    assert algorithm.stage_case(GIVEN | {"x": "1", "y": "1"}, strict=False).ignored == ("y",)


def test_versions_are_compared_with_reasons(
    tmp_path: Path, small: Algorithm, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = table("t", "x", "out", [["1", "VALUE:z"], ["2", "VALUE:b"]])
    own = schema(inputs=[{"key": "x"}], outputs=OUT, stages=STAGE, version="2.0")
    new = write_zip(tmp_path / "small-2.0.zip", [own], [changed])
    columns(CASES).write_csv(tmp_path / "cases.csv")
    arguments = (small.path, new, tmp_path / "cases.csv", "--current-year", 2026)
    assert run("diff", *arguments) == 1
    (row,) = pl.read_csv(capsys.readouterr().out.encode(), infer_schema=False).to_dicts()
    assert {key: row[key] for key in ("row", "field", "old", "new")} == {
        "row": "1", "field": "out", "old": "a", "new": "z",
    }  # fmt: skip
    assert row["why"] == "set by row 1 of t (1 | VALUE:a), now by row 1 of t (1 | VALUE:z)"
    assert run("diff", small.path, small.path, *arguments[2:]) == 0
    assert run("diff", small.path, tmp_path / "cases.csv", *arguments[2:]) == 2


def test_algorithms_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--format", "json") == 0
    names = [row["name"] for row in json.loads(capsys.readouterr().out)]
    assert "eod_public-3.3" in names
