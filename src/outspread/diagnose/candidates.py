"""Which cancers could a spread be of? Ranked, with the reasons; a rank never decides."""

from typing import Final

import polars as pl

from outspread.anatomy.load import sites
from outspread.diagnose.evidence import counts
from outspread.diagnose.knowledge import (
    relations,
    site_frequencies,
    usual_histology,
    with_histology_group,
)
from outspread.empty import empty_from_empty

_UNSAID: Final = "unspecified"


def _candidate_groups(diseases: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """Give `candidate_groups` and `candidate_excludes`: histology as stated, else the usual one.

    `candidate_excludes` is null where the histology is stated, so that all that differs is
    excluded; for a usual histology it lists the few groups that have codes of their own.
    """
    stated = (
        with_histology_group(
            evidence.filter(pl.col("is_direct") & counts()).drop("histology_group", strict=False)
        )
        .filter(pl.col("histology_group").is_not_null())
        .filter(pl.col("histology_group") != _UNSAID)
        .group_by("d")
        .agg(pl.col("histology_group").unique().sort())
    )
    # Several stated groups exclude only what each of them excludes: told apart below.
    known = diseases.join(stated, on="d", how="left").join(
        usual_histology(), on="primary", how="left"
    )
    is_stated = pl.col("histology_group").is_not_null()
    return known.with_columns(
        pl.when(is_stated)
        .then("histology_group")
        .otherwise(pl.concat_list("usual_group"))
        .alias("candidate_groups"),
        pl.when(is_stated | pl.col("usual_excludes").list.contains("*"))
        .then(None)
        .otherwise("usual_excludes")
        .alias("candidate_excludes"),
    ).select("p", "d", "candidate_groups", "candidate_excludes")


@empty_from_empty
def compare_histology(
    deposits: pl.DataFrame, solid: pl.DataFrame, *, evidence: pl.DataFrame
) -> pl.DataFrame:
    """How the histology of deposits stands to each cancer of the person.

    Parameters
    ----------
    deposits
        Distinct p and deposit_group.
    solid
        The cancers: p, d, primary.
    evidence
        What states them.

    Returns
    -------
    p, deposit_group, d, `fits` (0 the same kind, 1 not excluded, 2 excluded), `is_far`.
    """
    pairs = (
        deposits.join(_candidate_groups(solid, evidence), on="p")
        .explode("candidate_groups", empty_as_null=True)
        .join(
            relations(),
            left_on=["deposit_group", "candidate_groups"],
            right_on=["left", "right"],
            how="left",
        )
    )
    listed = pl.col("candidate_excludes").list.contains(pl.col("deposit_group"))
    excludes = pl.coalesce(listed, pl.col("excludes").fill_null(value=False))
    same = (pl.col("deposit_group") == pl.col("candidate_groups")).fill_null(value=False)
    return pairs.group_by("p", "deposit_group", "d").agg(
        pl.when(same.any()).then(0).when(excludes.all()).then(2).otherwise(1).alias("fits"),
        (excludes & pl.col("is_far").fill_null(value=False)).all().alias("is_far"),
    )


def rank_candidates(
    groups: pl.DataFrame, candidates: pl.DataFrame, places: pl.DataFrame
) -> pl.DataFrame:
    """Order the cancers that a group of open spread could be of.

    First the histology of the deposit, then cancers that are sure and invasive, then cancers known
    to have spread by then, then the published share of their deposits at such a place, in the
    measure that is known of most of them, then the name.

    Parameters
    ----------
    groups
        One row per group of open spread: g, p, first_date.
    candidates
        One row per group and cancer: g, d, primary, is_candidate_sure, fits (see
        `compare_histology`, null: unsaid), spread_date (first known spread, null: none) and
        has_spread.
    places
        Distinct g and site.

    Returns
    -------
    g, candidate_primaries and candidate_reasons, most likely first.
    """
    rows = candidates.join(groups.select("g", "first_date"), on="g")
    by_then = pl.col("has_spread") & (pl.col("spread_date") <= pl.col("first_date")).fill_null(
        value=True
    )
    known = (
        rows.with_columns(by_then.fill_null(value=False).alias("has_spread_by_then"))
        .group_by("g", "primary")
        .agg(
            pl.col("fits").min(),
            pl.col("is_candidate_sure").any(),
            pl.col("has_spread_by_then").any(),
        )
        .join(_frequencies(candidates, places), on=["g", "primary"], how="left")
    )
    ordered = known.sort(
        "g",
        pl.col("fits").fill_null(1),
        ~pl.col("is_candidate_sure"),
        ~pl.col("has_spread_by_then"),
        -pl.col("percent").fill_null(0),
        "primary",
    )
    return ordered.group_by("g", maintain_order=True).agg(
        pl.col("primary").alias("candidate_primaries"), _reason().alias("candidate_reasons")
    )


def _frequencies(candidates: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Highest share of a candidate's deposits at one of the places: g, primary, percent ...

    Shares are compared in one measure only, the one that is known of most candidates of the group.
    """
    report = sites().select(pl.col("id").alias("site"), "report_site", "adjective")
    listed = (
        places.join(report, on="site")
        .select("g", "report_site", "adjective")
        .unique(["g", "report_site"])
        .join(site_frequencies(), on="report_site")
        .join(candidates.select("g", "primary").unique(), on=["g", "primary"])
    )
    measures = (
        listed.group_by("g", "measure")
        .agg(pl.col("primary").n_unique().alias("known"))
        .sort("g", "known", "measure", descending=[False, True, True])
        .unique("g", keep="first", maintain_order=True)
        .select("g", "measure")
    )
    best = listed.join(measures, on=["g", "measure"]).sort(
        "percent", "report_site", descending=[True, False]
    )
    return best.group_by("g", "primary", maintain_order=True).agg(
        pl.col("percent", "adjective", "measure", "source").first()
    )


def _reason() -> pl.Expr:
    histology = (
        pl.when(pl.col("fits") == 0)
        .then(pl.lit("same histology as the deposit"))
        .when(pl.col("fits") == 2)
        .then(pl.lit("another histology than the deposit"))
    )
    doubt = pl.when(~pl.col("is_candidate_sure")).then(pl.lit("only possible, or in situ"))
    spread = pl.when("has_spread_by_then").then(pl.lit("known to have spread by then"))
    words = (pl.col("percent").cast(pl.String).str.strip_suffix(".0"), "adjective", "source")
    share = (
        pl.when(pl.col("measure") == "patients")
        .then(pl.format("{} % of its metastatic patients have {} metastases ({})", *words))
        .otherwise(pl.format("{} % of its biopsied metastases are {} metastases ({})", *words))
    )
    unsaid = pl.when(pl.col("percent").is_null()).then(pl.lit("no figure for this place"))
    parts = [histology, doubt, spread, pl.coalesce(share, unsaid)]
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)
