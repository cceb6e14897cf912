"""Which cancer is which? The cancers of a person in one run, paired with those in the other."""

from typing import Final

import polars as pl

_IS_KNOWN: Final = pl.col("origin_status") == "known"
_ANY: Final = pl.lit(value=True)

_WAYS: Final[tuple[tuple[list[str], pl.Expr, pl.Expr], ...]] = (
    (["primary", "laterality", "origin_status"], _ANY, _ANY),
    (["primary"], _ANY, _ANY),  # a side that became known
    ([], ~_IS_KNOWN, _ANY),  # an origin that was found
    ([], _ANY, ~_IS_KNOWN),  # or was given up
)  # what must be the same, and which of the old and new cancers may be paired in this way


def pair_diseases(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Pair the cancers of two runs, each with at most one of the other run.

    The same origin, side and knowledge of the origin come first, then the same origin; what is
    left is paired by order where one of the two has no known origin. Of several that are alike,
    the order decides. Two cancers of different known origin are never one.

    Parameters
    ----------
    old, new
        Uses patient_id, disease_id, primary, laterality, origin_status, name.

    Returns
    -------
    patient_id, pair (a number), old_id and new_id (empty where there is no other) and disease,
    the name in the new run, or else in the old.
    """
    left, right = _numbered(old, "old_id"), _numbered(new, "new_id")
    found = []
    for same, of_old, of_new in _WAYS:
        pairs = _paired(left.filter(of_old), right.filter(of_new), same)
        left = left.join(pairs, on=["patient_id", "old_id"], how="anti")
        right = right.join(pairs, on=["patient_id", "new_id"], how="anti")
        found.append(pairs)
    columns = ("patient_id", "old_id", "new_id")
    rest = [rows.select(set(rows.columns) & set(columns)) for rows in (left, right)]
    return (
        pl.concat([*found, *rest], how="diagonal")
        .join(_names(old, "old_id", "old_name"), on=["patient_id", "old_id"], how="left")
        .join(_names(new, "new_id", "new_name"), on=["patient_id", "new_id"], how="left")
        .sort("patient_id", "new_id", "old_id", nulls_last=True)
        .with_row_index("pair")
        .select("pair", *columns, pl.coalesce("new_name", "old_name").alias("disease"))
    )


def _numbered(diseases: pl.DataFrame, name: str) -> pl.DataFrame:
    return diseases.sort("patient_id", "disease_id").select(
        "patient_id",
        pl.col("disease_id").alias(name),
        *(pl.col(key).cast(pl.String) for key in _WAYS[0][0]),
    )


def _paired(left: pl.DataFrame, right: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    on = ["patient_id", *same]
    rank = pl.int_range(pl.len()).over(on).alias("rank")
    return (
        left.with_columns(rank)
        .join(right.with_columns(rank), on=[*on, "rank"], nulls_equal=True)
        .select("patient_id", "old_id", "new_id")
    )


def _names(diseases: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    return diseases.select(
        "patient_id", pl.col("disease_id").alias(key), pl.col("name").alias(name)
    )
