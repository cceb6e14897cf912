"""Which line comes next, where the record leaves no doubt."""

from datetime import date
from typing import Final

import polars as pl

from outspread.plan.facts.measured import given_treatments
from outspread.plan.facts.row import KEY, as_facts

_SYSTEMIC: Final = (
    "chemotherapy", "hormone", "immunotherapy", "targeted", "radioligand", "systemic",
)  # fmt: skip
_ONE_START_DAYS: Final = 28  # drugs that start closer together are taken for one line


def line_facts(treatments: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Facts that follow from growth under treatment for distant disease.

    The second line is planned where all systemic treatment since the first distant spread started
    at one time and the last status, of a later day, is growth. Where more started later, or one is
    undated, the number of lines is for a person to tell. Of two cancers neither gets a line.

    Parameters
    ----------
    treatments
        Table `treatment`.
    diseases
        Table `disease`; uses status, status_date, status_evidence_ids, first_distant_date.
    """
    grown = diseases.filter(
        (pl.len().over("patient_id") == 1) & pl.col("status").is_in(["worsened", "recurrence"])
    ).select(*KEY, "first_distant_date", "status_date", "status_evidence_ids", "primary")
    systemic = given_treatments(treatments, as_of=as_of).filter(pl.col("modality").is_in(_SYSTEMIC))
    since = systemic.join(grown, on="patient_id").filter(
        (pl.col("date") >= pl.col("first_distant_date")).fill_null(value=True)
    )
    first, last = pl.col("date").min(), pl.col("date").max()
    lines = since.group_by(*KEY).agg(
        pl.col("status_date").first(),
        is_one=pl.col("date").is_not_null().all()
        & ((last - first).dt.total_days() <= _ONE_START_DAYS)
        & (last < pl.col("status_date").first()),
        on_hormone=(pl.col("modality") == "hormone").any() & (pl.col("primary") == "breast").any(),
        evidence_ids=pl.col("evidence_ids")
        .list.concat("status_evidence_ids")
        .list.explode(keep_nulls=False, empty_as_null=False)
        .unique()
        .sort(),
    )
    one = lines.filter("is_one").with_columns(date="status_date")
    second = one.with_columns(factor=pl.lit("line"), value=pl.lit("2"))
    hormone = one.filter("on_hormone").with_columns(
        factor=pl.lit("prior_endocrine_progression_met"), value=pl.lit("yes")
    )
    return as_facts(pl.concat([second, hormone]), "plan.line")
