"""Which stage stands beside the diagnosis: one staging as first stated, never a mixture of two."""

from typing import Final

import polars as pl

from outspread.diagnose.evidence import packed_date
from outspread.diagnose.stage import is_stage
from outspread.diagnose.stage_meaning import STAGE_FIELDS
from outspread.diagnose.subject import SAME_STAGING_DAYS
from outspread.empty import empty_from_empty

_FIELDS: Final = [field for field in STAGE_FIELDS if field != "summary_stage"]
_STAGING: Final = ["d", "stage_system", "stage_edition", "stage_basis", "packed", "date"]
_NAMED: Final = ["stage_system", "stage_edition"]
_RANKS: Final = {"pathological": 0, "clinical": 1, "unspecified": 2, "post_therapy": 3}
_ANY_BASIS: Final = "unspecified"
_NO_VALUE: Final = "not_applicable"


@empty_from_empty
def stage_at_diagnosis(stages: pl.DataFrame) -> pl.DataFrame:
    """The stage as first stated of each disease: one staging, and the first Summary Stage.

    The staging is that of the earliest date, the fullest of that date, pathological before
    clinical. Another one adds what it lacks if both can be the same: of one system, edition and
    basis as far as these are told, near in time, and without a value that differs. A pathological
    staging without M takes the M of the clinical one, as it usually has none of its own
    [ajcc7_part1]. Grades, depths and risks are left out, and what is stated not to apply. A stage
    is never recomputed at relapse.

    Parameters
    ----------
    stages
        Stage statements with `d`, as `select_stages` gives them.

    Returns
    -------
    d, the columns of a stage, `stage_system`, `stage_edition`, and `stage_evidence_ids`: the
    evidence of what is given, not of what other stagings say.
    """
    stated = stages.filter(pl.col("d").is_not_null() & is_stage()).with_columns(
        packed_date().alias("packed"), _basis_rank().alias("basis_rank")
    )
    whole = _one_staging(_stagings(stated)).join(
        _first_summary(stated), on="d", how="full", coalesce=True
    )
    ids = pl.concat_list(pl.col(c).fill_null([]) for c in ("tnm_ids", "summary_ids"))
    return whole.select(
        "d", *STAGE_FIELDS, *_NAMED, ids.list.unique().list.sort().alias("stage_evidence_ids")
    ).sort("d")


def _basis_rank() -> pl.Expr:
    return pl.col("stage_basis").cast(pl.String).replace_strict(_RANKS, default=len(_RANKS))


def _first_summary(stated: pl.DataFrame) -> pl.DataFrame:
    """The first Summary Stage of each disease; it is of a system of its own."""
    order = stated.drop_nulls("summary_stage").sort(
        "d", "packed", "basis_rank", "evidence_id", nulls_last=True
    )
    first = order.group_by("d", maintain_order=True).agg(pl.col("summary_stage").first())
    same = order.join(first, on=["d", "summary_stage"])
    return same.group_by("d").agg(
        pl.col("summary_stage").first(), summary_ids=pl.col("evidence_id").sort()
    )


def _stagings(stated: pl.DataFrame) -> pl.DataFrame:
    """One row per staging, numbered within its disease by `order`: 0 is the one that counts.

    Of values that differ within one staging the lowest is taken: the conflicts tell of it.
    """
    says = [pl.when(pl.col(c) != _NO_VALUE).then(c).alias(c) for c in _FIELDS]
    named = pl.any_horizontal(pl.col(c).is_not_null() for c in _FIELDS)
    rows = (
        stated.with_columns(says)
        .filter(named)
        .sort("evidence_id")
        .group_by(*_STAGING, "basis_rank")
        .agg(
            *(pl.col(field).min() for field in _FIELDS),
            ids=pl.col("evidence_id"),
            m_ids=pl.col("evidence_id").filter(pl.col("m").is_not_null()),
        )
    )
    has_all = pl.all_horizontal(pl.col(field).is_not_null() for field in "tnm")
    is_part = (pl.col("stage_group").is_not_null() | has_all).not_()
    ranked = rows.with_columns(is_part=is_part).sort(
        "d", "packed", "is_part", "basis_rank", *_FIELDS, *_NAMED, nulls_last=True
    )
    return ranked.with_columns(order=pl.int_range(pl.len()).over("d"))


def _one_staging(rows: pl.DataFrame) -> pl.DataFrame:
    """Fill what the staging that counts lacks from those that can be the same."""
    head = rows.filter(pl.col("order") == 0).select(
        "d", *(pl.col(c).alias(_first(c)) for c in (*_STAGING[1:], *_FIELDS))
    )
    is_same = (pl.col("order") == 0) | (_is_near() & _is_alike())
    lacks_m = pl.col("m").filter("is_same").drop_nulls().is_empty().over("d")
    used = (
        rows.join(head, on="d")
        .with_columns(is_same=is_same, is_beside=_is_near() & _is_clinical_beside_pathological())
        .with_columns(gives_m=lacks_m & pl.col("is_beside") & pl.col("m").is_not_null())
        .filter(pl.col("is_same") | pl.col("gives_m"))
        .sort("d", "order")
    )
    ids = pl.when("is_same").then("ids").otherwise("m_ids").list.explode()
    return used.group_by("d", maintain_order=True).agg(
        *(_filled(field) for field in _FIELDS if field != "m"),
        pl.col("m").drop_nulls().first(),
        *(_filled(name) for name in _NAMED),
        tnm_ids=ids,
    )


def _filled(column: str) -> pl.Expr:
    return pl.col(column).filter("is_same").drop_nulls().first()


def _first(column: str) -> str:
    """Name of a column of the staging that counts, beside those of another."""
    return f"{column}_first"


def _is_near() -> pl.Expr:
    """Of one system, and near in time where both are dated."""
    days = (pl.col("date") - pl.col(_first("date"))).dt.total_days().abs()
    is_one_system = pl.col("stage_system").eq_missing(pl.col(_first("stage_system")))
    return is_one_system & (days <= SAME_STAGING_DAYS).fill_null(value=True)


def _is_alike() -> pl.Expr:
    """Without a value, edition or basis that differs; what is not told differs from nothing."""
    told = (*_FIELDS, "stage_edition")
    bases = [pl.col(c).cast(pl.String) for c in ("stage_basis", _first("stage_basis"))]
    basis, first = (pl.when(each != _ANY_BASIS).then(each) for each in bases)
    same = [(pl.col(c) == pl.col(_first(c))).fill_null(value=True) for c in told]
    return pl.all_horizontal(*same, (basis == first).fill_null(value=True))


def _is_clinical_beside_pathological() -> pl.Expr:
    basis, first = (pl.col(c).cast(pl.String) for c in ("stage_basis", _first("stage_basis")))
    return ((basis == "clinical") & (first == "pathological")).fill_null(value=False)
