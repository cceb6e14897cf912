"""One cancer or several: repeats, recurrences, new primaries, sides, histologies, registries."""

from datetime import date

import polars as pl
import pytest

from people import Case, course, primary, secondary, stories, story

FIRST, FREE, LATE, SOON = date(2010, 3, 1), date(2013, 6, 1), date(2018, 5, 1), date(2014, 1, 1)


def registry(cancer: str, number: int, **facts):
    ref = f"Tumor/person-{number:02}"
    return primary(cancer, source_kind="naaccr", source_ref=ref, about_ref=ref, **facts)


def free(day: date, **facts):
    return course("no_sign_of_disease", date=day, **facts)


def lung(morphology: str, ref: str, day: date | None, **facts):
    return primary(
        "lung", morphology=morphology, source_ref=ref, date=day, laterality="left", **facts
    )


def part(cancer: str, topography: str, ref: str, day: date | None, **facts):
    return primary(cancer, topography=topography, source_ref=ref, date=day, **facts)


CASES = {
    "another_segment_of_the_colon_years_later": (
        [part("colon", "C18.2", "a", FIRST), part("colon", "C18.7", "b", LATE)],
        ["identity.same_cancer", "identity.other_subsite"],
    ),
    "another_segment_within_36_months_may_be_an_anastomosis": (
        [part("colon", "C18.2", "a", FIRST), part("colon", "C18.7", "b", date(2012, 3, 1))],
        ["identity.same_cancer"],
    ),
    "two_segments_at_once": (
        [part("colon", "C18.2", "a", FIRST), part("colon", "C18.7", "b", FIRST)],
        ["identity.same_cancer"],
    ),
    "unspecified_and_overlapping_segments_are_any": (
        [part("colon", "C18.2", "a", FIRST), part("colon", "C18.9", "b", LATE),
         part("colon", "C18.8", "c", LATE)],
        ["identity.same_cancer"],
    ),
    "another_segment_called_a_recurrence": (
        [part("colon", "C18.2", "a", FIRST), part("colon", "C18.7", "b", LATE),
         course("local_recurrence", date=LATE)],
        ["identity.same_cancer"],
    ),
    "melanoma_of_another_part_of_the_skin": (
        [part("melanoma_skin", "C44.5", "a", FIRST), part("melanoma_skin", "C44.7", "b", SOON)],
        ["identity.same_cancer", "identity.other_subsite"],
    ),
    "melanomas_of_one_part_of_the_skin": (
        [part("melanoma_skin", "C44.5", "a", FIRST), part("melanoma_skin", "C44.5", "b", SOON)],
        ["identity.same_cancer"],
    ),
    "two_lobes_are_one_lung_cancer": (
        [part("lung", "C34.1", "a", FIRST), part("lung", "C34.3", "b", LATE)],
        ["identity.same_cancer"],
    ),
    "registry_gives_two_of_one_side": (
        [registry("breast", 1, laterality="left", date=FIRST),
         registry("breast", 2, laterality="left", date=LATE)],
        ["identity.registry_tumor", "identity.registry_tumor"],
    ),
    "registry_gives_one_with_two_items": (
        [registry("breast", 1, laterality="left"), registry("breast", 1, size_mm=20.0)],
        ["identity.same_cancer"],
    ),
    "registry_in_situ_and_invasive": (
        [registry("breast", 1, behavior="in_situ", date=FIRST),
         registry("breast", 2, behavior="malignant", date=LATE)],
        ["identity.registry_tumor", "identity.registry_tumor"],
    ),
    "blood_cancers_of_a_registry_stay_one": (
        [registry("lymphoma", 1, date=FIRST), registry("lymphoma", 2, date=LATE)],
        ["identity.blood_cancer"],
    ),
    "repeated_without_a_word": (
        [primary("breast", date=FIRST), primary("breast", date=LATE)], ["identity.same_cancer"],
    ),
    "free_in_between_for_long": (
        [primary("breast", date=FIRST), free(FREE), primary("breast", date=LATE)],
        ["identity.same_cancer", "identity.new_primary"],
    ),
    "free_in_between_too_short": (
        [primary("breast", date=FIRST), free(FREE), primary("breast", date=SOON)],
        ["identity.same_cancer"],
    ),
    "too_short_for_breast_is_long_for_colon": (
        [primary("colon", date=FIRST), free(FREE), primary("colon", date=SOON)],
        ["identity.same_cancer", "identity.new_primary"],
    ),
    "recurrence_starts_the_clock_again": (
        [primary("breast", date=FIRST), course("local_recurrence", date=date(2014, 1, 1)),
         free(date(2015, 1, 1)), primary("breast", date=LATE)],
        ["identity.same_cancer"],
    ),
    "free_before_the_last_sign_of_disease": (
        [primary("colon", date=FIRST), free(FREE), secondary("liver", date=SOON),
         primary("colon", date=LATE)],
        ["identity.same_cancer"],
    ),
    "free_only_possibly": (
        [primary("breast", date=FIRST), free(FREE, certainty="possible"),
         primary("breast", date=LATE)],
        ["identity.same_cancer"],
    ),
    "called_a_recurrence": (
        [primary("breast", date=FIRST), free(FREE), primary("breast", date=LATE),
         course("recurrence", date=LATE)],
        ["identity.same_cancer"],
    ),
    "free_of_which_of_two_cancers": (
        [primary("breast", date=FIRST), primary("colon", date=FIRST), free(FREE),
         primary("breast", date=LATE)],
        ["identity.same_cancer", "identity.same_cancer"],
    ),
    "free_of_this_one": (
        [primary("breast", date=FIRST, source_ref="b"), primary("colon", date=FIRST),
         free(FREE, about_ref="b"), primary("breast", date=LATE)],
        ["identity.same_cancer", "identity.same_cancer", "identity.new_primary"],
    ),
    "prostate_once_in_a_life": (
        [primary("prostate", date=FIRST), free(FREE), primary("prostate", date=LATE)],
        ["identity.same_cancer"],
    ),
    "year_only_may_be_within_the_time": (
        [primary("breast", date=date(2010, 1, 1), date_precision="year"), free(FREE),
         primary("breast", date=date(2015, 6, 1))],
        ["identity.same_cancer"],
    ),
    "small_cell_after_adenocarcinoma": (
        [lung("8140", "a", FIRST), lung("8041", "b", LATE)],
        ["identity.same_cancer", "identity.other_histology"],
    ),
    "two_histologies_at_once": (
        [lung("8140", "a", FIRST), lung("8041", "b", FIRST)], ["identity.same_cancer"],
    ),
    "two_histologies_without_dates": (
        [lung("8140", "a", None), lung("8041", "b", None)], ["identity.same_cancer"],
    ),
    "histology_of_one_condition": (
        [lung("8140", "a", FIRST), lung("8041", "o", LATE, about_ref="a")],
        ["identity.same_cancer"],
    ),
    "coarser_words_for_one": (
        [primary("breast", morphology=code, date=day)
         for code, day in (("8000", FIRST), ("8010", FREE), ("8140", SOON), ("8500", LATE))],
        ["identity.same_cancer"],
    ),
    "both_breasts": (
        [primary("breast", laterality="left"), primary("breast", laterality="right")],
        ["identity.same_cancer", "identity.same_cancer"],
    ),
    "lobes_of_an_organ_that_is_single": (
        [primary("prostate", laterality="left"), primary("prostate", laterality="right")],
        ["identity.same_cancer"],
    ),
    "in_situ_beside_invasive": (
        [primary("breast", behavior="in_situ", date=FIRST),
         primary("breast", behavior="malignant", date=LATE)],
        ["identity.same_cancer"],
    ),
}  # fmt: skip


