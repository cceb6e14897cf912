"""Where a place counts: golden cases, agreement with the reference, and single rules."""

from pathlib import Path

import polars as pl
import pytest

from outspread.anatomy import load
from outspread.anatomy.relate import OUTPUT, relate
from outspread.anatomy.words import relate_one, relate_table
from outspread.errors import KnowledgeError

from .shared_files import shared

CASES = pl.read_csv(Path(__file__).parents[1] / "cases" / "relate.csv", infer_schema=False)
FACTS = ("reach", "tnm_field", "summary_stage_class")


@pytest.fixture(scope="module")
def answered() -> pl.DataFrame:
    asked = CASES.drop(FACTS).rename({"primary": "primary_group"})
    return relate(asked).select("case", *FACTS)


@pytest.mark.parametrize("case", CASES["case"])
def test_golden_case(case: str, answered: pl.DataFrame) -> None:
    expected = CASES.filter(pl.col("case") == case).select(FACTS).row(0)
    assert answered.filter(pl.col("case") == case).select(FACTS).row(0) == expected


@pytest.mark.parametrize("fact", FACTS)
def test_agrees_with_the_reference_cases(fact: str) -> None:
    cases = pl.read_csv(shared("knowledge", "anatomy", "check.csv"), infer_schema=False)
    answers = relate_table(cases)
    scored = answers.filter(pl.col(f"expected_{fact}").fill_null("uncertain") != "uncertain")
    same = (scored[fact] == scored[f"expected_{fact}"]).mean()
    assert same is not None
    assert same >= 0.99


def test_node_rows_asked_one_by_one_give_their_own_reach() -> None:
    parts = load.load("subsites").select("icdo3", "words", part="id")
    rows = load.load("relations").filter(
        pl.col("kind") == "node", pl.col("site").str.starts_with("ln_")
    )
    rows = rows.join(parts, left_on="subsite", right_on="part", how="left")
    asked = rows.select(
        "id",
        "site",
        primary_group="group",
        laterality=pl.col("side").str.split("|").list.first(),
        topography=pl.col("icdo3").str.head(5),
        subsite=pl.col("words").str.split("|").list.first(),
        phrase="when",
        row_reach=pl.when(pl.col("reach_deposit").str.contains("|", literal=True))
        .then(pl.lit("unknown"))
        .otherwise("reach_deposit"),
    ).drop_nulls("row_reach")  # fmt: skip
    other = relate(asked).filter(pl.col("row_reach") != pl.col("reach"))
    # The source lists the para-aortic nodes of the ampulla twice, as regional and as distant.
    assert set(other["site"]) <= {"ln_para_aortic"}
    assert set(other["primary_group"]) <= {"ampulla"}


def test_every_node_of_every_solid_primary_has_an_answer_and_a_reason() -> None:
    nodes = load.sites().filter("is_node")["id"]
    solid = load.primaries().filter(pl.col("spread_logic") == "solid")["id"]
    asked = pl.DataFrame({"primary_group": solid}).join(pl.DataFrame({"site": nodes}), how="cross")
    answers = relate(asked)
    assert answers["reach"].null_count() == 0
    assert answers["knowledge_rows"].list.len().min() == 1


@pytest.mark.parametrize("site", ["liver", "ln_axillary", "csf", "bone_marrow"])
@pytest.mark.parametrize("primary", ["lymphoma", "leukemia_other", "myeloma", "mycosis_fungoides"])
def test_blood_cancers_have_no_reach(primary: str, site: str) -> None:
    answer = relate_one(primary, site).row(0, named=True)
    assert answer["reach"] is None
    assert answer["decided_by"] == "scope"
    assert answer["knowledge_rows"][0].startswith("H")


def test_a_node_chain_never_inherits_from_its_parent() -> None:
    answer = relate_one("colon", "ln_sigmoid", topography="C18.2").row(0, named=True)
    assert answer["reach"] == "unknown"
    assert answer["candidates"] == ["distant_node", "regional_node"]
    assert answer["knowledge_rows"][0] == "D13"


@pytest.mark.parametrize(
    ("phrase", "used"),
    [
        ("invades the bladder", "contiguous"),
        ("bladder metastasis", "discontiguous"),
        ("bladder", "contiguous"),
        (None, "contiguous"),
        ("metastasis invading the bladder", "contiguous"),
    ],
    ids=["growth", "deposit", "neither", "no words", "both"],
)
def test_words_tell_growth_from_deposit(phrase: str | None, used: str) -> None:
    assert relate_one("prostate", "bladder", phrase=phrase)["contiguity_used"].item() == used


def test_what_had_to_be_assumed_is_marked_and_keeps_the_other_reach() -> None:
    answer = relate_one("prostate", "bladder").row(0, named=True)
    assert answer["decided_by"] == "assumed"
    assert answer["reach"] == "nearby_tissue"
    assert answer["candidates"] == ["distant", "nearby_tissue"]


def test_a_stated_contiguity_leaves_one_candidate() -> None:
    answer = relate_one("prostate", "bladder", contiguity="contiguous").row(0, named=True)
    assert answer["candidates"] == ["nearby_tissue"]


@pytest.mark.parametrize("code", ["C50.4", "C504", "C50", "C50.9"])
def test_any_form_of_the_topography_is_read(code: str) -> None:
    assert relate_one("breast", "ln_axillary", topography=code)["reach"].item() == "regional_node"


def test_more_tumor_in_the_own_organ_is_no_metastasis() -> None:
    answer = relate_one("prostate", "prostate", contiguity="discontiguous").row(0, named=True)
    assert answer["reach"] == "unknown"
    assert answer["knowledge_rows"] == ["P02"]


def test_a_code_of_a_class_of_organs_asks_all_of_them() -> None:
    assert relate_one("breast", "digestive_organ")["reach"].item() == "distant"
    assert relate_one("prostate", "genital_organ")["reach"].item() == "unknown"


def test_missing_columns_count_as_not_stated() -> None:
    few = pl.DataFrame({"primary_group": ["lung"], "site": ["brain"]})
    assert relate(few).columns == ["primary_group", "site", *OUTPUT]


def test_no_question_gives_no_answer() -> None:
    none = pl.DataFrame(schema={"primary_group": pl.String, "site": pl.String})
    assert relate(none).height == 0


def test_closed_sets_may_come_as_enums() -> None:
    asked = pl.DataFrame(
        {"primary_group": ["lung"], "site": ["lung"], "laterality": ["contralateral"]},
        schema_overrides={"laterality": pl.Enum(["ipsilateral", "contralateral", "bilateral"])},
    )
    assert relate(asked)["reach"].item() == "distant"


def test_an_unknown_primary_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="K020"):
        relate_one("brest", "liver")


def test_an_unknown_site_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="K021"):
        relate_one("breast", "livver")


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="K022"):
        relate_table(pl.DataFrame({"site": ["liver"]}))
