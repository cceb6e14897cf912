"""Verdicts of the engine for facts of people, as plain dictionaries."""

from collections.abc import Mapping, Sequence

import orjson

from outspread.plan.cases import judge_facts, plan_cases
from outspread.plan.pack.load import own_pack
from outspread.plan.pack.model import Pack

Facts = dict[str, str | float]


def verdicts(people: Sequence[Facts], pack: Pack | None = None) -> list[dict[str, str]]:
    """The verdict on each option for each person."""
    return judge_facts(people, pack or own_pack()).drop("row").to_dicts()


def listed_all(people: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, list[str]]]:
    """What `outspread plan --factors` lists for people by their names, all at once."""
    lines = [orjson.dumps({"id": n, "factors": facts}) for n, facts in people.items()]
    found = [orjson.loads(line) for line in plan_cases(lines, own_pack())]
    return {result["id"]: result for result in found}


def listed(**facts: object) -> dict[str, list[str]]:
    """The same for one person; for many `listed_all` takes no longer."""
    return listed_all({"p": facts})["p"]
