"""A story shows itself as text, at most five patients at a time."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import outspread
from outspread.story import SHOWN_PATIENTS

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.json"))
AS_OF = date(2026, 1, 1)


@pytest.fixture(scope="module")
def story() -> outspread.Story:
    return outspread.diagnose(outspread.read(*EXAMPLES), as_of=AS_OF)


def renamed(records: outspread.Records, suffix: str) -> outspread.Records:
    frames = records.tables()
    return outspread.Records(
        **{n: f.with_columns(pl.col("patient_id") + suffix) for n, f in frames.items()}
    )


def test_repr_tells_every_story(story: outspread.Story) -> None:
    for name in story.disease["name"]:
        assert name in repr(story)


def test_repr_stops_after_some_patients(story: outspread.Story) -> None:
    copies = [renamed(story.records, f"-{i}") for i in range(3)]
    many = outspread.diagnose(outspread.Records.concat(copies), as_of=AS_OF)
    count = many.disease["patient_id"].n_unique()
    assert count > SHOWN_PATIENTS
    assert repr(many).endswith(f"... and {count - SHOWN_PATIENTS} more")


def test_html_is_escaped(story: outspread.Story) -> None:
    markup = renamed(story.records, "<script>")
    html = outspread.diagnose(markup, as_of=AS_OF)._repr_html_()
    assert "<script>" not in html
    assert html.startswith("<pre>")


def test_no_cancer_is_said_so() -> None:
    assert "No cancer" in repr(outspread.diagnose(outspread.Records(), as_of=AS_OF))
