"""Facts that a record states by the name of the factor itself."""

from datetime import date

import polars as pl

from outspread.plan.facts.measured import still_holds
from outspread.plan.facts.row import as_facts, read_data
from outspread.plan.facts.said import owned, said
from outspread.plan.pack.model import Pack


def stated_facts(
    measurements: pl.DataFrame, diseases: pl.DataFrame, pack: Pack, *, as_of: date
) -> pl.DataFrame:
    """Facts of measurements that bear the name of a factor.

    So a person's judgment that no other part of a record tells (a visceral crisis, whether all can
    be removed, goals) can stand in it. What the story decides, as origin and extent, cannot be
    stated so, and `measured.csv` goes before. Words and ranges are checked against the pack later;
    a number in another unit than the factor's is left aside.

    Parameters
    ----------
    measurements, diseases
        Tables of record and story.
    """
    rules = read_data("stated").with_columns(pl.col("holds_days").cast(pl.Int64))
    units = pl.DataFrame(
        [(f.name, f.unit and f.unit.lower()) for f in pack.factors.values()],
        schema={"factor": pl.String, "factor_unit": pl.String},
        orient="row",
    )
    named = said(measurements, as_of).join(
        rules.join(units, on="factor"), left_on="name", right_on="factor"
    )
    unit = pl.col("unit").str.to_lowercase().replace("%", "percent")
    is_same = unit.is_null() | (unit == pl.col("factor_unit")).fill_null(value=False)
    rows = named.filter(is_same, still_holds(as_of)).with_columns(factor="name")
    return as_facts(owned(rows, diseases), "plan.stated")
