"""Which line comes next, and how many there were, where the record leaves no doubt."""

from datetime import date
from typing import Final

import polars as pl

from outspread.empty import empty_from_empty
from outspread.plan.facts.course import growth, starts
from outspread.plan.facts.row import KEY, as_facts, join_ids, read_data
from outspread.plan.facts.said import only_cancer

_HER2_CLASS: Final = "prior_her2_therapy"


def line_facts(
    treatments: pl.DataFrame, findings: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Facts that follow from growth under treatment for distant disease.

    Each start of systemic treatment since the first distant spread is a line if growth is stated
    after it and before the next: then the next line is planned. Where a treatment is undated, or
    followed by another without growth between (for side effects, or to keep a response), the
    number of lines is for a person to tell. That nothing is recorded does not show that nothing
    was given. Of two cancers neither gets a line, and prostate cancer gets none, as its lines are
    counted anew once castration fails.

    Parameters
    ----------
    treatments, findings
        Tables of the record.
    diseases
        Table `disease`; uses primary, status, status_date, status_evidence_ids,
        first_distant_date.
    """
    single = only_cancer(diseases).filter(
        pl.col("first_distant_date").is_not_null(),
        (pl.col("primary") != "prostate").fill_null(value=True),
    )
    given = starts(treatments, single, as_of=as_of)
    grown = growth(findings, single, as_of=as_of)
    lines = _with_growth(given, grown)
    settled = lines.filter(pl.col("is_line").all().over(*KEY))
    told = settled.group_by(*KEY).agg(
        line=pl.len() + 1,
        chemo=pl.col("has_chemo").sum(),
        her2=pl.col("has_her2").sum(),
        hormone=(pl.col("has_hormone") & (pl.col("origin") == "breast")).any(),
        date=pl.col("until").max(),
        evidence_ids=join_ids("evidence_ids"),
    )
    word = told.with_columns(factor=pl.lit("line"), value=pl.col("line").cast(pl.String))
    endocrine = told.filter("hormone").with_columns(
        factor=pl.lit("prior_endocrine_progression_met"), value=pl.lit("yes")
    )
    numbers = [
        told.with_columns(factor=pl.lit(factor), value_number=name)
        for factor, name in (("prior_chemo_lines_met", "chemo"), ("prior_her2_lines", "her2"))
    ]
    return pl.concat([as_facts(rows, "plan.line") for rows in (word, endocrine, *numbers)])


@empty_from_empty
def _with_growth(given: pl.DataFrame, grown: pl.DataFrame) -> pl.DataFrame:
    """One row for each start: what it held, and whether growth ended it."""
    classes = read_data("drug_classes").filter(pl.col("factor") == _HER2_CLASS)["agent"]
    each = (
        given.filter(pl.col("is_open").not_())
        .group_by(*KEY, "number")
        .agg(
            pl.first("first", "last", "origin"),
            has_chemo=(pl.col("modality") == "chemotherapy").any(),
            has_hormone=(pl.col("modality") == "hormone").any(),
            has_her2=pl.col("agent").is_in(classes.implode()).any(),
            evidence_ids=join_ids("evidence_ids"),
        )
        .sort(*KEY, "number")
        .with_columns(next=pl.col("first").shift(-1).over(*KEY))
    )
    ends = (
        each.join(grown, on=list(KEY))
        .filter(
            (pl.col("grown_date") > pl.col("last"))
            & (pl.col("grown_date") <= pl.col("next")).fill_null(value=True)
        )
        .group_by(*KEY, "number")
        .agg(until=pl.col("grown_date").max(), grown_ids=join_ids("grown_ids"))
    )
    return each.join(ends, on=[*KEY, "number"], how="left").with_columns(
        is_line=pl.col("until").is_not_null(),
        evidence_ids=pl.col("evidence_ids").list.concat(
            pl.col("grown_ids").fill_null(pl.lit([], pl.List(pl.String)))
        ),
    )
