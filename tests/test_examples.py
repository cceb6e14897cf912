"""The example patients that ship with the project, against the stories a clinician can read.

`pytest tests/test_examples.py --update-cases` writes the stories anew; show the difference to a
reviewer before you keep it.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import outspread
from people import AS_OF

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE.parent / "examples").glob("*.json"))


@cache
def story() -> "outspread.Story":
    """The story of all examples."""
    return outspread.diagnose(outspread.read(*EXAMPLES), as_of=AS_OF)


def owner(path: Path) -> str:
    """The patient of a file."""
    (patient_id,) = story().records.raw.filter(file=path.name)["patient_id"].unique()
    return str(patient_id)


def told(path: Path) -> list[dict[str, Any]]:
    """The story of a file, without ids: what a clinician would check."""
    mine = {name: f.filter(patient_id=owner(path)) for name, f in story().tables().items()}
    return [_disease(row, mine) for row in mine["disease"].iter_rows(named=True)]


def _disease(row: dict[str, Any], story: dict[str, pl.DataFrame]) -> dict[str, Any]:
    mine = pl.col("disease_id") == row["disease_id"]
    facts = (
        "name", "primary", "origin_status", "laterality", "extent", "possible_extent", "status",
        "stage_group", "t", "n", "m", "diagnosed_date", "first_regional_date",
        "first_distant_date", "timing", "interval_days",
    )  # fmt: skip
    places = ("site", "laterality", "role", "reach", "tnm_field", "summary_stage_class", "route",
              "certainty", "attribution", "decided_by", "first_seen_date", "state")  # fmt: skip
    sides = ("kind", "left_says", "right_says", "followed")
    told: dict[str, Any] = {fact: _plain(row[fact]) for fact in facts if row[fact] is not None}
    told["places"] = _rows(story["lesion"].filter(mine), places)
    told["course"] = _rows(story["event"].filter(mine), ("date", "kind", "status", "extent"))
    told["conflicts"] = _rows(story["conflict"].filter(mine), sides)
    return told


def _rows(frame: pl.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {name: _plain(value) for name, value in row.items() if value is not None}
        for row in frame.select(columns).iter_rows(named=True)
    ]


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else str(value)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_tells_the_expected_story(path: Path, *, update_cases: bool) -> None:
    expected = HERE / "cases" / "stories" / path.name
    found = told(path)
    if update_cases:
        expected.write_text(json.dumps(found, indent=2) + "\n")
    assert found == json.loads(expected.read_text())


def test_the_examples_are_those_of_the_readme() -> None:
    names = [disease["name"] for path in EXAMPLES for disease in told(path)]
    assert names == [
        "breast cancer with bone and liver metastases",
        "prostate cancer, extent unknown, possible bone metastases",
        "lung cancer with adrenal and lung metastases, possible brain metastases",
        "locally advanced rectal cancer",
        "cancer of unknown primary with bone and liver metastases",
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_line_of_an_example_cites_evidence_that_is_listed(path: Path) -> None:
    text = story().explain(owner(path))
    assert "No clinician has reviewed" in text
    body, listed = text.split("Evidence\n--------")
    for line in body.splitlines():
        if line.startswith(("Started in", "Spread to")):
            assert "nan" not in line
    assert listed.count("  [") >= 3
