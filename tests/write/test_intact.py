"""A folder that is damaged or was changed gives one line with a stable code, whoever reads it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from outspread import run
from outspread.cli import main
from outspread.errors import StoreError
from outspread.serve import app
from outspread.tables import TABLES
from outspread.write.tables import read_patient
from people import AS_OF

EXAMPLE = Path(__file__).parents[2] / "examples" / "breast-years-later.json"
WHO = "example-breast"
VALUE = "Zebedee"  # a value that nobody may hear of
HERE = "http://127.0.0.1:8765"
PAGES = ("patient", "person", "share.html", "story.json", "course.csv", "mcode.json")
COMMANDS = {
    "html": ("report", WHO),
    "person": ("report", WHO, "--person"),
    "fhir": ("report", WHO, "--format", "fhir"),
    "explain": ("explain", WHO),
    "explain-all": ("explain",),
    "plan": ("plan", WHO),
    "plan-all": ("plan",),
}
Spoil = Callable[[Path], object]


def changed(table: str, **columns: object) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / f"{table}.parquet"
        pl.read_parquet(path).with_columns(**columns).write_parquet(path)

    return spoil


def added(table: str, **values: object) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / f"{table}.parquet"
        rows = pl.read_parquet(path)
        more = rows.head(1).with_columns(
            pl.lit(value).cast(rows.schema[name]).alias(name) for name, value in values.items()
        )
        pl.concat([rows, more]).write_parquet(path)

    return spoil


def without(table: str, column: str) -> Spoil:
    return lambda folder: pl.read_parquet(folder / f"{table}.parquet").drop(column).write_parquet(
        folder / f"{table}.parquet"
    )  # fmt: skip


def cut(table: str, share: float) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / f"{table}.parquet"
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return spoil


FAULTS: dict[str, tuple[Spoil, str]] = {
    "missing table": (lambda folder: (folder / "lesion.parquet").unlink(), "W009: lesion.parquet"),
    "table cut off": (cut("disease", 0.5), "W009: disease.parquet"),
    "table empty": (cut("finding", 0), "W009: finding.parquet"),
    "no table at all": (
        lambda folder: (folder / "disease.parquet").write_text(VALUE), "W009: disease.parquet"),
    "column lost": (without("lesion", "reach"), "W009: lesion.parquet .*: reach"),
    "column of another type": (
        changed("disease", evidence_ids=pl.lit(VALUE)), "W009: disease.parquet .*: evidence_ids"),
    "date as number": (
        changed("lesion", first_seen_date=pl.lit(7)), "W009: lesion.parquet .*: first_seen_date"),
    "word outside a closed set": (changed("disease", extent=pl.lit(VALUE)), "W009: disease"),
    "unknown site": (changed("lesion", site=pl.lit(VALUE)), "W012: lesion.parquet .*: site"),
    "unknown site of a finding": (
        changed("finding", site=pl.lit(VALUE)), "W012: finding.parquet .*: site"),
    "unknown cancer": (
        changed("disease", primary=pl.lit(VALUE)), "W012: disease.parquet .*: primary"),
    "unknown candidate": (
        changed("disease", candidate_primaries=pl.lit([VALUE])),
        "W012: disease.parquet .*: candidate_primaries"),
    "empty where nothing may be": (
        changed("disease", name=pl.lit(None, pl.String)), "W012: disease.parquet .*: name"),
    "place of an unknown disease": (
        added("lesion", disease_id=77), "W012: lesion.parquet .*: disease_id"),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("intact") / "whole"
    run([EXAMPLE], out, as_of=AS_OF)
    return out


@pytest.fixture(params=list(FAULTS))
def fault(request: pytest.FixtureRequest, whole: Path, tmp_path: Path) -> tuple[Path, str]:
    """A spoiled folder, and what is said of it."""
    spoil, said = FAULTS[request.param]
    folder = shutil.copytree(whole, tmp_path / "spoiled")
    spoil(folder)
    return folder, said


@pytest.mark.parametrize("form", list(COMMANDS))
def test_every_command_says_what_is_wrong_in_one_line(
    fault: tuple[Path, str], form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, said = fault
    command, *rest = COMMANDS[form]
    assert main([command, str(folder), *rest]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert re.search(said, told.err)
    assert VALUE not in told.err


def test_every_page_says_what_is_wrong(fault: tuple[Path, str]) -> None:
    folder, said = fault
    with TestClient(app(folder), base_url=HERE) as client:
        for page in PAGES:
            answer = client.get(f"/{page}?id={WHO}")
            assert answer.status_code == 500
            assert said.partition(" ")[0] in answer.text
            assert VALUE not in answer.text
        assert "fault of outspread" not in client.get("/?site=bone").text


@pytest.mark.parametrize("table", list(TABLES))
def test_no_table_may_be_missing(whole: Path, tmp_path: Path, table: str) -> None:
    folder = shutil.copytree(whole, tmp_path / "less")
    (folder / f"{table}.parquet").unlink()
    with pytest.raises(StoreError, match=f"W009: {table}.parquet in less"):
        read_patient(folder, WHO)


@pytest.mark.parametrize("table", sorted(TABLES.keys() - {"issue", "patient"}))
def test_rows_of_somebody_else_hang_on_nothing(whole: Path, tmp_path: Path, table: str) -> None:
    """A row of an unknown patient is no patient, and no fault of the others."""
    folder = shutil.copytree(whole, tmp_path / "more")
    added(table, patient_id="zz")(folder)
    assert read_patient(folder, WHO)["disease"].height == 1
    if table in ("lesion", "event"):
        with pytest.raises(StoreError, match=f"W012: {table}.parquet in more"):
            read_patient(folder, "zz")


def test_a_run_record_without_its_date_is_no_output_folder(whole: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(whole, tmp_path / "undated")
    (folder / "run.json").write_text("{}")
    with pytest.raises(StoreError, match=r"W005: run\.json in undated"):
        app(folder)
