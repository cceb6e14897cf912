"""How is it now? The course as last stated, kept apart from the extent ever reached."""

import polars as pl

from outspread.diagnose.evidence import counts, packed_date, unpacked_date, unpacked_precision


def select_statuses(findings: pl.DataFrame) -> pl.DataFrame:
    """Affirmed statements about the course."""
    return findings.filter(
        (pl.col("kind") == "status")
        & pl.col("status").is_not_null()
        & (pl.col("polarity") == "affirmed")
        & counts()
    )


def find_status(statuses: pl.DataFrame) -> pl.DataFrame:
    """Last stated course of each disease: d, status, status_date, its precision and evidence.

    Undated statements come before all dated ones; on one date the graver statement counts.
    """
    return (
        statuses.filter(pl.col("d").is_not_null())
        .with_columns(packed_date().alias("packed"))
        .sort("d", "packed", "status", "evidence_id", nulls_last=False)
        .group_by("d", maintain_order=True)
        .agg(
            pl.col("status").last(),
            pl.col("packed").last().alias("status_packed"),
            pl.col("evidence_id").last().alias("status_evidence_id"),
        )
        .select(
            "d",
            "status",
            unpacked_date("status_packed").alias("status_date"),
            unpacked_precision("status_packed").alias("status_date_precision"),
            pl.concat_list("status_evidence_id").alias("status_evidence_ids"),
        )
    )
