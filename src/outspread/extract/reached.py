"""How far a place is for a cancer, and what kind of spread: growth, a node, a cavity, far away."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy.load import primaries, sites
from outspread.anatomy.relate import relate
from outspread.extract.doubts import BODY_CAVITY
from outspread.extract.groups import members
from outspread.extract.meaning import region_of
from outspread.extract.primaries import primary_facts
from outspread.extract.statements import Statement
from outspread.read.places import is_within, organ_of

NO_ORGAN: Final = members("reached.no_organ")
# Rules of statements that may leave open by which way a place was reached.
_OPEN: Final = frozenset(
    {"spread.phrase", "growth.phrase", "growth.involved", "found.elsewhere", "spread.recur"}
)
_FAR: Final = members("reached.far")
_TOUCHING: Final = members("reached.touching")  # cancers beside one of these organs
_UNDER_SKIN: Final = members("reached.under_skin")
_GUT_NODES: Final = members("reached.gut_nodes")
_OF_OVARY: Final = members("reached.of_ovary")
_ANYWHERE: Final = members("reached.anywhere")
_REGIONS: Final = members("origin.regions")


def kind_of(site: str, group: list[Statement], origin: str | None) -> str:
    """Kind of a place as the export names it, by its statements and the cancer it came from."""
    if site.startswith("ln"):
        reach = reach_of(origin, site) if origin else "unknown"
        is_far = origin in _OF_OVARY and any(is_within(site, gut) for gut in _GUT_NODES)
        if site == "ln_distant" or is_far or reach in {"distant_node", "distant"}:
            return "distant node"
        return "regional node"
    if all(s.site == "skin_satellite" for s in group):
        return "regional extension"  # in transit: an N category
    is_called_spread = any(
        s.contiguity == "discontiguous" and s.rule[:6] == "spread" for s in group
    )
    is_beside = site in NO_ORGAN and not (is_called_spread and site in _REGIONS)
    is_beside = is_beside or all(
        s.rule == "growth.phrase" and f"{origin} {s.site}" in _TOUCHING for s in group
    )  # "Pancoast tumor with rib destruction"
    if is_beside or all(s.contiguity == "contiguous" for s in group):
        return "regional extension"
    is_open = all(s.contiguity is None and s.rule in _OPEN for s in group)
    is_growth = is_open and all(s.rule[:6] == "growth" for s in group)
    is_touching = group[0].rule == "growth.involved" and f"{origin} {site}" in _TOUCHING
    if is_growth and (not origin or is_touching or not _is_far(origin, group)):
        return "regional extension"
    if origin and is_open and any(reach_of(origin, s.site) == "nearby_tissue" for s in group):
        return "regional extension"
    return "body cavity" if site in BODY_CAVITY else "distant"


def _is_far(origin: str, group: list[Statement]) -> bool:
    """Whether what is told as growth is of a place that the cancer does not grow into."""
    sites = {s.site for s in group}
    if sites <= _ANYWHERE or (origin in _UNDER_SKIN and sites == {"skin"}):
        return False
    is_far = all(_is_apart(origin, site) for site in sites)
    is_far = is_far or any(is_within(site, far) for site in sites for far in _FAR)
    return is_far and not _is_in_head(origin, group)


def _is_apart(origin: str, site: str) -> bool:
    """Whether a place is in a part of the body that holds neither the origin nor its neighbors."""
    mine, other = region_of(organ_of(origin) or ""), region_of(site)
    is_near_skin = other == "head_neck" and not is_within(site, "brain")
    is_anywhere = mine == "whole_body" and (is_near_skin or organ_of(origin) != "skin")
    return mine != other and not is_anywhere and reach_of(origin, site) == "distant"


def _is_in_head(origin: str, group: list[Statement]) -> bool:
    """Whether a cancer of the head and neck involves what is beside it there."""
    is_head = primary_facts()[origin][2] == "head_neck"
    return is_head and any(region_of(s.site) == "head_neck" for s in group)


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
