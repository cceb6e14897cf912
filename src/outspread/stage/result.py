"""Staged rows as a frame."""

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from outspread.stage.batch import Batch
from outspread.stage.engine import Engine
from outspread.stage.gather import Places, TextLists, Texts
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


def result_frame(engine: Engine, batch: Batch, *, is_strict: bool = True) -> pl.DataFrame:
    """Give result, schema_id, all outputs of the algorithm, errors and path of each row.

    An output that was removed and one without a value are both empty; blank is "". `path` names the
    tables in the order of visit, with a blank between them. If not strict, `ignored` lists the keys
    that the schema of a row does not have.
    """
    texts = Texts(engine.vocabulary.texts())
    schema = batch.selected.schema
    names = Texts(pl.Series([*engine.schema_ids, None], dtype=pl.String))
    numbers = np.where(schema == NO_NUMBER, len(engine.schema_ids), schema)
    return pl.DataFrame(
        [
            Texts(pl.Series(RESULTS)).series("result", batch.result.take(batch.rank)),
            names.series("schema_id", numbers),
            *(_output(batch, key, texts) for key in engine.output_keys),
            _errors(engine, batch),
            Texts(pl.Series(list(batch.paths))).series("path", batch.path.take(batch.rank)),
            *([] if is_strict else [_ignored(batch)]),
        ]
    )


def _ignored(batch: Batch) -> pl.Series:
    """List the keys that were ignored in each row."""
    pairs = pl.DataFrame(
        {
            "key": [key for key, _ in batch.ignored],
            "place": pl.Series([places for _, places in batch.ignored], dtype=pl.List(pl.Int64)),
        },
        schema_overrides={"key": pl.String},
    )
    listed = pairs.explode("place").group_by("place").agg(pl.col("key").sort())
    return (
        pl.DataFrame({"place": batch.rank})
        .join(listed, on="place", how="left", maintain_order="left")["key"]
        .fill_null([])
        .alias("ignored")
    )


def _output(batch: Batch, key: str, texts: Texts) -> pl.Series:
    if key not in batch.outputs:
        return pl.repeat(None, len(batch.rank), dtype=pl.String, eager=True).alias(key)
    return texts.series(key, batch.outputs[key].take(batch.rank))


def _errors(engine: Engine, batch: Batch) -> pl.Series:
    """List the errors of each row, in the order in which they were noted."""
    count = len(batch.rank)
    if not batch.errors:
        return pl.Series("errors", [[]], dtype=pl.List(ERROR)).new_from_index(0, count)
    counts = np.bincount(np.concatenate([part.places for part in batch.errors]), minlength=count)
    starts = np.cumsum(counts) - counts
    counts = counts.take(batch.rank)
    ends = np.cumsum(counts)
    source = np.repeat(starts.take(batch.rank) - ends + counts, counts)
    source += np.arange(len(source))
    offsets = pa.array(np.concatenate([[0], ends]), pa.int64())
    cut = pa.LargeListArray.from_arrays(offsets, _flat(engine, batch, source))
    return pl.Series("errors", pl.from_arrow(cut))


def _flat(engine: Engine, batch: Batch, source: Ids) -> pa.Array:
    """One error after the other."""
    templates = list(batch.templates)
    which = np.concatenate([part.templates for part in batch.errors]).take(source)
    own: dict[str, list[str | None]] = {
        "type": [template.kind for template in templates],
        "table": [template.table for template in templates],
        "key": [template.key for template in templates],
        "before": [template.before for template in templates],
        "after": [template.after for template in templates],
    }
    texts = {name: Texts(pl.Series(values, dtype=pl.String)) for name, values in own.items()}
    message = [
        texts["before"].series("before", which),
        *_shown(engine, batch, which, source),
        texts["after"].series("after", which),
    ]
    joined = pl.select(pl.concat_str(message)).to_series()
    lists = TextLists([list(template.columns or ()) for template in templates])
    return pa.StructArray.from_arrays(
        [
            *(texts[name].at(which) for name in ("type", "table", "key")),
            lists.at(which),
            joined.to_arrow(compat_level=pl.CompatLevel.newest()),
        ],
        names=[field.name for field in ERROR.fields],
    )


def _shown(engine: Engine, batch: Batch, which: Places, source: Ids) -> list[pl.Series]:
    """Values that messages show, each but the first with a comma before it."""
    counts = np.array([template.shown for template in batch.templates]).take(which)
    texts = engine.vocabulary.shown()
    none = len(texts)
    found = []
    for place in range(max(len(part.shown) for part in batch.errors)):
        parts = [
            part.shown[place] if place < len(part.shown) else np.zeros_like(part.places)
            for part in batch.errors
        ]
        ids = np.where(counts > place, np.concatenate(parts).take(source), none)
        own = pl.concat(["," + texts if place else texts, pl.Series([""])])
        found.append(Texts(own).series(str(place), ids))
    return found
