"""Places that follow from an M category alone, and only where it names one."""

import pytest

from people import Case, primary, secondary, stage, stories

M = {
    "prostate_m1b_is_bone": ("prostate", "1b", None, ["bone"]),
    "prostate_m1a_is_a_distant_node": ("prostate", "1a", None, ["ln_distant"]),
    "prostate_m1c_is_open": ("prostate", "1c", None, []),
    "prostate_m1_is_open": ("prostate", "1", None, []),
    "melanoma_m1b_is_lung": ("melanoma_skin", "1b", "8", ["lung"]),
    "melanoma_m1d_8_is_brain_or_cord": ("melanoma_skin", "1d", "8", ["central_nervous_system"]),
    "melanoma_m1a_names_several": ("melanoma_skin", "1a", "8", []),
    "colon_m1c_8_is_peritoneum": ("colon", "1c", "8", ["peritoneum"]),
    "colon_m1c_without_edition": ("colon", "1c", None, []),
    "colon_m1a_is_one_organ_we_know_not_which": ("colon", "1a", "8", []),
    "lung_m1b_is_open": ("lung", "1b", "8", []),
}


staged = stories({
    name: Case([primary(cancer), stage(m=m, stage_edition=edition)])
    for name, (cancer, m, edition, _) in M.items()
})  # fmt: skip


@pytest.mark.parametrize("case", M)
def test_places_that_an_m_category_names(case) -> None:
    tables = staged(case)
    spread = tables.lesion.filter(role="secondary")
    assert spread["site"].to_list() == M[case][-1]
    assert set(spread["attribution"]) <= {"stage"}
    assert tables.disease["extent"].to_list() == ["distant"]


KNOWN = {
    "the_place_itself": ("prostate", "1b", secondary("bone"), ["bone"]),
    "a_place_within_it": ("melanoma_skin", "1d", secondary("brain"), ["brain"]),
    "a_node_by_name": ("prostate", "1a", secondary("ln_para_aortic"), ["ln_para_aortic"]),
}


known = stories({
    name: Case([primary(cancer), place, stage(m=m, stage_edition="8")])
    for name, (cancer, m, place, _) in KNOWN.items()
})  # fmt: skip


@pytest.mark.parametrize("case", KNOWN)
def test_a_place_on_record_is_not_told_twice(case) -> None:
    spread = known(case).lesion
    assert spread.filter(role="secondary")["site"].to_list() == KNOWN[case][-1]
    assert "stage" not in spread["attribution"].to_list()
