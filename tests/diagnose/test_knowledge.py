"""The data files of the diagnosis hold together, and every row has a source that resolves."""

import re
from importlib import resources
from pathlib import Path

import polars as pl
import pytest

from outspread.anatomy.load import primaries, sites
from outspread.diagnose.attribution import seldom_secondary
from outspread.diagnose.clash import BY_EXTENT, conflict_kinds
from outspread.diagnose.extent import course_extents
from outspread.diagnose.knowledge import (
    group_of_histology,
    kin,
    read_table,
    relations,
    same_cancer_rules,
    site_frequencies,
)
from outspread.diagnose.m_category import m_sites
from outspread.diagnose.stage_conflict import t_sizes
from outspread.diagnose.stage_meaning import stage_extents, stage_systems
from outspread.tables import FOLLOWED, SEVERITY, STAGE_MEASURES, STATUS
from outspread.write.wording import rule_sentences

ROOT = Path(__file__).parents[2]
DATA = resources.files("outspread.diagnose") / "data"
FILES = sorted(path.name for path in DATA.iterdir())
KEYS = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "docs/sources.bib").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_a_source_that_resolves(name: str) -> None:
    sources = pl.read_csv(DATA.joinpath(name).read_bytes(), infer_schema=False)["source"]
    keys = {key.split(":")[0] for key in sources.to_list()}
    assert keys - KEYS - {"own"} == set()


def test_rules_that_the_code_gives_and_rules_with_a_sentence_are_the_same() -> None:
    kinds = "identity|attribution|extent|conflict|course|status"
    package = ROOT / "src/outspread"
    paths = [*(package / "diagnose").glob("*.py"), package / "pipeline/official.py"]
    code = "\n".join(path.read_text() for path in paths)
    used = set(re.findall(rf'"((?:{kinds})\.[a-z0-9_]+)"', code))
    told = set(rule_sentences())
    assert used <= told
    reasons = (
        "stated", "linked", "own_organ", "histology", "only_primary", "stage",
        "undetermined", "none",
    )  # fmt: skip
    by_name = {f"attribution.{why}" for why in reasons}
    assert told == used | by_name | set(conflict_kinds()["rule"])


def test_each_kind_of_conflict_has_its_row() -> None:
    kinds = conflict_kinds()
    assert sorted(kinds["kind"]) == sorted(
        rule for rule in rule_sentences() if rule.startswith("conflict.")
    )
    assert set(kinds["severity"]) <= {*SEVERITY, BY_EXTENT}
    assert set(kinds["followed"]) <= set(FOLLOWED)
    assert kinds.filter(
        (pl.col("followed") == "neither") != (pl.col("rule") == "precedence.none")
    ).is_empty()


@pytest.mark.parametrize("rule_id", rule_sentences())
def test_every_rule_says_what_would_change_it(rule_id: str) -> None:
    rule = rule_sentences()[rule_id]
    for words in (rule.sentence, rule.would_change):
        assert words.endswith(".")
        assert words[0].isupper()
    assert len(rule.would_change) < 200


def test_tables_name_cancers_sites_and_courses_that_exist() -> None:
    cancers = {*primaries()["id"], "*"}
    assert set(stage_extents()["primary"]) <= cancers
    assert set(t_sizes()["primary"]) <= cancers
    assert set(m_sites()["primary"]) <= cancers
    assert set(m_sites()["sites"].str.split(" ").explode()) <= set(sites()["id"])
    assert set(seldom_secondary()["site"]) <= set(sites()["id"])
    assert set(course_extents()["status"]) <= set(STATUS)


def test_no_stage_value_has_two_meanings_in_one_edition() -> None:
    spelled = stage_extents().with_columns(pl.col("edition").str.split(" ")).explode("edition")
    plain = spelled.filter(pl.col("histology").is_null())
    key = ["primary", "system", "field", "value", "edition", "min_age", "max_age"]
    assert plain.select(key).is_duplicated().sum() == 0
    assert stage_extents()["row"].is_duplicated().sum() == 0


def test_an_open_meaning_is_open_upwards() -> None:
    assert stage_extents().filter(pl.col("lower") > pl.col("upper")).is_empty()
    assert set(stage_extents()["allowed_m"]) == {"0", "1", "0 1"}


def test_rows_name_families_of_systems_and_systems_say_what_they_measure() -> None:
    systems = stage_systems()
    assert set(stage_extents()["system"]) - {"*"} <= set(systems["family"].drop_nulls())
    assert set(systems["measures"]) <= set(STAGE_MEASURES)
    only_extent = systems.filter(pl.col("family").is_not_null())["measures"]
    assert set(only_extent) == {"extent"}


def test_tables_of_identity_name_cancers_sites_and_groups_that_exist() -> None:
    cancers, groups = set(primaries()["id"]), set(kin()["histology_group"])
    assert set(same_cancer_rules()["primary"]) == cancers
    named = read_table("same_cancer").filter(pl.col("scope") == "primary")["name"]
    assert set(named) <= cancers
    assert set(site_frequencies()["primary"]) <= cancers
    assert set(site_frequencies()["report_site"]) <= set(sites()["report_site"])
    assert set(read_table("broad_origins")["origin"]) <= cancers
    assert set(group_of_histology()["histology_group"]) <= groups
    assert set(kin()["part_of"].drop_nulls()) <= groups
    for name in ("broad_origins", "histology_of_code", "histology_of_primary"):
        assert set(read_table(name)["group"]) <= groups


def test_no_histology_is_in_two_groups() -> None:
    assert not group_of_histology()["morphology"].is_duplicated().any()


@pytest.mark.parametrize(
    ("left", "right", "excludes", "is_far"),
    [
        ("adenocarcinoma", "unspecified", False, False),
        ("adenocarcinoma", "carcinoma", False, False),
        ("small_cell", "neuroendocrine", False, False),
        ("adenocarcinoma", "small_cell", True, False),
        ("carcinoma", "melanoma", True, True),
        ("sarcoma", "gist", False, False),
    ],
)
def test_histologies_exclude_each_other_both_ways(left, right, excludes, is_far) -> None:
    for one, other in ((left, right), (right, left)):
        row = relations().filter((pl.col("left") == one) & (pl.col("right") == other))
        assert row.select("excludes", "is_far").row(0) == (excludes, is_far)
