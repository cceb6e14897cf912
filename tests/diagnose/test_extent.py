"""How far a cancer counts as having spread, and what leaves it open."""

import pytest

from people import Case, course, primary, secondary, stage, stories, story

EXTENTS = {
    "primary_alone_is_unknown_not_localized": ([primary("colon")], "unknown", None),
    "distant_organ": ([primary("colon"), secondary("liver")], "distant", None),
    "regional_node": ([primary("breast"), secondary("ln_axillary")], "regional", None),
    "same_node_is_distant_for_colon": (
        [primary("colon"), secondary("ln_axillary")], "distant", None,
    ),
    "probable_counts": (
        [primary("colon"), secondary("liver", certainty="probable")], "distant", None,
    ),
    "possible_does_not_count": (
        [primary("colon"), secondary("liver", certainty="possible")], "unknown", "distant",
    ),
    "negated_does_not_count": (
        [primary("colon"), secondary("liver", polarity="negated")], "unknown", None,
    ),
    "relative_does_not_count": (
        [primary("colon"), secondary("liver", experiencer="other")], "unknown", None,
    ),
    "historical_counts": (
        [primary("colon"), secondary("liver", temporality="historical")], "distant", None,
    ),
    "growth_into_the_liver_is_nearby": (
        [primary("colon"), secondary("liver", contiguity="contiguous")], "regional", None,
    ),
    "open_reach_stays_unknown": (
        [primary("rectum"), secondary("ln_pelvic")], "unknown", "distant",
    ),
    "open_reach_does_not_hide_a_distant_place": (
        [primary("rectum"), secondary("ln_pelvic"), secondary("liver")], "distant", None,
    ),
    "m1": ([primary("breast"), stage(m="1")], "distant", None),
    "m_not_applicable": ([primary("breast"), stage(m="not_applicable")], "unknown", None),
    "n_positive": ([primary("breast"), stage(n="2a")], "regional", None),
    "t4_of_breast": ([primary("breast"), stage(t="4b")], "regional", None),
    "t_alone_says_nothing": ([primary("breast"), stage(t="1")], "unknown", None),
    "t1_n0_m0": ([primary("breast"), stage(t="1c", n="0", m="0")], "localized", None),
    "t_n_m_in_three_statements": (
        [primary("breast"), stage(t="2"), stage(n="0"), stage(m="0")], "localized", None,
    ),
    "n0_without_m": ([primary("breast"), stage(t="1", n="0")], "unknown", None),
    "ambiguous_t_of_colon": ([primary("colon"), stage(t="3", n="0", m="0")], "unknown", None),
    "group_iv_of_colon": ([primary("colon"), stage(stage_group="IV")], "distant", None),
    "group_iva_of_oropharynx_is_not_metastatic": (
        [primary("oropharynx"), stage(stage_group="IVA", stage_edition="7")], "regional", None,
    ),
    "group_whose_meaning_hangs_on_the_edition": (
        [primary("stomach"), stage(stage_group="IV")], "unknown", "distant",
    ),
    "group_against_m0": (
        [primary("prostate"), stage(stage_group="IVB"), stage(m="0")], "unknown", "distant",
    ),
    "summary_stage_7_alone_is_open": (
        [primary("colon"), stage(summary_stage="7")], "unknown", "distant",
    ),
    "summary_stage_3": ([primary("colon"), stage(summary_stage="3")], "regional", None),
    "distant_recurrence": ([primary("breast"), course("distant_recurrence")], "distant", None),
    "in_situ": ([primary("breast", behavior="in_situ")], "in_situ", None),
    "in_situ_and_invasive_in_one_source": (
        [primary("breast", behavior="in_situ", source_ref="a"),
         primary("breast", behavior="malignant", source_ref="a")], "unknown", None,
    ),
    "in_situ_first_invasive_later": (
        [primary("breast", behavior="in_situ", source_ref="a"),
         primary("breast", behavior="malignant", source_ref="b")], "unknown", None,
    ),
    "own_organ_code_is_no_place": (
        [primary("prostate"), secondary("prostate")], "unknown", "distant",
    ),
    "other_lung": (
        [primary("lung", laterality="right"), secondary("lung", laterality="left")],
        "distant", None,
    ),
    "blood_cancer": ([primary("lymphoma")], "not_applicable", None),
}  # fmt: skip


extent_story = stories({name: Case(rows) for name, (rows, *_) in EXTENTS.items()})


@pytest.mark.parametrize("case", EXTENTS)
def test_extent(case) -> None:
    disease = extent_story(case).disease.row(0, named=True)
    _, extent, possible = EXTENTS[case]
    assert (disease["extent"], disease["possible_extent"]) == (extent, possible)


def test_the_evidence_that_settles_the_extent_is_the_farthest() -> None:
    tables = story(primary("breast"), secondary("ln_axillary"), secondary("bone"))
    bone = tables.lesion.row(by_predicate=_site("bone"), named=True)
    assert tables.disease["extent_evidence_ids"].to_list() == [bone["evidence_ids"]]


def test_a_statement_after_the_date_is_left_aside() -> None:
    from datetime import date

    later = secondary("liver", date=date(2027, 1, 1))
    assert story(primary("colon"), later).disease["extent"].to_list() == ["unknown"]


def _site(name: str):
    import polars as pl

    return pl.col("site") == name


def test_the_edition_beside_a_stage_is_that_of_its_own_system() -> None:
    summary = stage(summary_stage="3", stage_system="seer", stage_edition="2018")
    disease = story(primary("breast"), stage(t="2", stage_system="ajcc"), summary).disease
    assert disease.select("stage_system", "stage_edition").rows() == [("ajcc", None)]
