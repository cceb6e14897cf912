"""The diagnosis: six steps from records to story tables, for one patient or for millions.

1. Which cancers? 2. Whose spread is it? 3. How far? 4. By which way? 5. What is it called? 6. When?
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from outspread.diagnose import conflict
from outspread.diagnose.age import add_age
from outspread.diagnose.attribution import attribute_spread, select_spread
from outspread.diagnose.course import find_status, follow_course, select_statuses
from outspread.diagnose.events import list_events, select_deaths
from outspread.diagnose.evidence import select_evidence, unpacked_date, unpacked_precision
from outspread.diagnose.extent import (
    assign_extent,
    candidate_claims,
    course_claims,
    in_situ_claims,
    lesion_claims,
    own_organ_claims,
)
from outspread.diagnose.first_stage import stage_at_diagnosis
from outspread.diagnose.lesion import gather_lesions, primary_lesions, split_own_organ
from outspread.diagnose.looks import denied_looks, removed_looks, seen_looks
from outspread.diagnose.m_category import m_category_spread
from outspread.diagnose.name import name_diseases
from outspread.diagnose.origin import settle_broad_origins
from outspread.diagnose.overrule import overrule_by_pathology
from outspread.diagnose.primary import add_vague_cancers, find_primaries
from outspread.diagnose.said_of_primary import (
    graded_primaries,
    measured_primaries,
    origin_statements,
)
from outspread.diagnose.stage import fit_m0, select_stages, stage_claims
from outspread.diagnose.stage_meaning import stage_meaning
from outspread.diagnose.staging import staging_rows
from outspread.diagnose.state import assign_state, follow_lesions, sort_denials
from outspread.diagnose.subject import find_subject, list_owners, mark_other_tumors
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
    event: pl.DataFrame


def diagnose(records: Records, *, as_of: date) -> StoryTables:
    """Work out the metastatic story of every person in the records.

    Parameters
    ----------
    records
        Uses patient, finding and treatment. Statements of others, plans, and statements dated after
        `as_of` are left aside; undated ones count.
    as_of
        The date for which the story holds.

    Returns
    -------
    disease, lesion, staging, conflict and event. People without a cancer on record have no row,
    except for what is wrong with their dates. The result does not depend on the order of rows, nor
    on which other people are in the records.
    """
    patients, findings, treatments, left_aside = select_evidence(records, as_of=as_of)
    findings = settle_broad_origins(findings)
    identity = find_primaries(findings)
    evidence = identity.evidence
    findings = mark_other_tumors(findings, evidence)
    stated = overrule_by_pathology(select_spread(findings), findings, treatments=treatments)
    spread, diseases, of_blood = attribute_spread(
        stated, identity.diseases, evidence, findings=findings
    )
    diseases = add_age(add_vague_cancers(diseases, findings), patients)
    spread, own, seldom = split_own_organ(spread, diseases)
    owners = list_owners(diseases, evidence)
    stages = find_subject(select_stages(findings), owners, by_date=True)
    meaning = fit_m0(stage_meaning(stages, diseases), stages)
    spread = pl.concat([spread, m_category_spread(stages, diseases, spread)])
    statuses = find_subject(select_statuses(findings), owners)
    measured = measured_primaries(findings, owners)
    origins = origin_statements(evidence, measured)
    lesions = pl.concat(
        [primary_lesions(origins, diseases), gather_lesions(spread, diseases)]
    ).with_row_index("l")
    seen = seen_looks(lesions, spread, origins)
    denials = sort_denials(denied_looks(lesions, findings, diseases), seen)
    changes = follow_lesions(seen, denials, removed_looks(lesions, treatments))
    course = follow_course(statuses, seen, lesions)
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
    events = list_events(
        diseases,
        lesions,
        changes=changes,
        course=course,
        claims=claims,
        deaths=select_deaths(patients, as_of=as_of),
    )
    parts = [
        name_diseases(diseases, lesions),
        assign_timing(diseases, claims),
        stage_at_diagnosis(stages),
        find_status(course),
    ]
    for part in parts:
        diseases = diseases.join(part, on="d", how="left")
    facts = conflict.Facts(
        measured=measured,
        graded=graded_primaries(findings, evidence, owners),
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
        seen=seen,
        denials=denials,
        left_aside=left_aside,
    )
    drafts = {
        "disease": diseases,
        "lesion": assign_state(lesions, changes),
        "staging": staging_rows(stages, meaning),
        "conflict": conflict.find_conflicts(facts),
        "event": events,
    }
    return _finish(patients, drafts)


_ORDER: Final = {
    "disease": ["diagnosed_date", "primary", "laterality", "origin_status", "d"],
    "lesion": ["disease_id", "role", "first_packed", "site", "laterality", "contiguity"],
    "staging": [
        "disease_id", "packed", "stage_basis", "stage_system", "stage_edition", "order",
    ],
    "conflict": ["kind", "disease_id", "left_says", "right_says", "left_evidence_ids"],
    "event": ["packed", "disease_id", "kind", "lesion_id", "status"],
}  # fmt: skip


def _finish(patients: pl.DataFrame, drafts: Mapping[str, pl.DataFrame]) -> StoryTables:
    """Number rows within each patient and bring the frames to the columns of their tables."""
    disease = _numbered(drafts["disease"], "disease").with_columns(
        pl.concat_list("identity_rule").alias("rule_ids"),
        *(
            pl.col(c).fill_null([])
            for c in ("stage_evidence_ids", "status_evidence_ids", "extent_evidence_ids")
        ),
    )
    ids = disease.select("d", "disease_id")
    lesion = _numbered(drafts["lesion"].join(ids, on="d"), "lesion").with_columns(
        unpacked_date("first_packed").alias("first_seen_date"),
        unpacked_precision("first_packed").alias("first_seen_date_precision"),
    )
    staging = _numbered(drafts["staging"].join(ids, on="d", how="left"), "staging")
    clash = _numbered(drafts["conflict"].join(ids, on="d", how="left"), "conflict")
    places = lesion.select("l", "lesion_id")
    told = drafts["event"].join(ids, on="d").join(places, on="l", how="left")
    event = _numbered(told, "event").with_columns(
        unpacked_date("packed").alias("date"), unpacked_precision("packed").alias("date_precision")
    )
    tables = {
        "disease": disease,
        "lesion": lesion,
        "staging": staging,
        "conflict": clash,
        "event": event,
    }
    names = patients.select("p", "patient_id")
    return StoryTables(
        **{name: conform(frame.join(names, on="p"), name) for name, frame in tables.items()}
    )


def _numbered(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    number = pl.int_range(pl.len(), dtype=pl.Int32).over("p")
    return frame.sort("p", *_ORDER[table], nulls_last=True).with_columns(
        number.alias(f"{table}_id")
    )
