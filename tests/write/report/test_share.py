"""A page for sharing holds nothing that tells whose it is."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

import outspread
from outspread.plan.pack.load import own_pack
from outspread.write.report.case import Case, case_of
from outspread.write.report.page import Links, patient_page
from people import AS_OF
from write.report.html_checks import seen
from write.report.odd import CASES, EXAMPLES, NAMES, page_of

DATE = re.compile(r"\b(?:19|20)[0-9]{2}-[0-9]{2}(?:-[0-9]{2})?\b")


def ids_of(case: Case) -> set[str]:
    """Ids, names of files and places, and texts."""
    columns = ("evidence_id", "source_ref", "about_ref", "document_id", "file",
               "content", "text")  # fmt: skip
    return {
        row[column]
        for rows in case.rows.values()
        for row in rows
        for column in columns
        if row.get(column)
    }


@pytest.mark.parametrize("name", CASES)
def test_no_id_and_no_text_of_the_record_is_in_it(name: str) -> None:
    page = seen(page_of(name, share=True))
    everything = page.text + " ".join(v for _, a in page.elements for v in a.values())
    words = set(everything.split())
    found = [one for one in ids_of(CASES[name]()) if (len(one) > 4 and one in words) or
             (len(one) > 12 and one in everything)]  # fmt: skip
    assert found == []


def test_ids_that_a_shared_page_leaves_out_are_on_the_page_itself() -> None:
    shown = page_of("breast-years-later")
    assert [one for one in ids_of(CASES["breast-years-later"]()) if one in shown]


@pytest.mark.parametrize("name", CASES)
def test_the_id_of_the_person_is_not_in_it(name: str) -> None:
    case = replace(CASES[name](), patient_id="MRN-0042-K")
    assert "MRN-0042-K" in patient_page(case)
    assert "MRN-0042-K" not in patient_page(case, share=True)


@pytest.mark.parametrize("name", CASES)
def test_no_calendar_date_is_in_it(name: str) -> None:
    case = CASES[name]()
    text = seen(page_of(name, share=True)).text.partition("Sources of the options")[0]
    assert DATE.search(text) is None
    assert f"{case.as_of}" not in page_of(name, share=True)


@pytest.mark.parametrize("name", CASES)
def test_page_with_another_calendar_is_the_same(name: str) -> None:
    """Moving all dates of a person changes nothing, so nothing tells them."""
    case = CASES[name]()
    moved = replace(
        case,
        as_of=case.as_of + timedelta(days=1461),
        rows={table: [_moved(row) for row in rows] for table, rows in case.rows.items()},
        plans={d: {t: [_moved(row) for row in rows] for t, rows in tables.items()}
               for d, tables in case.plans.items()},
    )  # fmt: skip
    assert patient_page(moved, share=True) == page_of(name, share=True)


def _moved(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value + timedelta(days=1461) if isinstance(value, date) else value
        for key, value in row.items()
    }


MARK = "Rumpelstilzchen"


def marked(value: object) -> object:
    """Put a name into every free text of a resource: displays, texts, notes, ids of people."""
    if isinstance(value, dict):
        return {
            key: f"{MARK} {one}" if key in {"display", "text", "id"} and isinstance(one, str)
            and value.get("resourceType") != "Patient" else marked(one)
            for key, one in value.items()
        }  # fmt: skip
    return [marked(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def marked_story(tmp_path_factory: pytest.TempPathFactory) -> outspread.Story:
    """The story of the examples with a name in every free text."""
    folder = tmp_path_factory.mktemp("marked")
    for path in EXAMPLES.glob("*.json"):
        bundle = json.loads(path.read_text(encoding="utf-8"))
        for entry in bundle["entry"]:
            entry["resource"] = marked(entry["resource"])
            entry["resource"]["note"] = [{"text": MARK}]
        (folder / path.name).write_text(json.dumps(bundle), encoding="utf-8")
    return outspread.diagnose(outspread.read(folder), as_of=AS_OF)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_text_of_a_resource_does_not_pass(
    name: str, marked_story: outspread.Story
) -> None:
    owners = marked_story.records.raw.filter(file=f"{name}.json")["patient_id"].unique()
    assert not owners.is_empty()
    for owner in owners:
        case = case_of(marked_story.tables(), owner, pack=own_pack(), as_of=AS_OF)
        assert MARK in patient_page(case), "it is in the page that is not for sharing"
        assert MARK not in patient_page(case, share=True)


FREE = [
    ("treatment", "agent"), ("disease", "t"), ("disease", "n"), ("disease", "m"),
    ("disease", "stage_group"), ("disease", "stage_system"), ("disease", "stage_edition"),
    ("disease", "summary_stage"), ("finding", "grade"), ("finding", "stage_group"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), FREE)
@pytest.mark.parametrize("word", ["Ivan", "Smith", "1954-03-02", "555-1234", "X Ng"])
def test_a_free_word_passes_only_where_it_is_known(table: str, column: str, word: str) -> None:
    case = CASES["contradiction"]() if table != "treatment" else CASES["breast-years-later"]()
    rows = {**case.rows, table: [row | {column: word} for row in case.rows[table]]}
    conflicts = [row | {"left_says": f"grade {word}"} for row in case.rows["conflict"]]
    rows["conflict"] = conflicts if table == "finding" else case.rows["conflict"]
    page = seen(patient_page(replace(case, rows=rows), share=True)).text
    assert word not in page


def test_addresses_of_an_application_are_left_out() -> None:
    links = Links(back="/list?id=4", person="/p?id=4", share="/s?id=4", story="/j?id=4",
                  course="/c?id=4", fhir="/f?id=4")  # fmt: skip
    assert "id=4" not in patient_page(CASES["dead"](), share=True, links=links)
    assert "id=4" in patient_page(CASES["dead"](), links=links)


def test_what_is_known_stays() -> None:
    text = seen(page_of("breast-years-later", share=True)).text
    for words in ("tamoxifen", "Stage IIB, T2 N1a M0 (AJCC 7)", "day 1743", "Bone"):
        assert words in text


def test_there_is_no_download_of_the_story() -> None:
    page = page_of("breast-years-later", share=True)
    assert "data:application/json" not in page
    assert "data:text/csv" in page


def test_very_old_people_are_told_as_such() -> None:
    case = CASES["dead"]()
    person = case.rows["patient"][0] | {"birth_date": date(1925, 1, 1), "death_date": None}
    old = replace(case, rows={**case.rows, "patient": [person | {"is_dead": None}]})
    assert "101 years" in seen(patient_page(old)).text
    assert "90 years" in seen(patient_page(old, share=True)).text
    assert "101" not in seen(patient_page(old, share=True)).text
