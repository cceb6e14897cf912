"""What is it called? By its origin, never by where it went."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy.load import primaries, sites
from outspread.diagnose.evidence import counts
from outspread.diagnose.knowledge import read_table
from outspread.empty import empty_from_empty

_UNSAID: Final = ("distant_nos", "unknown_site")  # sites that say only that it is elsewhere
_OTHER: Final = "distant_other"  # a place that is said to be another one, and not named
_FAR: Final = ("distant", "distant_node")


@cache
def blood_cancers() -> pl.DataFrame:
    """Names of blood cancers by ICD-O-3 histology (histology, blood_name)."""
    ranges = read_table("blood_cancers").with_columns(
        pl.col("from_histology", "to_histology").cast(pl.Int64)
    )
    codes = pl.int_ranges("from_histology", pl.col("to_histology") + 1)
    return ranges.select(codes.alias("histology"), pl.col("name").alias("blood_name")).explode(
        "histology"
    )


def name_diseases(diseases: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """Name each disease as a doctor would.

    "breast cancer with bone and liver metastases": sites in alphabetical order, folded by
    `report_site`; origins that it could have in their rank; regional spread is "locally advanced";
    where the extent is not known the name says so. Places that are only possible follow as such. A
    blood cancer is named by its histology where that is listed.

    Parameters
    ----------
    diseases
        Uses d, primary, origin_status, candidate_primaries, certainty, behavior, is_unsettled,
        spread_logic, morphology, extent.
    lesions
        Uses d, role, site, report_site, reach, certainty.

    Returns
    -------
    d and name, one row per disease.
    """
    far = lesions.filter((pl.col("role") == "secondary") & pl.col("reach").is_in(_FAR))
    nodes = lesions.filter((pl.col("role") == "secondary") & (pl.col("reach") == "unknown"))
    sure = _spread_phrases(far.filter(counts()))
    possible = _spread_phrases(
        far.filter(~counts()).join(
            far.filter(counts()).select("d", "report_site"), on=["d", "report_site"], how="anti"
        )
    ).rename({"spread": "possible_spread", "places": "possible_places"})
    undecided = _spread_phrases(nodes.filter(counts())).select(
        "d", pl.col("places").alias("open_places")
    )
    candidates = diseases.select("d", "candidate_primaries").drop_nulls()
    words = (
        diseases.select(
            "d",
            "primary",
            "origin_status",
            "candidate_primaries",
            "certainty",
            "behavior",
            "is_unsettled",
            pl.col("morphology").cast(pl.Int64).alias("histology"),
            "extent",
        )
        .join(blood_cancers(), on="histology", how="left")
        .join(_displays(), on="primary", how="left")
        .join(sure, on="d", how="left")
        .join(possible, on="d", how="left")
        .join(undecided, on="d", how="left")
        .join(_candidate_words(candidates), on="d", how="left")
    )
    suffix = pl.when(pl.col("possible_spread").is_not_null()).then(
        pl.format(", possible {}", "possible_spread")
    )
    return words.select("d", pl.concat_str(_head(), suffix.fill_null("")).alias("name"))


@cache
def _displays() -> pl.DataFrame:
    return primaries().select(pl.col("id").alias("primary"), "display")


@cache
def _head() -> pl.Expr:
    extent, status = pl.col("extent"), pl.col("origin_status")
    spread, places = pl.col("spread"), pl.col("places")
    origin = _origin_words()
    is_far = extent == "distant"
    return (
        pl.when(extent == "not_applicable")
        .then(pl.coalesce("blood_name", origin))
        .when(status == "unknown")
        .then(_unknown_primary_words())
        .when(status.is_in(["not_stated", "undetermined"]))
        .then(pl.concat_str(_no_origin_words(), _from_words()))
        .when(is_far & spread.is_not_null())
        .then(pl.format("{} with {}", origin, spread))
        .when(is_far & places.is_null())
        .then(pl.format("metastatic {}, sites not stated", origin))
        .when(extent == "regional")
        .then(pl.format("locally advanced {}", origin))
        .when(extent == "localized")
        .then(pl.format("localized {}", origin))
        .when(extent == "in_situ")
        .then(pl.format("in situ {}", origin))
        .otherwise(pl.format("{}, extent unknown", origin))
    )


def _origin_words() -> pl.Expr:
    unsaid = pl.col("behavior").is_in(["unknown", "borderline"]) & ~pl.col("is_unsettled")
    return pl.concat_str(
        pl.when(pl.col("certainty") == "possible").then(pl.lit("possible ")).otherwise(pl.lit("")),
        pl.col("display"),
        pl.when(unsaid.fill_null(value=False))
        .then(pl.lit(" (behavior not stated)"))
        .otherwise(pl.lit("")),
    )


def _unknown_primary_words() -> pl.Expr:
    spread = pl.col("spread")
    return (
        pl.when(spread.is_not_null())
        .then(pl.format("{} with {}", pl.col("display"), spread))
        .when(pl.col("extent") == "distant")
        .then(pl.format("metastatic {}, sites not stated", pl.col("display")))
        .when(pl.col("open_places").is_not_null())
        .then(pl.format("{} in {}, extent unknown", pl.col("display"), pl.col("open_places")))
        .when(pl.col("extent") == "regional")
        .then(pl.format("locally advanced {}", pl.col("display")))
        .otherwise(pl.format("{}, extent unknown", pl.col("display")))
    )


def _no_origin_words() -> pl.Expr:
    places, unsure = pl.col("places"), pl.col("open_places")
    unstated = pl.when(pl.col("origin_status") == "not_stated")
    comma = unstated.then(pl.lit(", primary not stated")).otherwise(pl.lit(""))
    with_place = unstated.then(pl.lit(", in ")).otherwise(pl.lit(" in "))
    is_far = pl.col("extent") == "distant"
    return (
        pl.when(is_far & places.is_not_null())
        .then(pl.concat_str(pl.lit("metastatic cancer"), comma, with_place, places))
        .when(is_far)
        .then(pl.concat_str(pl.lit("metastatic cancer"), comma))
        .when(unsure.is_not_null())
        .then(pl.concat_str(pl.lit("cancer in "), unsure, comma, pl.lit(", extent unknown")))
        .otherwise(pl.concat_str(pl.lit("cancer"), comma, pl.lit(", extent unknown")))
    )


def _from_words() -> pl.Expr:
    return (
        pl.when(pl.col("origin_status") == "undetermined")
        .then(pl.format(", from {}", pl.col("candidate_words")))
        .otherwise(pl.lit(""))
    )


@empty_from_empty
def _candidate_words(undetermined: pl.DataFrame) -> pl.DataFrame:
    """The origins that it could have, in their rank."""
    named = undetermined.explode("candidate_primaries", empty_as_null=False, keep_nulls=False).join(
        _displays(),
        left_on="candidate_primaries",
        right_on="primary",
        maintain_order="left",
    )
    grouped = named.group_by("d", maintain_order=True).agg(
        pl.col("display").unique(maintain_order=True).alias("words")
    )
    return grouped.select("d", _listed("words", "or").alias("candidate_words"))


@cache
def _wording() -> pl.DataFrame:
    words = ("adjective", "spread_name", pl.col("name").alias("place"))
    return sites().select(pl.col("id").alias("report_site"), *words)


@empty_from_empty
def _spread_phrases(lesions: pl.DataFrame) -> pl.DataFrame:
    """For each disease the places as words: `spread` for a known origin, `places` without one."""
    said = (
        lesions.filter(~pl.col("report_site").is_in(_UNSAID))
        .select("d", "report_site")
        .unique()
        .join(_wording(), on="report_site")
    )
    said = said.sort(pl.col("report_site") == _OTHER, "adjective")  # "other" comes last
    plain = pl.col("adjective").filter(pl.col("spread_name").is_null()).unique(maintain_order=True)
    special = pl.col("spread_name").drop_nulls().unique().sort()
    grouped = said.group_by("d").agg(
        plain.alias("plain"),
        special.alias("special"),
        pl.col("place")
        .sort_by(pl.col("report_site") == _OTHER, "place")
        .unique(maintain_order=True),
    )
    metastases = pl.when(pl.col("plain").list.len() > 0).then(
        pl.format("{} metastases", _listed("plain", "and"))
    )
    others = pl.when(pl.col("special").list.len() > 0).then(_listed("special", "and"))
    return grouped.select(
        "d",
        pl.concat_str(metastases, others, separator=" and ", ignore_nulls=True).alias("spread"),
        _listed("place", "and").alias("places"),
    )


def _listed(column: str, conjunction: str) -> pl.Expr:
    """Join a list of words: a; a and b; a, b and c."""
    words = pl.col(column)
    several = pl.concat_str(
        words.list.slice(0, words.list.len().cast(pl.Int64) - 1).list.join(", "),
        pl.lit(f" {conjunction} "),
        words.list.last(),
    )
    return pl.when(words.list.len() > 1).then(several).otherwise(words.list.first())
