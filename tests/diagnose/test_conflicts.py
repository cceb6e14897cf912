"""What disagrees in a record is shown with both sides, and nothing is picked silently."""

from datetime import date, timedelta

import pytest

from people import Case, primary, secondary, stage, stories, story

DAY, LATER = date(2020, 1, 1), date(2021, 1, 1)
CONFLICTS = {
    "own_organ": ([primary("prostate"), secondary("prostate")], "conflict.own_organ"),
    "seldom_secondary": ([secondary("colon")], "conflict.seldom_secondary"),
    "behavior": (
        [primary("breast", behavior="in_situ", source_ref="a"),
         primary("breast", behavior="malignant", source_ref="a")], "conflict.behavior",
    ),
    "in_situ_with_spread": (
        [primary("breast", behavior="in_situ"), secondary("bone", origin="breast")],
        "conflict.in_situ_spread",
    ),
    "stage_groups": (
        [primary("breast"), stage(stage_group="IIB"), stage(stage_group="IIIC")],
        "conflict.stage_group",
    ),
    "members_of_another_basis": (
        [primary("breast"),
         stage(stage_group="IIB", stage_basis="clinical", qualifier="pathological members")],
        "conflict.stage_members",
    ),
    "size_against_t": (
        [primary("breast", size_mm=25.0), stage(t="3")], "conflict.t_size",
    ),
    "size_measured_apart": (
        [primary("breast"), primary(None, size_mm=25.0), stage(t="3")], "conflict.t_size",
    ),
    "m0_with_distant_place": (
        [primary("colon"), secondary("liver", date=DAY), stage(m="0", date=LATER)],
        "conflict.m_category",
    ),
    "affirmed_and_later_denied_without_a_look": (
        [primary("colon"), secondary("liver", date=DAY),
         secondary("liver", polarity="negated", date=LATER)], "conflict.affirmed_denied",
    ),
    "pathology_found_it_imaging_does_not_see_it": (
        [primary("colon"), secondary("liver", date=DAY, method="pathology"),
         secondary("liver", polarity="negated", date=DAY, method="imaging")],
        "conflict.weaker_denied",
    ),
    "imaging_saw_it_pathology_denies_it": (
        [primary("colon"), secondary("liver", date=DAY, method="imaging"),
         secondary("liver", polarity="negated", date=DAY, method="pathology")],
        "conflict.pathology_denied",
    ),
    "two_sides_of_one_tumor": (
        [primary("breast", laterality="left", source_ref="a"),
         primary("breast", laterality="right", source_ref="a")], "conflict.laterality",
    ),
    "two_sides_said_about_one_tumor": (
        [primary("breast", laterality="left", source_ref="a"),
         primary("breast", laterality="right", about_ref="a")], "conflict.laterality",
    ),
    "group_iv_with_m0": (
        [primary("colon"), stage(stage_group="IV"), stage(m="0")], "conflict.stage_extent",
    ),
}  # fmt: skip


disputed = stories({name: Case(rows) for name, (rows, _) in CONFLICTS.items()})


@pytest.mark.parametrize("case", CONFLICTS)
def test_conflict_is_found(case) -> None:
    assert CONFLICTS[case][1] in disputed(case).conflict["kind"].to_list()


PEACE = {
    "finer_group": [primary("breast"), stage(stage_group="III"), stage(stage_group="IIIC")],
    "clinical_and_pathological_groups_differ": [
        primary("breast"),
        stage(stage_group="IIB", stage_basis="clinical"),
        stage(stage_group="IIIA", stage_basis="pathological"),
    ],
    "restaged_a_year_later": [
        primary("breast"),
        stage(stage_group="IIB", date=DAY),
        stage(stage_group="IIIA", date=LATER),
    ],
    "in_situ_first_invasive_later": [
        primary("breast", behavior="in_situ", source_ref="a"),
        primary("breast", behavior="malignant", source_ref="b"),
    ],
    "m0_before_relapse": [
        primary("colon"),
        stage(m="0", date=DAY),
        secondary("liver", date=LATER),
    ],
    "denied_before_found": [
        primary("colon"),
        secondary("liver", polarity="negated", date=DAY),
        secondary("liver", date=LATER),
    ],
    "both_breasts": [
        primary("breast", laterality="left", source_ref="a"),
        primary("breast", laterality="right", source_ref="b"),
    ],
    "grade_group_beside_a_stage": [
        primary("prostate"),
        stage(stage_group="4", stage_system="gleason_group"),
        stage(stage_group="IIB", stage_system="ajcc"),
    ],
    "ovary_iiic_with_m0": [
        primary("ovary"),
        stage(stage_group="IIIC", stage_edition="8", m="0"),
    ],
    "size_fits": [primary("breast", size_mm=50.0), stage(t="2")],
    "other_lung": [
        primary("lung", laterality="right"),
        secondary("lung", laterality="left"),
    ],
}


