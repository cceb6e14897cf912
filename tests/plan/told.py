"""Invented people with results and treatments, and the plan of all of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import polars as pl

import outspread
from outspread.pipeline.plan import plan
from outspread.records import Records
from people import AS_OF, Row, primary, records

TOLD: Row = {
    "patient_id": "person", "polarity": "affirmed", "certainty": "confirmed",
    "temporality": "current", "experiencer": "patient", "source_kind": "columns",
    "rule_id": "test", "source_ref": "row",
}  # fmt: skip
LUNG = primary("lung", morphology="8140")
BREAST = primary("breast", morphology="8500")
LAST_WEEK = date(2025, 12, 28)


def measured(name: str, value: str | float, **facts: Any) -> Row:
    column = "value" if isinstance(value, str) else "value_number"
    return TOLD | {"name": name, column: value} | facts


def given(modality: str, agent: str | None = None, status: str = "done", **facts: Any) -> Row:
    return {"modality": modality, "agent": agent, "treatment_status": status} | facts


class Told(NamedTuple):
    """What is stated of one person."""

    rows: list[Row]
    results: Sequence[Row] = ()
    treatments: Sequence[Row] = ()
    life: Row | None = None


def planned(told: Mapping[str, Told]) -> dict[str, pl.DataFrame]:
    """The tables of the plan for people by their names, all at once."""
    return plan(outspread.diagnose(everyone(told), as_of=AS_OF))


Facts = dict[str, str | float | None]
Expected = tuple[Told, Facts]


def settled(told: Mapping[str, Told]) -> dict[str, Facts]:
    """The factors of each person's first cancer."""
    return settled_in(planned(told), told)


def settled_in(tables: Mapping[str, pl.DataFrame], names: Iterable[str]) -> dict[str, Facts]:
    """The same from the tables of a plan."""
    found: dict[str, Facts] = {name: {} for name in names}
    for row in tables["factor"].filter(pl.col("disease_id") == 0).iter_rows(named=True):
        value = row["value"] if row["value_number"] is None else row["value_number"]
        found[row["patient_id"]][row["factor"]] = value
    return found


def case(*rows: Row, expect: Facts, **more: Any) -> Expected:
    """What is stated of a person, and what is settled or, with None, left open."""
    return Told(list(rows), **more), expect


def everyone(told: Mapping[str, Told]) -> Records:
    """The records of people by their names."""
    return Records.concat(_named(name, one) for name, one in told.items())


def _named(name: str, told: Told) -> Records:
    found = records(told.rows, treatments=list(told.treatments), life=told.life)
    numbered = [row | {"evidence_id": f"m{n}"} for n, row in enumerate(told.results)]
    if numbered:
        found = replace(found, measurement=pl.DataFrame(numbered))
    is_owner = pl.col("patient_id").replace("person", name)
    return Records(
        **{
            table: frame.with_columns(is_owner)
            for table, frame in found.tables().items()
            if "patient_id" in frame.columns
        }
    )
