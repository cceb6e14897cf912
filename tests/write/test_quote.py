"""The sentence behind a statement from a note is shown, and how it is meant can be seen."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import outspread
from outspread.write.explain import explain_patient
from outspread.write.quote import LEGEND, MARKS, meaning_of, quoted

PLAIN = {
    "experiencer": "patient",
    "polarity": "affirmed",
    "certainty": "confirmed",
    "temporality": "current",
}
MEANINGS = {
    "affirmed": {},
    "denied": {"polarity": "negated", "temporality": "historical"},
    "possible": {"certainty": "probable"},
    "historical": {"temporality": "historical"},
    "planned": {"temporality": "planned"},
    "of another person": {"experiencer": "other", "polarity": "negated"},
}


def row(start: int | None, end: int | None, **more: str) -> dict[str, object]:
    return PLAIN | {"span_start": start, "span_end": end} | more


@pytest.mark.parametrize(("meaning", "facts"), MEANINGS.items(), ids=MEANINGS)
def test_each_meaning_has_marks_of_its_own(meaning: str, facts: dict[str, str]) -> None:
    assert meaning_of(PLAIN | facts) == meaning
    opening, closing = MARKS[meaning]
    assert quoted(row(0, 5, **facts), "liver") == f"{opening}liver{closing}"
    assert f"{opening}{meaning}{closing}" in LEGEND


def test_marks_differ() -> None:
    assert len(set(MARKS.values())) == len(MARKS) == len(MEANINGS)


SENTENCES = {
    "sentence before and behind": ("Well. No liver mets seen. Fine.", "No liver [+mets+] seen."),
    "line ends within": ("Known\r\n  mets\nof liver", "Known [+mets+] of liver"),
    "blank line": ("IMPRESSION\n\nmets\n\nPlan", "[+mets+]"),
    "control characters": ("\x1b[31mA mets\u202e!", "[31mA [+mets+] !"),
}


@pytest.mark.parametrize(("text", "shown"), SENTENCES.values(), ids=SENTENCES)
def test_the_sentence_is_shown_in_one_line(text: str, shown: str) -> None:
    start = text.index("mets")
    assert quoted(row(start, start + 4), text) == shown


def test_a_long_sentence_is_cut() -> None:
    shown = quoted(row(2000, 2004), "a " * 1000 + "mets" + " b" * 1000)
    assert shown.startswith("... a a")
    assert shown.endswith("b b ...")
    assert len(shown) < 400


@pytest.mark.parametrize(("start", "end"), [(None, None), (3, 99), (4, 2)], ids=str)
def test_a_span_that_is_not_of_the_text_is_not_shown(start: int | None, end: int | None) -> None:
    assert not quoted(row(start, end), "liver")


@given(st.text(min_size=1), st.data())
def test_any_span_of_any_text_is_one_printable_line(text: str, data: st.DataObject) -> None:
    end = data.draw(st.integers(1, len(text)))
    shown = quoted(row(data.draw(st.integers(0, end - 1)), end), text)
    assert "[+" in shown
    assert len(shown.splitlines()) == 1
    assert "\x1b" not in shown


NOTES = (
    "IMPRESSION: Breast cancer with liver metastases. No bone metastases. Possible lung metastasis."
)
CODE = {
    "resourceType": "Condition",
    "id": "c",
    "subject": {"reference": "Patient/p"},
    "onsetDateTime": "2020-01-01",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "254837009"}]},
}


@pytest.mark.parametrize("has_codes", [False, True], ids=["notes alone", "notes and codes"])
def test_explain_shows_the_sentences(tmp_path: Path, has_codes: bool) -> None:  # noqa: FBT001 - a parameter
    note = {"doc_id": "n", "patient_id": "p", "date": "2021-02-03", "text": NOTES}
    (tmp_path / "notes.jsonl").write_text(json.dumps(note) + "\n", encoding="utf-8")
    if has_codes:
        (tmp_path / "c.json").write_text(json.dumps(CODE), encoding="utf-8")
    records = outspread.read(tmp_path)
    story = outspread.diagnose(records, as_of=date(2026, 1, 1))
    shown = explain_patient(records.tables() | story.tables(), "p")
    for said in ("[+liver metastases+]", "No [-bone metastases-].", "Possible [?lung metastasis?]"):
        assert said in shown
    assert shown.count("Words of notes:") == 1
    assert ("snomed 254837009" in shown) == has_codes


def test_a_story_from_codes_alone_has_no_legend() -> None:
    story = outspread.diagnose(
        outspread.read(Path(__file__).parents[2] / "examples" / "contradiction.json"),
        as_of=date(2026, 1, 1),
    )
    owner = story.disease["patient_id"][0]
    assert "Words of notes" not in explain_patient(story.tables(), owner)
