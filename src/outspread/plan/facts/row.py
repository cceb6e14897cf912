"""Rows of facts, and the data files that turn records into them."""

from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from outspread.casting import casting

KEY: Final = ("patient_id", "disease_id")
NO_TEXT: Final = pl.lit(None, pl.String)
FACT: Final[dict[str, pl.DataType]] = {
    "patient_id": pl.String(),
    "disease_id": pl.Int32(),
    "factor": pl.String(),
    "value": pl.String(),
    "value_number": pl.Float64(),
    "unit": pl.String(),
    "date": pl.Date(),
    "rule_id": pl.String(),
    "evidence_ids": pl.List(pl.String()),
}


@cache
def read_data(name: str) -> pl.DataFrame:
    """Read one data file of the plan as text."""
    content = (files("outspread.plan") / "data" / f"{name}.csv").read_bytes()
    return pl.read_csv(content, infer_schema=False)


def as_facts(frame: pl.DataFrame, rule_id: str) -> pl.DataFrame:
    """Bring rows to the columns of a fact; columns that they lack are empty."""
    if frame.is_empty():
        return NO_FACTS
    return _as_fact(frame.with_columns(pl.lit(rule_id).alias("rule_id")))


NO_FACTS: Final = pl.DataFrame(schema=FACT)
_as_fact: Final = casting(FACT)


def join_ids(name: str) -> pl.Expr:
    """All ids of a group's lists, each once; null lists hold none."""
    ids = pl.col(name).list.explode(keep_nulls=False, empty_as_null=False)
    return ids.unique().sort()
