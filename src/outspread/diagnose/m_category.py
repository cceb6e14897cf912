"""Places that follow from the M category alone: M1b of the prostate is bone."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy.load import ancestors, sites
from outspread.diagnose.evidence import counts
from outspread.diagnose.knowledge import read_table
from outspread.empty import empty_from_empty
from outspread.tables import ATTRIBUTION, CONTIGUITY, LATERALITY, ROLE

_NODE: Final = "ln_distant"  # the node group of the table; any named node stands for it


def m_sites() -> pl.DataFrame:
    """Places that an M category names: primary, value, edition (`*` any), sites, source."""
    return read_table("m_sites")


@cache
def _single_sites() -> pl.DataFrame:
    """Rows that name one place only."""
    return m_sites().filter(~pl.col("sites").str.contains(" ")).drop("source")


def m_category_spread(
    stages: pl.DataFrame, diseases: pl.DataFrame, spread: pl.DataFrame
) -> pl.DataFrame:
    """Statements of spread that M categories make, in the columns of `spread`.

    Only where the category names exactly one place, and nothing that counts says already that the
    disease is there.

    Parameters
    ----------
    stages
        Stage statements with `d`.
    diseases
        Uses d, primary.
    spread
        Attributed spread: d, site, certainty.
    """
    value = pl.col("m").str.extract(r"^(1[a-d])")
    return _named(stages.with_columns(value.alias("value")).drop_nulls("value"), diseases, spread)


@empty_from_empty
def _named(valued: pl.DataFrame, diseases: pl.DataFrame, spread: pl.DataFrame) -> pl.DataFrame:
    fits = (pl.col("edition") == "*") | pl.col("edition").str.split(" ").list.contains(
        pl.col("stage_edition")
    ).fill_null(value=False)
    named = (
        valued.drop("primary", "site")
        .join(diseases.select("d", "primary"), on="d")
        .join(_single_sites(), on=["primary", "value"])
        .filter(fits)
        .rename({"sites": "site"})
        .join(_places_known(spread), on=["d", "site"], how="anti")
    )
    return named.with_columns(
        pl.lit("secondary").cast(pl.Enum(ROLE)).alias("role"),
        pl.lit("stage").cast(pl.Enum(ATTRIBUTION)).alias("attribution"),
        pl.lit("discontiguous").cast(pl.Enum(CONTIGUITY)).alias("contiguity"),
        pl.lit(None, dtype=pl.Enum(LATERALITY)).alias("laterality"),
        pl.lit(None, dtype=pl.List(pl.String)).alias("overruled_by"),
    ).select(spread.columns)


def _places_known(spread: pl.DataFrame) -> pl.DataFrame:
    """Places of each disease with all that hold them; a node of any name is a distant node."""
    counted = spread.filter(counts() & pl.col("d").is_not_null()).select("d", "site").unique()
    nodes = sites().filter("is_node").select(pl.col("id").alias("site"))
    return pl.concat(
        [
            counted.join(ancestors().select("site", "at"), on="site").select(
                "d", pl.col("at").alias("site")
            ),
            counted.join(nodes, on="site", how="semi").select("d", pl.lit(_NODE).alias("site")),
        ]
    ).unique()
