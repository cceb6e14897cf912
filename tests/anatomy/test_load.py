"""The anatomy files hold together, and broken ones are refused by name."""

import polars as pl
import pytest

from outspread.anatomy import load
from outspread.anatomy.checks import check_file, check_tree
from outspread.anatomy.words import explain_rows
from outspread.errors import KnowledgeError


@pytest.mark.parametrize("name", load.FILES)
def test_each_file_passes_its_checks(name: str) -> None:
    assert load.load(name).height > 0


@pytest.mark.parametrize("name", load.FILES)
def test_each_row_names_a_source(name: str) -> None:
    assert load.load(name)["source"].null_count() == 0


def test_every_site_reaches_the_top_of_the_tree() -> None:
    tops = load.ancestors().group_by("site").agg(pl.max("depth"))
    assert tops.height == load.sites().height
    assert tops["depth"].max() < 8


def test_every_report_site_is_the_site_itself_or_above_it() -> None:
    pairs = load.sites().select("id", "report_site", is_node="is_node").filter(~pl.col("is_node"))
    above = load.ancestors().select(id="site", report_site="at")
    coarser = pairs.join(above, on=["id", "report_site"], how="anti")
    known = set(load.sites()["id"])
    assert set(coarser["report_site"]) <= known


def test_every_site_has_a_name_for_its_metastasis() -> None:
    assert load.sites()["metastasis_name"].null_count() == 0
    names = dict(load.sites().select("id", "metastasis_name").rows())
    assert names["bone"] == "bone metastases"
    assert names["ascites"] == "malignant ascites"


def test_every_topography_of_a_primary_exists() -> None:
    solid = load.primaries().filter(pl.col("spread_logic") == "solid").drop_nulls("icdo3")
    assert set(solid["id"]) <= set(load.primary_topographies()["primary"])


def test_every_row_and_rule_can_be_explained() -> None:
    ids = [*load.load("relations")["id"], *load.load("rules")["id"], *load.load("exceptions")["id"]]
    explained = explain_rows(ids)
    assert explained["says"].null_count() == 0
    assert explained["source"].null_count() == 0


BROKEN = {
    "double key": ("rules", {"id": ["D01", "D01"], "source": ["a", "a"]}, "K002"),
    "no source": ("rules", {"id": ["D01", "D02"], "source": ["a", None]}, "K003"),
    "closed set": ("wording", {"stem": ["a"], "use": ["other"], "source": ["a"]}, "K004"),
    "reference": (
        "topographies",
        {"id": ["C50.0"], "site": ["nowhere"], "source": ["a"]},
        "K005",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused(case: str) -> None:
    name, columns, code = BROKEN[case]
    rest = {other: [None] * len(columns["source"]) for other in load.read_raw(name).columns}
    frame = pl.DataFrame(rest | columns, schema=dict.fromkeys(rest, pl.String))
    with pytest.raises(KnowledgeError, match=code):
        check_file(frame, name, load.read_raw)


def test_a_circle_of_sites_is_refused() -> None:
    circle = pl.DataFrame({"id": ["a", "b"], "parent": ["b", "a"]})
    with pytest.raises(KnowledgeError, match="K006"):
        check_tree(circle)


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="K001"):
        load.read_raw("no_such_file")
