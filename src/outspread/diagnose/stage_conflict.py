"""Conflicts about the stage: groups, categories, sizes and places that do not fit together."""

from functools import cache

import polars as pl

from outspread.diagnose.clash import clashes, join_same_staging, no_clashes, one_id, site_names
from outspread.diagnose.evidence import counts, merged_ids, unpacked_date
from outspread.diagnose.knowledge import read_table
from outspread.diagnose.stage import is_stage


@cache
def t_sizes() -> pl.DataFrame:
    """Size range of T categories that go by size (primary, t, min_mm, max_mm, edition, source)."""
    return read_table("t_size").with_columns(pl.col("min_mm", "max_mm").cast(pl.Float32))


def clashing_groups(stages: pl.DataFrame) -> pl.DataFrame:
    """Two stage groups of one staging that exclude each other (IIIC and IIB, not III and IIIC)."""
    stated = stages.filter(
        pl.col("stage_group").is_not_null() & pl.col("d").is_not_null() & is_stage()
    ).with_columns(pl.col("stage_group").str.extract(r"^(0|IV|I{1,3})", 1).alias("roman"))
    groups = stated.select("d", *_GROUP).unique()
    rivals = (
        groups.join(groups, on="d", suffix="_2")
        .filter(
            (pl.col("stage_group") < pl.col("stage_group_2"))
            & _same(pl.col("stage_system"), pl.col("stage_system_2"))
            & _same_basis()
            & ~_is_finer()
        )
        .with_row_index("rival")
    )
    if rivals.is_empty():
        return no_clashes()
    dated = stated.select("p", "d", *_GROUP, "date", one_id().alias("ids"))
    left = dated.rename({"ids": "left_ids"}).join(
        rivals.select("rival", "d", "stage_group_2", *_GROUP), on=["d", *_GROUP], nulls_equal=True
    )
    second = [f"{column}_2" for column in _GROUP]
    right = dated.rename({"ids": "right_ids"} | dict(zip(_GROUP, second, strict=True))).join(
        rivals.select("rival", "d", *second), on=["d", *second], nulls_equal=True
    )
    return clashes(
        _gathered(
            join_same_staging(left, right, by=["rival"]), ["p", "d", "stage_group", "stage_group_2"]
        ),
        "conflict.stage_group",
        left=pl.format("stage {}", "stage_group"),
        right=pl.format("stage {}", "stage_group_2"),
    )


_GROUP = ["stage_system", "stage_basis", "stage_group", "roman"]


def _is_finer() -> pl.Expr:
    """Tell whether one of two groups is the other, said more exactly."""
    one_is_bare = (pl.col("stage_group") == pl.col("roman")) | (
        pl.col("stage_group_2") == pl.col("roman_2")
    )
    return ((pl.col("roman") == pl.col("roman_2")) & one_is_bare).fill_null(value=False)


