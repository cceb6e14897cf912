"""What is said of a primary itself: that it is there, how large it is, its grade."""

import polars as pl

from outspread.diagnose.subject import Owners, find_subject
from outspread.empty import empty_from_empty

_ORIGIN_FACTS = [
    "d", "evidence_id", "date", "date_precision", "certainty", "temporality", "method", "size_mm",
    "count",
]  # fmt: skip

_GRADE_FACTS = [
    "evidence_id", "grade", "stage_basis", "method", "source_kind", "date", "date_precision",
    "certainty",
]  # fmt: skip


def origin_statements(evidence: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """Statements of the origin itself, those included that measure it without naming it."""
    of_origin = pl.col("is_direct") & (pl.col("spread_logic") != "unknown_primary")
    return pl.concat(
        [
            evidence.filter(of_origin).select(_ORIGIN_FACTS),
            measured.select(_ORIGIN_FACTS),
        ]
    )


def measured_primaries(findings: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    """Statements that measure a primary without naming it, with the disease they are about."""
    return _told_apart(findings.filter(pl.col("size_mm").is_not_null()), owners)


def graded_primaries(
    findings: pl.DataFrame, evidence: pl.DataFrame, owners: Owners
) -> pl.DataFrame:
    """Statements of the grade of a primary, with the disease they are about."""
    columns = ["p", "d", *_GRADE_FACTS]
    named = evidence.filter(pl.col("is_direct") & pl.col("grade").is_not_null()).select(columns)
    graded = findings.filter(pl.col("grade").is_not_null())
    if graded.is_empty():
        return named
    apart = _told_apart(graded, owners)
    return pl.concat([named, apart.select(columns)])


@empty_from_empty
def _told_apart(findings: pl.DataFrame, owners: Owners) -> pl.DataFrame:
    """Statements of a primary that do not name it, with the disease they are about."""
    unnamed = findings.filter(
        (pl.col("kind") == "tumor")
        & (pl.col("role") == "primary")
        & pl.col("primary").is_null()
        & (pl.col("polarity") == "affirmed")
    )
    return find_subject(unnamed, owners, by_date=True).filter(pl.col("d").is_not_null())
