"""Cells as people write them: words, sizes, dates, stages and places, each distinct one once."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

import polars as pl

from outspread.anatomy.load import primaries, sites
from outspread.anatomy.words import american, site_id
from outspread.read.dates import EARLIEST_YEAR, Days
from outspread.read.fhir.elements import LARGEST
from outspread.read.notation import read_notation
from outspread.read.places import find_place, primary_at
from outspread.read.vocabulary import load_rows, named_primaries

_WHOLE_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)
_CATEGORY: Final = re.compile(r"(y?[cpra]{0,2})([tnm]?)(\d.*|x|is.*|a)", re.IGNORECASE)
_CANCER: Final = re.compile(r" (?:cancer|carcinoma)$")


class Place(NamedTuple):
    """What a word for a cancer or a place names."""

    primary: str | None = None
    site: str | None = None
    laterality: str | None = None


@cache
def words(use: str) -> dict[str, str]:
    """Words of `columns_words.csv` for one use, with what they mean; empty: nothing is stated."""
    rows = [row for row in load_rows("columns_words.csv") if row["use"] in (use, "unstated")]
    return {row["word"]: row["means"] for row in sorted(rows, key=lambda row: row["use"] == use)}


def read_word(text: str, use: str) -> str | None:
    """Give what a word means; "" where it says that nothing is stated, None where it is unknown.

    Examples
    --------
    >>> read_word("Stable Disease", "status")
    'stable'
    """
    plain = " ".join(re.sub(r"[_\s-]+", " ", text.lower()).split())
    return words(use).get(plain)


def read_polarity(text: str) -> str | None:
    """Affirmed, negated, or unstated where the cell says that it is not known."""
    found = read_word(text, "polarity")
    return "unstated" if found == "" else found


def read_spread(text: str) -> str | None:
    """Read whether there is spread, in words or as a registry codes it."""
    return read_word(text, "mets_value") or read_polarity(text)


def read_stage_value(text: str, axis: str) -> tuple[str, str | None] | None:
    """Value and basis of a T, N, M or stage group; an empty value where nothing is stated.

    Examples
    --------
    >>> read_stage_value("pt1c", "t"), read_stage_value("Stage 3c", "stage_group")
    (('1c', 'pathological'), ('IIIC', None))
    """
    said = read_word(text, "stage_value")
    if said is not None:
        return said, None
    found = read_notation(text, axis)
    if found is None and axis != "stage_group" and (match := _CATEGORY.fullmatch(text)):
        prefix, letter, value = match[1].lower(), match[2].upper() or axis.upper(), match[3].lower()
        found = read_notation(prefix + letter + ("X" if value == "x" else value), axis)
    return found


def read_size(text: str) -> str | None:
    """Size in millimeters as text; "" for the codes that stand for no size."""
    if text in words("size"):
        return words("size")[text]
    match = _SIZE.fullmatch(text)
    factor = words("unit").get(match[2].lower()) if match else None
    size = float(match[1]) * float(factor) if match and factor else None
    return str(size) if size is not None and size <= LARGEST else None


def iso_date(text: str) -> str:
    """Bring 20190304 and 2019/03/04 to the form that dates are read in; others stay."""
    if match := _COMPACT.fullmatch(text):
        return "-".join(part for part in match.groups() if part)
    return text.replace("/", "-") if re.match(r"\d{4}/", text) else text


def read_dates(texts: pl.Series, days: Days) -> pl.DataFrame:
    """Read dates: `day`, `precision` and `issue` for each; whole days need no look at each."""
    day = (
        texts.filter(texts.str.contains(_WHOLE_DAY))
        .to_frame("text")
        .with_columns(day=pl.col("text").str.to_date("%Y-%m-%d", strict=False))
        .drop_nulls("day")
        .filter(pl.col("day").dt.year() >= EARLIEST_YEAR)
    )
    issue = pl.when(pl.col("day") > days.latest).then(pl.lit("R021"))
    known = day.with_columns(precision=pl.lit("day"), issue=issue)
    others = texts.filter(~texts.is_in(day["text"].implode()))
    return pl.concat([known, _read_each(others, days)])


def _read_each(texts: pl.Series, days: Days) -> pl.DataFrame:
    found = [days[iso_date(text)[:10]] for text in texts]
    return pl.DataFrame(
        {
            "text": texts,
            "day": pl.Series([one.days for one in found], dtype=pl.Int32).cast(pl.Date),
            "precision": pl.Series([one.precision for one in found], dtype=pl.String),
            "issue": pl.Series([one.issue for one in found], dtype=pl.String),
        }
    )


@cache
def _primary_names() -> dict[str, str]:
    rows = primaries().select("id", "display").rows()
    return {name.lower().replace("_", " "): key for key, other in rows for name in (key, other)}


@cache
def _site_ids() -> frozenset[str]:
    return frozenset(sites()["id"])


def mets_site(name: str) -> str | None:
    """Site that a column such as mets_bone asks for; None where the word is no place."""
    text = name.replace("_", " ")
    site = words("mets").get(text) or site_id(name.replace(" ", "_"))
    if site in _site_ids():
        return site
    return find_place(american(text))[0]


def read_site(text: str) -> Place | None:
    """Read a place by our id or by a word, with the side if the word has one.

    Examples
    --------
    >>> read_site("Left breast")
    Place(primary=None, site='breast', laterality='left')
    """
    if text in _site_ids():
        return Place(site=text)
    site, side = find_place(american(text))
    if site is None:
        site = site_id(text)
    return Place(site=site, laterality=side) if site in _site_ids() else None


def read_primary(text: str) -> Place | None:
    """Read a cancer by our id or by a word, or by the place where it starts.

    Examples
    --------
    >>> read_primary("Kidney cancer").primary
    'kidney'
    """
    plain = american(text)
    named = read_word(text, "primary") or _primary_names().get(plain)
    named = named or next((key for word, key in named_primaries().items() if word == plain), None)
    if named:
        return Place(named)
    place = read_site(_CANCER.sub("", plain))
    primary = primary_at(place.site) if place else None
    return Place(primary, *place[1:]) if place and primary else None


def read_distinct(texts: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """Read each distinct text once."""
    if texts.null_count() == len(texts):
        return texts
    known = texts.drop_nulls().unique()
    found = pl.Series([read(text) for text in known], dtype=pl.String)
    return texts.replace_strict(known, found, return_dtype=pl.String, default=None)
