"""Whose spread is it? Each statement of spread is given to one disease, with the reason."""

from typing import NamedTuple

import polars as pl

from outspread.anatomy.load import sites
from outspread.diagnose.candidates import (
    compare_histology,
    rank_candidates,
)
from outspread.diagnose.evidence import counts
from outspread.diagnose.knowledge import read_table, with_histology_group
from outspread.diagnose.subject import find_subject, list_owners, single_disease
from outspread.empty import empty_from_empty
from outspread.tables import ATTRIBUTION, ORIGIN_STATUS


def seldom_secondary() -> pl.DataFrame:
    """Organs that seldom hold metastases (site, note, source)."""
    return read_table("seldom_secondary")


def select_spread(findings: pl.DataFrame) -> pl.DataFrame:
    """Affirmed statements of spread: role secondary, with or without a site."""
    return findings.filter(
        (pl.col("kind") == "tumor")
        & (pl.col("role") == "secondary")
        & (pl.col("polarity") == "affirmed")
    )


class Attributed(NamedTuple):
    """Spread with its owner."""

    spread: pl.DataFrame  # the statements with d and attribution
    diseases: pl.DataFrame  # those given, and those of spread that has no owner among them
    of_blood: pl.DataFrame  # statements said to be of a blood cancer (p, d, evidence_id)


def attribute_spread(
    statements: pl.DataFrame,
    diseases: pl.DataFrame,
    evidence: pl.DataFrame,
    *,
    findings: pl.DataFrame,
) -> Attributed:
    """Give each statement of spread to a disease.

    A stated origin decides; else a link in the source; else the organ itself where it seldom holds
    metastases, or the other one of a pair where a cancer of that side is on record; else the
    histology of the deposit where it fits one cancer and excludes all others; else the only solid
    cancer that is at least probable. With several, the spread goes to a disease of undetermined
    origin that ranks the candidates; with none, to one whose origin is not stated. Blood cancers
    take no metastases, and cancers in situ only stated or linked ones.
    """
    blood = diseases.filter(pl.col("spread_logic") == "systemic").select("p", "d", "primary")
    of_blood = _of_blood(blood, statements, evidence)
    spread = with_histology_group(
        statements.join(of_blood, on=["p", "evidence_id"], how="anti")
    ).rename({"histology_group": "deposit_group"})
    solid = _with_standing(diseases.filter(pl.col("spread_logic") != "systemic"))
    sure = solid.filter("is_candidate_sure")
    histology = compare_histology(
        spread.select("p", "deposit_group").drop_nulls().unique(),
        solid,
        evidence=evidence,
    )
    unnamed = spread.filter(pl.col("origin").is_null() & ~pl.col("is_of_other"))
    settled = pl.concat(
        [
            _by_origin(spread.drop_nulls("origin"), solid, evidence),
            _by_link(unnamed, solid, evidence),
            _by_own_organ(_seldom(unnamed), solid),
            _by_own_side(unnamed, solid),
            _by_histology(unnamed, sure, histology),
            _by_only_primary(unnamed, sure, histology),
        ]
    ).unique(["p", "evidence_id"], keep="first", maintain_order=True)
    columns = [*statements.columns, "d", "attribution"]
    given = spread.join(settled, on=["p", "evidence_id"], how="left")
    if not given["d"].null_count():
        return Attributed(given.select(columns), diseases, of_blood)
    known = _known_spread(findings, given, diseases, evidence)
    open_spread = _grouped_open(given.filter(pl.col("d").is_null()), sure, histology)
    added = _unowned_diseases(
        open_spread, _open_candidates(open_spread, solid, histology, known), diseases.height
    )
    owned = open_spread.drop("d", "attribution").join(
        added.select("g", "d", _attribution(pl.col("added_attribution"))), on="g"
    )
    return Attributed(
        pl.concat(
            [part.select(columns) for part in (given.filter(pl.col("d").is_not_null()), owned)]
        ),
        pl.concat([diseases, added.drop("added_attribution", "g")], how="diagonal_relaxed"),
        of_blood,
    )


def _with_standing(solid: pl.DataFrame) -> pl.DataFrame:
    in_situ = (pl.col("behavior") == "in_situ").fill_null(value=False)
    return solid.with_columns((pl.col("is_sure") & ~in_situ).alias("is_candidate_sure"))


def _attribution(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Enum(ATTRIBUTION)).alias("attribution")


@empty_from_empty
def _settled(pairs: pl.DataFrame, why: str) -> pl.DataFrame:
    """One disease per statement; a tie between two sides of one cancer stays open."""
    return (
        single_disease(pairs, ["p", "evidence_id"])
        .select("p", "evidence_id", "d", _attribution(pl.lit(why)))
        .sort("p", "evidence_id")
    )


