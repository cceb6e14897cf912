"""Whether a place is still there, was removed, or has gone: only what a later look can tell."""

from datetime import date, timedelta

import polars as pl
import pytest

from outspread.diagnose.evidence import SAME_LOOK_DAYS
from people import Case, primary, secondary, stories, story, surgery

SEEN = date(2020, 3, 1)
LATER, LATEST = date(2021, 3, 1), date(2022, 3, 1)
LIVER = secondary("liver", date=SEEN)


def denied(site: str = "liver", day: date | None = LATER, **facts):
    return secondary(site, polarity="negated", date=day, **({"method": "imaging"} | facts))


def state_of(tables, site: str) -> str | None:
    return tables.lesion.row(by_predicate=pl.col("site") == site, named=True)["state"]


GONE = {
    "by_imaging": ([LIVER, denied()], "liver"),
    "by_pathology": ([LIVER, denied(method="pathology")], "liver"),
    "place_that_contains_it": ([secondary("rib", date=SEEN), denied("bone")], "rib"),
    "both_sides": (
        [secondary("lung", laterality="left", date=SEEN), denied("lung")], "lung",
    ),
    "seen_by_year_denied_years_later": (
        [secondary("liver", date=date(2019, 1, 1), date_precision="year"), denied()], "liver",
    ),
    "four_weeks": ([LIVER, denied(day=SEEN + timedelta(SAME_LOOK_DAYS))], "liver"),
}  # fmt: skip


gone = stories({n: Case([primary("colon", date=SEEN), *rows]) for n, (rows, _) in GONE.items()})


@pytest.mark.parametrize("case", GONE)
def test_a_later_look_that_denies_a_place_resolves_it(case) -> None:
    tables = gone(case)
    assert state_of(tables, GONE[case][1]) == "resolved"
    assert tables.conflict.is_empty()
    assert tables.disease["extent"].to_list() == ["distant"]


STAYS = {
    "same_day": ([LIVER, denied(day=SEEN)], True),
    "days_later": ([LIVER, denied(day=SEEN + timedelta(SAME_LOOK_DAYS - 1))], True),
    "undated_denial": ([LIVER, denied(day=None)], True),
    "undated_place": ([secondary("liver"), denied()], True),
    "without_a_look": ([LIVER, denied(method=None)], True),
    "by_history": ([LIVER, denied(method="history")], True),
    "doubtful_denial": ([LIVER, denied(certainty="possible")], True),
    "within_the_year_of_the_place": (
        [secondary("liver", date=date(2021, 1, 1), date_precision="year"), denied()], True,
    ),
    "part_of_it": ([LIVER, denied("porta_hepatis")], False),
    "earlier": ([denied(day=date(2019, 1, 1)), LIVER], False),
    "growth_only": ([secondary("liver", date=SEEN, contiguity="discontiguous"),
                     denied(contiguity="contiguous")], False),
    "of_another_cancer": ([LIVER, denied(origin="lung")], False),
    "planned": ([LIVER, denied(temporality="planned")], False),
}  # fmt: skip


stays = stories({n: Case([primary("colon", date=SEEN), *rows]) for n, (rows, _) in STAYS.items()})


@pytest.mark.parametrize("case", STAYS)
def test_anything_less_leaves_it_present(case) -> None:
    tables, is_conflict = stays(case), STAYS[case][1]
    assert state_of(tables, "liver") == "present"
    assert ("conflict.affirmed_denied" in tables.conflict["kind"].to_list()) is is_conflict


def test_the_other_side_is_another_place() -> None:
    left = secondary("adrenal", laterality="left", date=SEEN)
    tables = story(primary("colon"), left, denied("adrenal", laterality="right"))
    assert state_of(tables, "adrenal") == "present"
    assert tables.conflict.is_empty()


