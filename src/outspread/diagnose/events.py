"""What happened, and when? The course of each disease as a list of events."""

from datetime import date
from typing import Final

import polars as pl

from outspread.diagnose.course import FREE, RECURRENCES, status_changes
from outspread.diagnose.evidence import counts, first_day, merged_ids, packed_date
from outspread.diagnose.extent import CLAIM_RULES, extent_of, settled_level
from outspread.tables import EVENT_KIND, STATUS

_KINDS: Final = pl.Enum(EVENT_KIND)
_EVENT: Final = ["p", "d", "packed", "kind", "status", "l", "rule_id", "evidence_ids"]
_KIND_OF_CHANGE: Final = {
    ("secondary", "present", True): ("spread_found", "course.first_seen"),
    ("secondary", "present", False): ("spread_returned", "course.seen_again"),
    ("secondary", "resolved", False): ("spread_resolved", "course.resolved"),
    ("secondary", "removed", False): ("spread_removed", "course.removed"),
    ("primary", "present", False): ("primary_returned", "course.seen_again"),
    ("primary", "removed", False): ("primary_removed", "course.removed"),
}


def list_events(
    diseases: pl.DataFrame,
    lesions: pl.DataFrame,
    *,
    changes: pl.DataFrame,
    course: pl.DataFrame,
    claims: pl.DataFrame,
    deaths: pl.DataFrame,
) -> pl.DataFrame:
    """Every event of every disease, each with the greatest extent reached by its date.

    Parameters
    ----------
    diseases
        Uses p, d, first_packed, is_direct, identity_rule, spread_logic, is_unsettled, evidence_ids.
    lesions
        Uses p, d, l, role, certainty, first_packed, evidence_ids.
    changes
        See `outspread.diagnose.state.follow_lesions`.
    course
        See `outspread.diagnose.course.follow_course`.
    claims
        All claims about the extent.
    deaths
        p and packed (empty where not dated), one row per person who has died.

    Returns
    -------
    p, d, packed, kind, status, l, extent, rule_id, evidence_ids. An extent that changes on a day on
    which nothing else is told has an event of its own, so that the last event tells the extent
    unless something is not dated.
    """
    told = pl.concat(
        [
            _diagnoses(diseases, lesions),
            _found(lesions, changes),
            _changed(lesions, changes),
            _statuses(diseases, course),
            _deaths(diseases, deaths),
        ]
    )
    reached = _reached(claims, diseases)
    days = told.with_columns(first_day().alias("day"))
    alone = reached.filter("is_change").join(days, on=["d", "day"], how="anti")
    rises = _events(
        alone.join(diseases.select("p", "d"), on="d"), pl.lit("extent_change"), pl.col("rule")
    )
    return (
        pl.concat([told, rises])
        .with_columns(first_day().alias("day"))
        .sort("day", nulls_last=True)
        .join_asof(reached.select("d", "day", "extent"), on="day", by="d", check_sortedness=False)
        .join(_at_start(diseases), on="d")
        .with_columns(
            pl.when(pl.col("day").is_not_null())
            .then(pl.coalesce("extent", "start"))
            .alias("extent")
        )
        .select(*_EVENT, "extent")
    )


def _events(frame: pl.DataFrame, kind: pl.Expr, rule: pl.Expr) -> pl.DataFrame:
    """Bring rows with p, d, packed and evidence_ids to the columns of events."""
    none: dict[str, pl.DataType] = {"status": pl.Enum(STATUS), "l": pl.UInt32()}
    have = set(frame.columns)
    return frame.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in none.items() if name not in have
    ).select(
        "p", "d", "packed", kind.cast(_KINDS).alias("kind"), "status", pl.col("l").cast(pl.UInt32),
        rule.alias("rule_id"), "evidence_ids",
    )  # fmt: skip


