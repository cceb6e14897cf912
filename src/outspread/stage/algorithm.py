"""An algorithm of official staging, ready to be asked: the way in for users of the library."""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Final, TypeVar

import polars as pl

from outspread.errors import StageError
from outspread.stage.archive import read_item, read_source
from outspread.stage.batch import stage_rows
from outspread.stage.cache import load_compiled
from outspread.stage.case import StagedCase
from outspread.stage.columns import (
    all_inputs,
    check_free,
    check_usable,
    match_columns,
    text_columns,
)
from outspread.stage.definitions import Input, Schema
from outspread.stage.engine import Engine
from outspread.stage.explain import Explanation, explain_case
from outspread.stage.fetch import find_algorithm
from outspread.stage.glossary import Term, find_terms
from outspread.stage.needs import Missing, missing_inputs
from outspread.stage.one import Given, OneByOne
from outspread.stage.result import ERROR, result_frame

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)
IGNORED: Final = "ignored"


class Algorithm:
    """A staging algorithm as of one current year.

    Examples
    --------
    Made by `load_algorithm`. See `docs/how-to/official-staging.md`.
    """

    def __init__(self, path: Path, *, current_year: int, folder: Path | None = None) -> None:
        self.path = path
        compiled = load_compiled(path, folder=folder)
        self.engine = Engine(compiled, year=current_year)
        self.current_year = current_year
        self.name = compiled.algorithm
        self.version = compiled.version
        self.sha256 = compiled.sha256
        self.one_by_one = OneByOne(self.engine)
        self._published = cache(lambda table_id: read_item(path, "tables", table_id))

    def described(self) -> str:
        """Name, version and hash, and the current year: what a result depends on."""
        return f"{self.name} {self.version} ({self.sha256}) as of {self.current_year}"

    @cached_property
    def inputs_by_key(self) -> dict[str, Input]:
        """Every input of any schema, by its key."""
        return all_inputs(self.engine)

    @property
    def outputs(self) -> list[str]:
        """Keys of every output of any schema."""
        return list(self.engine.output_keys)

    def schemas(self) -> pl.DataFrame:
        """List the schemas: schema_id, name, title, discriminators."""
        found = map(self.engine.schema, range(len(self.engine.schema_ids)))
        return pl.DataFrame(
            [(own.id, own.name, own.title, list(own.discriminators)) for own in found],
            schema={
                "schema_id": pl.String,
                "name": pl.String,
                "title": pl.String,
                "discriminators": pl.List(pl.String),
            },
            orient="row",
        )

    def schema(self, schema_id: str) -> Schema:
        """Return a schema.

        Raises
        ------
        StageError
            S014 if there is none of that id.
        """
        if schema_id not in self.engine.schema_ids:
            message = f"S014: {self.name} {self.version} has no schema of that id; see schemas()."
            raise StageError(message)
        return self.engine.schema(self.engine.schema_ids.index(schema_id))

    def lookup(self, given: Given) -> list[str]:
        """Ids of the schemas that fit a site, a histology and discriminators, sorted.

        A discriminator that is not given may be anything; one that is blank is compared as blank.
        """
        return sorted(self.engine.schema_ids[number] for number in self.one_by_one.fitting(given))

    def inputs(self, schema_id: str) -> pl.DataFrame:
        """List the inputs of a schema: key, name, NAACCR item and id, default, table, use."""
        return pl.DataFrame(
            self.schema(schema_id).inputs,
            schema={
                "key": pl.String,
                "name": pl.String,
                "naaccr_item": pl.Int32,
                "naaccr_xml_id": pl.String,
                "default": pl.String,
                "default_table": pl.String,
                "table": pl.String,
                "used_for_staging": pl.Boolean,
            },
            orient="row",
        )

    def is_valid(self, schema_id: str, key: str, given: Given) -> bool:
        """Tell whether a value is valid for an input, beside the other values of `given`.

        False for a schema or key that there is not, and where nothing is given.
        """
        if schema_id not in self.engine.schema_ids or not given:
            return False
        for item in self.schema(schema_id).inputs:
            if item.key == key:
                return item.table is None or self.one_by_one.is_valid(item.table, given)
        return False

    def find_row(self, table_id: str, given: Given) -> int | None:
        """Number of the first row of a table that matches, from 0; None if none does."""
        return self.one_by_one.find(table_id, dict(given) | self.engine.fixed)

    def missing(self, given: Given) -> Missing:
        """Say what else must be known to find the schema, and to stage with it."""
        return missing_inputs(self.one_by_one, given)

    def glossary(self, text: str) -> list[Term]:
        """Find terms of the glossary in a text: whole words, whatever their case."""
        return find_terms(read_source(self.path).glossary, text)

    def stage_case(self, given: Given, *, strict: bool = True) -> StagedCase:
        """Stage one case: text by key, as the reference client takes it.

        Parameters
        ----------
        strict
            Whether a key that is no input of its schema fails the case.

        Raises
        ------
        StageError
            S012 if a value is not text.
        """
        for key, value in given.items():
            if value is not None and not isinstance(value, str):
                message = f"S012: the value of {key} is not text; leading zeros count."
                raise StageError(message)
        return self.one_by_one.stage(given, is_strict=strict)

    def explain(self, given: Given, *, strict: bool = True) -> list[Explanation]:
        """Say for each output of a case which row of which table set it, with its notes."""
        staged = self.one_by_one.stage(given, is_strict=strict, traces=True)
        return explain_case(staged, self._published)

    def stage(self, frame: Frame, *, strict: bool = True) -> Frame:
        """Stage all rows of a frame.

        Parameters
        ----------
        frame
            One case a row; inputs as text, in columns named by key, NAACCR id or NAACCR number.
            Nothing is a key that was not given; blank is blank. Other columns are kept.
        strict
            Whether an input that the schema of a row does not have fails it; else it is ignored,
            and the column `ignored` names it.

        Returns
        -------
        The same rows with `result`, `schema_id`, every output, `errors` and `path`.

        Raises
        ------
        StageError
            S010 to S013 if the columns cannot be used.
        """
        if isinstance(frame, pl.LazyFrame):
            return self._stage_lazily(frame, strict=strict)
        matched = match_columns(frame.columns, self.inputs_by_key)
        check_usable(matched, self.inputs_by_key)
        check_free(frame.columns, self.added_columns(strict=strict))
        staged = self.stage_columns(text_columns(frame, matched.columns), strict=strict)
        return frame.with_columns(staged.get_columns())

    def stage_columns(
        self,
        columns: Mapping[str, pl.Series],
        *,
        strict: bool = True,
        nulls: Mapping[str, pl.Series] | None = None,
    ) -> pl.DataFrame:
        """Stage columns of text by input key; every key is an input, known or not.

        Parameters
        ----------
        nulls
            Rows where a key is given without a value; else nothing is a key that is not given.
        """
        count = max((len(texts) for texts in columns.values()), default=0)
        if not count:
            return pl.DataFrame(schema=self._added_schema(strict=strict))
        batch = stage_rows(
            self.engine, self.engine.encode(columns, nulls or {}), count, is_strict=strict
        )
        return result_frame(self.engine, batch, is_strict=strict)

    def added_columns(self, *, strict: bool) -> list[str]:
        """Names of the columns that staging adds."""
        return list(self._added_schema(strict=strict))

    def _added_schema(self, *, strict: bool) -> dict[str, pl.DataType]:
        text = pl.String()
        ignored = {} if strict else {IGNORED: pl.List(pl.String)}
        return {
            "result": text,
            "schema_id": text,
            **dict.fromkeys(self.engine.output_keys, text),
            "errors": pl.List(ERROR),
            "path": text,
            **ignored,
        }

    def _stage_lazily(self, frame: pl.LazyFrame, *, strict: bool) -> pl.LazyFrame:
        schema = frame.collect_schema()
        matched = match_columns(schema.names(), self.inputs_by_key)
        check_usable(matched, self.inputs_by_key)
        check_free(schema.names(), self.added_columns(strict=strict))
        return frame.map_batches(
            lambda part: self.stage(part, strict=strict),
            schema=dict(schema) | self._added_schema(strict=strict),
            streamable=True,
        )


def load_algorithm(name: str | Path, *, current_year: int, folder: Path | None = None) -> Algorithm:
    """Load a staging algorithm.

    Parameters
    ----------
    name
        Path of an algorithm file, or the name of one that was downloaded.
    current_year
        The last year of diagnosis that counts as past; results depend on it.
    folder
        Folder of the cache; by default see `outspread.stage.cache.cache_folder`.

    Raises
    ------
    StageError
        S001 to S007, see `outspread.stage.archive` and `find_algorithm`.
    """
    path = find_algorithm(str(name), folder=folder)
    return Algorithm(path, current_year=current_year, folder=folder)
