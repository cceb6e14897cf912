"""The data files of the diagnosis that tell cancers apart, each read once."""

from functools import cache
from importlib import resources

import polars as pl

from outspread.anatomy.load import primaries, sites
from outspread.anatomy.spans import spell_out, split_ranges

_LIST = ("excludes",)


@cache
def read_table(name: str) -> pl.DataFrame:
    """Read one data file of the diagnosis as text; `excludes` becomes a list."""
    text = resources.files("outspread.diagnose").joinpath(f"data/{name}.csv")
    frame = pl.read_csv(text.read_bytes(), infer_schema=False)
    return frame.with_columns(
        pl.col(column).str.split(" ") for column in _LIST if column in frame.columns
    )


@cache
def group_of_histology() -> pl.DataFrame:
    """Histology group of each ICD-O-3 histology (morphology, histology_group)."""
    ranges = read_table("histology_groups").with_columns(
        pl.col("from_histology", "to_histology").cast(pl.Int64)
    )
    codes = pl.int_ranges("from_histology", pl.col("to_histology") + 1)
    return (
        ranges.select(codes.alias("morphology"), pl.col("group").alias("histology_group"))
        .explode("morphology")
        .with_columns(pl.col("morphology").cast(pl.String))
    )


@cache
def kin() -> pl.DataFrame:
    """Branch and lineage of each histology group; what is not specified has none."""
    return read_table("histology_kin").select(
        pl.col("group").alias("histology_group"), "part_of", "branch", "lineage", "name"
    )


@cache
def coarser() -> pl.DataFrame:
    """Histology groups with all groups that are coarser words for them: group, above.

    Every group is among its own.
    """
    groups = kin().select(group="histology_group", above="histology_group")
    levels = [groups]
    parents = kin().select(above="histology_group", part_of="part_of").drop_nulls()
    while levels[-1].height:
        step = levels[-1].join(parents, on="above")
        levels.append(step.select("group", above="part_of"))
    return pl.concat(levels)


@cache
def relations() -> pl.DataFrame:
    """How two histology groups stand to each other.

    Returns
    -------
    left, right, `excludes` (neither is the other or a coarser word for it), `is_far` (of another
    lineage: no cancer is known to change from one into the other).
    """
    covers = coarser().select(left="group", right="above")
    both = pl.concat([covers, covers.select(left="right", right="left")]).unique()
    groups = kin().select("histology_group", "lineage")
    left = groups.select(left="histology_group", left_lineage="lineage")
    right = groups.select(right="histology_group", right_lineage="lineage")
    return (
        left.join(right, how="cross")
        .join(both.with_columns(is_kin=pl.lit(value=True)), on=["left", "right"], how="left")
        .select(
            "left",
            "right",
            pl.col("is_kin").is_null().alias("excludes"),
            (pl.col("is_kin").is_null() & (pl.col("left_lineage") != pl.col("right_lineage")))
            .fill_null(value=False)
            .alias("is_far"),
        )
    )


def with_histology_group(statements: pl.DataFrame) -> pl.DataFrame:
    """Add `histology_group`: of the morphology, else of a code that tells it; null where unsaid.

    Parameters
    ----------
    statements
        Uses morphology, code_system and code.
    """
    return statements.join(group_of_histology(), on="morphology", how="left").with_columns(
        pl.coalesce("histology_group", _group_of_code()).alias("histology_group")
    )


@cache
def _group_of_code() -> pl.Expr:
    return pl.coalesce(
        pl.when(
            (pl.col("code_system") == row["code_system"])
            & pl.col("code").str.starts_with(row["prefix"])
        ).then(pl.lit(row["group"]))
        for row in read_table("histology_of_code").iter_rows(named=True)
    )


@cache
def usual_histology() -> pl.DataFrame:
    """Histology that a cancer has where none is stated: primary, usual_group, usual_excludes."""
    usual = read_table("histology_of_primary").select(
        "category", usual_group="group", usual_excludes="excludes"
    )
    return (
        primaries()
        .select(pl.col("id").alias("primary"), "category")
        .join(usual, on="category")
        .drop("category")
    )


@cache
def same_cancer_rules() -> pl.DataFrame:
    """When two statements of one primary are two cancers, for every primary.

    Returns
    -------
    primary, `disease_free_days` (null: never a new one by time), `sides_are_apart`,
    `other_histology` (whether another histology is another cancer).
    """
    rules = read_table("same_cancer").select(
        "scope", "name", "disease_free_days", "sides", "other_histology"
    )
    paired = sites().select(pl.col("id").alias("organ_site"), "paired")
    known = primaries().select(pl.col("id").alias("primary"), "category", "organ_site")
    scoped = pl.concat(
        [
            known.select("primary", name="primary", scope=pl.lit("primary"), rank=pl.lit(0)),
            known.select("primary", name="category", scope=pl.lit("category"), rank=pl.lit(1)),
            known.select("primary", name=pl.lit("*"), scope=pl.lit("any"), rank=pl.lit(2)),
        ]
    )
    best = scoped.join(rules, on=["scope", "name"]).sort("rank").unique("primary", keep="first")
    facts = best.join(known, on="primary").join(paired, on="organ_site", how="left")
    # An organ of which we do not know that it is single keeps its sides apart.
    is_paired = (pl.col("paired") != "no").fill_null(value=True)
    return facts.select(
        "primary",
        pl.col("disease_free_days").cast(pl.Int64),
        ((pl.col("sides") == "apart") | ((pl.col("sides") == "if_paired") & is_paired)).alias(
            "sides_are_apart"
        ),
        (pl.col("other_histology") == "yes").alias("other_histology"),
    )


@cache
def subsites_apart() -> pl.DataFrame:
    """Parts of an organ of which each is a cancer of its own: primary, topography, subsite_days.

    `subsite_days` is the time after which another part is another cancer; before, it may be the
    first one that came back or was coded otherwise.
    """
    listed = read_table("same_cancer").filter(pl.col("subsites").is_not_null())
    spelled = spell_out(
        split_ranges(listed.select("subsites", "subsite_days", primary="name"), "subsites")
    )
    digits = pl.col("topography").cast(pl.String).str.pad_start(3, "0")
    return spelled.select(
        "primary",
        pl.format("C{}.{}", digits.str.head(2), digits.str.tail(1)).alias("topography"),
        pl.col("subsite_days").cast(pl.Int64),
    )


@cache
def site_frequencies() -> pl.DataFrame:
    """How often a metastatic cancer is found at a place.

    Columns: primary, report_site, percent, measure, source. The measures cannot be compared:
    `patients` is the share of metastatic patients with a deposit there, `biopsies` the share of
    biopsied metastases that were taken there, of one cohort.
    """
    return read_table("site_frequency").select(
        "primary",
        pl.col("site").alias("report_site"),
        pl.col("percent").cast(pl.Float64),
        "measure",
        "source",
    )
