"""What holds of all look-ups, whatever is asked and in whatever order."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from outspread.anatomy import load
from outspread.anatomy.relate import relate
from outspread.anatomy.route import assign_route

SIDES = [None, "ipsilateral", "contralateral", "bilateral"]
WORDS = [None, "metastasis", "invades", "implants", "same lobe", "over 3 cm"]
CONTIGUITY = [None, "contiguous", "discontiguous"]
COLUMNS = ["primary_group", "site", "laterality", "contiguity", "topography", "phrase"]
CODES = [None, "C18.7", "C20.9", "C44.5", "C50", "C34.1"]

questions = st.lists(
    st.fixed_dictionaries(
        {
            "primary_group": st.sampled_from([None, *load.primaries()["id"]]),
            "site": st.sampled_from(load.sites()["id"].to_list()),
            "laterality": st.sampled_from(SIDES),
            "contiguity": st.sampled_from(CONTIGUITY),
            "topography": st.sampled_from(CODES),
            "phrase": st.sampled_from(WORDS),
        }
    ),
    min_size=1,
    max_size=30,
)


def table(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))


@settings(max_examples=8, deadline=None)
@given(questions, st.randoms())
def test_order_and_repetition_change_nothing(rows, random) -> None:
    mixed = rows + rows
    random.shuffle(mixed)
    once, again = (relate(table(some)).unique().sort(COLUMNS) for some in (rows, mixed))
    assert_frame_equal(once, again)


@settings(max_examples=8, deadline=None)
@given(questions)
def test_every_answer_keeps_its_promises(rows) -> None:
    answers = assign_route(relate(table(rows)).with_columns(primary="primary_group"))
    assert answers.height == len(rows)
    settled = answers.filter(pl.col("reach").fill_null("unknown") != "unknown")
    assert settled.select(pl.col("candidates").list.contains(pl.col("reach")).all()).item()
    unknown = answers.filter(pl.col("reach") == "unknown")
    assert unknown["candidates"].list.len().fill_null(0).min() in (None, *range(2, 7))
    metastatic = settled.filter(
        pl.col("decided_by") != "assumed", pl.col("candidates").list.len() > 1
    )
    assert metastatic.height == 0
    growth = settled.filter(pl.col("contiguity_used") == "contiguous")
    assert growth["reach"].is_in(["local", "nearby_tissue", "regional_node"]).all()
    assert answers.filter(pl.col("reach").is_not_null())["route"].null_count() == 0
