"""What disagrees in a record is shown with both sides, and nothing is picked silently."""

from datetime import date

import pytest

from people import primary, secondary, stage, story

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
    "group_iv_with_m0": (
        [primary("colon"), stage(stage_group="IV"), stage(m="0")], "conflict.stage_extent",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "kind"), CONFLICTS.values(), ids=CONFLICTS)
def test_conflict_is_found(rows, kind) -> None:
    assert kind in story(*rows).conflict["kind"].to_list()


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
    "size_fits": [primary("breast", size_mm=50.0), stage(t="2")],
    "other_lung": [
        primary("lung", laterality="right"),
        secondary("lung", laterality="left"),
    ],
}


@pytest.mark.parametrize("rows", PEACE.values(), ids=PEACE)
def test_no_conflict(rows) -> None:
    assert story(*rows).conflict.is_empty()


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
