"""The diagnosis: six steps from records to story tables, for one patient or for millions.

1. Which cancers? 2. Whose spread is it? 3. How far? 4. By which way? 5. What is it called? 6. When?
"""

from datetime import date
from typing import NamedTuple

import polars as pl

from outspread.diagnose import conflict
from outspread.diagnose.age import add_age
from outspread.diagnose.attribution import attribute_spread, find_subject, select_spread
from outspread.diagnose.course import find_status, select_statuses
from outspread.diagnose.evidence import select_evidence, unpacked_date, unpacked_precision
from outspread.diagnose.extent import (
    assign_extent,
    candidate_claims,
    course_claims,
    in_situ_claims,
    lesion_claims,
    own_organ_claims,
)
from outspread.diagnose.lesion import gather_lesions, primary_lesions, split_own_organ
from outspread.diagnose.m_category import m_category_spread
from outspread.diagnose.name import name_diseases
from outspread.diagnose.origin import settle_broad_origins
from outspread.diagnose.overrule import overrule_by_pathology
from outspread.diagnose.primary import add_vague_cancers, find_primaries
from outspread.diagnose.stage import fit_m0, select_stages, stage_at_diagnosis, stage_claims
from outspread.diagnose.stage_meaning import stage_meaning
from outspread.diagnose.staging import staging_rows
from outspread.diagnose.timing import assign_timing
from outspread.diagnose.unowned import unowned_claims
from outspread.records import Records
from outspread.tables import conform


class StoryTables(NamedTuple):
    """What follows from the records: `outspread.tables.STORY_TABLES`, sorted by patient and id."""

    disease: pl.DataFrame
    lesion: pl.DataFrame
    staging: pl.DataFrame
    conflict: pl.DataFrame


def diagnose(records: Records, *, as_of: date) -> StoryTables:
    """Work out the metastatic story of every person in the records.

    Parameters
    ----------
    records
        Uses finding, treatment, and birth dates of patient. Statements of others, plans, and
        statements dated after `as_of` are left aside; undated ones count.
    as_of
        The date for which the story holds.

    Returns
    -------
    disease, lesion, staging and conflict. People without a cancer on record have no row. The result
    does not depend on the order of rows, nor on which other people are in the records.
    """
    patients, findings, treatments = select_evidence(records, as_of=as_of)
    findings = settle_broad_origins(findings)
    identity = find_primaries(findings)
    evidence = identity.evidence
    stated = overrule_by_pathology(select_spread(findings), findings)
    spread, diseases, of_blood = attribute_spread(
        stated, identity.diseases, evidence, findings=findings
    )
    diseases = add_age(add_vague_cancers(diseases, findings), _births(records, patients))
    spread, own, seldom = split_own_organ(spread, diseases)
    stages = find_subject(select_stages(findings), diseases, evidence, by_date=True)
    meaning = fit_m0(stage_meaning(stages, diseases), stages)
    spread = pl.concat([spread, m_category_spread(stages, diseases, spread)])
    statuses = find_subject(select_statuses(findings), diseases, evidence)
    lesions = pl.concat(
        [primary_lesions(findings, diseases, evidence), gather_lesions(spread, diseases)]
    )
    places = lesion_claims(lesions)
    claims = pl.concat(
        [
            places,
            candidate_claims(places, diseases),
            own_organ_claims(pl.concat([own, seldom])),
            stage_claims(stages, meaning),
            course_claims(statuses),
            unowned_claims(stages, statuses, diseases),
            in_situ_claims(diseases),
        ]
    )
    diseases = diseases.join(assign_extent(diseases, claims), on="d")
    parts = [
        name_diseases(diseases, lesions),
        assign_timing(diseases, claims),
        stage_at_diagnosis(stages),
        find_status(statuses),
    ]
    for part in parts:
        diseases = diseases.join(part, on="d", how="left")
    facts = conflict.Facts(
        findings=findings,
        treatments=treatments,
        diseases=diseases,
        evidence=evidence,
        spread=spread,
        lesions=lesions,
        stages=stages,
        meaning=meaning,
        own=own,
        seldom=seldom,
        doubts=identity.doubts,
        of_blood=of_blood,
        statuses=statuses,
    )
    return _finish(
        patients,
        diseases,
        lesions=lesions,
        stagings=staging_rows(stages, meaning),
        conflicts=conflict.find_conflicts(facts),
    )


def _births(records: Records, patients: pl.DataFrame) -> pl.DataFrame:
    return patients.join(
        records.patient.select("patient_id", "birth_date", "birth_date_precision"), on="patient_id"
    ).drop("patient_id")


def _finish(
    patients: pl.DataFrame,
    diseases: pl.DataFrame,
    *,
    lesions: pl.DataFrame,
    stagings: pl.DataFrame,
    conflicts: pl.DataFrame,
) -> StoryTables:
    """Number rows within each patient and bring the frames to the columns of their tables."""
    order = ["p", "diagnosed_date", "primary", "laterality", "origin_status", "d"]
    numbered = _numbered(diseases.sort(order, nulls_last=True), "disease_id")
    ids = numbered.select("d", "disease_id")
    disease = numbered.with_columns(
        pl.concat_list("identity_rule").alias("rule_ids"),
        *(
            pl.col(c).fill_null([])
            for c in ("stage_evidence_ids", "status_evidence_ids", "extent_evidence_ids")
        ),
    )
    lesion = _numbered(
        lesions.join(ids, on="d").sort(
            "p", "disease_id", "role", "first_packed", "site", "laterality", "contiguity",
            nulls_last=True,
        ),
        "lesion_id",
    ).with_columns(
        unpacked_date("first_packed").alias("first_seen_date"),
        unpacked_precision("first_packed").alias("first_seen_date_precision"),
    )  # fmt: skip
    staging = _numbered(
        stagings.join(ids, on="d", how="left").sort(
            "p", "disease_id", "packed", "stage_basis", "stage_system", "stage_edition", "order",
            nulls_last=True,
        ),
        "staging_id",
    )  # fmt: skip
    clash = _numbered(
        conflicts.join(ids, on="d", how="left").sort(
            "p", "kind", "disease_id", "left_says", "right_says", "left_evidence_ids",
            nulls_last=True,
        ),
        "conflict_id",
    )  # fmt: skip
    tables = {"disease": disease, "lesion": lesion, "staging": staging, "conflict": clash}
    return StoryTables(
        **{name: conform(frame.join(patients, on="p"), name) for name, frame in tables.items()}
    )


def _numbered(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int32).over("p").alias(name))
