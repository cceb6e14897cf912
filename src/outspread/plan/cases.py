"""Cases given as facts, one JSON object a line, and what is listed for each of them.

`{"id": "v01", "factors": {"primary": "breast", "line": 1}}` gives `{"id", "applies", "needs",
"advised_against", "alerts", "says"}` with the ids of the pack, alerts first. A line that is no
case, a factor that the pack does not know and a value it does not have are told in `issues`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

import orjson
import polars as pl

from outspread.plan.imply import apply_implications
from outspread.plan.judge import VERDICT, judge, list_options
from outspread.plan.logic import factor_schema
from outspread.plan.pack.model import Factor, Pack

CASES_AT_ONCE: Final = 50_000
ROW: Final = "row"
Fact: TypeAlias = str | float | None


class Case(NamedTuple):
    """One line: facts are None where it cannot be read."""

    name: str | int | None
    facts: dict[str, Fact] | None
    issues: list[str]


def plan_cases(lines: Iterable[bytes], pack: Pack) -> Iterator[str]:
    """Judge the options of a pack for cases; one JSON object for each line, in their order."""
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    while some := list(islice(numbered, CASES_AT_ONCE)):
        yield from _results([_read_case(line, number, pack) for number, line in some], pack)


def _read_case(line: bytes, number: int, pack: Pack) -> Case:
    """Read one line; what cannot be used is named, its value is not repeated."""
    try:
        case = orjson.loads(line)
    except orjson.JSONDecodeError:
        case = None
    fields = case if isinstance(case, dict) else {}
    name, stated = fields.get("id"), fields.get("factors")
    if not isinstance(name, str | int) or not isinstance(stated, dict):
        told = f"line {number}: not an object with `id` and `factors`"
        return Case(name if isinstance(name, str | int) else None, None, [told])
    facts: dict[str, Fact] = {}
    issues = []
    for key, value in stated.items():
        factor = pack.factors.get(key)
        fact = None if factor is None else read_fact(factor, value)
        if factor is None:
            issues.append(f"line {number}: a factor that the pack does not know")
        elif fact is not None:
            facts[factor.name] = fact
        elif value is not None:
            issues.append(f"line {number}: {factor.name}: not one of its values")
    return Case(name, facts, issues)


def read_fact(factor: Factor, value: object) -> Fact:
    """Give a value in the form of its factor, None where it has no such value.

    Yes and no may be JSON's true and false, and a word that is a whole number (a line, HER2 IHC 0)
    may be that number. A number is never a text, and none is taken outside its range.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if factor.type == "number":
        inside = is_number and factor.low <= value <= factor.high  # type: ignore[operator]
        return float(value) if inside else None  # type: ignore[arg-type]
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, int):
        value = str(value)
    return value if isinstance(value, str) and value in factor.values else None


def judge_facts(facts: Iterable[Mapping[str, Fact]], pack: Pack) -> pl.DataFrame:
    """Judge rows of facts; `row` counts them from 0, the other columns are those of `judge`."""
    rows = list(facts)
    table = pl.DataFrame(
        {
            name: pl.Series([row.get(name) for row in rows], dtype=dtype)
            for name, dtype in factor_schema(pack.factors).items()
        }
    )
    return judge(apply_implications(table.with_row_index(ROW), pack), pack, [ROW])


def _results(cases: Sequence[Case], pack: Pack) -> Iterator[str]:
    """Write what is listed for each case."""
    verdicts = judge_facts([case.facts or {} for case in cases], pack)
    by_verdict = (
        list_options(verdicts, pack, [ROW])
        .group_by(ROW, "verdict", maintain_order=True)
        .agg("option_id")
    )
    listed: dict[tuple[int, str], list[str]] = {
        (row, verdict): options for row, verdict, options in by_verdict.iter_rows()
    }
    options = {option.name: option for option in pack.options}
    for row, case in enumerate(cases):
        found = {} if case.facts is None else listed
        groups = {verdict: found.get((row, verdict), []) for verdict in VERDICT[:-1]}
        shown = [options[one] for one in groups["applies"] + groups["advised_against"]]
        result: dict[str, object] = {"id": case.name, **groups}
        result["alerts"] = [option.alert for option in shown if option.alert]
        result["says"] = list(dict.fromkeys(says for option in shown for says in option.says))
        if case.issues:
            result["issues"] = case.issues
        yield orjson.dumps(result).decode()
