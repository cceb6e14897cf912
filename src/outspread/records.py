"""`Records`: the input tables of one or many people, held together."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache, partial
from typing import Self

import polars as pl

from outspread.tables import conform, polars_schema


@cache
def _empty(table: str) -> pl.DataFrame:
    return pl.DataFrame(schema=polars_schema(table))


@dataclass(frozen=True, repr=False)
class Records:
    """What the sources say, one frame per table of `outspread.tables.RECORD_TABLES`.

    Tables that are left out are empty. Frames are brought to the columns and types of their table.
    """

    patient: pl.DataFrame = field(default_factory=partial(_empty, "patient"))
    document: pl.DataFrame = field(default_factory=partial(_empty, "document"))
    finding: pl.DataFrame = field(default_factory=partial(_empty, "finding"))
    treatment: pl.DataFrame = field(default_factory=partial(_empty, "treatment"))
    measurement: pl.DataFrame = field(default_factory=partial(_empty, "measurement"))
    raw: pl.DataFrame = field(default_factory=partial(_empty, "raw"))
    issue: pl.DataFrame = field(default_factory=partial(_empty, "issue"))

    def __post_init__(self) -> None:
        for name, frame in self.tables().items():
            object.__setattr__(self, name, conform(frame, name))

    def __repr__(self) -> str:
        counts = ", ".join(f"{frame.height} {name}" for name, frame in self.tables().items())
        return f"Records({counts})"

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the frames by table name, in the order of the data dictionary."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def concat(cls, parts: Iterable[Self]) -> Self:
        """Put parts below each other; rows that are the same to the last column are kept once."""
        frames: dict[str, list[pl.DataFrame]] = {f.name: [] for f in fields(cls)}
        for part in parts:
            for name, frame in part.tables().items():
                frames[name].append(frame)
        return cls(
            **{
                name: pl.concat(some).unique(maintain_order=True)
                for name, some in frames.items()
                if some
            }
        )
