"""Where is it, and how far from its origin? One lesion for each place of a disease."""

from functools import cache

import polars as pl

from outspread.anatomy.load import primaries, sites
from outspread.anatomy.relate import relate
from outspread.anatomy.route import assign_route
from outspread.diagnose.attribution import seldom_secondary
from outspread.diagnose.evidence import counts, packed_date
from outspread.empty import empty_from_empty
from outspread.tables import ATTRIBUTION, CONTIGUITY, REACH, ROLE, ROUTE, SIDE

_PLACE_NOT_STATED = "distant_nos"
_COUNTED_AS_M = "stated_as_m"
LESION_KEY = ["d", "site", "laterality", "contiguity"]


def split_own_organ(
    spread: pl.DataFrame, diseases: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Set apart codes that say "secondary of" the organ of origin itself.

    Such a code is how some sources say that this cancer has spread; it is no place of spread. A
    stated growth, a deposit with words that place it, or the other side of a paired organ is none
    of these and stays. Organs that seldom hold metastases are set apart likewise where nothing but
    the lack of another origin says whose spread it is, unless the anatomy tables know of that way.

    Returns
    -------
    Spread that stays, own-organ statements, statements of organs that seldom hold metastases.
    """
    origin = diseases.select(
        "d",
        "organ_site",
        "origin_status",
        pl.col("primary").alias("primary_of_d"),
        pl.col("laterality").alias("home_side"),
    ).join(_homes(), on="organ_site", how="left")
    facts = spread.join(origin, on="d").join(_places(), on="site", how="left")
    bare = pl.col("contiguity").is_null() & pl.col("qualifier").is_null()
    elsewhere = (pl.col("paired") == "yes") & (
        (pl.col("laterality") != pl.col("home_side")).fill_null(value=True)
    )
    own = (
        bare
        & (pl.col("report_site") == pl.col("home_report_site"))
        & (pl.col("site_kind") == "organ")
        & ~elsewhere
    ).fill_null(value=False)
    unclaimed = (pl.col("origin_status") == "not_stated") | (
        (pl.col("attribution") == "only_primary") & pl.col("is_unheard_of").fill_null(value=False)
    )
    seldom = (
        bare & unclaimed & pl.col("site").is_in(seldom_secondary()["site"].implode())
    ).fill_null(value=False)
    marked = facts.join(_unheard_of(), on=["primary_of_d", "site"], how="left").with_columns(
        own.alias("own"), seldom.alias("seldom")
    )
    columns = spread.columns
    return (
        marked.filter(~pl.col("own") & ~pl.col("seldom")).select(columns),
        marked.filter(pl.col("own")).select(columns),
        marked.filter(pl.col("seldom")).select(columns),
    )


@cache
def _places() -> pl.DataFrame:
    facts = ("report_site", "is_node", "paired", pl.col("kind").alias("site_kind"))
    return sites().select(pl.col("id").alias("site"), *facts)


@cache
def _homes() -> pl.DataFrame:
    return sites().select(organ_site="id", home_report_site="report_site")


@cache
def _unheard_of() -> pl.DataFrame:
    """Primaries and organs that seldom hold metastases, where the tables have no row for the two.

    Columns: primary_of_d, site, is_unheard_of.
    """
    pairs = (
        primaries()
        .select(pl.col("id").alias("primary_group"))
        .join(seldom_secondary().select("site"), how="cross")
    )
    is_listed = pl.col("knowledge_rows").list.eval(pl.element().str.contains("/")).list.any()
    return (
        relate(pairs)
        .filter(~is_listed)
        .select(
            pl.col("primary_group").alias("primary_of_d"),
            "site",
            pl.lit(value=True).alias("is_unheard_of"),
        )
    )


@empty_from_empty
def gather_lesions(spread: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """One row per disease, site, side and way of involvement, with reach and route.

    `reach`, `tnm_field` and `summary_stage_class` come from the anatomy tables, as does the usual
    `route`.
    """
    lesions = spread.group_by(["p", *LESION_KEY]).agg(
        pl.col("certainty").max(),
        pl.col("attribution").max(),
        pl.col("m").str.starts_with("1").any().alias("is_counted_as_m"),
        pl.col("qualifier")
        .filter(counts() | ~counts().any())
        .drop_nulls()
        .unique()
        .sort()
        .str.join(" ")
        .alias("qualifier"),
        *_gathered(),
    )
    origin = diseases.select(
        "d",
        "primary",
        "topography",
        "origin_status",
        pl.col("part_in_words").alias("subsite"),
        pl.col("laterality").alias("home_side"),
    )
    placed = (
        lesions.join(origin, on="d")
        .join(_places(), on="site", how="left")
        .with_columns(_side(), pl.lit("secondary").cast(pl.Enum(ROLE)).alias("role"))
    )
    return _reached(placed)


def _side() -> pl.Expr:
    both_known = pl.col("laterality").is_in(["left", "right"]) & pl.col("home_side").is_in(
        ["left", "right"]
    )
    return (
        pl.when(pl.col("laterality") == "bilateral")
        .then(pl.lit("bilateral"))
        .when(both_known & (pl.col("laterality") == pl.col("home_side")))
        .then(pl.lit("ipsilateral"))
        .when(both_known)
        .then(pl.lit("contralateral"))
        .cast(pl.Enum(SIDE))
        .alias("side")
    )


def _reached(placed: pl.DataFrame) -> pl.DataFrame:
    """Ask the anatomy tables; spread to a place that is not stated is asked as such."""
    related = relate(
        placed.with_columns(
            pl.col("primary").alias("primary_group"),
            pl.col("site").alias("stated_site"),
            pl.col("site").fill_null(_PLACE_NOT_STATED),
            pl.col("laterality").alias("stated_side"),
            pl.col("side").cast(pl.String).alias("laterality"),
            pl.col("qualifier").alias("phrase"),
        )
    )
    routed = assign_route(related).with_columns(
        pl.col("stated_site").alias("site"),
        pl.col("stated_side").alias("laterality"),
        pl.when(_is_stated_as_m())
        .then(_farthest_candidate())
        .when(_growth_is_a_guess())
        .then(pl.lit("unknown"))
        .otherwise("reach")
        .alias("reach"),
        pl.when(_is_stated_as_m())
        .then(pl.lit(_COUNTED_AS_M))
        .otherwise("decided_by")
        .alias("decided_by"),
    )
    return _typed(routed)


def _is_stated_as_m() -> pl.Expr:
    """Tell whether the source itself counts a place as M that the tables leave open."""
    return pl.col("is_counted_as_m") & (pl.col("reach") == "unknown")


def _farthest_candidate() -> pl.Expr:
    candidates = pl.col("candidates")
    return (
        pl.when(candidates.list.contains("distant_node") & ~candidates.list.contains("distant"))
        .then(pl.lit("distant_node"))
        .otherwise(pl.lit("distant"))
    )


def _growth_is_a_guess() -> pl.Expr:
    """Tell whether a place next to the origin was taken for growth without any word for it.

    "Secondary tumor of the pleura" in lung cancer may be growth or a deposit; the anatomy tables
    assume growth, which would hide a metastasis. A deposit that is assumed (liver, bone) stands.
    """
    assumed = pl.col("decided_by") == "assumed"
    return (
        assumed
        & (pl.col("contiguity_used") == "contiguous")
        & (pl.col("candidates").list.len() > 1)
    )


def _typed(lesions: pl.DataFrame) -> pl.DataFrame:
    return lesions.select(
        "p",
        "d",
        "role",
        "site",
        "report_site",
        "laterality",
        "side",
        pl.col("contiguity").cast(pl.Enum(CONTIGUITY)),
        "attribution",
        pl.col("reach").cast(pl.Enum(REACH)),
        pl.when(pl.col("reach") == "unknown").then(pl.col("candidates")).alias("candidate_reaches"),
        "tnm_field",
        "summary_stage_class",
        pl.col("route").cast(pl.Enum(ROUTE)),
        "certainty",
        "first_packed",
        "last_seen_date",
        "size_mm",
        "count",
        "decided_by",
        "knowledge_rows",
        "evidence_ids",
    )


def primary_lesions(origins: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """The origin itself as a lesion, with the largest size stated of it."""
    solid = diseases.filter(
        pl.col("organ_site").is_not_null() & pl.col("is_direct").fill_null(value=False)
    )
    empty_ids = pl.lit([], dtype=pl.List(pl.String))
    return _typed(
        solid.drop("evidence_ids", "first_packed")
        .join(origins.group_by("d").agg(*_gathered()), on="d")
        .join(_homes(), on="organ_site", how="left")
        .with_columns(
            pl.lit("primary").cast(pl.Enum(ROLE)).alias("role"),
            pl.col("organ_site").alias("site"),
            pl.col("home_report_site").alias("report_site"),
            pl.lit(None, dtype=pl.Enum(SIDE)).alias("side"),
            pl.lit(None, dtype=pl.Enum(CONTIGUITY)).alias("contiguity"),
            pl.lit("is_primary").cast(pl.Enum(ATTRIBUTION)).alias("attribution"),
            pl.when(pl.col("spread_logic") != "systemic").then(pl.lit("local")).alias("reach"),
            empty_ids.alias("candidates"),
            pl.lit(None, dtype=pl.String).alias("tnm_field"),
            pl.lit(None, dtype=pl.String).alias("summary_stage_class"),
            pl.lit(None, dtype=pl.Enum(ROUTE)).alias("route"),
            pl.lit("primary").alias("decided_by"),
            empty_ids.alias("knowledge_rows"),
        )
    )


def _gathered() -> list[pl.Expr]:
    """Facts of one place; where some evidence counts, what is only possible adds no fact."""
    best = counts() | ~counts().any()
    return [
        packed_date().filter(best).min().alias("first_packed"),
        pl.col("date").filter(best).max().alias("last_seen_date"),
        pl.col("size_mm").filter(best).max(),
        pl.col("count").filter(best).max(),
        pl.col("evidence_id").unique().sort().alias("evidence_ids"),
    ]
