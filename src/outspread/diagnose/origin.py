"""Which origin does the record come to? Broad origins made precise, unknown ones found later."""

from typing import Final, NamedTuple

import polars as pl

from outspread.anatomy.load import primaries
from outspread.diagnose.evidence import (
    counts,
    latest_day,
    merged_ids,
    unpacked_date,
    unpacked_precision,
)
from outspread.diagnose.knowledge import (
    group_of_histology,
    read_table,
    relations,
    usual_histology,
    with_histology_group,
)

FOUND_WITHIN_DAYS: Final = 1826
"""A cancer found later than this is taken for a new one; the longest time of the Solid Tumor Rules
after which a cancer counts as new [str_breast]."""


class Found(NamedTuple):
    """Diseases and evidence after the origins are settled; `renumbered` maps d to `new_d`."""

    diseases: pl.DataFrame
    evidence: pl.DataFrame
    renumbered: pl.DataFrame


def settle_broad_origins(findings: pl.DataFrame) -> pl.DataFrame:
    """Let a stated origin that only names a kind of tumor mean the one such cancer on record.

    "Secondary carcinoid tumor of the liver" (ICD-10-CM C7B.02) names no organ; beside exactly one
    neuroendocrine primary that one is meant. Beside none or several the origin stays as stated.

    Returns
    -------
    The findings with `stated_origin` (as it was) and `origin` (as it is meant).
    """
    kept = findings.with_columns(pl.col("origin").alias("stated_origin"))
    broad = read_table("broad_origins").select(stated_origin="origin", broad_group="group")
    asked = (
        kept.join(broad, on="stated_origin").select("p", "stated_origin", "broad_group").unique()
    )
    if asked.is_empty():
        return kept
    meant = _only_of_group(findings, asked)
    return (
        kept.join(meant, on=["p", "stated_origin"], how="left")
        .with_columns(pl.coalesce("meant", "origin").alias("origin"))
        .drop("meant")
        .sort("p", "evidence_id")
    )


