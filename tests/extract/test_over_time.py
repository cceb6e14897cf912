"""Several reports of one person: what came first, what answers it, and what weighs more.

All notes are invented. A statement that is answered stays on record: it is resolved, or it is a
conflict, and the story says which.
"""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import outspread
from outspread.story import Story

AS_OF = date(2026, 1, 1)
CANCER = ("2020-01-05", "pathology", "FINAL DIAGNOSIS: Left breast: invasive ductal carcinoma.")
Note = tuple[str | None, str, str]


def told(folder: Path, *notes: Note) -> Story:
    lines = [
        {"doc_id": f"n{number}", "patient_id": "p", "date": day, "kind": kind, "text": text}
        for number, (day, kind, text) in enumerate((CANCER, *notes))
    ]
    path = folder / "notes.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return outspread.diagnose(outspread.read(path), as_of=AS_OF)


def image(day: str | None, text: str) -> Note:
    return day, "radiology report", text


def tissue(day: str, text: str) -> Note:
    return day, "pathology report", text


SUSPECTED = image("2021-01-05", "IMPRESSION: Liver lesion suspicious for metastasis.")
FOUND = image("2021-01-05", "IMPRESSION: Liver metastases.")
FREE = image("2022-01-05", "IMPRESSION: No liver metastases.")
CASES: dict[str, tuple[list[Note], str, str | None, list[str]]] = {
    "found, later gone": ([FOUND, FREE], "distant", "resolved", []),
    "free, later found": (
        [image("2020-06-05", "IMPRESSION: No liver metastases."), FOUND],
        "distant", "present", [],
    ),
    "found, gone, found again": (
        [FOUND, FREE, image("2023-01-05", "IMPRESSION: Liver metastases.")],
        "distant", "present", [],
    ),
    "suspected, tissue denies": (
        [SUSPECTED,
         tissue("2021-02-01", "FINAL DIAGNOSIS: Liver, biopsy: negative for malignancy.")],
        "unknown", None, ["conflict.pathology_denied"],
    ),
    "tissue affirms, image of the day denies": (
        [tissue("2021-01-05", "FINAL DIAGNOSIS: Liver, biopsy: metastatic carcinoma."),
         image("2021-01-05", "IMPRESSION: No liver metastases.")],
        "distant", "present", ["conflict.weaker_denied"],
    ),
    "found and denied without dates": (
        [image(None, "IMPRESSION: Liver metastases."),
         image(None, "IMPRESSION: No liver metastases.")],
        "distant", "present", ["conflict.affirmed_denied"],
    ),
    "history denies, impression affirms": (
        [image("2021-01-05", "HISTORY: No liver metastases.\nIMPRESSION: Liver metastases.")],
        "distant", "present", [],
    ),
    "impression denies, later plan affirms": (
        [image("2021-01-05",
               "IMPRESSION: No liver metastases.\nHISTORY: Liver metastases treated before.")],
        "distant", "present", ["conflict.affirmed_denied"],
    ),
    "findings suspect, impression denies": (
        [image("2021-01-05",
               "FINDINGS: Liver lesion suspicious for metastasis.\n"
               "IMPRESSION: No liver metastases.")],
        "unknown", None, [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("notes", "extent", "state", "conflicts"), CASES.values(), ids=CASES)
def test_reports_of_one_person_are_put_together(
    notes: list[Note], extent: str, state: str | None, conflicts: list[str], tmp_path: Path
) -> None:
    story = told(tmp_path, *notes)
    assert story.disease["extent"].to_list() == [extent]
    liver = story.lesion.filter(pl.col("site") == "liver", pl.col("certainty") != "possible")
    assert liver["state"].to_list() == ([state] if state else [])
    assert story.conflict["kind"].to_list() == conflicts


@pytest.mark.parametrize(("notes", "extent", "state", "conflicts"), CASES.values(), ids=CASES)
def test_nothing_that_a_report_says_of_a_place_is_dropped(
    notes: list[Note], extent: str, state: str | None, conflicts: list[str], tmp_path: Path
) -> None:
    said = told(tmp_path, *notes).records.finding.filter(site="liver")
    lines = [line for _, _, text in notes for line in text.splitlines()]
    assert said.select("source_ref", "span_start").unique().height == len(lines)
