"""The page for the person: plain words, no promise, no figure of survival."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
import textstat

from outspread.anatomy.load import sites
from outspread.plan.facts.row import read_data
from outspread.plan.pack.load import own_pack
from outspread.write.person import (
    person_sections,
    person_texts,
    plain_name,
    plain_places,
    sided_place,
)
from outspread.write.report.case import Case
from write.report.html_checks import seen
from write.report.odd import CASES, NAMES, person_of

HARDEST_GRADE = 6.0
LONGEST_SENTENCE = 20
SHEETS = 2
CHROMIUM = shutil.which("chromium")
QUESTIONS = ["What is it called?", "Where did it start?", "Where has it gone?",
             "What are treatments for?", "What can I ask?"]  # fmt: skip


def sentences(case: Case) -> list[str]:
    sections = person_sections(case.planned, case.tables, patient_id=case.patient_id)
    said = [text for section in sections for text in (*section.sentences, *section.points)]
    return [one for text in said for one in re.split(r"(?<=[.?!])\s+", text) if one]


def told(name: str) -> str:
    return seen(person_of(name)).text


@pytest.mark.parametrize("name", NAMES)
def test_page_answers_its_questions_in_their_order(name: str) -> None:
    places = [told(name).index(question) for question in QUESTIONS]
    assert places == sorted(places)


@pytest.mark.parametrize("name", [*NAMES, "no_cancer", "no_dates", "dead", "three_cancers"])
def test_page_reads_at_grade_6(name: str) -> None:
    assert textstat.flesch_kincaid_grade(" ".join(sentences(CASES[name]()))) <= HARDEST_GRADE


@pytest.mark.parametrize("name", [*NAMES, "no_cancer", "no_dates", "dead"])
def test_sentences_are_short(name: str) -> None:
    long = [one for one in sentences(CASES[name]()) if len(one.split()) > LONGEST_SENTENCE]
    assert long == []


@pytest.mark.parametrize("name", CASES)
def test_page_says_nothing_of_survival_and_gives_no_number_of_chance(name: str) -> None:
    low = told(name).lower()
    words = ("survival", "survive", "percent", "%", "months to live", "prognosis", "chance")
    assert [word for word in words if word in low] == []


def test_what_is_possible_is_not_sure_yet() -> None:
    text = told("lung-other-lung-and-adrenal")
    assert "Brain: not sure yet" in text.replace(" : ", ": ")
    assert "It may be cancer or it may not." in text


def test_cancer_keeps_its_name_where_it_goes() -> None:
    assert "Breast cancer cells in the bone are still breast cancer." in told("breast-years-later")


def test_the_kind_of_cells_is_told_in_plain_words_and_by_its_name() -> None:
    text = told("breast-years-later")
    assert "It is made of cells that form glands. Doctors call this kind ductal carcinoma." in text
    assert "Doctors call" not in told("no_cancer")


def test_what_the_record_said_last_is_told() -> None:
    said = "The last word in your records (November 2023): the cancer has not grown."
    assert said in told("breast-years-later")


def test_records_that_disagree_are_said_to_disagree() -> None:
    assert "Your records do not agree on how far the cancer has spread." in told("contradiction")
    assert "Your records do not say how far the cancer has spread." in told("one_event")


def test_spread_without_a_place_is_not_told_as_none() -> None:
    said = "Your records say that it has spread, but do not name the place."
    assert said in told("rectum-locally-advanced")
    assert "Your records name no other place." in told("one_event")


def test_the_picture_of_an_unknown_origin_does_not_promise_to_show_it() -> None:
    said = "The numbers show where the cancer began"
    assert said in told("breast-years-later")
    assert said not in told("unknown-primary")
    assert "The numbers show where the cancer was found." in told("unknown-primary")


def test_a_group_of_genes_is_not_asked_for_beside_its_genes() -> None:
    assert "PIK3CA gene" in told("breast-years-later")
    assert "PIK3CA, AKT1 and PTEN" not in told("breast-years-later")
    assert "gene changes that some drugs act on" not in told("lung-other-lung-and-adrenal")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("lung cancer, extent unknown", "lung cancer"),
        ("metastatic cancer, primary not stated, in bone", "metastatic cancer in bone"),
        ("metastatic breast cancer, sites not stated", "metastatic breast cancer"),
    ],
)
def test_a_name_holds_no_words_of_a_registry(name: str, plain: str) -> None:
    assert plain_name({"name": name}) == plain


@pytest.mark.parametrize(
    "factor", [name for name, one in own_pack().factors.items() if one.group in ("gene", "immune")]
)
def test_every_test_of_the_pack_has_a_plain_name(factor: str) -> None:
    plain = dict(read_data("person_tests").select("factor", "plain").iter_rows())
    asked = person_texts()["ask.tests"].format(plain[factor])
    assert textstat.flesch_kincaid_grade(asked) <= HARDEST_GRADE


def test_unknown_origin_is_said_as_such() -> None:
    assert "did not find it" in told("unknown-primary")


@pytest.mark.parametrize("name", NAMES)
def test_page_has_one_picture(name: str) -> None:
    elements = seen(person_of(name)).elements
    assert sum(attributes.get("class") == "map" for _, attributes in elements) == 1


def test_every_site_has_a_plain_name() -> None:
    missing = set(sites()["id"]) - set(plain_places())
    assert all(sided_place(site, None) == person_texts()["where.unnamed"] for site in missing)
    regions = dict(sites().select("id", "region").iter_rows())
    assert {regions[site] for site in missing} == {"whole_body"}


@pytest.mark.parametrize("place", sorted(set(plain_places().values())))
def test_plain_names_are_plain(place: str) -> None:
    assert textstat.flesch_kincaid_grade(f"It has been found in the {place}.") <= HARDEST_GRADE


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="prints with chromium, not installed")
@pytest.mark.parametrize("name", NAMES)
def test_page_prints_on_two_sheets(name: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(person_of(name), encoding="utf-8")
    subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--print-to-pdf={tmp_path}/page.pdf", f"file://{tmp_path}/page.html"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    sheets = pypdf.PdfReader(BytesIO((tmp_path / "page.pdf").read_bytes())).pages
    assert len(sheets) <= SHEETS
