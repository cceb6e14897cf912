"""Facts of the disease itself: origin, type, side, extent, stage, course."""

from datetime import date
from functools import cache
from typing import Final

import polars as pl

from outspread.diagnose.knowledge import group_of_histology
from outspread.plan.facts.course import GROWS
from outspread.plan.facts.row import KEY, as_facts, read_data

_EXTENT: Final = {"localized": "localized", "regional": "la", "distant": "met"}
_HOLDS: Final = ("improved", "stable")
_NEW_DAYS: Final = 90
_OLD_DAYS: Final = 365


def disease_facts(diseases: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Facts that follow from the rows of `disease`.

    Parameters
    ----------
    diseases
        Table `disease`. A disease whose origin is not known for sure has no origin here.
    """
    known = diseases.with_columns(
        pl.when(pl.col("origin_status").is_in(["known", "unknown"])).then("primary")
    )
    typed = known.join(group_of_histology(), on="morphology", how="left").with_columns(
        pl.col("histology_group").replace({"unspecified": None}).fill_null("unstated")
    )
    parts = [_origin(typed), _kinds(typed), _extent(known), _stage(known), _course(known)]
    return pl.concat([*parts, _category(known), _newness(known, as_of)])


@cache
def _types(name: str) -> pl.DataFrame:
    return read_data(name).with_columns(pl.col("types").str.split(" ")).explode("types")


def _typed(diseases: pl.DataFrame, name: str) -> pl.DataFrame:
    """Join a data file on the primary and on code, group or any type, in this order."""
    rules = _types(name).with_row_index("line").select(pl.all().name.prefix("rule_"))
    met = diseases.join(rules, left_on="primary", right_on="rule_primary")
    rank = (
        pl.when(pl.col("rule_types") == pl.col("morphology")).then(0)
        .when(pl.col("rule_types") == pl.col("histology_group")).then(1)
        .when(pl.col("rule_types") == "*").then(2)
    )  # fmt: skip
    return met.with_columns(rank.alias("rank")).drop_nulls("rank").sort("rank", "rule_line")


def _origin(diseases: pl.DataFrame) -> pl.DataFrame:
    best = _typed(diseases, "primaries").unique(list(KEY), keep="first", maintain_order=True)
    rows = best.with_columns(factor=pl.lit("primary"), value="rule_pack_primary")
    return as_facts(rows.drop("date", strict=False), "plan.origin")


def _kinds(diseases: pl.DataFrame) -> pl.DataFrame:
    met = _typed(diseases, "kinds").filter(
        pl.col("rule_topography").is_null()
        | (pl.col("rule_topography") == pl.col("topography")).fill_null(value=False)
    )
    rows = met.with_columns(factor="rule_factor", value="rule_value").unique(
        [*KEY, "factor"], keep="first", maintain_order=True
    )
    return as_facts(rows, "plan.kind")


def _extent(diseases: pl.DataFrame) -> pl.DataFrame:
    """How far, and whether distant; a greater extent that is possible leaves it open."""
    has_sign = (pl.col("status") != "no_sign_of_disease").fill_null(value=True)
    told = diseases.filter(has_sign & pl.col("possible_extent").is_null()).select(
        *KEY, "extent", evidence_ids="extent_evidence_ids"
    )
    far = told.with_columns(
        factor=pl.lit("extent"),
        value=pl.col("extent").cast(pl.String).replace_strict(_EXTENT, default=None),
    )
    distant = told.filter(pl.col("extent") == "distant").with_columns(
        factor=pl.lit("distant_mets"), value=pl.lit("yes")
    )
    return as_facts(pl.concat([far.drop_nulls("value"), distant]), "plan.extent")


def _stage(diseases: pl.DataFrame) -> pl.DataFrame:
    """The stage group without its letters, kept only where it still fits the extent."""
    plain = pl.col("stage_group").str.to_uppercase().str.extract(r"^(IV[AB]?|III|II|I)")
    is_four = plain.str.starts_with("IV")
    fits = pl.when(pl.col("extent") == "distant").then(is_four).otherwise(is_four.not_())
    rows = diseases.with_columns(factor=pl.lit("stage"), value=pl.when(fits).then(plain))
    told = rows.drop_nulls("value").filter(pl.col("extent") != "unknown")
    return as_facts(told.with_columns(evidence_ids="stage_evidence_ids"), "plan.stage")


def _course(diseases: pl.DataFrame) -> pl.DataFrame:
    grows = pl.when(pl.col("status").is_in(GROWS)).then(pl.lit("yes"))
    value = grows.when(pl.col("status").is_in(_HOLDS)).then(pl.lit("no"))
    rows = diseases.with_columns(
        factor=pl.lit("progressing"),
        value=value,
        date="status_date",
        evidence_ids="status_evidence_ids",
    )
    return as_facts(rows.drop_nulls("value"), "plan.course")


def _category(diseases: pl.DataFrame) -> pl.DataFrame:
    """What a T category says beside the stage; that it is too low says nothing of later."""
    rules = read_data("t_categories").rename({"t": "begins"})
    rows = diseases.join(rules, on="primary").filter(pl.col("t").str.starts_with(pl.col("begins")))
    return as_facts(rows.with_columns(evidence_ids="stage_evidence_ids"), "plan.category")


def _newness(diseases: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Whether distant spread is newly found; between new and old a person decides."""
    days = (pl.lit(as_of) - pl.col("first_distant_date")).dt.total_days()
    value = pl.when(days <= _NEW_DAYS).then(pl.lit("yes")).when(days > _OLD_DAYS).then(pl.lit("no"))
    rows = diseases.filter(pl.col("extent") == "distant").with_columns(
        factor=pl.lit("new_metastatic_dx"),
        value=value,
        date="first_distant_date",
        evidence_ids="extent_evidence_ids",
    )
    return as_facts(rows.drop_nulls("value"), "plan.newness")
