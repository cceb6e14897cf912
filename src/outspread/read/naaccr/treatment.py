"""First course of treatment, measurements and texts of a registry."""

from typing import Final

import polars as pl

from outspread.empty import empty_from_empty
from outspread.read.naaccr.evidence import evidence, states_something
from outspread.tables import INTENT, MODALITY

_ONE_SIDE: Final = ("left", "right")


@empty_from_empty
def read_treatments(
    given: pl.DataFrame, volumes: pl.DataFrame, tumors: pl.DataFrame
) -> pl.DataFrame:
    """Treatments given, refused, not given or recommended; unknown ones give no row.

    A treatment that was only recommended is planned and possible; one that was not given is
    negated. The cancer and its side stand as the reason.
    """
    targets = volumes.select("record", unit="item", volume_site="site")
    reasons = tumors.select(
        "record", "rxDateRadiationEnded", "laterality", own_site="site", reason_primary="primary"
    )
    is_of_primary = pl.col("basis") == "primary_site"
    planned = pl.col("means") == "planned"
    detail = pl.col("detail")
    end = pl.when(pl.col("name") == "radiation").then(pl.col("rxDateRadiationEnded") // 4)
    is_palliative = pl.col("codes") == "palliative"
    rows = (
        given.filter(states_something())
        .join(targets, on=["record", "unit"], how="left", maintain_order="left")
        .join(reasons, on="record", how="left", maintain_order="left")
        .with_columns(
            modality=pl.when(detail.is_in(MODALITY)).then(detail).otherwise("name"),
            agent=pl.when(~detail.is_in(MODALITY)).then(detail),
            treatment_status="means",
            certainty=pl.when(planned).then(pl.lit("possible")).otherwise(pl.lit("confirmed")),
            temporality=pl.when(planned).then(pl.lit("planned")).otherwise(pl.lit("current")),
            site=pl.coalesce("site", "volume_site", pl.when(is_of_primary).then("own_site")),
            intent=pl.when(is_palliative).then(pl.lit(INTENT[1])),
            end_date=end.cast(pl.Int32).cast(pl.Date),
            reason_laterality=pl.when(pl.col("laterality").is_in(_ONE_SIDE)).then("laterality"),
            code_system=pl.lit("naaccr"),
            code="value",
        )
    )
    return evidence(rows.drop("laterality"), "naaccr.treatment")


def read_measurements(found: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Measurements with coded values, numbers, or codes whose meaning hangs on the staging schema.

    Returns
    -------
    The rows, and those whose value is no code and no number.
    """
    is_plain = pl.col("codes").is_null()
    is_number = pl.col("is_listed").is_null() | (pl.col("detail") == "number").fill_null(
        value=False
    )
    number = pl.when(~is_plain & is_number).then(_number())
    meant = pl.when(is_plain).then("value").otherwise("means")
    rows = found.with_columns(value_number=number, meant=meant)
    unread = rows.filter(
        ~is_plain & pl.col("is_listed").is_null() & pl.col("value_number").is_null()
    )
    kept = rows.filter(pl.col("meant").is_not_null() | pl.col("value_number").is_not_null())
    return _measured(kept), unread


@empty_from_empty
def _measured(kept: pl.DataFrame) -> pl.DataFrame:
    facts = kept.with_columns(code_system=pl.lit("naaccr"), code="value", value="meant")
    return evidence(facts.drop("polarity", "site"), "naaccr.measurement")


@empty_from_empty
def read_documents(texts: pl.DataFrame) -> pl.DataFrame:
    """Text items as documents; the name of the item is the kind."""
    return texts.select(
        "patient_id",
        "date",
        document_id=pl.format("{}/{}", "source_ref", "item"),
        kind="item",
        text="value",
    )


def _number() -> pl.Expr:
    """Number in decimal notation, else null."""
    value = pl.col("value")
    return pl.when(value.str.contains(r"^\d{1,9}(\.\d{1,9})?$")).then(
        value.cast(pl.Float64, strict=False)
    )
