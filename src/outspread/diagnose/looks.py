"""Looks at a place: what affirmed it, what denied it, what removed it, each with its day.

A look is a row with `l` (the lesion), `packed` (its date) and its evidence; looks that say the same
on the same day are one.
"""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy.load import ancestors, sites
from outspread.diagnose.evidence import counts, first_day, last_day, packed_date
from outspread.diagnose.lesion import LESION_KEY
from outspread.empty import empty_from_empty

_EXAMINED: Final = ("imaging", "exam", "pathology")
_REMOVING: Final = ("surgery", "ablation")
_NOT_TO_REMOVE: Final = ("palliative", "supportive", "diagnostic")
_SIDES: Final = ("left", "right")
_MANY_PARTS: Final = 3  # a place with as many parts in the anatomy tables is a collection: bone


def seen_looks(lesions: pl.DataFrame, spread: pl.DataFrame, origins: pl.DataFrame) -> pl.DataFrame:
    """Affirmed looks that are strong enough to count and tell of their own time.

    Parameters
    ----------
    lesions
        Uses l, d, role, site, laterality, contiguity, first_packed.
    spread
        Statements of spread with their disease.
    origins
        Statements of the primary itself with its disease.

    Returns
    -------
    One row for each lesion and date: l, role, packed (empty where undated), evidence_ids, and
    whether it is the first (`is_first`), tells of its own time (`is_current`), and comes from a
    specimen (`is_specimen`), from imaging or an examination (`is_scan`), or either (`is_look`).
    """
    facts = ["method", "certainty", "temporality", "date", "date_precision", "evidence_id"]
    places = lesions.select("l", "d", "role", *LESION_KEY[1:], "first_packed")
    of_spread = spread.select(*LESION_KEY, *facts).join(
        places.filter(pl.col("role") == "secondary"), on=LESION_KEY, nulls_equal=True
    )
    of_origin = origins.select("d", *facts).join(places.filter(pl.col("role") == "primary"), on="d")
    looks = pl.concat(
        frame.select("l", "role", "first_packed", *facts) for frame in (of_spread, of_origin)
    ).with_columns(packed_date().alias("packed"))
    is_first = (pl.col("packed") == pl.col("first_packed")).fill_null(value=False)
    is_current = pl.col("temporality") == "current"
    return (
        looks.filter(counts() & (is_current | is_first))
        .group_by("l", "role", "packed", is_first.alias("is_first"))
        .agg(
            is_current.any().alias("is_current"),
            (pl.col("method") == "pathology").any().alias("is_specimen"),
            pl.col("method").is_in(["imaging", "exam"]).any().alias("is_scan"),
            pl.col("evidence_id").sort().alias("evidence_ids"),
        )
        .with_columns((pl.col("is_specimen") | pl.col("is_scan")).alias("is_look"))
    )


def denied_looks(
    lesions: pl.DataFrame, findings: pl.DataFrame, diseases: pl.DataFrame
) -> pl.DataFrame:
    """Denials of spread that can be about a lesion: of its place or of one that contains it.

    One of the past says that the place was free before, which contradicts nothing.

    Returns
    -------
    l, packed, evidence_ids, whether the denial covers the whole lesion and comes from looking at
    the patient (`is_clear`), and whether it is pathology's (`by_pathology`).
    """
    denials = findings.filter(
        (pl.col("kind") == "tumor")
        & (pl.col("polarity") == "negated")
        & (pl.col("role") == "secondary")
        & pl.col("site").is_not_null()
        & (pl.col("temporality") != "historical").fill_null(value=True)
    )
    return _denied(denials, lesions, diseases)


