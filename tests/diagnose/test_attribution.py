"""Whose spread a place is, and why."""

from datetime import date

import polars as pl
import pytest

from outspread.diagnose import StoryTables
from people import Case, Row, primary, secondary, stage, stories, story, tumor


def attributions(tables: StoryTables) -> list[tuple]:
    spread = tables.lesion.filter(pl.col("role") == "secondary")
    owners = spread.join(tables.disease, on=["patient_id", "disease_id"], suffix="_disease")
    return owners.select("site", "primary", "attribution").rows()


def test_the_only_solid_cancer_takes_the_spread() -> None:
    tables = story(primary("lymphoma"), primary("colon"), secondary("liver"))
    assert attributions(tables) == [("liver", "colon", "only_primary")]


def test_a_stated_origin_goes_before_everything() -> None:
    rows = [primary("breast"), primary("lung"), secondary("liver", origin="lung")]
    assert attributions(story(*rows)) == [("liver", "lung", "stated")]


def test_a_link_in_the_source_decides_between_two() -> None:
    rows = [
        primary("breast", source_ref="Condition/b"),
        primary("lung", source_ref="Condition/l"),
        secondary("liver", about_ref="Condition/b"),
    ]
    assert attributions(story(*rows)) == [("liver", "breast", "linked")]


def test_without_link_two_cancers_leave_it_undetermined() -> None:
    tables = story(primary("breast"), primary("lung"), secondary("liver"))
    owner = tables.disease.row(by_predicate=pl.col("primary").is_null(), named=True)
    assert owner["origin_status"] == "undetermined"
    assert owner["candidate_primaries"] == ["lung", "breast"]
    assert tables.disease["possible_extent"].to_list() == ["distant", "distant", None]


def test_a_primary_that_is_only_possible_takes_no_spread() -> None:
    tables = story(primary("lung", certainty="possible"), secondary("bone"))
    owner = tables.disease.row(by_predicate=pl.col("primary").is_null(), named=True)
    assert (owner["origin_status"], owner["candidate_primaries"]) == ("not_stated", ["lung"])


def test_a_secondary_never_founds_a_primary() -> None:
    tables = story(secondary("colon"), secondary("liver"))
    assert tables.disease["primary"].to_list() == [None]


def test_a_doubtful_side_does_not_move_a_known_cancer() -> None:
    doubt = primary("breast", laterality="right", certainty="possible")
    diseases = story(primary("breast", laterality="left"), doubt).disease
    assert diseases.select("laterality", "certainty").rows() == [
        ("left", "confirmed"),
        ("right", "possible"),
    ]


def test_statement_without_side_joins_the_known_side() -> None:
    diseases = story(primary("breast"), primary("breast", laterality="left")).disease
    assert diseases["laterality"].to_list() == ["left"]
    assert diseases["evidence_ids"].list.len().to_list() == [2]


def test_a_cancer_in_situ_takes_no_spread_by_default() -> None:
    tables = story(primary("breast", behavior="in_situ"), secondary("bone"))
    owner = tables.disease.row(by_predicate=pl.col("primary").is_null(), named=True)
    assert (owner["origin_status"], owner["candidate_primaries"]) == ("not_stated", ["breast"])


def test_an_own_organ_code_stays_with_its_organ_beside_another_cancer() -> None:
    tables = story(primary("prostate"), primary("lung"), secondary("prostate"))
    assert tables.conflict["kind"].to_list() == ["conflict.own_organ"]
    assert tables.disease.select("primary", "possible_extent").rows() == [
        ("lung", None),
        ("prostate", "distant"),
    ]


def test_a_stage_near_one_diagnosis_is_of_that_cancer() -> None:
    breast = primary("breast", date=date(2010, 3, 1))
    lung = primary("lung", date=date(2020, 3, 1))
    diseases = story(breast, lung, stage(m="1", date=date(2020, 4, 1))).disease
    assert diseases.select("primary", "extent").rows() == [
        ("breast", "unknown"),
        ("lung", "distant"),
    ]


def test_a_stage_that_could_be_of_two_cancers_counts_for_none() -> None:
    tables = story(primary("breast"), primary("lung"), stage(m="1"))
    assert tables.disease["extent"].to_list() == ["unknown", "unknown"]
    assert "conflict.stage_unattributed" in tables.conflict["kind"].to_list()


