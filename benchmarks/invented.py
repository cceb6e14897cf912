"""Invented people with cancer, as tables of records in Parquet: five findings for each.

The mix (cancers, places, how often something is negated or possible) is a rough guess at what a
hospital registry holds. It stands for work to be done, not for medical facts.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from outspread.records import Records
from outspread.tables import RECORD_TABLES
from outspread.write.tables import TableWriter

PEOPLE_AT_ONCE: Final = 100_000
SCATTER: Final = 0x9E3779B1  # odd, so that no id comes twice; ids are in no order
FIRST_DAY: Final = 14_600  # end of 2009, in days since 1970
DAYS: Final = 5_000
DAYS_APART: Final = 700

PRIMARIES: Final = {"breast": 28, "prostate": 24, "lung": 20, "colon": 12, "melanoma_skin": 6}
PAIRED: Final = ("breast", "lung")
NODES: Final = {"ln_axillary": 8, "ln_mediastinal": 6, "ln_pelvic": 6}
SITES: Final = {"bone": 24, "liver": 22, "lung": 18, "brain": 8, "peritoneum": 5, "adrenal": 3}
STAGES: Final = {"I": 35, "II": 25, "III": 20, "IV": 20}
STATUSES: Final = {"stable": 50, "worsened": 20, "improved": 15, "no_sign_of_disease": 15}
STATEMENTS: Final = ("primary", "stage", "spread", "spread", "status")


def write_people(folder: Path, count: int, *, of_one: int = 0, seed: int = 1) -> None:
    """Write the records of some people to a folder, in no order.

    The first `of_one` findings are all of one person.
    """
    folder.mkdir(parents=True)
    generator = np.random.default_rng(seed)
    with ExitStack() as stack:
        writers = {name: stack.enter_context(TableWriter(folder, name)) for name in RECORD_TABLES}
        for start in range(0, count, PEOPLE_AT_ONCE):
            numbers = np.arange(start, min(start + PEOPLE_AT_ONCE, count), dtype=np.uint64)
            merged = min(of_one // len(STATEMENTS), count) if start == 0 else 0
            for name, frame in _people(numbers, generator).tables().items():
                writers[name].add(_merged(frame, _ids(numbers[:merged])))


def _ids(numbers: np.ndarray) -> pl.Series:
    return pl.Series((numbers * SCATTER) % 2**32).cast(pl.String)


def _merged(frame: pl.DataFrame, people: pl.Series) -> pl.DataFrame:
    """Give the rows of some people to the first of them."""
    if people.is_empty():
        return frame
    owner = pl.col("patient_id")
    one = frame.with_columns(
        pl.when(owner.is_in(people.implode()))
        .then(pl.lit(people[0]))
        .otherwise(owner)
        .alias("patient_id")
    )
    return one if "source_ref" in frame.columns else one.unique("patient_id", keep="first")


def _people(numbers: np.ndarray, generator: np.random.Generator) -> Records:
    people = pl.DataFrame(
        {
            "patient_id": _ids(numbers),
            "sex": generator.choice(["female", "male"], len(numbers)),
            "own": _choose(generator, PRIMARIES, len(numbers)),
            "side": generator.choice(["left", "right"], len(numbers)),
            "start": generator.integers(FIRST_DAY, FIRST_DAY + DAYS, len(numbers)),
        }
    )
    findings = pl.concat(
        [
            _statements(people, statement, number, generator)
            for number, statement in enumerate(STATEMENTS)
        ],
        how="diagonal",
    ).sample(fraction=1, shuffle=True, seed=int(numbers[0]))
    return Records(patient=people, finding=findings, raw=_sources(findings))


def _statements(
    people: pl.DataFrame, statement: str, number: int, generator: np.random.Generator
) -> pl.DataFrame:
    """Give one statement about each person: a primary, a stage, a spread or a status."""
    count = people.height
    said = people.select(
        "patient_id",
        "own",
        source_ref=pl.format("Condition/{}-{}", "patient_id", pl.lit(number)),
        date=(pl.col("start") + number * generator.integers(0, DAYS_APART, count)).cast(pl.Date),
        laterality=pl.when(pl.col("own").is_in(PAIRED)).then("side"),
    ).with_columns(
        evidence_id=pl.format("{}#code", "source_ref"),
        date_precision=pl.lit("day"),
        polarity=pl.lit("affirmed"),
        certainty=pl.lit("confirmed"),
        temporality=pl.lit("current"),
        experiencer=pl.lit("patient"),
        source_kind=pl.lit("fhir"),
        element=pl.lit("code"),
        rule_id=pl.lit("fhir.condition"),
        kind=pl.lit("tumor"),
    )
    if statement == "primary":
        return said.with_columns(
            role=pl.lit("primary"),
            primary="own",
            site=pl.col("own").replace("melanoma_skin", "skin"),
            behavior=pl.lit("malignant"),
        )
    said = said.drop("laterality")
    if statement == "spread":
        return said.with_columns(
            role=pl.lit("secondary"),
            site=_choose(generator, SITES | NODES, count),
            polarity=_choose(generator, {"affirmed": 75, "negated": 25}, count),
            certainty=_choose(generator, {"confirmed": 90, "possible": 10}, count),
        )
    group = _choose(generator, STAGES, count)
    if statement == "stage":
        return said.with_columns(
            kind=pl.lit("stage"), stage_system=pl.lit("ajcc"), stage_group=group
        )
    return said.with_columns(kind=pl.lit("status"), status=_choose(generator, STATUSES, count))


def _choose(generator: np.random.Generator, weights: Mapping[str, int], count: int) -> pl.Series:
    share = np.array(list(weights.values())) / sum(weights.values())
    picked = generator.choice(len(weights), count, p=share)
    return pl.Series(list(weights)).gather(picked)


def _sources(findings: pl.DataFrame) -> pl.DataFrame:
    """Give the source of each finding, about as long as a small FHIR resource."""
    content = pl.concat_str(
        pl.lit('{"resourceType":"Condition","id":"'),
        pl.col("source_ref").str.strip_prefix("Condition/"),
        pl.lit('","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"'),
        pl.lit('http://snomed.info/sct","code":"94222008"}]},"subject":{"reference":"Patient/'),
        pl.col("patient_id"),
        pl.lit('"},"recordedDate":"'),
        pl.col("date").cast(pl.String),
        pl.lit('"}'),
    )
    return findings.select(
        "patient_id",
        "source_ref",
        source_kind=pl.lit("fhir"),
        file=pl.lit("people.ndjson"),
        place=pl.lit("line"),
        content=content,
    )
