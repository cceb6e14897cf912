"""The stage beside the diagnosis is one staging, as first stated."""

from datetime import date

import pytest

from people import Case, primary, stage, stories

FIRST, SOON, LATER = date(2023, 1, 24), date(2023, 2, 10), date(2025, 6, 1)
CLINICAL, PATHOLOGICAL = {"stage_basis": "clinical"}, {"stage_basis": "pathological"}
EMPTY = {"stage_group": None, "t": None, "n": None, "m": None, "summary_stage": None}
T2N0M0 = {"t": "2", "n": "0", "m": "0"}

CASES = {
    "categories of another staging do not join a group that differs": (
        [
            stage(stage_group="IIB", date=FIRST),
            stage(stage_group="IVB", **T2N0M0, date=SOON, **CLINICAL),
        ],
        {"stage_group": "IIB"},
        1,
    ),
    "a staging that agrees adds its categories": (
        [
            stage(stage_group="IIB", date=FIRST),
            stage(stage_group="IIB", **T2N0M0, date=SOON, **CLINICAL),
        ],
        {"stage_group": "IIB", **T2N0M0},
        2,
    ),
    "categories told on days apart are one staging": (
        [
            stage(t="2", date=FIRST, **CLINICAL),
            stage(n="1", date=SOON, **CLINICAL),
            stage(m="0", date=SOON, **CLINICAL),
        ],
        {"t": "2", "n": "1", "m": "0"},
        3,
    ),
    "a later stage is not part of it": (
        [stage(t="2", n="0", date=FIRST), stage(m="1", date=LATER)],
        {"t": "2", "n": "0"},
        1,
    ),
    "clinical and pathological are not mixed": (
        [
            stage(t="1", n="0", date=FIRST, **CLINICAL),
            stage(stage_group="IIB", t="3", date=SOON, **PATHOLOGICAL),
        ],
        {"t": "1", "n": "0"},
        1,
    ),
    "M of the clinical one stands beside a pathological one without M": (
        [
            stage(stage_group="IIIA", t="2", n="0", m="0", date=FIRST, **CLINICAL),
            stage(stage_group="IIB", t="3", n="0", date=FIRST, **PATHOLOGICAL),
        ],
        {"stage_group": "IIB", "t": "3", "n": "0", "m": "0"},
        2,
    ),
    "a whole staging of the day goes before a part of one": (
        [
            stage(n="1", date=FIRST, **PATHOLOGICAL),
            stage(stage_group="IIB", **T2N0M0, date=FIRST, **CLINICAL),
        ],
        {"stage_group": "IIB", **T2N0M0},
        1,
    ),
    "editions are not mixed": (
        [
            stage(stage_group="II", stage_edition="7", date=FIRST),
            stage(**T2N0M0, stage_edition="8", date=FIRST),
        ],
        {"stage_group": "II"},
        1,
    ),
    "a Summary Stage stands for itself": (
        [stage(summary_stage="1", date=SOON), stage(stage_group="IIB", date=FIRST)],
        {"stage_group": "IIB", "summary_stage": "1"},
        2,
    ),
    "undated ones that agree are one": (
        [stage(stage_group="II"), stage(t="2"), stage(n="0", m="0", date=FIRST)],
        {"stage_group": "II", **T2N0M0},
        3,
    ),
}

told = stories(
    {name: Case([primary("prostate", date=FIRST), *rows]) for name, (rows, *_) in CASES.items()}
)


@pytest.mark.parametrize("case", CASES)
def test_stage_of_a_disease_is_one_staging(case: str) -> None:
    _, stated, evidence_count = CASES[case]
    disease = told(case).disease.row(0, named=True)
    assert {name: disease[name] for name in EMPTY} == EMPTY | stated
    assert len(disease["stage_evidence_ids"]) == evidence_count
