"""Facts of the places of spread: which organs, how many, how large."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy.load import ancestors
from outspread.plan.facts.row import KEY, as_facts, read_data

MOST_OLIGOMET: Final = 5
_LININGS: Final = ("peritoneal_mets", "pleural_effusion", "ascites", "leptomeningeal")


@cache
def _factor_of_site() -> pl.DataFrame:
    """What each site says: place and factor, the site itself or one above it."""
    places = read_data("places").select(at="site", factor="factor")
    return ancestors().join(places, on="at").select("site", "factor").unique()


def place_facts(
    lesions: pl.DataFrame, findings: pl.DataFrame, diseases: pl.DataFrame
) -> pl.DataFrame:
    """Facts that follow from the distant places of each disease.

    Parameters
    ----------
    lesions
        Table `lesion`. Places that are gone, or possible only, do not count as involved.
    findings
        Table `finding`, for places that the record says are free.
    diseases
        Table `disease`; uses first_distant_date.
    """
    far = lesions.filter(pl.col("reach").is_in(["distant", "distant_node"]))
    sure = far.filter((pl.col("state") == "present") & (pl.col("certainty") != "possible"))
    present = sure.with_columns(date="last_seen_date")
    return pl.concat(
        [
            _involved(present),
            _outside(present),
            _counts(present),
            _brain(present),
            _free(lesions, findings, diseases),
        ]
    )


def _involved(present: pl.DataFrame) -> pl.DataFrame:
    rows = present.join(_factor_of_site(), on="site").with_columns(value=pl.lit("yes"))
    return as_facts(rows, "plan.place")


def _outside(present: pl.DataFrame) -> pl.DataFrame:
    """Spread beyond liver and beyond peritoneum: one such place is enough."""
    in_liver = _has_ancestor("liver")
    in_peritoneum = pl.col("site").is_in(
        _factor_of_site().filter(pl.col("factor") == "peritoneal_mets")["site"].implode()
    )
    stated = present.filter(pl.col("site").is_not_null() & (pl.col("site") != "distant_nos"))
    liver = stated.filter(in_liver.not_()).with_columns(
        factor=pl.lit("liver_only_mets"), value=pl.lit("no")
    )
    beyond = stated.filter(in_peritoneum.not_()).with_columns(
        factor=pl.lit("extraperitoneal_mets"), value=pl.lit("yes")
    )
    return as_facts(pl.concat([liver, beyond]), "plan.place")


def _has_ancestor(site: str) -> pl.Expr:
    below = ancestors().filter(pl.col("at") == site)["site"]
    return pl.col("site").is_in(below.implode())


def _counts(present: pl.DataFrame) -> pl.DataFrame:
    """Number of metastases where all are counted; few of them make the disease oligomet."""
    linings = _factor_of_site().filter(pl.col("factor").is_in(_LININGS))["site"]
    counted = (
        present.group_by(*KEY)
        .agg(
            pl.col("count").sum().alias("value_number"),
            pl.col("count").is_null().any().alias("is_open"),
            pl.col("site").is_in(linings.implode()).any().alias("is_lining"),
            pl.col("date").max(),
            pl.col("evidence_ids").list.explode(keep_nulls=False, empty_as_null=False),
        )
        .filter(~pl.col("is_open") & (pl.col("value_number") > 0))
    )
    few = counted.filter((pl.col("value_number") <= MOST_OLIGOMET) & ~pl.col("is_lining"))
    return pl.concat(
        [
            as_facts(counted.with_columns(factor=pl.lit("metastasis_count")), "plan.count"),
            as_facts(
                few.drop("value_number").with_columns(
                    factor=pl.lit("extent"), value=pl.lit("oligomet")
                ),
                "plan.oligomet",
            ),
        ]
    )


def _brain(present: pl.DataFrame) -> pl.DataFrame:
    brain = present.filter(_has_ancestor("brain"))
    keyed = brain.group_by(*KEY).agg(
        pl.when(pl.col("count").is_not_null().all()).then(pl.col("count").sum()).alias("number"),
        (pl.col("size_mm").max() / 10).cast(pl.Float64).alias("cm"),
        pl.col("date").max(),
        pl.col("evidence_ids").list.explode(keep_nulls=False, empty_as_null=False),
    )
    number = keyed.with_columns(factor=pl.lit("brain_met_count"), value_number="number")
    size = keyed.with_columns(
        factor=pl.lit("brain_met_max_cm"), value_number="cm", unit=pl.lit("cm")
    )
    return pl.concat(
        [
            as_facts(number.drop_nulls("value_number"), "plan.count"),
            as_facts(size.drop_nulls("value_number"), "plan.size"),
        ]
    )


def _free(lesions: pl.DataFrame, findings: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Places that the record calls free, where no lesion of any certainty stands against it.

    A part that is free does not free the whole, and what was free before the cancer spread says
    nothing of later.
    """
    whole = read_data("places").select("site", "factor")
    said = findings.filter(
        (pl.col("polarity") == "negated")
        & (pl.col("role") == "secondary")
        & (pl.col("certainty") != "possible")
        & (pl.col("experiencer") == "patient")
        & (pl.col("temporality") == "current")
    ).join(whole, on="site")
    against = lesions.join(_factor_of_site(), on="site").select("patient_id", "factor")
    free = said.join(against, on=["patient_id", "factor"], how="anti").filter(
        ~pl.col("factor").is_in(["visceral_mets", *_LININGS])
    )
    owned = free.join(diseases.select(*KEY, "first_distant_date"), on="patient_id")
    is_late = (pl.col("date") >= pl.col("first_distant_date")).fill_null(value=False)
    rows = owned.filter(is_late).with_columns(
        value=pl.lit("no"), evidence_ids=pl.concat_list("evidence_id")
    )
    return as_facts(rows, "plan.place_free")
