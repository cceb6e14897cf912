"""What is told of some sites, for all sites: a finer one takes it from the nearest coarser one."""

from collections.abc import Mapping
from typing import TypeVar

from outspread.anatomy.load import sites

Told = TypeVar("Told")


def for_all_sites(told: Mapping[str, Told]) -> dict[str, Told]:
    """Give each site what is told of it, of the nearest site that holds it, or of its region.

    A site that has none of these is left out.

    Parameters
    ----------
    told
        By id of a site, or of a region.

    Examples
    --------
    >>> for_all_sites({"brain": "head", "thorax": "chest"})["cerebellum"]
    'head'
    """
    parents = dict(sites().select("id", "parent").iter_rows())
    regions = dict(sites().select("id", "region").iter_rows())
    found = {}
    for site in parents:
        coarser: str | None = site
        while coarser and coarser not in told:
            coarser = parents.get(coarser)
        name = coarser or regions[site]
        if name in told:
            found[site] = told[name]
    return found