HISTOLOGY = {
    "melanoma": (
        [primary("melanoma_skin"), primary("colon"), secondary("liver", morphology="8720")],
        [("liver", "melanoma_skin", "histology")],
    ),
    "small_cell": (
        [primary("lung", morphology="8041"), primary("breast", morphology="8500"),
         secondary("liver", morphology="8041")],
        [("liver", "lung", "histology")],
    ),
    "small_cell_and_a_cancer_of_unsaid_histology": (
        [primary("lung", morphology="8041"), primary("breast"),
         secondary("liver", morphology="8041")],
        [("liver", None, "undetermined")],
    ),
    "carcinoid": (
        [primary("net_small_intestine"), primary("colon"), secondary("liver", morphology="8240")],
        [("liver", "net_small_intestine", "histology")],
    ),
    "adenocarcinoma_fits_both": (
        [primary("lung", morphology="8140"), primary("breast", morphology="8500"),
         secondary("liver", morphology="8140")],
        [("liver", None, "undetermined")],
    ),
    "carcinoma_says_too_little": (
        [primary("melanoma_skin"), primary("colon"), secondary("liver", morphology="8000")],
        [("liver", None, "undetermined")],
    ),
    "the_only_cancer_cannot_be_it": (
        [primary("prostate", morphology="8140"), secondary("liver", morphology="8720")],
        [("liver", None, "none")],
    ),
    "the_only_cancer_may_have_changed": (
        [primary("prostate", morphology="8140"), secondary("liver", morphology="8041")],
        [("liver", "prostate", "only_primary")],
    ),
    "a_link_goes_before_histology": (
        [primary("melanoma_skin"), primary("colon", source_ref="c"),
         secondary("liver", morphology="8720", about_ref="c")],
        [("liver", "colon", "linked")],
    ),
    "the_side_that_has_a_cancer_of_its_own": (
        [primary("breast", laterality="left"), primary("breast", laterality="right"),
         secondary("bone", origin="breast"), secondary("breast", laterality="right")],
        [("bone", None, "undetermined")],
    ),
    "other_side_of_a_single_cancer": (
        [primary("breast", laterality="left"), secondary("breast", laterality="right")],
        [("breast", "breast", "only_primary")],
    ),
}  # fmt: skip


parted = stories({name: Case(rows) for name, (rows, _) in HISTOLOGY.items()})


@pytest.mark.parametrize("case", HISTOLOGY)
def test_histology_and_side(case) -> None:
    assert attributions(parted(case)) == HISTOLOGY[case][1]


def candidates(tables: StoryTables) -> tuple[list[str], list[str]]:
    owner = tables.disease.row(by_predicate=pl.col("origin_status") == "undetermined", named=True)
    return owner["candidate_primaries"], owner["candidate_reasons"]


RANKS = {
    "published_share": (
        [primary("prostate"), primary("breast"), secondary("liver")], ["breast", "prostate"],
    ),
    "share_of_another_place": (
        [primary("prostate"), primary("breast"), secondary("bone")], ["prostate", "breast"],
    ),
    "known_spread_before_share": (
        [primary("prostate"), primary("breast"), secondary("liver"),
         secondary("bone", origin="prostate")],
        ["prostate", "breast"],
    ),
    "spread_known_only_later": (
        [primary("prostate"), primary("breast"), secondary("liver", date=date(2019, 1, 1)),
         secondary("bone", origin="prostate", date=date(2020, 1, 1))],
        ["breast", "prostate"],
    ),
    "histology_before_known_spread": (
        [primary("lung", morphology="8070"), primary("breast", morphology="8500"),
         primary("kidney"), secondary("liver", morphology="8070"),
         secondary("bone", origin="breast")],
        ["lung", "kidney", "breast"],
    ),
    "possible_and_in_situ_last": (
        [primary("prostate"), primary("kidney"), primary("lung", certainty="possible"),
         primary("breast", behavior="in_situ"), secondary("liver")],
        ["kidney", "prostate", "lung", "breast"],
    ),
    "by_name_without_figures": (
        [primary("ovary"), primary("bladder"), secondary("skin")], ["bladder", "ovary"],
    ),
    "both_sides_of_one_cancer": (
        [primary("breast", laterality="left"), primary("breast", laterality="right"),
         primary("lung"), secondary("bone", origin="breast")],
        ["breast"],
    ),
}  # fmt: skip


ranks = stories({name: Case(rows) for name, (rows, _) in RANKS.items()})


@pytest.mark.parametrize("case", RANKS)
def test_candidates_come_most_likely_first_with_a_reason_each(case) -> None:
    ranked, reasons = candidates(ranks(case))
    assert ranked == RANKS[case][1]
    assert len(reasons) == len(ranked)
    assert all(reasons)


def test_spread_of_one_of_two_sides_leaves_other_cancers_alone() -> None:
    rows = [
        primary("breast", laterality="left"),
        primary("breast", laterality="right"),
        primary("lung"),
        secondary("bone", origin="breast"),
    ]
    diseases = story(*rows).disease.filter(pl.col("primary").is_not_null())
    assert diseases.select("primary", "possible_extent").rows() == [
        ("breast", "distant"),
        ("breast", "distant"),
        ("lung", None),
    ]


