"""Many cases of one schema on their way through its tables, all at once."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from outspread.stage.bound import Bound
from outspread.stage.cells import reference
from outspread.stage.compile import Compiled
from outspread.stage.definitions import Input, Path, Schema, Stage
from outspread.stage.endpoints import KEEP, Results, make_orders, results_of
from outspread.stage.findings import Template
from outspread.stage.frame import Cases
from outspread.stage.probe import Prober, Value
from outspread.stage.vocabulary import Vocabulary
from outspread.stage.words import ABSENT, BLANK, Flags, Ids

Stopped = bool | Flags
"""Whether a mapping ends: for all cases, or for each."""


class Leg(NamedTuple):
    """A table of a mapping on its way, with what it jumps to."""

    stage_id: str
    path: Path


class Evaluator:
    """Stages cases of one algorithm."""

    def __init__(
        self,
        compiled: Compiled,
        vocabulary: Vocabulary,
        prober: Prober,
        bound: Callable[[str], Bound | None],
    ) -> None:
        self._vocabulary = vocabulary
        self._prober = prober
        self._bound = bound
        orders = make_orders(compiled, vocabulary)
        self._results: Callable[[str], tuple[Results, ...]] = cache(
            lambda table_id: results_of(compiled.tables[table_id], orders)
        )

    def take_inputs(self, schema: Schema, cases: Cases) -> Flags | None:
        """Set defaults and check values; tell which cases cannot be staged, None if all can."""
        failed = None
        for item in schema.inputs:
            given = cases.get(item.key)
            if isinstance(given, int):
                if given < BLANK:
                    cases.set(item.key, self._default(item, cases, None))
                    continue
                given = np.full(len(cases), given)
            bad = self._refused(item, given, cases)
            if bad is not None:
                self._note_refused(item, given, bad, cases)
                if schema.on_invalid == "FAIL" or (
                    schema.on_invalid != "CONTINUE" and item.used_for_staging
                ):
                    failed = bad if failed is None else failed | bad
            if given.min() < BLANK:
                missing = given < BLANK
                cases.set(item.key, np.where(missing, self._default(item, cases, missing), given))
        return failed

    def stage(self, schema: Schema, cases: Cases) -> None:
        """Take cases with checked inputs through all mappings; check the outputs."""
        for output in schema.outputs:
            cases.set(output.key, self._evaluate(output.default, cases))
        for key, value in schema.initial:
            cases.set(key, self._evaluate(value, cases))
        for stage in schema.stages:
            self._take_stage(stage, cases)
        for output in schema.outputs:
            if output.table:
                self._check_output(output.key, output.table, cases)

    def _refused(self, item: Input, given: Ids, cases: Cases) -> Flags | None:
        """Which values an input does not take; None if it takes all."""
        if item.table is None:
            return None
        bound = self._bound(item.table)
        if bound is None:
            message = f"Input table does not exist: {item.table}"
            template = Template("UNKNOWN_TABLE", None, item.key, None, message)
            cases.notes.error(template, cases.places[given > BLANK])
            return None
        if bound.keys == (item.key,) and bound.lookup is not None:
            bad = self._prober.invalid(bound).take(given)
        else:
            bad = (self._prober.find(bound, cases) == bound.row_count) & (given > BLANK)
        return bad if bad.any() else None

    def _note_refused(self, item: Input, given: Ids, bad: Flags, cases: Cases) -> None:
        kind = "REQUIRED" if item.used_for_staging else "NON_REQUIRED"
        before = f"Invalid '{item.key}' value ("
        template = Template(f"INVALID_{kind}_INPUT", item.table, item.key, None, before, ")", 1)
        places = bad.nonzero()[0]
        cases.notes.error(template, cases.places[places], (given[places],))

    def _default(self, item: Input, cases: Cases, missing: Flags | None) -> Value:
        if item.default is not None:
            return self._evaluate(item.default, cases)
        if item.default_table is None:
            return BLANK
        places = cases.places if missing is None else cases.places[missing]
        bound = self._bound(item.default_table)
        if bound is None:
            message = f"Default table does not exist: {item.default_table}"
            cases.notes.error(Template("UNKNOWN_TABLE", None, item.key, None, message), places)
            return BLANK
        found = np.full(len(cases), KEEP, dtype=np.intp)
        rows = self._prober.find(bound, cases)
        for results in self._results(bound.id):
            if results.key == item.key:
                new = self._resolved(results, results.values[rows], cases)
                found = np.where((found == KEEP) & (new > ABSENT), new, found)
        none = found == KEEP if missing is None else (found == KEEP) & missing
        message = f"Default table {item.default_table} did not find a match"
        cases.notes.error(
            Template("MATCH_NOT_FOUND", None, item.key, None, message), cases.places[none]
        )
        return np.where(found == KEEP, BLANK, found)

    def _evaluate(self, text: str | None, cases: Cases) -> Value:
        """Id of a text, or of what it refers to."""
        if text is None:
            return BLANK
        key = reference(text)
        return self._vocabulary.id_of(text) if key is None else _stated(cases.get(key))

    def _take_stage(self, stage: Stage, cases: Cases) -> None:
        involved = self._involved(stage, cases)
        if involved is False:
            return
        if involved is True:
            self._take_paths(stage, cases)
            return
        chosen = involved.nonzero()[0]
        if len(chosen) == len(cases):
            self._take_paths(stage, cases)
        elif len(chosen):
            part = cases.part(chosen)
            self._take_paths(stage, part)
            cases.take_back(part, chosen)

    def _involved(self, stage: Stage, cases: Cases) -> Stopped:
        involved: Stopped = True
        for wanted, paths in ((True, stage.inclusion), (False, stage.exclusion)):
            for path in paths:
                bound = self._bound(path.table)
                if bound is None:
                    return False
                rows = self._prober.find(bound, _Read(cases, path.reads))
                found = rows != bound.row_count
                hit = found if wanted else np.logical_not(found)
                involved = bool(hit) if np.ndim(hit) == 0 and involved is True else involved & hit
        return involved

    def _take_paths(self, stage: Stage, cases: Cases) -> None:
        for path in (*stage.inclusion, *stage.exclusion):
            cases.notes.step(f"{stage.id}.{path.table}", cases.gate)
        for key, value in stage.initial:
            cases.set(key, 1 if value is None else self._vocabulary.id_of(value))
        self._follow(stage, 0, cases)

    def _follow(self, stage: Stage, first: int, cases: Cases) -> None:
        """Visit the tables of a mapping from one on; cases that stop are left behind."""
        for number in range(first, len(stage.paths)):
            path = stage.paths[number]
            for key, to in path.reads:
                self._copy(key, to, path, cases)
            stopped = self._visit(path.table, Leg(stage.id, path), cases)
            for _, to in path.reads:
                cases.set(to, ABSENT)
            if stopped is True or (not isinstance(stopped, bool) and stopped.all()):
                return
            if not isinstance(stopped, bool) and stopped.any():
                chosen = (~stopped).nonzero()[0]
                part = cases.part(chosen)
                self._follow(stage, number + 1, part)
                cases.take_back(part, chosen)
                return

    def _copy(self, key: str, to: str, path: Path, cases: Cases) -> None:
        value = cases.get(key)
        if (value if isinstance(value, int) else value.min()) > ABSENT:
            cases.set(to, value)
            return
        absent = np.broadcast_to(np.equal(value, ABSENT), len(cases))
        message = f"Input mapping '{key}' does not exist for table '{path.table}'"
        template = Template("UNKNOWN_INPUT_MAPPING", path.table, key, None, message)
        cases.notes.error(template, cases.places[absent])
        if not absent.all():
            cases.set(to, np.where(absent, cases.get(to), value))

    def _visit(
        self, table_id: str, leg: Leg, cases: Cases, *, stack: tuple[str, ...] = ()
    ) -> Stopped:
        """Have cases visit a table; whether the mapping ends there."""
        bound = self._bound(table_id)
        if bound is None or table_id in stack:
            kind, message = no_table(table_id, leg.path, is_known=bound is not None)
            template = Template(kind, table_id, None, None, message)
            cases.notes.error(template, cases.places)
            return False
        cases.notes.step(f"{leg.stage_id}.{table_id}", cases.gate)
        rows = self._prober.find(bound, cases)
        columns = self._results(table_id)
        all_match = self._note_unmatched(bound, columns, rows, cases)
        stopped: Stopped = False
        for results in columns:
            if results.sets:
                self._set(results, rows, leg.path, cases, all_match=all_match)
            for told, flags in results.errors.items():
                here = _places(flags, rows, cases)
                self._note_error(bound, results.key, told, cases=cases, places=here)
            for target, flags in results.jumps.items():
                here = _places(flags, rows, cases)
                if len(here):
                    ends = self._jump(target, leg, cases, here=here, stack=(*stack, table_id))
                    stopped = _replaced(stopped, here, ends, len(cases))
            if results.stops is not None:
                stopped = stopped | np.broadcast_to(results.stops[rows], len(cases))
        return stopped

    def _jump(
        self, target: str, leg: Leg, cases: Cases, *, here: Ids, stack: tuple[str, ...]
    ) -> Stopped:
        """Have some cases visit another table; whether the mapping ends there, for each of them."""
        if len(here) == len(cases):
            return self._visit(target, leg, cases, stack=stack)
        part = cases.part(here)
        ends = self._visit(target, leg, part, stack=stack)
        cases.take_back(part, here)
        return ends

    def _set(
        self, results: Results, rows: Value, path: Path, cases: Cases, *, all_match: bool
    ) -> None:
        new: Value = (
            int(results.values[rows]) if isinstance(rows, int) else results.values.take(rows)
        )
        is_whole = results.only_sets and all_match
        for target in _targets(results.key, path):
            cases.set(target, new if is_whole else self._over(results, new, target, cases))

    def _over(self, results: Results, new: Value, target: str, cases: Cases) -> Value:
        """Ids of a key after new ones are set; where nothing is set, it keeps the old ones."""
        new = self._resolved(results, new, cases)
        if isinstance(new, int):
            return cases.get(target) if new == KEEP else new
        keeps = new == KEEP
        return np.where(keeps, cases.get(target), new) if keeps.any() else new

    def _resolved(self, results: Results, new: Value, cases: Cases) -> Value:
        """Ids with those of other keys in the place of references to them."""
        for number, key in results.references:
            stated = _stated(cases.get(key))
            if isinstance(new, int):
                new = stated if new == number else new
            else:
                new = np.where(new == number, stated, new)
        return new

    def _note_unmatched(
        self, bound: Bound, columns: tuple[Results, ...], rows: Value, cases: Cases
    ) -> bool:
        """Note cases that no row matches; tell whether there are none."""
        if (rows if isinstance(rows, int) else rows.max()) < bound.row_count:
            return True
        if isinstance(rows, int):
            places = np.arange(len(cases))
        else:
            places = (rows == bound.row_count).nonzero()[0]
        names = tuple(results.key for results in columns)
        before = f"Match not found in table '{bound.id}' ("
        template = Template("MATCH_NOT_FOUND", bound.id, None, names, before, ")", len(bound.keys))
        shown = tuple(_chosen(cases.get(key), places) for key in bound.keys)
        cases.notes.error(template, cases.places[places], shown)
        return False

    def _note_error(
        self, bound: Bound, key: str, message: str | None, *, cases: Cases, places: Ids
    ) -> None:
        if not len(places):
            return
        shown: tuple[Ids, ...] = ()
        after = ""
        if message is None:
            message = f"Matching resulted in an error in table '{bound.id}' for column '{key}' ("
            after = ")"
            shown = tuple(_chosen(cases.get(name), places) for name in bound.keys)
        template = Template("STAGING_ERROR", bound.id, None, (key,), message, after, len(shown))
        cases.notes.error(template, cases.places[places], shown)

    def _check_output(self, key: str, table: str, cases: Cases) -> None:
        value = cases.get(key)
        there = np.broadcast_to(np.not_equal(value, ABSENT), len(cases))
        bound = self._bound(table)
        if bound is None:
            message = f"Output table does not exist: {table}"
            template = Template("UNKNOWN_TABLE", None, key, None, message)
            cases.notes.error(template, cases.places[there])
            return
        bad = there & (self._prober.find(bound, cases) == bound.row_count)
        if bad.any():
            places = np.flatnonzero(bad)
            template = Template(
                "INVALID_OUTPUT", table, key, None, f"Invalid '{key}' value (", ")", 1
            )
            cases.notes.error(template, cases.places[places], (_chosen(value, places),))


class _Read:
    """Cases with some keys read under other names."""

    def __init__(self, cases: Cases, reads: tuple[tuple[str, str], ...]) -> None:
        self._cases = cases
        self._own: dict[str, Value] = {}
        for key, to in reads:
            value = self.get(key)
            absent = value == ABSENT
            if not np.all(absent):
                has_gap = np.any(absent)
                self._own[to] = np.where(absent, self.get(to), value) if has_gap else value

    def get(self, key: str) -> Value:
        """Return the ids of a key."""
        value = self._own.get(key)
        return self._cases.get(key) if value is None else value


def _targets(key: str, path: Path) -> list[str]:
    """Keys that an endpoint column writes."""
    return [to for own, to in path.writes if own == key] or [key]


def _places(flags: Flags, rows: Value, cases: Cases) -> Ids:
    """Places of the cases whose row has a flag."""
    if isinstance(rows, int):
        return np.arange(len(cases) if flags[rows] else 0)
    return flags.take(rows).nonzero()[0]


def _replaced(stopped: Stopped, here: Ids, ends: Stopped, count: int) -> Stopped:
    """Put what a jump answers in the place of what was answered before."""
    if isinstance(ends, bool) and ends is stopped:
        return stopped
    both = np.array(np.broadcast_to(stopped, count))
    both[here] = ends
    return both


def _stated(value: Value) -> Value:
    """Ids with blank in the place of nothing."""
    return max(value, BLANK) if isinstance(value, int) else np.maximum(value, BLANK)


def _chosen(value: Value, places: Ids) -> Ids:
    return np.full(len(places), value) if isinstance(value, int) else value[places]


def no_table(table_id: str, path: Path, *, is_known: bool) -> tuple[str, str]:
    """Kind and message of the error that a table is missing, or is being visited already."""
    if is_known:
        kind, what = "INFINITE_LOOP", "has entered an infinite recursive state.  Table '{}' was "
        what += "accessed multiple times."
    else:
        kind, what = "UNKNOWN_TABLE", "contains a reference to an unknown table: '{}'"
    return kind, f"The processing of '{path.table}' " + what.format(table_id)
