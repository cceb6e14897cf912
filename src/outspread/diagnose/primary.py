"""Which cancers does this person have? One disease for each origin."""

import polars as pl

from outspread.anatomy.load import primaries
from outspread.diagnose.evidence import counts, packed_date
from outspread.tables import BEHAVIOR, CERTAINTY, LATERALITY, ORIGIN_STATUS

_SIDES = ("left", "right")
_KEY = ["p", "primary", "key_side"]
_DISEASE_ORDER = ["p", "first_packed", "primary", "laterality"]


def find_primaries(findings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Group primary statements into diseases.

    A primary is stated by a finding of role primary that names a cancer, or by the stated origin
    of a spread ("metastatic from breast"). Statements of one cancer on one side are one disease.
    A spread by itself never founds a primary, and a statement that is only possible never changes
    a disease that is better known: it founds one of its own where it fits none.

    Parameters
    ----------
    findings
        Usable findings with `p`, as `select_evidence` gives them.

    Returns
    -------
    Diseases (one row each: p, d, primary, laterality, ...) and their evidence
    (d, p, evidence_id, source_ref and the columns stated).
    """
    statements = _statements(findings)
    diseases, evidence = _grouped(statements.filter(counts()))
    weak = statements.filter(~counts())
    known = _of_disease(weak, diseases)
    rest = weak.join(known.select("p", "evidence_id"), on=["p", "evidence_id"], how="anti")
    possible_diseases, possible_evidence = _grouped(rest)
    numbered = (
        pl.concat([diseases, possible_diseases])
        .sort(_DISEASE_ORDER, nulls_last=True)
        .with_row_index("d")
        .with_columns(pl.col("d").cast(pl.Int64))
    )
    owned = pl.concat([evidence, known, possible_evidence]).join(
        numbered.select("d", *_KEY), on=_KEY, nulls_equal=True
    )
    return add_origin_status(numbered.drop("key_side")), owned.drop("key_side")


def _grouped(statements: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Diseases that the statements make, and the statements with the key of theirs."""
    evidence = _of_disease(statements, _sides(statements))
    diseases = (
        evidence.group_by(_KEY)
        .agg(*_disease_facts())
        .with_columns(pl.coalesce("key_side", "any_side").alias("laterality"))
        .drop("any_side")
    )
    return diseases, evidence


def _of_disease(statements: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Statements with the key of each disease that they fit: same cancer, no other side."""
    fits = (
        pl.col("key_side").is_null()
        | pl.col("laterality").is_null()
        | (pl.col("laterality") == pl.col("key_side"))
        | ~pl.col("laterality").is_in(_SIDES)
    )
    return statements.join(keys.select(_KEY), on=["p", "primary"]).filter(fits)


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
    known = primaries().select(
        pl.col("id").alias("primary"), "group", "spread_logic", "organ_site", "display"
    )
    return pl.concat([direct, from_origin, _unnamed_origins(affirmed, direct)]).join(
        known, on="primary"
    )


def _unnamed_origins(affirmed: pl.DataFrame, direct: pl.DataFrame) -> pl.DataFrame:
    """Statements of a cancer without a place that stand for an unknown primary.

    "Malignant neoplasm, unspecified" (ICD-10-CM C80.1) says so only beside a recorded spread, and
    only where no other origin is on record.
    """
    vague = affirmed.filter((pl.col("role") == "undetermined") & pl.col("primary").is_not_null())
    spread = affirmed.filter((pl.col("role") == "secondary") & counts()).select("p").unique()
    return (
        vague.join(spread, on="p", how="semi")
        .join(direct.select("p").unique(), on="p", how="anti")
        .with_columns(pl.lit(value=True).alias("is_direct"))
    )


def _sides(statements: pl.DataFrame) -> pl.DataFrame:
    """One row per disease to be: left and right apart where both are stated, else one."""
    side = pl.col("laterality").filter(pl.col("laterality").is_in(_SIDES)).unique().sort()
    return (
        statements.group_by("p", "primary")
        .agg(side.alias("key_side"))
        .explode("key_side", empty_as_null=True)
    )


def _disease_facts() -> list[pl.Expr]:
    direct, is_unknown = pl.col("is_direct"), pl.col("spread_logic") == "unknown_primary"
    invasive = pl.col("behavior").is_in(["malignant", "metastatic"])
    in_situ = pl.col("behavior") == "in_situ"
    unsettled = (
        pl.col("source_ref").filter(in_situ).is_in(pl.col("source_ref").filter(invasive).implode())
    )
    return [
        pl.col("laterality").drop_nulls().sort().first().alias("any_side"),
        pl.col("group").first(),
        pl.col("spread_logic").first(),
        pl.col("organ_site").first(),
        pl.col("display").first(),
        pl.col("topography").drop_nulls().sort(descending=True).first(),
        pl.col("morphology").drop_nulls().sort(descending=True).first(),
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
        pl.when(unknown)
        .then(pl.lit("identity.unknown_primary"))
        .when(pl.col("spread_logic") == "systemic")
        .then(pl.lit("identity.blood_cancer"))
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
    ).join(diseases.select("p").unique(), on="p", how="anti")
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