def _diagnoses(diseases: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """The first record of the cancer itself; a cancer known only by its spread has none."""
    own = lesions.filter(pl.col("role") == "primary").select("d", "l")
    is_told = pl.col("is_direct").fill_null(value=False) | pl.col("first_packed").is_not_null()
    rows = diseases.filter(is_told).rename({"first_packed": "packed"}).join(own, on="d", how="left")
    return _events(rows, pl.lit("diagnosis"), pl.lit("course.diagnosed"))


def _found(lesions: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Spread that no dated look tells: undated, or possible only."""
    rows = (
        lesions.filter(pl.col("role") == "secondary")
        .join(changes.select("l").unique(), on="l", how="anti")
        .rename({"first_packed": "packed"})
    )
    kind = pl.when(counts()).then(pl.lit("spread_found")).otherwise(pl.lit("spread_suspected"))
    return _events(rows, kind, pl.lit("course.first_seen"))


def _changed(lesions: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    kinds = pl.DataFrame(
        [(*key, *value) for key, value in _KIND_OF_CHANGE.items()],
        schema=["role", "state", "is_first", "event", "rule"],
        orient="row",
    )
    rows = (
        changes.with_columns(pl.col("state").cast(pl.String))
        .join(lesions.select("p", "d", "l", pl.col("role").cast(pl.String)), on="l")
        .join(kinds, on=["role", "state", "is_first"])
    )
    return _events(rows, pl.col("event"), pl.col("rule"))


def _statuses(diseases: pl.DataFrame, course: pl.DataFrame) -> pl.DataFrame:
    rows = status_changes(course).join(diseases.select("p", "d"), on="d")
    own = pl.col("status").is_in([FREE, *RECURRENCES])
    kind = pl.when(own).then(pl.col("status").cast(pl.String)).otherwise(pl.lit("status"))
    return _events(rows, kind, pl.col("rule"))


def _deaths(diseases: pl.DataFrame, deaths: pl.DataFrame) -> pl.DataFrame:
    rows = (
        diseases.select("p", "d")
        .join(deaths, on="p")
        .with_columns(pl.lit([], pl.List(pl.String)).alias("evidence_ids"))
    )
    return _events(rows, pl.lit("death"), pl.lit("course.death"))


def select_deaths(patients: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """People who have died by a date: p and the packed date, empty where it is not stated."""
    day = pl.col("death_date")
    by_then = (day <= as_of).fill_null(value=True)
    return patients.filter((day.is_not_null() | pl.col("is_dead")) & by_then).select(
        "p", packed_date("death_date", "death_date_precision").alias("packed")
    )


def _reached(claims: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """The extent of each disease on each day on which a claim is dated.

    d, day, packed, extent, is_change (another extent than the day before), rule, evidence_ids.
    """
    dated = claims.filter(pl.col("is_counted") & pl.col("packed").is_not_null())
    top = pl.col("lower") == pl.col("lower").max()
    daily = (
        dated.group_by("d", first_day().alias("day"))
        .agg(
            pl.col("packed").min(),
            pl.col("lower", "upper").max(),
            pl.col("rule").filter(top).cast(CLAIM_RULES).min().cast(pl.String),
            merged_ids().alias("evidence_ids"),
        )
        .join(diseases.select("d", "spread_logic", "is_unsettled"), on="d")
        .sort("d", "day")
        .with_columns(pl.col("lower", "upper").cum_max().over("d"))
    )
    extent = extent_of(settled_level(pl.col("lower"), pl.col("upper")))
    is_open = pl.col("upper") > pl.col("lower")
    reached = daily.with_columns(
        extent.alias("extent"),
        pl.when(is_open).then(pl.lit("extent.open_reach")).otherwise("rule").alias("rule"),
    )
    before = pl.col("extent").shift().over("d").fill_null("unknown")
    return reached.with_columns(
        ((pl.col("extent") != before) & (pl.col("extent") != "not_applicable")).alias("is_change")
    ).sort("day")


def _at_start(diseases: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(0, pl.Int64)
    return diseases.select("d", extent_of(settled_level(nothing, nothing)).alias("start"))
