"""Slices of sources in lines, with the element that was read."""

import json

import pytest

from outspread.write.report.source import LONGEST, source_lines

RESOURCE = json.dumps(
    {
        "resourceType": "Condition",
        "code": {"text": "a"},
        "valueCodeableConcept": {"text": "b"},
        "valuation": "c",
        "stage": [{"summary": {"text": "d"}}],
        "extension": [{"url": "http://x/histology-morphology-behavior"}],
    }
)
TUMOR = '<Tumor><Item naaccrId="primarySite">C509</Item><Item naaccrId="grade">2</Item></Tumor>'


def read_of(content: str, element: str | None) -> list[str]:
    return [line.name for line in source_lines(content, element) if line.is_read]


@pytest.mark.parametrize(
    ("content", "element", "read"),
    [
        pytest.param(RESOURCE, "code", ["code"], id="element"),
        pytest.param(RESOURCE, "code:1", ["code"], id="second reading of an element"),
        pytest.param(RESOURCE, "value", ["valueCodeableConcept"], id="value of any type"),
        pytest.param(RESOURCE, "stage[0].summary", ["stage"], id="part of an element"),
        pytest.param(RESOURCE, "histology", ["extension"], id="extension"),
        pytest.param(RESOURCE, "nothing", [], id="not in it"),
        pytest.param(RESOURCE, None, [], id="not stated"),
        pytest.param(TUMOR, "primarySite", ["primarySite"], id="registry item"),
        pytest.param('{"site": "C50", "role": "primary"}', "site", ["site"], id="column"),
        pytest.param("no JSON at all", "site", [], id="text"),
        pytest.param("[1, 2]", "site", [], id="a list"),
        pytest.param("", "site", [], id="empty"),
    ],
)
def test_element_that_was_read_is_found(content: str, element: str | None, read: list[str]) -> None:
    assert read_of(content, element) == read


def test_every_item_of_a_tumor_is_a_line() -> None:
    assert [(line.name, line.content) for line in source_lines(TUMOR, None)] == [
        ("primarySite", "C509"),
        ("grade", "2"),
    ]


def test_a_whole_file_in_an_element_is_cut_and_said() -> None:
    (line,) = source_lines(json.dumps({"data": "x" * (LONGEST * 2)}), "data")
    assert len(line.content) < LONGEST + 50
    assert "characters more" in line.content
