"""From start tags to rows: which item of which tumor of which patient, with its value."""

from typing import Final, NamedTuple

import polars as pl

from outspread.read.naaccr.knowledge import known_items
from outspread.read.naaccr.xml import LOST_PATIENT, NAMELESS, PATIENT, TUMOR, Elements

_PEOPLE: Final = (PATIENT, LOST_PATIENT)


class Batch(NamedTuple):
    """Some whole patients.

    `patients`: number of the last one in the file. `records`: one row per Patient and Tumor
    element, with `record` (its number), `level`, `patient` (number of its Patient in the file),
    `owner` (record of its Patient), `tumor` (number within the Patient). `items`: what outspread
    reads, with `record`, `level`, `item_number` and `value` (never blank). `met`: numbers of all
    known items met. `issues`: `code`, `record`, `field`.
    """

    patients: int
    records: pl.DataFrame
    items: pl.DataFrame
    met: pl.Series
    issues: pl.DataFrame


def place_elements(elements: Elements, *, patients_before: int) -> Batch:
    """Work out for each item which record it belongs to, and its value.

    An item belongs to the last element before it that is no item, as the standard orders them;
    what belongs to an element other than a patient or tumor is left out.

    Parameters
    ----------
    patients_before
        Patients of the file before these.
    """
    tags = pl.DataFrame(
        {
            "number": pl.Series(elements.numbers, dtype=pl.Int32),
            "mark": pl.Series(elements.marks, dtype=pl.Int32),
        }
    ).with_row_index("at")
    is_holder = (pl.col("number") < 0) & (pl.col("number") != NAMELESS)
    tags = tags.with_columns(
        next_mark=pl.col("mark").shift(-1).fill_null(len(elements.texts)),
        holder=is_holder.cum_sum().cast(pl.Int64) - 1,
    )
    holders = _holders(tags.filter(is_holder))
    read = known_items()["becomes"].count()
    is_read = pl.col("number").is_between(0, read - 1) & (pl.col("next_mark") > pl.col("mark"))
    known = pl.col("number").is_between(0, known_items().height - 1)
    return Batch(
        patients_before + sum(map(elements.numbers.count, _PEOPLE)),
        _records(holders, patients_before),
        _values(
            _held(tags.filter(is_read), holders),
            pl.Series("value", elements.texts, dtype=pl.String),
        ),
        tags.filter(known)["number"].unique().sort(),
        _nameless(_held(tags.filter(pl.col("number") == NAMELESS), holders)),
    )


def _holders(tags: pl.DataFrame) -> pl.DataFrame:
    """Elements that are no items: `level` of patients and their tumors, and the patient around."""
    is_patient = pl.col("number") == PATIENT
    return tags.select(
        record="at",
        patient=pl.col("number").is_in(_PEOPLE).cum_sum().cast(pl.Int64),
        owner=pl.when(is_patient).then("at").forward_fill(),
        level=pl.when(pl.col("number").is_in([PATIENT, TUMOR])).then("number"),
    )


def _held(tags: pl.DataFrame, holders: pl.DataFrame) -> pl.DataFrame:
    """Items with the record that holds them; those of no patient or tumor are left out."""
    around = holders.select("record", "level")[tags["holder"]]
    found = pl.concat([tags.select("number", "mark"), around], how="horizontal")
    return found.filter(pl.col("level").is_not_null())


def _records(holders: pl.DataFrame, patients_before: int) -> pl.DataFrame:
    is_patient = pl.col("level") == PATIENT
    return (
        holders.filter(pl.col("level").is_not_null())
        .select("record", "level", "owner", patient=pl.col("patient") + patients_before)
        .with_columns(tumor=(~is_patient).cum_sum().over("patient").cast(pl.UInt32))
    )


def _values(items: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Items with their text, blank ones left out."""
    value = texts.gather(items["mark"]).str.strip_chars()
    return (
        items.select("record", "level", item_number="number")
        .with_columns(value.alias("value"))
        .filter(pl.col("value") != "")
    )


def _nameless(items: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.String)
    return items.select(pl.lit("R113").alias("code"), "record", nothing.alias("field"))
