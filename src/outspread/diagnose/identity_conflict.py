"""What is in doubt about which cancers there are, and whose spread it is."""

from typing import Final, NamedTuple

import polars as pl

from outspread.anatomy.load import primaries
from outspread.diagnose.clash import clashes


class _Doubt(NamedTuple):
    severity: str
    right: str
    followed: str
    reason: str


_DOUBTS: Final = {
    "other_histology": _Doubt(
        "info",
        "{} of another histology, first stated more than 60 days later",
        "right",
        "Read as two cancers; a pathologist who compares both tumors would settle it.",
    ),
    "histology_together": _Doubt(
        "warning",
        "{} of another histology, at about the same time or without a date",
        "left",
        "Read as one cancer; a statement that there are two separate tumors would settle it.",
    ),
    "within_free_time": _Doubt(
        "warning",
        "{} again, too soon after it to count as new",
        "left",
        "Read as one cancer that came back; a comparison of both tumors would settle it.",
    ),
    "called_recurrence": _Doubt(
        "warning",
        "{} again, after a long time free of disease, and a recurrence is stated",
        "left",
        "Read as one cancer that came back; a comparison of both tumors would settle it.",
    ),
    "not_said_to_be_free": _Doubt(
        "info",
        "{} again, long after it, with nothing that says free of disease in between",
        "left",
        "Read as one cancer; a statement of no sign of disease in between would make it a new one.",
    ),
}  # fmt: skip


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
    known = diseases.select("d", "primary").join(
        primaries().select(pl.col("id").alias("primary"), pl.col("display").alias("cancer")),
        on="primary",
    )
    rows = doubts.join(known.select("d", "cancer"), on="d")
    return pl.concat(
        [
            *(_same_or_new(rows, name, doubt) for name, doubt in _DOUBTS.items()),
            _origin_found(diseases, evidence, known),
            _blood_spread(diseases, of_blood, known),
        ]
    )


def _same_or_new(rows: pl.DataFrame, name: str, doubt: _Doubt) -> pl.DataFrame:
    return clashes(
        rows.filter(pl.col("doubt") == name),
        "conflict.same_or_new",
        left=pl.format("{}", "cancer"),
        right=pl.format(doubt.right, "cancer"),
        severity=doubt.severity,
        followed=doubt.followed,
        reason=doubt.reason,
    )


def _origin_found(
    diseases: pl.DataFrame, evidence: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """An unknown primary that turned out to be a known one."""
    found = diseases.filter(pl.col("identity_rule") == "identity.origin_found").select("d")
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
        followed="right",
        reason="A named origin that is found later goes before the statement that none was found.",
    )


def _blood_spread(
    diseases: pl.DataFrame, of_blood: pl.DataFrame, known: pl.DataFrame
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
        severity="info",
        followed="right",
        reason="Blood cancers are systemic from the start; their places are no metastases.",
    )
