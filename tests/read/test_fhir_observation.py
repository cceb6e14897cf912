"""What an Observation states: stage, size, course, spread, measurements."""

from pathlib import Path
from typing import Any

import pytest

from read.bundles import (
    AJCC,
    LIVER_METASTASIS,
    LOINC,
    NCIT,
    SNOMED,
    concept,
    condition,
    extension,
    issue_codes,
    observation,
    read_bundle,
    row,
)

ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
GERMAN_SITES = (
    "https://www.medizininformatik-initiative.de/fhir/ext/modul-onko/"
    "CodeSystem/mii-cs-onko-fernmetastasen"
)


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("21905-5", concept("1228938002"), {"t": "3", "stage_basis": "clinical"}),
        ("21905-5", concept("cT3", system=AJCC), {"t": "3", "stage_system": "ajcc"}),
        ("21900-6", concept("pN1mi", system=AJCC), {"n": "1mi", "stage_basis": "pathological"}),
        ("21911-3", concept("ypT1c", system=AJCC), {"t": "1c", "stage_basis": "post_therapy"}),
        ("21907-1", concept("cM0(i+)", system=AJCC), {"m": "0(i+)"}),
        ("21907-1", concept("1b", system="https://www.uicc.org/resources/tnm"), {"m": "1b"}),
        ("21907-1", concept("99", "AJCC cM1 (qualifier value)"), {"m": "1"}),
        ("21901-4", concept("not-applicable", system=ABSENT), {"m": "not_applicable"}),
        ("21908-9", concept("4", "IV", system=AJCC), {"stage_group": "IV"}),
        ("21908-9", concept("3C", system=AJCC), {"stage_group": "IIIC"}),
        ("21902-2", concept("258228008"), {"stage_group": "IV", "stage_system": "tnm"}),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_stage_values_are_read_by_code_or_notation(
    tmp_path: Path, code: str, value: Any, expected: dict[str, str]
) -> None:
    found = row(read_bundle(tmp_path, observation(code, valueCodeableConcept=value)), "value")
    assert found["kind"] == "stage"
    assert {name: found[name] for name in expected} == expected


def test_a_reason_for_absence_beside_the_value_never_becomes_a_category(tmp_path: Path) -> None:
    reason = concept("not-applicable", system=ABSENT)
    found = row(read_bundle(tmp_path, observation("21901-4", dataAbsentReason=reason)), "value")
    assert found["m"] == "not_applicable"


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ({}, "R037"),
        ({"valueCodeableConcept": concept("x", "no idea")}, "R036"),
        ({"dataAbsentReason": concept("unknown", system=ABSENT)}, "R037"),
    ],
    ids=["no value", "unreadable value", "unknown"],
)
def test_a_stage_without_a_usable_value_is_noted(
    tmp_path: Path, others: dict[str, Any], code: str
) -> None:
    records = read_bundle(tmp_path, observation("21907-1", **others))
    assert records.finding.is_empty()
    assert issue_codes(records) == [code]


def test_method_gives_system_and_edition_and_focus_the_condition(tmp_path: Path) -> None:
    group = observation(
        concept("399537006"),
        valueCodeableConcept=concept("1222769001"),
        method=concept("897275008"),
        focus=[{"reference": "Condition/c1"}],
    )
    found = row(read_bundle(tmp_path, group), "value")
    assert (found["stage_system"], found["stage_edition"]) == ("ajcc", "8")
    assert (found["stage_group"], found["about_ref"]) == ("IIB", "Condition/c1")


@pytest.mark.parametrize(
    ("code", "value", "system", "group"),
    [
        (concept("C141207", system=NCIT), concept("x", "Rai Stage III"), "rai", "III"),
        (concept("385361009"), concept("x", "FIGO stage IIIC2"), "figo", "IIIC2"),
        (concept("C133427", system=NCIT), concept("C133430", system=NCIT), "inrgss", "M"),
        (concept("385377005"), concept("x", "Grade group 4"), "gleason_group", "4"),
    ],
    ids=["rai", "figo", "inrgss", "gleason"],
)
def test_other_staging_systems_keep_their_name(
    tmp_path: Path, code: Any, value: Any, system: str, group: str
) -> None:
    found = row(read_bundle(tmp_path, observation(code, valueCodeableConcept=value)), "value")
    assert (found["stage_system"], found["stage_group"]) == (system, group)


def test_a_clinical_group_with_pathological_members_says_so(tmp_path: Path) -> None:
    member = observation("21899-0", "o2", valueCodeableConcept=concept("pT3", system=AJCC))
    group = observation(
        "21908-9",
        valueCodeableConcept=concept("2B", system=AJCC),
        hasMember=[{"reference": "Observation/o2"}],
    )
    records = read_bundle(tmp_path, group, member)
    qualifiers = records.finding["qualifier"].drop_nulls().to_list()
    assert qualifiers == ["pathological members"]


