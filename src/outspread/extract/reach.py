"""How far a place is for a cancer, asked of the anatomy once for all of them."""

from functools import cache

import polars as pl

from outspread.anatomy.load import primaries, sites
from outspread.anatomy.relate import relate


def reach_of(primary: str, site: str) -> str:
    """How far a place is for a primary, by its site alone; unknown where that does not settle it.

    Examples
    --------
    >>> reach_of("breast", "liver")
    'distant'
    """
    return _reaches().get((primary, site), "unknown")


@cache
def _reaches() -> dict[tuple[str, str], str]:
    """All settled reaches: a thousand questions cost hardly more than one."""
    pairs = primaries().select(primary_group="id").join(sites().select(site="id"), how="cross")
    empty = {
        name: pl.lit(None, pl.String)
        for name in ("topography", "laterality", "contiguity", "phrase")
    }
    found = relate(pairs.with_columns(**empty)).with_columns(pairs)
    rows = found.select("primary_group", "site", "reach").drop_nulls("reach").iter_rows()
    return {(primary, site): str(reach) for primary, site, reach in rows}
