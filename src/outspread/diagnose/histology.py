"""Which histology does a cancer have? One where its sources say several.

Precedence: what is specific before what is general; pathology before a registry, a registry before
other codes; later before earlier.
"""

from functools import cache

import polars as pl

from outspread.diagnose.evidence import latest_day
from outspread.diagnose.knowledge import coarser, group_of_histology, read_table
from outspread.empty import empty_from_empty


def settle_histology(statements: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Choose one histology for each cancer: the columns of `key`, and `morphology`.

    Parameters
    ----------
    statements
        Statements of cancers: the columns of `key`, morphology, method, source_kind, date,
        date_precision.
    """
    return (
        ranked_histologies(statements, key)
        .group_by(key, maintain_order=True)
        .agg(pl.col("morphology").first())
    )


@empty_from_empty
def ranked_histologies(statements: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Distinct histologies of each cancer, the one that counts first, without coarser words.

    Columns: `key`, morphology, group, tier, day, ids.
    """
    stated = (
        statements.filter(pl.col("morphology").is_not_null())
        .group_by(*key, "morphology")
        .agg(
            source_tier().max().alias("tier"),
            latest_day().max().alias("day"),
            pl.col("evidence_id").unique().sort().alias("ids"),
        )
        .join(
            group_of_histology().rename({"histology_group": "group"}), on="morphology", how="left"
        )
    )
    if not stated.select(pl.struct(key).is_duplicated().any()).item():
        return stated.sort(key)
    finer = stated.select(*key, finer="morphology")
    covered = (
        stated.select(*key, "morphology")
        .join(finer, on=key, nulls_equal=True)
        .join(_covers(), on=["morphology", "finer"])
        .select(*key, "morphology")
        .unique()
    )
    return stated.join(covered, on=[*key, "morphology"], how="anti", nulls_equal=True).sort(
        *key, "tier", "day", "morphology", descending=[*(False for _ in key), True, True, True],
        nulls_last=True,
    )  # fmt: skip


def source_tier() -> pl.Expr:
    """Rank a source: pathology 2, a registry 1, anything else 0."""
    by_pathology = (pl.col("method") == "pathology").fill_null(value=False)
    by_registry = pl.col("source_kind") == "naaccr"
    return pl.when(by_pathology).then(2).when(by_registry).then(1).otherwise(0)


@cache
def general_histologies() -> pl.DataFrame:
    """Histologies that say no more than their group does: morphology."""
    return read_table("general_histologies").select(morphology="histology")


@cache
def _covers() -> pl.DataFrame:
    """Histologies with all that are finer words for them: morphology, finer."""
    codes = group_of_histology().select("morphology", group="histology_group")
    finer = codes.select("group", finer="morphology")
    above = coarser().filter(pl.col("group") != pl.col("above"))
    of_group = codes.join(general_histologies(), on="morphology").join(finer, on="group")
    of_part = codes.rename({"group": "above"}).join(above, on="above").join(finer, on="group")
    is_general = pl.col("finer").is_in(general_histologies()["morphology"].implode())
    return pl.concat(
        [part.select("morphology", "finer") for part in (of_group.filter(~is_general), of_part)]
    )
