"""Facts of the places of spread: which organs are involved, and which are free."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy.load import ancestors
from outspread.plan.facts.row import KEY, as_facts, read_data

LININGS: Final = ("peritoneal_mets", "pleural_effusion", "ascites", "leptomeningeal")


@cache
def factor_of_site() -> pl.DataFrame:
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
    present = distant_places(lesions)
    return pl.concat(
        [
            _involved(present),
            _outside(present),
            _free(lesions, findings, diseases),
            _suspected(lesions),
        ]
    )


def distant_places(lesions: pl.DataFrame) -> pl.DataFrame:
    """Distant places that are involved for sure, with `date`, when they were last seen."""
    return lesions.filter(
        pl.col("reach").is_in(["distant", "distant_node"]),
        pl.col("state") == "present",
        pl.col("certainty") != "possible",
    ).with_columns(date="last_seen_date")


def _involved(present: pl.DataFrame) -> pl.DataFrame:
    rows = present.join(factor_of_site(), on="site").with_columns(value=pl.lit("yes"))
    return as_facts(rows, "plan.place")


def _outside(present: pl.DataFrame) -> pl.DataFrame:
    """Spread beyond liver and beyond peritoneum: one such place is enough."""
    in_liver = is_within("liver")
    in_peritoneum = pl.col("site").is_in(
        factor_of_site().filter(pl.col("factor") == "peritoneal_mets")["site"].implode()
    )
    stated = present.filter(pl.col("site").is_not_null() & (pl.col("site") != "distant_nos"))
    liver = stated.filter(in_liver.not_()).with_columns(
        factor=pl.lit("liver_only_mets"), value=pl.lit("no")
    )
    beyond = stated.filter(in_peritoneum.not_()).with_columns(
        factor=pl.lit("extraperitoneal_mets"), value=pl.lit("yes")
    )
    return as_facts(pl.concat([liver, beyond]), "plan.place")


def is_within(site: str) -> pl.Expr:
    """Whether a row's `site` is a site or a part of it."""
    below = ancestors().filter(pl.col("at") == site)["site"]
    return pl.col("site").is_in(below.implode())


def free_places(
    lesions: pl.DataFrame, findings: pl.DataFrame, diseases: pl.DataFrame
) -> pl.DataFrame:
    """Sites that the record calls free, where no lesion in them or above them says otherwise.

    A part that is free does not free the whole, and what was free before the cancer spread, or on
    a day that is not known, says nothing of later.

    Returns
    -------
    KEY, site, date, evidence_ids.
    """
    told = findings.filter(
        (pl.col("polarity") == "negated")
        & (pl.col("role") == "secondary")
        & (pl.col("certainty") != "possible")
        & (pl.col("experiencer") == "patient")
        & (pl.col("temporality") == "current")
    )
    against = lesions.join(ancestors(), on="site").select("patient_id", site="at")
    free = told.join(against, on=["patient_id", "site"], how="anti")
    is_late = (pl.col("date") >= pl.col("first_distant_date")).fill_null(value=False)
    return (
        free.join(diseases.select(*KEY, "first_distant_date"), on="patient_id")
        .filter(is_late)
        .select(*KEY, "site", "date", evidence_ids=pl.concat_list("evidence_id"))
    )


def _free(lesions: pl.DataFrame, findings: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Organs that are free as a whole."""
    against = lesions.join(factor_of_site(), on="site").select("patient_id", "factor")
    rows = (
        free_places(lesions, findings, diseases)
        .join(read_data("places").select("site", "factor"), on="site")
        .join(against, on=["patient_id", "factor"], how="anti")
        .filter(~pl.col("factor").is_in(["visceral_mets", *LININGS]))
    )
    return as_facts(rows.with_columns(value=pl.lit("no")), "plan.place_free")


def _suspected(lesions: pl.DataFrame) -> pl.DataFrame:
    """Spread to the meninges that is possible, and not sure elsewhere."""
    lining = lesions.join(
        factor_of_site().filter(pl.col("factor") == "leptomeningeal"), on="site"
    ).filter((pl.col("certainty") == "possible").all().over(*KEY))
    rows = lining.with_columns(
        factor=pl.lit("leptomeningeal_suspected"), value=pl.lit("yes"), date="last_seen_date"
    )
    return as_facts(rows, "plan.place")
