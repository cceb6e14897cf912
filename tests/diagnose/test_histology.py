"""Which histology a cancer has, and where its sources disagree on what it is."""

from datetime import date

import pytest

from people import Case, primary, stories, story

DAY, LATER = date(2020, 1, 1), date(2020, 2, 1)
PATHOLOGY = {"method": "pathology"}
REGISTRY = {"source_kind": "naaccr"}


def stated(code, source="a", **facts):
    return primary("breast", morphology=code, source_ref=source, **facts)


SETTLED = {
    "finer word of a code": ([stated("8000", **PATHOLOGY), stated("8500", "b")], "8500"),
    "finer word within a group": ([stated("8140"), stated("8500")], "8500"),
    "pathology before a registry": (
        [stated("8520", **PATHOLOGY, date=DAY), stated("8500", "b", **REGISTRY, date=LATER)],
        "8520",
    ),
    "registry before codes": ([stated("8500", **REGISTRY), stated("8520", "b")], "8500"),
    "later before earlier": ([stated("8520", date=LATER), stated("8500", "b", date=DAY)], "8520"),
    "dated before undated": ([stated("8500", date=DAY), stated("8520", "b")], "8500"),
}


settled = stories({name: Case(rows) for name, (rows, _) in SETTLED.items()})
turned = stories({name: Case(rows[::-1]) for name, (rows, _) in SETTLED.items()})


@pytest.mark.parametrize("case", SETTLED)
def test_histology_of_several(case) -> None:
    for told in (settled(case), turned(case)):
        assert told.disease["morphology"].to_list() == [SETTLED[case][1]]


NONE, METHOD, TIME = (
    f"precedence.{rule}" for rule in ("none", "pathology_over_registry", "later_over_earlier")
)
CONFLICTS = {
    "two groups in one source": (
        [stated("8500"), stated("8070")], "conflict.histology", NONE, "neither",
    ),
    "two groups, one by pathology": (
        [stated("8500"), stated("8070", **PATHOLOGY)], "conflict.histology", METHOD, "left",
    ),
    "two kinds of one group": (
        [stated("8500", date=DAY), stated("8520", "b", date=LATER)],
        "conflict.histology_subtype", TIME, "left",
    ),
    "in situ by pathology after an invasive code": (
        [stated(None, behavior="malignant", date=DAY),
         stated(None, "b", behavior="in_situ", date=LATER, **PATHOLOGY)],
        "conflict.behavior_of_sources", "precedence.found_over_denied", "left",
    ),
    "two grades": (
        [stated(None, grade="G1", date=DAY), stated(None, "b", grade="grade 3", date=LATER)],
        "conflict.grade", TIME, "left",
    ),
    "a grade that stands apart": (
        [stated(None, grade="poorly differentiated"),
         primary(None, grade="Well differentiated", source_ref="b", **PATHOLOGY)],
        "conflict.grade", METHOD, "left",
    ),
}  # fmt: skip


disputed = stories({name: Case(rows) for name, (rows, *_) in CONFLICTS.items()})


@pytest.mark.parametrize("case", CONFLICTS)
def test_a_disagreement_has_its_rule(case) -> None:
    told = disputed(case)
    assert told.disease.height == 1
    assert told.conflict.select("kind", "rule", "followed").rows() == [CONFLICTS[case][1:]]


PEACE = {
    "coarser word": [stated("8010", **PATHOLOGY), stated("8500", "b")],
    "carcinoma and squamous": [stated("8010"), stated("8070", "b")],
    "only unspecified words": [stated("8000"), stated("8001", "b")],
    "in situ first": [
        stated(None, behavior="in_situ", date=DAY, **PATHOLOGY),
        stated(None, "b", behavior="malignant", date=LATER),
    ],
    "one grade in two words": [stated(None, grade="2"), stated(None, "b", grade="G2")],
    "grades before and after surgery": [
        stated(None, grade="2", stage_basis="clinical"),
        stated(None, grade="3", stage_basis="pathological"),
    ],
    "grades of two scales": [stated(None, grade="H"), stated(None, grade="2")],
    "a histology that is only possible": [
        stated("8500"), stated("8070", "b", certainty="possible"),
    ],
}  # fmt: skip


peaceful = stories({name: Case(rows) for name, rows in PEACE.items()})


@pytest.mark.parametrize("case", PEACE)
def test_no_disagreement(case) -> None:
    assert peaceful(case).conflict.is_empty()


def test_an_invasive_cancer_is_not_made_in_situ_by_a_specimen() -> None:
    rows = [
        stated(None, behavior="malignant", date=DAY),
        stated(None, "b", behavior="in_situ", date=LATER, **PATHOLOGY),
    ]
    assert story(*rows).disease.select("behavior", "extent").rows() == [("malignant", "unknown")]


def test_two_histologies_of_one_cancer_are_told_once() -> None:
    rows = [stated("8500", date=DAY), stated("8070", "b", date=DAY)]
    assert story(*rows).conflict["kind"].to_list() == ["conflict.histology_together"]
