"""Facts that were measured, seen or given: results, symptoms, treatments, age and sex."""

from datetime import date
from typing import Final

import polars as pl

from outspread.diagnose.age import whole_years
from outspread.plan.facts.row import as_facts, read_data

_GIVEN: Final = ("done", "ongoing", "stopped")


def measured_facts(
    measurements: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Facts that follow from results and symptoms.

    A result of a tumor belongs to a disease where the patient has one only; one of the person
    belongs to all. What only holds for some days is left out after them.
    """
    said = _said(measurements, as_of).with_columns(
        pl.col("unit").str.to_lowercase().alias("unit_as_stated")
    )
    rules = read_data("measured").with_columns(
        pl.col("times").cast(pl.Float64), pl.col("holds_days").cast(pl.Int64)
    )
    words = rules.drop_nulls("value").select(
        "measurement", "factor", "fact", "of", "holds_days", value="value"
    )
    numbers = rules.drop_nulls("times").select(
        "measurement", "factor", "times", "of", "holds_days", rule_unit="unit"
    )
    by_word = said.join(words, left_on=["name", "value"], right_on=["measurement", "value"])
    by_number = (
        said.drop_nulls("value_number")
        .join(numbers, left_on="name", right_on="measurement")
        .filter(
            pl.col("rule_unit").is_null()
            | (pl.col("rule_unit") == pl.col("unit_as_stated")).fill_null(value=False)
        )
    )
    rows = pl.concat(
        [
            by_word.with_columns(value="fact", value_number=pl.lit(None, pl.Float64)),
            by_number.with_columns(
                value=pl.lit(None, pl.String), value_number=pl.col("value_number") * pl.col("times")
            ),
        ],
        how="diagonal",
    )
    still = pl.col("holds_days").is_null() | (
        pl.col("date") >= pl.lit(as_of) - pl.duration(days=pl.col("holds_days"))
    ).fill_null(value=False)
    return as_facts(_owned(rows.filter(still), diseases), "plan.measured")


def _said(frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What is affirmed of the patient up to a date, now or undated."""
    return frame.filter(
        (pl.col("polarity") == "affirmed")
        & (pl.col("experiencer") == "patient")
        & (pl.col("temporality") == "current")
        & (pl.col("certainty") != "possible")
        & (pl.col("date") <= as_of).fill_null(value=True)
    ).with_columns(evidence_ids=pl.concat_list("evidence_id"))


def _owned(rows: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    owners = diseases.select("patient_id", "disease_id").with_columns(
        is_only=pl.len().over("patient_id") == 1
    )
    return rows.join(owners, on="patient_id").filter(pl.col("is_only") | (pl.col("of") == "person"))


def given_treatments(treatments: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Treatments of the patient that were given up to a date; undated ones are kept."""
    return treatments.filter(
        (pl.col("polarity") == "affirmed")
        & (pl.col("experiencer") == "patient")
        & (pl.col("temporality") != "planned")
        & pl.col("treatment_status").is_in(_GIVEN)
        & (pl.col("date") <= as_of).fill_null(value=True)
    ).with_columns(evidence_ids=pl.concat_list("evidence_id"))


def treatment_facts(
    treatments: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Facts that follow from treatments that were given: always yes, never no."""
    said = given_treatments(treatments, as_of=as_of).with_columns(
        value=pl.lit("yes"), of=pl.lit("tumor")
    )
    drugs = said.join(read_data("drug_classes").select("agent", "factor"), on="agent")
    radiation = said.filter(pl.col("modality") == "radiation").with_columns(
        factor=pl.lit("prior_rt")
    )
    now = drugs.filter(
        (pl.col("factor") == "prior_ici") & (pl.col("treatment_status") == "ongoing")
    ).with_columns(factor=pl.lit("on_ici"))
    rows = pl.concat([drugs, radiation, now], how="diagonal")
    return as_facts(_owned(rows, diseases), "plan.treated")


def person_facts(patients: pl.DataFrame, diseases: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Age and sex, for each disease of a person."""
    people = patients.join(diseases.select("patient_id", "disease_id"), on="patient_id")
    years = whole_years(pl.col("birth_date"), pl.lit(as_of))
    is_dated = pl.col("birth_date_precision") != "year"
    age = people.with_columns(
        factor=pl.lit("age"),
        value_number=pl.when(is_dated).then(years).cast(pl.Float64),
        unit=pl.lit("years"),
    ).drop_nulls("value_number")
    sex = people.filter(pl.col("sex").is_in(["female", "male"])).with_columns(
        factor=pl.lit("sex"), value=pl.col("sex").cast(pl.String)
    )
    return pl.concat([as_facts(age, "plan.person"), as_facts(sex, "plan.person")])
