"""What tumor a row states: its role, cancer, place and side, and where its cells disagree."""

from typing import Final

import polars as pl

from outspread.anatomy.code_table import UNKNOWN_PRIMARY
from outspread.read.columns.codes import cancers_at, combine_places, organs, resolve_rows
from outspread.read.text import SOMEWHERE
from outspread.read.vocabulary import MOST_KNOWN
from outspread.tables import CERTAINTY

_SETTLED: Final = ("primary", "secondary")
_ASKED: Final = (
    "code", "code_system", "site", "primary", "origin", "role", "sex", "laterality", "certainty",
    "morphology", "behavior", "behavior_digit",
)  # fmt: skip
_SETTLED_HERE: Final = (
    "role", "primary", "origin", "site", "laterality", "behavior", "topography", "certainty",
    "temporality", "is_apart", "stated_behavior", "code_stage_group", "tumor_notes",
)  # fmt: skip
_CANCER_CODE: Final = r"^[Cc]|^[Dd][0-4]"


class Tumors:
    """Tumors of rows; rows that say the same are settled once, also from batch to batch.

    `extra` is a site's own code map.
    """

    def __init__(self, extra: pl.DataFrame | None) -> None:
        self.extra = extra
        self.asked = pl.DataFrame()
        self.settled = pl.DataFrame()

    def settle(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add to rows of `read_cells` what `find_tumors` adds or settles."""
        asked = rows.select(*_ASKED, has_size=pl.col("size_mm").is_not_null())
        told = [name for name in _ASKED if asked[name].null_count() < asked.height]
        distinct = asked.unique([*told, "has_size"])
        kinds = _find(asked, distinct, [*told, "has_size"])
        settled = self._settle_distinct(distinct)
        return rows.with_columns(settled.select(pl.all().gather(kinds)))

    def _settle_distinct(self, asked: pl.DataFrame) -> pl.DataFrame:
        if self.asked.height > MOST_KNOWN:
            self.asked, self.settled = self.asked.clear(), self.settled.clear()
        new = asked
        if not self.asked.is_empty():
            new = asked.join(self.asked, on=asked.columns, how="anti", nulls_equal=True)
        if not new.is_empty() or self.asked.is_empty():
            settled = find_tumors(resolve_rows(new, extra=self.extra)).select(_SETTLED_HERE)
            self.settled = pl.concat([self.settled, settled]) if self.settled.width else settled
            self.asked = pl.concat([self.asked, new]) if self.asked.width else new
        return self.settled.select(pl.all().gather(_find(asked, self.asked, asked.columns)))


def _find(rows: pl.DataFrame, among: pl.DataFrame, names: list[str]) -> pl.Series:
    """Place of each row among others that are distinct."""
    places = among.select(names).with_row_index("place")
    found = rows.select(names).join(
        places, on=names, how="left", nulls_equal=True, maintain_order="left"
    )
    return found["place"]


def find_tumors(rows: pl.DataFrame) -> pl.DataFrame:
    """Settle the tumor of each row.

    A stated role and the code must agree, and so must a named cancer and the code; where they do
    not, the role is left open. A topography beside the stated role "secondary" is a place only.
    A cancer named on a row of spread is where that came from. A row of spread that names no place
    at all is spread somewhere.

    Parameters
    ----------
    rows
        As `resolve_rows` gives them, with `has_size`.

    Returns
    -------
    The same rows. Added or settled: `role` (null: no tumor is stated), `primary`, `origin`,
    `site`, `laterality`, `behavior`, `topography`, `certainty`, `temporality`, `is_apart`
    (morphology or behavior stand beside a code and are a statement of their own), and `tumor_notes`
    (column, code).
    """
    rows = _named(rows)
    rows = rows.with_columns(_role(rows))
    rows = rows.with_columns(
        settled_primary=pl.when(pl.col("settled") == "primary").then(
            pl.coalesce("named", "coded_primary", cancers_at(rows["place"]))
        )
    )
    whole = rows.select(
        pl.coalesce(
            pl.when(pl.col("code_site") != SOMEWHERE).then("code_site"),
            pl.when(pl.col("settled") == "primary").then(organs(rows["settled_primary"])),
            "code_site",
        )
    ).to_series()
    places = combine_places(whole, rows["place"]).rename({"site": "settled_site"})
    rows = pl.concat([rows, places], how="horizontal")
    return rows.with_columns(_notes(), *_facts())


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Bring together what words and codes name."""
    is_suspected = pl.col("code_code_note") == "suspected"
    roles = {
        name: pl.when(pl.col(f"{name}_role") == "unknown_primary")
        .then(pl.lit("primary"))
        .when(pl.col(f"{name}_role").is_in([*_SETTLED, "undetermined", "not_cancer"]))
        .then(f"{name}_role")
        for name in ("code", "site", "primary", "origin")
    }
    unknown = {
        name: pl.when(pl.col(f"{name}_role") == "unknown_primary")
        .then(pl.coalesce(f"{name}_primary", pl.lit(UNKNOWN_PRIMARY)))
        .otherwise(f"{name}_primary")
        for name in roles
    }
    return rows.with_columns(
        code_says=pl.when(is_suspected).then(pl.lit("primary")).otherwise(roles["code"]),
        site_says=roles["site"],
        named=pl.coalesce("primary_word_primary", unknown["primary"]),
        named_origin=pl.coalesce("origin_word_primary", unknown["origin"], "code_origin"),
        coded_primary=pl.coalesce(unknown["code"], unknown["site"]),
        place=pl.coalesce("site_word_site", "site_site", "primary_word_site"),
        is_suspected=is_suspected.fill_null(value=False),
    )


def _role(rows: pl.DataFrame) -> list[pl.Expr]:
    """Role, and whether the cells of the row disagree about it."""
    stated, code = pl.col("role"), pl.col("code_says")
    coded = pl.coalesce("code_says", "site_says")
    outside = combine_places(organs(rows["named"]), rows["place"])["is_mismatch"]
    both = stated.is_in(_SETTLED) & code.is_in(_SETTLED) & (stated != code)
    asked = pl.when(stated.is_in(_SETTLED)).then(stated).otherwise(pl.coalesce(coded, stated))
    is_spread = (asked == "secondary").fill_null(value=False)
    other = ~is_spread & (pl.col("named") != pl.col("coded_primary"))
    elsewhere = ~is_spread & pl.Series(outside) & pl.col("place").is_not_null()
    disagree = both.fill_null(value=False) | other.fill_null(value=False) | elsewhere
    harmless = (coded == "not_cancer").fill_null(value=False)
    about_tumor = pl.any_horizontal(pl.col("place", "morphology").is_not_null(), "has_size")
    has_nothing = coded.is_null() & pl.col("named").is_null() & ~about_tumor
    is_bare = (has_nothing & (asked == "undetermined")).fill_null(value=False)
    settled = (
        pl.when((harmless & ~stated.is_in(_SETTLED).fill_null(value=False)) | is_bare)
        .then(pl.lit(None, pl.String))
        .when(disagree | harmless)
        .then(pl.lit("undetermined"))
        .when(asked.is_not_null())
        .then(asked)
        .when(pl.col("named").is_not_null())
        .then(pl.lit("primary"))
        .when(about_tumor)
        .then(pl.lit("undetermined"))
    )
    return [
        settled.alias("settled"),
        (disagree | (harmless & settled.is_not_null())).alias("is_torn"),
    ]


def _facts() -> list[pl.Expr]:
    role = pl.col("settled")
    is_spread, is_primary = role == "secondary", role == "primary"
    is_apart = pl.col("code_says").is_not_null() & pl.any_horizontal(
        pl.col("morphology", "behavior", "behavior_digit").is_not_null()
    )
    site_behavior = pl.when((pl.col("site_says") == role) | (pl.col("site_role").is_null())).then(
        "site_behavior"
    )
    no_place = pl.col("settled_site").is_null() & pl.all_horizontal(
        pl.col("site", "code").is_null()
    )
    weakest = (
        pl.when("is_suspected")
        .then(pl.lit(CERTAINTY[0]))
        .otherwise(pl.col("certainty").fill_null(CERTAINTY[-1]))
    )
    return [
        role.alias("role"),
        pl.col("settled_primary").alias("primary"),
        pl.when(is_spread).then(pl.coalesce("named_origin", "named")).alias("origin"),
        pl.when(is_spread & no_place)
        .then(pl.lit(SOMEWHERE))
        .otherwise("settled_site")
        .alias("site"),
        pl.coalesce(
            "code_code_laterality", "laterality", "site_word_laterality", "primary_word_laterality",
            "site_code_laterality",
        ).alias("laterality"),
        pl.coalesce(
            "code_behavior", site_behavior, pl.when(~is_apart).then("behavior")
        ).alias("behavior"),
        pl.when(is_primary)
        .then(pl.coalesce("code_topography", "site_topography", "primary_topography"))
        .alias("topography"),
        weakest.alias("certainty"),
        pl.col("code_temporality").fill_null("current").alias("temporality"),
        is_apart.alias("is_apart"),
        pl.col("behavior").alias("stated_behavior"),
    ]  # fmt: skip


def _notes() -> pl.Expr:
    """Columns and codes of what could not be read or disagrees."""
    is_tumor = pl.col("settled").is_not_null()
    known_code = pl.col("code_role").is_not_null()
    wanted = pl.col("role").is_not_null() | pl.col("code").str.contains(_CANCER_CODE)
    site_read = pl.coalesce("site_word_site", "site_site", "site_says", "site_role").is_not_null()
    name_read = pl.coalesce("primary_word_primary", "primary_primary", "primary_role")
    origin_read = pl.coalesce("origin_word_primary", "origin_primary", "origin_role")
    sides = pl.col("code_code_laterality") != pl.col("laterality")
    notes = {
        "role|R077": pl.col("is_torn"),
        "code|R080": pl.col("code").is_not_null() & ~known_code & wanted,
        "site|R034": pl.col("site").is_not_null() & ~site_read,
        "primary|R075": pl.col("primary").is_not_null() & name_read.is_null(),
        "origin|R075": pl.col("origin").is_not_null() & origin_read.is_null(),
        "site|R032": is_tumor & ~pl.col("is_torn") & pl.col("is_mismatch"),
        "laterality|R033": is_tumor & sides,
    }
    marks = [pl.when(bad).then(pl.lit(note)) for note, bad in notes.items()]
    return pl.concat_list(marks).list.drop_nulls().alias("tumor_notes")
