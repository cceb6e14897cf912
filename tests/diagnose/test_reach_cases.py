"""The story against cases from opened sources; what differs is listed with its reason."""

import re
from pathlib import Path
from runpy import run_path

import polars as pl

from outspread.anatomy.load import load, primaries, sites
from outspread.tables import EXTENT
from reach_cases import answers, cases, items, known

ROOT = Path(__file__).parents[2]


def test_there_are_cases_enough_each_with_its_own_source() -> None:
    assert answers().height >= 300
    assert cases()["case_id"].is_unique().all()
    assert cases()["source_url"].str.contains(r"^https?://\S+$").all()
    assert not cases()["source_url"].str.contains("staging.seer.cancer.gov").any()
    assert (cases()["source_says"].str.len_chars() >= 10).all()


def test_cases_speak_of_known_places() -> None:
    known_sites = set(sites()["id"])
    subsites = set(load("subsites")["id"])
    for case in cases().iter_rows(named=True):
        for item in items(case):
            assert re.sub("[@:?].*", "", item).lstrip("-") in known_sites, case["case_id"]
        subsite = case["subsite"] or "C00.0"
        assert subsite in subsites or re.match(r"C\d\d(\.\d)?$", subsite), case["case_id"]
    assert set(cases()["primary"]) <= set(primaries()["id"])
    assert set(cases()["extent"]) <= set(EXTENT)


def test_every_difference_in_extent_is_listed_with_its_reason() -> None:
    apart = answers().filter(pl.col("extent") != pl.col("our_extent"))
    assert sorted(apart["case_id"]) == sorted(known()["case_id"])
    assert (known()["why"].str.len_chars() > 20).all()


def test_names_differ_only_where_the_extent_does() -> None:
    named = answers().filter(
        pl.col("name").is_not_null() & (pl.col("extent") == pl.col("our_extent"))
    )
    assert named.filter(pl.col("name") != pl.col("our_name"))["case_id"].to_list() == []


def test_the_page_on_the_cases_is_fresh() -> None:
    script = run_path(str(ROOT / "scripts" / "reach_agreement.py"))
    assert script["page"]() == script["PAGE"].read_text(encoding="utf-8")