counted = stories({name: Case(rows) for name, (rows, _) in CASES.items()})


@pytest.mark.parametrize("case", CASES)
def test_number_of_cancers_and_why(case) -> None:
    diseases = counted(case).disease.filter(pl.col("primary").is_not_null())
    assert sorted(diseases["rule_ids"].list.first().to_list()) == sorted(CASES[case][1])


AGAIN = [
    f"conflict.{name}"
    for name in (
        "other_histology", "histology_together", "within_free_time", "called_recurrence",
        "not_said_to_be_free", "other_subsite", "subsite_together",
    )
]  # fmt: skip
DOUBTS = {
    "repeat_within_the_time": ([primary("breast", date=FIRST), primary("breast", date=FREE)], []),
    "repeat_after_the_time": (
        [primary("breast", date=FIRST), primary("breast", date=LATE)], ["info"],
    ),
    "free_too_short": (
        [primary("breast", date=FIRST), free(FREE), primary("breast", date=SOON)], ["warning"],
    ),
    "called_a_recurrence": (
        [primary("breast", date=FIRST), free(FREE), primary("breast", date=LATE),
         course("recurrence", date=LATE)], ["warning"],
    ),
    "two_histologies_at_once": ([lung("8140", "a", FIRST), lung("8041", "b", FIRST)], ["warning"]),
    "other_histology_later": ([lung("8140", "a", FIRST), lung("8041", "b", LATE)], ["info"]),
    "two_segments_at_once": (
        [part("colon", "C18.2", "a", FIRST), part("colon", "C18.7", "b", FIRST)], ["info"],
    ),
    "another_segment_later": (
        [part("colon", "C18.2", "a", FIRST), part("colon", "C18.7", "b", LATE)], ["info"],
    ),
    "new_without_a_doubt": (
        [primary("breast", date=FIRST), free(FREE), primary("breast", date=LATE)], [],
    ),
}  # fmt: skip


