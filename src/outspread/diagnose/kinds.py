"""Cancers of one organ told apart by what they are: another histology, another part of the organ.

Both need tumors that are first stated far enough apart, each in a record of its own; what is found
together stays one cancer, with a doubt. Cancers that histology tells apart are not parted further.
"""

from typing import Final, NamedTuple

import polars as pl

from outspread.diagnose.knowledge import kin, same_cancer_rules, subsites_apart

HISTOLOGY_DAYS: Final = 60
"""Tumors found within 60 days of each other count as found together [str_breast]."""
KEY: Final = ["p", "primary", "key_side"]
_TUMOR: Final = [*KEY, "tumor_ref"]


class Kinds(NamedTuple):
    """Statements with `kind_part` and `kind_rule`, and what stays in doubt (KEY, doubt, ids)."""

    statements: pl.DataFrame
    doubts: pl.DataFrame


def part_by_kind(statements: pl.DataFrame, signs: pl.DataFrame) -> Kinds:
    """Number the cancers of one organ by histology, else by the part of the organ.

    Parameters
    ----------
    statements
        Statements with the columns of `KEY`, tumor_ref, is_direct and histology_group.
    signs
        When the person was said to have a recurrence (KEY, sign, date).

    Returns
    -------
    The statements with `kind_part` (null fits every one) and `kind_rule`.
    """
    told = statements.filter(pl.col("is_direct") & is_solid())
    rules = same_cancer_rules()
    branches = told.join(
        kin().select("histology_group", variety="branch"), on="histology_group"
    ).join(rules.filter("other_histology").select("primary"), on="primary")
    by_histology = _numbered(
        branches.with_columns(days=pl.lit(HISTOLOGY_DAYS, dtype=pl.Int64)), signs.clear()
    )
    places = (
        told.join(subsites_apart(), on=["primary", "topography"])
        .with_columns(variety=pl.col("topography"), days=pl.col("subsite_days"))
        .join(_parted(by_histology).select(KEY).unique(), on=KEY, how="anti", nulls_equal=True)
    )
    by_place = _numbered(places, signs)
    parts = pl.concat(
        [
            _parts(by_histology, "identity.other_histology"),
            _parts(by_place, "identity.other_subsite"),
        ]
    )
    return Kinds(
        statements.join(parts, on=_TUMOR, how="left", nulls_equal=True),
        pl.concat([_doubts(by_histology.first, "histology"), _doubts(by_place.first, "subsite")]),
    )


def is_solid() -> pl.Expr:
    """Tell whether a cancer is neither a blood cancer nor of unknown origin."""
    return ~pl.col("spread_logic").is_in(["systemic", "unknown_primary"])


def has_several_tumors(statements: pl.DataFrame) -> bool:
    """Tell whether any cancer is stated by several tumors, so that there is something to part."""
    tumors = statements.filter("is_direct").select(_TUMOR).unique()
    return bool(tumors.select(pl.struct(KEY).is_duplicated().any()).item())


class _Numbered(NamedTuple):
    tumors: pl.DataFrame  # one row per tumor that says one kind only
    first: pl.DataFrame  # one row per kind of a cancer, with its number


def _numbered(told: pl.DataFrame, signs: pl.DataFrame) -> _Numbered:
    """Number the kinds of each cancer in the order in which they are first stated.

    A kind is of a new cancer when it is first stated more than `days` after the one before, unless
    a recurrence is stated near, or without a date.
    """
    tumors = (
        told.group_by(_TUMOR)
        .agg(
            pl.col("variety").drop_nulls().unique().sort(),
            pl.col("days").first(),
            pl.col("date").min(),
            pl.col("evidence_id").unique().sort().alias("ids"),
        )
        .filter(pl.col("variety").list.len() == 1)
        .with_columns(pl.col("variety").list.first())
    )
    first = (
        tumors.group_by(*KEY, "variety")
        .agg(pl.col("days").first(), pl.col("date").min(), pl.col("ids").explode().unique().sort())
        .filter(pl.len().over(KEY) > 1)
        .sort(*KEY, "date", "variety", nulls_last=True)
    )
    gap = (pl.col("date") - pl.col("date").shift(1).over(KEY)).dt.total_days()
    judged = _with_recurrence(first, signs).sort(*KEY, "date", "variety", nulls_last=True)
    is_new = (gap > pl.col("days")).fill_null(value=False) & ~pl.col("is_recurrence")
    return _Numbered(
        tumors,
        judged.with_columns(
            is_new.alias("is_new"), is_new.cum_sum().over(KEY).cast(pl.Int64).alias("kind_part")
        ),
    )


def _with_recurrence(first: pl.DataFrame, signs: pl.DataFrame) -> pl.DataFrame:
    """Add whether a recurrence is stated near the day of a kind, or without a date."""
    stated = signs.filter(pl.col("sign") == "recurrence").select(*KEY, recurred="date")
    days = (pl.col("recurred") - pl.col("date")).dt.total_days().abs()
    near = (
        first.select(*KEY, "variety", "date")
        .join(stated, on=KEY, nulls_equal=True)
        .filter(pl.col("recurred").is_null() | (days <= HISTOLOGY_DAYS).fill_null(value=True))
        .select(*KEY, "variety")
        .unique()
        .with_columns(is_recurrence=pl.lit(value=True))
    )
    return first.join(near, on=[*KEY, "variety"], how="left", nulls_equal=True).with_columns(
        pl.col("is_recurrence").fill_null(value=False)
    )


def _parted(told: _Numbered) -> pl.DataFrame:
    return told.first.filter(pl.col("kind_part").max().over(KEY) > 0)


def _parts(told: _Numbered, rule: str) -> pl.DataFrame:
    """Number of the cancer that each tumor is, where there are several."""
    several = _parted(told).select(*KEY, "variety", "kind_part")
    return told.tumors.join(several, on=[*KEY, "variety"], nulls_equal=True).select(
        *_TUMOR, "kind_part", pl.lit(rule).alias("kind_rule")
    )


def _doubts(first: pl.DataFrame, name: str) -> pl.DataFrame:
    """Two kinds of one cancer, read as two cancers or, in doubt, as one."""
    later = pl.int_range(pl.len()).over(KEY) > 0
    pairs = first.with_columns(pl.col("ids").shift(1).over(KEY).alias("left_ids"))
    return pairs.filter(later).select(
        *KEY,
        pl.when("is_new")
        .then(pl.lit(f"other_{name}"))
        .otherwise(pl.lit(f"{name}_together"))
        .alias("doubt"),
        "left_ids",
        pl.col("ids").alias("right_ids"),
    )
