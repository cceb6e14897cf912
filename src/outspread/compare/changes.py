"""What differs? Stories of the same people in two runs, fact by fact."""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from outspread.anatomy.load import sites
from outspread.compare.pairs import pair_diseases
from outspread.tables import polars_schema

CHANGE: Final[dict[str, pl.DataType]] = {
    "patient_id": pl.String(),
    "disease": pl.String(),
    "what": pl.String(),
    "about": pl.String(),
    "old": pl.String(),
    "new": pl.String(),
    "causes": pl.List(pl.String()),
}
NOT_COMPARED: Final[dict[str, tuple[str, ...]]] = {
    # Ids, the evidence and rules behind a fact, and facts that move with every visit.
    "disease": (
        "patient_id", "disease_id", "extent_rule", "extent_evidence_ids", "status_date",
        "status_date_precision", "status_evidence_ids", "stage_evidence_ids", "interval_days",
        "evidence_ids", "rule_ids", "status_rule", "min_interval_days", "max_interval_days",
        "candidate_reasons",
    ),
    "lesion": (
        "patient_id", "lesion_id", "disease_id", "role", "site", "report_site", "laterality",
        "side", "contiguity", "first_seen_date", "first_seen_date_precision", "last_seen_date",
        "size_mm", "count", "decided_by", "knowledge_rows", "evidence_ids",
        "state_date", "state_date_precision", "state_evidence_ids",
    ),
    "conflict": (
        "patient_id", "conflict_id", "disease_id", "kind", "left_says", "left_evidence_ids",
        "right_says", "right_evidence_ids", "reason",
    ),
    "staging": (
        "patient_id", "staging_id", "disease_id", "system", "measures", "edition", "basis", "date",
        "date_precision", "t", "n", "m", "stage_group", "summary_stage", "rule_ids",
        "knowledge_rows", "evidence_ids",
    ),
    "event": (
        "patient_id", "event_id", "disease_id", "kind", "status", "lesion_id", "rule_id",
        "evidence_ids",
    ),
}  # fmt: skip
"""What a change of which is none of the story; every other column is compared."""

_NEEDED: Final = {
    "disease": ("disease_id", "primary", "laterality", "origin_status", "name"),
    "lesion": (
        "disease_id", "lesion_id", "role", "site", "laterality", "contiguity", "reach", "certainty",
    ),
    "conflict": ("disease_id", "kind", "left_says", "right_says"),
    "staging": (
        "disease_id", "system", "edition", "basis", "t", "n", "m", "stage_group", "summary_stage",
        "means_lower", "means_upper",
    ),
    "event": ("disease_id", "kind", "status", "lesion_id", "date", "date_precision"),
}  # fmt: skip
_VALUES: Final = {
    "stage_group": "stage {}", "t": "T{}", "n": "N{}", "m": "M{}",
    "summary_stage": "Summary Stage {}",
}  # fmt: skip
_STAGE: Final = _VALUES | {"stage_system": "({})", "stage_edition": "(edition {})"}
_STAGING: Final = {"basis": "{}"} | _VALUES | {"system": "({})", "edition": "(edition {})"}
_KEY: Final = ["patient_id", "pair", "about", "rank"]


def read_columns(table: str, columns: Iterable[str]) -> list[str]:
    """Choose of some columns those that are compared or tell what is compared with what."""
    needed = {"patient_id", *_NEEDED[table]}
    return [name for name in columns if name in needed or name not in NOT_COMPARED[table]]


