"""One table of all codes: those of `codes.csv`, and those that sites and primaries carry."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.checks import CLOSED
from outspread.errors import KnowledgeError

UNKNOWN_PRIMARY: Final = "cup"  # id of anatomy/primaries
NOT_STATED: Final = "not_stated"
OWN_SYSTEM: Final = "outspread"  # codes of our own: the ids of sites and primaries
COLUMNS: Final = (
    "system", "code", "match", "role", "primary", "site", "laterality", "origin", "histology",
    "behavior", "sex", "temporality", "stage_group", "ambiguous", "note", "source",
)  # fmt: skip


def plain_code(column: str) -> pl.Expr:
    """Give a code without blanks and dots, in capitals."""
    return pl.col(column).str.to_uppercase().str.replace_all(r"[\s.]", "")


@cache
def code_table() -> pl.DataFrame:
    """Codes with what they mean: `COLUMNS` as text, `code` plain, `rule` the id of the row."""
    frames = [load.load("codes"), _of_primaries(), _of_sites(), _own_ids()]
    return complete(pl.concat(frames, how="diagonal"))


def complete(table: pl.DataFrame) -> pl.DataFrame:
    """Bring a table of codes to `COLUMNS`, all text; missing columns are null."""
    full = table.select(
        pl.col(c).cast(pl.String) if c in table.columns else pl.lit(None, pl.String).alias(c)
        for c in COLUMNS
    )
    return full.with_columns(
        code=plain_code("code"),
        match=pl.col("match").fill_null("exact"),
        ambiguous=pl.col("ambiguous").fill_null("no"),
        rule=pl.format("{}:{}", "system", "code"),
    )


def own_codes(extra: pl.DataFrame) -> pl.DataFrame:
    """Bring a site's own map to our form.

    Raises
    ------
    KnowledgeError
        K023 if a needed column is missing, or a vocabulary, role, primary or site is not ours.
    """
    missing = [name for name in ("system", "code", "role") if name not in extra.columns]
    if missing:
        message = f"K023: the map of codes has no column {', '.join(missing)}."
        raise KnowledgeError(message)
    names = load.load("systems").select("name", vocabulary="system")
    map_ = extra.with_columns(name=pl.col("system").str.strip_chars().str.to_lowercase())
    map_ = map_.join(names, on="name", how="left", maintain_order="left")
    table = complete(map_.drop("system").rename({"vocabulary": "system"}))
    known = {
        "system": names["vocabulary"],
        "role": pl.Series(sorted(CLOSED["codes", "role"])),
        "primary": load.primaries()["id"],
        "site": load.sites()["id"],
    }
    for column, values in known.items():
        value = pl.col(column).fill_null("" if column in ("system", "role") else values[0])
        bad = table.filter(~value.is_in(values.implode())).height
        if bad:
            message = f"K023: the map of codes has {bad} rows whose {column} is none of ours."
            raise KnowledgeError(message)
    return table


def _of_primaries() -> pl.DataFrame:
    """ICD-10 codes that by themselves mean a primary, as prefixes."""
    return (
        load.load("primaries")
        .select("source", primary="id", code=pl.col("icd10").str.split(" "))
        .explode("code")
        .drop_nulls("code")
        .with_columns(
            system=pl.lit("icd10"),
            match=pl.lit("prefix"),
            role=pl.lit("primary"),
            behavior=pl.lit("malignant"),
        )
    )


def _of_sites() -> pl.DataFrame:
    """SNOMED CT body structures of the sites."""
    return (
        load.sites()
        .select("source", site="id", code="snomed")
        .drop_nulls("code")
        .with_columns(system=pl.lit("snomed"), match=pl.lit("exact"), role=pl.lit("body_site"))
        .unique("code", keep="first", maintain_order=True)
    )


def _own_ids() -> pl.DataFrame:
    """Our own ids as codes: what outspread has written, it reads exactly as it was meant."""
    places, cancers = load.sites().select(site="id"), load.primaries().select(primary="id")
    is_unknown = pl.col("primary") == UNKNOWN_PRIMARY
    role = pl.when(is_unknown).then(pl.lit("unknown_primary")).otherwise(pl.lit("primary"))
    frames = [
        places.with_columns(kind=pl.lit("site"), role=pl.lit("body_site")),
        places.with_columns(
            kind=pl.lit("secondary"), role=pl.lit("secondary"), behavior=pl.lit("metastatic")
        ),
        cancers.with_columns(kind=pl.lit("primary"), role=role, behavior=pl.lit("malignant")),
        cancers.with_columns(kind=pl.lit("in_situ"), role=role, behavior=pl.lit("in_situ")),
        cancers.with_columns(kind=pl.lit("tumor"), role=role),
    ]
    somewhere = {"kind": "secondary", "role": "secondary", "behavior": "metastatic"}
    ids = pl.concat([*frames, pl.DataFrame(somewhere)], how="diagonal").with_columns(
        name=pl.coalesce("site", "primary", pl.lit(NOT_STATED))
    )
    return ids.with_columns(
        code=pl.format("{}:{}", "kind", "name"),
        system=pl.lit(OWN_SYSTEM),
        match=pl.lit("exact"),
        source=pl.lit("own"),
    ).drop("kind", "name")
