"""One patient, ready to be shown: the rows of every table, and the plan made from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from outspread.plan.make import make_plan
from outspread.plan.pack.model import Pack
from outspread.tables import TABLES
from outspread.write.planned import Row, plan_rows
from outspread.write.tables import read_patient, story_date


@dataclass(frozen=True, repr=False)
class Case:
    """One patient: rows by table, rows of the plan by disease and table, and both as frames."""

    patient_id: str
    rows: Mapping[str, list[Row]]
    plans: Mapping[int, Mapping[str, list[Row]]]
    tables: Mapping[str, pl.DataFrame]
    planned: Mapping[str, pl.DataFrame]
    pack: Pack
    as_of: date

    @property
    def person(self) -> Row:
        """The row of `patient`; empty values where there is none."""
        columns = TABLES["patient"].columns()
        return self.rows["patient"][0] if self.rows["patient"] else dict.fromkeys(columns)

    def of_disease(self, table: str, disease_id: int) -> list[Row]:
        """Rows of a table that belong to one disease."""
        return [row for row in self.rows[table] if row["disease_id"] == disease_id]


def case_of(
    tables: Mapping[str, pl.DataFrame], patient_id: str, *, pack: Pack, as_of: date
) -> Case:
    """Take one patient out of the tables of records and story, and make the plan.

    Parameters
    ----------
    tables
        All tables of `outspread.tables`; rows of other patients are left aside.
    """
    mine = {
        name: frame.filter(pl.col("patient_id") == patient_id) for name, frame in tables.items()
    }
    planned = make_plan(mine, pack, as_of=as_of)
    return Case(
        patient_id=patient_id,
        rows={name: frame.to_dicts() for name, frame in mine.items()},
        plans=plan_rows(planned, pack, patient_id=patient_id),
        tables=mine,
        planned=planned,
        pack=pack,
        as_of=as_of,
    )


def read_case(folder: Path, patient_id: str, *, pack: Pack) -> Case:
    """Read one patient of an output folder; the others are not read.

    Raises
    ------
    StoreError
        W005 not an output folder, W007 no such patient in it, W010 no story in it, W009 and
        W012 the folder is damaged or was changed.
    """
    as_of = story_date(folder)
    return case_of(read_patient(folder, patient_id), patient_id, pack=pack, as_of=as_of)
