"""By which way a cancer usually gets to a place. Usual, not proven for the patient."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.distinct import answer_distinct

_COLUMNS: Final = ("primary", "site", "reach", "contiguity_used")
_ANY: Final = "*"
OUTPUT: Final = ("route", "route_detail", "route_row")


def assign_route(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the usual route from a primary to a place.

    A row for the primary beats one for all primaries, the place itself one above it; growth is
    always direct extension. Where nothing is listed the route is unknown.

    Parameters
    ----------
    frame
        `primary` (id; null: not stated), `site`, `reach` and `contiguity_used`, as `relate` gives
        them.

    Returns
    -------
    The same rows with `route`, `route_detail` and `route_row` (id in `routes.csv`); all null where
    `reach` is null (blood cancers) or the site is.

    Sources
    -------
    Each row of `anatomy/data/routes.csv` names its own.

    Examples
    --------
    >>> one = {"primary": ["colon"], "site": ["liver"], "reach": ["distant"]}
    >>> assign_route(pl.DataFrame(one | {"contiguity_used": ["discontiguous"]}))["route"].item()
    'hematogenous'
    """
    return pl.concat([frame, answer_distinct(frame, _COLUMNS, _answer)], how="horizontal")


@cache
def _routes() -> pl.DataFrame:
    return load.load("routes").select(
        "contiguity", "route", route_detail="detail", route_row="id", origin="primary", at="site"
    )


def _answer(asked: pl.DataFrame) -> pl.DataFrame:
    """Every question with the route of the row that fits best."""
    usable = asked.drop_nulls(["site", "reach"])
    everywhere = pl.lit(127, pl.Int8)  # farther than any ancestor
    above = usable.join(load.ancestors(), on="site")
    places = pl.concat([above, usable.with_columns(at=pl.lit(_ANY), depth=everywhere)])
    primaries = places.with_columns(origin=pl.col("primary").fill_null(_ANY))
    origins = pl.concat([primaries, places.with_columns(origin=pl.lit(_ANY))]).unique()
    is_growth = pl.col("contiguity_used").eq_missing(pl.lit("contiguous"))
    rows = origins.join(_routes(), on=["origin", "at"]).filter(
        pl.col("contiguity").is_null() | (pl.col("contiguity") == pl.col("contiguity_used")),
        ~is_growth | (pl.col("route") == "direct_extension"),
    )
    best = rows.sort(
        pl.col("origin") != _ANY, -pl.col("depth").cast(pl.Int16), descending=True
    ).unique("key", keep="first", maintain_order=True)  # fmt: skip
    known = usable.select("key", is_asked=pl.lit(value=True))
    found = asked.select("key").join(known, on="key", how="left").join(
        best.select("key", *OUTPUT), on="key", how="left"
    )  # fmt: skip
    unknown = pl.when("is_asked").then(pl.col("route").fill_null("unknown"))
    return found.with_columns(route=unknown).select("key", *OUTPUT)
