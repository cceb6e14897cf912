"""What is in doubt about which cancers there are, and whose spread it is."""

from typing import Final

import polars as pl

from outspread.diagnose.clash import cancer_names, clashes
from outspread.empty import empty_from_empty

_AGAIN: Final = {
    "conflict.other_histology": "{} of another histology, first stated more than 60 days later",
    "conflict.histology_together": "{} of another histology, at one time or without a date",
    "conflict.other_subsite": "{} of another part, first stated long after",
    "conflict.subsite_together": "{} of another part, too soon after it or called a recurrence",
    "conflict.within_free_time": "{} again, too soon after it to count as new",
    "conflict.called_recurrence": "{} again, long free of disease before, called a recurrence",
    "conflict.not_said_to_be_free": "{} again, long after, not said to be free in between",
}


def identity_conflicts(
    diseases: pl.DataFrame, evidence: pl.DataFrame, *, doubts: pl.DataFrame, of_blood: pl.DataFrame
) -> pl.DataFrame:
    """Conflict rows about identity, columns of `outspread.diagnose.clash.CLASH`.

    Parameters
    ----------
    doubts
        See `outspread.diagnose.primary.Identity`.
    of_blood
        See `outspread.diagnose.attribution.Attributed`.
    """
    known = diseases.select("d", "primary").join(cancer_names(), on="primary")
    found = diseases.filter(pl.col("identity_rule") == "identity.origin_found").select("d")
    return pl.concat(
        [
            _in_doubt(doubts, known),
            _origin_found(found, evidence, known),
            _blood_spread(of_blood, diseases, known),
        ]
    )


@empty_from_empty
def _in_doubt(doubts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Cancers of one organ that may be one or two."""
    rows = doubts.join(known.select("d", "cancer"), on="d")
    return pl.concat(
        clashes(
            rows.filter(pl.format("conflict.{}", "doubt") == kind),
            kind,
            left=pl.format("{}", "cancer"),
            right=pl.format(again, "cancer"),
        )
        for kind, again in _AGAIN.items()
    )


@empty_from_empty
def _origin_found(found: pl.DataFrame, evidence: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """An unknown primary that turned out to be a known one."""
    is_unknown = pl.col("spread_logic") == "unknown_primary"
    ids = pl.col("evidence_id")
    sides = (
        evidence.join(found, on="d", how="semi")
        .group_by("p", "d")
        .agg(
            ids.filter(is_unknown).unique().sort().alias("left_ids"),
            ids.filter(~is_unknown).unique().sort().alias("right_ids"),
        )
        .join(known, on="d")
    )
    return clashes(
        sides,
        "conflict.origin_found",
        left=pl.lit("no origin was found"),
        right=pl.format("primary {}", "cancer"),
    )


@empty_from_empty
def _blood_spread(
    of_blood: pl.DataFrame, diseases: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """A metastasis said to be of a blood cancer."""
    rows = (
        of_blood.group_by("p", "d")
        .agg(pl.col("evidence_id").unique().sort().alias("left_ids"))
        .join(diseases.select("d", pl.col("evidence_ids").alias("right_ids")), on="d")
        .join(known, on="d")
    )
    return clashes(
        rows,
        "conflict.blood_spread",
        left=pl.format("metastatic from {}", "cancer"),
        right=pl.format("{}, a blood cancer", "cancer"),
    )
