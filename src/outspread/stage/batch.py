"""Staging of rows as numbers: schema by schema, all cases of a schema at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from outspread.stage.definitions import Schema
from outspread.stage.engine import Engine
from outspread.stage.findings import Noted, Notes, Template
from outspread.stage.frame import Cases
from outspread.stage.select import (
    INVALID_INPUT,
    INVALID_YEAR,
    Selected,
    select,
)
from outspread.stage.vocabulary import Codes
from outspread.stage.words import ABSENT, Ids

YEAR_INPUT: Final = "year_dx"
AT_ONCE: Final = 16_384  # cases of one schema: their arrays stay in the cache of the processor


@dataclass(slots=True)
class Batch:
    """Staged rows as numbers.

    `outputs`: ids by key. `paths`: all different ones, `path`: the number of that of each row.
    `errors`: errors with the rows they belong to. `ignored`: keys and rows, if lenient.
    """

    selected: Selected
    path: npt.NDArray[np.int32]
    outputs: dict[str, Codes] = field(default_factory=dict)
    paths: dict[tuple[str, ...], int] = field(default_factory=lambda: {(): 0})
    errors: list[Noted] = field(default_factory=list)
    ignored: list[tuple[str, Ids]] = field(default_factory=list)


def stage_rows(
    engine: Engine, ids: Mapping[str, Codes], count: int, *, is_strict: bool
) -> Batch:
    """Stage rows.

    Parameters
    ----------
    ids
        Ids of the inputs by key, see `Engine.encode`.
    count
        Number of rows.
    is_strict
        Whether an input that the schema of a row does not have fails it.
    """
    batch = Batch(select(engine, ids, count), np.zeros(count, dtype=np.int32))
    numbers = batch.selected.schema
    present = {key: _count(codes, numbers, len(engine.schema_ids)) for key, codes in ids.items()}
    trimmed = engine.vocabulary.trimmed if engine.vocabulary.has_untrimmed else None
    for number, rows in _by_schema(numbers):
        schema = engine.schema(number)
        keys = [key for key, counts in present.items() if counts[number]]
        rows = _without_unknown(batch, schema, rows, {key: ids[key] for key in keys}, is_strict)
        own = [item.key for item in schema.inputs if item.key in keys]
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            given = {key: ids[key].take(some).astype(np.intp) for key in own}
            if trimmed is not None:
                given = {key: trimmed.take(codes).astype(np.intp) for key, codes in given.items()}
            _stage_some(engine, batch, schema, some, given)
    return batch


def _count(codes: Codes, numbers: npt.NDArray[np.int16], schemas: int) -> npt.NDArray[np.int64]:
    """Count for each schema the rows that state a key."""
    there = numbers[codes != ABSENT]
    return np.bincount(there[there >= 0], minlength=schemas)


def _by_schema(numbers: npt.NDArray[np.int16]) -> Iterator[tuple[int, Ids]]:
    """Rows of each schema, those without one left out."""
    order = np.argsort(numbers, kind="stable")
    ends = np.bincount(numbers + 1).cumsum()
    for number in range(len(ends) - 1):
        if ends[number + 1] > ends[number]:
            yield number, order[ends[number] : ends[number + 1]]


def _without_unknown(
    batch: Batch, schema: Schema, rows: Ids, ids: Mapping[str, Codes], is_strict: bool
) -> Ids:
    """Rows that state nothing but inputs of their schema."""
    known = {item.key for item in schema.inputs}
    failed = np.zeros(len(rows), dtype=np.bool_)
    for key in ids.keys() - known:
        there = ids[key][rows] != ABSENT
        if not is_strict:
            batch.ignored.append((key, rows[there]))
            continue
        failed |= there
        message = f"Unknown input key supplied: {key}"
        template = Template("UNKNOWN_INPUT", None, key, None, message, "")
        batch.errors.append(Noted(template, rows[there], ()))
    if not failed.any():
        return rows
    batch.selected.result[rows[failed]] = INVALID_INPUT
    return rows[~failed]


def _stage_some(
    engine: Engine, batch: Batch, schema: Schema, rows: Ids, given: Mapping[str, Ids]
) -> None:
    notes = Notes(len(rows))
    cases = Cases(np.arange(len(rows)), notes)
    for key, text in engine.fixed.items():
        cases.set(key, engine.vocabulary.id_of(text))
    for key, ids in given.items():
        cases.set(key, ids)
    is_timely = _has_valid_year(engine, schema, cases)
    if not is_timely.all():
        batch.selected.result[rows[~is_timely]] = INVALID_YEAR
        cases = cases.part(np.flatnonzero(is_timely))
        if not len(cases):
            return
    failed = engine.evaluator.take_inputs(schema, cases)
    if failed is not None:
        batch.selected.result[rows[cases.places[failed]]] = INVALID_INPUT
        cases = cases.part(np.flatnonzero(~failed))
    if len(cases):
        engine.evaluator.stage(schema, cases)
        _take_outputs(batch, schema, rows, cases)
    _take_notes(batch, rows, notes)


def _has_valid_year(engine: Engine, schema: Schema, cases: Cases) -> npt.NDArray[np.bool_]:
    years = [item for item in schema.inputs if item.key == YEAR_INPUT]
    if not years:
        return np.zeros(len(cases), dtype=np.bool_)
    if years[0].table is None:
        return np.ones(len(cases), dtype=np.bool_)
    bound = engine.bound(years[0].table)
    is_valid = bound is not None and engine.prober.find(bound, cases) != bound.row_count
    return np.broadcast_to(is_valid, len(cases))


def _take_outputs(batch: Batch, schema: Schema, rows: Ids, cases: Cases) -> None:
    own = rows[cases.places]
    for output in schema.outputs:
        if output.key not in batch.outputs:
            batch.outputs[output.key] = np.zeros(len(batch.path), dtype=np.int32)
        batch.outputs[output.key][own] = cases.get(output.key)


def _take_notes(batch: Batch, rows: Ids, notes: Notes) -> None:
    batch.errors += [noted._replace(places=rows[noted.places]) for noted in notes.errors]
    paths, numbers = notes.paths()
    codes = [batch.paths.setdefault(path, len(batch.paths)) for path in paths]
    batch.path[rows] = np.array(codes, dtype=np.int32)[numbers]
