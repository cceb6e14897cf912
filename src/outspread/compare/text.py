"""The difference between two runs as text for people: by cause, then person by person."""

import textwrap
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

import polars as pl

from outspread.compare import Difference
from outspread.compare.causes import CAUSES, UNEXPLAINED
from outspread.tables import EXTENT
from outspread.write.listing import format_rows
from outspread.write.wording import (
    CERTAINTY_WORDS,
    EXTENT_WORDS,
    REACH_WORDS,
    ROUTE_WORDS,
    STATUS_WORDS,
    primary_names,
)

WIDTH: Final = 80
SHOWN_PEOPLE: Final = 20
CAUSE_WORDS: Final = {
    "data": "new data",
    "rules": "new rules",
    "knowledge": "new knowledge",
    "settings": "other settings",
    UNEXPLAINED: "not explained by the run records",
}
_EXTENTS: Final = {extent: words.partition(":")[0] for extent, words in EXTENT_WORDS.items()}
_WORDS: Final[dict[str, Mapping[str, str]]] = {
    "extent": _EXTENTS,
    "possible_extent": _EXTENTS,
    "reach": REACH_WORDS,
    "route": ROUTE_WORDS,
    "certainty": CERTAINTY_WORDS,
    "status": STATUS_WORDS,
}
_THINGS: Final = ("disease", "lesion", "staging", "event", "conflict")

Row = dict[str, Any]


def difference_lines(difference: Difference, *, most: int | None = SHOWN_PEOPLE) -> Iterator[str]:
    """Tell a difference as lines of text.

    Parameters
    ----------
    difference
        As from `compare`.
    most
        How many people to show of each group of causes; all if None.
    """
    yield from _run_lines(difference)
    changes = difference.changes
    groups = changes.group_by("causes").agg(pl.col("patient_id").n_unique().alias("people"))
    for causes, people in sorted(groups.iter_rows(), key=lambda group: _rank(group[0])):
        title = _capital(" and ".join(CAUSE_WORDS[cause] for cause in causes))
        head = f"{title}: {_counted(people, 'person', 'people')}"
        yield from ("", head, "-" * len(head))
        yield from _people_lines(changes.filter(pl.col("causes") == causes), most)
        if most is not None and people > most:
            yield f"and {people - most:,} more; -o FILE writes all of them"
    yield from _count_lines(difference)


def _rank(causes: list[str]) -> list[int]:
    order = [*CAUSES, UNEXPLAINED]
    return [len(causes), *(order.index(cause) for cause in causes)]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _run_lines(difference: Difference) -> Iterator[str]:
    """What differs between the runs themselves."""
    for cause, differing in difference.runs.items():
        if differing:
            yield from _wrap(f"{_capital(CAUSE_WORDS[cause])}: {', '.join(differing)}", 2, first=0)
    if not any([*difference.runs.values(), difference.notes]):
        yield "Both runs have the same rules, knowledge and settings."
    for note in difference.notes:
        yield from _wrap(note, 2, first=0)


def _people_lines(changes: pl.DataFrame, most: int | None) -> Iterator[str]:
    """The changes of each person below each other, which is how they are sorted."""
    shown = changes.filter(pl.col("patient_id").rle_id() < most) if most is not None else changes
    rows = shown.iter_rows(named=True)
    for patient_id, mine in groupby(rows, key=lambda row: row["patient_id"]):
        yield str(patient_id)
        for disease, about_it in groupby(mine, key=lambda row: row["disease"]):
            if disease:
                yield from _wrap(disease, 4, first=2)
            first = 4 if disease else 2
            for row in about_it:
                yield from _wrap(_change_words(row), first + 2, first=first)


def _change_words(row: Row) -> str:
    what, old, new = row["what"], row["old"], row["new"]
    if what == "patient":
        return f"came: {new}" if old is None else f"went; was: {old}"
    if what in _THINGS:
        return f"{'came' if old is None else 'gone'}: {_thing_words(row, old or new)}"
    if what == "name":
        return f"was: {old}"
    label = what.replace("_", " ")
    if row["about"]:
        label = f"{row['about']}, {label}"
    return f"{label}: {_value_words(what, old)} -> {_value_words(what, new)}"


def _thing_words(row: Row, brief: str) -> str:
    if row["what"] == "disease":
        return "this cancer"
    if row["what"] in ("staging", "event", "conflict"):
        return f"{row['what']}, {row['about']} ({brief})"
    return f"{row['about']} ({brief})"


def _value_words(what: str, value: str | None) -> str:
    if value is None:
        return "none"
    words = primary_names() if what == "primary" else _WORDS.get(what, {})
    return words.get(value, value if what.startswith("stage") else value.replace("_", " "))


def summary(difference: Difference) -> str:
    """One line: how many people, and of how many the story differs."""
    counts = difference.counts
    changed = ", ".join(f"{counts[what]:,} {what}" for what in ("changed", "came", "went"))
    return f"{_counted(counts['people'], 'person', 'people')}: {changed}"


def _count_lines(difference: Difference) -> Iterator[str]:
    yield from ("", summary(difference))
    if difference.extents.height:
        yield from ("", "Changes of extent, in registry words, old down and new across:", "")
        yield format_rows(extent_table(difference.extents), "table")


def extent_table(extents: pl.DataFrame) -> pl.DataFrame:
    """Cancers by old extent (rows) and new extent (columns)."""
    order = pl.Enum(EXTENT)
    words = {extent: extent.replace("_", " ") for extent in EXTENT}
    return (
        extents.with_columns(pl.col("old", "new").cast(order))
        .sort("new")
        .pivot("new", index="old", values="count", maintain_order=True)
        .sort("old")
        .rename(words, strict=False)
        .with_columns(pl.col("old").cast(pl.String).replace(words))
        .with_columns(pl.exclude("old").cast(pl.String))
    )


def _wrap(text: str, indent: int, *, first: int) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
