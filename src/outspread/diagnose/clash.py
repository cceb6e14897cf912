"""The shape of a conflict row, shared by all rules that find one."""

import polars as pl

from outspread.tables import FOLLOWED, SEVERITY

CLASH = [
    "p",
    "d",
    "kind",
    "severity",
    "left_says",
    "left_evidence_ids",
    "right_says",
    "right_evidence_ids",
    "followed",
    "reason",
]


def clashes(
    frame: pl.DataFrame,
    kind: str,
    *,
    left: pl.Expr,
    right: pl.Expr,
    severity: str = "warning",
    followed: str = "neither",
    reason: str,
) -> pl.DataFrame:
    """Make conflict rows of a frame with p, d, left_ids and right_ids.

    `left` and `right` are what each side says, in words; `reason` is why one is followed.
    """
    return frame.select(
        "p",
        "d",
        pl.lit(kind).alias("kind"),
        pl.lit(severity).cast(pl.Enum(SEVERITY)).alias("severity"),
        left.alias("left_says"),
        pl.col("left_ids").alias("left_evidence_ids"),
        right.alias("right_says"),
        pl.col("right_ids").alias("right_evidence_ids"),
        pl.lit(followed).cast(pl.Enum(FOLLOWED)).alias("followed"),
        pl.lit(reason).alias("reason"),
    )


def one_id() -> pl.Expr:
    """The evidence id of a row as a list."""
    return pl.concat_list("evidence_id")
