"""Facts of the places of spread: which organs, how many, how large."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy.load import ancestors
from outspread.plan.facts.course import GROWS
from outspread.plan.facts.row import KEY, as_facts, join_ids, read_data

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
        Table `disease`; uses first_distant_date, status, status_date.
    """
    far = lesions.filter(pl.col("reach").is_in(["distant", "distant_node"]))
    sure = far.filter((pl.col("state") == "present") & (pl.col("certainty") != "possible"))
    present = sure.with_columns(date="last_seen_date")
    return pl.concat(
        [
            _involved(present),
            _outside(present),
            not_grown_since(_counts(present), diseases),
            not_grown_since(_brain(present), diseases),
            _free(lesions, findings, diseases),
            _removed(lesions, diseases),
            _suspected(lesions),
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


def not_grown_since(facts: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Leave out numbers and sizes that are older than the last growth of the disease."""
    grown = diseases.filter(pl.col("status").is_in(GROWS)).select(*KEY, "status_date")
    is_old = (pl.col("status_date") > pl.col("date")).fill_null(value=True)
    old = facts.join(grown, on=list(KEY)).filter(is_old)
    return facts.join(old, on=[*KEY, "factor"], how="anti")


def _has_ancestor(site: str) -> pl.Expr:
    below = ancestors().filter(pl.col("at") == site)["site"]
    return pl.col("site").is_in(below.implode())


def counted_places(present: pl.DataFrame) -> pl.DataFrame:
    """Number of metastases of each disease whose distant places are all counted, once each.

    Parameters
    ----------
    present
        Rows of `lesion` that count as involved. A place with a part of it beside it leaves the
        number open, as the same metastasis may be meant.

    Returns
    -------
    KEY, value_number, sites, date, evidence_ids.
    """
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
            date=pl.col("last_seen_date").max(),
            evidence_ids=join_ids("evidence_ids"),
        )
        .filter(~pl.col("is_open") & (pl.col("value_number") > 0))
        .drop("is_open")
    )


def _counts(present: pl.DataFrame) -> pl.DataFrame:
    """Number of metastases where all are counted; few of them make the disease oligomet."""
    linings = _factor_of_site().filter(pl.col("factor").is_in(_LININGS))["site"].to_list()
    counted = counted_places(present)
    is_lining = pl.col("sites").list.set_intersection(linings).list.len() > 0
    few = counted.filter((pl.col("value_number") <= MOST_OLIGOMET) & ~is_lining)
    number = counted.with_columns(factor=pl.lit("metastasis_count"))
    oligomet = few.drop("value_number").with_columns(
        factor=pl.lit("extent"), value=pl.lit("oligomet")
    )
    return pl.concat([as_facts(number, "plan.count"), as_facts(oligomet, "plan.oligomet")])


def _brain(present: pl.DataFrame) -> pl.DataFrame:
    brain = present.filter(_has_ancestor("brain"))
    keyed = brain.group_by(*KEY).agg(
        pl.when(pl.col("count").is_not_null().all()).then(pl.col("count").sum()).alias("number"),
        (pl.col("size_mm").max().cast(pl.Float64) / 10).round(2).alias("cm"),
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
    against = lesions.join(_factor_of_site(), on="site").select("patient_id", "factor")
    rows = (
        free_places(lesions, findings, diseases)
        .join(read_data("places").select("site", "factor"), on="site")
        .join(against, on=["patient_id", "factor"], how="anti")
        .filter(~pl.col("factor").is_in(["visceral_mets", *_LININGS]))
    )
    return as_facts(rows.with_columns(value=pl.lit("no")), "plan.place_free")


def _removed(lesions: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """What was cut out: the primary, its kidney, a metastasis of the brain, all that was known.

    That a primary is in place is never told: what the record does not say was removed may be gone.
    """
    gone = lesions.filter(pl.col("state") == "removed").with_columns(
        date="state_date", evidence_ids="state_evidence_ids"
    )
    origin = gone.filter(pl.col("role") == "primary")
    kidney = origin.join(diseases.filter(pl.col("primary") == "kidney"), on=list(KEY), how="semi")
    brain = gone.filter((pl.col("role") == "secondary") & _has_ancestor("brain"))
    rows = [
        origin.with_columns(factor=pl.lit("intact_primary"), value=pl.lit("no")),
        kidney.with_columns(factor=pl.lit("kidney_in_place"), value=pl.lit("no")),
        brain.with_columns(factor=pl.lit("brain_resected"), value=pl.lit("yes")),
    ]
    return as_facts(pl.concat([*rows, _all_removed(lesions, diseases)], how="diagonal"),
                    "plan.removed")  # fmt: skip


def _all_removed(lesions: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """All known disease is removed, or a distant place is still there."""
    clear = diseases.filter(pl.col("status") == "no_sign_of_disease").select(*KEY, "status_date")
    state = pl.col("state")
    kept = (state == "present") & (pl.col("certainty") != "possible")
    is_far = pl.col("reach").is_in(["distant", "distant_node"])
    each = lesions.group_by(*KEY).agg(
        has_far=(kept & is_far).any(),
        is_gone=(state.is_in(["removed", "resolved"]) | (pl.col("certainty") == "possible")).all(),
        is_cut=((pl.col("role") == "primary") & (state == "removed")).any(),
        far_ids=pl.col("evidence_ids").filter(kept & is_far).list.explode(
            keep_nulls=False, empty_as_null=False).unique().sort(),
        cut_ids=pl.col("state_evidence_ids").filter(state == "removed").list.explode(
            keep_nulls=False, empty_as_null=False).unique().sort(),
        far_date=pl.col("last_seen_date").filter(kept & is_far).max(),
    )  # fmt: skip
    yes = each.filter(pl.col("is_gone") & pl.col("is_cut")).join(clear, on=list(KEY))
    no = each.filter("has_far")
    return pl.concat(
        [
            yes.with_columns(value=pl.lit("yes"), date="status_date", evidence_ids="cut_ids"),
            no.with_columns(value=pl.lit("no"), date="far_date", evidence_ids="far_ids"),
        ],
        how="diagonal",
    ).with_columns(factor=pl.lit("resected"))


def _suspected(lesions: pl.DataFrame) -> pl.DataFrame:
    """Spread to the meninges that is possible, and not sure elsewhere."""
    lining = lesions.join(
        _factor_of_site().filter(pl.col("factor") == "leptomeningeal"), on="site"
    ).filter((pl.col("certainty") == "possible").all().over(*KEY))
    rows = lining.with_columns(
        factor=pl.lit("leptomeningeal_suspected"), value=pl.lit("yes"), date="last_seen_date"
    )
    return as_facts(rows, "plan.place")
