"""The course as a picture."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from outspread.write.report.course import Step
from outspread.write.report.dates import Clock
from outspread.write.report.page import page_view
from outspread.write.report.timeline import WIDTH, timeline
from write.report.odd import CASES

START = date(2020, 3, 1)
CLOCK = Clock(START, date(1950, 6, 2), "day")


@cache
def course() -> tuple[Step, ...]:
    """The course of the first cancer of a patient."""
    return page_view(CASES["breast-years-later"]()).diseases[0].course


def first(lane: str) -> Step:
    return next(step for step in course() if step.lane == lane)


def event(days: int, what: str = "something") -> Step:
    day = START + timedelta(days=days)
    when = CLOCK.when(day, "day")
    return replace(
        first("event"), day=day, last=day, when=when, what=what, extent="", extent_word=""
    )


def drawn(*steps: Step, as_of: date = date(2026, 1, 1), clock: Clock = CLOCK) -> str:
    return str(timeline(steps, (), clock=clock, until=(as_of, None), name="a cancer"))


@pytest.mark.parametrize("count", [1, 2, 200])
@pytest.mark.parametrize("apart", [0, 1, 10])
def test_picture_holds_any_number_of_events(count: int, apart: int) -> None:
    svg = drawn(*(event(number * apart, f"event {number}") for number in range(count)))
    assert svg.count('class="happened"') == count
    xs = [float(x) for x in re.findall(r' x="([-0-9.]+)"', svg)]
    assert all(0 <= x <= WIDTH for x in xs)


def test_nothing_dated_makes_no_picture() -> None:
    undated = replace(event(0), day=None, last=None, when=CLOCK.when(None, None))
    assert drawn() == drawn(undated) == ""


def test_nothing_after_the_day_of_the_story_is_drawn() -> None:
    assert drawn(event(0), event(90, "tomorrow"), as_of=START).count('class="happened"') == 1
    assert drawn(event(90), as_of=START) == ""


def test_words_of_events_do_not_meet() -> None:
    svg = drawn(*(event(number * 3, "spread to a place found") for number in range(30)))
    rows = [
        sorted(float(x) for x in re.findall(r'<text x="([0-9.]+)" y="17.5" class="after"', row))
        for row in svg.split("<g transform=")
    ]
    gaps = [b - a for starts in rows for a, b in pairwise(starts)]
    assert min(gaps) > 100


def test_treatment_that_goes_on_reaches_the_last_record() -> None:
    goes_on = replace(first("hormone"), day=START, last=date.max, is_vague=False)
    svg = drawn(goes_on, event(1000))
    bar = re.search(r'class="given">.*?<rect x="([0-9.]+)" y="5" width="([0-9.]+)"', svg)
    assert bar is not None
    assert float(bar.group(2)) > 600


def test_day_that_is_not_known_exactly_is_not_drawn_as_a_treatment_that_long() -> None:
    vague = replace(first("hormone"), day=START, last=START + timedelta(days=300), is_vague=True)
    assert 'class="given is-vague"' in drawn(vague, event(1000))


def test_ticks_stand_in_each_form_of_dates() -> None:
    svg = drawn(event(0), event(1500))
    for mode, word in (("calendar", ">2022<"), ("days", ">day 730<"), ("age", ">72 y<")):
        part = svg.split(f'<g class="when-{mode}">')[1].split("</g>")[0]
        assert word in part


@pytest.mark.parametrize("years", [1, 30, 120, 1900])
def test_ticks_stay_few(years: int) -> None:
    first = date(2026 - years, 1, 1)
    step = replace(event(0), day=first, last=first)
    svg = drawn(step, event(0), clock=Clock(first, first))
    for mode in ("calendar", "days", "age"):
        part = svg.split(f'<g class="when-{mode}">')[1].split("</g>")[0]
        assert 0 < part.count("tick-word") <= 45


def test_shared_picture_ends_with_the_last_record() -> None:
    clock = Clock(START, is_shared=True)
    steps = (event(0), event(400))
    assert drawn(*steps, clock=clock, as_of=date(2030, 1, 1)) == drawn(*steps, clock=clock)


@pytest.mark.parametrize(
    ("name", "said"), [("breast-years-later", ">and 4</text>"), ("many_lesions", ">+3</text>")]
)
def test_one_symbol_for_several_places_names_the_other_one_or_counts(name: str, said: str) -> None:
    assert said in page_view(CASES[name]()).diseases[0].picture


@pytest.mark.parametrize("name", CASES)
def test_words_beside_a_symbol_end_before_the_next_one(name: str) -> None:
    symbols = 0
    for disease in page_view(CASES[name]()).diseases:
        for row in disease.picture.split('<g transform="translate(0 '):
            found = re.findall(
                r'class="mark.*?translate\(([0-9.]+) 13\)|class="more">([^<]*)<', row
            )
            ends = 0.0
            for x, more in found:
                if more:
                    ends += len(more) * 5.5
                elif x:
                    symbols += 1
                    assert float(x) - 12 >= ends
                    ends = float(x) + 12
    assert symbols >= sum(bool(one.picture) for one in page_view(CASES[name]()).diseases)
