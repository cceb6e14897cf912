"""What must hold for every patient, whatever the record says."""

import os
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from outspread.diagnose import StoryTables, diagnose
from outspread.records import Records
from outspread.tables import TABLES
from people import AS_OF, PLACES, patients, primary, records, secondary, stage

pytestmark = pytest.mark.slow

COHORT = st.lists(patients, min_size=10, max_size=30)
# One story costs as much as many, so few cohorts try many people; more: OUTSPREAD_EXAMPLES=50.
QUICK = settings(max_examples=int(os.environ.get("OUTSPREAD_EXAMPLES", "2")), deadline=None)


def cohort_records(cohort: list[list[dict]], group: str = "") -> Records:
    rows = [
        {"evidence_id": f"e{n}", "source_ref": f"r{n}"} | row | {"patient_id": f"{group}person-{i}"}
        for i, rows in enumerate(cohort)
        for n, row in enumerate(rows)
    ]
    return records(rows)


def joined(cohort: list[list[dict]], row: dict) -> list[list[dict]]:
    """Everybody with one more statement, whose id moves no other."""
    return [[*rows, row | {"evidence_id": "added"}] for rows in cohort]


def beside(one: list[list[dict]], other: list[list[dict]], *, as_of: date = AS_OF) -> list:
    """The stories of two cohorts, worked out at once."""
    both = Records.concat([cohort_records(one, "one "), cohort_records(other, "other ")])
    story = diagnose(both, as_of=as_of)
    owner = pl.col("patient_id")
    return [
        StoryTables(
            *(
                frame.filter(owner.str.starts_with(group)).with_columns(
                    owner.str.strip_prefix(group)
                )
                for frame in story
            )
        )
        for group in ("one ", "other ")
    ]


def assert_same(left: StoryTables, right: StoryTables) -> None:
    for one, other in zip(left, right, strict=True):
        assert_frame_equal(one, other)


@QUICK
@given(COHORT, st.randoms(use_true_random=False))
def test_story_does_not_depend_on_the_order_of_rows(cohort, random) -> None:
    ordered = cohort_records(cohort)
    order = list(range(ordered.finding.height))
    random.shuffle(order)
    shuffled = Records(finding=ordered.finding[order], raw=ordered.raw)
    assert_same(diagnose(ordered, as_of=AS_OF), diagnose(shuffled, as_of=AS_OF))


@QUICK
@given(COHORT, st.integers(0, 30))
def test_story_does_not_depend_on_who_else_is_in_the_records(cohort, cut) -> None:
    together = cohort_records(cohort)
    first = pl.col("patient_id").is_in([f"person-{i}" for i in range(cut)])
    parts = [
        diagnose(Records(finding=together.finding.filter(some)), as_of=AS_OF)
        for some in (first, ~first)
    ]
    merged = StoryTables(*(pl.concat(frames).sort("patient_id", maintain_order=True)
                           for frames in zip(*parts, strict=True)))  # fmt: skip
    assert_same(diagnose(together, as_of=AS_OF), merged)


@QUICK
@given(COHORT, st.integers(-2000, 2000))
def test_shifting_all_dates_shifts_all_dates_of_the_story(cohort, days) -> None:
    def shifted(rows: list[dict], by: timedelta) -> list[dict]:
        return [row | {"date": row["date"] + by if row.get("date") else None} for row in rows]

    far_future = date(2100, 1, 1)
    moved = [shifted(rows, timedelta(days)) for rows in cohort]
    before, after = beside(cohort, moved, as_of=far_future)
    back = pl.selectors.date() - timedelta(days)
    assert_same(before, StoryTables(*(frame.with_columns(back) for frame in after)))


@QUICK
@given(COHORT, st.sampled_from([p for p in PLACES if p]), st.dates(date(2010, 1, 1), AS_OF))
def test_a_negated_statement_never_adds_spread(cohort, place, day) -> None:
    denied = secondary(place, polarity="negated", date=day, source_ref="denial")
    without, with_denial = beside(cohort, joined(cohort, denied))
    state = pl.selectors.starts_with("state")  # a denial may say that a place has gone
    assert_frame_equal(without.lesion.drop(state), with_denial.lesion.drop(state))
    assert_frame_equal(without.disease, with_denial.disease)


@QUICK
@given(COHORT, st.sampled_from(PLACES), st.sampled_from([None, "left", "right"]))
def test_possible_evidence_never_changes_an_extent(cohort, place, side) -> None:
    doubtful = secondary(place, certainty="possible", laterality=side, source_ref="doubt")
    key = ["patient_id", "primary", "laterality", "origin_status", "extent"]
    before, after = (
        story.disease.select(key) for story in beside(cohort, joined(cohort, doubtful))
    )
    lost = before.join(after, on=key, how="anti", nulls_equal=True)
    assert lost.is_empty()


