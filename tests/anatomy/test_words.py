"""Look-up by word or code."""

import pytest

from outspread.anatomy.words import explain_rows, look_up, suggest


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("liver", "liver"),
        ("oesophagus", "esophagus"),
        ("coeliac node", "ln_celiac"),
        ("ln_axillary", "ln_axillary"),
        ("Axillary lymph node", "ln_axillary"),
    ],
    ids=["name", "British", "British node", "id", "capitals"],
)
def test_a_word_finds_its_site(text: str, site: str) -> None:
    found = look_up(text)["sites"]
    assert found["id"].to_list() == [site]
    assert found["terms"].list.len().item() > 0


@pytest.mark.parametrize(
    ("text", "primary"),
    [
        ("breast", "breast"),
        ("brain tumour", "brain"),
        ("breast cancer", "breast"),
        ("colon", "colon"),
    ],
)
def test_a_word_finds_its_primary(text: str, primary: str) -> None:
    assert primary in look_up(text)["primaries"]["id"].to_list()


@pytest.mark.parametrize(
    ("text", "role"), [("C50.9", "primary"), ("94222008", "secondary"), ("8500/3", "morphology")]
)
def test_a_code_is_found_in_every_vocabulary_that_has_it(text: str, role: str) -> None:
    assert set(look_up(text)["codes"]["role"]) == {role}


def test_an_unknown_word_finds_nothing_and_the_nearest_is_named() -> None:
    assert all(frame.height == 0 for frame in look_up("pancraes").values())
    assert "pancreas" in suggest("pancraes")
    assert suggest("qqqqqq") == []


def test_an_unknown_id_is_explained_by_nothing() -> None:
    assert explain_rows(["X99"])["says"].to_list() == [None]
