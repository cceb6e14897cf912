"""Organs, tissues and fluids. Section "Organs" of docs/explanation/anatomy.md."""

from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.answers import ANSWER, TEXTS
from outspread.anatomy.contiguity import contiguity_used
from outspread.anatomy.exceptions import guard_own_organ, with_exceptions
from outspread.anatomy.ranking import best, fitting, is_side_assumed, is_subsite_assumed
from outspread.anatomy.subsites import subsite_ranks
from outspread.empty import empty_from_empty

_CLASS_ORDER: Final = {"localized": 0, "regional_extension": 1, "regional_node": 2, "distant": 3}


def organ_answers(organs: pl.DataFrame) -> pl.DataFrame:
    """Where tumor in an organ, tissue or fluid counts.

    Parameters
    ----------
    organs
        Questions (see `queries.asked`) of which the site is no node and the primary is known.

    Returns
    -------
    Columns of `answers.ANSWER`.
    """
    ranks = subsite_ranks(organs)
    rows = _nearest_rows(organs, ranks)
    facts = organs.join(_facts_of_rows(rows), on="key", how="left").with_columns(
        pl.col("has_any", "has_t_m0", "has_t").fill_null(value=False)
    )
    decided = facts.with_columns(contiguity_used())
    others = decided.filter("is_assumed").with_columns(
        contiguity_used=_other_contiguity(), is_assumed=pl.lit(value=False)
    )
    alternatives = _answers(others, rows, ranks).select("key", alternatives="reaches")
    return _answers(decided, rows, ranks).join(alternatives, on="key", how="left").select(*ANSWER)


@empty_from_empty
def _answers(decided: pl.DataFrame, rows: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """What the rows say where growth or deposit is decided: columns of `ANSWER` and others."""
    used = rows.join(decided.select("key", "contiguity_used"), on="key")
    by_rows = pl.concat([_by_growth(used), _by_deposit(used)])
    answers = decided.join(by_rows, on="key", how="left").with_columns(_defaults())
    return with_exceptions(guard_own_organ(answers), ranks)


def _other_contiguity() -> pl.Expr:
    apart = pl.col("contiguity_used") == "discontiguous"
    return pl.when(apart).then(pl.lit("contiguous")).otherwise(pl.lit("discontiguous"))


def _nearest_rows(organs: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """Rows of the site itself; if none fits, of the next site above it that has one."""
    rows = fitting(organs.join(load.ancestors(), on="site"), ranks)
    return rows.filter(pl.col("depth") == pl.col("depth").min().over("key"))


def _facts_of_rows(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("key").agg(
        pl.first("at", "depth"),
        has_any=(pl.col("row_contiguity") == "any").any(),
        has_t_m0=pl.col("flag").str.starts_with("tnm_m0").any(),
        has_t=pl.col("tnm_field").str.contains("T").any(),
    )


def _by_growth(rows: pl.DataFrame) -> pl.DataFrame:
    """The best rows that allow growth; of classes that tie, the nearer one."""
    is_asked = pl.col("contiguity_used") == "contiguous"
    order = pl.col("summary_stage_class").replace_strict(_CLASS_ORDER, return_dtype=pl.Int8)
    grown = best(rows.filter(is_asked, _near("contiguous") | _far("discontiguous")))
    grown = grown.filter(order == order.min().over("key"))
    local = pl.col("summary_stage_class") == "localized"
    reach = pl.when(local).then(pl.lit("local")).otherwise(pl.lit("nearby_tissue"))
    return _gather(grown.with_columns(reach=reach, field=pl.lit("T")))


def _by_deposit(rows: pl.DataFrame) -> pl.DataFrame:
    """The best rows that allow a deposit; rows that tie and disagree leave it open."""
    used = pl.col("contiguity_used")
    allowed = _near("discontiguous") | _far("contiguous") | (pl.col("row_kind") == "node")
    is_asked = (used == "discontiguous") & allowed
    is_either = (used == "any") & _is("row_contiguity", "any")
    field = (
        pl.when(pl.col("row_kind") != "far").then("tnm_field")
        .when(_is("flag", "tnm_m0") | (pl.col("reach_deposit") == "nearby_tissue"))
        .then(pl.lit("T"))
        .when(_is("flag", "tnm_m0_surface")).then(pl.lit("unknown"))
        .otherwise(pl.lit("M"))
    )  # fmt: skip
    deposits = best(rows.filter(is_asked | is_either))
    return _gather(deposits.with_columns(reach=pl.col("reach_deposit"), field=field))


def _near(contiguity: str) -> pl.Expr:
    """Rows of neighbors that allow this contiguity."""
    allows = pl.col("row_contiguity").is_in([contiguity, "any"])
    return (pl.col("row_kind") == "neighbor") & allows


def _far(unless: str) -> pl.Expr:
    """Rows of places beyond the neighbors, except those of the other contiguity."""
    return (pl.col("row_kind") == "far") & pl.col("row_contiguity").ne_missing(unless)


def _is(column: str, value: str) -> pl.Expr:
    return pl.col(column).eq_missing(pl.lit(value))


@empty_from_empty
def _gather(rows: pl.DataFrame) -> pl.DataFrame:
    """One answer per question; rows that say for some part what holds for all are left out."""
    as_default = ((pl.col("row_kind") == "far") & is_subsite_assumed()).all().over("key")
    return (
        rows.filter(~as_default)
        .group_by("key")
        .agg(
            reaches=pl.col("reach").str.split("|").explode().drop_nulls().unique().sort(),
            tnm=pl.col("field").unique().sort(),
            classes=pl.col("summary_stage_class").unique().sort(),
            rows=pl.col("row").unique().sort(),
            is_far=(pl.col("row_kind") == "far").all(),
            is_subsite_assumed=is_subsite_assumed().any(),
            is_side_assumed=is_side_assumed().any(),
        )
    )


def _defaults() -> list[pl.Expr]:
    """D05 and D03 where no row allows it, and what decided."""
    grown = pl.col("contiguity_used") == "contiguous"
    none = pl.col("rows").is_null()
    rule = pl.when(grown).then(pl.lit(["D05"], TEXTS)).otherwise(pl.lit(["D03"], TEXTS))
    reach = pl.when(grown).then(pl.lit(["nearby_tissue"], TEXTS)).otherwise(
        pl.lit(["distant"], TEXTS)
    )  # fmt: skip
    field = pl.when(grown).then(pl.lit(["T"], TEXTS)).otherwise(pl.lit(["M"], TEXTS))
    return [
        pl.when(none).then(reach).otherwise("reaches").alias("reaches"),
        pl.when(none).then(field).otherwise("tnm").alias("tnm"),
        pl.when(none).then(pl.lit(["distant"], TEXTS)).otherwise("classes").alias("classes"),
        pl.when(none).then(rule).otherwise("rows").alias("knowledge_rows"),
        pl.when(pl.col("is_assumed")).then(pl.lit("assumed"))
        .when(pl.col("is_subsite_assumed")).then(pl.lit("subsite_assumed"))
        .when(pl.col("is_side_assumed")).then(pl.lit("side_assumed"))
        .when(none).then(pl.lit("default"))
        .otherwise(pl.lit("row")).alias("decided_by"),
    ]  # fmt: skip