UNRELATED = st.builds(
    primary,
    st.sampled_from(["thyroid", "lymphoma", "bladder"]),
    date=st.one_of(st.none(), st.dates(date(2010, 1, 1), AS_OF)),
    source_ref=st.just("unrelated"),
)


@QUICK
@given(COHORT, UNRELATED)
def test_an_unrelated_cancer_moves_no_stated_spread_and_hides_no_metastasis(cohort, row) -> None:
    before, after = beside(cohort, joined(cohort, row))
    kept = stated_spread(before).join(
        stated_spread(after), on=["patient_id", "primary", "site", "reach"], nulls_equal=True,
        how="anti",
    )  # fmt: skip
    assert kept.is_empty()
    far = before.disease.filter(pl.col("extent") == "distant").select("patient_id").unique()
    is_far = (pl.col("extent") == "distant") | (pl.col("possible_extent") == "distant")
    assert far.join(after.disease.filter(is_far), on="patient_id", how="anti").is_empty()


def stated_spread(story: StoryTables) -> pl.DataFrame:
    owners = story.disease.select("patient_id", "disease_id", "primary")
    return story.lesion.filter(pl.col("attribution").is_in(["stated", "linked"])).join(
        owners, on=["patient_id", "disease_id"]
    )


@QUICK
@given(
    COHORT,
    st.sampled_from(["clark", "gleason_group", "binet", "no such system"]),
    st.sampled_from(["I", "III", "IV"]),
)
def test_a_grade_a_depth_or_a_stage_of_blood_never_changes_an_extent(cohort, system, level) -> None:
    graded = stage(stage_system=system, stage_group=level, source_ref="grade")
    before, after = (story.disease for story in beside(cohort, joined(cohort, graded)))
    told = ["patient_id", "name", "extent", "possible_extent", "extent_rule", "extent_evidence_ids"]
    assert_frame_equal(before.select(told), after.select(told))


LEVELS = {
    "not_applicable": 0,
    "unknown": 0,
    "in_situ": 1,
    "localized": 2,
    "regional": 3,
    "distant": 4,
}


@QUICK
@given(COHORT, st.sampled_from([p for p in PLACES if p]), st.dates(date(2010, 1, 1), AS_OF))
def test_a_denial_by_pathology_never_raises_an_extent(cohort, place, day) -> None:
    denied = secondary(place, polarity="negated", method="pathology", date=day, source_ref="denial")
    before, after = (
        story.disease.group_by("patient_id").agg(
            pl.col("extent").cast(pl.String).replace_strict(LEVELS).max()
        )
        for story in beside(cohort, joined(cohort, denied))
    )
    both = before.join(after, on="patient_id", suffix="_after")
    assert both.filter(pl.col("extent_after") > pl.col("extent")).is_empty()


@QUICK
@given(COHORT)
def test_no_stage_that_counts_is_lost(cohort) -> None:
    source = cohort_records(cohort)
    stated = source.finding.filter(
        (pl.col("kind") == "stage")
        & pl.any_horizontal(
            pl.col(c).is_not_null() for c in ("t", "n", "m", "stage_group", "summary_stage")
        )
    ).select("patient_id", "evidence_id")
    found = diagnose(source, as_of=AS_OF).staging.select(
        "patient_id", pl.col("evidence_ids").alias("evidence_id")
    )
    shown = found.explode("evidence_id").unique()
    key = ["patient_id", "evidence_id"]
    assert_frame_equal(stated.sort(key), shown.sort(key))


@QUICK
@given(patients, st.integers(0, 7))
def test_removing_all_evidence_of_a_place_removes_it(patient, number) -> None:
    """Evidence of a place: what the lesion cites, and what else names it, for or against."""
    whole = records([*patient, secondary("liver", date=date(2020, 1, 1))])
    spread = diagnose(whole, as_of=AS_OF).lesion.filter(pl.col("role") != "primary")
    places = spread["site"].unique().sort().to_list()
    assert "liver" in places
    place = places[number % len(places)]
    ids = spread.filter(site=place)["evidence_ids"].explode().to_list()
    names_it = (pl.col("site") == place).fill_null(value=False) | pl.col("evidence_id").is_in(ids)
    left = diagnose(Records(finding=whole.finding.filter(~names_it)), as_of=AS_OF).lesion
    assert place not in left.filter(pl.col("role") != "primary")["site"].to_list()


