"""What the codes, cancers and places of rows mean, each distinct one resolved once."""

from typing import Final

import polars as pl

from outspread.anatomy.codes import OUTPUT, resolve_codes
from outspread.read.columns.cells import behavior_digits
from outspread.read.columns.values import Place, read_primary, read_site, read_word
from outspread.read.places import is_generic, is_within, organ_of, primary_at
from outspread.read.vocabulary import load_rows

TOPOGRAPHY: Final = "icdo3"
_SHORT: Final = r"^[Cc]\d\d\.?\d?$"
_PLACES: Final = ("site", "primary", "origin")


def resolve_rows(rows: pl.DataFrame, *, extra: pl.DataFrame | None) -> pl.DataFrame:
    """Add what code, cancer, place and origin of each row mean.

    Parameters
    ----------
    rows
        As `read_cells` gives them.
    extra
        A site's own codes.

    Returns
    -------
    The same rows with the columns of `resolve_codes` for the code (`code_*`) and for the code in
    the columns site, primary, origin (`site_*` ...), and the words in these as `site_word_site`,
    `site_word_laterality`, `primary_word_primary` ...
    """
    morphology = _morphology(rows)
    asked = {"code": _question(rows, "code", "code_system")}
    forms = rows.select(
        pl.when(_shape(name) == "icd10")
        .then(
            pl.when(pl.col(name).str.contains(_SHORT))
            .then(pl.lit(TOPOGRAPHY))
            .otherwise(pl.lit("icd10"))
        )
        .otherwise(_shape(name))
        .alias(name)
        for name in _PLACES
    )
    for name in _PLACES:
        is_code = forms[name].is_not_null()
        asked[name] = pl.DataFrame({"system": forms[name], "code": rows[name]}).select(
            "system", pl.when(is_code).then("code").alias("code")
        )
    whole = pl.concat(
        frame.with_columns(rows["sex"], morphology=_with(frame, morphology))
        for frame in asked.values()
    )
    meant = resolve_codes(whole, extra=extra).select(*OUTPUT)
    parts = [
        meant.slice(number * rows.height, rows.height).select(pl.all().name.prefix(f"{name}_"))
        for number, name in enumerate(asked)
    ]
    worded = [_words(rows[name].filter(forms[name].is_null()), rows[name]) for name in _PLACES]
    return pl.concat([rows, *parts, *worded], how="horizontal")


def _shape(name: str) -> pl.Expr:
    return pl.coalesce(
        pl.when(pl.col(name).str.contains(row["shape"])).then(pl.lit(row["system"]))
        for row in load_rows("columns_shapes.csv")
    )


def _question(rows: pl.DataFrame, code: str, system: str) -> pl.DataFrame:
    return rows.select(pl.col(system).alias("system"), pl.col(code).alias("code"))


def _morphology(rows: pl.DataFrame) -> pl.Series:
    digit = pl.col("behavior").replace_strict(behavior_digits(), default=None)
    digit = pl.coalesce("behavior_digit", digit)
    whole = pl.concat_str("morphology", pl.lit("/"), digit)
    return rows.select(pl.coalesce(whole, "morphology").alias("morphology")).to_series()


def _with(frame: pl.DataFrame, morphology: pl.Series) -> pl.Series:
    """Morphology decides with a topography only: beside another code it is its own statement."""
    asked = frame.with_columns(morphology)
    is_topography = pl.col("system") == TOPOGRAPHY
    return asked.select(pl.when(is_topography).then("morphology")).to_series()


def _words(texts: pl.Series, whole: pl.Series) -> pl.DataFrame:
    """Primary, site and laterality of the words of one column."""
    name = texts.name
    known = texts.drop_nulls().unique()
    places = [_read_place(text, name) or Place() for text in known]
    columns = []
    for field in Place._fields:
        values = pl.Series([getattr(place, field) for place in places], dtype=pl.String)
        column = whole.replace_strict(known, values, return_dtype=pl.String, default=None)
        columns.append(column.alias(f"{name}_word_{field}"))
    return pl.DataFrame(columns)


def _read_place(text: str, name: str) -> Place | None:
    said = read_word(text, name)
    if said is not None:
        return Place(said or None)
    return read_site(text) if name == "site" else read_primary(text)


def combine_places(whole: pl.Series, part: pl.Series) -> pl.DataFrame:
    """Settle two names of one place: the finer one; `is_mismatch` where neither holds the other.

    Where they disagree the first is kept; one that names no place gives way.
    """
    pairs = pl.DataFrame({"whole": whole, "part": part})
    distinct = pairs.unique()
    settled = [_settle(*pair) for pair in distinct.rows()]
    answers = distinct.with_columns(
        site=pl.Series([site for site, _ in settled], dtype=pl.String),
        is_mismatch=pl.Series([bad for _, bad in settled], dtype=pl.Boolean),
    )
    joined = pairs.join(
        answers, on=["whole", "part"], how="left", nulls_equal=True, maintain_order="left"
    )
    return joined.select("site", "is_mismatch")


def _settle(whole: str | None, part: str | None) -> tuple[str | None, bool]:
    if part is None or whole is None or is_generic(whole):
        return part or whole, False
    if is_within(part, whole):
        return part, False
    return whole, not is_within(whole, part)


def organs(primary: pl.Series) -> pl.Series:
    """Site of the organ of each cancer."""
    known = primary.drop_nulls().unique()
    found = pl.Series([organ_of(name) for name in known], dtype=pl.String)
    return primary.replace_strict(known, found, return_dtype=pl.String, default=None)


def cancers_at(site: pl.Series) -> pl.Series:
    """Cancer that usually starts at each site."""
    known = site.drop_nulls().unique()
    found = pl.Series([primary_at(name) for name in known], dtype=pl.String)
    return site.replace_strict(known, found, return_dtype=pl.String, default=None)
