"""Same cancer or a new one? Statements of one cancer on one side, told apart where that is safe.

A registry that gives two tumors has decided. Elsewhere the Solid Tumor Rules tell (as data,
`data/same_cancer.csv`), more carefully than registries use them: another histology or another part
of the organ may found a cancer of its own (`outspread.diagnose.kinds`); a later statement of the
same kind does so only after a statement that the person was free of disease, and more than the
listed time after the last sign of it. Everything else is one cancer, with a doubt.
"""

from typing import Final, NamedTuple

import polars as pl

from outspread.diagnose.evidence import counts, latest_day
from outspread.diagnose.kinds import (
    HISTOLOGY_DAYS,
    KEY,
    has_several_tumors,
    is_solid,
    part_by_kind,
)
from outspread.diagnose.knowledge import same_cancer_rules, with_histology_group
from outspread.empty import empty_from_empty
from outspread.tables import STATUS

_FREE: Final = "no_sign_of_disease"
_SIGNS: Final = STATUS[STATUS.index(_FREE) + 1 :]
_RECURRENCES: Final = tuple(name for name in STATUS if name.endswith("recurrence"))


class Parted(NamedTuple):
    """Statements with `key_part` and `part_rule`, and what stays in doubt (KEY, doubt, ids)."""

    statements: pl.DataFrame
    doubts: pl.DataFrame


def with_tumor_ref(statements: pl.DataFrame) -> pl.DataFrame:
    """Add `tumor_ref`: the record of the tumor that a statement belongs to.

    A histology that points to a condition of the same cancer is a statement of that tumor.
    """
    refs = (
        statements.filter(pl.col("is_direct"))
        .select("p", "primary", pl.col("source_ref").alias("about_ref"))
        .unique()
        .with_columns(pl.col("about_ref").alias("tumor_ref"))
    )
    return statements.join(refs, on=["p", "primary", "about_ref"], how="left").with_columns(
        pl.coalesce("tumor_ref", "source_ref")
    )


def registry_tumors(statements: pl.DataFrame) -> pl.DataFrame:
    """Tumors of people of whom a registry gives several of one cancer: p, primary, tumor_ref."""
    tumors = statements.filter(
        pl.col("is_direct") & (pl.col("source_kind") == "naaccr") & is_solid()
    )
    listed = tumors.select("p", "primary", "tumor_ref").unique()
    return listed.filter(pl.len().over("p", "primary") > 1)


def part_cancers(statements: pl.DataFrame, findings: pl.DataFrame) -> Parted:
    """Tell apart several cancers of one kind on one side.

    Parameters
    ----------
    statements
        Statements with the columns of `KEY`, tumor_ref and is_direct; several rows of one
        statement where it fits both sides.
    findings
        All usable findings: courses and spread say when the person was ill or free of disease.

    Returns
    -------
    The statements with `histology_group`, `key_part` (null: only one cancer) and `part_rule`; a
    statement that fits several parts comes once for each. And the doubts.
    """
    rows = with_histology_group(statements)
    if not has_several_tumors(rows):
        return _unparted(rows)
    signs = _signs(findings, rows)
    grouped, near = part_by_kind(rows, signs)
    first_day = pl.col("date").filter("is_direct").min().over(*KEY, "tumor_ref")
    told = _is_diagnosis(findings)
    grouped = grouped.with_columns(pl.when(told).then(first_day).alias("tumor_date"))
    dated = _by_time(grouped, signs)
    rows = grouped.join(
        dated.select(*KEY, "kind_part", pl.col("date").alias("tumor_date"), "time_part"),
        on=[*KEY, "kind_part", "tumor_date"],
        how="left",
        nulls_equal=True,
    )
    return Parted(_spelled(rows), pl.concat([near, _time_doubts(dated, grouped)]))


def _is_diagnosis(findings: pl.DataFrame) -> pl.Expr:
    """Tell what states a tumor of its own day: of notes the first, and tissue of it alone."""
    is_spread = (pl.col("role") == "secondary") & (pl.col("polarity") == "affirmed")
    spread = findings.filter(is_spread)["source_ref"].unique().implode()
    is_tissue = (pl.col("method") == "pathology") & (pl.col("temporality") == "current")
    is_tissue &= pl.col("primary").n_unique().over("p", "source_ref") == 1
    is_first = pl.col("date") == pl.col("date").min().over(KEY)
    is_own = is_first | (is_tissue & ~pl.col("source_ref").is_in(spread))
    is_note = pl.col("source_kind") == "document"
    return pl.col("is_direct") & (~is_note | is_own).fill_null(value=False)


