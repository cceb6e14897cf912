"""The official Summary Stage beside the story of registry tumors."""

from datetime import date
from pathlib import Path

import polars as pl

from outspread import pipeline
from outspread.stage import Algorithm
from outspread.stage.registry import derive_summary_stage

ITEMS = {
    "primarySite": "C250",
    "histologicTypeIcdO3": "8140",
    "behaviorCodeIcdO3": "3",
    "dateOfDiagnosis": "20210304",
    "eodPrimaryTumor": "100",
    "eodRegionalNodes": "300",
    "eodMets": "00",
}


HEAD = (
    '<?xml version="1.0"?><NaaccrData baseDictionaryUri="http://naaccr.org/naaccrxml/'
    'naaccr-dictionary-250.xml" recordType="I" specificationVersion="1.8" '
    'xmlns="http://naaccr.org/naaccrxml">'
)


def registry(folder: Path, people: dict[str, tuple[dict[str, str], dict[str, str]]]) -> Path:
    """A registry file with one tumor a person: items of the person and of the tumor by number."""
    file = folder / "registry.xml"
    told = [
        f"<Patient>{items(person | {'patientIdNumber': number})}<Tumor>{items(tumor)}</Tumor>"
        "</Patient>"
        for number, (person, tumor) in people.items()
    ]
    file.write_text(f"{HEAD}{''.join(told)}</NaaccrData>")
    return file


def items(told: dict[str, str]) -> str:
    return "".join(f'<Item naaccrId="{name}">{value}</Item>' for name, value in told.items())


TUMORS: dict[str, tuple[dict[str, str], str | None, int]] = {
    "derived": ({}, "3", 0),
    "as stated": ({"summaryStage2018": "3"}, "3", 0),
    "not as stated": ({"summaryStage2018": "1"}, "3", 1),
    "not derivable": ({"eodPrimaryTumor": "XXX"}, "9", 0),
    "no schema": ({"histologicTypeIcdO3": "0000"}, None, 0),
}


def test_derived_stage_stands_beside_ours(tmp_path: Path, algorithms: dict[str, Algorithm]) -> None:
    file = registry(tmp_path, {name: ({}, ITEMS | own) for name, (own, _, _) in TUMORS.items()})
    out, eod = tmp_path / "story", algorithms["eod"]
    pipeline.run([file], out, as_of=date(2026, 1, 1), algorithm=str(eod.path))
    disease = pl.read_parquet(out / "disease.parquet")
    conflict = pl.read_parquet(out / "conflict.parquet")
    found = conflict.filter(kind="conflict.derived_stage")
    stages = dict(disease.select("patient_id", "derived_summary_stage").iter_rows())
    kinds = found["patient_id"].value_counts(name="kinds")
    assert stages == {name: stage for name, (_, stage, _) in TUMORS.items()}
    assert dict(kinds.iter_rows()) == {name: n for name, (_, _, n) in TUMORS.items() if n}
    assert conflict.select("patient_id", "conflict_id").is_unique().all()
    assert all(ids for ids in found["left_evidence_ids"].to_list())
    story = pipeline.diagnose(pipeline.read(file), as_of=date(2026, 1, 1), algorithm=eod)
    derived = story.disease.select("patient_id", "derived_summary_stage")
    assert dict(derived.iter_rows()) == stages


SCHEMA_BY_SEX = {
    "1": "retroperitoneum", "2": "primary_peritoneal_carcinoma", "3": None, "": None,
}  # fmt: skip


def test_sex_of_the_person_chooses_the_schema(
    tmp_path: Path, algorithms: dict[str, Algorithm]
) -> None:
    tumor = ITEMS | {"primarySite": "C482", "histologicTypeIcdO3": "8441"}
    people = {f"sex{sex}": ({"sex": sex} if sex else {}, tumor) for sex in SCHEMA_BY_SEX}
    records = pipeline.read(registry(tmp_path, people))
    found = derive_summary_stage(algorithms["eod"], records.raw, records.patient)
    schemas = dict(found.select("patient_id", "schema_id").iter_rows())
    assert schemas == {f"sex{sex}": schema for sex, schema in SCHEMA_BY_SEX.items() if schema}
