"""The stagings as stated, each in its own system, with what each means for the extent."""

from typing import Final

import polars as pl

from outspread.diagnose.evidence import packed_date, unpacked_date, unpacked_precision
from outspread.diagnose.stage import STAGE_RULE, speaks_alone
from outspread.diagnose.stage_meaning import LEVEL, STAGE_FIELDS
from outspread.empty import empty_from_empty
from outspread.tables import EXTENT

_KEY: Final = [
    "p", "d", "stage_system", "measures", "stage_edition", "stage_basis", "packed",
]  # fmt: skip


@empty_from_empty
def staging_rows(stages: pl.DataFrame, meaning: pl.DataFrame) -> pl.DataFrame:
    """One row per staging: what was stated of one disease, system, edition, basis and date.

    Two values of one category within a staging make two rows, so that none is lost. The meaning is
    that of the whole row: the farthest of what its categories say.

    Parameters
    ----------
    stages
        Stage statements with `d` (empty where they cannot be given to a disease).
    meaning
        What they mean, read beside M0 (`stage.fit_m0`).
    """
    index = ["evidence_id", *_KEY]
    values = (
        stages.with_columns(packed_date().alias("packed"))
        .select(*index, *STAGE_FIELDS)
        .unpivot(on=STAGE_FIELDS, index=index, variable_name="field", value_name="value")
        .drop_nulls("value")
        .join(
            meaning.select("p", "evidence_id", "field", "lower", "upper", "row"),
            on=["p", "evidence_id", "field"],
            how="left",
        )
    )
    stated = values.group_by(*_KEY, "field", "value").agg(
        pl.col("evidence_id").sort().alias("ids"),
        pl.col("lower", "upper").max(),
        pl.col("row").min(),
    )
    order = pl.col("value").rank("dense").over(*_KEY, "field").alias("order")
    rows = stated.with_columns(order).group_by(*_KEY, "order").agg(*_facts())
    return _with_meaning(rows).with_columns(
        unpacked_date("packed").alias("date"),
        unpacked_precision("packed").alias("date_precision"),
        pl.col("stage_system").alias("system"),
        pl.col("stage_edition").alias("edition"),
        pl.col("stage_basis").alias("basis"),
    )


def _facts() -> list[pl.Expr]:
    counted = speaks_alone() & pl.col("lower").is_not_null()
    rule = pl.col("field").replace_strict(STAGE_RULE)
    return [
        *(
            pl.col("value").filter(pl.col("field") == field).first().alias(field)
            for field in STAGE_FIELDS
        ),
        pl.col("lower").filter(counted).max(),
        pl.col("upper").filter(counted).max(),
        pl.col("lower").filter(pl.col("field") == "t").max().alias("t_level"),
        pl.col("row").filter(pl.col("field") == "t").first().alias("t_row"),
        rule.filter(counted).unique().sort().alias("rule_ids"),
        pl.col("row").filter(counted).unique().sort().alias("knowledge_rows"),
        pl.col("ids").explode().unique().sort().alias("evidence_ids"),
    ]


def _with_meaning(rows: pl.DataFrame) -> pl.DataFrame:
    """Add means_lower and means_upper; a T that is confined or in situ speaks where it may."""
    silent = pl.col("upper").is_null()
    n0, m0 = (pl.col(field).str.starts_with("0").fill_null(value=False) for field in ("n", "m"))
    is_confined = silent & (pl.col("t_level") == LEVEL["localized"]) & n0 & m0
    is_in_situ = silent & (pl.col("t_level") == LEVEL["in_situ"])
    by_t = (is_confined | is_in_situ).fill_null(value=False)
    rule = (
        pl.when(is_confined)
        .then(pl.lit("extent.tnm_confined"))
        .otherwise(pl.lit("extent.tnm_in_situ"))
    )
    return rows.with_columns(
        pl.when(by_t).then("t_level").otherwise("lower").alias("lower"),
        pl.when(by_t).then("t_level").otherwise("upper").alias("upper"),
        pl.when(by_t).then(pl.concat_list(rule)).otherwise("rule_ids").alias("rule_ids"),
        pl.when(by_t)
        .then(pl.concat_list("t_row"))
        .otherwise("knowledge_rows")
        .alias("knowledge_rows"),
    ).with_columns(_word("lower").alias("means_lower"), _word("upper").alias("means_upper"))


def _word(level: str) -> pl.Expr:
    """Extent of a level; nothing where the level says nothing."""
    words = {number: extent for extent, number in LEVEL.items()}
    return pl.col(level).replace_strict(words, default=None, return_dtype=pl.Enum(EXTENT))
