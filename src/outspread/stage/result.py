"""Staged rows as a frame."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from outspread.stage.batch import Batch
from outspread.stage.engine import Engine
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
_NEWEST: Final = pl.CompatLevel.newest()
_NOT_SHOWN: Final = ""


def result_frame(engine: Engine, batch: Batch) -> pl.DataFrame:
    """Give result, schema_id, all outputs of the algorithm, errors and path of each row.

    An output that was removed and one without a value are both empty; blank is "". `path` names the
    tables in the order of visit, with a blank between them.
    """
    texts = engine.vocabulary.texts()
    schema = batch.selected.schema
    names = pl.Series([*engine.schema_ids, None], dtype=pl.String)
    numbers = np.where(schema == NO_NUMBER, len(engine.schema_ids), schema)
    paths = pl.Series([" ".join(path) for path in batch.paths])
    return pl.DataFrame(
        [
            _gather(pl.Series(RESULTS), batch.result.take(batch.rank)).alias("result"),
            _gather(names, numbers).alias("schema_id"),
            *(_output(batch, key, texts) for key in engine.output_keys),
            _errors(engine, batch).alias("errors"),
            _gather(paths, batch.path.take(batch.rank)).alias("path"),
        ]
    )


def _gather(values: pl.Series, places: npt.NDArray[np.integer[Any]]) -> pl.Series:
    return values.gather(pl.Series(places.astype(np.uint32)))


def _output(batch: Batch, key: str, texts: pl.Series) -> pl.Series:
    if key not in batch.outputs:
        return pl.repeat(None, len(batch.rank), dtype=pl.String, eager=True).alias(key)
    return _gather(texts, batch.outputs[key].take(batch.rank)).alias(key)


def _errors(engine: Engine, batch: Batch) -> pl.Series:
    """List the errors of each row, in the order in which they were noted."""
    count = len(batch.rank)
    if not batch.errors:
        return pl.Series([[]], dtype=pl.List(ERROR)).new_from_index(0, count)
    counts = np.bincount(np.concatenate([part.places for part in batch.errors]), minlength=count)
    starts = np.cumsum(counts) - counts
    counts = counts.take(batch.rank)
    ends = np.cumsum(counts)
    moves = np.repeat(starts.take(batch.rank) - ends + counts, counts)
    source = moves + np.arange(ends[-1])
    flat = _flat(engine, batch, source)
    offsets = pa.array(np.concatenate([[0], ends]), pa.int64())
    cut = pa.LargeListArray.from_arrays(offsets, flat.to_arrow(compat_level=_NEWEST))
    return pl.Series(pl.from_arrow(cut))


def _flat(engine: Engine, batch: Batch, source: Ids) -> pl.Series:
    """One error after the other."""
    templates = list(batch.templates)
    which = pl.Series(
        np.concatenate([part.templates for part in batch.errors]).take(source).astype(np.uint32)
    )
    columns = {
        "type": [template.kind for template in templates],
        "table": [template.table for template in templates],
        "key": [template.key for template in templates],
        "columns": [template.columns and list(template.columns) for template in templates],
        "before": [template.before for template in templates],
        "after": [template.after for template in templates],
    }
    own = {
        name: pl.Series(name, values, dtype=pl.List(pl.String) if name == "columns" else pl.String)
        for name, values in columns.items()
    }
    found = {name: values.gather(which) for name, values in own.items()}
    parts = [found.pop("before"), *_shown(engine, batch, which, source), found.pop("after")]
    message = pl.select(pl.concat_str(parts).alias("message")).to_series()
    return pl.DataFrame([*found.values(), message]).to_struct("errors")


def _shown(engine: Engine, batch: Batch, which: pl.Series, source: Ids) -> list[pl.Series]:
    """Values that messages show, each but the first with a comma before it."""
    counts = np.array([template.shown for template in batch.templates]).take(which.to_numpy())
    texts = engine.vocabulary.shown()
    most = max(len(part.shown) for part in batch.errors)
    found = []
    for place in range(most):
        ids = np.concatenate(
            [
                part.shown[place] if place < len(part.shown) else np.zeros_like(part.places)
                for part in batch.errors
            ]
        ).take(source)
        ids[counts <= place] = len(texts)
        own = (texts if not place else "," + texts).append(pl.Series([_NOT_SHOWN]))
        found.append(_gather(own, ids))
    return found
