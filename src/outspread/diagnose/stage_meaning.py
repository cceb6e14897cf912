"""What a stated category, group or code means for the extent, by cancer, system and edition."""

from functools import cache
from typing import Final

import polars as pl

from outspread.diagnose.knowledge import read_table
from outspread.empty import empty_from_empty

LEVEL: Final = {"in_situ": 1, "localized": 2, "regional": 3, "distant": 4}
"""Extents as rising integers; a claim holds the lowest and the highest level it can mean."""

STAGE_FIELDS: Final = ("stage_group", "t", "n", "m", "summary_stage")
_ASKED: Final = [
    "primary", "family", "field", "value", "stage_edition", "morphology", "youngest", "oldest",
]  # fmt: skip
_WHOLE: Final = r"^(\d|IV|I{1,3}|[A-D])"  # T2a as T2, IVC as IV
_HALF: Final = r"^((?:IV|I{1,3})[A-E]|\d[a-e])"  # IIIA1 as IIIA


@cache
def stage_systems() -> pl.DataFrame:
    """Staging systems that readers give: system, name, family, measures, source.

    `family` names the rows of `stage_extents` that hold for it; a system without one says nothing
    about the extent. `measures` is extent, blood, depth, grade or risk.
    """
    return read_table("stage_systems")


@cache
def stage_extents() -> pl.DataFrame:
    """What a stated category, group or code always means for the extent.

    Columns: row (id), primary (`*` any), system (family, `*` any), field, value, lower and upper
    (levels), m (which M the group can have), edition (`*` any), histology (codes, empty: any),
    min_age and max_age (years at diagnosis, empty: any), source.
    """
    lower = pl.col("extent").replace_strict(LEVEL, return_dtype=pl.Int64)
    upper = pl.coalesce("at_most", "extent").replace_strict(LEVEL, return_dtype=pl.Int64)
    far = pl.lit(LEVEL["distant"])
    usual_m = (
        pl.when(lower == far)
        .then(pl.lit("1"))
        .when(upper == far)
        .then(pl.lit("0 1"))
        .otherwise(pl.lit("0"))
    )
    table = read_table("stage_extent")
    return table.select(
        _row_id().alias("row"),
        "primary",
        "system",
        "field",
        "value",
        lower.alias("lower"),
        upper.alias("upper"),
        pl.coalesce("m", usual_m).alias("allowed_m"),
        "edition",
        pl.Series(
            "histology", [_codes(ranges) for ranges in table["histology"]], pl.List(pl.String)
        ),
        pl.col("min_age", "max_age").cast(pl.Int32),
        "source",
    )


def _row_id() -> pl.Expr:
    """Name a row by what it holds for: prostate/tnm/stage_group/IV/7."""
    conditions = ("histology", "min_age", "max_age")
    plain = pl.concat_str("primary", "system", "field", "value", "edition", separator="/")
    return plain + pl.concat_str(
        pl.when(pl.col(name).is_not_null())
        .then(pl.format(f"/{name}={{}}", pl.col(name)))
        .otherwise(pl.lit(""))
        for name in conditions
    )


def _codes(ranges: str | None) -> list[str] | None:
    """Histology codes of "8020-8021 8030"."""
    if ranges is None:
        return None
    ends = [(part.split("-")[0], part.split("-")[-1]) for part in ranges.split()]
    return [str(code) for low, high in ends for code in range(int(low), int(high) + 1)]


@cache
def _hanging() -> pl.Series:
    """Primaries of which some meaning hangs on histology or age."""
    conditions = pl.col("histology", "min_age", "max_age").is_not_null()
    return stage_extents().filter(pl.any_horizontal(conditions))["primary"].unique()


@cache
def _rows() -> pl.DataFrame:
    return stage_extents().drop("source").rename({"value": "tried", "primary": "for"})


@cache
def _general_rows() -> pl.DataFrame:
    return _rows().filter(pl.col("for") == "*").drop("for")


@empty_from_empty
def stage_meaning(stages: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """What each category, group and code of each stage statement means for its cancer.

    A value that is not listed is looked up again without what follows its number (T2a as T2, IVC
    as IV). Where the meaning hangs on edition, histology or age, it counts only where that is
    known. Values without a meaning give no row.

    Parameters
    ----------
    stages
        Stage statements with `d` and `family` (see `stage.select_stages`); those without `d` are
        left out.
    diseases
        Uses d, primary, spread_logic, morphology, youngest, oldest; blood cancers are left out.

    Returns
    -------
    One row per meaning: p, d, evidence_id, date, date_precision, field, value, lower, upper,
    allowed_m, row.
    """
    matters = pl.col("primary").is_in(_hanging().implode())
    solid = diseases.filter(pl.col("spread_logic").fill_null("solid") != "systemic").select(
        "d", "primary", pl.when(matters).then(pl.col("morphology", "youngest", "oldest"))
    )
    index = ["p", "d", "evidence_id", "date", "date_precision", "family", "stage_edition"]
    values = (
        stages.select(*index, *STAGE_FIELDS)
        .unpivot(on=STAGE_FIELDS, index=index, variable_name="field", value_name="value")
        .drop_nulls("value")
        .join(solid, on="d")
    )
    found = _look_up(values.select(_ASKED).unique())
    return values.join(found, on=_ASKED, nulls_equal=True).drop(
        "family", "stage_edition", "primary", "morphology", "youngest", "oldest"
    )


def _look_up(asked: pl.DataFrame) -> pl.DataFrame:
    """Find the most fitting row for each distinct question."""
    number = asked.with_row_index("question")
    value = pl.col("value")
    is_code = pl.col("field") == "summary_stage"
    tries = pl.concat(
        [
            number.with_columns(value.alias("tried"), pl.lit(0).alias("rank")),
            number.filter(~is_code).with_columns(
                value.str.extract(_HALF).alias("tried"), pl.lit(1).alias("rank")
            ),
            number.filter(~is_code).with_columns(
                value.str.extract(_WHOLE).alias("tried"), pl.lit(2).alias("rank")
            ),
        ]
    ).drop("value")
    own = tries.join(
        _rows(), left_on=["primary", "field", "tried"], right_on=["for", "field", "tried"]
    ).with_columns(pl.lit(0).alias("is_general"))
    general = tries.join(_general_rows(), on=["field", "tried"]).with_columns(
        pl.lit(1).alias("is_general")
    )
    conditions = pl.sum_horizontal(
        pl.col("edition") == "*", pl.col("histology", "min_age", "max_age").is_null()
    )
    best = (
        pl.concat([own, general])
        .filter(_fits())
        .with_columns(conditions.alias("looseness"))
        .sort("question", "rank", "is_general", "looseness", "row")
        .unique("question", keep="first", maintain_order=True)
        .select("question", "lower", "upper", "allowed_m", "row")
    )
    return number.join(best, on="question").drop("question")


def _fits() -> pl.Expr:
    """Tell whether the conditions of a row hold; a condition on what is unknown does not."""
    system = (pl.col("system") == "*") | (pl.col("system") == pl.col("family"))
    edition = (pl.col("edition") == "*") | pl.col("edition").str.split(" ").list.contains(
        pl.col("stage_edition")
    )
    histology = pl.col("histology").is_null() | pl.col("histology").list.contains(
        pl.col("morphology")
    )
    age = (pl.col("min_age").is_null() | (pl.col("youngest") >= pl.col("min_age"))) & (
        pl.col("max_age").is_null() | (pl.col("oldest") <= pl.col("max_age"))
    )
    return pl.all_horizontal(
        condition.fill_null(value=False) for condition in (system, edition, histology, age)
    )
