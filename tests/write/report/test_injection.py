"""Nothing that a record, a report or a folder can hold runs in a page, or makes a formula."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest

import outspread.write.report.html as html
from outspread.tables import TABLES, polars_schema
from outspread.write.report.case import Case
from outspread.write.report.course import course_csv, harmless
from outspread.write.report.page import Links, page_csv, page_view, patient_page
from outspread.write.report.person import person_html
from write.report.html_checks import dangers, seen
from write.report.odd import CASES

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "\"><img src=x onerror=alert(1)>' onload='alert(1)"
PAYLOADS = pytest.mark.parametrize("payload", [SCRIPT, ATTRIBUTE], ids=["element", "attribute"])
KNOWN = {  # columns whose words are ids of our own knowledge, or tie rows together
    "patient_id", "evidence_id", "evidence_ids", "document_id", "source_ref",
}  # fmt: skip


def columns() -> Iterator[tuple[str, str]]:
    """Every column of text of every table."""
    for table in TABLES:
        for column, dtype in polars_schema(table).items():
            if str(dtype) == "String" and column not in KNOWN:
                yield table, column


def poisoned(case: Case, table: str, column: str, payload: str) -> Case:
    rows = [row | {column: payload} for row in case.rows[table]]
    return replace(case, rows={**case.rows, table: rows})


def pages(case: Case) -> list[str]:
    """All pages; the bundle, which needs sites of our own, stands elsewhere."""
    links = Links(fhir="#elsewhere")
    return [patient_page(case, links=links), patient_page(case, share=True), person_html(case)]


@pytest.mark.parametrize(("table", "column"), list(columns()))
def test_no_column_can_add_an_element(table: str, column: str) -> None:
    name = "note" if table == "document" else "contradiction"
    name = "breast-years-later" if table in {"treatment", "measurement"} else name
    for page in pages(poisoned(CASES[name](), table, column, SCRIPT + ATTRIBUTE)):
        assert SCRIPT not in page
        assert ATTRIBUTE not in page
        assert dangers(page) == []


@PAYLOADS
def test_no_id_can_add_an_element(payload: str) -> None:
    """Ids tie rows together, so they are replaced everywhere at once."""
    case = CASES["breast-years-later"]()
    ids = {row["evidence_id"]: f"{row['evidence_id']}{payload}" for table in
           ("finding", "treatment", "measurement") for row in case.rows[table]}  # fmt: skip
    renamed = {
        table: [
            {key: _renamed(value, ids, payload if key == "source_ref" else "")
             for key, value in row.items()} for row in rows
        ]
        for table, rows in case.rows.items()
    }  # fmt: skip
    for page in pages(replace(case, rows=renamed, patient_id=payload)):
        assert payload not in page
        assert dangers(page) == []


def _renamed(value: object, ids: dict[str, str], more: str) -> object:
    if isinstance(value, list):
        return [ids.get(one, one) for one in value]
    return f"{ids.get(value, value)}{more}" if isinstance(value, str) else value


def test_texts_of_a_pack_are_escaped() -> None:
    case = CASES["breast-years-later"]()
    plans = {
        disease: {
            table: [
                {key: _poison(value) if key in {"what", "text", "question", "examples", "says",
                                                "cautions", "workup", "plain_words", "option_id",
                                                "answers", "stated"} else value
                 for key, value in row.items()}
                for row in rows
            ]
            for table, rows in tables.items()
        }
        for disease, tables in case.plans.items()
    }  # fmt: skip
    shown = page_view(case).diseases[0].plan.groups[0].options[0].option_id
    assert shown, "the plan shows options"
    pack = replace(case.pack, options=tuple(
        replace(option, name=option.name + SCRIPT) for option in case.pack.options))  # fmt: skip
    page = patient_page(replace(case, plans=plans, pack=pack))
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert dangers(page) == []


def _poison(value: object) -> object:
    if isinstance(value, list):
        return [f"{one}{SCRIPT}" for one in value]
    return f"{value}{SCRIPT}" if isinstance(value, str) else value


def test_the_checks_see_what_is_not_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard these tests would fail."""
    environment = html.environment.__wrapped__()
    environment.autoescape = False
    monkeypatch.setattr(html, "environment", lambda: environment)
    case = poisoned(CASES["note"](), "raw", "file", ATTRIBUTE)
    case = poisoned(case, "document", "text", f"{case.rows['document'][0]['text']}{SCRIPT}")
    found = dangers(patient_page(case))
    assert "<script>" in found
    assert "img onerror" in found


def test_words_of_a_report_stay_as_they_were() -> None:
    case = CASES["note"]()
    text = f"{case.rows['document'][0]['text']}{SCRIPT}"
    page = patient_page(poisoned(case, "document", "text", text))
    assert SCRIPT in seen(page).text, "shown as text"
    assert SCRIPT not in page


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n="])
def test_no_cell_of_the_course_is_a_formula(start: str) -> None:
    case = CASES["breast-years-later"]()
    case = poisoned(case, "treatment", "agent", f"{start}cmd|' /C calc'!A0")
    step = page_view(case).diseases[0].course[0]
    rows = csv.reader(io.StringIO(course_csv((replace(step, what=f"{start}1+1"),)), newline=""))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.strip()[:1] in ("=", "+", "-", "@")]
    assert not [cell for row in csv.reader(io.StringIO(page_csv(case), newline=""))
                for cell in row if cell.strip()[:1] in ("=", "+", "-", "@")]  # fmt: skip


def test_plain_cells_are_left_alone() -> None:
    assert harmless("Spread to bone found") == "Spread to bone found"
