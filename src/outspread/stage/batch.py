"""Staging of rows as numbers: schema by schema, many cases of a schema at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from outspread.stage.definitions import Schema
from outspread.stage.encode import Codes, Column
from outspread.stage.engine import Engine
from outspread.stage.findings import Notes, Template
from outspread.stage.frame import Cases
from outspread.stage.select import INVALID_INPUT, INVALID_YEAR, Selected, select
from outspread.stage.words import ABSENT, Flags, Ids

YEAR_INPUT: Final = "year_dx"
AT_ONCE: Final = 16_384  # cases of one schema: their arrays stay in the cache of the processor


class Numbered(NamedTuple):
    """One error of some cases: the number of its template, and the ids that its message shows."""

    template: int
    size: int
    shown: tuple[Ids, ...]


@dataclass(slots=True)
class Errors:
    """All errors, as they were noted: of which cases, and what they say.

    `order` sorts them by case, in parts: in each, cases of a lower place than in the next.
    """

    noted: list[Numbered] = field(default_factory=list)
    places: list[Ids] = field(default_factory=list)
    order: list[Ids] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class Batch:
    """Staged rows as numbers, in the order of their schemas: row i stands at `rank[i]`.

    `outputs`: ids by key. `paths`: all different ones, `path`: the number of that of each place.
    `ignored`: keys and places where they were ignored, if lenient.
    """

    selected: Selected
    rank: Ids
    result: npt.NDArray[np.uint8]
    path: npt.NDArray[np.uint32]
    outputs: dict[str, Codes] = field(default_factory=dict)
    paths: dict[str, int] = field(default_factory=lambda: {"": 0})
    templates: dict[Template, int] = field(default_factory=dict)
    errors: Errors = field(default_factory=Errors)
    ignored: list[tuple[str, Ids]] = field(default_factory=list)


def stage_rows(
    engine: Engine, columns: Mapping[str, Column], count: int, *, is_strict: bool
) -> Batch:
    """Stage rows.

    Parameters
    ----------
    columns
        Ids of the inputs by key, see `Engine.encode`.
    count
        Number of rows.
    is_strict
        Whether an input that the schema of a row does not have fails it.
    """
    selected = select(engine, columns, count)
    order, starts = _order(selected.schema, len(engine.schema_ids))
    rank = np.empty(count, dtype=np.intp)
    rank[order] = np.arange(count)
    ids = {key: _in_order(column, order, rank) for key, column in columns.items()}
    present = {key: _present(columns[key], codes, selected, starts) for key, codes in ids.items()}
    batch = Batch(selected, rank, selected.result[order], np.zeros(count, dtype=np.uint32))
    for number in np.flatnonzero(np.diff(starts)).tolist():
        schema = engine.schema(number)
        keys = [key for key, schemas in present.items() if schemas[number]]
        for part in _cut(int(starts[number]), int(starts[number + 1])):
            given = {key: ids[key][part] for key in keys}
            _Part(engine, batch, schema, part).stage(given, is_strict=is_strict)
    return batch


def _order(numbers: npt.NDArray[np.int16], schemas: int) -> tuple[Ids, Ids]:
    """Rows sorted by schema, those without one first; where each schema begins and ends."""
    codes = numbers + 1
    if schemas < np.iinfo(np.uint8).max:
        codes = codes.astype(np.uint8)
    order = np.argsort(codes, kind="stable")
    return order, np.bincount(codes, minlength=schemas + 1).cumsum()


def _in_order(column: Column, order: Ids, rank: Ids) -> Codes:
    if column.rows is None:
        return column.ids.take(order)
    ids = np.zeros(len(order), dtype=column.ids.dtype)
    ids[rank.take(column.rows)] = column.ids
    return ids


def _present(column: Column, codes: Codes, selected: Selected, starts: Ids) -> Flags:
    """Whether some row of each schema states a key."""
    if column.rows is not None:
        schemas = selected.schema.take(column.rows) + 1
        return np.bincount(schemas, minlength=len(starts))[1:] > 0
    there = np.zeros(len(starts) - 1, dtype=np.bool_)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        there[filled] = np.maximum.reduceat(codes, starts[:-1][filled]) > ABSENT
    return there


def _cut(first: int, end: int) -> Iterator[slice]:
    for start in range(first, end, AT_ONCE):
        yield slice(start, min(end, start + AT_ONCE))


class _Part:
    """Some cases of one schema."""

    def __init__(self, engine: Engine, batch: Batch, schema: Schema, part: slice) -> None:
        self._engine, self._batch, self._schema, self._part = engine, batch, schema, part
        self._count = part.stop - part.start
        self._result = batch.result[part]
        self._notes = Notes(self._count)

    def stage(self, given: Mapping[str, Codes], *, is_strict: bool) -> None:
        """Stage cases that state these keys."""
        cases = Cases(np.arange(self._count), self._notes)
        for key, text in self._engine.fixed.items():
            cases.set(key, self._engine.vocabulary.id_of(text))
        known = {item.key for item in self._schema.inputs}
        trimmed = self._engine.trimmed
        for key in known & given.keys():
            ids = given[key].astype(np.intp)
            cases.set(key, ids if trimmed is None else trimmed.take(ids))
        failed = self._unknown(given, known, is_strict=is_strict)
        self._result[failed] = INVALID_INPUT
        untimely = ~failed & ~self._has_valid_year(cases)
        self._result[untimely] = INVALID_YEAR
        failed |= untimely
        if failed.any():
            cases = cases.part(np.flatnonzero(~failed))
        if len(cases):
            self._take(cases)
        self._take_notes()

    def _unknown(self, given: Mapping[str, Codes], known: set[str], *, is_strict: bool) -> Flags:
        """Which cases state a key that is no input of their schema."""
        failed = np.zeros(self._count, dtype=np.bool_)
        for key in sorted(given.keys() - known):
            places = np.flatnonzero(given[key])
            if not is_strict:
                self._batch.ignored.append((key, places + self._part.start))
                continue
            failed[places] = True
            message = f"Unknown input key supplied: {key}"
            self._notes.error(Template("UNKNOWN_INPUT", None, key, None, message), places)
        return failed

    def _has_valid_year(self, cases: Cases) -> Flags:
        years = [item for item in self._schema.inputs if item.key == YEAR_INPUT]
        bound = self._engine.bound(years[0].table) if years and years[0].table else None
        if bound is None:
            is_valid = bool(years) and years[0].table is None
            return np.full(self._count, is_valid)
        is_valid = self._engine.prober.find(bound, cases) != bound.row_count
        return np.broadcast_to(is_valid, self._count)

    def _take(self, cases: Cases) -> None:
        failed = self._engine.evaluator.take_inputs(self._schema, cases)
        if failed is not None:
            self._result[cases.places[failed]] = INVALID_INPUT
            cases = cases.part(np.flatnonzero(~failed))
        if not len(cases):
            return
        self._engine.evaluator.stage(self._schema, cases)
        is_all = len(cases) == self._count
        for output in self._schema.outputs:
            if output.key not in self._batch.outputs:
                kind = np.min_scalar_type(max(self._engine.vocabulary.size, 256))
                self._batch.outputs[output.key] = np.zeros(len(self._batch.rank), dtype=kind)
            ids = self._batch.outputs[output.key][self._part]
            ids[slice(None) if is_all else cases.places] = cases.get(output.key)

    def _take_notes(self) -> None:
        paths, numbers = self._notes.paths()
        known = self._batch.paths
        codes = [known.setdefault(path, len(known)) for path in paths]
        self._batch.path[self._part] = np.array(codes, dtype=np.uint32).take(numbers)
        errors = self._notes.errors
        if not errors:
            return
        templates, kept = self._batch.templates, self._batch.errors
        for noted in errors:
            number = templates.setdefault(noted.template, len(templates))
            kept.noted.append(Numbered(number, len(noted.places), noted.shown))
        places = np.concatenate([noted.places for noted in errors])
        kept.order.append(np.argsort(places.astype(np.uint16), kind="stable") + kept.count)
        kept.places.append(places + self._part.start)
        kept.count += len(places)
