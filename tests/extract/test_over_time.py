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
from outspread.plan.pack.load import own_pack
from outspread.story import Story
from outspread.write.report.case import case_of
from outspread.write.report.person import person_html

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
    "found, told to have gone": (
        [FOUND, image("2022-01-05", "IMPRESSION: The liver metastases have resolved.")],
        "distant", "resolved", [],
    ),
    "found, denied in a letter years later": (
        [FOUND, ("2023-01-05", "letter", "Her latest scan shows no liver metastases.")],
        "distant", "resolved", [],
    ),
    "found, an old denial carried along": (
        [FOUND, ("2023-01-05", "clinic note", "HISTORY: No liver metastases.")],
        "distant", "present", ["conflict.affirmed_denied"],
    ),
    "found, excised, told of since": (
        [image("2021-01-05", "IMPRESSION: Solitary liver metastasis."),
         ("2021-03-05", "operation note", "Excision of the liver metastasis."),
         ("2023-01-05", "letter", "A liver metastasis was excised in March 2021.")],
        "distant", "removed", [],
    ),
    "found, the largest excised": (
        [FOUND, ("2021-03-05", "operation note",
                 "The largest liver metastasis was resected. Other liver metastases were left.")],
        "distant", "present", [],
    ),
    "feared, later free": (
        [image("2021-01-05", "IMPRESSION: Possible liver metastasis."), FREE], "unknown", None, [],
    ),
    "suspected, something else in the tissue": (
        [SUSPECTED, tissue("2021-02-01", "FINAL DIAGNOSIS: Liver: hemangioma, no malignancy.")],
        "unknown", None, ["conflict.pathology_denied"],
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
    "cells elsewhere": (
        [STOMACH, tissue("2020-01-09", "Liver, biopsy: adenocarcinoma.")],
        ["stomach cancer with liver metastases"],
    ),
    "a tumor that may be another cancer": (
        [("2020-01-05", "clinic note", "Stomach cancer."),
         tissue("2020-02-05", "Lung, left lower lobe, biopsy: adenocarcinoma.")],
        ["stomach cancer, extent unknown, possible lung metastases"],
    ),
    "whose metastases": (
        [CANCER, tissue("2022-01-05", "Skin, left arm, excision: malignant melanoma."),
         tissue("2023-01-05", "Brain, biopsy: metastatic melanoma.")],
        ["breast cancer, extent unknown", "melanoma of the skin with brain metastases"],
    ),
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


def test_a_nodule_that_proves_benign_leaves_no_doubt(tmp_path: Path) -> None:
    story = told(
        tmp_path,
        CANCER,
        image("2021-01-05", "IMPRESSION: Left lung nodule, suspicious for metastasis."),
        tissue("2021-02-05", "SPECIMEN: Left lung, wedge.\nDIAGNOSIS: Hamartoma. No malignancy."),
    )
    assert story.disease["possible_extent"].to_list() == [None]
    assert story.lesion.filter(site="lung")["state"].to_list() == ["ruled_out"]
    assert story.conflict["kind"].to_list() == ["conflict.pathology_denied"]
    case = case_of(story.tables(), "one", pack=own_pack(), as_of=AS_OF)
    assert "eft lung" not in person_html(case)  # it never was there


def test_notes_that_name_no_cancer_tell_of_its_treatment(tmp_path: Path) -> None:
    note = "Remains on osimertinib. Radiotherapy of the hip is planned for May."
    story = told(tmp_path, CANCER, ("2021-01-05", "clinic note", note))
    given = story.records.treatment.filter(source_ref="1")
    assert given.select("agent", "treatment_status").rows() == [
        ("osimertinib", "ongoing"),
        ("radiotherapy", "planned"),
    ]


def test_a_year_never_hides_the_day(tmp_path: Path) -> None:
    later = ("2022-01-05", "letter", "Breast cancer diagnosed in 2020.")
    assert told(tmp_path, CANCER, later).disease["diagnosed_date"].to_list() == [date(2020, 1, 5)]
