"""How old was the person at the diagnosis? As a range, since dates may be partial."""

import polars as pl

from outspread.diagnose.evidence import latest_day, unpacked_date, unpacked_precision


def add_age(diseases: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Add `youngest` and `oldest`, the full years at diagnosis that the dates leave possible.

    Parameters
    ----------
    diseases
        Uses p, first_packed.
    people
        p, birth_date, birth_date_precision; empty dates, and a diagnosis before birth, give no age.
    """
    dated = diseases.select(
        "p",
        "d",
        unpacked_date("first_packed").alias("found"),
        unpacked_precision("first_packed").alias("found_precision"),
    ).join(people, on="p")
    found_last = latest_day("found", "found_precision")
    born_last = latest_day("birth_date", "birth_date_precision")
    ages = dated.select(
        "d",
        whole_years(born_last, pl.col("found")).alias("youngest"),
        whole_years(pl.col("birth_date"), found_last).alias("oldest"),
    ).filter(pl.col("youngest") >= 0)
    return diseases.join(ages, on="d", how="left")


def whole_years(born: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Years of age on a day: the birthdays until then."""
    had_birthday = _day_of_year(day) >= _day_of_year(born)
    whole = day.dt.year() - born.dt.year()
    return (whole - pl.when(had_birthday).then(0).otherwise(1)).cast(pl.Int32)


def _day_of_year(day: pl.Expr) -> pl.Expr:
    """A number that sorts days within a year; months and days are of 8 bits and would overflow."""
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day()