def _gathered(pairs: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """One row for each key, with all evidence of both sides."""
    return pairs.group_by(key).agg(
        merged_ids("left_ids").alias("left_ids"), merged_ids("right_ids").alias("right_ids")
    )


def _same(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return (left == right).fill_null(value=True)


def _same_basis() -> pl.Expr:
    left, right = pl.col("stage_basis"), pl.col("stage_basis_2")
    unsaid = (left == "unspecified") | (right == "unspecified")
    return (unsaid | (left == right)).fill_null(value=True)


def mixed_members(stages: pl.DataFrame) -> pl.DataFrame:
    """A clinical group that lists pathological categories as its members, or the reverse."""
    mixed = stages.filter(pl.col("qualifier").str.contains("members")).with_columns(
        one_id().alias("left_ids"), one_id().alias("right_ids")
    )
    return clashes(
        mixed,
        "conflict.stage_members",
        left=pl.format("a {} stage group", "stage_basis"),
        right=pl.format("it lists {}", "qualifier"),
    )


def size_against_t(
    stages: pl.DataFrame, sizes: pl.DataFrame, diseases: pl.DataFrame
) -> pl.DataFrame:
    """A measured size outside the range of the stated T category.

    Parameters
    ----------
    sizes
        Statements that measure a primary: d, evidence_id, size_mm.
    """
    measured = sizes.drop_nulls("size_mm")
    if measured.is_empty():
        return no_clashes()
    main = pl.col("t").str.extract(r"^(\d)", 1)
    stated = (
        stages.filter(pl.col("t").is_not_null())
        .with_columns(main.alias("main_t"))
        .drop("primary")
        .join(diseases.select("d", "primary"), on="d")
        .join(t_sizes(), left_on=["primary", "main_t"], right_on=["primary", "t"])
        .filter((pl.col("edition") == "*") | (pl.col("edition") == pl.col("stage_edition")))
        .group_by("p", "d", "t", "min_mm", "max_mm")
        .agg(pl.col("evidence_id").sort().alias("left_ids"))
    )
    found = measured.group_by("d", "size_mm").agg(pl.col("evidence_id").sort().alias("right_ids"))
    outside = (pl.col("size_mm") > pl.col("max_mm")).fill_null(value=False) | (
        pl.col("size_mm") <= pl.col("min_mm")
    )
    return clashes(
        stated.join(found, on="d").filter(outside),
        "conflict.t_size",
        left=pl.format("T{}", "t"),
        right=pl.format("measured {} mm", pl.col("size_mm").cast(pl.String).str.strip_suffix(".0")),
    )


def m0_with_spread(stages: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """M0 although spread to another part of the body is recorded not later."""
    stated = stages.filter(pl.col("m").str.starts_with("0"))
    if stated.is_empty():
        return no_clashes()
    far = lesions.filter(
        (pl.col("role") == "secondary")
        & (pl.col("tnm_field").fill_null("M") == "M")
        & counts()
        & pl.col("reach").is_in(["distant", "distant_node"])
    ).select(
        "d",
        "site",
        pl.col("evidence_ids").alias("left_ids"),
        unpacked_date("first_packed").alias("first_day"),
    )
    last = pl.col("date").is_null() | (pl.col("date") == pl.col("date").max())
    m0 = stated.group_by("p", "d").agg(
        pl.when(pl.col("date").is_null().any())
        .then(None)
        .otherwise(pl.col("date").max())
        .alias("last_day"),
        pl.col("evidence_id").filter(last).sort().alias("right_ids"),
    )
    not_later = (pl.col("first_day") <= pl.col("last_day")).fill_null(value=True)
    return clashes(
        far.join(m0, on="d").filter(not_later).join(site_names(), on="site", how="left"),
        "conflict.m_category",
        left=pl.format("spread to {}", pl.col("site_name").fill_null("another part of the body")),
        right=pl.lit("M0"),
    )


def group_against_tnm(stages: pl.DataFrame, meaning: pl.DataFrame) -> pl.DataFrame:
    """A stage group that always means M1 beside M0, or one that never does beside M1.

    Parameters
    ----------
    meaning
        What the stages mean: d, evidence_id, field, value, date, allowed_m.
    """
    groups = meaning.filter(
        (pl.col("field") == "stage_group") & pl.col("allowed_m").is_in(["0", "1"])
    ).select(
        "p",
        "d",
        pl.col("value").alias("stage_group"),
        (pl.col("allowed_m") == "0").alias("is_m1"),
        "date",
        one_id().alias("left_ids"),
    )
    m = stages.filter(pl.col("m").str.contains("^[01]") & pl.col("d").is_not_null()).select(
        "d",
        pl.col("m").str.starts_with("1").alias("is_m1"),
        "date",
        one_id().alias("right_ids"),
    )
    met = join_same_staging(groups, m, by=["d", "is_m1"])
    return clashes(
        _gathered(met, ["p", "d", "stage_group", "is_m1"]),
        "conflict.stage_extent",
        left=pl.format("stage {}", "stage_group"),
        right=pl.when("is_m1").then(pl.lit("M1")).otherwise(pl.lit("M0")),
    )
