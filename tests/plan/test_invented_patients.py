"""Invented people over all cancers of the pack: what must be listed, and what must not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from outspread.plan.pack.load import own_pack
from outspread.plan.pack.model import Option
from plan.judged import listed_all

PACK = own_pack()
OPTIONS = {option.name: option for option in PACK.options}
PATIENTS: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "invented_patients.yaml").read_bytes(), Loader=yaml.CSafeLoader
)
NAMES = [patient["text"] for patient in PATIENTS]
SYMPTOMS = ("sup-", "mpe-", "ascites-", "bone-", "brain-", "lm-", "skin-", "mscc-", "oligo-")
# What waits for a plan or a trial rather than for a person's disease.
APART = {"sup-antiemetic-carboplatin", "sup-phase1-palliative", "sup-cachexia-alt"}


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, list[str]]]:
    return listed_all({patient["text"]: patient["facts"] for patient in PATIENTS})


@pytest.mark.parametrize("patient", PATIENTS, ids=NAMES)
def test_what_is_listed(patient: dict[str, Any], found: dict[str, dict[str, list[str]]]) -> None:
    told = found[patient["text"]]
    assert "issues" not in told
    assert not set(patient.get("applies", ())) - set(told["applies"])
    assert not set(patient.get("not", ())) & set(told["applies"])
    assert not set(patient.get("needs", ())) - set(told["needs"])
    assert not set(patient.get("against", ())) - set(told["advised_against"])
    assert not set(patient.get("says", ())) - set(told["says"])


def expected(key: str) -> set[str]:
    return {word for patient in PATIENTS for word in patient.get(key, ())}


def missing(is_meant: Callable[[Option], bool]) -> set[str]:
    named = expected("applies") | expected("against")
    return {name for name, option in OPTIONS.items() if is_meant(option)} - named


def test_all_options_named_exist() -> None:
    named = expected("applies") | expected("not") | expected("needs") | expected("against")
    assert named <= OPTIONS.keys()


def test_every_origin_alert_symptom_and_sentence_is_covered() -> None:
    assert {p["facts"].get("primary") for p in PATIENTS} - {None} == {
        *PACK.factors["primary"].values
    }
    assert missing(lambda option: option.alert is not None) == set()
    assert set(PACK.says) <= expected("says")
    assert missing(lambda option: option.name.startswith(SYMPTOMS)) - APART == set()