def _only_of_group(findings: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """The only primary of the kind asked for that is on record: p, stated_origin, meant."""
    direct = findings.filter(
        (pl.col("kind") == "tumor")
        & (pl.col("polarity") == "affirmed")
        & (pl.col("role") == "primary")
        & counts()
    ).join(asked.select("p").unique(), on="p", how="semi")
    groups = (
        with_histology_group(direct)
        .join(usual_histology(), on="primary")
        .with_columns(pl.coalesce("histology_group", "usual_group"))
        .select("p", "primary", "histology_group")
        .unique()
    )
    kin = read_table("histology_kin").select(histology_group="group", part_of="part_of")
    fits = (pl.col("histology_group") == pl.col("broad_group")) | (
        pl.col("part_of") == pl.col("broad_group")
    )
    on_record = groups.join(kin, on="histology_group").join(asked, on="p").filter(fits)
    found = on_record.group_by("p", "stated_origin").agg(
        pl.col("primary").unique().sort().alias("all"),
        pl.col("primary")
        .filter(pl.col("primary") != pl.col("stated_origin"))
        .unique()
        .sort()
        .alias("others"),
    )
    is_itself = pl.col("all").list.contains(pl.col("stated_origin"))
    # "Other or unspecified site" beside a named organ is a coarser word for it.
    is_vague = pl.col("stated_origin").is_in(_vague_primaries().implode())
    return found.filter((pl.col("others").list.len() == 1) & (~is_itself | is_vague)).select(
        "p", "stated_origin", pl.col("others").list.first().alias("meant")
    )


def _vague_primaries() -> pl.Series:
    return primaries().filter(pl.col("organ_site").is_null())["id"]


def find_origins(diseases: pl.DataFrame, evidence: pl.DataFrame) -> Found:
    """Let an origin that is found later take the place of an unknown one.

    Where the record first says that the origin is unknown, and later names exactly one solid
    invasive cancer and never another, that cancer is the origin (specific over general, later over
    earlier). A link of the statement to that cancer says the same at any time. A cancer known
    before, or without a date, stays apart.
    """
    found = _found_later(diseases, evidence)
    if found.is_empty():
        return Found(diseases, evidence, diseases.select("d", new_d="d"))
    taken = found.rename({"unknown_d": "d", "known_d": "owner"})
    moved = (
        evidence.join(taken, on="d", how="left")
        .with_columns(pl.coalesce("owner", "d").alias("d"))
        .drop("owner")
    )
    ids = (
        diseases.select("d", "evidence_ids")
        .join(taken, on="d")
        .group_by(pl.col("owner").alias("d"))
        .agg(merged_ids().alias("unknown_ids"))
    )
    kept = (
        diseases.join(taken, on="d", how="anti")
        .join(ids, on="d", how="left")
        .with_columns(
            pl.when(pl.col("unknown_ids").is_not_null())
            .then(pl.lit("identity.origin_found"))
            .otherwise("identity_rule")
            .alias("identity_rule"),
            pl.when(pl.col("unknown_ids").is_not_null())
            .then(pl.concat_list("evidence_ids", pl.col("unknown_ids").fill_null([])))
            .otherwise("evidence_ids")
            .alias("evidence_ids"),
        )
        .drop("unknown_ids")
        .sort("d")
        .with_row_index("new_d")
        .with_columns(pl.col("new_d").cast(pl.Int64))
    )
    numbers = kept.select("d", "new_d")
    return Found(
        kept.with_columns(d="new_d").drop("new_d"),
        moved.join(numbers, on="d").with_columns(d="new_d").drop("new_d"),
        numbers,
    )


def _found_later(diseases: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Pairs of an unknown primary and the cancer that it turned out to be: unknown_d, known_d."""
    is_unknown = pl.col("spread_logic") == "unknown_primary"
    unknown = diseases.filter(is_unknown & pl.col("is_sure")).select(
        "p", pl.col("d").alias("unknown_d"), "first_packed", "morphology"
    )
    if unknown.is_empty():
        return pl.DataFrame(schema={"unknown_d": pl.Int64, "known_d": pl.Int64})
    in_situ = (pl.col("behavior") == "in_situ").fill_null(value=False)
    solid = diseases.filter(~is_unknown & (pl.col("spread_logic") != "systemic"))
    only = (
        solid.filter(pl.col("is_sure") & ~in_situ)
        .filter(pl.len().over("p") == 1)
        .filter(pl.col("spread_logic") == "solid")
        .select("p", pl.col("d").alias("known_d"), "primary", pl.col("morphology").alias("known"))
    )
    first = (
        evidence.filter(pl.col("date").is_not_null() & counts())
        .group_by(pl.col("d").alias("known_d"))
        .agg(pl.col("date").min().alias("found"))
    )
    undated = (
        evidence.filter(pl.col("date").is_null() & counts())
        .select(pl.col("d").alias("known_d"))
        .unique()
    )
    pairs = unknown.join(only, on="p").join(first, on="known_d", how="left")
    day, step = unpacked_date("first_packed"), unpacked_precision("first_packed")
    dated = pairs.with_columns(day.alias("day"), step.alias("step")).with_columns(
        latest_day("day", "step").alias("unknown_until")
    )
    days = (pl.col("found") - pl.col("unknown_until")).dt.total_days()
    later = dated.filter(days.is_between(1, FOUND_WITHIN_DAYS)).join(
        undated, on="known_d", how="anti"
    )
    linked = _linked(pairs, evidence)
    both = pl.concat([frame.select("unknown_d", "known_d") for frame in (later, linked)]).unique()
    return both.join(_of_other_kind(pairs), on=["unknown_d", "known_d"], how="anti")


def _linked(pairs: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Pairs of which the source itself links the unknown one to the known one."""
    direct = evidence.filter("is_direct")
    points = direct.select(pl.col("d").alias("unknown_d"), "p", "about_ref").drop_nulls().unique()
    targets = direct.select(
        pl.col("d").alias("known_d"), "p", pl.col("source_ref").alias("about_ref")
    ).unique()
    links = points.join(targets, on=["p", "about_ref"]).select("unknown_d", "known_d").unique()
    return pairs.join(links, on=["unknown_d", "known_d"], how="semi")


def _of_other_kind(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose stated histologies exclude each other."""
    groups = group_of_histology()
    return (
        pairs.select("unknown_d", "known_d", "morphology", "known")
        .join(groups.rename({"histology_group": "left"}), on="morphology")
        .join(groups.rename({"morphology": "known", "histology_group": "right"}), on="known")
        .join(relations(), on=["left", "right"])
        .filter("excludes")
        .select("unknown_d", "known_d")
    )