def test_a_place_affirmed_again_is_present_again() -> None:
    tables = story(primary("colon", date=SEEN), LIVER, denied(), secondary("liver", date=LATEST))
    lesion = tables.lesion.row(by_predicate=pl.col("site") == "liver", named=True)
    assert (lesion["state"], lesion["state_date"]) == ("present", LATEST)
    assert lesion["first_seen_date"] == SEEN
    about = tables.event.filter(pl.col("lesion_id") == lesion["lesion_id"])
    assert about["kind"].to_list() == ["spread_found", "spread_resolved", "spread_returned"]
    assert tables.conflict.is_empty()


def test_a_place_that_is_only_possible_has_no_state() -> None:
    doubtful = secondary("liver", date=SEEN, certainty="possible")
    tables = story(primary("colon"), doubtful, denied())
    assert state_of(tables, "liver") is None
    assert tables.conflict.is_empty()


REMOVED = {
    "surgery": ([LIVER], surgery("liver", date=LATER), "removed"),
    "ablation": ([LIVER], surgery("liver", date=LATER, modality="ablation"), "removed"),
    "same_day": ([LIVER], surgery("liver", date=SEEN), "removed"),
    "report_of_the_specimen": (
        [LIVER, secondary("liver", date=LATER + timedelta(6), method="pathology")],
        surgery("liver", date=LATER), "removed",
    ),
    "imaging_right_after": (
        [LIVER, secondary("liver", date=LATER + timedelta(6), method="imaging")],
        surgery("liver", date=LATER), "present",
    ),
    "seen_again": (
        [LIVER, secondary("liver", date=LATEST)], surgery("liver", date=LATER), "present",
    ),
    "before_it_was_seen": ([LIVER], surgery("liver", date=date(2018, 1, 1)), "present"),
    "planned": ([LIVER], surgery("liver", date=LATER, treatment_status="planned"), "present"),
    "palliative": ([LIVER], surgery("liver", date=LATER, intent="palliative"), "present"),
    "radiation": ([LIVER], surgery("liver", date=LATER, modality="radiation"), "present"),
    "elsewhere": ([LIVER], surgery("lung", date=LATER), "present"),
    "several_lesions": (
        [secondary("liver", date=SEEN, count=3)], surgery("liver", date=LATER), "present",
    ),
    "undated": ([LIVER], surgery("liver"), "present"),
}  # fmt: skip


removed = stories({
    name: Case([primary("colon", date=SEEN), *rows], treatments=[treatment])
    for name, (rows, treatment, _) in REMOVED.items()
})  # fmt: skip


@pytest.mark.parametrize("case", REMOVED)
def test_removal(case) -> None:
    assert state_of(removed(case), "liver") == REMOVED[case][2]


def test_a_collection_of_places_is_not_removed_as_a_whole() -> None:
    bone = secondary("bone", date=SEEN)
    tables = story(primary("colon"), bone, treatments=[surgery("bone", date=LATER)])
    assert state_of(tables, "bone") == "present"


SIDES = {
    "that_side": ("left", "removed"),
    "other_side": ("right", "present"),
    "side_not_stated": (None, "present"),
}
BOTH = [secondary("adrenal", laterality=side, date=SEEN) for side in ("left", "right")]


of_one_side = stories({
    name: Case([primary("colon"), *BOTH],
               treatments=[surgery("adrenal", laterality=target, date=LATER)])
    for name, (target, _) in SIDES.items()
})  # fmt: skip


@pytest.mark.parametrize("case", SIDES)
def test_the_side_must_be_clear_where_both_are_involved(case) -> None:
    lesions = of_one_side(case).lesion
    is_left = (pl.col("site") == "adrenal") & (pl.col("laterality") == "left")
    assert lesions.row(by_predicate=is_left, named=True)["state"] == SIDES[case][1]


def test_a_removed_primary_comes_back_only_when_somebody_looked() -> None:
    first = primary("colon", date=SEEN)
    removal = surgery("colon", date=LATER)
    coded = story(first, primary("colon", date=LATEST), treatments=[removal])
    assert state_of(coded, "colon") == "removed"
    seen = primary("colon", date=LATEST, method="imaging")
    assert state_of(story(first, seen, treatments=[removal]), "colon") == "present"
