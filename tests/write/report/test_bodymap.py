"""The map of the body."""

import re
from dataclasses import replace
from functools import cache

import pytest

from outspread.anatomy.load import sites
from outspread.write.report.bodymap import (
    HIPS,
    KNEES,
    LEFT,
    MIDDLE,
    RIGHT,
    TOP,
    anchors,
    body_map,
    spots_of,
)
from outspread.write.report.lesions import Place
from outspread.write.report.page import page_view
from write.report.odd import CASES


@cache
def places(name: str) -> tuple[Place, ...]:
    """The places of the first cancer of a patient."""
    return page_view(CASES[name]()).diseases[0].places


def shown(*where: tuple[str, str | None], sex: str | None = "female") -> str:
    like = places("breast-years-later")[1]
    found = [
        replace(like, number=number, site=site, laterality=side, place=site)
        for number, (site, side) in enumerate(where, 1)
    ]
    return str(body_map(tuple(found), sex=sex, name="a cancer"))


def marks(svg: str) -> list[tuple[float, float]]:
    found = re.findall(r'class="mark[^"]*" transform="translate\(([-0-9.]+) ([-0-9.]+)\)', svg)
    return [(float(x), float(y)) for x, y in found]


def test_every_site_has_a_point_or_is_of_the_whole_body() -> None:
    regions = dict(sites().select("id", "region").iter_rows())
    assert {regions[site] for site in regions if site not in anchors()} == {"whole_body"}


@pytest.mark.parametrize("site", anchors())
def test_points_are_within_the_figure(site: str) -> None:
    for spot in (*spots_of(site, "left"), *spots_of(site, "right"), *spots_of(site, None)):
        assert 20 < spot.x < 86
        assert TOP < spot.y < KNEES


def test_left_of_the_person_is_on_the_right_of_the_picture() -> None:
    assert spots_of("breast", "left")[0].x > MIDDLE > spots_of("breast", "right")[0].x
    assert spots_of("liver", None)[0].x < MIDDLE < spots_of("spleen", None)[0].x


def test_a_side_that_is_not_stated_is_drawn_on_no_side() -> None:
    svg = shown(("ln_axillary", None))
    ((x, _),) = marks(svg)
    assert x < LEFT + 15 or x > RIGHT - 15, "beside the figure"
    assert svg.count("leader is-unsure") == 2, "with a line to either side"


def test_finer_site_stands_at_the_coarser_one() -> None:
    assert spots_of("pleura_parietal", "left") == spots_of("pleura", "left") != ()
    assert spots_of("cerebellum", None) == spots_of("brain", None)


def test_bone_without_a_name_stands_below_the_figure() -> None:
    svg = shown(("bone", None))
    assert marks(svg)[0][1] > HIPS
    assert ">bone</text>" in svg


def test_places_at_one_spot_are_one_mark_that_counts_them() -> None:
    svg = shown(("liver", None), ("liver", None), ("liver", None))
    assert len(marks(svg)) == 1
    assert ">+2</text>" in svg
    assert "1 liver; 2 liver; 3 liver" in svg


def test_neighbors_do_not_lie_on_each_other() -> None:
    found = marks(shown(*((site, "left") for site in ("lung", "ln_hilar", "breast", "pleura"))))
    gaps = [
        ((x - u) ** 2 + (y - v) ** 2) ** 0.5
        for number, (x, y) in enumerate(found)
        for u, v in found[:number]
    ]
    assert min(gaps) > 9


def test_many_places_stay_apart_and_none_is_lost() -> None:
    svg = str(body_map(places("many_lesions"), sex="female", name="a cancer"))
    found = marks(svg)
    assert len(found) < 50
    gaps = [
        ((x - u) ** 2 + (y - v) ** 2) ** 0.5
        for number, (x, y) in enumerate(found)
        for u, v in found[:number]
    ]
    assert min(gaps) > 9
    titles = " ".join(re.findall(r"<title>([^<]*)</title>", svg))
    many = places("many_lesions")
    assert [one.number for one in many if f"{one.number} {one.place}" not in titles] == []


def test_a_count_beside_a_mark_is_covered_by_no_other_mark() -> None:
    svg = str(body_map(places("many_lesions"), sex="female", name="a cancer"))
    counted = re.findall(
        r'class="mark[^"]*" transform="translate\(([-0-9.]+) ([-0-9.]+)\)[^>]*>'
        r'(?:(?!</a>).)*class="more"', svg)  # fmt: skip
    on_figure = [(float(x), float(y)) for x, y in counted if LEFT + 15 < float(x) < RIGHT - 15]
    assert on_figure
    for x, y in on_figure:
        beside = [u for u, v in marks(svg) if x < u < x + 19 and abs(v - y) < 10]
        assert beside == []


def test_picture_has_a_title_and_is_told_in_words() -> None:
    svg = shown(("liver", None))
    assert 'role="group"' in svg
    assert "<title>Map of a cancer</title>" in svg
    assert "<desc>1 liver: nearby tissue or regional node. The table lists" in svg


def test_figure_follows_the_sex_and_is_neutral_without() -> None:
    outlines = {sex: re.search(r'd="([^"]*)" class="body"', shown(("liver", None), sex=sex))
                for sex in ("female", "male", "other", None)}  # fmt: skip
    drawn = {sex: found.group(1) for sex, found in outlines.items() if found}
    assert drawn["female"] != drawn["male"]
    assert drawn["other"] == drawn[None]
