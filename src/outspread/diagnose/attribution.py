"""Whose spread is it? Each statement of spread is given to one disease, with the reason."""

from functools import cache
from importlib import resources
from typing import Final

import polars as pl

from outspread.diagnose.evidence import unpacked_date
from outspread.tables import ATTRIBUTION, ORIGIN_STATUS

SAME_STAGING_DAYS: Final = 183
"""A stage this near to a diagnosis is of that diagnosis; stages further apart are two stagings."""


@cache
def seldom_secondary() -> pl.DataFrame:
    """Organs that seldom hold metastases (site, note, source)."""
    text = resources.files("outspread.diagnose").joinpath("data/seldom_secondary.csv")
    return pl.read_csv(text.read_bytes())


def select_spread(findings: pl.DataFrame) -> pl.DataFrame:
    """Affirmed statements of spread: role secondary, with or without a site."""
    return findings.filter(
        (pl.col("kind") == "tumor")
        & (pl.col("role") == "secondary")
        & (pl.col("polarity") == "affirmed")
    )


def attribute_spread(
    spread: pl.DataFrame, diseases: pl.DataFrame, evidence: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give each statement of spread to a disease.

    A stated origin decides; else a link in the source; else the organ itself where it seldom holds
    metastases; else the only solid cancer that is at least probable. With several, the spread goes
    to a disease of undetermined origin that names the candidates; with none, to one whose origin
    is not stated. Blood cancers take no metastases, and cancers in situ only stated or linked ones.

    Returns
    -------
    The statements with `d` and `attribution`, and the diseases with those added.
    """
    solid = diseases.filter(pl.col("spread_logic") != "systemic")
    in_situ = (pl.col("behavior") == "in_situ").fill_null(value=False)
    sure = solid.filter(pl.col("is_sure") & ~in_situ)
    settled = pl.concat(
        [
            _by_origin(spread, solid),
            _by_link(spread, solid, evidence),
            _by_own_organ(spread, solid),
            _by_only_primary(spread, sure),
        ]
    ).unique(["p", "evidence_id"], keep="first", maintain_order=True)
    given = spread.join(settled, on=["p", "evidence_id"], how="left")
    open_spread = given.filter(pl.col("d").is_null())
    added = _unowned_diseases(open_spread, solid, diseases.height)
    owned = open_spread.drop("d", "attribution").join(
        added.select("p", "d", _attribution(pl.col("added_attribution"))), on="p"
    )
    columns = given.columns
    return (
        pl.concat([given.filter(pl.col("d").is_not_null()), owned.select(columns)]),
        pl.concat([diseases, added.drop("added_attribution")], how="diagonal_relaxed"),
    )


def _attribution(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Enum(ATTRIBUTION)).alias("attribution")


def _settled(pairs: pl.DataFrame, why: str) -> pl.DataFrame:
    """One disease per statement; a tie between two sides of one cancer stays open."""
    return (
        pairs.group_by("p", "evidence_id")
        .agg(pl.col("d").unique().alias("ds"))
        .filter(pl.col("ds").list.len() == 1)
        .select("p", "evidence_id", pl.col("ds").list.first().alias("d"), _attribution(pl.lit(why)))
        .sort("p", "evidence_id")
    )


def _by_origin(spread: pl.DataFrame, solid: pl.DataFrame) -> pl.DataFrame:
    named = spread.filter(pl.col("origin").is_not_null()).select("p", "evidence_id", "origin")
    pairs = named.join(
        solid.select("p", "d", "primary"),
        left_on=["p", "origin"],
        right_on=["p", "primary"],
    )
    return _settled(pairs, "stated")


def _by_link(spread: pl.DataFrame, solid: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    linked = spread.filter(pl.col("about_ref").is_not_null()).select(
        "p", "evidence_id", "about_ref"
    )
    targets = evidence.filter(pl.col("is_direct")).select("p", "source_ref", "d").unique()
    pairs = linked.join(targets, left_on=["p", "about_ref"], right_on=["p", "source_ref"]).join(
        solid.select("d"), on="d", how="semi"
    )
    return _settled(pairs, "linked")


def _by_own_organ(spread: pl.DataFrame, solid: pl.DataFrame) -> pl.DataFrame:
    seldom = spread.filter(pl.col("site").is_in(seldom_secondary()["site"].implode()))
    homes = solid.filter(pl.col("is_sure")).select("p", "d", pl.col("organ_site").alias("site"))
    pairs = seldom.select("p", "evidence_id", "site").join(homes, on=["p", "site"])
    return _settled(pairs, "own_organ")


def _by_only_primary(spread: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    only = sure.group_by("p").agg(pl.len(), pl.col("d").first()).filter(pl.col("len") == 1)
    pairs = spread.select("p", "evidence_id").join(only.select("p", "d"), on="p")
    return pairs.with_columns(_attribution(pl.lit("only_primary")))


def _unowned_diseases(open_spread: pl.DataFrame, solid: pl.DataFrame, first: int) -> pl.DataFrame:
    """One disease per patient for spread without an owner, with the origins it could have."""
    candidates = solid.group_by("p").agg(
        pl.col("primary").unique().sort().alias("candidate_primaries"),
        (pl.col("is_sure") & (pl.col("behavior") != "in_situ").fill_null(value=True))
        .any()
        .alias("has_sure"),
    )
    several = pl.col("has_sure").fill_null(value=False)
    return (
        open_spread.group_by("p")
        .agg(
            pl.col("certainty").max(),
            pl.col("evidence_id").sort().alias("evidence_ids"),
        )
        .join(candidates, on="p", how="left")
        .sort("p")
        .with_row_index("d", offset=first)
        .select(
            "p",
            pl.col("d").cast(pl.Int64),
            "certainty",
            "evidence_ids",
            "candidate_primaries",
            pl.when(several)
            .then(pl.lit("undetermined"))
            .otherwise(pl.lit("not_stated"))
            .cast(pl.Enum(ORIGIN_STATUS))
            .alias("origin_status"),
            pl.when(several)
            .then(pl.lit("identity.undetermined"))
            .otherwise(pl.lit("identity.not_stated"))
            .alias("identity_rule"),
            pl.when(several)
            .then(pl.lit("undetermined"))
            .otherwise(pl.lit("none"))
            .alias("added_attribution"),
            pl.lit(value=False).alias("is_unsettled"),
            pl.lit(value=True).alias("is_sure"),
        )
    )


def find_subject(
    findings: pl.DataFrame,
    diseases: pl.DataFrame,
    evidence: pl.DataFrame,
    *,
    by_date: bool = False,
) -> pl.DataFrame:
    """Add `d`, the disease that a statement about stage, course or size is about.

    The link in the source decides; a link that leads nowhere, or none, falls back to the only
    cancer of the patient, of known and at least probable origin before all others. With several,
    `by_date` takes the only one of them that was diagnosed within `SAME_STAGING_DAYS` of the
    statement; else `d` stays empty.
    """
    targets = evidence.select("p", pl.col("source_ref").alias("about_ref"), "d").unique()
    linked = findings.join(_single(targets, ["p", "about_ref"]), on=["p", "about_ref"], how="left")
    standing = pl.col("primary").is_not_null().cast(pl.Int8) * (1 + pl.col("is_sure").cast(pl.Int8))
    best = diseases.filter(standing == standing.max().over("p"))
    found = linked.join(_single(best, ["p"]), on="p", how="left", suffix="_only")
    owners = [pl.col("d"), pl.col("d_only")]
    if by_date:
        near = _single(_diagnosed_near(findings, best), ["p", "evidence_id"])
        found = found.join(near, on=["p", "evidence_id"], how="left", suffix="_near")
        owners.append(pl.col("d_near"))
    return found.with_columns(pl.coalesce(owners).alias("d")).drop("d_only", "d_near", strict=False)


def _single(pairs: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The disease of each key that has exactly one."""
    grouped = pairs.group_by(key).agg(pl.col("d").unique().alias("ds"))
    return grouped.filter(pl.col("ds").list.len() == 1).select(
        *key, pl.col("ds").list.first().alias("d")
    )


def _diagnosed_near(findings: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    days = (pl.col("date") - unpacked_date("first_packed")).dt.total_days().abs()
    dated = findings.select("p", "evidence_id", "date")
    return dated.join(diseases.select("p", "d", "first_packed"), on="p").filter(
        days <= SAME_STAGING_DAYS
    )
