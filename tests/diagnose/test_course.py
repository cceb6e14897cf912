"""The course of a disease: what happened when, and how it is now."""

from datetime import date, timedelta

import polars as pl
import pytest

from outspread.diagnose import diagnose
from people import Case, course, primary, records, secondary, stage, stories, story

FREE = "no_sign_of_disease"


def day(year: int) -> date:
    return date(year, 3, 1)


def told(tables) -> list[tuple]:
    return tables.event.select(pl.col("date").dt.year(), "kind", "extent").rows()


def test_a_relapse_chain_is_told_from_diagnosis_to_death() -> None:
    tables = story(
        primary("breast", date=day(2005)),
        stage(t="1", n="0", m="0", date=day(2005)),
        course(FREE, date=day(2006)),
        course("local_recurrence", date=day(2008)),
        course(FREE, date=day(2009)),
        secondary("ln_axillary", date=day(2011)),
        secondary("liver", date=day(2013)),
        course("stable", date=day(2014)),
        secondary("liver", polarity="negated", method="imaging", date=day(2015)),
        course(FREE, date=day(2016)),
        life={"birth_date": day(1950), "death_date": day(2020)},
    )
    assert told(tables) == [
        (2005, "diagnosis", "localized"),
        (2006, FREE, "localized"),
        (2008, "local_recurrence", "localized"),
        (2009, FREE, "localized"),
        (2011, "spread_found", "regional"),
        (2011, "regional_recurrence", "regional"),
        (2013, "spread_found", "distant"),
        (2013, "distant_recurrence", "distant"),
        (2014, "status", "distant"),
        (2015, "spread_resolved", "distant"),
        (2016, FREE, "distant"),
        (2020, "death", "distant"),
    ]
    disease = tables.disease.row(0, named=True)
    assert (disease["status"], disease["status_date"]) == (FREE, day(2016))
    assert (disease["extent"], disease["timing"]) == ("distant", "metachronous")
    assert tables.conflict.is_empty()


STATUS_NOW = {
    "distant_place_after_free": (
        [course(FREE, date=day(2012)), secondary("liver", date=day(2014))],
        "distant_recurrence", "status.spread_after_free",
    ),
    "regional_node_after_free": (
        [course(FREE, date=day(2012)), secondary("ln_axillary", date=day(2014))],
        "regional_recurrence", "status.spread_after_free",
    ),
    "place_that_may_be_near_or_far": (
        [course(FREE, date=day(2012)), secondary("ln_head_neck", date=day(2014))],
        "recurrence", "status.spread_after_free",
    ),
    "origin_seen_again_in_a_specimen": (
        [course(FREE, date=day(2012)), primary("breast", date=day(2014), method="pathology")],
        "local_recurrence", "status.spread_after_free",
    ),
    "specimen_reported_just_after": (
        [course(FREE, date=day(2012)),
         primary("breast", date=day(2012) + timedelta(10), method="pathology")],
        FREE, "status.stated",
    ),
    "origin_coded_again": (
        [course(FREE, date=day(2012)), primary("breast", date=day(2014))], FREE, "status.stated",
    ),
    "known_place_coded_again": (
        [secondary("liver", date=day(2011)), course(FREE, date=day(2012)),
         secondary("liver", date=day(2014))], FREE, "status.stated",
    ),
    "known_place_seen_again": (
        [secondary("liver", date=day(2011)), course(FREE, date=day(2012)),
         secondary("liver", date=day(2014), method="imaging")],
        "distant_recurrence", "status.spread_after_free",
    ),
    "possible_place": (
        [course(FREE, date=day(2012)), secondary("liver", date=day(2014), certainty="possible")],
        FREE, "status.stated",
    ),
    "place_of_an_earlier_time": (
        [course(FREE, date=day(2012)),
         secondary("liver", date=day(2014), temporality="historical")], FREE, "status.stated",
    ),
    "undated_place": ([course(FREE, date=day(2012)), secondary("liver")], FREE, "status.stated"),
    "free_in_a_year_that_holds_the_place": (
        [course(FREE, date=date(2014, 1, 1), date_precision="year"),
         secondary("liver", date=day(2014))], FREE, "status.stated",
    ),
    "new_place_while_disease_was_there": (
        [course(FREE, date=day(2012)), course("stable", date=day(2013)),
         secondary("liver", date=day(2014))], "stable", "status.stated",
    ),
    "stated_after_the_place": (
        [course(FREE, date=day(2012)), secondary("liver", date=day(2014)),
         course("improved", date=day(2015))], "improved", "status.stated",
    ),
    "everything_gone_is_not_free": (
        [secondary("liver", date=day(2014)),
         secondary("liver", date=day(2015), polarity="negated", method="imaging")], None, None,
    ),
}  # fmt: skip


status_story = stories({
    name: Case([primary("breast", date=day(2010)), *rows])
    for name, (rows, *_) in STATUS_NOW.items()
})  # fmt: skip


@pytest.mark.parametrize("case", STATUS_NOW)
def test_status_now(case) -> None:
    disease = status_story(case).disease.row(0, named=True)
    _, status, rule = STATUS_NOW[case]
    assert (disease["status"], disease["status_rule"]) == (status, rule)


def test_a_status_said_again_is_no_event() -> None:
    rows = [course("stable", date=day(year)) for year in (2012, 2013, 2014)]
    kinds = story(primary("breast", date=day(2010)), *rows).event["kind"].to_list()
    assert kinds == ["diagnosis", "status"]


def test_what_is_not_dated_comes_last_without_an_extent() -> None:
    tables = story(primary("breast", date=day(2010)), secondary("bone"), course("stable"))
    assert told(tables) == [
        (2010, "diagnosis", "unknown"),
        (None, "spread_found", None),
        (None, "status", None),
    ]


def test_a_stage_that_changes_the_extent_has_an_event() -> None:
    tables = story(primary("breast", date=day(2010)), stage(m="1", date=day(2011)))
    rules = tables.event["rule_id"].to_list()
    assert told(tables)[1] == (2011, "extent_change", "distant")
    assert rules == ["course.diagnosed", "extent.tnm_m"]


def test_doubtful_spread_is_told_as_doubtful() -> None:
    tables = story(primary("breast", date=day(2010)), secondary("bone", certainty="possible"))
    assert tables.event["kind"].to_list() == ["diagnosis", "spread_suspected"]


def test_a_death_after_the_day_of_the_story_is_not_told() -> None:
    source = records([primary("breast", date=day(2010))], life={"death_date": day(2020)})
    assert "death" not in diagnose(source, as_of=day(2019)).event["kind"].to_list()
    assert "death" in diagnose(source, as_of=day(2021)).event["kind"].to_list()
