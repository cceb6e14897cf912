"""Whose spread a place is, and why."""

from datetime import date

import polars as pl

from people import primary, secondary, stage, story


def attributions(*rows) -> list[tuple]:
    tables = story(*rows)
    spread = tables.lesion.filter(pl.col("role") == "secondary")
    owners = spread.join(tables.disease, on=["patient_id", "disease_id"], suffix="_disease")
    return owners.select("site", "primary", "attribution").rows()


def test_the_only_solid_cancer_takes_the_spread() -> None:
    assert attributions(primary("lymphoma"), primary("colon"), secondary("liver")) == [
        ("liver", "colon", "only_primary")
    ]


def test_a_stated_origin_goes_before_everything() -> None:
    rows = [primary("breast"), primary("lung"), secondary("liver", origin="lung")]
    assert attributions(*rows) == [("liver", "lung", "stated")]


def test_a_link_in_the_source_decides_between_two() -> None:
    rows = [
        primary("breast", source_ref="Condition/b"),
        primary("lung", source_ref="Condition/l"),
        secondary("liver", about_ref="Condition/b"),
    ]
    assert attributions(*rows) == [("liver", "breast", "linked")]


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
