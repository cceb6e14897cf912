"""Words for places, looked up in the anatomy tables: which site, and which cancer starts there."""

import re
from functools import cache

import polars as pl

from outspread.anatomy.load import load, primaries, sites
from outspread.read.vocabulary import text_words


@cache
def _terms() -> dict[str, str]:
    rows = load("terms").select("term", "site", "needs_node_word").iter_rows()
    return {term.lower(): site for term, site, needs_node in rows if needs_node != "yes"}


@cache
def _parents() -> dict[str, str | None]:
    return dict(sites().select("id", "parent").iter_rows())


@cache
def _wholes() -> dict[str, frozenset[str]]:
    """Sites that each site is a part of."""
    parents, found = _parents(), dict[str, frozenset[str]]()
    for site in parents:
        whole, above = parents[site], set[str]()
        while whole is not None:
            above.add(whole)
            whole = parents.get(whole)
        found[site] = frozenset(above)
    return found


@cache
def _primaries_by_site() -> dict[str, str]:
    """Cancer that usually starts at a site: its carcinoma, else the first of the table."""
    found: dict[str, str] = {}
    carcinomas: dict[str, str] = {}
    for name, site, category in primaries().select("id", "organ_site", "category").iter_rows():
        found.setdefault(site, name)
        if category == "carcinoma":
            carcinomas.setdefault(site, name)
    return {site: name for site, name in (found | carcinomas).items() if site}


@cache
def _generic() -> frozenset[str]:
    return frozenset(sites().filter(pl.col("system") == "unspecified")["id"])


def is_generic(site: str | None) -> bool:
    """Tell whether a site names no place: spread somewhere, or an unknown site."""
    return site is None or site in _generic()


def is_within(site: str | None, whole: str | None) -> bool:
    """Tell whether a site is the other one or a part of it."""
    return site is not None and (site == whole or whole in _wholes().get(site, ()))


def overlap(site: str | None, other: str | None) -> bool:
    """Tell whether one of two sites is the other one or a part of it."""
    return is_within(site, other) or is_within(other, site)


@cache
def primary_at(site: str | None) -> str | None:
    """Cancer that usually starts at a site or at the organ that it is a part of."""
    while site is not None:
        if found := _primaries_by_site().get(site):
            return found
        site = _parents().get(site)
    return None


@cache
def _organs() -> dict[str, str | None]:
    return dict(primaries().select("id", "organ_site").iter_rows())


def organ_of(primary: str | None) -> str | None:
    """Site of the organ where a cancer starts; None where it has none of its own."""
    return _organs().get(primary) if primary else None


def find_place(words: str) -> tuple[str | None, str | None]:
    """Site and side of a phrase that names one place and nothing else.

    Parameters
    ----------
    words
        Lower case, such as "left breast" or "upper lobe of lung".

    Returns
    -------
    Site id and laterality; both None where the phrase is not one place of the anatomy tables.
    """
    side = None
    left = words
    for laterality in ("left", "right", "bilateral"):
        for word in text_words(f"side_{laterality}"):
            left, hits = re.subn(rf"\b{word}\b", " ", left)
            side = laterality if hits else side
    for word in text_words("filler"):
        left = re.sub(rf"\b{word}\b", " ", left)
    plain = " ".join(left.split())
    site = _terms().get(plain) or _terms().get(" ".join(words.split()))
    return (site, side) if site else (None, None)