def _unparted(rows: pl.DataFrame) -> Parted:
    """What `part_cancers` gives where no cancer has several tumors."""
    none, ids = pl.lit(None, pl.String), pl.List(pl.String)
    doubts = rows.clear().select(
        *KEY, none.alias("doubt"), pl.lit(None, ids).alias("left_ids"), right_ids=pl.lit(None, ids)
    )
    return Parted(rows.with_columns(none.alias("key_part"), none.alias("part_rule")), doubts)


def _signs(findings: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Say when the person was ill with this cancer, free of it, or said to have a recurrence.

    A course belongs to the cancer that it is linked to. Without a link, signs of disease count for
    all cancers of the person, and freedom from disease only where there is but one.
    """
    keys = statements.filter(pl.col("is_direct") & is_solid()).select(*KEY).unique()
    sole = keys.filter(pl.col("primary").n_unique().over("p") == 1)
    told = _courses(findings).join(keys.select("p").unique(), on="p", how="semi")
    refs = (
        statements.filter("is_direct").select(*KEY, pl.col("tumor_ref").alias("about_ref")).unique()
    )
    linked = told.join(refs, on=["p", "about_ref"])
    facts = ["p", "sign", "date", "last_day"]
    loose = told.join(refs.select("p", "about_ref").unique(), on=["p", "about_ref"], how="anti")
    loose = loose.select(*facts, "origin").unique()
    ill = loose.filter(pl.col("sign") != "free").join(keys, on="p")
    ill = ill.filter((pl.col("origin") == pl.col("primary")).fill_null(value=True))
    free = loose.filter(pl.col("sign") == "free").join(sole, on="p")
    columns = [*KEY, "sign", "date", "last_day"]
    return pl.concat([frame.select(columns) for frame in (linked, ill, free)]).unique()


def _courses(findings: pl.DataFrame) -> pl.DataFrame:
    """Courses and spread as signs: ill, free or recurrence."""
    status = pl.col("status").cast(pl.String)
    usable = findings.filter((pl.col("polarity") == "affirmed") & counts())
    courses = usable.filter(pl.col("kind") == "status").with_columns(
        pl.when(status.is_in(_RECURRENCES))
        .then(pl.lit("recurrence"))
        .when(status.is_in(_SIGNS))
        .then(pl.lit("ill"))
        .when(status == _FREE)
        .then(pl.lit("free"))
        .alias("sign")
    )
    spread = usable.filter(
        (pl.col("kind") == "tumor") & (pl.col("role") == "secondary")
    ).with_columns(pl.lit("ill").alias("sign"))
    rows = pl.concat([courses, spread]).filter(pl.col("sign").is_not_null())
    is_useful = pl.col("date").is_not_null() | (pl.col("sign") == "recurrence")
    return (
        rows.filter(is_useful)
        .with_columns(latest_day().alias("last_day"))
        .select("p", "sign", "date", "last_day", "about_ref", "origin")
        .unique()
    )


def _by_time(statements: pl.DataFrame, signs: pl.DataFrame) -> pl.DataFrame:
    """One row per day with a statement of the tumor: `time_part`, and whether there is a doubt.

    Days that are only known by month or year count as late as they can be when they end a time of
    disease, and as early as they can be when they start a new one.
    """
    key = [*KEY, "kind_part"]
    split = pl.col("kind_part").is_not_null() | pl.col("kind_part").is_null().all().over(KEY)
    several = (
        statements.filter(pl.col("tumor_date").is_not_null() & is_solid())
        .select(*KEY, "tumor_date")
        .unique()
        .filter(pl.len().over(KEY) > 1)
        .select(KEY)
        .unique()
    )
    tumors = (
        statements.join(several, on=KEY, how="semi", nulls_equal=True)
        .filter(split & pl.col("tumor_date").is_not_null() & pl.col("date").is_not_null())
        .select(
            *key,
            pl.when(pl.col("date") == pl.col("tumor_date"))
            .then(pl.lit("tumor"))
            .otherwise(pl.lit("ill"))
            .alias("sign"),
            "date",
            latest_day().alias("last_day"),
        )
        .unique()
    )
    keys = tumors.select(key).unique()
    events = pl.concat(
        [
            tumors,
            keys.join(signs, on=KEY, nulls_equal=True).select(*key, "sign", "date", "last_day"),
        ]
    )
    undated = (
        events.filter(pl.col("date").is_null())
        .select(key)
        .unique()
        .with_columns(pl.lit(value=True).alias("has_undated_recurrence"))
    )
    is_free = pl.col("sign") == "free"
    days = (
        events.filter(pl.col("date").is_not_null())
        .group_by(*key, "date")
        .agg(
            pl.col("last_day").filter(~is_free).max().alias("ill"),
            pl.col("last_day").filter(is_free).max().alias("free_until"),
            pl.col("date").filter(is_free).max().alias("free"),
            (pl.col("sign") == "tumor").any().alias("is_tumor"),
            (pl.col("sign") == "recurrence").any().alias("is_recurrence"),
        )
        .sort(*key, "date", nulls_last=True)
    )
    return _judged(days, key).join(undated, on=key, how="left", nulls_equal=True).pipe(_parted, key)


def _judged(days: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Add what was known before each day: last sign of disease, freedom since, a recurrence."""

    def before(column: str) -> pl.Expr:
        return pl.col(column).cum_max().forward_fill().shift(1).over(key)

    recurred = pl.when("is_recurrence").then("date")
    next_recurrence = recurred.backward_fill().over(key)
    return days.with_columns(
        before("ill").alias("last_ill"),
        before("free").alias("last_free"),
        (pl.col("is_tumor").cum_sum().over(key) > 1).alias("is_later"),
        ((next_recurrence - pl.col("date")).dt.total_days() <= HISTOLOGY_DAYS)
        .fill_null(value=False)
        .alias("is_called_recurrence"),
    )


def _parted(days: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Number the cancers by time, and say what stays in doubt."""
    rules = same_cancer_rules().select("primary", "disease_free_days")
    facts = days.join(rules, on="primary", how="left", maintain_order="left")
    was_free = (pl.col("last_free") > pl.col("last_ill")).fill_null(value=False)
    gap = (pl.col("date") - pl.col("last_ill")).dt.total_days()
    is_long = (gap > pl.col("disease_free_days")).fill_null(value=False)
    recurred = pl.col("is_called_recurrence") | pl.col("has_undated_recurrence").fill_null(
        value=False
    )
    is_tumor = pl.col("is_tumor") & pl.col("is_later")
    is_new = is_tumor & was_free & is_long & ~recurred
    doubt = (
        pl.when(~is_tumor | is_new | pl.col("disease_free_days").is_null())
        .then(None)
        .when(was_free & is_long)
        .then(pl.lit("called_recurrence"))
        .when(was_free)
        .then(pl.lit("within_free_time"))
        .when(is_long)
        .then(pl.lit("not_said_to_be_free"))
    )
    return facts.with_columns(
        is_new.cum_sum().over(key).cast(pl.Int64).alias("time_part"), doubt.alias("doubt")
    )


@empty_from_empty
def _time_doubts(days: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """The first doubt of each cancer with the statements before and after it."""
    first = (
        days.filter(pl.col("doubt").is_not_null())
        .sort("date")
        .group_by(KEY, maintain_order=True)
        .agg(pl.col("doubt").first(), pl.col("date").first().alias("doubt_date"))
    )
    ids, is_before = pl.col("evidence_id"), pl.col("tumor_date") < pl.col("doubt_date")
    return (
        statements.filter(pl.col("tumor_date").is_not_null())
        .join(first, on=KEY, nulls_equal=True)
        .group_by(*KEY, "doubt")
        .agg(
            ids.filter(is_before).unique().sort().alias("left_ids"),
            ids.filter(~is_before).unique().sort().alias("right_ids"),
        )
        .select(*KEY, "doubt", "left_ids", "right_ids")
    )


def _spelled(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each statement its part; what fits several parts comes once for each."""
    label = pl.format("{}.{}", pl.col("kind_part").fill_null(0), "time_part")
    known = rows.with_columns(
        pl.when(pl.col("time_part").is_not_null()).then(label).alias("own_part")
    )
    parts = (
        known.filter(pl.col("own_part").is_not_null())
        .group_by(
            *KEY,
            pl.col("own_part").alias("key_part"),
            pl.col("kind_part").fill_null(0),
            "time_part",
        )
        .agg(pl.col("kind_rule").min())
        .filter(pl.len().over(KEY) > 1)
        .select(*KEY, "key_part", _rule())
    )
    joined = known.join(parts, on=KEY, how="left", nulls_equal=True)
    fits = pl.col("own_part").is_null() | (pl.col("own_part") == pl.col("key_part"))
    return joined.filter(fits | pl.col("key_part").is_null()).drop(
        "own_part", "kind_part", "kind_rule", "time_part", "tumor_date"
    )


def _rule() -> pl.Expr:
    return (
        pl.when(pl.col("time_part") > 0)
        .then(pl.lit("identity.new_primary"))
        .when(pl.col("kind_part") > 0)
        .then(pl.col("kind_rule"))
        .otherwise(pl.lit(None, dtype=pl.String))
        .alias("part_rule")
    )
