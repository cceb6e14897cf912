"""What is a statement about? Stage, course and size find the disease that they belong to."""

from typing import Final, NamedTuple

import polars as pl

from outspread.diagnose.evidence import unpacked_date
from outspread.empty import empty_from_empty

SAME_STAGING_DAYS: Final = 183
"""A stage this near to a diagnosis is of that diagnosis; stages further apart are two stagings."""


def mark_other_tumors(findings: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Add `is_of_other`: the source links the statement to a tumor that is no cancer of the person.

    Spread or a stage of a benign or borderline tumor is never that of the only cancer on record.

    Parameters
    ----------
    findings
        Usable findings; uses p, kind, role, polarity, source_ref, about_ref.
    evidence
        What states the cancers (p, source_ref).
    """
    if findings["about_ref"].null_count() == findings.height:
        return findings.with_columns(is_of_other=pl.lit(value=False))
    key = ["p", "source_ref"]
    others = (
        findings.filter(
            (pl.col("kind") == "tumor")
            & (pl.col("role") == "primary")
            & (pl.col("polarity") == "affirmed")
            & (pl.col("about_ref").is_null() | (pl.col("about_ref") == pl.col("source_ref")))
        )
        .select(key)
        .unique()
        .join(evidence.select(key).unique(), on=key, how="anti")
        .select("p", pl.col("source_ref").alias("about_ref"), is_of_other=pl.lit(value=True))
    )
    return findings.join(
        others, on=["p", "about_ref"], how="left", maintain_order="left"
    ).with_columns(pl.col("is_of_other").fill_null(value=False))


class Owners(NamedTuple):
    """The diseases that a statement can be about, see `find_subject`."""

    linked: pl.DataFrame  # p, about_ref, d
    best: pl.DataFrame  # diseases that go before all others of the person
    only: pl.DataFrame  # p, d, where there is but one best
    solid: pl.DataFrame  # p, d, where there is but one best that is no blood cancer
    unstated: pl.DataFrame  # p, d, where there is but one without an origin


def list_owners(diseases: pl.DataFrame, evidence: pl.DataFrame) -> Owners:
    """Bring diseases and what states them into the form in which statements look them up."""
    targets = evidence.select("p", pl.col("source_ref").alias("about_ref"), "d")
    standing = pl.col("primary").is_not_null().cast(pl.Int8) * (1 + pl.col("is_sure").cast(pl.Int8))
    is_blood = (pl.col("spread_logic") == "systemic").fill_null(value=False)
    solid_best = standing.filter(~is_blood).max().over("p").fill_null(-1)
    best = diseases.filter((standing == solid_best) | (is_blood & (standing > solid_best)))
    return Owners(
        single_disease(targets, ["p", "about_ref"]),
        best,
        single_disease(best, ["p"]),
        single_disease(best.filter(pl.col("spread_logic").ne_missing("systemic")), ["p"]),
        single_disease(diseases.filter(pl.col("primary").is_null()), ["p"]),
    )


@empty_from_empty
def find_subject(findings: pl.DataFrame, owners: Owners, *, by_date: bool = False) -> pl.DataFrame:
    """Add `d`, the disease that a statement about stage, course or size is about.

    The link in the source decides; a link that leads nowhere, or none, falls back to the only
    cancer of the patient, of known and at least probable origin before all others; a blood cancer
    never goes before another one, and T, N and M are of the only one that is none. With several,
    `by_date` takes the only one of them that was diagnosed within `SAME_STAGING_DAYS` of the
    statement; else `d` stays empty. A statement of another tumor (`mark_other_tumors`) falls back
    to spread without an origin only.
    """
    found = findings.join(owners.linked, on=["p", "about_ref"], how="left").join(
        owners.only, on="p", how="left", suffix="_only"
    )
    stated = [pl.col("d"), pl.col("d_only")]
    if {"t", "n", "m"} <= set(findings.columns):
        has_tnm = pl.any_horizontal(pl.col(field).is_not_null() for field in "tnm")
        found = found.join(owners.solid, on="p", how="left", suffix="_solid")
        stated.insert(1, pl.when(has_tnm).then("d_solid"))
    if by_date:
        near = single_disease(_diagnosed_near(findings, owners.best), ["p", "evidence_id"])
        found = found.join(near, on=["p", "evidence_id"], how="left", suffix="_near")
        stated.append(pl.col("d_near"))
    owner = pl.coalesce(stated)
    if findings["is_of_other"].any():
        found = found.join(owners.unstated, on="p", how="left", suffix="_unstated")
        unstated = pl.coalesce("d", "d_unstated")
        owner = pl.when("is_of_other").then(unstated).otherwise(owner)
    return found.with_columns(owner.alias("d")).drop("^d_(only|solid|near|unstated)$")


@empty_from_empty
def single_disease(pairs: pl.DataFrame, key: list[str]) -> pl.DataFrame:
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
