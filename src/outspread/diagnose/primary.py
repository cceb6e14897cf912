"""Which cancers does this person have? One disease for each origin."""

from functools import cache
from typing import NamedTuple

import polars as pl

from outspread.anatomy.load import primaries
from outspread.diagnose.evidence import counts, packed_date
from outspread.diagnose.histology import settle_histology
from outspread.diagnose.knowledge import same_cancer_rules
from outspread.diagnose.origin import find_origins
from outspread.diagnose.same_cancer import part_cancers, registry_tumors, with_tumor_ref
from outspread.empty import empty_from_empty
from outspread.tables import BEHAVIOR, CERTAINTY, LATERALITY, ORIGIN_STATUS

_SIDES = ("left", "right")
_SIDE_KEY = ["p", "primary", "key_side"]
_KEY = [*_SIDE_KEY, "key_part"]
_DISEASE_ORDER = ["p", "first_packed", "primary", "laterality"]


class Identity(NamedTuple):
    """The cancers of each person, what states them, and what is in doubt about them."""

    diseases: pl.DataFrame  # one row each: d, p, primary, laterality, ...
    evidence: pl.DataFrame  # d, p, evidence_id, source_ref and the columns stated
    doubts: pl.DataFrame  # p, d, doubt, left_ids, right_ids: the same cancer or a new one?


def find_primaries(findings: pl.DataFrame) -> Identity:
    """Group primary statements into diseases.

    A primary is stated by a finding of role primary that names a cancer, or by the stated origin
    of a spread ("metastatic from breast"). Statements of one cancer on one side are one disease,
    but for what `outspread.diagnose.same_cancer` tells apart. A spread by itself never founds a
    primary, and a statement that is only possible never changes a disease that is better known: it
    founds one of its own where it fits none. An origin that is found later takes the place of an
    unknown one.

    Parameters
    ----------
    findings
        Usable findings with `p`, as `select_evidence` gives them.
    """
    statements = with_tumor_ref(_statements(findings))
    sure, doubts = _parted(statements.filter(counts()), findings)
    diseases = _diseases(sure)
    weak = statements.filter(~counts())
    known = _of_disease(weak, diseases)
    rest = weak.join(known.select("p", "evidence_id"), on=["p", "evidence_id"], how="anti")
    possible = _sided(rest)
    numbered = (
        pl.concat([diseases, _diseases(possible)])
        .sort(*_DISEASE_ORDER, "key_part", nulls_last=True)
        .with_row_index("d")
        .with_columns(pl.col("d").cast(pl.Int64))
    )
    keys = numbered.select("d", *_KEY)
    owned = pl.concat([sure, known, possible], how="diagonal").join(keys, on=_KEY, nulls_equal=True)
    unsure = doubts.join(
        keys.unique(_SIDE_KEY, keep="first", maintain_order=True), on=_SIDE_KEY, nulls_equal=True
    )
    named = add_origin_status(numbered.drop("key_side", "key_part"))
    found = find_origins(named, owned.drop("key_side", "key_part"))
    return Identity(
        found.diseases,
        found.evidence,
        unsure.select("p", "d", "doubt", "left_ids", "right_ids")
        .join(found.renumbered, on="d")
        .with_columns(d="new_d")
        .drop("new_d"),
    )


