"""Facts that were measured or seen: results, symptoms, performance status, age and sex."""

from datetime import date

import polars as pl

from outspread.diagnose.age import whole_years
from outspread.plan.facts.row import KEY, as_facts, read_data
from outspread.plan.facts.said import owned, said


def measured_facts(
    measurements: pl.DataFrame, diseases: pl.DataFrame, origins: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Facts that follow from results and symptoms.

    A result of a tumor belongs to a disease where the patient has one only; one of the person
    belongs to all. What only holds for some days is left out after them.

    Parameters
    ----------
    measurements, diseases
        Tables of record and story.
    origins
        Facts of the factor `primary`: some results mean something for one origin only.
    """
    told = said(measurements, as_of).with_columns(
        pl.col("unit").str.to_lowercase().alias("unit_as_stated")
    )
    rules = read_data("measured").with_columns(
        pl.col("times").cast(pl.Float64), pl.col("holds_days").cast(pl.Int64)
    )
    limits = rules.select(
        "measurement", "factor", "of", "holds_days", "value", "fact", "times",
        rule_unit="unit", only_for="primary", read_by="source_kind",
    )  # fmt: skip
    words, numbers = limits.drop_nulls("value"), limits.drop_nulls("times").drop("value")
    by_word = told.join(
        words, left_on=["name", "value"], right_on=["measurement", "value"]
    ).with_columns(value="fact", value_number=pl.lit(None, pl.Float64))
    by_number = (
        told.drop_nulls("value_number")
        .join(numbers, left_on="name", right_on="measurement")
        .filter(_same_or_any("rule_unit", "unit_as_stated"))
        .with_columns(
            value=pl.lit(None, pl.String), value_number=pl.col("value_number") * pl.col("times")
        )
    )
    rows = pl.concat([by_word, by_number], how="diagonal").filter(
        _same_or_any("read_by", "source_kind")
    )
    mine = owned(rows.filter(still_holds(as_of)), diseases).join(
        origins.select(*KEY, origin="value"), on=list(KEY), how="left"
    )
    facts = as_facts(mine.filter(_same_or_any("only_for", "origin")), "plan.measured")
    return pl.concat([facts, _from_karnofsky(facts)])


def still_holds(as_of: date) -> pl.Expr:
    """Whether what was said then still holds; what has no limit does for ever."""
    return pl.col("holds_days").is_null() | (
        pl.col("date") >= pl.lit(as_of) - pl.duration(days=pl.col("holds_days"))
    ).fill_null(value=False)


def _same_or_any(asked: str, told: str) -> pl.Expr:
    is_same = pl.col(asked) == pl.col(told).cast(pl.String)
    return pl.col(asked).is_null() | is_same.fill_null(value=False)


def _from_karnofsky(facts: pl.DataFrame) -> pl.DataFrame:
    """The ECOG grade that stands for a Karnofsky score, by the usual table."""
    bands = read_data("karnofsky").select(
        at_least=pl.col("at_least").cast(pl.Float64), grade=pl.col("ecog").cast(pl.Float64)
    )
    scores = facts.filter(pl.col("factor") == "kps").sort("value_number")
    graded = scores.join_asof(
        bands.sort("at_least"), left_on="value_number", right_on="at_least"
    ).drop_nulls("grade")
    return as_facts(
        graded.with_columns(factor=pl.lit("ecog"), value_number="grade"), "plan.karnofsky"
    )


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
