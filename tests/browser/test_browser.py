"""The pages in a browser: what a reader does with them, with script and without, and in print."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

PATIENT = "/patient?id=example-breast"
TABLE = "who,when,where,what\nA,2020-01-02,breast,primary\nA,2021,liver,secondary\n"
NOTE = "Colon cancer. New liver metastases. No bone metastases."
Visit = Callable[[Page], object]
pytestmark = pytest.mark.slow  # scripts/check runs them by themselves


def read_note(page: Page) -> None:
    page.goto("/try")
    page.get_by_label("A note or report").fill(NOTE)
    page.get_by_role("button", name="Read the note").click()
    page.wait_for_load_state()


def read_table(page: Page) -> None:
    page.goto("/try")
    page.set_input_files(
        "#file", {"name": "t.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_load_state()


PAGES: dict[str, Visit] = {
    "list": lambda page: page.goto("/"),
    "list of nobody": lambda page: page.goto("/?q=nobody"),
    "patient": lambda page: page.goto(PATIENT),
    "contradiction": lambda page: page.goto("/patient?id=example-contradiction"),
    "person": lambda page: page.goto("/person?id=example-breast"),
    "try": lambda page: page.goto("/try"),
    "note": read_note,
    "table": read_table,
    "missing": lambda page: page.goto("/patient?id=nobody"),
}
every_page = pytest.mark.parametrize("visit", PAGES.values(), ids=PAGES.keys())


def words(page: Page) -> str:
    """All text of a page, shown or not."""
    return re.sub(r"\s+", " ", page.locator("body").text_content() or "").strip()


@every_page
def test_nothing_hinders_anybody_and_no_page_is_wider_than_a_phone(
    page: Page, visit: Visit
) -> None:
    visit(page)
    found = Axe().run(page)
    broken = {
        one["id"]: [node["html"][:120] for node in one["nodes"]][:3]
        for one in found.response["violations"]
    }
    assert broken == {}
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["list", "patient", "note", "table"])
def test_a_page_is_complete_without_script(page: Page, plain: Page, name: str) -> None:
    PAGES[name](page)
    PAGES[name](plain)
    assert words(plain) == words(page)


def test_a_patient_is_found_and_opened(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Id, or name of the disease").fill("breast")
    expect(page.get_by_role("link", name="example-lung")).to_have_count(0)
    page.get_by_role("link", name="example-breast").click()
    expect(page.locator("h2").first).to_contain_text("bone and liver metastases")


def test_a_search_works_without_script(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_label("Extent").select_option("regional")
    plain.get_by_role("button", name="Search").click()
    expect(plain.get_by_role("link", name="example-rectum")).to_be_visible()
    expect(plain.get_by_role("link", name="example-breast")).to_have_count(0)


@pytest.mark.parametrize("script", ["page", "plain"], ids=["script", "no-script"])
def test_a_lesion_opens_its_evidence(request: pytest.FixtureRequest, script: str) -> None:
    page: Page = request.getfixturevalue(script)
    page.goto(PATIENT)
    row = page.get_by_role("row").filter(has_text="Liver").first
    link = row.locator("a.cite").first
    number = (link.get_attribute("href") or "").removeprefix("#")
    link.click()
    card = page.locator(f"#{number}")
    expect(card).to_be_visible()
    expect(card).to_contain_text("Condition/breast-liver")
    assert page.url.endswith(f"#{number}")


def test_the_quoted_words_of_a_note_are_marked(page: Page) -> None:
    read_note(page)
    expect(page.locator("mark").filter(has_text=re.compile("liver", re.I)).first).to_be_attached()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("liver metastases")


@pytest.mark.parametrize("script", ["page", "plain"], ids=["script", "no-script"])
def test_dates_can_be_switched(request: pytest.FixtureRequest, script: str) -> None:
    page: Page = request.getfixturevalue(script)
    page.goto(PATIENT)
    day = page.locator(".places").get_by_text("2021-03-04").first
    expect(day).to_be_visible()
    page.get_by_label("Days from the diagnosis").check()
    expect(day).to_be_hidden()
    page.get_by_label("Calendar dates").check()
    expect(day).to_be_visible()


def test_columns_are_chosen_and_the_page_is_shown(page: Page) -> None:
    read_table(page)
    expect(page.get_by_role("alert")).to_contain_text("R062")
    page.get_by_text("Columns that the file does not have").click()
    for ours, theirs in {
        "patient_id": "who",
        "date": "when",
        "site": "where",
        "role": "what",
    }.items():
        page.locator(f"#map-{ours}").select_option(theirs)
    page.get_by_role("button", name="Read again").click()
    page.get_by_role("button", name="Show the page").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("liver metastases")


def test_an_example_is_pressed(page: Page) -> None:
    page.goto("/try")
    page.get_by_role("button", name="Unknown primary").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("unknown primary")


def test_print_leaves_out_what_only_a_screen_needs(page: Page, tmp_path: Path) -> None:
    page.goto(PATIENT)
    switch = page.get_by_label("Days from the diagnosis")
    expect(switch).to_be_visible()
    page.emulate_media(media="print")
    expect(switch).to_be_hidden()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    page.goto("/")
    expect(page.get_by_role("search")).to_be_hidden()


def test_the_person_who_uses_keys_gets_to_the_story_first(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
