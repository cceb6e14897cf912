"""Unknown, not stated, found later; and kinds of tumor that name no organ."""

from datetime import date

import polars as pl
import pytest

from people import Case, primary, secondary, stage, stories, story

EARLY, DAY, LATER, LONG_AFTER = (date(year, 2, 1) for year in (2015, 2019, 2020, 2029))
CUP = primary("cup", date=DAY, source_ref="cup")
LIVER = secondary("liver", date=DAY)
UNKNOWN = "cancer of unknown primary, extent unknown"

CASES = {
    "found_later": (
        [CUP, LIVER, primary("lung", date=LATER)], ["lung cancer with liver metastases"],
    ),
    "found_later_by_a_stated_origin": (
        [CUP, LIVER, secondary("bone", origin="lung", date=LATER)],
        ["lung cancer with bone and liver metastases"],
    ),
    "known_before": (
        [primary("lung", date=EARLY), CUP, LIVER],
        ["lung cancer, extent unknown", UNKNOWN,
         "metastatic cancer in liver, from lung cancer or cancer of unknown primary"],
    ),
    "known_without_a_date": (
        [CUP, primary("lung")], [UNKNOWN, "lung cancer, extent unknown"],
    ),
    "linked_to_a_known_one": (
        [CUP | {"about_ref": "l"}, LIVER, primary("lung", source_ref="l")],
        ["lung cancer with liver metastases"],
    ),
    "two_found_later": (
        [CUP, primary("lung", date=LATER), primary("colon", date=LATER)],
        [UNKNOWN, "colon cancer, extent unknown", "lung cancer, extent unknown"],
    ),
    "only_possible_later": (
        [CUP, LIVER, primary("lung", date=LATER, certainty="possible")],
        ["cancer of unknown primary with liver metastases",
         "possible lung cancer, extent unknown"],
    ),
    "in_situ_later": (
        [CUP, primary("breast", date=LATER, behavior="in_situ")],
        [UNKNOWN, "in situ breast cancer"],
    ),
    "blood_cancer_later": (
        [CUP, LIVER, primary("lymphoma", date=LATER)],
        ["cancer of unknown primary with liver metastases", "lymphoma"],
    ),
    "of_another_kind": (
        [primary("cup", date=DAY, morphology="8720"),
         primary("lung", date=LATER, morphology="8140")],
        [UNKNOWN, "lung cancer, extent unknown"],
    ),
    "unknown_stays_unknown": (
        [CUP, LIVER], ["cancer of unknown primary with liver metastases"],
    ),
    "not_stated_stays_not_stated": ([LIVER], ["metastatic cancer, primary not stated, in liver"]),
}  # fmt: skip


named = stories({name: Case(rows) for name, (rows, _) in CASES.items()})


@pytest.mark.parametrize("case", CASES)
def test_name(case) -> None:
    assert named(case).disease["name"].to_list() == CASES[case][1]


def test_a_cancer_found_long_after_is_another_one() -> None:
    from outspread.diagnose import diagnose
    from people import records

    rows = [CUP, primary("lung", date=LONG_AFTER)]
    assert diagnose(records(rows), as_of=date(2030, 1, 1)).disease.height == 2


def test_what_changed_the_story_is_shown_with_both_sides() -> None:
    tables = story(CUP, LIVER, primary("lung", date=LATER))
    conflict = tables.conflict.row(by_predicate=pl.col("kind") == "conflict.origin_found", named=1)
    assert (conflict["left_says"], conflict["right_says"], conflict["followed"]) == (
        "no origin was found", "primary lung cancer", "right",
    )  # fmt: skip
    disease = tables.disease.row(0, named=True)
    assert disease["rule_ids"] == ["identity.origin_found"]
    assert set(conflict["left_evidence_ids"]) < set(disease["evidence_ids"])
    assert disease["diagnosed_date"] == LATER


def test_what_was_said_of_the_unknown_one_is_kept() -> None:
    tables = story(CUP, stage(m="1", about_ref="cup", date=DAY), primary("lung", date=LATER))
    assert tables.disease.select("primary", "extent").rows() == [("lung", "distant")]


NEUROENDOCRINE = {
    "one_on_record": (
        [primary("net_small_intestine"), primary("breast"), secondary("liver", origin="net_other")],
        [("net_small_intestine", "histology")],
    ),
    "by_code_alone": (
        [primary("lung", code_system="icd10cm", code="C7A.090"), primary("breast"),
         secondary("liver", origin="net_other")],
        [("lung", "histology")],
    ),
    "none_on_record": (
        [primary("breast"), secondary("liver", origin="net_other")], [("net_other", "stated")],
    ),
    "two_on_record": (
        [primary("net_small_intestine"), primary("net_pancreas"),
         secondary("liver", origin="net_other")],
        [("net_other", "stated")],
    ),
    "unspecified_beside_a_named_organ": (
        [primary("net_other"), primary("net_appendix"), secondary("liver", origin="net_other")],
        [("net_appendix", "histology")],
    ),
    "melanoma_of_the_eye": (
        [primary("melanoma_uvea"), secondary("liver", origin="melanoma_skin")],
        [("melanoma_uvea", "histology")],
    ),
    "melanomas_of_eye_and_skin": (
        [primary("melanoma_uvea"), primary("melanoma_skin"),
         secondary("liver", origin="melanoma_skin")],
        [("melanoma_skin", "stated")],
    ),
}  # fmt: skip


of_a_kind = stories({name: Case(rows) for name, (rows, _) in NEUROENDOCRINE.items()})


@pytest.mark.parametrize("case", NEUROENDOCRINE)
def test_a_kind_of_tumor_means_the_one_cancer_of_that_kind(case) -> None:
    tables = of_a_kind(case)
    spread = tables.lesion.filter(pl.col("role") == "secondary")
    owners = spread.join(tables.disease, on=["patient_id", "disease_id"], suffix="_2")
    assert owners.select("primary", "attribution").rows() == NEUROENDOCRINE[case][1]
