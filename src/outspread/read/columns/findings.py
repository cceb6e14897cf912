"""From settled rows to findings: the tumor, its histology, stage, course and stated spread."""

from typing import Final

import polars as pl

from outspread.read.columns.cells import AXES, behavior_digits
from outspread.read.places import is_generic
from outspread.tables import polars_schema

_EVIDENCE: Final = ("patient_id", "source_ref", "date", "date_precision", "polarity", "certainty")
_TUMOR: Final = (
    "role", "primary", "site", "topography", "laterality", "origin", "temporality",
)  # fmt: skip
_CODED: Final = ("code_system", "code", "size_mm")
_SCHEME: Final = "tnm"  # method of staging not stated
_SUMMARY: Final = "seer"


def find_findings(rows: pl.DataFrame, spreads: pl.DataFrame) -> pl.DataFrame:
    """Give the findings of settled rows.

    Parameters
    ----------
    rows
        As `find_tumors` gives them, with `source_ref`; rows of unstated polarity are left out.
    spreads
        As `read_spreads` gives them.
    """
    is_primary = (pl.col("role") == "primary").fill_null(value=False)
    subject = pl.when(is_primary).then(pl.coalesce("about", "source_ref")).otherwise("about")
    rows = rows.with_columns(subject=subject)
    parts = [_tumors(rows), _histologies(rows), _code_stages(rows), *_stages(rows)]
    parts += [_courses(rows), _spreads(rows, spreads)]
    found = pl.concat(parts, how="diagonal_relaxed")
    element = pl.col("element")
    return found.with_columns(
        pl.col("temporality").fill_null("current"),
        experiencer=pl.lit("patient"),
        source_kind=pl.lit("columns"),
        evidence_id=pl.concat_str("source_ref", pl.lit("#"), element),
    ).select(name for name in polars_schema("finding") if name in {*found.columns, *_ADDED})


_ADDED: Final = ("experiencer", "source_kind", "evidence_id")


def _tumors(rows: pl.DataFrame) -> pl.DataFrame:
    """State the tumor itself; the column that names it is the element."""
    has = {name: pl.col(f"said_{name}") for name in ("code", "site", "primary", "role")}
    element = pl.coalesce(pl.when(said).then(pl.lit(name)) for name, said in has.items())
    return rows.filter(pl.col("role").is_not_null()).select(
        *_EVIDENCE,
        *_TUMOR,
        *_CODED,
        pl.when(~pl.col("is_apart")).then("morphology").alias("morphology"),
        "behavior",
        about_ref="about",
        kind=pl.lit("tumor"),
        element=element.fill_null("size_mm"),
        rule_id=pl.lit("columns.tumor"),
    )


def _histologies(rows: pl.DataFrame) -> pl.DataFrame:
    """State the histology beside a code, which may disagree with it."""
    digits = {digit: behavior for behavior, digit in behavior_digits().items()}
    stated = pl.col("behavior_digit").replace_strict(digits, return_dtype=pl.String)
    return rows.filter(pl.col("role").is_not_null() & pl.col("is_apart")).select(
        *_EVIDENCE,
        *_TUMOR,
        "morphology",
        behavior=pl.coalesce(stated, "stated_behavior"),
        about_ref="about",
        kind=pl.lit("tumor"),
        element=pl.lit("morphology"),
        rule_id=pl.lit("columns.histology"),
    )


def _code_stages(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("code_stage_group").is_not_null()).select(
        *_EVIDENCE,
        "code_system",
        "code",
        about_ref="subject",
        stage_group="code_stage_group",
        stage_system=pl.lit(_SCHEME),
        stage_basis=pl.lit("unspecified"),
        kind=pl.lit("stage"),
        element=pl.lit("code:stage"),
        rule_id=pl.lit("columns.stage"),
    )


def _stages(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """State each category, the stage group and the Summary Stage, each with its own basis."""
    after = pl.lit("post_therapy")
    parts = []
    for axis in (*AXES, "summary_stage"):
        own = pl.col(f"{axis}_basis") if axis in AXES else pl.lit(None, pl.String)
        basis = (
            pl.when(own == after)
            .then(after)
            .otherwise(pl.coalesce("stage_basis", own, pl.lit("unspecified")))
        )
        edition = pl.col("stage_edition") if axis in AXES else pl.lit(None, pl.String)
        system = pl.col("stage_system").fill_null(_SCHEME) if axis in AXES else pl.lit(_SUMMARY)
        parts.append(
            rows.filter(pl.col(axis).is_not_null()).select(
                *_EVIDENCE,
                axis,
                about_ref="subject",
                stage_system=system,
                stage_edition=edition,
                stage_basis=basis,
                kind=pl.lit("stage"),
                element=pl.lit(axis),
                rule_id=pl.lit("columns.stage"),
            )
        )
    return parts


def _courses(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("status").is_not_null()).select(
        *_EVIDENCE,
        "status",
        about_ref="subject",
        kind=pl.lit("status"),
        element=pl.lit("status"),
        rule_id=pl.lit("columns.status"),
    )


def _spreads(rows: pl.DataFrame, spreads: pl.DataFrame) -> pl.DataFrame:
    """State spread to the places that columns ask for; "no" to a place not named says nothing."""
    nowhere = [site for site in spreads["site"].unique() if is_generic(site)]
    said = spreads.filter(
        pl.col("polarity").is_not_null()
        & ~((pl.col("polarity") == "negated") & pl.col("site").is_in(nowhere))
    )
    shared = rows.select("row", *(name for name in _EVIDENCE if name != "polarity"), "subject")
    return said.join(shared, on="row", maintain_order="left").select(
        *_EVIDENCE,
        "site",
        about_ref="subject",
        role=pl.lit("secondary"),
        behavior=pl.lit("metastatic"),
        contiguity=pl.lit("discontiguous"),
        kind=pl.lit("tumor"),
        element="header",
        rule_id=pl.lit("columns.mets"),
    )
