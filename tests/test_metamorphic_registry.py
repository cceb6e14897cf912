"""What must not change the story of a registry: copies, numbers, files, another cancer."""

import gzip
import re
from functools import partial, reduce
from pathlib import Path

import polars as pl
import pytest

from retold import REGISTRIES, changes_no_other, needs_shared, told

PATIENT = re.compile(r"\s*<Patient>.*?</Patient>", re.DOTALL)
TUMOR = re.compile(r"\s*<Tumor>.*?</Tumor>", re.DOTALL)
OTHERS = {"ocular lymphoma": ("C690", "9699"), "parathyroid": ("C750", "8140")}  # nobody has one
NUMBER = "59"  # of the tumor that is added
pytestmark = [
    needs_shared,
    pytest.mark.slow,
    pytest.mark.parametrize("registry", REGISTRIES, ids=lambda path: path.name.partition(".")[0]),
]


def text_of(registry: Path) -> str:
    content = registry.read_bytes()
    return (gzip.decompress(content) if registry.suffix == ".gz" else content).decode()


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_people_may_come_in_several_files_twice_or_turned(tmp_path: Path, registry: Path) -> None:
    text = text_of(registry)
    people = PATIENT.findall(text)
    head, tail = text[: text.index("<Patient>")], "</NaaccrData>"

    def file(name: str, some: list[str]) -> Path:
        return written(tmp_path, name, head + "".join(some) + tail)

    before = told(registry)
    assert before.equals(told(*(file(f"part{number}", people[number::4]) for number in range(4))))
    assert before.equals(told(file("twice", people + people)))
    assert before.equals(told(file("turned", people[::-1])))


def test_tumors_of_one_person_may_come_in_several_files(tmp_path: Path, registry: Path) -> None:
    text = text_of(registry)

    def without(person: re.Match[str], *, first: bool) -> str:
        dropped = TUMOR.findall(person[0])[:1] if first else TUMOR.findall(person[0])[1:]
        return reduce(lambda rest, tumor: rest.replace(tumor, "", 1), dropped, person[0])

    parts = [
        written(tmp_path, f"first-{first}", PATIENT.sub(partial(without, first=first), text))
        for first in (True, False)
    ]
    assert told(registry).equals(told(*parts))


def test_patient_numbers_carry_no_meaning(tmp_path: Path, registry: Path) -> None:
    text = re.sub(r'("patientIdNumber">)', r"\g<1>9", text_of(registry))
    after = told(written(tmp_path, "renamed", text))
    before = told(registry)
    assert before.equals(
        after.with_columns(pl.col("patient_id").str.strip_prefix("9")).sort(pl.all())
    )


@pytest.mark.parametrize("other", OTHERS)
def test_an_unrelated_cancer_changes_no_other(tmp_path: Path, registry: Path, other: str) -> None:
    site, histology = OTHERS[other]
    items = {
        "sequenceNumberCentral": NUMBER, "primarySite": site, "histologicTypeIcdO3": histology,
        "behaviorCodeIcdO3": "3", "dateOfDiagnosis": "20000101",
    }  # fmt: skip
    lines = "".join(f'<Item naaccrId="{name}">{value}</Item>' for name, value in items.items())
    text = text_of(registry).replace("</Patient>", f"<Tumor>{lines}</Tumor></Patient>")
    after = told(written(tmp_path, "more", text), added=f"-{NUMBER}#")
    before = told(registry)
    assert set(after.filter("is_added")["patient_id"]) >= set(before["patient_id"])
    assert changes_no_other(before, after, is_solid=other == "parathyroid")
