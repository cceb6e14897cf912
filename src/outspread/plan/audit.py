"""Treatments being given, held against the options that the plan lists."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from outspread.plan.facts.row import KEY
from outspread.plan.facts.said import given_treatments
from outspread.plan.pack.model import Pack

OUTCOME: Final = ("in_line", "advised_against", "not_listed", "cannot_tell")


def audit_treatments(
    tables: Mapping[str, pl.DataFrame],
    planned: Mapping[str, pl.DataFrame],
    pack: Pack,
    *,
    as_of: date,
) -> pl.DataFrame:
    """Hold each treatment that goes on against the plan of the same day.

    What ended is left aside: it must be held against the facts of its own time. A drug is in line
    if an option that names it applies, advised against if one does so, and cannot be told if one
    needs a fact, if the pack does not name the drug for this cancer, if the origin is not settled,
    or if the person has two cancers; else it is not listed.

    Parameters
    ----------
    tables
        Tables of records and story; uses treatment and disease.
    planned
        Tables of the plan; uses option and factor.

    Returns
    -------
    patient_id, disease_id (empty: one of several), evidence_id, agent, outcome, option_ids.
    """
    going = given_treatments(tables["treatment"], as_of=as_of).filter(
        (pl.col("treatment_status") == "ongoing") & pl.col("agent").is_not_null()
    )
    origins = planned["factor"].filter(pl.col("factor") == "primary")
    owners = (
        tables["disease"]
        .select(*KEY, is_only=pl.len().over("patient_id") == 1)
        .join(origins.select(*KEY, primary="value"), on=list(KEY), how="left")
    )
    single = owners.filter("is_only").drop("is_only")
    rows = going.select("patient_id", "evidence_id", "agent").join(
        owners.select("patient_id").unique(), on="patient_id", how="semi"
    )
    named = rows.join(single, on="patient_id", how="left").join(
        _named_drugs(going["agent"].unique().to_list(), pack), on="agent", how="left"
    )
    is_for = (pl.col("for_primary") == "any") | (pl.col("for_primary") == pl.col("primary"))
    verdicts = planned["option"].select(*KEY, "option_id", pl.col("verdict").cast(pl.String))
    judged = named.with_columns(pl.when(is_for).then("option_id").alias("option_id")).join(
        verdicts, on=[*KEY, "option_id"], how="left"
    )
    held = judged.group_by("patient_id", "disease_id", "evidence_id", "agent", "primary").agg(
        verdicts=pl.col("verdict").unique(),
        is_named=pl.col("option_id").is_not_null().any(),
        option_ids=pl.col("option_id").filter(pl.col("verdict").is_not_null()).unique().sort(),
    )
    return (
        held.with_columns(_outcome().alias("outcome"))
        .select("patient_id", "disease_id", "evidence_id", "agent", "outcome", "option_ids")
        .sort("patient_id", "evidence_id")
    )


def _outcome() -> pl.Expr:
    def has(verdict: str) -> pl.Expr:
        return pl.col("verdicts").list.contains(verdict)

    unsettled = pl.col("disease_id").is_null() | pl.col("primary").is_null()
    return (
        pl.when(unsettled | ~pl.col("is_named")).then(pl.lit("cannot_tell"))
        .when(has("applies")).then(pl.lit("in_line"))
        .when(has("advised_against")).then(pl.lit("advised_against"))
        .when(has("needs")).then(pl.lit("cannot_tell"))
        .otherwise(pl.lit("not_listed"))
    )  # fmt: skip


def _named_drugs(agents: list[str], pack: Pack) -> pl.DataFrame:
    """Which options name which drugs, in their examples or in words."""
    rows = [
        (agent, option.name, option.primary)
        for option in pack.options
        if option.stance == "consider"
        for agent in agents
        if agent in " ".join((*option.examples, option.what)).lower()
    ]
    schema = {"agent": pl.String, "option_id": pl.String, "for_primary": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
