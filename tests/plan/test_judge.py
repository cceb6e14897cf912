"""Verdicts are those of the plain loop, unknown is never no, and order does not matter."""

from dataclasses import replace
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outspread.plan.imply import apply_implications
from outspread.plan.judge import VERDICT, conditions_of, judge, list_options
from outspread.plan.logic import factor_schema
from outspread.plan.pack.load import own_pack
from outspread.plan.pack.model import Pack
from plan import plain_loop
from plan.invented import any_people, random_people
from plan.judged import verdicts

PACK = own_pack()
few = settings(max_examples=6, deadline=None)
people = any_people(PACK)


@few
@given(people)
def test_verdicts_are_those_of_the_plain_loop(facts: list[plain_loop.Facts]) -> None:
    assert verdicts(facts) == [plain_loop.judge(one, PACK) for one in facts]


@pytest.mark.parametrize("factors", [5, 40, 120])
def test_verdicts_are_those_of_the_plain_loop_for_many(factors: int) -> None:
    facts = random_people(PACK, 150, factors=factors, seed=factors)
    assert verdicts(facts) == [plain_loop.judge(one, PACK) for one in facts]


@pytest.mark.slow
@settings(few, max_examples=4)
@given(people, st.randoms())
def test_order_of_options_and_implications_never_matters(
    facts: list[plain_loop.Facts], rng: Random
) -> None:
    shuffled = replace(
        PACK,
        options=tuple(rng.sample(PACK.options, len(PACK.options))),
        implications=tuple(tuple(rng.sample(layer, len(layer))) for layer in PACK.implications),
    )
    assert verdicts(facts, shuffled) == verdicts(facts)


def without_implications(facts: list[plain_loop.Facts]) -> list[dict[str, str]]:
    table = pl.DataFrame(facts, schema=factor_schema(PACK.factors))
    return judge(table, PACK, []).to_dicts()


@pytest.mark.slow
@few
@given(people, st.randoms())
def test_a_fact_more_settles_but_never_turns_a_verdict(
    facts: list[plain_loop.Facts], rng: Random
) -> None:
    """What is not recorded never behaves as no: less known can only mean more `needs`."""
    fewer = [{key: value for key, value in one.items() if rng.random() < 0.6} for one in facts]
    may_become = {
        "needs": set(VERDICT),
        "applies": {"applies", "advised_against"},
        "advised_against": {"advised_against"},
        "not": {"not"},
    }
    both = without_implications([*fewer, *facts])
    for less, more in zip(both[: len(facts)], both[len(facts) :], strict=True):
        assert all(more[option] in may_become[verdict] for option, verdict in less.items())


def reached_from(factor: str, pack: Pack) -> set[str]:
    """A factor, and all that can follow from it."""
    reached = {factor}
    for layer in pack.implications * 2:
        for rule in layer:
            asked = {condition.factor for condition in (*rule.when, *rule.when_any)}
            asked |= {part.source for part in rule.then if part.source}
            if asked & reached or {part.factor for part in rule.then} & reached:
                reached |= {part.factor for part in rule.then}
    return reached


@few
@given(people, st.sampled_from(sorted(PACK.factors)))
def test_a_fact_changes_only_options_that_ask_for_it_or_for_what_follows(
    facts: list[plain_loop.Facts], factor: str
) -> None:
    untold = [{key: value for key, value in one.items() if key != factor} for one in facts]
    reached = reached_from(factor, PACK)
    unasked = [
        option.name
        for option in PACK.options
        if not reached & {condition.factor for condition in conditions_of(option)}
    ]
    both = verdicts([*untold, *facts])
    for before, after in zip(both[: len(facts)], both[len(facts) :], strict=True):
        assert {name: before[name] for name in unasked} == {name: after[name] for name in unasked}


def test_without_facts_nothing_specific_applies_and_nothing_unknown_is_ruled_out() -> None:
    (found,) = verdicts([{}])
    assert {name for name, verdict in found.items() if verdict == "applies"} == {
        option.name for option in PACK.options if not option.conditions and not option.exclude
    }
    assert "not" not in found.values()


def test_alerts_are_listed_first() -> None:
    facts = random_people(PACK, 30, factors=60, seed=1)
    table = pl.DataFrame(facts, schema=factor_schema(PACK.factors)).with_row_index("row")
    verdicts = judge(apply_implications(table, PACK), PACK, ["row"])
    options = list_options(verdicts, PACK, ["row"])
    alerts = [option.name for option in PACK.options if option.alert]
    is_alert = options.with_columns(pl.col("option_id").cast(pl.String).is_in(alerts))
    for _, rows in is_alert.group_by("row"):
        flags = rows["option_id"].to_list()
        assert flags == sorted(flags, reverse=True)
        assert any(flags)
