"""Stage of a registry as stated: TNM, stage groups, FIGO, Summary Stage."""

import re
from typing import Final

import polars as pl

from outspread.empty import empty_from_empty
from outspread.read.naaccr.evidence import evidence, states_something
from outspread.read.notation import read_notation
from outspread.read.vocabulary import load_rows

AXES: Final = ("t", "n", "m", "stage_group", "summary_stage")
_PLAIN: Final = re.compile(r"(y?[cp])?([0-4xXiI].*)\Z")  # category without its letter


def stage_findings(stated: pl.DataFrame, tumors: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Stages as findings, one row per item; and those whose value cannot be read.

    Not applicable is kept as such for M only. The edition is the one that the record states, or
    the only one that was in use in the year of diagnosis.
    """
    rows = _readings(stated)
    unread = rows.filter(pl.col("stage").is_null() & pl.col("is_listed").is_null())
    return _as_findings(rows.filter(pl.col("stage").is_not_null()), tumors), unread


@empty_from_empty
def _readings(stated: pl.DataFrame) -> pl.DataFrame:
    """Add `stage`: what each value means, or how it reads."""
    rows = stated.with_columns(pl.when(pl.col("name") == "m").then("means").alias("not_applicable"))
    listed = rows.filter("is_listed").with_columns(
        stage=pl.when(states_something()).then("means").otherwise("not_applicable")
    )
    return pl.concat([listed, _read(rows.filter(pl.col("is_listed").is_null()))])


@empty_from_empty
def _as_findings(read: pl.DataFrame, tumors: pl.DataFrame) -> pl.DataFrame:
    facts = _with_edition(read, tumors).with_columns(
        kind=pl.lit("stage"),
        stage_system="system",
        stage_basis="basis",
        code_system=pl.lit("naaccr"),
        code="value",
        method=pl.lit("registry"),
        **{axis: pl.when(pl.col("name") == axis).then("stage") for axis in AXES},
    )
    return evidence(facts.drop("polarity", "site"), "naaccr.stage")


def _read(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `stage`, read from each distinct value once."""
    distinct = rows.select("name", "value").unique()
    values = [_spelled(axis, value) for axis, value in distinct.iter_rows()]
    read = distinct.with_columns(stage=pl.Series(values, dtype=pl.String))
    return rows.join(read, on=["name", "value"], how="left", maintain_order="left")


def _spelled(axis: str, value: str) -> str | None:
    """Read a category or group as registries write it: cT2, p2A, cM0(i+), 3C."""
    found = read_notation(value, axis)
    plain = _PLAIN.match(value) if axis in ("t", "n", "m") else None
    if found is None and plain is not None:
        rest = plain[2].upper() if plain[2].upper() == "X" else plain[2].lower()
        found = read_notation(f"{plain[1] or ''}{axis.upper()}{rest}", axis)
    return found[0] if found else None


def _with_edition(rows: pl.DataFrame, tumors: pl.DataFrame) -> pl.DataFrame:
    """Add `stage_edition`: fixed by the item, stated beside it, or by the year of diagnosis."""
    by_year = [
        pl.when(pl.col("year").is_between(int(row["first_year"]), int(row["last_year"]))).then(
            pl.lit(row["edition"])
        )
        for row in load_rows("naaccr_editions.csv")
    ]
    edition = pl.col("edition")
    return (
        rows.join(
            tumors.select("record", "tnm_edition"), on="record", how="left", maintain_order="left"
        )
        .with_columns(year=pl.col("date").dt.year())
        .with_columns(
            stage_edition=pl.when(edition == "stated")
            .then("tnm_edition")
            .when(edition == "by_year")
            .then(pl.coalesce(by_year))
            .otherwise(edition)
        )
    )
