"""Which schema each row belongs to."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from outspread.stage.encode import Codes, Column
from outspread.stage.engine import Engine
from outspread.stage.selection import SITE_KEYS
from outspread.stage.words import ABSENT, FIRST, NULL, Flags, Ids

RESULTS: Final = (
    "STAGED",
    "FAILED_MISSING_SITE_OR_HISTOLOGY",
    "FAILED_NO_MATCHING_SCHEMA",
    "FAILED_MULITPLE_MATCHING_SCHEMAS",  # spelt as the reference client spells it
    "FAILED_INVALID_YEAR_DX",
    "FAILED_INVALID_INPUT",
)
STAGED, MISSING, NO_SCHEMA, MANY_SCHEMAS, INVALID_YEAR, INVALID_INPUT = range(len(RESULTS))
NO_NUMBER: Final = -1


class Selected(NamedTuple):
    """Result so far (number in `RESULTS`) and number of the schema of each row, or -1."""

    result: npt.NDArray[np.uint8]
    schema: npt.NDArray[np.int16]


def select(engine: Engine, columns: Mapping[str, Column], count: int) -> Selected:
    """Find the schema of each row by its values as supplied.

    Parameters
    ----------
    columns
        Ids by key, see `Engine.encode`.
    count
        Number of rows.
    """
    keys = engine.compiled.selection.keys
    ids = {key: columns[key].dense(count) for key in keys if key in columns}
    site, histology = (ids.get(key, np.zeros(count, np.uint16)) for key in SITE_KEYS)
    ids |= dict(zip(SITE_KEYS, (site, histology), strict=True))
    is_missing = (site <= NULL) | (histology <= NULL)
    is_valid = _among(engine, engine.compiled.sites)[site]
    is_valid &= _among(engine, engine.compiled.histologies)[histology]
    fitting = engine.compiled.selection.fitting
    states = _states(engine, ids)
    counts = np.where(is_valid, np.diff(fitting.starts).take(states), 0)
    none = NO_NUMBER
    first = np.append(fitting.schemas, none)[fitting.starts[states]]
    result = np.select(
        [is_missing, counts == 0, counts > 1], [MISSING, NO_SCHEMA, MANY_SCHEMAS], STAGED
    )
    schema = np.where(result == STAGED, first, none)
    return Selected(result.astype(np.uint8), schema.astype(np.int16))


def _among(engine: Engine, texts: frozenset[str]) -> Flags:
    found = np.zeros(engine.vocabulary.size, dtype=np.bool_)
    index = engine.compiled.words.index
    found[[index[text] + FIRST for text in texts]] = True
    return found


def _states(engine: Engine, ids: Mapping[str, Codes]) -> Ids:
    """Number of the rows of selection tables that fit, see `Selection.pairs`."""
    selection = engine.compiled.selection
    states: Ids = np.zeros(0, dtype=np.intp)
    for place, (key, column) in enumerate(zip(selection.keys, selection.columns, strict=True)):
        classes = engine.prober.classes(column)
        if key not in SITE_KEYS:
            absent = selection.absent[place]
            classes = classes.copy()
            classes[ABSENT] = absent
        own = classes[ids[key]] if key in ids else classes[ABSENT]
        if place:
            size = selection.absent[place] + (key not in SITE_KEYS)
            states = selection.pairs[place - 1].astype(np.intp)[states * size + own]
        else:
            states = own
    return states
