"""`Story`: what the records of one or many people add up to, shown as text where it is printed."""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

import polars as pl

from outspread.records import Records
from outspread.tables import STORY_TABLES
from outspread.write.explain import explain_patient

SHOWN_PATIENTS: Final = 5


@dataclass(frozen=True, repr=False)
class Story:
    """Records and what follows from them as of a date; tables as in `outspread.tables`."""

    records: Records
    disease: pl.DataFrame
    lesion: pl.DataFrame
    staging: pl.DataFrame
    conflict: pl.DataFrame
    event: pl.DataFrame
    as_of: date

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return all frames by table name, records first."""
        return self.records.tables() | {name: getattr(self, name) for name in STORY_TABLES}

    def explain(self, patient_id: str) -> str:
        """Return one patient's story as text, every line with its evidence."""
        mine = pl.col("patient_id") == patient_id
        tables = {name: frame.filter(mine) for name, frame in self.tables().items()}
        return explain_patient(tables, patient_id)

    def __repr__(self) -> str:
        patients = self.disease["patient_id"].unique().sort()
        shown = [self.explain(patient) for patient in patients.head(SHOWN_PATIENTS)]
        more = patients.len() - len(shown)
        if more:
            shown.append(f"... and {more} more")
        return "\n\n".join(shown) or "No cancer found in these records."

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"
