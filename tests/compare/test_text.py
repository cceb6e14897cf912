"""The difference as text: grouped by cause, narrow, and short unless written to a file."""

from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from compare.runs import altered, copied, told
from outspread.compare import compare
from outspread.compare.text import SHOWN_PEOPLE, WIDTH, difference_lines
from people import primary, secondary

PEOPLE = SHOWN_PEOPLE + 3


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("text")
    some = [primary("breast", patient_id=f"p{number:02}") for number in range(PEOPLE)]
    place_of = [secondary("bone", patient_id="p00"), secondary("liver", patient_id="new")]
    old = told(place, "old", *some)
    new = copied(told(place, "plain", *some, *place_of), place / "new", outspread="9.9")
    far = pl.when(pl.col("patient_id") != "new").then(pl.lit("in_situ")).otherwise("extent")
    return old, altered(new, "disease", extent=far)


def test_people_stand_under_their_causes(runs: tuple[Path, Path]) -> None:
    lines = list(difference_lines(compare(*runs)))
    assert lines[0] == "New rules: outspread 0.1.0 -> 9.9"
    heads = [line for line, below in pairwise(lines) if set(below) == {"-"}]
    assert heads == [
        "New data: 1 person",
        "New rules: 22 people",
        "New data and new rules: 1 person",
    ]
    start = lines.index("p00")
    assert lines[start : start + 4] == [
        "p00",
        "  breast cancer with bone metastases",
        "    was: breast cancer, extent unknown",
        "    extent: unknown -> in situ",
    ]
    assert "    came: bone (distant, confirmed)" in lines
    assert "  came: metastatic cancer, primary not stated, in liver" in lines


def test_text_is_short_and_narrow(runs: tuple[Path, Path]) -> None:
    found = compare(*runs)
    few, all_of = list(difference_lines(found)), list(difference_lines(found, most=None))
    assert "and 2 more; -o FILE writes all of them" in few
    shown = [sum(line.startswith("p") for line in lines) for lines in (few, all_of)]
    assert shown == [SHOWN_PEOPLE + 1, PEOPLE]
    assert max(map(len, few)) <= WIDTH


def test_counts_stand_at_the_end(runs: tuple[Path, Path]) -> None:
    lines = list(difference_lines(compare(*runs)))
    end = lines.index(f"{PEOPLE + 1} people: {PEOPLE} changed, 1 came, 0 went")
    assert lines[-1].split() == ["unknown", str(PEOPLE)] or "in situ" in "\n".join(lines[end:])


def test_same_runs_are_said_so(runs: tuple[Path, Path]) -> None:
    assert list(difference_lines(compare(runs[0], runs[0]))) == [
        "Both runs have the same rules, knowledge and settings.",
        "",
        f"{PEOPLE} people: 0 changed, 0 came, 0 went",
    ]