def test_members_that_are_not_there_while_the_own_categories_are_is_said(tmp_path: Path) -> None:
    own = observation("21905-5", "o2", valueCodeableConcept=concept("cT3", system=AJCC))
    group = observation(
        "21908-9",
        valueCodeableConcept=concept("2B", system=AJCC),
        hasMember=[{"reference": "Observation/elsewhere"}],
    )
    records = read_bundle(tmp_path, group, own)
    qualifiers = records.finding["qualifier"].drop_nulls().to_list()
    assert qualifiers == ["members other than its clinical categories"]
    assert issue_codes(records) == ["R011"]


def test_preliminary_results_are_probable_and_cancelled_ones_left_out(tmp_path: Path) -> None:
    value = {"valueCodeableConcept": concept("cM1", system=AJCC)}
    records = read_bundle(
        tmp_path,
        observation("21907-1", "o1", **value, status="preliminary"),
        observation("21907-1", "o2", **value, status="cancelled"),
    )
    assert records.finding["certainty"].to_list() == ["probable"]
    assert issue_codes(records) == ["R040"]


def test_history_of_spread_holds_unless_it_is_denied(tmp_path: Path) -> None:
    code = concept("1098951000119108")
    records = read_bundle(
        tmp_path,
        observation(code, "o1"),
        observation(code, "o2", valueBoolean=False),
    )
    found = records.finding.sort("source_ref")
    assert found["polarity"].to_list() == ["affirmed", "negated"]
    assert set(found["site"]) == {"liver"}
    assert set(found["role"]) == {"secondary"}
    assert set(found["temporality"]) == {"historical"}


@pytest.mark.parametrize(
    ("code", "value", "site", "polarity"),
    [
        (concept("385421009"), concept("PUL", system=GERMAN_SITES), "lung", "affirmed"),
        (concept("385421009"), concept("258334004"), "liver", "affirmed"),
        (concept("44667-4", system=LOINC), concept(LIVER_METASTASIS), "liver", "affirmed"),
        (concept("44667-4", system=LOINC), concept("260413007"), "distant_nos", "negated"),
    ],
    ids=["German letters", "body structure", "disorder", "none"],
)
def test_site_of_distant_spread(
    tmp_path: Path, code: Any, value: Any, site: str, polarity: str
) -> None:
    found = row(read_bundle(tmp_path, observation(code, valueCodeableConcept=value)), "value")
    assert (found["role"], found["site"], found["polarity"]) == ("secondary", site, polarity)


@pytest.mark.parametrize(
    ("quantity", "size"),
    [
        ({"value": 2.5, "unit": "centimeters", "code": "cm"}, 25.0),
        ({"value": 12, "unit": "mm"}, 12.0),
    ],
    ids=["cm", "mm"],
)
def test_tumor_size_is_the_longest_dimension_in_millimeters(
    tmp_path: Path, quantity: dict[str, Any], size: float
) -> None:
    parts = [
        {"code": concept("33729-5", system=LOINC), "valueQuantity": {"value": 1, "unit": "cm"}},
        {"code": concept("33728-7", system=LOINC), "valueQuantity": quantity},
    ]
    found = row(read_bundle(tmp_path, observation("21889-1", component=parts)), "size")
    assert (found["size_mm"], found["role"]) == (size, "primary")


def test_the_size_of_a_secondary_in_focus_is_not_the_primarys(tmp_path: Path) -> None:
    size = observation(
        "21889-1",
        valueQuantity={"value": 1, "unit": "cm"},
        focus=[{"reference": "Condition/c2"}],
    )
    records = read_bundle(tmp_path, condition(LIVER_METASTASIS, "c2"), size)
    found = row(records, "size")
    assert (found["role"], found["site"], found["about_ref"]) == (
        "secondary",
        "liver",
        "Condition/c2",
    )


def test_a_size_without_a_known_unit_is_noted(tmp_path: Path) -> None:
    records = read_bundle(
        tmp_path, observation("21889-1", valueQuantity={"value": 2, "unit": "[in_i]"})
    )
    assert records.finding.is_empty()
    assert issue_codes(records) == ["R038"]


def test_disease_status_with_how_it_was_seen(tmp_path: Path) -> None:
    seen = extension(
        "mcode-cancer-disease-status-evidence-type", valueCodeableConcept=concept("363679005")
    )
    course = observation("97509-4", valueCodeableConcept=concept("271299001"), extension=[seen])
    found = row(read_bundle(tmp_path, course), "value")
    assert (found["kind"], found["status"], found["method"]) == ("status", "worsened", "imaging")


