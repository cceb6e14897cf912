"""Cancers said in another code system, through the code tables that we ship.

A code may be said by another one that means the same cancer, or the same place of spread. What it
says beyond that (side, part of the organ, histology, stage) may get lost or be added, and is told.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.code_table import code_table
from outspread.anatomy.codes import resolve_codes
from outspread.diagnose.knowledge import with_histology_group

ICD10CM, ICDO3, SNOMED = "icd10cm", "icdo3", "snomed"
URI = {
    ICD10CM: "http://hl7.org/fhir/sid/icd-10-cm",
    ICDO3: "http://terminology.hl7.org/CodeSystem/icd-o-3",
    SNOMED: "http://snomed.info/sct",
}
_READ = {ICD10CM: ("icd10", "icd10cm"), SNOMED: ("snomed",)}
_CODE = ["system", "code", "morphology"]
_CORE = ["role", "primary", "origin", "behavior", "temporality", "place", "blood"]
_MORE = ["code_laterality", "topography", "histology", "stage_group"]
_BLOOD, _BLOOD_SYSTEM = "hematologic", "C42"
_UNSAID_HISTOLOGY, _UNSAID_KIND = "8000", "unspecified"


class Said(NamedTuple):
    """A code that says the same, and what it says otherwise: names of `_MORE`.

    `stage_group` is that of the first code, where the other one cannot say it.
    """

    code: str
    morphology: str | None
    stage_group: str | None
    differs: frozenset[str]


def translate(
    codes: Sequence[tuple[str, str, str | None]], system: str
) -> dict[tuple[str, str, str | None], Said]:
    """Say codes (system, code, morphology) in another system; those without equal are left out.

    Of several codes that mean the same, the one is taken that differs in the fewest other facts;
    none that names a kind of tumor that the first one does not.
    """
    schema = dict.fromkeys(_CODE, pl.String)
    asked = _meant(pl.DataFrame(list(codes), schema=schema, orient="row"))
    offered = _of_oncology(asked) if system == ICDO3 else _listed(system)
    pairs = asked.join(offered, on=_CORE, suffix="_said", nulls_equal=True).filter(
        pl.col("kind_said").is_null() | pl.col("kind_said").eq_missing(pl.col("kind"))
    )
    best = (
        pairs.with_columns(
            pl.col(name).ne_missing(pl.col(f"{name}_said")).alias(f"{name}_differs")
            for name in _MORE
        )
        .with_columns(far=pl.sum_horizontal(pl.col("^.*_differs$").cast(pl.Int8)))
        .sort(
            "far",
            (pl.col("kind") == _BLOOD) & ~pl.col("code_said").str.starts_with(_BLOOD_SYSTEM),
            ~pl.col("topography_said").str.ends_with(".9").fill_null(value=True),
            pl.col("code_said").str.len_chars(),
            "code_said",
            "morphology_said",
        )
        .unique(_CODE, keep="first", maintain_order=True)
    )
    return {
        (row["system"], row["code"], row["morphology"]): Said(
            row["code_said"],
            row["morphology_said"],
            row["stage_group"] if row["stage_group_differs"] else None,
            frozenset(name for name in _MORE if row[f"{name}_differs"]),
        )
        for row in best.iter_rows(named=True)
    }


def _meant(codes: pl.DataFrame) -> pl.DataFrame:
    """Codes of a cancer with what they mean.

    Of a secondary the place belongs to the meaning; of a blood cancer the histology, which is its
    name.
    """
    found = resolve_codes(codes).filter(
        pl.col("role").is_in(["primary", "secondary", "unknown_primary"]),
        pl.col("code_note").ne_missing("suspected"),
    )
    kinds = with_histology_group(
        found.select(
            pl.col("histology").alias("morphology"), pl.col("system").alias("code_system"), "code"
        )
    )["histology_group"]
    return found.with_columns(
        kinds.replace(_UNSAID_KIND, None).alias("kind"),
        place=pl.when(pl.col("role") == "secondary").then("site"),
        blood=pl.when(kinds == _BLOOD).then("histology"),
        histology=pl.col("histology").replace(_UNSAID_HISTOLOGY, None),
    ).select(*_CODE, *_CORE, *_MORE, "kind")


@cache
def _listed(system: str) -> pl.DataFrame:
    """Codes of the code table, in ICD-10-CM with their sides, and what they mean."""
    plain = code_table().filter(pl.col("system").is_in(_READ[system]))["code"]
    codes = pl.concat([plain, _sided(plain)]) if system == ICD10CM else plain
    return _meant(
        pl.DataFrame({"code": codes.unique()}).select(
            pl.lit(system).alias("system"), "code", pl.lit(None, pl.String).alias("morphology")
        )
    )


def _sided(plain: pl.Series) -> pl.Series:
    """Codes filled up to the place of the side, with each side."""
    sides = load.load("sides").with_columns(pl.col("position").cast(pl.Int32))
    codes = (
        pl.DataFrame({"code": plain})
        .join(sides, how="cross")
        .filter(
            pl.col("code").str.starts_with(pl.col("prefix")),
            pl.col("code").str.len_chars() < pl.col("position"),
        )
    )
    category, part = pl.col("code").str.head(3), pl.col("code").str.slice(3)
    filled = category + (part + pl.lit("91")).str.head(pl.col("position") - 4)
    return pl.concat(
        codes.drop_nulls(side).select(filled + pl.col(side))["code"]
        for side in ("right", "left", "bilateral")
    )


def _of_oncology(asked: pl.DataFrame) -> pl.DataFrame:
    """Topographies of the cancers and places that are asked for, each with a histology."""
    places = load.topographies().join(
        asked.select(pl.col("place").alias("site")).drop_nulls().unique(), on="site"
    )
    grown = load.primary_topographies().join(asked.select("primary").unique(), on="primary")
    topography = pl.concat([places["topography"], grown["topography"]]).unique()
    histology = pl.concat([asked["histology"].drop_nulls(), pl.Series([_UNSAID_HISTOLOGY])])
    behavior = pl.Series("behavior", ["2", "3", "6"])
    digits = pl.col("topography").cast(pl.String).str.pad_start(3, "0")
    return _meant(
        pl.DataFrame({"topography": topography})
        .join(pl.DataFrame({"histology": histology.unique()}), how="cross")
        .join(behavior.to_frame(), how="cross")
        .select(
            pl.lit(ICDO3).alias("system"),
            (pl.lit("C") + digits).alias("code"),
            pl.format("{}/{}", "histology", "behavior").alias("morphology"),
        )
    )
