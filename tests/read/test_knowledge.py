"""The data files of the readers hold together, and every row has its source."""

import re
from pathlib import Path

import pytest

from outspread.read import vocabulary
from outspread.read.vocabulary import codes, issue_severities, load_rows, words
from outspread.tables import (
    BEHAVIOR,
    CERTAINTY,
    INTENT,
    METHOD,
    MODALITY,
    SEVERITY,
    STAGE_BASIS,
    STATUS,
    TREATMENT_STATUS,
)

FILES = (
    "agents.csv",
    "fhir_codes.csv",
    "measurements.csv",
    "procedure_words.csv",
    "procedures.csv",
    "systems.csv",
    "text_words.csv",
)


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_a_source_and_stands_once(name: str) -> None:
    rows = load_rows(name)
    assert rows
    assert all(row["source"].strip() for row in rows)
    assert len({tuple(row.items()) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("use", "allowed"),
    [
        ("status", STATUS),
        ("intent", INTENT),
        ("seen_by", METHOD),
        ("edition", ("ajcc", "uicc", "seer")),
    ],
)
def test_coded_facts_are_of_the_tables_words(use: str, allowed: tuple[str, ...]) -> None:
    assert {fact.means for fact in codes(use).values() if fact} <= set(allowed)


@pytest.mark.parametrize(
    ("use", "allowed"),
    [
        ("clinical_status", STATUS),
        ("verification", (*CERTAINTY, "dropped")),
        ("event_status", (*CERTAINTY, "dropped")),
        ("treatment_status", (*TREATMENT_STATUS, "dropped")),
        ("behavior", BEHAVIOR),
    ],
)
def test_status_words_are_of_the_tables_words(use: str, allowed: tuple[str, ...]) -> None:
    assert {means for means, _ in words(use).values()} <= set(allowed)


def test_stage_observations_name_a_basis() -> None:
    facts = [fact for fact in codes("observation").values() if fact]
    named = {fact.detail for fact in facts if fact.means in ("t", "n", "m", "stage_group")}
    assert named <= set(STAGE_BASIS)


def test_modalities_are_of_the_tables_words() -> None:
    for name in ("agents.csv", "procedures.csv", "procedure_words.csv"):
        assert {row["modality"] for row in load_rows(name)} <= {*MODALITY, ""}


def test_a_code_has_one_meaning_for_one_use() -> None:
    keys = [(row["use"], row["system"], row["code"]) for row in load_rows("fhir_codes.csv")]
    assert len(set(keys)) == len(keys)


def test_issue_codes_have_a_severity_and_a_meaning() -> None:
    assert all(
        severity in SEVERITY and meaning for severity, meaning in issue_severities().values()
    )


def test_sources_are_in_the_bibliography() -> None:
    docs = Path(__file__).parents[2] / "docs"
    files = [docs / "sources.bib", *(docs / "sources").glob("*.bib")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())
    keys = set(re.findall(r"^@\w+\{([^,]+),", text, re.MULTILINE)) | {"own"}
    rules = [row for row in load_rows("rules.csv") if row["rule_id"].startswith("fhir.")]
    rows = rules + [row for name in FILES for row in load_rows(name)]
    assert {re.split(r"[ ;:]", row["source"])[0] for row in rows} <= keys


def code_of_the_readers() -> str:
    folder = Path(vocabulary.__file__).parent
    return "\n".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))


def test_every_fhir_rule_that_is_used_is_told() -> None:
    used = set(re.findall(r'"(fhir\.[a-z_]+)"', code_of_the_readers()))
    told = {row["rule_id"] for row in load_rows("rules.csv")}
    assert used == {rule for rule in told if rule.startswith("fhir.")}


def test_every_issue_that_is_used_is_told() -> None:
    used = set(re.findall(r'"(R0[0-5]\d)"', code_of_the_readers()))
    assert used == {code for code in issue_severities() if code < "R06"}
