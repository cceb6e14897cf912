"""Why a story differs: each cause alone, together, and none at all."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import outspread
from compare.runs import altered, copied, knowledge, told
from outspread.compare import compare
from people import primary, secondary

BREAST = primary("breast", source_ref="a")
FARTHER = {"extent": pl.lit("distant"), "name": pl.lit("another name")}
FILE = "anatomy/data/relations.csv"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("causes")
    return told(place, "old", BREAST, secondary("ln_axillary", source_ref="b"))


def causes(old: Path, new: Path) -> list[list[str]]:
    return outspread.diff(old, new)["causes"].unique().to_list()


def test_new_evidence_is_new_data(tmp_path: Path, old: Path) -> None:
    new = told(
        tmp_path,
        "new",
        BREAST,
        secondary("ln_axillary", source_ref="b"),
        secondary("bone", source_ref="c"),
    )
    assert causes(old, new) == [["data"]]
    assert causes(new, old) == [["data"]], "gone is data too"


def test_unrelated_data_of_another_person_are_no_cause(tmp_path: Path, old: Path) -> None:
    rows = [BREAST, secondary("ln_axillary", source_ref="b")]
    new = told(tmp_path, "new", *rows, primary("colon", patient_id="second"))
    altered(new, "disease", **FARTHER)
    found = outspread.diff(old, new)
    assert dict(found.select("patient_id", pl.col("causes").list.join("+")).iter_rows()) == {
        "person": "unexplained",
        "second": "data",
    }


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"outspread": "9.9"}, ["rules"]),
        ({"rules": "made up"}, ["rules"]),
        ({"codes": "made up"}, ["unexplained"]),
        ({}, ["unexplained"]),
    ],
    ids=["version", "code", "codes that read nothing otherwise", "nothing"],
)
def test_rules_are_told_by_the_run_record(
    tmp_path: Path, old: Path, record: dict[str, str], expected: list[str]
) -> None:
    new = altered(copied(old, tmp_path / "other", **record), "disease", **FARTHER)
    assert causes(old, new) == [expected]


@pytest.mark.parametrize(
    ("file", "expected"),
    [(FILE, ["knowledge"]), ("diagnose/data/rules.csv", ["rules"])],
    ids=["knowledge", "rules"],
)
def test_made_up_hash_of_a_file_is_its_cause(
    tmp_path: Path, old: Path, file: str, expected: list[str]
) -> None:
    new = copied(old, tmp_path / "other", knowledge=knowledge(old, **{file: "made up"}))
    altered(new, "disease", **FARTHER)
    assert causes(old, new) == [expected]
    assert compare(old, new).runs[expected[0]] == [file]


def test_both_are_listed_where_both_differ(tmp_path: Path, old: Path) -> None:
    hashes = knowledge(old, **{FILE: "made up", "new/data/file.csv": "added"})
    new = altered(
        copied(old, tmp_path / "other", outspread="9.9", knowledge=hashes), "disease", **FARTHER
    )
    assert causes(old, new) == [["rules", "knowledge"]]
    assert compare(old, new).runs["knowledge"] == [FILE, "new/data/file.csv"]


def test_new_knowledge_that_changes_no_story_is_no_change(tmp_path: Path, old: Path) -> None:
    new = copied(
        old, tmp_path / "other", knowledge=knowledge(old, **{FILE: "made up"}), outspread="9.9"
    )
    assert outspread.diff(old, new).is_empty()


def test_another_date_is_another_setting(tmp_path: Path) -> None:
    rows = [
        BREAST,
        secondary("bone", date=date(2024, 5, 1)),
        primary("colon", patient_id="undated"),
    ]
    old = told(tmp_path, "old", *rows, as_of=date(2023, 1, 1))
    new = told(tmp_path, "new", *rows)
    assert causes(old, new) == [["settings"]]
    new = copied(new, tmp_path / "newer", rules="made up")
    altered(new, "disease", **FARTHER)
    found = dict(outspread.diff(old, new).select("patient_id", "causes").unique().iter_rows())
    assert found == {"person": ["rules", "settings"], "undated": ["rules"]}


def test_same_source_read_otherwise_is_not_new_data(tmp_path: Path, old: Path) -> None:
    new = altered(
        copied(old, tmp_path / "other", rules="made up"), "finding", code=pl.lit("read otherwise")
    )
    altered(new, "disease", **FARTHER)
    assert causes(old, new) == [["rules"]]
    altered(new, "raw", content=pl.lit("{other}"))
    assert causes(old, new) == [["data", "rules"]]


def test_evidence_that_differs_is_data_where_nothing_else_does(tmp_path: Path, old: Path) -> None:
    new = altered(copied(old, tmp_path / "other"), "finding", code=pl.lit("read otherwise"))
    altered(new, "disease", **FARTHER)
    assert causes(old, new) == [["data"]]


def test_who_came_or_went_is_data(tmp_path: Path, old: Path) -> None:
    new = told(tmp_path, "new", primary("colon", patient_id="second"))
    new = copied(new, tmp_path / "newer", outspread="9.9")
    found = outspread.diff(old, new)
    assert found.select("patient_id", "what", "old", "new").rows() == [
        ("person", "patient", "locally advanced breast cancer", None),
        ("second", "patient", None, "colon cancer, extent unknown"),
    ]
    assert found["causes"].to_list() == [["data"], ["data"]]
    assert compare(old, new).counts == {"people": 2, "changed": 0, "came": 1, "went": 1}


def test_record_of_an_older_version_says_what_it_lacks(tmp_path: Path, old: Path) -> None:
    older = altered(
        copied(old, tmp_path / "other", rules=None, knowledge=None), "disease", **FARTHER
    )
    found = compare(older, old)
    assert found.changes["causes"].unique().to_list() == [["unexplained"]]
    assert found.notes == [
        "The run record of OLD does not say its rules.",
        "The run record of OLD does not say its knowledge.",
    ]
