"""Cases as JSON lines: an object of inputs in, the result as the reference client gives it out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import orjson
import polars as pl

from outspread.stage.algorithm import Algorithm
from outspread.stage.batch import Batch, stage_rows
from outspread.stage.result import result_frame
from outspread.stage.words import ABSENT

UNREADABLE: Final = "FAILED_UNREADABLE_LINE"
NOT_TEXT: Final = "UNREADABLE_INPUT"


class Lines(NamedTuple):
    """Cases read from lines.

    `columns`: text by key, nothing where there is none; `nulls`: where a key has no value.
    `problems`: by line, what is wrong with it; its case is empty.
    """

    columns: dict[str, pl.Series]
    nulls: dict[str, pl.Series]
    problems: dict[int, dict[str, str]]
    line_count: int


def read_lines(lines: Sequence[bytes]) -> Lines:
    """Read JSON lines into columns."""
    cases: list[dict[str, Any]] = []
    problems: dict[int, dict[str, str]] = {}
    for number, line in enumerate(lines):
        case = _read_line(line)
        problem = _problem(case)
        if problem:
            problems[number] = problem
        cases.append({} if problem or not isinstance(case, dict) else case)
    keys = dict.fromkeys(key for case in cases for key in case)
    columns, nulls = {}, {}
    for key in keys:
        columns[key] = pl.Series(key, [case.get(key) for case in cases], dtype=pl.String)
        is_null = pl.Series(key, [key in case and case[key] is None for case in cases])
        if is_null.any():
            nulls[key] = is_null
    return Lines(columns, nulls, problems, len(cases))


def _read_line(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _problem(case: object) -> dict[str, str]:
    if not isinstance(case, dict):
        return {"message": "The line is no JSON object"}
    for key, value in case.items():
        if value is not None and not isinstance(value, str):
            message = f"The value of '{key}' is not text; leading zeros count"
            return {"key": key, "message": message}
    return {}


def stage_lines(
    algorithm: Algorithm, lines: Sequence[bytes], *, strict: bool, explain: bool
) -> Iterator[dict[str, Any]]:
    """Stage the cases of some lines, and give the results in the same order."""
    read = read_lines(lines)
    columns = algorithm.engine.encode(read.columns, read.nulls)
    batch = stage_rows(algorithm.engine, columns, read.line_count, is_strict=strict)
    frame = result_frame(algorithm.engine, batch, is_strict=strict)
    for number, answer in enumerate(as_objects(algorithm, batch, frame)):
        if number in read.problems:
            problem = {"type": NOT_TEXT, **read.problems[number]}
            yield answer | {"result": UNREADABLE, "errors": [problem]}
            continue
        if explain:
            answer["explain"] = explained(algorithm, _given(read, number), strict=strict)
        yield answer


def _given(read: Lines, number: int) -> dict[str, str | None]:
    found = {key: texts[number] for key, texts in read.columns.items()}
    return {
        key: text
        for key, text in found.items()
        if text is not None or (key in read.nulls and read.nulls[key][number])
    }


def explained(
    algorithm: Algorithm, given: dict[str, str | None], *, strict: bool
) -> list[dict[str, Any]]:
    """Explain the outputs of a case, ready for JSON."""
    return [item.as_dict() for item in algorithm.explain(given, strict=strict)]


def as_objects(algorithm: Algorithm, batch: Batch, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Give staged rows as objects; an output that was removed is left out."""
    keys = algorithm.outputs
    there = [
        (batch.outputs[key].take(batch.rank) != ABSENT).tolist()
        if key in batch.outputs
        else [False] * frame.height
        for key in keys
    ]
    nothing: list[tuple[()]] = [()] * frame.height
    outputs = zip(*(frame[key].to_list() for key in keys), strict=True) if keys else nothing
    has = zip(*there, strict=True) if keys else nothing
    fixed = frame.select("result", "schema_id", "errors", "path").iter_rows()
    ignored: Iterable[list[str] | None] = (
        frame["ignored"].to_list() if "ignored" in frame.columns else [None] * frame.height
    )
    for (result, schema_id, errors, path), texts, kept, left in zip(
        fixed, outputs, has, ignored, strict=True
    ):
        answer: dict[str, Any] = {
            "result": result,
            "schema_id": schema_id,
            "output": {
                key: text for key, text, is_kept in zip(keys, texts, kept, strict=True) if is_kept
            },
            "errors": [
                {key: value for key, value in error.items() if value is not None}
                for error in errors
            ],
            "path": path.split(),
        }
        if left:
            answer["ignored"] = left
        yield answer
