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
    "found, denied in a letter years later": (
        [FOUND, ("2023-01-05", "letter", "Her latest scan shows no liver metastases.")],
        "distant", "resolved", [],
    ),
    "found, an old denial carried along": (
        [FOUND, ("2023-01-05", "clinic note", "HISTORY: No liver metastases.")],
        "distant", "present", ["conflict.affirmed_denied"],
    ),
    "found, told to have gone": (
        [FOUND, image("2022-01-05", "IMPRESSION: The liver metastases have resolved.")],
        "distant", "resolved", [],
    ),
    "findings suspect, impression denies": (
        [image("2021-01-05",
               "FINDINGS: Liver lesion suspicious for metastasis.\n"
               "IMPRESSION: No liver metastases.")],
        "unknown", None, [],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The people of all cases, read and told at once."""
    lines = [
        {"doc_id": f"{case} {number}", "patient_id": case, "date": day, "kind": kind, "text": text}
        for case, (notes, *_) in CASES.items()
        for number, (day, kind, text) in enumerate((CANCER, *notes))
    ]
    path = tmp_path_factory.mktemp("over_time") / "notes.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return outspread.diagnose(outspread.read(path), as_of=AS_OF)


@pytest.mark.parametrize("case", CASES)
def test_reports_of_one_person_are_put_together(case: str, everyone: Story) -> None:
    _, extent, state, conflicts = CASES[case]
    assert everyone.disease.filter(patient_id=case)["extent"].to_list() == [extent]
    liver = everyone.lesion.filter(pl.col("certainty") != "possible", patient_id=case, site="liver")
    assert liver["state"].to_list() == ([state] if state else [])
    assert everyone.conflict.filter(patient_id=case)["kind"].to_list() == conflicts


@pytest.mark.parametrize("case", CASES)
def test_nothing_that_a_report_says_of_a_place_is_dropped(case: str, everyone: Story) -> None:
    said = everyone.records.finding.filter(patient_id=case, site="liver")
    lines = [line for _, _, text in CASES[case][0] for line in text.splitlines()]
    assert said.select("source_ref", "span_start").unique().height >= len(lines)


def told(tmp_path: Path, *notes: Note) -> Story:
    """The story of one person."""
    lines = [
        {"doc_id": str(number), "patient_id": "one", "date": day, "kind": kind, "text": text}
        for number, (day, kind, text) in enumerate(notes)
    ]
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return outspread.diagnose(outspread.read(path), as_of=AS_OF)


STOMACH = tissue("2020-01-05", "Stomach, antrum, biopsy: adenocarcinoma.")
NAMES: dict[str, tuple[list[Note], list[str]]] = {
    "a biopsy alone": ([STOMACH], ["stomach cancer, extent unknown"]),
    "named again long after": (
        [CANCER, ("2021-01-05", "clinic note", "Breast cancer. No evidence of disease."),
         ("2030-01-05", "eye clinic", "Cataract. Breast cancer in the past.")],
        ["breast cancer, extent unknown"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMES)
def test_what_several_reports_are_called_together(case: str, tmp_path: Path) -> None:
    notes, expected = NAMES[case]
    assert told(tmp_path, *notes).disease["name"].to_list() == expected
