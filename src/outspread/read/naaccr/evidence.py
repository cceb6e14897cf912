"""Statements about a tumor as rows of evidence: who, when, how sure, where it was read."""

from typing import Final

import polars as pl

from outspread.read.naaccr.checks import unpacked
from outspread.read.naaccr.knowledge import known_items

_USUAL: Final = "dateOfDiagnosis"
SHARED: Final = {
    "certainty": "confirmed",
    "temporality": "current",
    "experiencer": "patient",
    "source_kind": "naaccr",
}


def with_tumors(coded: pl.DataFrame, tumors: pl.DataFrame) -> pl.DataFrame:
    """Add to each statement its patient, its tumor and the date for which it holds.

    An item names the items that date it (`date` of `known_items`), a code may name its own in
    `detail`; the first that is given counts.

    Parameters
    ----------
    coded
        Items with codes, see `outspread.read.naaccr.knowledge.with_codes`.
    tumors
        See `outspread.read.naaccr.tumor.read_tumors`.
    """
    dates = known_items().filter(pl.col("becomes") == "date")["item"].to_list()
    named = pl.when(pl.col("detail").is_in(dates)).then("detail").otherwise("date")
    rows = coded.with_columns(dated_by=named).drop("date")
    is_usual = (pl.col("dated_by") == _USUAL).fill_null(value=False)
    held = tumors.select("record", "patient_id", "source_ref", packed=_USUAL)
    usual = rows.filter(is_usual).join(held, on="record", maintain_order="left")
    others = rows.filter(~is_usual).join(
        tumors.select("record", "patient_id", "source_ref", *dates),
        on="record",
        maintain_order="left",
    )
    lists = known_items()["date"].drop_nulls().unique(maintain_order=True).to_list()
    packed = pl.coalesce(
        pl.when(pl.col("dated_by") == names).then(pl.coalesce(names.split(" ")))
        for names in [*lists, *dates]
    )
    both = pl.concat([usual, others.with_columns(packed=packed).drop(dates)], how="diagonal")
    return both.with_columns(unpacked("packed")).drop("dated_by", "packed")


def evidence(rows: pl.DataFrame, rule: str, *, element: str = "") -> pl.DataFrame:
    """Add the columns that all evidence of a registry has in common.

    Parameters
    ----------
    rows
        Uses `item` and `source_ref`; `polarity`, `certainty` and `temporality` where they differ.
    element
        What follows the item in the name of the element, where one item gives several rows.
    """
    missing = [
        pl.lit(value).alias(name) for name, value in SHARED.items() if name not in rows.columns
    ]
    polarity = pl.col("polarity") if "polarity" in rows.columns else pl.lit("affirmed")
    return rows.with_columns(
        *missing,
        polarity.alias("polarity"),
        pl.lit(rule).alias("rule_id"),
        pl.concat_str("item", pl.lit(element)).alias("element"),
        pl.concat_str("source_ref", pl.lit("#"), "item", pl.lit(element)).alias("evidence_id"),
        about_ref="source_ref",
    )


def states_something() -> pl.Expr:
    """Tell whether a code states something: it is neither unknown nor not applicable."""
    return pl.col("polarity").is_not_null()


def of(statements: pl.DataFrame, becomes: str) -> pl.DataFrame:
    """Statements of one kind."""
    return statements.filter(pl.col("becomes") == becomes)
