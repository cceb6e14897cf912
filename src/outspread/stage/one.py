"""One case on its way through the compiled tables, without the cost of a frame."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from outspread.stage.bound import Bound
from outspread.stage.case import Setting, StagedCase, StageIssue
from outspread.stage.cells import Endpoint, reference, trim
from outspread.stage.definitions import Input, Path, Schema, Stage
from outspread.stage.engine import Engine
from outspread.stage.evaluate import no_table
from outspread.stage.find import Finder
from outspread.stage.select import (
    INVALID_INPUT,
    INVALID_YEAR,
    MANY_SCHEMAS,
    MISSING,
    NO_SCHEMA,
    RESULTS,
    STAGED,
)
from outspread.stage.selection import SITE_KEYS, Lists
from outspread.stage.vocabulary import SHOWN_BLANK

YEAR_INPUT: Final = "year_dx"
Given = Mapping[str, str | None]


class OneByOne:
    """Stages one case after the other; remembers what it has worked out about tables."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.finder = Finder(engine.compiled.words)
        self.endpoints = cache(self._endpoints)
        self.keys = cache(lambda number: {item.key for item in engine.schema(number).inputs})

    def find(self, table_id: str | None, context: Given) -> int | None:
        """First row of a table that matches; None if none does, or there is no such table."""
        bound = self.engine.bound(table_id) if table_id else None
        row = self.finder.find(bound, context) if bound else 0
        return None if bound is None or row == bound.row_count else row

    def fitting(self, given: Given) -> list[int]:
        """Numbers of the schemas that fit what is given."""
        compiled, selection = self.engine.compiled, self.engine.compiled.selection
        site, histology = (given.get(key) for key in SITE_KEYS)
        if site is not None and site not in compiled.sites:
            return []
        if histology is not None and histology not in compiled.histologies:
            return []
        if site is None or histology is None:
            return self._fitting_in_part(given)
        state = 0
        for place, key in enumerate(selection.keys):
            own = selection.absent[place]
            if key in given:
                own = self.finder.class_of(selection.columns[place], given[key] or "")
            if place:
                size = selection.absent[place] + (key not in SITE_KEYS)
                own = int(selection.pairs[place - 1][state * size + own])
            state = own
        return _list_at(selection.fitting, state)

    def _fitting_in_part(self, given: Given) -> list[int]:
        """Schemas of a site alone, or of a histology alone."""
        selection = self.engine.compiled.selection
        if len(given.keys() - {*SITE_KEYS}):
            return []
        for place, lists in enumerate((selection.by_site, selection.by_histology)):
            text = given.get(SITE_KEYS[place])
            if text is not None:
                return _list_at(lists, self.finder.class_of(selection.columns[place], text))
        return []

    def stage(self, given: Given, *, is_strict: bool = True, traces: bool = False) -> StagedCase:
        """Stage a case.

        Parameters
        ----------
        given
            Text by key; None is a key without a value.
        is_strict
            Whether a key that is no input of the schema fails the case.
        traces
            Whether to keep which row of which table set each output.
        """
        if any(given.get(key) is None for key in SITE_KEYS):
            return StagedCase(RESULTS[MISSING], None, {}, (), ())
        found = self.fitting(given)
        if len(found) != 1:
            result = RESULTS[MANY_SCHEMAS if found else NO_SCHEMA]
            return StagedCase(result, None, {}, (), ())
        return _OneCase(self, found[0], traces=traces).run(given, is_strict=is_strict)

    def has_valid_year(self, schema: Schema, given: Given) -> bool:
        """Tell whether a schema takes the year of a case."""
        for item in schema.inputs:
            if item.key == YEAR_INPUT:
                return item.table is None or self.is_valid(item.table, given)
        return False

    def is_valid(self, table_id: str, given: Given) -> bool:
        """Tell whether a table takes some values, trimmed, nothing being blank."""
        context = {key: trim(value or "") for key, value in given.items()}
        return self.find(table_id, context | self.engine.fixed) is not None

    def _endpoints(self, table_id: str, row: int) -> list[tuple[str, Endpoint]]:
        compiled = self.engine.compiled
        return [
            (key, compiled.endpoints[codes[row]])
            for key, codes in compiled.tables[table_id].endpoints
        ]