@empty_from_empty
def _denied(denials: pl.DataFrame, lesions: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    denied = (
        denials.with_columns(
            packed_date().alias("packed"),
            (
                (pl.col("method").is_in(_EXAMINED) | _is_of_note()).fill_null(value=False)
                & counts()
                & (pl.col("temporality") == "current")
                & pl.col("qualifier").is_null()
            ).alias("is_look"),
            (pl.col("method") == "pathology").fill_null(value=False).alias("by_pathology"),
        )
        .group_by(
            "p", "site", "laterality", "contiguity", "origin", "packed", "is_look", "by_pathology"
        )
        .agg(pl.col("evidence_id"))
        .rename({"site": "at", "laterality": "denied_side", "contiguity": "denied_way"})
    )
    places = (
        lesions.filter((pl.col("role") == "secondary") & counts())
        .select("p", "d", "l", "site", "laterality", pl.col("contiguity").alias("way"))
        .join(ancestors().select("site", "at"), on="site")
        .join(diseases.select("d", "primary"), on="d")
    )
    return (
        places.join(denied, on=["p", "at"])
        .filter(_may_be_about())
        .group_by("l", "packed", "by_pathology", (pl.col("is_look") & _covers()).alias("is_clear"))
        .agg(pl.col("evidence_id").explode().unique().sort().alias("evidence_ids"))
    )


def _is_of_note() -> pl.Expr:
    """Tell whether it is said in a note of its day, and not as what others told before."""
    return (pl.col("source_kind") == "document") & pl.col("method").ne_missing("history")


def _may_be_about() -> pl.Expr:
    """Tell whether nothing says that a denial is about another side, growth or cancer."""
    side, denied = pl.col("laterality"), pl.col("denied_side")
    other_side = side.is_in(_SIDES) & denied.is_in(_SIDES) & (side != denied)
    other_way = pl.col("way") != pl.col("denied_way")
    other_cancer = pl.col("origin") != pl.col("primary")
    return ~(other_side | other_way | other_cancer.fill_null(value=False)).fill_null(value=False)


def _covers() -> pl.Expr:
    denied, way = pl.col("denied_side"), pl.col("denied_way")
    whole_side = denied.is_null() | (denied == "bilateral") | (denied == pl.col("laterality"))
    whole_way = way.is_null() | (way == pl.col("way")).fill_null(value=False)
    return whole_side.fill_null(value=False) & whole_way


def removed_looks(lesions: pl.DataFrame, treatments: pl.DataFrame) -> pl.DataFrame:
    """Surgery or ablation, done, of the very place of a lesion, not before it was first seen.

    It has to be clear what was removed: not where the place is a collection (bone) or holds several
    lesions, nor where two sides or cancers could be meant; and not where the aim was other than to
    remove it.

    Returns
    -------
    l, packed, evidence_ids.
    """
    done = treatments.filter(
        pl.col("modality").is_in(_REMOVING)
        & (pl.col("treatment_status") == "done")
        & (pl.col("polarity") == "affirmed")
        & counts()
        & pl.col("date").is_not_null()
        & ~pl.col("intent").is_in(_NOT_TO_REMOVE).fill_null(value=False)
    )
    return _removed(done, lesions)


@empty_from_empty
def _removed(done: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    removals = (
        done.with_columns(packed_date().alias("packed"))
        .group_by("p", "site", pl.col("laterality").alias("target_side"), "packed")
        .agg(pl.col("evidence_id").unique().sort().alias("evidence_ids"))
    )
    here = ["p", "site"]
    is_one = (pl.col("role") == "primary") | (
        (pl.col("count").fill_null(1) <= 1) & ~pl.col("site").is_in(_collections().implode())
    )
    places = lesions.filter(counts()).select(
        "p", "l", "site", "laterality", "first_packed", is_one.alias("is_one"),
        (pl.col("d").n_unique().over(here) == 1).alias("is_one_cancer"),
        (pl.col("laterality").n_unique().over(here) == 1).alias("is_one_side"),
    )  # fmt: skip
    same_side = (pl.col("target_side") == pl.col("laterality")).fill_null(value=False)
    either_unsaid = pl.col("target_side").is_null() | pl.col("laterality").is_null()
    not_before = last_day() >= first_day("first_packed")
    return (
        places.filter("is_one", "is_one_cancer")
        .join(removals, on=here)
        .filter(same_side | (either_unsaid & pl.col("is_one_side")))
        .filter(not_before)
        .group_by("l", "packed")
        .agg(pl.col("evidence_ids").explode().unique().sort())
    )


@cache
def _collections() -> pl.Series:
    parts = sites().group_by(pl.col("parent").alias("site")).len()
    generic = sites().filter(pl.col("kind").is_in(["generic", "organ_group", "organ_class"]))
    many = parts.filter(pl.col("len") >= _MANY_PARTS).drop_nulls()
    return pl.concat([many["site"], generic["id"]]).unique()
