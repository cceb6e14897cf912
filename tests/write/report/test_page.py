"""The page of one patient: golden copies, and what must hold on every page."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import outspread
from outspread.plan.pack.load import own_pack
from outspread.write.report.case import Case, case_of
from outspread.write.report.page import Links, page_view, patient_page
from outspread.write.report.person import person_html
from outspread.write.wording import NOT_KNOWN
from people import AS_OF, secondary
from plan.told import BREAST, Told, everyone, measured
from write.report.html_checks import dangers, normal, seen
from write.report.odd import CASES, NAMES, page_of, person_of

GOLDEN = Path(__file__).parent / "golden"
LARGEST_USUAL = 300_000


def without_plan(case: Case) -> Case:
    """The same patient with nothing in the plan: golden pages do not hang on the pack."""
    empty = {name: list[dict[str, object]]() for name in ("factor", "option", "alert", "question")}
    planned = {name: frame.clear() for name, frame in case.planned.items()}
    return replace(case, plans=dict.fromkeys(case.plans, empty), planned=planned)


KEPT = [
    *((name, "page") for name in CASES),
    *((name, "share") for name in ("breast-years-later", "three_cancers", "note")),
    *((name, "person") for name in (*NAMES, "no_cancer", "three_cancers", "no_dates")),
]


@pytest.mark.parametrize(("name", "kind"), KEPT)
def test_page_is_the_golden_one(name: str, kind: str, *, update_cases: bool) -> None:
    case = without_plan(CASES[name]())
    page = person_html(case) if kind == "person" else patient_page(case, share=kind == "share")
    path = GOLDEN / f"{name}.{kind}.html"
    if update_cases:
        path.write_text(normal(page), encoding="utf-8")
    assert normal(page) == path.read_text(encoding="utf-8")


def head_of(name: str) -> dict[str, str]:
    """The facts of the head of the first disease, each as one text."""
    case = CASES[name]()
    (disease, *_) = page_view(case).diseases
    return {
        fact.label: " ".join(
            str(piece)
            for said in (fact.said, *fact.more)
            for piece in said
            if isinstance(piece, str)
        )
        for fact in disease.facts
    }


def test_head_holds_one_staging_and_says_that_there_are_others() -> None:
    said = head_of("contradiction")["Stage at diagnosis"]
    assert said == "Stage IIB (AJCC 8) As first stated; 1 other staging is listed below."


def test_spread_that_only_the_stage_tells_is_told_as_such() -> None:
    said = head_of("rectum-locally-advanced")["Spread to"]
    assert said == "No place is named The N category says that regional nodes are involved."
    assert head_of("one_event")["Spread to"] == "No place of spread is recorded"


def test_a_primary_is_not_said_to_lie_within_its_organ() -> None:
    shown = [
        place for name in CASES for one in page_view(CASES[name]()).diseases for place in one.places
    ]
    assert {place.reach for place in shown if place.role == "Primary"} == {""}
    assert "" not in {place.reach for place in shown if place.role == "Spread"}


def test_what_is_for_any_cancer_is_not_counted_as_a_treatment_of_it() -> None:
    (disease, *_) = page_view(CASES["lung-other-lung-and-adrenal"]()).diseases
    first, asked = disease.plan.in_short
    assert first == (
        "No option for this cancer applies yet; 39 wait for facts; 5 options for any cancer apply"
    )
    assert asked.startswith("Asked first: ")


def test_what_is_one_fact_away_names_the_answer_that_it_waits_for() -> None:
    (disease, *_) = page_view(CASES["lung-other-lung-and-adrenal"]()).diseases
    assert "BRAF: V600E" in {one.turns_on for one in disease.plan.near}


@pytest.mark.parametrize("name", CASES)
def test_page_is_whole(name: str) -> None:
    for page in (page_of(name), person_of(name)):
        found = seen(page)
        assert found.is_nested
        assert not dangers(page)
        assert len(found.ids) == len(set(found.ids)), "an id stands for one thing"
        targets = {
            attributes["href"][1:]
            for _, attributes in found.elements
            if attributes.get("href", "").startswith("#")
        }
        assert targets - {"closed"} <= set(found.ids), "every link has something to open"


@pytest.mark.parametrize("name", CASES)
def test_every_number_of_a_place_is_in_map_table_and_course(name: str) -> None:
    case = CASES[name]()
    page = page_of(name)
    for number in range(1, len(case.rows["lesion"]) + 1):
        assert f'id="place{number}"' in page
        assert f"<title>{number} " in page or f"; {number} " in page


@pytest.mark.parametrize("name", NAMES)
def test_page_of_a_usual_patient_is_small(name: str) -> None:
    assert len(page_of(name).encode()) < LARGEST_USUAL


def test_nothing_is_left_out_by_certainty() -> None:
    case = CASES["many_lesions"]()
    possible = sum(row["certainty"] == "possible" for row in case.rows["lesion"])
    page = page_of("many_lesions")
    rows = [tag for tag in re.findall(r"<tr[^>]*>", page) if 'class="possible"' in tag]
    assert len(rows) == possible
    assert f"{possible} possible hidden" in page, "said when the reader asks to hide them"


def test_alert_stands_above_everything() -> None:
    text = seen(page_of("alert")).text
    assert text.index("The spinal cord may be pressed") < text.index("Farthest it has reached")
    assert "A clinician must see this now" in text


def test_dead_person_has_no_plan() -> None:
    text = seen(page_of("dead")).text
    assert "No plan: the record says that the person has died." in text
    assert "has died" in text


def test_not_a_prescription_is_said_once() -> None:
    assert seen(page_of("breast-years-later")).text.count("Not a prescription") == 1


def test_words_of_a_report_differ_by_mark_and_by_word() -> None:
    page = page_of("note")
    for meaning in ("affirmed", "denied", "possible"):
        assert f'<mark class="said-{meaning}">' in page
        assert f'</mark><span class="tag">{meaning}' in page


def test_element_that_was_read_is_marked() -> None:
    page = page_of("breast-years-later")
    marked = page.split('<tr class="is-read">')[1].split("</tr>")[0]
    assert "code" in marked
    assert "94222008" in marked


def test_the_shown_form_of_dates_can_be_chosen() -> None:
    page = patient_page(CASES["breast-years-later"](), dates="age")
    assert 'id="dates-age" checked' in page
    assert 'id="dates-calendar">' in page
    assert "59 y 7 mo" in page


def test_application_gives_its_own_addresses() -> None:
    links = Links(style="/style.css", back="/list", person="/p", share="/shared",
                  story="/s.json", course="/c.csv", fhir="/f.json")  # fmt: skip
    page = patient_page(CASES["dead"](), links=links)
    assert "<style>" not in page
    assert "data:" not in page
    assert [
        word
        for word in ("/style.css", "/list", "/p", "/shared", "/s.json", "/c.csv", "/f.json")
        if word not in page
    ] == []


def test_every_disagreement_of_results_is_listed() -> None:
    results = [
        measured(name, value, date=date(2025, 12, 28))
        for name in ("er", "her2")
        for value in ("negative", "positive")
    ]
    told = {"person": Told([BREAST, secondary("bone")], results)}
    story = outspread.diagnose(everyone(told), as_of=AS_OF)
    view = page_view(case_of(story.tables(), "person", pack=own_pack(), as_of=AS_OF))
    known = [fact.label for fact in view.diseases[0].plan.known]
    assert {"er", "her2"} <= set(known)
    assert len(known) == len(set(known))


def test_treatments_that_wait_for_one_fact_name_it() -> None:
    page = page_of("breast-years-later")
    near = page.split("One fact away")[1].split("</ul>")[0]
    assert "it turns on line of treatment being planned" in near
    assert "br-hrpos-1l-cdk46-ai" in near


def test_first_screen_says_where_to_and_what_next() -> None:
    page = patient_page(CASES["lung-other-lung-and-adrenal"]())
    head = seen(page.split("<h3>Where it is")[0]).text
    assert "Confirmed, another part of the body: adrenal gland, left; lung, left." in head
    assert "Confirmed, regional lymph node: mediastinal lymph node." in head
    assert "Possible, another part of the body: brain." in head
    assert "39 wait for facts" in head
    assert "Asked first: Line of treatment being planned" in head


@pytest.mark.parametrize(("name", "said"), [("contradiction", True), ("breast-years-later", False)])
def test_head_of_a_disease_leads_to_what_sources_disagree_on(name: str, *, said: bool) -> None:
    page = patient_page(CASES[name]())
    assert ('<a href="#conflicts">Sources disagree on 3 points</a>' in page) is said


def test_histology_is_told_by_its_name_with_the_codes_beside_it() -> None:
    text = seen(patient_page(CASES["lung-other-lung-and-adrenal"]())).text
    assert "Side: right, adenocarcinoma, ICD-O-3 C34.1 8140/3." in text
    assert "Primary: lung cancer, lung, right, adenocarcinoma 8140/3" in text


def test_each_staging_stands_as_it_was_stated() -> None:
    view = page_view(CASES["contradiction"]())
    told = [(one.said, one.basis, one.means) for one in view.diseases[0].stagings]
    assert told == [
        ("Stage IIB (AJCC 8)", "not stated", "settles nothing about the extent"),
        ("Stage IVB, T2 N0 M0 (AJCC 8)", "clinical", "may mean up to distant"),
    ]


@pytest.mark.parametrize("name", CASES)
def test_every_rule_that_is_named_has_its_sentence(name: str) -> None:
    assert NOT_KNOWN not in patient_page(CASES[name]())