doubted = stories({name: Case(rows) for name, (rows, _) in DOUBTS.items()})


@pytest.mark.parametrize("case", DOUBTS)
def test_a_doubt_is_shown_with_both_sides(case) -> None:
    conflicts = doubted(case).conflict.filter(pl.col("kind").is_in(AGAIN))
    assert conflicts["severity"].to_list() == DOUBTS[case][1]
    assert (conflicts["left_evidence_ids"].list.len() > 0).all()
    assert (conflicts["right_evidence_ids"].list.len() > 0).all()


def test_each_tumor_of_a_registry_keeps_its_own_facts_and_spread() -> None:
    tables = story(
        registry("breast", 1, laterality="left", date=FIRST, morphology="8520"),
        registry("breast", 2, laterality="left", date=LATE, morphology="8500"),
        secondary("bone", about_ref="Tumor/person-02", date=LATE),
    )
    facts = tables.disease.select("diagnosed_date", "morphology", "extent").rows()
    assert facts == [(FIRST, "8520", "unknown"), (LATE, "8500", "distant")]


def test_another_source_joins_the_tumor_of_the_registry_on_its_side() -> None:
    rows = [registry("breast", 1, laterality="left"), registry("breast", 2, laterality="right")]
    diseases = story(*rows, primary("breast", laterality="right")).disease
    assert diseases.select("laterality", pl.col("evidence_ids").list.len()).rows() == [
        ("left", 1),
        ("right", 2),
    ]


def test_a_new_primary_starts_on_its_own_day() -> None:
    rows = [primary("breast", date=FIRST), free(FREE), primary("breast", date=LATE)]
    assert story(*rows).disease["diagnosed_date"].to_list() == [FIRST, LATE]


def test_a_statement_without_a_side_does_not_date_both_sides() -> None:
    left = primary("breast", laterality="left", date=FIRST)
    right = primary("breast", laterality="right", date=LATE)
    diseases = story(left, right, primary("breast", date=FIRST)).disease
    assert diseases["diagnosed_date"].to_list() == [FIRST, LATE]