def test_the_status_distant_metastasis_present_is_spread(tmp_path: Path) -> None:
    records = read_bundle(
        tmp_path, observation("97509-4", valueCodeableConcept=concept("399409002"))
    )
    assert row(records, "value")["status"] == "present"
    found = row(records, "value:spread")
    assert (found["role"], found["site"]) == ("secondary", "distant_nos")


def test_an_unknown_status_is_noted(tmp_path: Path) -> None:
    records = read_bundle(
        tmp_path, observation("97509-4", valueCodeableConcept=concept("1", "odd"))
    )
    assert issue_codes(records) == ["R039"]


@pytest.mark.parametrize(
    ("code", "others", "expected"),
    [
        (
            "85337-4",
            {"valueCodeableConcept": concept("LA6576-8", system=LOINC)},
            {"name": "er", "value": "positive"},
        ),
        (
            "2857-1",
            {"valueQuantity": {"value": 4.1, "unit": "ng/mL"}},
            {"name": "psa", "value_number": 4.1, "unit": "ng/mL"},
        ),
        ("89247-1", {"valueInteger": 0}, {"name": "ecog", "value_number": 0.0}),
        (
            "85318-4",
            {"valueString": "greater than 2.2"},
            {"name": "her2_fish", "value": "greater than 2.2"},
        ),
    ],
    ids=["coded", "quantity", "integer", "words"],
)
def test_measurements(
    tmp_path: Path, code: str, others: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = row(read_bundle(tmp_path, observation(code, **others)), "value", "measurement")
    assert {name: found[name] for name in expected} == expected


def test_other_observations_leave_no_trace(tmp_path: Path) -> None:
    records = read_bundle(
        tmp_path,
        observation("8302-2", valueQuantity={"value": 170, "unit": "cm"}),
        observation(concept("225323000"), "o2", valueString="smokes"),
    )
    assert records.raw.is_empty()
    assert records.issue.is_empty()


def test_a_result_that_denies_cancer_at_a_place_is_negated_evidence(tmp_path: Path) -> None:
    text = "Negative for presence of cancer in the liver or left lung."
    records = read_bundle(tmp_path, observation("11111-1", valueString=text))
    found = records.finding.sort("element")
    assert found["site"].to_list() == ["liver", "lung"]
    assert found["laterality"].to_list() == [None, "left"]
    assert set(found["polarity"]) == {"negated"}


def test_histology_and_grade(tmp_path: Path) -> None:
    icdo3 = "http://terminology.hl7.org/CodeSystem/icd-o-3"
    records = read_bundle(
        tmp_path,
        observation("31206-6", "o1", valueCodeableConcept=concept("8140/3", system=icdo3)),
        observation("44648-4", "o2", valueCodeableConcept=concept("x", "Nottingham grade 2")),
    )
    found = {row_["source_ref"]: row_ for row_ in records.finding.iter_rows(named=True)}
    assert found["Observation/o1"]["morphology"] == "8140"
    assert found["Observation/o1"]["role"] == "undetermined"
    assert found["Observation/o2"]["grade"] == "nottingham grade 2"


def test_snomed_codes_with_an_edition_in_their_system_are_known(tmp_path: Path) -> None:
    code = concept("399387003", system=f"{SNOMED}/731000124108/version/20210901")
    value = concept("1229903009", system="urn:oid:2.16.840.1.113883.6.96")
    found = row(read_bundle(tmp_path, observation(code, valueCodeableConcept=value)), "value")
    assert found["m"] == "1"


def test_a_panel_gives_the_categories_of_its_components(tmp_path: Path) -> None:
    parts = [
        {"code": concept(code, system=LOINC), "valueCodeableConcept": concept(value, system=AJCC)}
        for code, value in (("21905-5", "cT2"), ("21906-3", "cN1"), ("21907-1", "cM0"))
    ]
    records = read_bundle(tmp_path, observation("75620-5", component=parts))
    stages = records.finding.sort("element")
    assert stages["element"].to_list() == ["component[0]", "component[1]", "component[2]"]
    assert (stages["t"][0], stages["n"][1], stages["m"][2]) == ("2", "1", "0")


def test_a_score_or_result_may_stand_in_the_interpretation(tmp_path: Path) -> None:
    v3 = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
    records = read_bundle(
        tmp_path,
        observation("89247-1", "o1", interpretation=[concept("LA9623-5", system=LOINC)]),
        observation("85337-4", "o2", interpretation=[concept("POS", system=v3)]),
    )
    found = records.measurement.sort("source_ref")
    assert found["value_number"].to_list() == [1.0, None]
    assert found["value"].to_list() == [None, "positive"]


def test_a_related_condition_is_what_it_is_about(tmp_path: Path) -> None:
    related = extension("mcode-related-condition", valueReference={"reference": "Condition/c1"})
    history = observation(concept("1287652008"), extension=[related])
    assert row(read_bundle(tmp_path, history), "code")["about_ref"] == "Condition/c1"