@QUICK
@given(COHORT)
def test_every_derived_row_has_evidence_that_resolves_into_raw(cohort) -> None:
    source = cohort_records(cohort)
    tables = diagnose(source, as_of=AS_OF)
    resolved = source.finding.join(
        source.raw.select("patient_id", "source_ref"), on=["patient_id", "source_ref"]
    ).select("patient_id", "evidence_id")
    cited = pl.concat(
        [
            tables.disease.select("patient_id", pl.col("evidence_ids").alias("id")),
            tables.lesion.select("patient_id", pl.col("evidence_ids").alias("id")),
            tables.staging.select("patient_id", pl.col("evidence_ids").alias("id")),
            tables.conflict.select("patient_id", pl.col("left_evidence_ids").alias("id")),
            tables.event.select("patient_id", pl.col("evidence_ids").alias("id")),
        ]
    )
    assert cited.filter(pl.col("id").list.len() == 0).is_empty()
    dangling = cited.explode("id").join(
        resolved, left_on=["patient_id", "id"], right_on=["patient_id", "evidence_id"], how="anti"
    )
    assert dangling.is_empty()


@QUICK
@given(COHORT)
def test_the_course_is_in_order_and_tells_every_place(cohort) -> None:
    tables = diagnose(cohort_records(cohort), as_of=AS_OF)
    event = tables.event
    in_order = event.sort("patient_id", "date", nulls_last=True, maintain_order=True)
    assert_frame_equal(event, in_order)
    key = ["patient_id", "lesion_id", "date"]
    seen = tables.lesion.filter(pl.col("role") == "secondary").select(
        "patient_id", "lesion_id", pl.col("first_seen_date").alias("date")
    )
    assert seen.join(event, on=key, how="anti", nulls_equal=True).is_empty()
    levels = pl.Enum(["in_situ", "localized", "regional", "distant"])
    known = event.filter(pl.col("extent").is_in(levels.categories.to_list())).with_columns(
        pl.col("extent").cast(pl.String).cast(levels).to_physical().alias("level")
    )
    rising = pl.col("level").diff().over("patient_id", "disease_id").fill_null(0) >= 0
    assert known.filter(~rising).is_empty()


@QUICK
@given(COHORT)
def test_the_last_event_tells_the_extent_where_everything_is_dated(cohort) -> None:
    day = date(2015, 5, 5)
    dated = [[row | {"date": row.get("date") or day} for row in rows] for rows in cohort]
    tables = diagnose(cohort_records(dated), as_of=AS_OF)
    key = ["patient_id", "disease_id"]
    last = tables.event.filter(pl.col("date").is_not_null()).group_by(key).agg(
        pl.col("extent").last().alias("reached")
    )  # fmt: skip
    both = tables.disease.filter(pl.col("diagnosed_date").is_not_null()).join(last, on=key)
    assert both.filter(pl.col("extent") != pl.col("reached")).is_empty()


@QUICK
@given(COHORT)
def test_status_now_is_stated_or_follows_and_never_comes_from_silence(cohort) -> None:
    source = cohort_records(cohort)
    disease = diagnose(source, as_of=AS_OF).disease
    kinds = source.finding.select(
        "patient_id", "evidence_id", "kind", pl.col("status").alias("said")
    )
    told = disease.select("patient_id", "status", "status_rule", "status_evidence_ids").explode(
        "status_evidence_ids", empty_as_null=False
    )
    cited = told.join(
        kinds, left_on=["patient_id", "status_evidence_ids"], right_on=["patient_id", "evidence_id"]
    )
    stated = cited.filter(pl.col("status_rule") == "status.stated")
    assert stated.filter(pl.col("status") != pl.col("said")).is_empty()
    derived = cited.filter(pl.col("status_rule") != "status.stated")
    assert derived.filter(~pl.col("status").cast(pl.String).str.ends_with("recurrence")).is_empty()
    assert disease.filter(pl.col("status").is_null() != pl.col("status_rule").is_null()).is_empty()


COARSER = {
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}


@QUICK
@given(
    st.lists(st.dates(date(2010, 1, 1), date(2025, 12, 31)), min_size=2, max_size=5),
    st.lists(st.sampled_from([None, "month", "year"]), min_size=5, max_size=5),
)
def test_coarser_dates_never_settle_the_timing_otherwise(days, precisions) -> None:
    def told(coarsened: bool) -> dict:  # noqa: FBT001
        rows = []
        for day, precision in zip(days, precisions, strict=False):
            row = secondary("liver", date=day) if rows else primary("colon", date=day)
            if coarsened and precision:
                row |= {"date": COARSER[precision](day), "date_precision": precision}
            rows.append(row)
        return diagnose(records(rows), as_of=AS_OF).disease.row(0, named=True)

    exact, coarse = told(coarsened=False), told(coarsened=True)
    assert coarse["timing"] in (exact["timing"], "unknown")
    assert coarse["min_interval_days"] <= exact["interval_days"] <= coarse["max_interval_days"]


@QUICK
@given(COHORT)
def test_the_story_keeps_the_rules_of_its_tables(cohort) -> None:
    story = diagnose(cohort_records(cohort), as_of=AS_OF)
    for table in StoryTables._fields:
        TABLES[table].validate(getattr(story, table))
