"""Phrases by phenomenon: what must be read from each, and what must not."""

import csv
from pathlib import Path

import pytest

from outspread.anatomy.load import sites
from outspread.extract.document import read_text
from outspread.extract.export import summarize
from outspread.extract.resolve import resolve

FOLDER = Path(__file__).parent / "phrases"
REPORT = dict(sites().select("id", "report_site").iter_rows())
PRIMARY = "Colon cancer. "


def rows(name: str) -> list[dict[str, str]]:
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def short(row: dict[str, str]) -> str:
    return next(iter(row.values()))[:40]


def filled(template: str, place: dict[str, str]) -> str:
    noun, adjective = place["noun"], place["adjective"]
    return template.format(
        s=noun, a=adjective, S=noun.capitalize(), A=adjective.capitalize(), U=noun.upper()
    )


PLACES = rows("places")


@pytest.mark.parametrize("row", rows("no_cancer"), ids=short)
def test_no_cancer_of_the_patient_is_read(row: dict[str, str]) -> None:
    said = summarize(read_text(row["text"]), "text")
    assert (said["primary_sites"], said["metastatic_sites"], said["extent"]) == ([], [], "none")


@pytest.mark.parametrize("row", rows("refuted"), ids=short)
def test_a_refuted_suspicion_leaves_no_place_reached(row: dict[str, str]) -> None:
    assert summarize(read_text(row["text"]), "text")["metastatic_sites"] == []


@pytest.mark.parametrize("row", rows("nodes"), ids=short)
def test_nodes_hold_cancer_or_not(row: dict[str, str]) -> None:
    said = summarize(read_text(PRIMARY + "\n" + row["text"]), "text")
    found = {place["status"] for place in said["metastatic_sites"]}
    assert found == ({"confirmed"} if row["positive"] == "yes" else set())


@pytest.mark.parametrize("row", rows("tnm"), ids=short)
def test_categories_are_read_in_any_form(row: dict[str, str]) -> None:
    said = summarize(read_text("Prostate, resection: Adenocarcinoma.\n" + row["text"]), "text")
    assert (said["tnm"] or "") == row["tnm"]


@pytest.mark.parametrize("row", rows("treatments"), ids=short)
def test_a_kind_of_treatment_is_read(row: dict[str, str]) -> None:
    said = summarize(read_text(row["text"]), "text")
    assert row["modality"] in {given["modality"] for given in said["treatments"]}


@pytest.mark.parametrize("row", rows("not_given"), ids=short)
def test_what_was_not_given_against_a_cancer_is_no_treatment(row: dict[str, str]) -> None:
    said = summarize(read_text(row["text"]), "text")
    assert row["modality"] not in {given["modality"] for given in said["treatments"]}


@pytest.mark.parametrize("row", rows("extents"), ids=short)
def test_the_extent_is_this(row: dict[str, str]) -> None:
    assert summarize(read_text(row["text"]), "text")["extent"] == row["extent"]


@pytest.mark.parametrize("row", rows("primaries"), ids=short)
def test_the_primaries_are_these_and_no_others(row: dict[str, str]) -> None:
    found = resolve(read_text(row["text"])).cancers
    assert "; ".join(sorted(found)) == row["primaries"]


@pytest.mark.parametrize("row", rows("reached"), ids=short)
def test_the_places_reached_are_these_and_no_others(row: dict[str, str]) -> None:
    said = summarize(read_text(row["text"]), "text")["metastatic_sites"]
    found = sorted(f"{place['site']} {place['status']}" for place in said)
    assert "; ".join(found) == row["reached"]


@pytest.mark.parametrize("row", rows("denials"), ids=short)
def test_a_denied_place_is_never_reached(row: dict[str, str]) -> None:
    reached = [
        place["noun"]
        for place in PLACES
        if summarize(read_text(PRIMARY + filled(row["template"], place)), "text")[
            "metastatic_sites"
        ]
    ]
    assert reached == []


@pytest.mark.parametrize("row", rows("spread"), ids=short)
def test_a_place_that_is_reached_is_read(row: dict[str, str]) -> None:
    missed = []
    for place in PLACES:
        said = summarize(read_text("Prostate cancer. " + filled(row["template"], place)), "text")
        found = {REPORT.get(s["site"], s["site"]) for s in said["metastatic_sites"]}
        if REPORT.get(place["site"], place["site"]) not in found:
            missed.append(place["noun"])
    assert missed == []


TOLD = (
    ("She had breast cancer with liver metastases", "liver"),
    ("CT revealed metastases in the liver", "liver"),
    ("The tumor had spread to the liver", "liver"),
    ("Breast cancer metastasized to the liver", "liver"),
    ("She developed bone metastases", "bone"),
    ("Brain metastases were diagnosed", "brain"),
    ("Peritoneal carcinomatosis was found", "peritoneum"),
    ("He relapsed with lung metastases", "lung"),
    ("Axillary lymph node metastases were found", "ln_axillary"),
    ("The tumor invaded the chest wall", "chest_wall"),
    ("A metastasis of the adrenal gland was resected", "adrenal"),
)


@pytest.mark.parametrize("row", rows("adjuncts"), ids=short)
def test_what_is_told_beside_a_metastasis_does_not_undo_it(row: dict[str, str]) -> None:
    undone = []
    for sentence, site in TOLD:
        text = "A patient with breast cancer. " + row["template"].replace("{s}", sentence)
        said = summarize(read_text(text), "text")["metastatic_sites"]
        if not {p["status"] for p in said if p["site"] == site} & {"confirmed", "historical"}:
            undone.append(sentence)
    assert undone == []


STORIES = rows("stories")


@pytest.mark.parametrize("row", rows("asides"), ids=short)
def test_a_sentence_of_something_else_changes_no_story(row: dict[str, str]) -> None:
    changed = []
    for story in STORIES:
        parts = story["story"].split("{n} ")
        for place in range(1, len(parts)):
            before, after = "".join(parts[:place]), "".join(parts[place:])
            said = summarize(read_text(f"{before}{row['sentence']} {after}"), "text")
            reached = [p["site"] for p in said["metastatic_sites"] if p["status"] != "possible"]
            got = ("; ".join(said["primary_sites"]), "; ".join(sorted(reached)), said["extent"])
            if got != (story["primaries"], story["reached"], story["extent"]):
                changed.append((before, got))
    assert changed == []
