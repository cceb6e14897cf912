"""What the rules say would change a statement does so, and what they say would not does not."""

from datetime import date

import pytest

from outspread.write.wording import rule_sentences
from people import Row, course, primary, secondary, stage, story

BREAST = primary("breast", source_ref="a", date=date(2020, 1, 1))
LEFT = primary("breast", laterality="left", source_ref="a")
RIGHT = primary("breast", laterality="right")
AXILLA = secondary("ln_axillary")
BONE = secondary("bone", date=date(2021, 1, 1))
NO_BONE = secondary("bone", polarity="negated", date=date(2023, 1, 1))
IN_SITU = primary("breast", behavior="in_situ", source_ref="a")
CONFINED = stage(t="1", n="0", m="0")
M0 = stage(m="0", date=date(2022, 1, 1))
COLON = primary("colon")
LUNG = primary("lung")


def says(rule_id: str, rows: list[Row]) -> list[str]:
    """What the story says where a rule of this kind decides: extents, names, courses, conflicts."""
    told = story(*rows)
    kind = rule_id.partition(".")[0]
    columns = {"extent": "extent", "identity": "name", "attribution": "name", "status": "status"}
    if kind == "conflict":
        return sorted(told.conflict["kind"])
    return sorted(told.disease[columns[kind]].drop_nulls())


@pytest.mark.parametrize(
    ("rule_id", "rows", "fact", "changes"),
    [
        ("identity.same_cancer", [LEFT], RIGHT, True),
        ("identity.not_stated", [BONE], COLON, True),
        ("identity.undetermined", [BREAST, COLON, BONE], BONE | {"origin": "colon"}, True),
        ("attribution.only_primary", [BREAST, BONE], COLON, True),
        ("attribution.linked", [BREAST, COLON, BONE | {"about_ref": "a"}], COLON, False),
        ("attribution.none", [BONE], COLON, True),
        ("extent.farthest_place", [BREAST, AXILLA], BONE, True),
        ("extent.farthest_place", [BREAST, BONE], NO_BONE, False),
        ("extent.tnm_m", [BREAST, stage(m="1")], M0, False),
        ("extent.tnm_n", [BREAST, stage(n="1")], stage(m="1"), True),
        ("extent.tnm_t", [BREAST, stage(t="4b")], BONE, True),
        ("extent.tnm_confined", [BREAST, CONFINED], AXILLA, True),
        ("extent.stage_group", [COLON, stage(stage_group="III")], BONE, True),
        ("extent.summary_stage", [BREAST, stage(summary_stage="1")], AXILLA, True),
        ("extent.course", [BREAST, course("regional_recurrence")], BONE, True),
        ("extent.in_situ", [IN_SITU], AXILLA, True),
        ("extent.open_reach", [LUNG, secondary("lung")], BONE, True),
        ("extent.nothing_stated", [BREAST], CONFINED, True),
        ("extent.nothing_stated", [BREAST], NO_BONE, False),
        ("status.stated", [BREAST, course("stable")], course("worsened", date=BONE["date"]), True),
        ("conflict.seldom_secondary", [secondary("prostate")], primary("prostate"), True),
        (
            "conflict.in_situ_spread",
            [IN_SITU, AXILLA | {"about_ref": "a"}],
            BREAST | {"source_ref": "b", "behavior": "malignant"},
            True,
        ),
        (
            "conflict.stage_unattributed",
            [BREAST, COLON | {"date": date(2010, 1, 1)}, stage(t="1")],
            stage(t="1", date=date(2020, 2, 1)),
            False,
        ),
    ],
)
@pytest.mark.slow
def test_a_further_fact(rule_id: str, rows: list[Row], fact: Row, *, changes: bool) -> None:
    assert rule_id in rule_sentences()
    told = story(*rows)
    lists = [*told.disease["rule_ids"], *told.disease["extent_rule"].implode()]
    attributions = [f"attribution.{why}" for why in told.lesion["attribution"]]
    named = {*(rule for ids in lists for rule in ids), *attributions, *told.conflict["kind"]}
    assert rule_id in {*named, "status.stated"}, "the rule decides before"
    before, after = says(rule_id, rows), says(rule_id, [*rows, fact])
    if rule_id.startswith("conflict"):
        assert (rule_id not in after) == changes
    else:
        assert (before != after) == changes
