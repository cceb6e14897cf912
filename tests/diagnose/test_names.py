"""Diseases are named as a doctor would say them: by their origin."""

import pytest

from people import Case, course, primary, secondary, stage, stories, tumor

NAMES = {
    "bone_and_liver": (
        [primary("breast"), secondary("liver"), secondary("bone")],
        ["breast cancer with bone and liver metastases"],
    ),
    "three_places_and_parts_of_one_folded": (
        [primary("lung"), secondary("brain"), secondary("spine"), secondary("rib"),
         secondary("adrenal", laterality="left")],
        ["lung cancer with adrenal, bone and brain metastases"],
    ),
    "regional_node_stands_beside": (
        [primary("breast"), secondary("ln_axillary"), secondary("bone")],
        ["breast cancer with bone metastases"],
    ),
    "locally_advanced": ([primary("rectum"), stage(n="1b")], ["locally advanced rectal cancer"]),
    "localized": (
        [primary("prostate"), stage(t="2c", n="0", m="0")], ["localized prostate cancer"],
    ),
    "sites_not_stated": (
        [primary("prostate"), stage(m="1")], ["metastatic prostate cancer, sites not stated"],
    ),
    "recurrence_without_a_site": (
        [primary("breast"), course("distant_recurrence")],
        ["metastatic breast cancer, sites not stated"],
    ),
    "nothing_stated": ([primary("lung")], ["lung cancer, extent unknown"]),
    "unknown_primary": (
        [primary("cup"), secondary("liver")], ["cancer of unknown primary with liver metastases"],
    ),
    "not_stated": (
        [secondary("liver"), secondary("lung")],
        ["metastatic cancer, primary not stated, in liver and lung"],
    ),
    "not_stated_without_a_place": (
        [secondary(None)], ["metastatic cancer, primary not stated"],
    ),
    "possible_place": (
        [primary("melanoma_skin"), secondary("brain"), secondary("lung", certainty="possible")],
        ["melanoma of the skin with brain metastases, possible lung metastases"],
    ),
    "stated_origin_alone": (
        [secondary("bone", origin="prostate")], ["prostate cancer with bone metastases"],
    ),
    "two_possible_origins": (
        [primary("breast"), primary("lung"), secondary("liver")],
        ["breast cancer, extent unknown", "lung cancer, extent unknown",
         "metastatic cancer in liver, from lung cancer or breast cancer"],
    ),
    "blood_cancer_beside_a_metastasis": (
        [primary("lymphoma"), secondary("liver")],
        ["lymphoma", "metastatic cancer, primary not stated, in liver"],
    ),
    "blood_cancer_by_histology": (
        [primary("lymphoma", morphology="9823")], ["chronic lymphocytic leukemia"],
    ),
    "cancer_without_a_place_beside_spread": (
        [tumor("undetermined", primary="cup"), secondary("liver")],
        ["cancer of unknown primary with liver metastases"],
    ),
    "cancer_without_a_place_beside_a_known_origin": (
        [tumor("undetermined", primary="cup"), primary("colon"), secondary("liver")],
        ["colon cancer with liver metastases"],
    ),
    "cancer_without_a_place_alone": (
        [tumor("undetermined", behavior="malignant")],
        ["cancer, primary not stated, extent unknown"],
    ),
    "in_situ": ([primary("breast", behavior="in_situ")], ["in situ breast cancer"]),
    "behavior_not_stated": (
        [primary("prostate", behavior="unknown")],
        ["prostate cancer (behavior not stated), extent unknown"],
    ),
    "both_sides": (
        [primary("breast", laterality="left"), primary("breast", laterality="right")],
        ["breast cancer, extent unknown", "breast cancer, extent unknown"],
    ),
    "malignant_fluid": (
        [primary("lung"), secondary("pleural_effusion"), secondary("bone")],
        ["lung cancer with bone and pleural metastases"],
    ),
}  # fmt: skip


named = stories({name: Case(rows) for name, (rows, _) in NAMES.items()})


@pytest.mark.parametrize("case", NAMES)
def test_name(case) -> None:
    assert named(case).disease["name"].to_list() == NAMES[case][1]
