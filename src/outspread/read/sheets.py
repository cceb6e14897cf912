"""Rows in the making: what varies from row to row, and the facts that many rows share.

A record repeats itself: most conditions of a population are one of a few hundred (code, status)
pairs. So a row holds a number that stands for its shared facts, plus what is its own; the shared
facts become columns once per chunk, by one gather.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from outspread.tables import polars_schema

# Per table: the columns that take a row's own number and a row's own text or day.
OWN_COLUMNS: Final = {
    "finding": ("size_mm", None),
    "treatment": (None, "end_date"),
    "measurement": ("value_number", "value"),
}
# source slice, shared facts, days since 1970, precision, about_ref, own number, own text or day
Row = tuple[int, int, int | None, str | None, str | None, float | None, str | int | None]


@dataclass(slots=True)
class Sheet:
    """One evidence table in the making."""

    table: str
    rows: list[Row] = field(default_factory=list)
    facts: list[dict[str, object]] = field(default_factory=list)
    _numbers: dict[tuple[tuple[str, object], ...], int] = field(default_factory=dict)

    def fact(self, facts: Mapping[str, object]) -> int:
        """Return the number that stands for these shared facts; empty ones are left out.

        Raises
        ------
        TypeError
            If a fact is not text: the record gives it in another form than FHIR.
        """
        key = tuple(sorted((name, value) for name, value in facts.items() if value is not None))
        if not all(type(value) is str for _, value in key):
            message = "A shared fact is not text."
            raise TypeError(message)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.facts)
            self.facts.append(dict(key))
        return number

    def forget(self) -> None:
        """Forget the shared facts; no row may point to them."""
        self.facts.clear()
        self._numbers.clear()

    def take_back(self, source: int) -> None:
        """Forget the rows that point to a source slice; they are the last ones."""
        while self.rows and self.rows[-1][0] == source:
            self.rows.pop()

    def frame(self, raw: pl.DataFrame) -> pl.DataFrame:
        """Give the rows as a frame, and forget them.

        Parameters
        ----------
        raw
            One row per source slice, in the order of its numbers; uses `patient_id`, `source_ref`,
            `source_kind` and `is_kept`: rows that point to a slice that is not kept are left out.
        """
        schema = polars_schema(self.table)
        if not self.rows:
            return pl.DataFrame(schema=schema)
        columns = list(zip(*self.rows, strict=True))
        self.rows.clear()
        names = sorted({name for facts in self.facts for name in facts})
        shared = pl.DataFrame(self.facts, schema={name: schema[name] for name in names})
        own_number, own_text = OWN_COLUMNS[self.table]
        own = {
            "date": pl.Series(columns[2], dtype=pl.Int32).cast(pl.Date),
            "date_precision": pl.Series(columns[3], dtype=pl.String),
            "about_ref": pl.Series(columns[4], dtype=pl.String),
        }
        if own_number:
            own[own_number] = pl.Series(columns[5], dtype=pl.Float64)
        if own_text:
            stored = pl.Int32 if schema[own_text] == pl.Date else pl.String
            own[own_text] = pl.Series(columns[6], dtype=stored).cast(schema[own_text])
        where = raw.select("patient_id", "source_ref", "source_kind", "is_kept")
        source, fact = (pl.Series(column, dtype=pl.UInt32) for column in columns[:2])
        frame = pl.concat([shared[fact].with_columns(**own), where[source]], how="horizontal")
        if not raw["is_kept"].all():
            frame = frame.filter("is_kept")
        return frame.with_columns(evidence_id=pl.concat_str("source_ref", pl.lit("#"), "element"))