def _list_at(lists: Lists, place: int) -> list[int]:
    first, end = lists.starts[place : place + 2].tolist()
    return [int(number) for number in lists.schemas[first:end]]


class _OneCase:
    """A case while it is staged."""

    def __init__(self, tables: OneByOne, number: int, *, traces: bool) -> None:
        self._tables = tables
        self._number = number
        self._schema = tables.engine.schema(number)
        self._context: dict[str, str | None] = {}
        self._errors: list[StageIssue] = []
        self._path: list[str] = []
        self._settings: dict[str, Setting] | None = {} if traces else None

    def run(self, given: Given, *, is_strict: bool) -> StagedCase:
        schema = self._schema
        unknown = tuple(key for key in given if key not in self._tables.keys(self._number))
        if unknown and is_strict:
            for key in unknown:
                message = f"Unknown input key supplied: {key}"
                self._errors.append(StageIssue("UNKNOWN_INPUT", message, key=key))
            return self._ended(INVALID_INPUT)
        if not self._tables.has_valid_year(schema, given):
            return self._ended(INVALID_YEAR, ignored=unknown)
        fixed = self._tables.engine.fixed
        self._context.update(fixed)
        known = self._tables.keys(self._number)
        for key, value in given.items():
            if key in known:
                self._context[key] = value if value is None else trim(value)
        if not self._take_inputs():
            return self._ended(INVALID_INPUT, ignored=unknown)
        for output in schema.outputs:
            self._put(output.key, self._evaluate(output.default))
        for key, text in schema.initial:
            self._put(key, self._evaluate(text))
        for stage in schema.stages:
            if self._is_involved(stage):
                self._take_stage(stage)
        return self._ended(STAGED, output=self._outputs(), ignored=unknown)

    def _ended(
        self,
        result: int,
        *,
        output: dict[str, str | None] | None = None,
        ignored: tuple[str, ...] = (),
    ) -> StagedCase:
        settings: Iterable[Setting] = (self._settings or {}).values()
        return StagedCase(
            RESULTS[result],
            self._schema.id,
            output or {},
            tuple(self._errors),
            tuple(self._path),
            ignored,
            tuple(setting for setting in settings if output and setting.output in output),
        )

    def _error(
        self,
        kind: str,
        message: str,
        *,
        table: str | None = None,
        key: str | None = None,
        columns: tuple[str, ...] | None = None,
    ) -> None:
        self._errors.append(StageIssue(kind, message, table, key, columns))

    def _put(
        self,
        key: str,
        value: str | None,
        *,
        stage: str | None = None,
        table: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self._context[key] = value
        if self._settings is not None:
            self._settings[key] = Setting(key, value, stage, table, row, column)

    def _evaluate(self, text: str | None) -> str:
        key = reference(text) if text else None
        return text or "" if key is None else self._context.get(key) or ""

    def _take_inputs(self) -> bool:
        """Set defaults and check values; False if the case cannot be staged."""
        goes_on = True
        for item in self._schema.inputs:
            value = self._context.get(item.key)
            if value is None:
                self._context[item.key] = self._default(item)
            elif value and item.table and self._tables.find(item.table, self._context) is None:
                if self._tables.engine.bound(item.table) is None:
                    message = f"Input table does not exist: {item.table}"
                    self._error("UNKNOWN_TABLE", message, key=item.key)
                    continue
                kind = "REQUIRED" if item.used_for_staging else "NON_REQUIRED"
                message = f"Invalid '{item.key}' value ({value})"
                self._error(f"INVALID_{kind}_INPUT", message, table=item.table, key=item.key)
                on_invalid = self._schema.on_invalid
                goes_on &= on_invalid == "CONTINUE" or (
                    on_invalid != "FAIL" and not item.used_for_staging
                )
        return goes_on

    def _default(self, item: Input) -> str:
        if item.default is not None or item.default_table is None:
            return self._evaluate(item.default)
        if self._tables.engine.bound(item.default_table) is None:
            message = f"Default table does not exist: {item.default_table}"
            self._error("UNKNOWN_TABLE", message, key=item.key)
            return ""
        row = self._tables.find(item.default_table, self._context)
        if row is not None:
            for key, (order, text) in self._tables.endpoints(item.default_table, row):
                if key == item.key and order == "VALUE" and text is not None:
                    return self._evaluate(text)
        message = f"Default table {item.default_table} did not find a match"
        self._error("MATCH_NOT_FOUND", message, key=item.key)
        return ""

    def _is_involved(self, stage: Stage) -> bool:
        for wanted, paths in ((True, stage.inclusion), (False, stage.exclusion)):
            for path in paths:
                context = self._context
                if path.reads:
                    context = dict(context)
                    for key, to in path.reads:
                        if key in self._context:
                            context[to] = self._context[key]
                if (self._tables.find(path.table, context) is not None) != wanted:
                    return False
        return True

    def _take_stage(self, stage: Stage) -> None:
        for path in (*stage.inclusion, *stage.exclusion):
            self._path.append(f"{stage.id}.{path.table}")
        for key, text in stage.initial:
            self._put(key, text, stage=stage.id)
        for path in stage.paths:
            for key, to in path.reads:
                if key in self._context:
                    self._context[to] = self._context[key]
                    continue
                message = f"Input mapping '{key}' does not exist for table '{path.table}'"
                self._error("UNKNOWN_INPUT_MAPPING", message, table=path.table, key=key)
            goes_on = self._visit(path.table, stage.id, path, stack=())
            for _, to in path.reads:
                self._context.pop(to, None)
            if not goes_on:
                return

    def _visit(self, table_id: str, stage_id: str, path: Path, *, stack: tuple[str, ...]) -> bool:
        """Visit a table; False if the mapping ends here."""
        bound = self._tables.engine.bound(table_id)
        if bound is None or table_id in stack:
            self._note_no_table(table_id, path, is_known=bound is not None)
            return True
        self._path.append(f"{stage_id}.{table_id}")
        row = self._tables.finder.find(bound, self._context)
        if row == bound.row_count:
            columns = tuple(
                key for key, _ in self._tables.engine.compiled.tables[table_id].endpoints
            )
            message = f"Match not found in table '{table_id}' ({self._shown(bound)})"
            self._error("MATCH_NOT_FOUND", message, table=table_id, columns=columns)
            return True
        goes_on = True
        for key, (order, text) in self._tables.endpoints(table_id, row):
            if order == "VALUE":
                for to in [to for own, to in path.writes if own == key] or [key]:
                    if text is None:
                        self._context.pop(to, None)
                    else:
                        value = self._evaluate(text)
                        self._put(to, value, stage=stage_id, table=table_id, row=row, column=key)
            elif order == "JUMP":
                goes_on = self._visit(text or "", stage_id, path, stack=(*stack, table_id))
            elif order == "STOP":
                goes_on = False
            elif order == "ERROR":
                message = text or (
                    f"Matching resulted in an error in table '{table_id}' for column '{key}' "
                    f"({self._shown(bound)})"
                )
                self._error("STAGING_ERROR", message, table=table_id, columns=(key,))
        return goes_on

    def _shown(self, bound: Bound) -> str:
        return ",".join(self._context.get(key) or SHOWN_BLANK for key in bound.keys)

    def _note_no_table(self, table_id: str, path: Path, *, is_known: bool) -> None:
        kind, message = no_table(table_id, path, is_known=is_known)
        self._error(kind, message, table=table_id)

    def _outputs(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for output in self._schema.outputs:
            if output.key not in self._context:
                continue
            value = found[output.key] = self._context[output.key]
            if output.table and self._tables.find(output.table, self._context) is None:
                if self._tables.engine.bound(output.table) is None:
                    message = f"Output table does not exist: {output.table}"
                    self._error("UNKNOWN_TABLE", message, key=output.key)
                    continue
                message = f"Invalid '{output.key}' value ({value or SHOWN_BLANK})"
                self._error("INVALID_OUTPUT", message, table=output.table, key=output.key)
        return found
