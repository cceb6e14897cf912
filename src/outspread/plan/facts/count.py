"""How many metastases there are and how large they are, where the record leaves no doubt."""

from typing import Final

import polars as pl

from outspread.anatomy.load import ancestors
from outspread.plan.facts.course import GROWS
from outspread.plan.facts.place import LININGS, distant_places, factor_of_site, is_within
from outspread.plan.facts.row import KEY, as_facts, join_ids

MOST_OLIGOMET: Final = 5


def count_facts(lesions: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Facts of numbers and sizes; those that are older than the last growth are left out.

    Parameters
    ----------
    lesions
        Table `lesion`.
    diseases
        Table `disease`; uses status, status_date.
    """
    facts = pl.concat([_counts(lesions), _brain(lesions)])
    return not_grown_since(facts, diseases)


def counted_places(lesions: pl.DataFrame) -> pl.DataFrame:
    """Number of distant metastases of each disease whose places are all counted, once each.

    A place with a part of it beside it leaves the number open, as the same metastasis may be
    meant; so does a place that is possible only, as there may be more.

    Returns
    -------
    KEY, value_number, sites, date, evidence_ids.
    """
    present = distant_places(lesions)
    possible = lesions.filter(
        pl.col("certainty") == "possible", pl.col("reach").is_in(["distant", "distant_node"])
    )
    above = (
        present.select(*KEY, "site")
        .join(ancestors().filter(pl.col("depth") > 0), on="site")
        .select(*KEY, site="at", holds_part=pl.lit(value=True))
        .unique()
    )
    return (
        present.join(above, on=[*KEY, "site"], how="left")
        .group_by(*KEY)
        .agg(
            pl.col("count").sum().cast(pl.Float64).alias("value_number"),
            is_open=(pl.col("count").is_null() | pl.col("holds_part").is_not_null()).any(),
            sites=pl.col("site").unique(),
            date=pl.col("date").max(),
            evidence_ids=join_ids("evidence_ids"),
        )
        .filter(~pl.col("is_open") & (pl.col("value_number") > 0))
        .drop("is_open")
        .join(possible, on=list(KEY), how="anti")
    )


def _counts(lesions: pl.DataFrame) -> pl.DataFrame:
    """Number of metastases where all are counted; few of them make the disease oligomet."""
    linings = factor_of_site().filter(pl.col("factor").is_in(LININGS))["site"].to_list()
    counted = counted_places(lesions)
    is_lining = pl.col("sites").list.set_intersection(linings).list.len() > 0
    few = counted.filter((pl.col("value_number") <= MOST_OLIGOMET) & ~is_lining)
    number = counted.with_columns(factor=pl.lit("metastasis_count"))
    oligomet = few.drop("value_number").with_columns(
        factor=pl.lit("extent"), value=pl.lit("oligomet")
    )
    return pl.concat([as_facts(number, "plan.count"), as_facts(oligomet, "plan.oligomet")])


def _brain(lesions: pl.DataFrame) -> pl.DataFrame:
    """Number of metastases in the brain, and the size of the largest."""
    brain = lesions.filter(is_within("brain"))
    number = counted_places(brain).with_columns(factor=pl.lit("brain_met_count"))
    sized = distant_places(brain).drop_nulls("size_mm").group_by(*KEY).agg(
        value_number=(pl.col("size_mm").max().cast(pl.Float64) / 10).round(2),
        date=pl.col("date").max(),
        evidence_ids=join_ids("evidence_ids"),
    )  # fmt: skip
    size = sized.with_columns(factor=pl.lit("brain_met_max_cm"), unit=pl.lit("cm"))
    return pl.concat([as_facts(number, "plan.count"), as_facts(size, "plan.size")])


def not_grown_since(facts: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Leave out numbers and sizes that are older than the last growth of the disease."""
    grown = diseases.filter(pl.col("status").is_in(GROWS)).select(*KEY, "status_date")
    is_old = (pl.col("status_date") > pl.col("date")).fill_null(value=True)
    old = facts.join(grown, on=list(KEY)).filter(is_old)
    return facts.join(old, on=[*KEY, "factor"], how="anti")
