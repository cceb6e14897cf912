"""The list of patients: searched and cut into pages in the Parquet files, never loaded whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from outspread.anatomy.load import sites
from outspread.tables import EXTENT, conform
from outspread.write.intact import check_rows, readable
from outspread.write.tables import table_path
from outspread.write.wording import EXTENT_WORDS, STATUS_WORDS

PAGE: Final = 50  # people on one page of the list
LONGEST: Final = 200  # characters of a search
_NAMES: Final = ("patient_id", "disease_id", "name", "extent", "possible_extent", "status")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for; empty parts ask for nothing. `after` is the last id of the page before."""

    words: str = ""
    extent: str = ""
    site: str = ""
    after: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it asks for everybody."""
        return not (self.words or self.extent or self.site)


@dataclass(frozen=True, slots=True)
class Disease:
    """One cancer in the list."""

    name: str
    extent: str
    status: str


@dataclass(frozen=True, slots=True)
class Person:
    """One patient in the list."""

    patient_id: str
    diseases: tuple[Disease, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list; `after` is where the next one starts, empty on the last page."""

    people: tuple[Person, ...]
    after: str


def search_of(asked: Mapping[str, str]) -> Search:
    """Take a search from the parameters of an address; what is none of our words asks nothing."""
    extent, site = asked.get("extent", ""), asked.get("site", "")
    return Search(
        words=asked.get("q", "").strip()[:LONGEST],
        extent=extent if extent in EXTENT else "",
        site=site if site in dict(site_choices()) else "",
        after=asked.get("after", "")[:LONGEST],
    )


@cache
def site_choices() -> tuple[tuple[str, str], ...]:
    """Sites that places are reported under, with their names, in the order of the names."""
    rows = sites().filter(pl.col("id") == pl.col("report_site")).sort("name")
    return tuple(rows.select("id", "name").iter_rows())


def extent_choices() -> tuple[tuple[str, str], ...]:
    """Extents with their words."""
    return tuple((extent, _short(extent)) for extent in EXTENT)


def find_people(folder: Path, search: Search) -> Found:
    """Find one page of the people with a cancer, in the order of their ids.

    Only the columns that are searched are read, and no more of them than the page takes.

    Parameters
    ----------
    folder
        An output folder.
    search
        `words` are part of the name of a disease, or how an id begins.

    Raises
    ------
    StoreError
        W009, W012 the folder is damaged or was changed.
    """
    path = table_path(folder, "disease")
    with readable(path):
        rows = pl.scan_parquet(path).select(_NAMES)
        found = rows.filter(_matches(search))
        if search.site:
            found = found.join(_at(folder, search), on=["patient_id", "disease_id"], how="semi")
        ids = _first_ids(found)
        least, most = (ids[0], ids[-1]) if ids else ("", "")  # bounds skip row groups, sets do not
        owner = pl.col("patient_id")
        mine = rows.filter(owner.is_between(pl.lit(least), pl.lit(most)), owner.is_in(ids[:PAGE]))
        shown = conform(mine.collect(), "disease").select(_NAMES)
    check_rows({"disease": shown}, folder)
    return Found(_people(shown), ids[PAGE - 1] if len(ids) > PAGE else "")


def _matches(search: Search) -> pl.Expr:
    owner = pl.col("patient_id")
    conditions = [owner > search.after] if search.after else []
    if search.extent:
        conditions.append(pl.col("extent") == search.extent)
    if search.words:
        is_named = pl.col("name").str.to_lowercase().str.contains(
            search.words.lower(), literal=True
        )  # fmt: skip
        conditions.append(is_named | owner.str.starts_with(search.words))
    return pl.all_horizontal(conditions) if conditions else pl.lit(value=True)


def _at(folder: Path, search: Search) -> pl.LazyFrame:
    """Diseases that are at a site, or may be."""
    is_here = pl.col("report_site") == search.site
    is_later = pl.col("patient_id") > search.after
    lesions = pl.scan_parquet(table_path(folder, "lesion"))
    return lesions.filter(is_here & is_later).select("patient_id", "disease_id")


def _first_ids(found: pl.LazyFrame) -> list[str]:
    """Give the ids of one page and one more, if there is one; a person may have many rows."""
    count = 2 * PAGE
    while True:
        rows = found.select("patient_id").head(count).collect(engine="streaming")
        ids = sorted(set(rows["patient_id"]))[: PAGE + 1]
        if len(ids) > PAGE or rows.height < count:
            return ids
        count *= 4


def _people(rows: pl.DataFrame) -> tuple[Person, ...]:
    parts = rows.sort("patient_id", "disease_id").partition_by(
        "patient_id", as_dict=True, maintain_order=True
    )
    return tuple(
        Person(
            str(owner),
            tuple(
                Disease(
                    row["name"],
                    _short(row["extent"]),
                    STATUS_WORDS[row["status"]] if row["status"] else "",
                )
                for row in part.iter_rows(named=True)
            ),
        )
        for (owner,), part in parts.items()
    )


def _short(extent: str) -> str:
    return EXTENT_WORDS[extent].partition(":")[0]
