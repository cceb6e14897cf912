"""The official Summary Stage beside the story of registry tumors."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

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


def registry(folder: Path, items: dict[str, str], *, sex: str = "") -> Path:
    told = "".join(f'<Item naaccrId="{name}">{value}</Item>' for name, value in items.items())
    file = folder / "registry.xml"
    file.write_text(
        '<?xml version="1.0"?><NaaccrData baseDictionaryUri="http://naaccr.org/naaccrxml/'
        'naaccr-dictionary-250.xml" recordType="I" specificationVersion="1.8" '
        'xmlns="http://naaccr.org/naaccrxml"><Patient>'
        f'<Item naaccrId="patientIdNumber">00000001</Item>{sex}<Tumor>{told}</Tumor>'
        "</Patient></NaaccrData>"
    )
    return file


@pytest.mark.parametrize(
    ("items", "stage", "kinds"),
    [
        ({}, "3", 0),
        ({"summaryStage2018": "3"}, "3", 0),
        ({"summaryStage2018": "1"}, "3", 1),
        ({"eodPrimaryTumor": "XXX"}, "9", 0),
        ({"histologicTypeIcdO3": "0000"}, None, 0),
    ],
    ids=["derived", "as stated", "not as stated", "not derivable", "no schema"],
)
def test_derived_stage_stands_beside_ours(
    tmp_path: Path,
    algorithms: dict[str, Algorithm],
    items: dict[str, str],
    stage: str | None,
    kinds: int,
) -> None:
    file, out = registry(tmp_path, ITEMS | items), tmp_path / "story"
    eod = algorithms["eod"]
    pipeline.run([file], out, as_of=date(2026, 1, 1), algorithm=str(eod.path))
    disease = pl.read_parquet(out / "disease.parquet")
    conflict = pl.read_parquet(out / "conflict.parquet")
    found = conflict.filter(kind="conflict.derived_stage")
    assert disease["derived_summary_stage"].to_list() == [stage] * disease.height
    assert found.height == kinds
    assert conflict.select("patient_id", "conflict_id").is_unique().all()
    assert all(ids for ids in found["left_evidence_ids"].to_list())
    story = pipeline.diagnose(pipeline.read(file), as_of=date(2026, 1, 1), algorithm=eod)
    assert story.disease["derived_summary_stage"].to_list() == [stage] * disease.height


@pytest.mark.parametrize(
    ("sex", "schema"),
    [("1", "retroperitoneum"), ("2", "primary_peritoneal_carcinoma"), ("3", None), (None, None)],
    ids=["male", "female", "other", "not stated"],
)
def test_sex_of_the_person_chooses_the_schema(
    tmp_path: Path, algorithms: dict[str, Algorithm], sex: str | None, schema: str | None
) -> None:
    told = f'<Item naaccrId="sex">{sex}</Item>' if sex else ""
    items = ITEMS | {"primarySite": "C482", "histologicTypeIcdO3": "8441"}
    records = pipeline.read(registry(tmp_path, items, sex=told))
    found = derive_summary_stage(algorithms["eod"], records.raw, records.patient)
    assert found["schema_id"].to_list() == ([schema] if schema else [])
