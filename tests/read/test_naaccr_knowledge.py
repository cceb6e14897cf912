"""The tables of NAACCR items and codes hold together, and every row has its source."""

import re
from pathlib import Path

import polars as pl
import pytest

from outspread.anatomy.load import sites
from outspread.read.naaccr.knowledge import known_codes, known_items
from outspread.read.vocabulary import load_rows
from outspread.tables import LATERALITY, METHOD, MODALITY, STAGE_BASIS, STATUS, TREATMENT_STATUS

SOURCES = (Path(__file__).parents[2] / "docs/sources.bib").read_text(encoding="utf-8")
FILES = ("naaccr_items.csv", "naaccr_codes.csv", "naaccr_editions.csv")


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_a_source_that_resolves(name: str) -> None:
    keys = {row["source"].split(":")[0] for row in load_rows(name)}
    assert keys <= set(re.findall(r"^@\w+\{(\w+),", SOURCES, re.MULTILINE))


def test_items_stand_once() -> None:
    assert known_items()["item"].is_unique().all()


def test_codes_of_a_family_stand_once() -> None:
    assert known_codes().select("codes", "value").is_unique().all()


def test_every_family_of_codes_is_used_and_every_item_has_its_family() -> None:
    assert set(known_items()["codes"].drop_nulls()) - set(known_codes()["codes"]) == set()
    assert set(known_codes()["codes"]) - set(known_items()["codes"].drop_nulls()) == set()


@pytest.mark.parametrize(
    ("becomes", "allowed"),
    [("course", STATUS), ("treatment", TREATMENT_STATUS)],
)
def test_meanings_are_of_the_words_of_the_tables(becomes: str, allowed: tuple[str, ...]) -> None:
    families = known_items().filter(pl.col("becomes") == becomes)["codes"].unique()
    meant = known_codes().filter(pl.col("codes").is_in(families.implode()))["means"]
    assert set(meant.drop_nulls()) <= set(allowed)


@pytest.mark.parametrize(
    ("family", "allowed"),
    [("laterality", LATERALITY), ("confirmation", METHOD)],
)
def test_named_families_are_of_the_words_of_the_tables(
    family: str, allowed: tuple[str, ...]
) -> None:
    meant = known_codes().filter(pl.col("codes") == family)["means"]
    assert set(meant.drop_nulls()) <= set(allowed)


def test_sites_and_modalities_and_bases_are_known() -> None:
    places = set(sites()["id"])
    items = known_items()
    assert set(known_codes()["site"].drop_nulls()) <= places
    assert set(items.filter(pl.col("becomes").is_in(["spread", "nodes"]))["name"]) <= places
    assert set(items.filter(pl.col("becomes") == "treatment")["name"]) <= set(MODALITY)
    assert set(items.filter(pl.col("becomes") == "stage")["basis"]) <= set(STAGE_BASIS)


def test_items_that_date_others_are_dates() -> None:
    dates = set(known_items().filter(pl.col("becomes") == "date")["item"])
    named = {item for names in known_items()["date"].drop_nulls() for item in names.split(" ")}
    assert named <= dates


def test_what_an_unknown_or_not_applicable_code_means_is_never_no() -> None:
    spread = known_codes().filter(pl.col("codes").str.starts_with("spread"))
    silent = spread.filter(pl.col("detail").is_in(["unknown", "not_applicable"]))
    assert silent.height == 4
    assert silent["polarity"].null_count() == 4
