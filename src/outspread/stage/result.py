"""Staged rows as a frame."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from outspread.stage.batch import Batch
from outspread.stage.engine import Engine
from outspread.stage.findings import Noted, Template
from outspread.stage.select import NO_NUMBER, RESULTS
from outspread.stage.words import Ids

ERROR: Final = pl.Struct(
    {
        "type": pl.String,
        "table": pl.String,
        "key": pl.String,
        "columns": pl.List(pl.String),
        "message": pl.String,
    }
)


def result_frame(engine: Engine, batch: Batch) -> pl.DataFrame:
    """Give result, schema_id, all outputs of the algorithm, errors and path of each row.

    An output that was removed and one without a value are both empty; blank is "".
    """
    texts = engine.vocabulary.texts()
    result, schema = batch.selected
    names = pl.Series([*engine.schema_ids, None], dtype=pl.String)
    numbers = np.where(schema == NO_NUMBER, len(engine.schema_ids), schema)
    columns = [
        _gather(pl.Series(RESULTS), result).alias("result"),
        _gather(names, numbers).alias("schema_id"),
        *(
            _gather(texts, batch.outputs[key]).alias(key)
            if key in batch.outputs
            else pl.repeat(None, len(result), dtype=pl.String, eager=True).alias(key)
            for key in engine.output_keys
        ),
        _errors(engine, batch).alias("errors"),
        _paths(batch).alias("path"),
    ]
    return pl.DataFrame(columns)


def _gather(values: pl.Series, places: npt.NDArray[np.integer[Any]]) -> pl.Series:
    return values.gather(pl.Series(places.astype(np.uint32)))


def _paths(batch: Batch) -> pl.Series:
    paths = pl.Series([list(path) for path in batch.paths], dtype=pl.List(pl.String))
    return _gather(paths, batch.path)


def _errors(engine: Engine, batch: Batch) -> pl.Series:
    count = len(batch.path)
    if not batch.errors:
        return pl.Series([[]], dtype=pl.List(ERROR)).new_from_index(0, count)
    rows = np.concatenate([noted.places for noted in batch.errors])
    order = np.argsort(rows, kind="stable")
    flat = _flat(engine, batch.errors)[order]
    ends = np.bincount(rows, minlength=count).cumsum()
    return _lists(flat.to_struct("errors"), np.concatenate([[0], ends]))


def _lists(flat: pl.Series, offsets: Ids) -> pl.Series:
    """Cut a series into lists."""
    cut = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), flat.to_arrow())
    return pl.Series(pl.from_arrow(cut))


def _flat(engine: Engine, errors: list[Noted]) -> pl.DataFrame:
    """One row per error, in the order in which they were noted."""
    templates: dict[Template, int] = {}
    numbers = [templates.setdefault(noted.template, len(templates)) for noted in errors]
    sizes = [len(noted.places) for noted in errors]
    which = pl.Series(np.repeat(np.array(numbers, dtype=np.uint32), sizes))
    frame = pl.DataFrame(
        {
            "type": [template.kind for template in templates],
            "table": [template.table for template in templates],
            "key": [template.key for template in templates],
            "columns": [template.columns and list(template.columns) for template in templates],
            "before": [template.before for template in templates],
            "after": [template.after for template in templates],
        },
        schema_overrides={"table": pl.String, "key": pl.String, "columns": pl.List(pl.String)},
    )[which]
    message = pl.concat_str("before", _shown(engine, errors, sum(sizes)), "after")
    return frame.select("type", "table", "key", "columns", message.alias("message"))


def _shown(engine: Engine, errors: list[Noted], count: int) -> pl.Series:
    """Values that messages show, joined by commas."""
    texts = engine.vocabulary.shown()
    most = max(len(noted.shown) for noted in errors)
    none = len(texts)
    parts = []
    texts = texts.append(pl.Series([None], dtype=pl.String))
    for place in range(most):
        ids = np.concatenate(
            [
                noted.shown[place] if place < len(noted.shown) else np.full(len(noted.places), none)
                for noted in errors
            ]
        )
        parts.append(_gather(texts, ids).alias(str(place)))
    if not parts:
        return pl.Series("shown", [""]).new_from_index(0, count)
    joined = pl.concat_str(pl.all(), separator=",", ignore_nulls=True)
    return pl.DataFrame(parts).select(joined.alias("shown")).to_series()
