"""Findings of a registry: the primary, its size and grade, spread at diagnosis, nodes, course."""

from typing import Final

import polars as pl

from outspread.empty import empty_from_empty
from outspread.read.naaccr.checks import unpacked
from outspread.read.naaccr.evidence import evidence, states_something

CODE_SYSTEM: Final = "naaccr"
REGISTRY: Final = "registry"
NO_SIGN: Final = "no_sign_of_disease"
_PRIMARY: Final = ("role", "primary", "site", "topography", "laterality", "morphology", "behavior")


@empty_from_empty
def primary_findings(tumors: pl.DataFrame) -> pl.DataFrame:
    """The tumor itself, dated by its diagnosis; codes that name no tumor give no row."""
    known = tumors.filter(pl.col("role").is_not_null())
    rows = known.with_columns(
        *unpacked("dateOfDiagnosis"),
        kind=pl.lit("tumor"),
        item=pl.lit("primarySite"),
        code_system=pl.lit("icdo3"),
        method=pl.coalesce("method", pl.lit(REGISTRY)),
    )
    return evidence(rows, "naaccr.tumor").drop("system")


@empty_from_empty
def size_findings(sizes: pl.DataFrame, tumors: pl.DataFrame) -> pl.DataFrame:
    """Sizes of the primary in millimeters; diffuse, microscopic and unknown ones give no row."""
    rows = sizes.filter(pl.col("detail") == "number")
    sized = rows.with_columns(size_mm=pl.col("value").cast(pl.Float32))
    return evidence(_of_primary(sized, tumors), "naaccr.size")


@empty_from_empty
def grade_findings(grades: pl.DataFrame, tumors: pl.DataFrame) -> pl.DataFrame:
    """Grades of the primary as recorded, with their basis; unknown ones give no row."""
    rows = grades.filter(pl.col("is_listed").is_null())
    graded = rows.with_columns(grade="value", stage_basis="basis")
    return evidence(_of_primary(graded, tumors), "naaccr.grade")


def _of_primary(rows: pl.DataFrame, tumors: pl.DataFrame) -> pl.DataFrame:
    """Add the facts of the primary that a row measures."""
    known = tumors.filter(pl.col("role").is_not_null()).select("record", *_PRIMARY)
    is_pathological = pl.col("basis") == "pathological"
    return (
        rows.drop("polarity", "site")
        .join(known, on="record", maintain_order="left")
        .with_columns(
            kind=pl.lit("tumor"),
            method=pl.when(is_pathological).then(pl.lit("pathology")).otherwise(pl.lit(REGISTRY)),
            code_system=pl.lit(CODE_SYSTEM),
            code="value",
        )
    )


@empty_from_empty
def spread_findings(places: pl.DataFrame) -> pl.DataFrame:
    """Metastases at diagnosis, found or ruled out; unknown and not applicable give no row.

    All are deposits apart from the primary that count as M, as the items ask for.
    """
    rows = places.filter(states_something())
    counted = pl.when(pl.col("polarity") == "affirmed").then(pl.lit("1"))
    placed = rows.with_columns(site=pl.coalesce("site", "name"), m=counted)
    return evidence(_secondary(placed, REGISTRY), "naaccr.spread")


@empty_from_empty
def node_findings(nodes: pl.DataFrame) -> pl.DataFrame:
    """Regional nodes found positive by a pathologist, with their number, or all negative."""
    rows = nodes.filter(states_something())
    number = pl.when((pl.col("detail") == "number") & (pl.col("polarity") == "affirmed"))
    placed = rows.with_columns(
        site="name", count=number.then(pl.col("value").cast(pl.Int32, strict=False))
    )
    return evidence(_secondary(placed, "pathology"), "naaccr.nodes")


def _secondary(rows: pl.DataFrame, method: str) -> pl.DataFrame:
    return rows.with_columns(
        kind=pl.lit("tumor"),
        role=pl.lit("secondary"),
        behavior=pl.lit("metastatic"),
        contiguity=pl.lit("discontiguous"),
        method=pl.lit(method),
        code_system=pl.lit(CODE_SYSTEM),
        code="value",
    )


@empty_from_empty
def course_findings(courses: pl.DataFrame) -> pl.DataFrame:
    """Recurrence and cancer status, with the place of the recurrence where its code names one.

    That there is no sign of disease holds as of a day; without a date it is left out.
    """
    rows = courses.filter(states_something())
    holds = (pl.col("means") != NO_SIGN) | pl.col("date").is_not_null()
    statuses = rows.filter(holds).with_columns(
        kind=pl.lit("status"),
        status="means",
        method=pl.lit(REGISTRY),
        code_system=pl.lit(CODE_SYSTEM),
        code="value",
    )
    places = _secondary(rows.filter(pl.col("site").is_not_null()), REGISTRY)
    return pl.concat(
        [
            evidence(statuses.drop("site"), "naaccr.course"),
            evidence(places, "naaccr.recurrence", element=":spread"),
        ],
        how="diagonal",
    )
