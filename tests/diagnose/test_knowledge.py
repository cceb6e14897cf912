"""The data files of the diagnosis hold together, and every row has a source that resolves."""

import re
from importlib import resources
from pathlib import Path

import polars as pl
import pytest

from outspread.anatomy.load import primaries, sites
from outspread.diagnose.attribution import seldom_secondary
from outspread.diagnose.extent import course_extents
from outspread.diagnose.stage import stage_extents
from outspread.diagnose.stage_conflict import t_sizes
from outspread.tables import STATUS
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
    kinds = "identity|attribution|extent|conflict"
    code = "\n".join(path.read_text() for path in (ROOT / "src/outspread/diagnose").glob("*.py"))
    used = set(re.findall(rf'"((?:{kinds})\.[a-z0-9_]+)"', code))
    told = set(rule_sentences())
    assert used <= told
    reasons = ("stated", "linked", "own_organ", "only_primary", "undetermined", "none")
    by_name = {f"attribution.{why}" for why in reasons}
    assert told == used | by_name | {"status.stated"}


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
    assert set(seldom_secondary()["site"]) <= set(sites()["id"])
    assert set(course_extents()["status"]) <= set(STATUS)


def test_no_stage_value_has_two_meanings_in_one_edition() -> None:
    spelled = stage_extents().with_columns(pl.col("edition").str.split(" ")).explode("edition")
    assert spelled.select("primary", "field", "value", "edition").is_duplicated().sum() == 0
