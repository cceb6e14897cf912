"""Facts of what surgery removed."""

import polars as pl

from outspread.plan.facts.place import is_within
from outspread.plan.facts.row import KEY, as_facts


def removed_facts(lesions: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """What was cut out: the primary, its kidney, a metastasis of the brain, all that was known.

    That a primary is in place is never told: what the record does not say was removed may be gone.

    Parameters
    ----------
    lesions
        Table `lesion`; uses state and its date and evidence.
    diseases
        Table `disease`; uses primary, status, status_date.
    """
    gone = lesions.filter(pl.col("state") == "removed").with_columns(
        date="state_date", evidence_ids="state_evidence_ids"
    )
    origin = gone.filter(pl.col("role") == "primary")
    kidney = origin.join(diseases.filter(pl.col("primary") == "kidney"), on=list(KEY), how="semi")
    brain = gone.filter((pl.col("role") == "secondary") & is_within("brain"))
    rows = [
        origin.with_columns(factor=pl.lit("intact_primary"), value=pl.lit("no")),
        kidney.with_columns(factor=pl.lit("kidney_in_place"), value=pl.lit("no")),
        brain.with_columns(factor=pl.lit("brain_resected"), value=pl.lit("yes")),
    ]
    return as_facts(pl.concat([*rows, _all_removed(lesions, diseases)], how="diagonal"),
                    "plan.removed")  # fmt: skip


def _all_removed(lesions: pl.DataFrame, diseases: pl.DataFrame) -> pl.DataFrame:
    """All known disease is removed, or a distant place is still there."""
    clear = diseases.filter(pl.col("status") == "no_sign_of_disease").select(*KEY, "status_date")
    state = pl.col("state")
    kept = (state == "present") & (pl.col("certainty") != "possible")
    is_far = pl.col("reach").is_in(["distant", "distant_node"])
    each = lesions.group_by(*KEY).agg(
        has_far=(kept & is_far).any(),
        is_gone=(state.is_in(["removed", "resolved"]) | (pl.col("certainty") == "possible")).all(),
        is_cut=((pl.col("role") == "primary") & (state == "removed")).any(),
        far_ids=pl.col("evidence_ids").filter(kept & is_far).list.explode(
            keep_nulls=False, empty_as_null=False).unique().sort(),
        cut_ids=pl.col("state_evidence_ids").filter(state == "removed").list.explode(
            keep_nulls=False, empty_as_null=False).unique().sort(),
        far_date=pl.col("last_seen_date").filter(kept & is_far).max(),
    )  # fmt: skip
    yes = each.filter(pl.col("is_gone") & pl.col("is_cut")).join(clear, on=list(KEY))
    no = each.filter("has_far")
    return pl.concat(
        [
            yes.with_columns(value=pl.lit("yes"), date="status_date", evidence_ids="cut_ids"),
            no.with_columns(value=pl.lit("no"), date="far_date", evidence_ids="far_ids"),
        ],
        how="diagonal",
    ).with_columns(factor=pl.lit("resected"))
