"""Registry tumors as cases: the NAACCR items of each, staged with an algorithm."""

from typing import Final

import polars as pl

from outspread.read.naaccr.knowledge import known_codes
from outspread.stage.algorithm import Algorithm
from outspread.stage.columns import YEAR_KEY
from outspread.stage.fetch import known_algorithms

TUMOR: Final = ["patient_id", "source_ref"]
SEX_KEY: Final = "sex_at_birth"
_ITEM: Final = r'<Item naaccrId="(\w+)">([^<]*)</Item>'
_PLAIN: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_DERIVED: Final = pl.Schema(
    {
        "patient_id": pl.String(),
        "source_ref": pl.String(),
        "schema_id": pl.String(),
        "summary_stage": pl.String(),
    }
)


def derive_summary_stage(
    algorithm: Algorithm, raw: pl.DataFrame, patient: pl.DataFrame
) -> pl.DataFrame:
    """Derive the Summary Stage of registry tumors.

    Items that an algorithm does not take are left aside. Sex belongs to the person, not to the
    tumor: where the algorithm asks for it, it is that of `patient`, if it is one code and no other.

    Parameters
    ----------
    raw
        Slices of sources, see `outspread.tables.Raw`; those of registries are used.
    patient
        `patient_id` and `sex` of the same people.

    Returns
    -------
    `patient_id`, `source_ref`, `schema_id` and `summary_stage` of each tumor that could be staged;
    none if the algorithm derives no Summary Stage.

    Sources
    -------
    Extent of Disease 2018 [eod2018], Collaborative Stage [cs_02_05_50].
    """
    key = summary_stage_key(algorithm)
    cases = _cases(algorithm, raw)
    if key is None or cases.is_empty() or not {"site", "hist"} <= set(cases.columns):
        return pl.DataFrame(schema=_DERIVED)
    if SEX_KEY in algorithm.inputs_by_key and SEX_KEY not in cases.columns:
        sexes = patient.select("patient_id", _sex_code(pl.col("sex")).alias(SEX_KEY))
        cases = cases.join(sexes, on="patient_id", how="left", maintain_order="left")
    columns = {name: cases[name] for name in cases.columns if name not in TUMOR}
    staged = algorithm.stage_columns(columns, strict=False)
    return (
        cases.select(TUMOR)
        .with_columns(staged.select("schema_id", pl.col(key).alias("summary_stage")))
        .filter((pl.col("summary_stage") != "") & pl.col("schema_id").is_not_null())
    )


def summary_stage_key(algorithm: Algorithm) -> str | None:
    """Output of an algorithm that holds a code of Summary Stage."""
    keys = {known.algorithm: known.summary_stage for known in known_algorithms()}
    key = keys.get(algorithm.name)
    return key if key in algorithm.outputs else None


def _sex_code(sex: pl.Expr) -> pl.Expr:
    """Code of a registry for a sex; nothing for what several codes stand for."""
    codes = (
        known_codes()
        .filter(pl.col("codes") == "sex")
        .drop_nulls("means")
        .filter(pl.col("means").is_unique())
    )
    meanings = dict(codes.select("means", "value").iter_rows())
    return sex.cast(pl.String).replace_strict(meanings, default=None, return_dtype=pl.String)


def _cases(algorithm: Algorithm, raw: pl.DataFrame) -> pl.DataFrame:
    """One row per tumor, its items in columns by input key."""
    keys = {item.naaccr_xml_id: key for key, item in algorithm.inputs_by_key.items()}
    items = (
        raw.filter(pl.col("source_kind") == "naaccr")
        .select(*TUMOR, pl.col("content").str.extract_all(_ITEM).alias("item"))
        .explode("item")
        .drop_nulls("item")
        .select(
            *TUMOR,
            pl.col("item")
            .str.extract(_ITEM, 1)
            .replace_strict(keys, default=None, return_dtype=pl.String)
            .alias("key"),
            pl.col("item").str.extract(_ITEM, 2).str.replace_many(_PLAIN).alias("value"),
        )
        .drop_nulls("key")
    )
    year = pl.col("value").str.slice(0, 4)
    is_year = pl.col("key") == YEAR_KEY
    return items.with_columns(pl.when(is_year).then(year).otherwise("value").alias("value")).pivot(
        "key", index=TUMOR, values="value", aggregate_function="first"
    )
