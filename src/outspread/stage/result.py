"""Staged rows as a frame."""

from typing import Final, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from outspread.stage.batch import Batch, Numbered
from outspread.stage.engine import Engine
from outspread.stage.findings import Template
from outspread.stage.gather import TextLists, Texts
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


class Placed(NamedTuple):
    """Texts, and the place of each of some things among them."""

    texts: Texts
    places: Ids

    def take(self, numbers: Ids) -> pa.Array:
        """Place the text of each number."""
        return self.texts.at(self.places.take(numbers))


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
    if not batch.errors.count:
        return pl.Series("errors", [[]], dtype=pl.List(ERROR)).new_from_index(0, count)
    counts = np.bincount(np.concatenate(batch.errors.places), minlength=count)
    starts = np.cumsum(counts) - counts
    counts = counts.take(batch.rank)
    ends = np.cumsum(counts)
    source = np.repeat(starts.take(batch.rank) - ends + counts, counts)
    source += np.arange(len(source))
    source = np.concatenate(batch.errors.order).take(source)
    offsets = pa.array(np.concatenate([[0], ends]), pa.int64())
    cut = pa.LargeListArray.from_arrays(offsets, _flat(engine, batch, source))
    return pl.Series("errors", pl.from_arrow(cut))


def _flat(engine: Engine, batch: Batch, source: Ids) -> pa.Array:
    """One error after the other."""
    templates = list(batch.templates)
    noted = batch.errors.noted
    sizes = np.array([one.size for one in noted])
    which = np.repeat([one.template for one in noted], sizes).take(source)
    own: dict[str, list[str | None]] = {
        "type": [template.kind for template in templates],
        "table": [template.table for template in templates],
        "key": [template.key for template in templates],
    }
    lists = TextLists([list(template.columns or ()) for template in templates])
    return pa.StructArray.from_arrays(
        [
            *(Texts(pl.Series(texts, dtype=pl.String)).at(which) for texts in own.values()),
            lists.at(which),
            _messages(engine, batch, sizes).take(source),
        ],
        names=[field.name for field in ERROR.fields],
    )


def _messages(engine: Engine, batch: Batch, sizes: Ids) -> Placed:
    """Messages of all errors; those that show as many values are made together."""
    noted = batch.errors.noted
    widths = np.array([len(one.shown) for one in noted])
    order = np.argsort(widths, kind="stable")
    starts = np.empty(len(noted), dtype=np.intp)
    starts[order] = np.cumsum(sizes[order]) - sizes[order]
    places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    places += np.arange(len(places))
    texts = engine.vocabulary.shown()
    values = Texts(texts), Texts("," + texts)
    templates = list(batch.templates)
    made = [
        _messages_of([noted[i] for i in np.flatnonzero(widths == width)], templates, values)
        for width in np.unique(widths).tolist()
    ]
    return Placed(Texts(pl.concat(made)), places)


def _messages_of(
    noted: list[Numbered], templates: list[Template], values: tuple[Texts, Texts]
) -> pl.Series:
    """Messages that show as many values, these with a comma between them."""
    which = np.repeat([one.template for one in noted], [one.size for one in noted])
    shown = [
        values[bool(place)].series(str(place), np.concatenate([one.shown[place] for one in noted]))
        for place in range(len(noted[0].shown))
    ]
    if not shown:
        whole = Texts(pl.Series([template.before + template.after for template in templates]))
        return whole.series("message", which)
    before = Texts(pl.Series([template.before for template in templates]))
    after = Texts(pl.Series([template.after for template in templates]))
    parts = [before.series("before", which), *shown, after.series("after", which)]
    return pl.select(pl.concat_str(parts).alias("message")).to_series()