def _parted(statements: pl.DataFrame, findings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Statements with the key of their cancer: tumors of a registry, else side, histology, time."""
    listed = registry_tumors(statements)
    if listed.is_empty():
        parted = part_cancers(_sided(statements).drop("key_part", "part_rule"), findings)
        return parted.statements, parted.doubts
    registry = statements.join(listed, on=["p", "primary", "tumor_ref"], how="semi").filter(
        pl.col("is_direct") & (pl.col("source_kind") == "naaccr")
    )
    others = statements.join(
        registry.select("p", "evidence_id"), on=["p", "evidence_id"], how="anti"
    )
    own_side = pl.when(pl.col("laterality").is_in(_SIDES)).then(pl.col("laterality"))
    decided = registry.with_columns(
        own_side.drop_nulls().first().over("p", "primary", "tumor_ref").alias("key_side"),
        pl.col("tumor_ref").alias("key_part"),
        pl.lit("identity.registry_tumor").alias("part_rule"),
    )
    joined = _of_disease(others, decided.select(*_KEY, "part_rule").unique())
    rest = others.join(joined.select("p", "evidence_id"), on=["p", "evidence_id"], how="anti")
    parted = part_cancers(_sided(rest).drop("key_part", "part_rule"), findings)
    columns = parted.statements.columns
    kept = [
        frame.with_columns(pl.lit(None, dtype=pl.String).alias("histology_group")).select(columns)
        for frame in (decided, joined)
    ]
    return pl.concat([*kept, parted.statements]), parted.doubts


@empty_from_empty
def _sided(statements: pl.DataFrame) -> pl.DataFrame:
    """Statements with the side of their cancer; one that fits both sides comes twice."""
    unparted = pl.lit(None, dtype=pl.String)
    keys = _sides(statements).with_columns(unparted.alias("key_part"), unparted.alias("part_rule"))
    return _of_disease(statements, keys)


@empty_from_empty
def _diseases(evidence: pl.DataFrame) -> pl.DataFrame:
    """One row for each key.

    A statement that fits several cancers gives no date, side or histology to one that has its own.
    """
    shared = pl.struct("p", "primary", "evidence_id").is_duplicated()
    own = ~pl.col("is_shared") | pl.col("is_shared").all().over(_KEY)
    facts = ("laterality", "topography", "morphology", "date")
    kept = evidence.with_columns(shared.alias("is_shared"))
    if kept["is_shared"].any():
        kept = kept.with_columns(pl.when(own).then(name).alias(name) for name in facts)
    return (
        kept.group_by(_KEY)
        .agg(*_disease_facts())
        .join(settle_histology(kept, _KEY), on=_KEY, how="left", nulls_equal=True)
        .with_columns(pl.coalesce("key_side", "any_side").alias("laterality"))
        .drop("any_side")
    )


@empty_from_empty
def _of_disease(statements: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Statements with the key of each disease that they fit: same cancer, no other side."""
    fits = (
        pl.col("key_side").is_null()
        | pl.col("laterality").is_null()
        | (pl.col("laterality") == pl.col("key_side"))
        | ~pl.col("laterality").is_in(_SIDES)
    )
    return statements.join(keys.select(*_KEY, "part_rule"), on=["p", "primary"]).filter(fits)


def _statements(findings: pl.DataFrame) -> pl.DataFrame:
    """Every affirmed statement that names an origin, with what is known of that cancer."""
    affirmed = findings.filter((pl.col("kind") == "tumor") & (pl.col("polarity") == "affirmed"))
    direct = affirmed.filter(
        (pl.col("role") == "primary")
        & pl.col("primary").is_not_null()
        & (pl.col("behavior").is_null() | (pl.col("behavior") != "benign"))
    ).with_columns(pl.lit(value=True).alias("is_direct"))
    from_origin = affirmed.filter(
        (pl.col("role") == "secondary") & pl.col("origin").is_not_null()
    ).with_columns(
        pl.col("origin").alias("primary"),
        pl.lit(None, dtype=pl.Enum(LATERALITY)).alias("laterality"),
        pl.lit(None, dtype=pl.String).alias("topography"),
        pl.lit(None, dtype=pl.String).alias("morphology"),
        pl.lit(None, dtype=pl.Enum(BEHAVIOR)).alias("behavior"),
        pl.lit(value=False).alias("is_direct"),
    )
    is_vague = (pl.col("role") == "undetermined") & pl.col("primary").is_not_null()
    is_note = pl.col("source_kind") == "document"
    unnamed = _unnamed_origins(affirmed.filter(is_vague & ~is_note), affirmed, direct)
    found = _found_origins(affirmed.filter(is_vague & is_note & counts()), direct)
    return pl.concat([direct, from_origin, unnamed, found]).join(_known_primaries(), on="primary")


@cache
def _known_primaries() -> pl.DataFrame:
    facts = ("group", "spread_logic", "organ_site", "display")
    return primaries().select(pl.col("id").alias("primary"), *facts)


@empty_from_empty
def _found_origins(found: pl.DataFrame, direct: pl.DataFrame) -> pl.DataFrame:
    """Cancers found in an organ in which one is stated to have begun, or where none else is."""
    stated, alone = direct.filter(counts()), direct.filter(counts()).select("p")
    known = found.join(stated, on=["p", "primary"], how="semi")
    rows = pl.concat([known, found.join(alone, on="p", how="anti")])
    return rows.with_columns(pl.lit(value=True).alias("is_direct"))


@empty_from_empty
def _unnamed_origins(
    vague: pl.DataFrame, affirmed: pl.DataFrame, direct: pl.DataFrame
) -> pl.DataFrame:
    """Statements of a cancer without a place that stand for an unknown primary.

    "Malignant neoplasm, unspecified" (ICD-10-CM C80.1) says so only beside a recorded spread, and
    only where no other origin is on record.
    """
    spread = affirmed.filter((pl.col("role") == "secondary") & counts()).select("p").unique()
    return (
        vague.join(spread, on="p", how="semi")
        .join(direct.select("p").unique(), on="p", how="anti")
        .with_columns(pl.lit(value=True).alias("is_direct"))
    )


def _sides(statements: pl.DataFrame) -> pl.DataFrame:
    """One row per disease to be: left and right apart where both are stated and can be."""
    side = pl.col("laterality").filter(pl.col("laterality").is_in(_SIDES)).unique().sort()
    apart = same_cancer_rules().select("primary", "sides_are_apart")
    return (
        statements.group_by("p", "primary")
        .agg(side.alias("key_side"))
        .join(apart, on="primary", how="left")
        .with_columns(
            pl.when("sides_are_apart").then("key_side").otherwise(pl.col("key_side").list.head(0))
        )
        .drop("sides_are_apart")
        .explode("key_side", empty_as_null=True)
    )


def _disease_facts() -> list[pl.Expr]:
    direct, is_unknown = pl.col("is_direct"), pl.col("spread_logic") == "unknown_primary"
    invasive = pl.col("behavior").is_in(["malignant", "metastatic"])
    in_situ = pl.col("behavior") == "in_situ"
    unsettled = (
        pl.col("source_ref").filter(in_situ).is_in(pl.col("source_ref").filter(invasive).implode())
    )
    side = pl.col("laterality")
    return [
        pl.when((side == "left").any() & (side == "right").any())
        .then(pl.lit("bilateral").cast(pl.Enum(LATERALITY)))
        .otherwise(side.min())
        .alias("any_side"),
        pl.col("group").first(),
        pl.col("spread_logic").first(),
        pl.col("organ_site").first(),
        pl.col("display").first(),
        pl.col("topography").max(),
        pl.col("qualifier")
        .filter(direct)
        .drop_nulls()
        .unique()
        .sort()
        .str.join(" ")
        .replace("", None)
        .alias("part_in_words"),
        pl.col("part_rule").min(),
        pl.col("certainty").max(),
        pl.when(unsettled.any())
        .then(pl.lit("unknown"))
        .when(invasive.any())
        .then(pl.lit("malignant"))
        .when(in_situ.any())
        .then(pl.lit("in_situ"))
        .otherwise(pl.col("behavior").drop_nulls().max().cast(pl.String))
        .cast(pl.Enum(BEHAVIOR))
        .alias("behavior"),
        unsettled.any().alias("is_unsettled"),
        direct.any().alias("is_direct"),
        packed_date().filter(direct | is_unknown).min().alias("first_packed"),
        pl.col("evidence_id").alias("evidence_ids"),
    ]


def add_origin_status(diseases: pl.DataFrame) -> pl.DataFrame:
    """Known, or unknown where the record itself says that no origin was found."""
    unknown = pl.col("spread_logic") == "unknown_primary"
    return diseases.with_columns(
        pl.when(unknown)
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("known"))
        .cast(pl.Enum(ORIGIN_STATUS))
        .alias("origin_status"),
        pl.lit(None, dtype=pl.List(pl.String)).alias("candidate_primaries"),
        pl.lit(None, dtype=pl.List(pl.String)).alias("candidate_reasons"),
        pl.when(unknown)
        .then(pl.lit("identity.unknown_primary"))
        .when(pl.col("spread_logic") == "systemic")
        .then(pl.lit("identity.blood_cancer"))
        .when(pl.col("part_rule").is_not_null())
        .then(pl.col("part_rule"))
        .when(pl.col("is_direct"))
        .then(pl.lit("identity.same_cancer"))
        .otherwise(pl.lit("identity.stated_origin"))
        .alias("identity_rule"),
        (pl.col("certainty") != CERTAINTY[0]).alias("is_sure"),
    )


def add_vague_cancers(diseases: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Add a disease for people of whom only "cancer" is on record, without a place or a spread."""
    vague = findings.filter(
        (pl.col("kind") == "tumor")
        & (pl.col("role") == "undetermined")
        & (pl.col("polarity") == "affirmed")
        & (pl.col("behavior") == "malignant")
    ).join(diseases.select("p"), on="p", how="anti")
    if vague.is_empty():
        return diseases
    added = (
        vague.group_by("p")
        .agg(
            pl.col("certainty").max(),
            pl.col("evidence_id").sort().alias("evidence_ids"),
            packed_date().min().alias("first_packed"),
        )
        .sort("p")
        .with_row_index("d", offset=diseases.height)
        .with_columns(
            pl.col("d").cast(pl.Int64),
            pl.lit("not_stated").cast(pl.Enum(ORIGIN_STATUS)).alias("origin_status"),
            pl.lit("identity.vague").alias("identity_rule"),
            pl.lit(value=False).alias("is_unsettled"),
            counts().alias("is_sure"),
        )
    )
    return pl.concat([diseases, added], how="diagonal_relaxed")
