"""ICD-O-3 topography: the primary it means with a histology, and the site it names."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.spans import spell_out, split_ranges

TOPOGRAPHY_SYSTEM: Final = "icdo3"
_NO_PRIMARY: Final = "cup"  # what the selection says of ill-defined sites


@cache
def _selection_sites() -> pl.DataFrame:
    """Rows of the selection by topography: `selected`, `primary`, `sex`, `in_doubt`, `order`."""
    rows = load.load("selection").with_row_index("order").select(
        "order", "primary", "icdo3", selected="id", sex_asked="sex", in_doubt="in_doubt"
    )  # fmt: skip
    codes = spell_out(split_ranges(rows, "icdo3"))
    return codes.join(load.topographies().select("topography"), on="topography", how="semi")


@cache
def _selection_histologies() -> pl.DataFrame:
    return split_ranges(load.load("selection").select("histology", selected="id"), "histology")


def _selected(asked: pl.DataFrame) -> pl.DataFrame:
    """The primary that topography and histology select: `key`, `primary`, how sure.

    A row in doubt (it hangs on something the code does not tell) counts only if no other fits. Of
    several the first of the file is taken and marked ambiguous.
    """
    pairs = asked.select("key", "number", "sex_code", histology=pl.col("histology").cast(pl.Int32))
    rows = (
        pairs.drop_nulls(["number", "histology"])
        .join(_selection_sites(), left_on="number", right_on="topography")
        .filter(pl.col("sex_asked").is_null() | (pl.col("sex_asked") == pl.col("sex_code")))
        .join(_selection_histologies(), on="selected")
        .filter(pl.col("histology").is_between(pl.col("first"), pl.col("last")))
    )
    sure = rows.filter(
        (pl.col("in_doubt") == "no") | (pl.col("in_doubt") == "yes").all().over("key")
    ).sort("order")
    return sure.group_by("key").agg(
        selected_primary=pl.col("primary").first(),
        selected_rule=pl.col("selected").first(),
        selected_ambiguous=pl.col("primary").n_unique() > 1,
    )


def with_primary_of_histology(asked: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Let the histology of an ICD-O-3 topography choose the primary; else its usual carcinoma."""
    own = asked.filter(pl.col("vocabulary") == TOPOGRAPHY_SYSTEM)
    chosen = answers.join(_selected(own), on="key", how="left")
    named = pl.col("selected_primary").is_not_null() & (pl.col("selected_primary") != _NO_PRIMARY)
    return chosen.with_columns(
        role=pl.when(named).then(pl.lit("primary")).otherwise("role"),
        primary=pl.when(named).then("selected_primary").otherwise("primary"),
        behavior=pl.when(named).then(pl.lit("malignant")).otherwise("behavior"),
        is_ambiguous=pl.when(named).then("selected_ambiguous").otherwise("is_ambiguous"),
        code_note=pl.when(named).then(None).otherwise("code_note"),
        code_rule=pl.when(named)
        .then(pl.concat_str(pl.lit("selection:"), "selected_rule"))
        .otherwise("code_rule"),
    ).drop("selected_primary", "selected_rule", "selected_ambiguous")


def with_topography(answers: pl.DataFrame) -> pl.DataFrame:
    """Add `topography` of primaries coded in ICD-10 or ICD-O-3, and fill `site` from it."""
    coded = answers.filter(pl.col("vocabulary").str.starts_with("icd")).select(
        "key", "plain", "number", "role", "vocabulary"
    )
    found = coded.join(_number_of(coded), on="key", how="left").join(
        load.topographies().select(found="topography", found_site="site"), on="found", how="left"
    )
    digits = pl.col("found").cast(pl.String).str.pad_start(3, "0")
    places = found.select(
        "key",
        "found_site",
        topography=pl.format("C{}.{}", digits.str.head(2), digits.str.tail(1)),
    )
    organs = load.primaries().select("organ_site", primary="id")
    return (
        answers.join(places, on="key", how="left")
        .join(organs, on="primary", how="left")
        .with_columns(
            site=pl.coalesce("site", "found_site", "organ_site"),
        )
    )


def _number_of(coded: pl.DataFrame) -> pl.DataFrame:
    """The existing topography code behind a code: its own, or the whole of its category.

    ICD-10 codes of melanoma and in situ tumors are recoded first; codes that name no place
    (blood cancers, mesothelioma) have none.
    """
    recoded = load.load("recoded").select("prefix", "category", "keeps_part")
    part = pl.when(pl.col("keeps_part") == "yes").then(pl.col("plain").str.slice(3, 1))
    moved = coded.with_columns(prefix=pl.col("plain").str.head(3)).join(
        recoded, on="prefix", how="left"
    )
    code = pl.when(pl.col("category").is_not_null()).then(
        pl.concat_str("category", part.fill_null(""))
    ).otherwise("plain")  # fmt: skip
    place = moved.filter(
        (pl.col("role") == "primary") | (pl.col("vocabulary") == TOPOGRAPHY_SYSTEM)
    ).select("key", digits=code.str.extract(r"^C(\d{2}\d?)\d*$", 1))
    exact = pl.col("digits").str.len_chars() == 3
    whole = pl.col("digits").str.head(2) + "9"
    options = pl.concat(
        [
            place.filter(exact).select("key", found=pl.col("digits").cast(pl.Int32)),
            place.select("key", found=whole.cast(pl.Int32)),
        ]
    )
    existing = options.join(load.topographies(), left_on="found", right_on="topography", how="semi")
    return existing.unique("key", keep="first", maintain_order=True)
