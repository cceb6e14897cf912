"""Whether castration still works in prostate cancer."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from outspread.plan.facts.course import ONE_START_DAYS, SYSTEMIC, growth
from outspread.plan.facts.row import KEY, NO_FACTS, as_facts, join_ids, read_data
from outspread.plan.facts.said import given_treatments, only_cancer, said

_FRESH_DAYS: Final = 90  # a level of testosterone speaks for so long, before and after
_HOLDS: Final = ("improved", "stable", "no_sign_of_disease")


def castration_facts(
    tables: Mapping[str, pl.DataFrame], diseases: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Whether castration still works, where the record leaves no doubt.

    Resistant: castration goes on, the disease grew since, and testosterone was castrate about that
    day (after removal of both testes it is). Sensitive: castration goes on, has been the only start
    of treatment since, nothing grew since, and the last course is stable or better; or no
    castration is recorded and testosterone is not castrate. All else is unknown.

    Parameters
    ----------
    tables
        Tables treatment, measurement, finding.
    diseases
        Table `disease`; people with another cancer are left out.

    Sources
    -------
    A castrate level is testosterone below 50 ng/dL or 1.7 nmol/L [morote2022].
    """
    men = only_cancer(diseases).filter(pl.col("primary") == "prostate")
    if men.is_empty():
        return NO_FACTS
    begun = _castration(tables["treatment"], men, as_of=as_of)
    levels = _testosterone(tables["measurement"], men, as_of=as_of)
    grown = growth(tables["finding"], men, as_of=as_of)
    held = _held(begun, grown, tables["treatment"], as_of=as_of)
    rows = [_resistant(begun, levels, grown), held, _never_castrate(begun, levels, as_of=as_of)]
    return as_facts(
        pl.concat(rows, how="diagonal_relaxed").with_columns(factor=pl.lit("castration")),
        "plan.castration",
    )


def _castration(treatments: pl.DataFrame, men: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """First start of castration, and whether it goes on."""
    rows = given_treatments(treatments, as_of=as_of).join(read_data("castration"), on="agent")
    is_on = (pl.col("way") == "surgery") | (
        (pl.col("treatment_status") == "ongoing") & pl.col("end_date").is_null()
    )
    return (
        rows.join(men, on="patient_id")
        .group_by(*KEY)
        .agg(
            start=pl.when(pl.col("date").is_not_null().all()).then(pl.col("date").min()),
            is_on=is_on.any(),
            is_surgical=(pl.col("way") == "surgery").any(),
            status=pl.col("status").first(),
            status_date=pl.col("status_date").first(),
            status_evidence_ids=pl.col("status_evidence_ids").first(),
            castration_ids=join_ids("evidence_ids"),
        )
    )


def _testosterone(measurements: pl.DataFrame, men: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    limits = read_data("testosterone").with_columns(pl.col("castrate_below").cast(pl.Float64))
    levels = said(measurements, as_of).filter(pl.col("name") == "testosterone")
    return (
        levels.with_columns(pl.col("unit").str.to_lowercase())
        .join(limits, on="unit")
        .drop_nulls(["value_number", "date"])
        .join(men.select(*KEY), on="patient_id")
        .select(
            *KEY,
            level_date="date",
            is_castrate=pl.col("value_number") < pl.col("castrate_below"),
            level_ids="evidence_ids",
        )
    )


def _resistant(begun: pl.DataFrame, levels: pl.DataFrame, grown: pl.DataFrame) -> pl.DataFrame:
    near = (pl.col("level_date") - pl.col("grown_date")).dt.total_days().abs() <= _FRESH_DAYS
    is_after = pl.col("level_date") >= pl.col("start")
    against = levels.join(begun, on=list(KEY)).filter(is_after, pl.col("is_castrate").not_())
    after = (
        begun.filter("is_on")
        .join(grown, on=list(KEY))
        .filter(pl.col("grown_date") > pl.col("start"))
        .join(against, on=list(KEY), how="anti")
    )
    drugs = after.join(levels, on=list(KEY)).filter(near, is_after)
    rows = pl.concat([after.filter("is_surgical"), drugs], how="diagonal_relaxed")
    ids = [pl.col(name).fill_null(pl.lit([], pl.List(pl.String)))
           for name in ("castration_ids", "grown_ids", "level_ids")
           if name in rows.columns]  # fmt: skip
    return (
        rows.with_columns(evidence_ids=pl.concat_list(ids))
        .group_by(*KEY)
        .agg(date=pl.col("grown_date").max(), evidence_ids=join_ids("evidence_ids"))
        .with_columns(value=pl.lit("resistant"))
    )


def _held(
    begun: pl.DataFrame, grown: pl.DataFrame, treatments: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Castration that goes on, as the only start, with the disease held since."""
    others = given_treatments(treatments, as_of=as_of).filter(pl.col("modality").is_in(SYSTEMIC))
    later = (
        others.join(begun.select(*KEY, "start"), on="patient_id")
        .filter(
            (pl.col("date") > pl.col("start").dt.offset_by(f"{ONE_START_DAYS}d")).fill_null(
                value=True
            )
        )
        .select(*KEY)
    )
    regrown = grown.join(begun, on=list(KEY)).filter(pl.col("grown_date") >= pl.col("start"))
    return (
        begun.filter(
            pl.col("is_on"),
            pl.col("status").is_in(_HOLDS),
            pl.col("status_date") > pl.col("start"),
        )
        .join(later, on=list(KEY), how="anti")
        .join(regrown, on=list(KEY), how="anti")
        .with_columns(
            value=pl.lit("sensitive"),
            date="status_date",
            evidence_ids=pl.col("castration_ids").list.concat("status_evidence_ids"),
        )
    )


def _never_castrate(begun: pl.DataFrame, levels: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """No castration is recorded, and the last level of testosterone is not castrate."""
    last = levels.filter(pl.col("level_date") == pl.col("level_date").max().over(*KEY))
    is_fresh = pl.col("level_date") >= pl.lit(as_of).dt.offset_by(f"-{_FRESH_DAYS}d")
    alone = last.filter(is_fresh).join(begun, on=list(KEY), how="anti")
    normal = alone.filter(pl.col("is_castrate").not_().all().over(*KEY))
    return normal.with_columns(
        value=pl.lit("sensitive"), date="level_date", evidence_ids="level_ids"
    )
