"""What a story tells, so that two can be compared, and the shared records to tell it of."""

import gzip
import json
import os
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import outspread
from people import AS_OF

SHARED = Path(os.environ.get("OUTSPREAD_SHARED", Path(__file__).parents[2] / "shared")) / "data"
POPULATION = SHARED / "fhir" / "synthea-oncology-population"
BUNDLES = (
    "mcode-stu4/bundle-jenny-m-official.json",
    "mcode-stu4/all-resources-cancer-patient-adam-everyman.json",
    "trial-matching/TrialMatching_Patient01.json",
    "trial-matching/TrialMatching_Patient_LongHistory.json",
)
REGISTRIES = (
    SHARED / "naaccr" / "naaccr-xml-sample-v240-incidence-100.xml.gz",
    SHARED / "naaccr" / "naaccr-xml-sample-v250-abstract-10.xml.gz",
    SHARED / "naaccr" / "made-here-mets-at-dx-v250.xml",
)
PEOPLE = 40
QUICK = ("population", "TrialMatching_Patient01")
ICD10CM_URI = "http://hl7.org/fhir/sid/icd-10-cm"
ADDED_ON = date(1950, 3, 1)
TOLD = (
    "patient_id", "name", "extent", "possible_extent", "origin_status", "laterality",
    "stage_group", "t", "n", "m", "status", "timing", "diagnosed_date", "first_distant_date",
)  # fmt: skip
Resource = dict[str, Any]

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data is not beside the repository"
)


def told(*paths: Path, added: str = "another-") -> pl.DataFrame:
    """What the story says of each disease, and of each place of spread.

    `added` marks the evidence of a cancer that a test has added.
    """
    story = outspread.diagnose(outspread.read(*paths), as_of=AS_OF)
    places = (
        story.lesion.join(
            story.disease.select("patient_id", "disease_id"), on=["patient_id", "disease_id"]
        )
        .group_by("patient_id", "disease_id")
        .agg(pl.concat_str("role", "site", "reach", separator=" ", ignore_nulls=True).sort())
    )
    said = story.disease.join(places, on=["patient_id", "disease_id"], how="left")
    is_added = pl.col("evidence_ids").list.eval(pl.element().str.contains(added)).list.any()
    return said.select(*TOLD, "role", is_added.alias("is_added")).sort(pl.all())


def write(folder: Path, resources: list[Resource]) -> Path:
    path = folder / "resources.ndjson"
    path.write_text("\n".join(map(json.dumps, resources)), encoding="utf-8")
    return path


def owner(resource: Resource) -> str:
    return str(resource.get("subject", {}).get("reference", f"Patient/{resource.get('id')}"))


@cache
def population() -> list[Resource]:
    """Everything about the first people of the population that has to do with cancer."""
    people: set[str] = set()
    resources = []
    for kind in ("Patient", "Condition", "Observation"):
        with gzip.open(POPULATION / f"{kind}.ndjson.gz") as lines:
            for line in lines:
                resource = json.loads(line)
                if kind == "Patient" and len(people) < PEOPLE:
                    people.add(owner(resource))
                if owner(resource) in people:
                    resources.append(resource)
    return resources


@cache
def bundle(name: str) -> list[Resource]:
    entries = json.loads((SHARED / "fhir" / name).read_text(encoding="utf-8"))["entry"]
    return [entry["resource"] for entry in entries]


SOURCES: dict[str, Callable[[], list[Resource]]] = {
    "population": population,
    **{Path(name).stem: (lambda name=name: bundle(name)) for name in BUNDLES},  # type: ignore[misc]
}


every_source = pytest.mark.parametrize(
    "source",
    [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in SOURCES],
)


def fresh(source: str) -> list[Resource]:
    """Resources of one source, to be changed at will."""
    return deepcopy(SOURCES[source]())


def changes_no_other(before: pl.DataFrame, after: pl.DataFrame, *, is_solid: bool) -> bool:
    """Tell whether a cancer that was added to each person left all others as they were.

    Spread without an origin may be of a solid one: then nobody may become more or less metastatic.
    A course that is linked to no cancer may be of either now, so the status is not compared.
    """
    seeks_origin = before.filter(pl.col("origin_status") == "not_stated")["patient_id"]
    gains_origin = pl.col("patient_id").is_in(seeks_origin.implode()) & is_solid
    kept = pl.all().exclude("status")
    rest = after.filter(~gains_origin & ~pl.col("is_added"))
    is_same = before.filter(~gains_origin).select(kept).equals(rest.select(kept))
    return is_same and farthest(before.filter(gains_origin)).equals(
        farthest(after.filter(gains_origin))
    )


def farthest(diseases: pl.DataFrame) -> pl.DataFrame:
    """Who is metastatic, and who may be."""
    far, maybe = (pl.col(name).eq_missing("distant") for name in ("extent", "possible_extent"))
    return (
        diseases.group_by("patient_id")
        .agg(far.any().alias("is_far"), (far | maybe).any().alias("may_be_far"))
        .sort("patient_id")
    )
