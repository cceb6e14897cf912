"""From settled rows to findings: the tumor, its histology, stage, course and stated spread."""

from collections.abc import Iterable
from functools import cache
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
    rows = rows.with_columns(*_typed(_EVIDENCE), subject=subject)
    parts = [_tumors(rows), _histologies(rows), _code_stages(rows), *_stages(rows)]
    parts += [_courses(rows), _spreads(rows, spreads)]
    found = pl.concat(parts, how="diagonal", rechunk=True)  # chunks make the rest slow
    return found.with_columns(
        pl.col("temporality").fill_null(_word("temporality", "current")),
        _word("experiencer", "patient"),
        _word("source_kind", "columns"),
        evidence_id=pl.format("{}#{}", "source_ref", "element"),
    )


def _word(column: str, word: str) -> pl.Expr:
    """Say a word in the type of its column; a cast of every row would take longer."""
    return pl.lit(word, dtype=_type(column)).alias(column)


def _typed(columns: Iterable[str]) -> list[pl.Expr]:
    return [pl.col(name).cast(_type(name)) for name in columns]


@cache
def _type(column: str) -> pl.DataType:
    return polars_schema("finding")[column]


def _tumors(rows: pl.DataFrame) -> pl.DataFrame:
    """State the tumor itself; the column that names it is the element."""
    has = {name: pl.col(f"said_{name}") for name in ("code", "site", "primary", "role")}
    element = pl.coalesce(pl.when(said).then(pl.lit(name)) for name, said in has.items())
    return rows.filter(pl.col("role").is_not_null()).select(
        *_EVIDENCE,
        *_typed(_TUMOR),
        *_CODED,
        pl.when(~pl.col("is_apart")).then("morphology").alias("morphology"),
        *_typed(["behavior"]),
        about_ref="about",
        kind=_word("kind", "tumor"),
        element=element.fill_null("size_mm"),
        rule_id=pl.lit("columns.tumor"),
    )


def _histologies(rows: pl.DataFrame) -> pl.DataFrame:
    """State the histology beside a code, which may disagree with it."""
    digits = {digit: behavior for behavior, digit in behavior_digits().items()}
    stated = pl.col("behavior_digit").replace_strict(digits, return_dtype=pl.String)
    return rows.filter(pl.col("role").is_not_null() & pl.col("is_apart")).select(
        *_EVIDENCE,
        *_typed(_TUMOR),
        "morphology",
        pl.coalesce(stated, "stated_behavior").cast(_type("behavior")).alias("behavior"),
        about_ref="about",
        kind=_word("kind", "tumor"),
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
        stage_basis=_word("stage_basis", "unspecified"),
        kind=_word("kind", "stage"),
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
                stage_basis=basis.cast(_type("stage_basis")),
                kind=_word("kind", "stage"),
                element=pl.lit(axis),
                rule_id=pl.lit("columns.stage"),
            )
        )
    return parts


def _courses(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("status").is_not_null()).select(
        *_EVIDENCE,
        *_typed(["status"]),
        about_ref="subject",
        kind=_word("kind", "status"),
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
        *_typed(_EVIDENCE),
        "site",
        about_ref="subject",
        role=_word("role", "secondary"),
        behavior=_word("behavior", "metastatic"),
        contiguity=_word("contiguity", "discontiguous"),
        kind=_word("kind", "tumor"),
        element="header",
        rule_id=pl.lit("columns.mets"),
    )