def find_changes(old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Compare the stories of some people.

    Parameters
    ----------
    old, new
        `patient` (all people, with or without a cancer) and, where both runs have them, the
        tables of the story, in the columns that both have.

    Returns
    -------
    One row per change, columns of `CHANGE` without the causes, sorted by patient and cancer.
    """
    before, after = (_completed(tables) for tables in (old, new))
    stay = before["patient"].join(after["patient"], on="patient_id", how="semi")
    left, right = (
        {name: rows.join(stay, on="patient_id", how="semi") for name, rows in tables.items()}
        for tables in (before, after)
    )
    pairs = pair_diseases(left["disease"], right["disease"])
    nothing = "no cancer found" if "disease" in old else "cancers not compared"
    parts = [_changed_people(before, after, stay, nothing=nothing)]
    things = {
        "disease": _diseases, "lesion": _lesions, "staging": _stagings, "event": _events,
        "conflict": _conflicts,
    }  # fmt: skip
    for what, items in things.items():
        parts.append(_compared(items(left, pairs, "old_id"), items(right, pairs, "new_id"), what))
    return (
        pl.concat(parts, how="diagonal_relaxed")
        .with_row_index("order")
        .join(pairs.select("pair", "disease"), on="pair", how="left")
        .sort("patient_id", "pair", "order", nulls_last=True)
        .select([name for name in CHANGE if name != "causes"])
    )


def count_extents(changes: pl.DataFrame) -> pl.DataFrame:
    """How many cancers went from one extent to another: old, new, count."""
    return (
        changes.filter(pl.col("what") == "extent")
        .group_by("old", "new")
        .agg(pl.len().alias("count"))
        .sort("old", "new")
    )


_NOBODY: Final = pl.DataFrame(schema={"patient_id": pl.String})


def _completed(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Add tables and columns that are needed and that one of the runs does not have."""
    completed = {"patient": tables["patient"]}
    for table, names in _NEEDED.items():
        rows, schema = tables.get(table, _NOBODY), polars_schema(table)
        missing = [name for name in names if name not in rows.columns]
        completed[table] = rows.with_columns(
            pl.lit(None, dtype=schema[name]).alias(name) for name in missing
        )
    return completed


def _changed_people(
    before: Mapping[str, pl.DataFrame],
    after: Mapping[str, pl.DataFrame],
    stay: pl.DataFrame,
    *,
    nothing: str,
) -> pl.DataFrame:
    """People who are in one run only, with the names of their cancers."""
    parts = []
    for tables, column in ((before, "old"), (after, "new")):
        names = tables["disease"].group_by("patient_id").agg(pl.col("name").sort())
        words = pl.col("name").list.join("; ").fill_null(nothing)
        parts.append(
            tables["patient"]
            .join(stay, on="patient_id", how="anti")
            .join(names, on="patient_id", how="left")
            .select("patient_id", pl.lit("patient").alias("what"), words.alias(column))
        )
    return pl.concat(parts, how="diagonal")


def _diseases(tables: Mapping[str, pl.DataFrame], pairs: pl.DataFrame, key: str) -> pl.DataFrame:
    rows = tables["disease"]
    facts = {name: text for name, text in _facts(rows, "disease").items() if name not in _STAGE}
    return _items(
        _owned(rows, pairs, key).filter(pl.col("pair").is_not_null()),
        about=pl.lit(None, dtype=pl.String),
        brief=pl.col("name"),
        facts=facts | {"stage": _said(rows, _STAGE).replace("", None)},
    )


def _said(rows: pl.DataFrame, words: Mapping[str, str]) -> pl.Expr:
    """What columns say in words, those that are there and not empty."""
    stated = [pl.format(said, _plain(name)) for name, said in words.items() if name in rows.columns]
    return pl.concat_str(stated, separator=" ", ignore_nulls=True) if stated else pl.lit("")


def _lesions(tables: Mapping[str, pl.DataFrame], pairs: pl.DataFrame, key: str) -> pl.DataFrame:
    """Places of spread; the origin is told by its disease."""
    names = sites().select(pl.col("id").alias("site"), pl.col("name").alias("site_name"))
    owned = _owned(tables["lesion"], _in_both(pairs), key)
    place = pl.coalesce("site_name", "site").fill_null("a place that is not stated")
    return _items(
        owned.filter(pl.col("pair").is_not_null() & pl.col("role").ne_missing("primary")).join(
            names, on="site", how="left"
        ),
        about=pl.concat_str(
            place, _plain("laterality"), "contiguity", separator=", ", ignore_nulls=True
        ),
        brief=pl.concat_str(_plain("reach"), "certainty", separator=", ", ignore_nulls=True),
        facts=_facts(tables["lesion"], "lesion"),
    )


def _stagings(tables: Mapping[str, pl.DataFrame], pairs: pl.DataFrame, key: str) -> pl.DataFrame:
    """Stagings by what they say: stated again on another day they say nothing new."""
    owned = _owned(tables["staging"], _in_both(pairs), key).with_columns(
        pl.col("means_lower", "means_upper").cast(pl.String)
    )
    stated = owned.filter(pl.col("pair").is_not_null() | pl.col("disease_id").is_null())
    means = (
        pl.concat_list("means_lower", "means_upper")
        .list.drop_nulls()
        .list.unique(maintain_order=True)
    )
    words = pl.format("means {}", means.list.join(" to "))
    return _items(
        stated.with_columns(_said(stated, _STAGING).alias("said"))
        .sort("patient_id", "pair", "said")
        .unique(["patient_id", "pair", "said"], keep="first", maintain_order=True),
        about=pl.col("said"),
        brief=pl.when(means.list.len() > 0).then(words).otherwise(pl.lit("says no extent")),
        facts=_facts(tables["staging"], "staging"),
    )


def _events(tables: Mapping[str, pl.DataFrame], pairs: pl.DataFrame, key: str) -> pl.DataFrame:
    """What happened, each time that it did."""
    names = sites().select(pl.col("id").alias("site"), pl.col("name").alias("site_name"))
    places = tables["lesion"].filter(pl.col("role").ne_missing("primary")).join(
        names, on="site", how="left"
    ).select("patient_id", "lesion_id", "laterality", "site_name")  # fmt: skip
    owned = _owned(tables["event"], _in_both(pairs), key).join(
        places, on=["patient_id", "lesion_id"], how="left", maintain_order="left"
    )
    what = pl.coalesce(_plain("status"), _plain("kind"))
    return _items(
        owned.filter(pl.col("pair").is_not_null()),
        about=pl.concat_str(
            what, "site_name", _plain("laterality"), separator=", ", ignore_nulls=True
        ),
        brief=_facts(tables["event"], "event")["date"].fill_null("undated"),
        facts=_facts(tables["event"], "event"),
    )


def _conflicts(tables: Mapping[str, pl.DataFrame], pairs: pl.DataFrame, key: str) -> pl.DataFrame:
    owned = _owned(tables["conflict"], _in_both(pairs), key)
    return _items(
        owned.filter(pl.col("pair").is_not_null() | pl.col("disease_id").is_null()),
        about=pl.concat_str("left_says", pl.lit("against"), "right_says", separator=" "),
        brief=pl.col("kind"),
        facts=_facts(tables["conflict"], "conflict"),
    )


def _in_both(pairs: pl.DataFrame) -> pl.DataFrame:
    """Leave out cancers that came or went: their name says where they are."""
    return pairs.filter(pl.col("old_id").is_not_null() & pl.col("new_id").is_not_null())


def _owned(rows: pl.DataFrame, pairs: pl.DataFrame, key: str) -> pl.DataFrame:
    owners = pairs.select("patient_id", pl.col(key).alias("disease_id"), "pair")
    return rows.join(owners, on=["patient_id", "disease_id"], how="left", maintain_order="left")


def _facts(rows: pl.DataFrame, table: str) -> dict[str, pl.Expr]:
    """Every column that is compared, as text; a date as exactly as it is known."""
    texts = {}
    for name, dtype in rows.schema.items():
        if name in NOT_COMPARED[table] or name.endswith("date_precision"):
            continue
        column = pl.col(name)
        if isinstance(dtype, pl.List):
            texts[name] = column.cast(pl.List(pl.String)).list.join(" or ")
        elif f"{name}_precision" in rows.columns:
            length = pl.col(f"{name}_precision").replace_strict(
                {"month": 7, "year": 4}, default=10, return_dtype=pl.UInt32
            )
            texts[name] = column.cast(pl.String).str.head(length)
        else:
            texts[name] = column.cast(pl.String)
    return texts


def _plain(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.replace_all("_", " ", literal=True)


def _items(
    rows: pl.DataFrame, *, about: pl.Expr, brief: pl.Expr, facts: Mapping[str, pl.Expr]
) -> pl.DataFrame:
    """Things that a story holds, with what they are told apart by, and their facts as text."""
    items = rows.select(
        "patient_id",
        "pair",
        about.alias("about"),
        brief.alias("brief"),
        pl.lit(value=True).alias("is_here"),
        *(text.alias(name) for name, text in facts.items()),
    )
    return items.with_columns(pl.int_range(pl.len()).over(_KEY[:-1]).alias("rank"))


def _compared(old: pl.DataFrame, new: pl.DataFrame, what: str) -> pl.DataFrame:
    """Things that came or went, and facts that changed of those in both runs."""
    both = old.join(new, on=_KEY, how="full", coalesce=True, nulls_equal=True, suffix="_new")
    was, now = pl.col("is_here").is_not_null(), pl.col("is_here_new").is_not_null()
    parts = [_named(both.filter(was != now), what, "brief")]
    stayed = both.filter(was & now)
    for fact in old.columns:
        if fact not in {*_KEY, "brief", "is_here"}:
            changed = pl.col(fact).ne_missing(pl.col(f"{fact}_new"))
            parts.append(_named(stayed.filter(changed), fact, fact))
    return pl.concat(parts)


def _named(rows: pl.DataFrame, what: str, column: str) -> pl.DataFrame:
    return rows.sort("patient_id", "pair", "about", "rank").select(
        "patient_id",
        "pair",
        pl.lit(what).alias("what"),
        "about",
        pl.col(column).alias("old"),
        pl.col(f"{column}_new").alias("new"),
    )