def test_a_secondary_of_the_other_side_is_an_own_organ_code_where_that_side_has_a_cancer() -> None:
    rows = [
        primary("breast", laterality="left"),
        primary("breast", laterality="right"),
        secondary("breast", laterality="right"),
    ]
    tables = story(*rows)
    assert tables.conflict["kind"].to_list() == ["conflict.own_organ"]
    assert tables.disease.select("laterality", "possible_extent").rows() == [
        ("left", None),
        ("right", "distant"),
    ]


BLOOD = {
    "stated": [primary("lymphoma"), primary("colon"), secondary("liver", origin="lymphoma")],
    "linked": [
        primary("lymphoma", source_ref="l"), primary("colon"), secondary("liver", about_ref="l"),
    ],
}  # fmt: skip


with_blood = stories({name: Case(rows) for name, rows in BLOOD.items()})


@pytest.mark.parametrize("case", BLOOD)
def test_a_place_of_a_blood_cancer_is_no_metastasis_of_another_cancer(case) -> None:
    tables = with_blood(case)
    assert tables.disease.select("primary", "extent").rows() == [
        ("colon", "unknown"),
        ("lymphoma", "not_applicable"),
    ]
    assert "conflict.blood_spread" in tables.conflict["kind"].to_list()


def test_drop_metastases_of_a_brain_tumor_are_its_spread() -> None:
    rows = [primary("brain"), secondary("spinal_cord")]
    assert attributions(story(*rows)) == [("spinal_cord", "brain", "only_primary")]
    assert story(primary("brain"), secondary("brain")).conflict["kind"].to_list() == [
        "conflict.own_organ"
    ]


SELDOM = {
    "nobody_heard_of_it": ("thyroid", "colon", "unknown"),
    "nor_of_this": ("lung", "prostate", "unknown"),
    "a_known_way": ("ovary", "colon", "distant"),
}


seldom = stories({
    f"{name}{linked}": Case([primary(cancer, source_ref="c"),
                             secondary(site, **({"about_ref": "c"} if linked else {}))])
    for name, (cancer, site, _) in SELDOM.items() for linked in ("", " linked")
})  # fmt: skip


@pytest.mark.parametrize("case", SELDOM)
def test_an_organ_that_seldom_holds_metastases_is_open_unless_the_way_is_known(case) -> None:
    tables, extent = seldom(case), SELDOM[case][-1]
    assert tables.disease["extent"].to_list() == [extent]
    assert tables.conflict["kind"].to_list() == (
        ["conflict.seldom_secondary"] if extent == "unknown" else []
    )
    assert seldom(f"{case} linked").disease["extent"].to_list() == ["distant"]


BORDERLINE = {"source_ref": "Tumor/2", "site": "ovary", "behavior": "borderline"}


@pytest.mark.parametrize(
    "statement",
    [secondary("ln_pelvic", about_ref="Tumor/2"), stage(m="1", about_ref="Tumor/2")],
    ids=["spread", "stage"],
)
def test_what_is_of_a_borderline_tumor_is_not_of_the_only_cancer(statement: Row) -> None:
    told = story(primary("thyroid"), tumor("primary", **BORDERLINE), statement)
    thyroid = told.disease.row(by_predicate=pl.col("primary") == "thyroid", named=True)
    assert thyroid["extent"] == "unknown"
    assert thyroid["m"] is None


def test_a_stage_of_a_borderline_tumor_stays_with_its_spread() -> None:
    told = story(
        tumor("primary", **BORDERLINE),
        secondary("bone", about_ref="Tumor/2"),
        stage(m="1", about_ref="Tumor/2"),
    )
    assert told.disease["origin_status"].to_list() == ["not_stated"]
    assert told.disease["m"].to_list() == ["1"]


def test_shares_are_compared_in_one_measure_only() -> None:
    def ranked(*cancers: str) -> tuple[list[str], list[str]]:
        told = story(*map(primary, cancers), secondary("bone")).disease
        owner = told.row(by_predicate=pl.col("primary").is_null(), named=True)
        return owner["candidate_primaries"], owner["candidate_reasons"]

    order, reasons = ranked("kidney", "breast")
    assert order == ["breast", "kidney"]
    assert all("metastatic patients" in reason for reason in reasons)
    order, reasons = ranked("kidney", "thyroid")  # only one measure knows the thyroid
    assert set(order) == {"kidney", "thyroid"}
    assert all("biopsied metastases" in reason for reason in reasons)
