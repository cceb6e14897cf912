"""How much disease there is in prostate cancer, where its bones settle it."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy.load import ancestors
from outspread.plan.facts.count import counted_places, not_grown_since
from outspread.plan.facts.place import distant_places, free_places
from outspread.plan.facts.row import KEY, NO_FACTS, as_facts, join_ids

_AXIAL: Final = ("spine", "pelvic_bone")
_VAGUE: Final = ("bone", "bone_marrow")
_MANY_BONES: Final = 4  # CHAARTED


@cache
def _bones() -> pl.DataFrame:
    """Bones, and whether they lie outside spine and pelvis; bone not further stated may not."""
    below = ancestors()
    axial = below.filter(pl.col("at").is_in(_AXIAL))["site"].implode()
    bones = below.filter(pl.col("at") == "bone").select("site").unique()
    return bones.with_columns(
        is_outside=(pl.col("site").is_in(axial) | pl.col("site").is_in(_VAGUE)).not_()
    )


def volume_facts(
    lesions: pl.DataFrame, findings: pl.DataFrame, diseases: pl.DataFrame
) -> pl.DataFrame:
    """Volume of prostate cancer, where bones settle it; organs do so by the pack.

    High: at least four bone metastases, one of them outside spine and pelvis. What is not counted
    counts as one, a bone with a metastasis in a part of it not again. Low: every distant place is
    counted, bone or lymph node, fewer than four in bone, the record calls liver and lungs free, and
    nothing grew since.

    Sources
    -------
    CHAARTED's definition [urotoday_mhspc].
    """
    men = diseases.filter(pl.col("primary") == "prostate")
    own = lesions.join(men.select(*KEY), on=list(KEY))
    present = distant_places(own)
    if present.is_empty():
        return NO_FACTS
    low = _low(own, free_places(lesions, findings, men)).with_columns(factor=pl.lit("volume"))
    high = _high(present).with_columns(factor=pl.lit("volume"))
    rows = [high, not_grown_since(low, men)]
    return as_facts(pl.concat(rows, how="diagonal_relaxed"), "plan.volume")


def _high(present: pl.DataFrame) -> pl.DataFrame:
    bones = present.join(_bones(), on="site")
    above = bones.select(*KEY, "site").join(
        ancestors().select("site", upper="at"), on="site"
    ).filter(pl.col("upper") != pl.col("site"))  # fmt: skip
    lowest = bones.join(above.select(*KEY, site="upper").unique(), on=[*KEY, "site"], how="anti")
    number = pl.col("count").fill_null(1)
    has_side = pl.col("laterality").is_in(["left", "right"]).fill_null(value=False)
    sided = number.filter(has_side).sum()
    unsided = number.filter(~has_side).max().fill_null(0)
    each = lowest.group_by(*KEY, "site", "is_outside").agg(
        number=pl.max_horizontal(sided, unsided),
        date=pl.col("last_seen_date").max(),
        evidence_ids=join_ids("evidence_ids"),
    )
    return (
        each.group_by(*KEY)
        .agg(
            pl.col("number").sum(),
            is_outside=pl.col("is_outside").any(),
            date=pl.col("date").max(),
            evidence_ids=join_ids("evidence_ids"),
        )
        .filter(pl.col("is_outside") & (pl.col("number") >= _MANY_BONES))
        .with_columns(value=pl.lit("high"))
    )


def _low(own: pl.DataFrame, free: pl.DataFrame) -> pl.DataFrame:
    is_bone = pl.col("site").is_in(_bones()["site"].implode())
    few = counted_places(own).join(
        distant_places(own).group_by(*KEY).agg(
            is_plain=(is_bone | (pl.col("reach") == "distant_node")).all(),
            bones=pl.col("count").filter(is_bone).sum(),
        ),
        on=list(KEY),
    ).filter(pl.col("is_plain") & (pl.col("bones") < _MANY_BONES))  # fmt: skip
    organs = free.filter(pl.col("site").is_in(["liver", "lung"]))
    both = organs.group_by(*KEY).agg(
        is_free=pl.col("site").n_unique() == 2, free_ids=join_ids("evidence_ids")
    )
    return (
        few.join(both.filter("is_free"), on=list(KEY))
        .with_columns(
            value=pl.lit("low"), evidence_ids=pl.col("evidence_ids").list.concat("free_ids")
        )
        .drop("value_number")
    )
