"""Made-up cases for an algorithm of official staging: distinct rows, every schema as often."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from outspread.stage import Algorithm
from outspread.stage.archive import read_source
from outspread.stage.cells import is_number, parse_input
from outspread.stage.definitions import Schema, Table, parse_table

ODD: Final = ("XX", "0988", "6A", " ", "", "12.5", "p9Z")  # codes that no table has
MOST_CODES: Final = 300
LEFT_OUT: Final = 0.25
IS_ODD: Final = 0.01


def make_cases(algorithm: Algorithm, count: int, *, seed: int) -> pl.DataFrame:
    """Make cases: valid codes of each schema at random, some left out, a few of them odd.

    Rows are distinct; there are fewer of them where a schema has not as many cases.
    """
    source = read_source(algorithm.path)
    tables = {name: parse_table(raw) for name, raw in source.tables.items()}
    random = np.random.default_rng(seed)
    schemas = [algorithm.schema(name) for name in algorithm.engine.schema_ids]
    each = count // len(schemas) + 1
    parts = [_cases_of(algorithm, schema, tables, random, each) for schema in schemas]
    cases = pl.concat(parts, how="diagonal").unique(maintain_order=True)
    return cases.sample(fraction=1, shuffle=True, seed=seed).head(count)


def _cases_of(
    algorithm: Algorithm,
    schema: Schema,
    tables: dict[str, Table],
    random: np.random.Generator,
    count: int,
) -> pl.DataFrame:
    selecting = tables[schema.selection_table]
    rows = random.integers(0, len(selecting.rows), count)
    columns: dict[str, pl.Series] = {}
    for key, place in selecting.inputs:
        codes = [_codes(row[place]) for row in selecting.rows]
        allowed = {"site": algorithm.engine.compiled.sites,
                   "hist": algorithm.engine.compiled.histologies}.get(key)  # fmt: skip
        if allowed is not None:
            codes = [[code for code in own if code in allowed] or own for own in codes]
        picks = random.random(count)
        values = [codes[row][int(pick * len(codes[row]))] if codes[row] else None
                  for row, pick in zip(rows.tolist(), picks.tolist(), strict=True)]  # fmt: skip
        columns[key] = pl.Series(key, values, dtype=pl.String)
    for item in schema.inputs:
        if item.key in columns:
            continue
        table = tables.get(item.table or "")
        place = dict(table.inputs).get(item.key) if table else None
        cells = [] if table is None or place is None else [row[place] for row in table.rows]
        codes = [code for cell in cells for code in _codes(cell)] or ["1", "2", "3"]
        columns[item.key] = _picked(item.key, codes, random, count)
    return pl.DataFrame(list(columns.values()))


def _picked(key: str, codes: Sequence[str], random: np.random.Generator, count: int) -> pl.Series:
    texts = pl.Series([*codes, *ODD, None], dtype=pl.String)
    which = random.integers(0, len(codes), count)
    odd = random.random(count) < IS_ODD
    which[odd] = len(codes) + random.integers(0, len(ODD), odd.sum())
    if key != "year_dx":
        which[random.random(count) < LEFT_OUT] = len(texts) - 1
    return texts.gather(pl.Series(which.astype(np.uint32))).alias(key)


def _codes(cell: str | None) -> list[str]:
    """Some values that a cell stands for."""
    found: list[str] = []
    for low, high in parse_input(cell) or ():
        if low == high:
            found.append(low)
        elif is_number(low) and is_number(high) and "." not in low + high:
            last = min(int(high), int(low) + MOST_CODES)
            found += [str(number).zfill(len(low)) for number in range(int(low), last + 1)]
        elif "{{" in high:
            found += [str(year) for year in range(int(low), 2025)]
        elif low[:1] == high[:1] and low[1:].isdigit() and high[1:].isdigit():
            numbers = range(int(low[1:]), int(high[1:]) + 1)
            found += [low[0] + str(number).zfill(len(low) - 1) for number in numbers]
        else:
            found.append(low)
    return found