peaceful = stories({name: Case(rows) for name, rows in PEACE.items()})


@pytest.mark.parametrize("case", PEACE)
def test_no_conflict(case) -> None:
    assert peaceful(case).conflict.is_empty()


def test_treatment_for_the_other_side() -> None:
    radiation = {
        "modality": "radiation",
        "treatment_status": "done",
        "reason_primary": "breast",
        "reason_laterality": "right",
    }
    found = story(primary("breast", laterality="left"), treatments=[radiation]).conflict
    assert found.select("kind", "followed").rows() == [("conflict.side_of_reason", "left")]
    both = [primary("breast", laterality="left"), primary("breast", laterality="right")]
    assert story(*both, treatments=[radiation]).conflict.is_empty()


def _denied(method, day, **facts):
    return secondary("liver", polarity="negated", method=method, date=day, **facts)


SOON, LATE = date(2020, 2, 1), date(2020, 8, 1)
OVERRULED = {
    "image_then_biopsy": (
        secondary("liver", method="imaging", date=DAY), _denied("pathology", SOON), True,
    ),
    "code_then_biopsy": (secondary("liver", date=DAY), _denied("pathology", SOON), True),
    "exam_and_biopsy_of_one_day": (
        secondary("liver", method="exam", date=DAY), _denied("pathology", DAY), True,
    ),
    "biopsy_long_after_may_mean_healed": (
        secondary("liver", method="imaging", date=DAY), _denied("pathology", LATE), False,
    ),
    "biopsy_before_the_image": (
        secondary("liver", method="imaging", date=SOON), _denied("pathology", DAY), False,
    ),
    "undated_biopsy": (
        secondary("liver", method="imaging", date=DAY), _denied("pathology", None), False,
    ),
    "biopsy_dated_by_month": (
        secondary("liver", method="imaging", date=DAY),
        _denied("pathology", SOON, date_precision="month"), False,
    ),
    "doubtful_biopsy": (
        secondary("liver", method="imaging", date=DAY),
        _denied("pathology", SOON, certainty="possible"), False,
    ),
    "pathology_against_pathology": (
        secondary("liver", method="pathology", date=DAY), _denied("pathology", SOON), False,
    ),
    "image_against_image": (
        secondary("liver", method="imaging", date=DAY), _denied("imaging", SOON), False,
    ),
    "image_against_code": (secondary("liver", date=DAY), _denied("imaging", SOON), False),
    "code_against_image": (
        secondary("liver", method="imaging", date=DAY), _denied(None, SOON), False,
    ),
    "another_place": (
        secondary("lung", method="imaging", date=DAY), _denied("pathology", SOON), False,
    ),
}  # fmt: skip


overruled = stories({
    name: Case([primary("colon"), claim, denial]) for name, (claim, denial, _) in OVERRULED.items()
})  # fmt: skip


@pytest.mark.parametrize("case", OVERRULED)
def test_only_pathology_soon_after_overrules(case) -> None:
    tables, is_overruled = overruled(case), OVERRULED[case][-1]
    extent = ("unknown", "distant") if is_overruled else ("distant", None)
    assert tables.disease.select("extent", "possible_extent").rows() == [extent]
    kinds = tables.conflict["kind"].to_list()
    assert ("conflict.pathology_denied" in kinds) == is_overruled
    if is_overruled:
        (row,) = tables.conflict.rows(named=True)
        assert (row["severity"], row["followed"]) == ("error", "right")
        assert row["rule"] == "precedence.pathology_over_imaging"


def _given(modality, day, **facts):
    return {"modality": modality, "treatment_status": "done", "date": day} | facts


