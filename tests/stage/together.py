"""One case through all ways of staging it, which must say the same."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from outspread.stage import Algorithm
from outspread.stage.lines import stage_lines
from stage.oracle import Oracle

Given = Mapping[str, str | None]


def stage_everywhere(algorithm: Algorithm, *cases: Given) -> list[dict[str, Any]]:
    """Stage cases by columns, one by one, and with the plain port; see that all agree."""
    lines = [orjson.dumps(dict(case)) for case in cases]
    answers = list(stage_lines(algorithm, lines, strict=True, explain=False))
    oracle = plain_port(algorithm.path, algorithm.sha256)
    for case, answer in zip(cases, answers, strict=True):
        one = orjson.loads(orjson.dumps(algorithm.stage_case(case).as_dict()))
        assert comparable(answer) == comparable(one)
        assert comparable(answer) == comparable(oracle.stage(dict(case), algorithm.current_year))
    return answers


@cache
def plain_port(path: Path, sha256: str) -> Oracle:
    """Give the plain port of an algorithm file, read once."""
    return Oracle(path)


def comparable(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Give an answer so that the order of its errors does not matter."""
    errors = Counter(orjson.dumps(error, option=orjson.OPT_SORT_KEYS) for error in answer["errors"])
    return {key: answer[key] for key in ("result", "schema_id", "output", "path")} | {
        "errors": errors
    }
