"""Dates that cannot be right do not move the story, and are shown."""

from datetime import date

import polars as pl

from outspread.diagnose import diagnose
from people import AS_OF, primary, records, secondary, story

BORN, DIED = date(1950, 5, 1), date(2020, 5, 1)
LIFE = {"birth_date": BORN, "death_date": DIED}


def kinds(tables) -> list[str]:
    return tables.conflict["kind"].to_list()


def test_a_date_before_birth_does_not_move_the_diagnosis() -> None:
    rows = [primary("colon", date=date(1900, 1, 1)), primary("colon", date=date(2010, 1, 1))]
    tables = story(*rows, life=LIFE)
    assert tables.disease["diagnosed_date"].to_list() == [date(2010, 1, 1)]
    conflict = tables.conflict.row(0, named=True)
    assert conflict["kind"] == "conflict.date_of_life"
    assert conflict["left_says"] == "1 statement is dated before the birth"
    assert conflict["left_evidence_ids"] == ["finding/0#0"]


def test_what_is_said_on_an_impossible_day_counts_as_undated() -> None:
    spread = secondary("liver", date=date(2021, 1, 1))
    tables = story(primary("colon", date=date(2019, 1, 1)), spread, life=LIFE)
    disease = tables.disease.row(0, named=True)
    assert (disease["extent"], disease["first_distant_date"]) == ("distant", None)
    assert disease["timing"] == "unknown"
    assert kinds(tables) == ["conflict.date_of_life"]


def test_an_autopsy_and_a_late_report_are_in_order() -> None:
    spread = secondary("liver", date=date(2020, 5, 20))
    assert kinds(story(primary("colon", date=DIED), spread, life=LIFE)) == []


def test_a_year_that_holds_the_birth_is_in_order() -> None:
    first = primary("colon", date=date(1950, 1, 1), date_precision="year")
    assert kinds(story(first, life=LIFE)) == []


def test_a_life_that_ends_before_it_starts_says_nothing() -> None:
    life = {"birth_date": DIED, "death_date": BORN}
    assert kinds(story(primary("colon", date=date(2010, 1, 1)), life=life)) == []


def test_statements_after_the_day_of_the_story_are_counted() -> None:
    later = [secondary("liver", date=date(2027, 1, day)) for day in (1, 2)]
    tables = story(primary("colon"), *later)
    conflict = tables.conflict.row(0, named=True)
    assert (conflict["kind"], conflict["severity"]) == ("conflict.future_date", "info")
    assert conflict["left_says"] == "2 statements are dated after the day of this story"
    assert tables.disease["extent"].to_list() == ["unknown"]


def test_a_person_of_whom_all_is_said_later_has_no_disease() -> None:
    tables = diagnose(records([primary("colon", date=date(2027, 1, 1))]), as_of=AS_OF)
    assert tables.disease.is_empty()
    assert kinds(tables) == ["conflict.future_date"]


def test_spread_long_before_its_cancer_is_a_conflict_and_no_timing() -> None:
    rows = [secondary("liver", date=date(2018, 1, 1)), primary("colon", date=date(2020, 1, 1))]
    tables = story(*rows)
    assert kinds(tables) == ["conflict.date_order"]
    assert tables.disease["timing"].to_list() == ["unknown"]
    assert tables.disease["interval_days"].to_list() == [-730]


def test_spread_by_year_that_may_be_of_the_same_time_is_none() -> None:
    early = secondary("liver", date=date(2019, 1, 1), date_precision="year")
    tables = story(early, primary("colon", date=date(2020, 1, 1)))
    assert tables.conflict.filter(pl.col("kind") == "conflict.date_order").is_empty()