TREATED = {
    "chemotherapy_since": (_given("chemotherapy", date(2020, 1, 10)), True),
    "radiation_of_the_place": (_given("radiation", date(2020, 1, 10), site="liver"), True),
    "radiation_of_another_place": (_given("radiation", date(2020, 1, 10), site="brain"), False),
    "surgery_of_the_origin": (_given("surgery", date(2020, 1, 10), site="colon"), False),
    "chemotherapy_before_it_was_seen": (_given("chemotherapy", date(2019, 6, 1)), False),
    "chemotherapy_days_before_the_biopsy": (_given("chemotherapy", date(2020, 2, 20)), False),
    "chemotherapy_refused": (
        _given("chemotherapy", date(2020, 1, 10), treatment_status="refused"), False,
    ),
    "chemotherapy_without_a_date": (_given("chemotherapy", None), False),
}  # fmt: skip


BIOPSIED = [
    primary("colon"),
    secondary("liver", method="imaging", date=DAY),
    _denied("pathology", date(2020, 3, 1)),
]


treated = stories({n: Case(BIOPSIED, treatments=[given]) for n, (given, _) in TREATED.items()})


@pytest.mark.parametrize("case", TREATED)
def test_a_biopsy_after_treatment_tells_that_the_place_has_healed(case) -> None:
    told, is_healed = treated(case), TREATED[case][1]
    (lesion,) = told.lesion.filter(site="liver").rows(named=True)
    if is_healed:
        assert told.disease["extent"].to_list() == ["distant"]
        assert (lesion["certainty"], lesion["state"]) == ("confirmed", "resolved")
        assert told.conflict.is_empty()
    else:
        assert told.conflict["kind"].to_list() == ["conflict.pathology_denied"]
        assert lesion["certainty"] == "possible"


def test_a_biopsy_of_one_side_overrules_that_side_only() -> None:
    rows = [
        primary("colon"),
        secondary("lung", method="imaging", date=DAY, laterality="left"),
        secondary("lung", method="imaging", date=DAY, laterality="right"),
        secondary("lung", polarity="negated", method="pathology", date=DAY, laterality="left"),
    ]
    lesions = story(*rows).lesion.filter(site="lung")
    assert dict(lesions.select("laterality", "certainty").rows()) == {
        "left": "possible",
        "right": "confirmed",
    }


def test_a_second_biopsy_that_finds_it_restores_the_place() -> None:
    rows = [
        primary("colon"),
        secondary("liver", method="imaging", date=DAY),
        _denied("pathology", date(2020, 1, 10)),
        secondary("liver", method="pathology", date=SOON),
    ]
    tables = story(*rows)
    assert tables.disease["extent"].to_list() == ["distant"]
    assert "conflict.pathology_denied" not in tables.conflict["kind"].to_list()


def test_severity_is_error_where_the_extent_rests_on_a_side() -> None:
    liver = [secondary("liver", date=DAY), secondary("liver", polarity="negated", date=LATER)]
    alone = story(primary("colon"), *liver).conflict
    assert alone.select("kind", "severity").rows() == [("conflict.affirmed_denied", "error")]
    node = [secondary("ln_axillary", date=DAY), secondary("ln_axillary", polarity="negated")]
    beside = story(primary("breast"), secondary("bone"), *node).conflict
    assert beside["severity"].to_list() == ["warning"]


def test_every_conflict_says_what_would_settle_it() -> None:
    for case in CONFLICTS:
        told = disputed(case).conflict
        assert told["settled_by"].str.len_chars().min() > 10
        assert set(told["rule"].str.split(".").list.first()) == {"precedence"}


@pytest.mark.slow
def test_many_stages_of_one_patient_make_no_pairs() -> None:
    days = [date(2000, 1, 1) + timedelta(days=n % 9000) for n in range(20_000)]
    rows = [
        stage(stage_group=("IV", "IIB", "IIIC")[n % 3], m=("0", "1")[n % 2], t="2", date=day)
        for n, day in enumerate(days)
    ]
    denials = [secondary("bone", polarity="negated", date=day) for day in days[:5000]]
    tables = story(primary("breast", date=DAY), secondary("bone", date=DAY), *rows, *denials)
    assert tables.conflict.height < 20
    assert tables.disease["extent"].to_list() == ["distant"]