@empty_from_empty
def _of_blood(blood: pl.DataFrame, spread: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Statements of spread whose stated origin, or whose link, is a blood cancer."""
    named = spread.join(blood, left_on=["p", "origin"], right_on=["p", "primary"])
    links = _linked(spread.filter(pl.col("origin").is_null()), evidence)
    linked = single_disease(links, ["p", "evidence_id"])
    both = pl.concat(
        [
            named.select("p", "evidence_id", "d"),
            single_disease(linked, ["p", "evidence_id"]).join(
                blood.select("d"), on="d", how="semi"
            ),
        ]
    )
    return both.unique(["p", "evidence_id"], keep="first", maintain_order=True)


@empty_from_empty
def _linked(spread: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a statement and each disease that its link in the source leads to."""
    links = spread.filter(pl.col("about_ref").is_not_null()).select("p", "evidence_id", "about_ref")
    targets = evidence.filter(pl.col("is_direct")).select("p", "source_ref", "d").unique()
    return links.join(targets, left_on=["p", "about_ref"], right_on=["p", "source_ref"]).select(
        "p", "evidence_id", "d"
    )


@empty_from_empty
def _by_origin(named: pl.DataFrame, solid: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Stated origins; of several cancers of that kind the linked one, else the only sure one."""
    pairs = named.select("p", "evidence_id", "origin").join(
        solid.select("p", "d", "primary", "is_candidate_sure"),
        left_on=["p", "origin"],
        right_on=["p", "primary"],
    )
    linked = _linked(named, evidence).join(pairs, on=["p", "evidence_id", "d"], how="semi")
    settled = pl.concat(
        [
            _settled(pairs, "stated"),
            _settled(linked, "stated"),
            _settled(pairs.filter("is_candidate_sure"), "stated"),
        ]
    ).unique(["p", "evidence_id"], keep="first", maintain_order=True)
    by_kind = named.filter(pl.col("origin") != pl.col("stated_origin")).select("p", "evidence_id")
    is_by_kind = by_kind.with_columns(pl.lit(value=True).alias("is_by_kind"))
    return settled.join(is_by_kind, on=["p", "evidence_id"], how="left").select(
        "p",
        "evidence_id",
        "d",
        _attribution(
            pl.when("is_by_kind")
            .then(pl.lit("histology"))
            .otherwise(pl.col("attribution").cast(str))
        ),
    )


def _by_link(spread: pl.DataFrame, solid: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    pairs = _linked(spread, evidence).join(solid.select("d"), on="d", how="semi")
    return _settled(pairs, "linked")


def _seldom(spread: pl.DataFrame) -> pl.DataFrame:
    return spread.filter(pl.col("site").is_in(seldom_secondary()["site"].implode()))


@empty_from_empty
def _by_own_organ(seldom: pl.DataFrame, solid: pl.DataFrame) -> pl.DataFrame:
    homes = solid.filter(pl.col("is_sure")).select("p", "d", pl.col("organ_site").alias("site"))
    pairs = seldom.select("p", "evidence_id", "site").join(homes, on=["p", "site"])
    return _settled(pairs, "own_organ")


@empty_from_empty
def _by_own_side(spread: pl.DataFrame, solid: pl.DataFrame) -> pl.DataFrame:
    """Secondary of one of a pair of organs, of which both sides have a cancer on record.

    The cancer of that side wins: the code says that it has spread, not that the other one did.
    """
    paired = sites().filter(pl.col("paired") == "yes").select(pl.col("id").alias("site"))
    homes = solid.filter("is_candidate_sure").select(
        "p", "d", "primary", pl.col("organ_site").alias("site"), "laterality"
    )
    both = homes.join(paired, on="site", how="semi").filter(
        pl.col("laterality").n_unique().over("p", "primary") > 1
    )
    key = ["p", "site", "laterality"]
    return _settled(spread.select("evidence_id", *key).join(both, on=key), "own_organ")


@empty_from_empty
def _by_histology(
    spread: pl.DataFrame, sure: pl.DataFrame, histology: pl.DataFrame
) -> pl.DataFrame:
    """Deposits whose histology fits one of several cancers and excludes all others."""
    of_sure = histology.join(sure.select("d"), on="d", how="semi")
    judged = of_sure.group_by("p", "deposit_group").agg(
        pl.col("d").filter(pl.col("fits") < 2).alias("fitting"), pl.len().alias("all")
    )
    one = judged.filter((pl.col("fitting").list.len() == 1) & (pl.col("all") > 1)).select(
        "p", "deposit_group", pl.col("fitting").list.first().alias("d")
    )
    is_specific = ~pl.col("deposit_group").is_in(["unspecified", "carcinoma"])
    pairs = spread.filter(is_specific).select("p", "evidence_id", "deposit_group").join(
        one, on=["p", "deposit_group"]
    )  # fmt: skip
    return _settled(pairs, "histology")


@empty_from_empty
def _by_only_primary(
    spread: pl.DataFrame, sure: pl.DataFrame, histology: pl.DataFrame
) -> pl.DataFrame:
    """The only cancer, unless the deposit is of a kind that this cancer cannot be."""
    only = sure.group_by("p").agg(pl.len(), pl.col("d").first()).filter(pl.col("len") == 1)
    far = histology.filter("is_far").select("p", "deposit_group", "d")
    pairs = spread.select("p", "evidence_id", "deposit_group").join(only.select("p", "d"), on="p")
    possible = pairs.join(far, on=["p", "deposit_group", "d"], how="anti")
    return possible.select("p", "evidence_id", "d", _attribution(pl.lit("only_primary")))


def _known_spread(
    findings: pl.DataFrame, given: pl.DataFrame, diseases: pl.DataFrame, evidence: pl.DataFrame
) -> pl.DataFrame:
    """First day on which each cancer is known to have spread: d, spread_date (null: undated)."""
    affirmed = findings.filter((pl.col("polarity") == "affirmed") & counts())
    advanced = pl.col("m").str.contains("^1") | pl.col("n").str.contains("^[123]")
    recurred = pl.col("status").cast(pl.String).is_in(["regional_recurrence", "distant_recurrence"])
    is_far = ((pl.col("kind") == "stage") & advanced) | (
        (pl.col("kind") == "status") & recurred
    ).fill_null(value=False)
    told = find_subject(affirmed.filter(is_far), list_owners(diseases, evidence))
    rows = pl.concat(
        [
            told.select("d", "date"),
            given.filter(counts()).select("d", "date"),
        ]
    ).filter(pl.col("d").is_not_null())
    return rows.group_by("d").agg(pl.col("date").min().alias("spread_date"))


@empty_from_empty
def _grouped_open(
    open_spread: pl.DataFrame, sure: pl.DataFrame, histology: pl.DataFrame
) -> pl.DataFrame:
    """Add `g`, the group of spread that must have one owner, and whether a cancer could be it.

    Spread is grouped by its stated origin, and by whether any cancer on record fits.
    """
    of_sure = histology.join(sure.select("d"), on="d", how="semi")
    far = of_sure.group_by("p", "deposit_group").agg(pl.col("is_far").all().alias("fits_none"))
    has_sure = sure.select("p").unique().with_columns(pl.lit(value=True).alias("has_sure"))
    rows = (
        open_spread.join(far, on=["p", "deposit_group"], how="left")
        .join(has_sure, on="p", how="left")
        .with_columns(
            (
                pl.col("has_sure").fill_null(value=False)
                & ~pl.col("is_of_other")
                & ~pl.col("fits_none").fill_null(value=False)
            ).alias("has_candidate")
        )
    )
    key = ["p", "origin", "has_candidate"]
    groups = rows.select(key).unique().sort(key, nulls_last=True).with_row_index("g")
    return rows.drop("fits_none", "has_sure").join(groups, on=key, nulls_equal=True)


@empty_from_empty
def _open_candidates(
    open_spread: pl.DataFrame, solid: pl.DataFrame, histology: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """Each group of open spread with the candidates ranked."""
    groups = open_spread.group_by("g", "p", "origin").agg(pl.col("date").min().alias("first_date"))
    kinds = (
        open_spread.select("g", "p", "deposit_group")
        .drop_nulls("deposit_group")
        .unique()
        .join(histology, on=["p", "deposit_group"])
        .group_by("g", "d")
        .agg(pl.col("fits").max())
    )
    candidates = (
        groups.select("g", "p", "origin")
        .join(solid.select("p", "d", "primary", "is_candidate_sure"), on="p")
        .filter((pl.col("origin") == pl.col("primary")).fill_null(value=True))
        .join(kinds, on=["g", "d"], how="left")
        .join(known.with_columns(pl.lit(value=True).alias("has_spread")), on="d", how="left")
        .with_columns(pl.col("has_spread").fill_null(value=False))
    )
    places = open_spread.select("g", "site").drop_nulls().unique()
    return rank_candidates(groups, candidates, places)


def _unowned_diseases(open_spread: pl.DataFrame, ranked: pl.DataFrame, first: int) -> pl.DataFrame:
    """One disease per group of spread without an owner, with the origins it could have."""
    several = pl.col("has_candidate")

    def chosen(undetermined: str, not_stated: str) -> pl.Expr:
        return pl.when(several).then(pl.lit(undetermined)).otherwise(pl.lit(not_stated))

    return (
        open_spread.group_by("g", "p", "has_candidate")
        .agg(
            pl.col("certainty").max(),
            pl.col("evidence_id").sort().alias("evidence_ids"),
        )
        .join(ranked, on="g", how="left")
        .sort("g")
        .with_row_index("d", offset=first)
        .select(
            "p",
            "g",
            pl.col("d").cast(pl.Int64),
            "certainty",
            "evidence_ids",
            "candidate_primaries",
            "candidate_reasons",
            chosen("undetermined", "not_stated")
            .cast(pl.Enum(ORIGIN_STATUS))
            .alias("origin_status"),
            chosen("identity.undetermined", "identity.not_stated").alias("identity_rule"),
            chosen("undetermined", "none").alias("added_attribution"),
            pl.lit(value=False).alias("is_unsettled"),
            pl.lit(value=True).alias("is_sure"),
        )
    )
