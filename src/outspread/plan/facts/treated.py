"""Facts that follow from treatments that were given or are planned."""

from datetime import date
from typing import Final

import polars as pl

from outspread.anatomy.load import ancestors
from outspread.empty import empty_from_empty
from outspread.plan.facts.course import growth
from outspread.plan.facts.row import KEY, as_facts, join_ids, read_data
from outspread.plan.facts.said import given_treatments, only_cancer, owned, planned_treatments

_DAYS_OF_MONTH: Final = 30.4375
_RELAPSE_MONTHS: Final = 6  # where the answer turns, for platinum
_MARGIN_DAYS: Final = 30  # so near to where an answer turns, days that are not exact decide nothing


def treatment_facts(
    treatments: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Facts that follow from what was given or is planned: never that something was not given."""
    given = given_treatments(treatments, as_of=as_of)
    classes = read_data("drug_classes")
    by_time = {
        "given": given,
        "ongoing": given.filter(pl.col("treatment_status") == "ongoing"),
        "planned": planned_treatments(treatments, as_of=as_of),
    }
    by_time["now"] = pl.concat([by_time["ongoing"], by_time["planned"]])
    drugs = [
        frame.join(classes.filter(pl.col("when") == when), on="agent")
        for when, frame in by_time.items()
    ]
    radiation = given.filter(pl.col("modality") == "radiation").with_columns(value=pl.lit("yes"))
    bones = ancestors().filter(pl.col("at") == "bone")["site"].implode()
    rows = [
        *drugs,
        radiation.with_columns(factor=pl.lit("prior_rt")),
        radiation.filter(pl.col("site").is_in(bones)).with_columns(factor=pl.lit("prior_bone_rt")),
        _all_parts(given),
    ]
    told = pl.concat(rows, how="diagonal").with_columns(of=pl.lit("tumor"))
    return as_facts(owned(told, diseases), "plan.treated")


@empty_from_empty
def _all_parts(given: pl.DataFrame) -> pl.DataFrame:
    """What is true once a drug of each part was given."""
    parts = read_data("drug_parts")
    wanted = parts.group_by("factor").agg(wanted=pl.col("part").n_unique())
    had = given.join(parts, on="agent").group_by("patient_id", "factor").agg(
        had=pl.col("part").n_unique(),
        date=pl.col("date").max(),
        evidence_ids=join_ids("evidence_ids"),
    )  # fmt: skip
    full = had.join(wanted, on="factor").filter(pl.col("had") == pl.col("wanted"))
    return full.with_columns(value=pl.lit("yes"))


def interval_facts(
    treatments: pl.DataFrame, findings: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Facts that turn on when a treatment ended and the cancer grew.

    Months from the last platinum to growth of ovarian cancer, which must not lie close to the limit
    that decides; and that breast cancer spread while hormone treatment went on.
    """
    single = only_cancer(diseases)
    given = given_treatments(treatments, as_of=as_of)
    platinum = read_data("drug_classes").filter(pl.col("factor") == "prior_platinum")["agent"]
    is_platinum = pl.col("agent").is_in(platinum.implode())
    tubal = ["ovary", "fallopian_tube", "peritoneal_primary"]
    ovary = _last_end(given.filter(is_platinum), single.filter(pl.col("primary").is_in(tubal)))
    hormone = given.filter(pl.col("modality") == "hormone")
    spread_on = _spread_during(hormone, single.filter(pl.col("primary") == "breast"))
    return pl.concat([_platinum_free(ovary, growth(findings, single, as_of=as_of)), spread_on])


@empty_from_empty
def _last_end(given: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """The last day of a treatment for each disease, where all courses of it have ended."""
    return (
        given.join(diseases.select(*KEY), on="patient_id")
        .group_by(*KEY)
        .agg(
            end=pl.when(pl.col("end_date").is_not_null().all()).then(pl.col("end_date").max()),
            evidence_ids=join_ids("evidence_ids"),
        )
        .drop_nulls("end")
    )


@empty_from_empty
def _platinum_free(ended: pl.DataFrame, grown: pl.DataFrame) -> pl.DataFrame:
    days = (pl.col("grown_date") - pl.col("end")).dt.total_days()
    relapse = ended.join(grown, on=list(KEY)).filter(days > 0)
    first = relapse.filter(pl.col("grown_date") == pl.col("grown_date").min().over(*KEY))
    clear = (days - _RELAPSE_MONTHS * _DAYS_OF_MONTH).abs() > _MARGIN_DAYS
    rows = first.filter(clear).with_columns(
        factor=pl.lit("platinum_free_months"),
        value_number=(days / _DAYS_OF_MONTH).round(1),
        unit=pl.lit("months"),
        date="grown_date",
        evidence_ids=pl.col("evidence_ids").list.concat("grown_ids"),
    )
    return as_facts(rows, "plan.interval")


@empty_from_empty
def _spread_during(hormone: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """Hormone treatment that began well before distant spread and had not ended when it came."""
    spread = pl.col("first_distant_date")
    is_early = (spread - pl.col("date")).dt.total_days() > _MARGIN_DAYS
    is_on = (pl.col("end_date") >= spread) | (
        pl.col("end_date").is_null() & (pl.col("treatment_status") == "ongoing")
    )
    rows = hormone.join(diseases.select(*KEY, "first_distant_date"), on="patient_id").filter(
        is_early, is_on
    )
    told = rows.with_columns(
        factor=pl.lit("endocrine_resistant"), value=pl.lit("yes"), date="first_distant_date"
    )
    return as_facts(told, "plan.interval")
