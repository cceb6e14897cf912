"""Verdicts of the engine for facts of people, as plain dictionaries."""

from collections.abc import Sequence

import orjson

from outspread.plan.cases import judge_facts, plan_cases
from outspread.plan.pack.load import own_pack
from outspread.plan.pack.model import Pack

Facts = dict[str, str | float]


def verdicts(people: Sequence[Facts], pack: Pack | None = None) -> list[dict[str, str]]:
    """The verdict on each option for each person."""
    return judge_facts(people, pack or own_pack()).drop("row").to_dicts()


def listed(**facts: object) -> dict[str, list[str]]:
    """What `outspread plan --factors` lists for one person."""
    (line,) = plan_cases([orjson.dumps({"id": "p", "factors": facts})], own_pack())
    return orjson.loads(line)  # type: ignore[no-any-return]
