"""What a Condition or a family history states about a tumor."""

from datetime import date
from pathlib import Path

import pytest

from read.bundles import (
    BREAST,
    ICD10CM,
    LEFT_BREAST_SITE,
    LIVER_METASTASIS,
    NCIT,
    SNOMED,
    concept,
    condition,
    extension,
    issue_codes,
    patient,
    read_bundle,
    resource,
    row,
    status,
)

PRIMARY_PROFILE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-primary-cancer-condition"


def test_a_primary_code_gives_the_cancer_its_place_and_its_day(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, patient(), condition(onsetDateTime="2018-03-16T10:00:00+02:00"))
    found = row(records, "code")
    assert found["role"] == "primary"
    assert (found["primary"], found["site"]) == ("breast", "breast")
    assert (found["date"], found["date_precision"]) == (date(2018, 3, 16), "day")
    assert (found["code_system"], found["code"]) == ("snomed", BREAST)
    assert (found["evidence_id"], found["source_ref"]) == ("Condition/c1#code", "Condition/c1")
    assert (found["patient_id"], found["rule_id"]) == ("ann", "fhir.code")
    assert records.raw["source_ref"].to_list() == ["Condition/c1"]


def test_a_disorder_that_is_no_cancer_leaves_no_trace(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, patient(), condition(concept("38341003", "Hypertension")))
    assert records.finding.is_empty()
    assert records.raw.is_empty()
    assert records.issue.is_empty()


def test_a_secondary_points_to_its_primary(tmp_path: Path) -> None:
    related = {
        "url": "http://hl7.org/fhir/StructureDefinition/condition-related",
        "valueReference": {"reference": "Condition/c1"},
    }
    secondary = condition(LIVER_METASTASIS, "c2", extension=[related])
    found = row(read_bundle(tmp_path, secondary), "code")
    assert (found["role"], found["site"]) == ("secondary", "liver")
    assert found["about_ref"] == "Condition/c1"
    assert "primary" not in found


def test_several_body_sites_of_a_secondary_are_several_findings(tmp_path: Path) -> None:
    places = [concept("39607008"), concept("10200004")]
    records = read_bundle(tmp_path, condition("128462008", bodySite=places))
    assert row(records, "code")["site"] == "lung"
    assert row(records, "bodySite[1]")["site"] == "liver"
    assert records.finding["evidence_id"].is_unique().all()


def test_the_side_comes_from_the_qualifier_of_the_body_site(tmp_path: Path) -> None:
    side = extension("mcode-laterality-qualifier", valueCodeableConcept=concept("24028007"))
    place = concept("76752008") | {"extension": [side]}
    found = row(read_bundle(tmp_path, condition(bodySite=[place])), "code")
    assert found["laterality"] == "right"


def test_a_body_site_on_another_side_than_the_code_is_noted(tmp_path: Path) -> None:
    right = condition(concept("C50.211", system=ICD10CM), bodySite=[concept(LEFT_BREAST_SITE)])
    records = read_bundle(tmp_path, right)
    assert row(records, "code")["laterality"] == "right"
    assert issue_codes(records) == ["R033"]


def test_a_body_site_elsewhere_than_the_code_is_noted_and_not_used(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, condition(LIVER_METASTASIS, bodySite=[concept("39607008")]))
    assert records.finding["site"].to_list() == ["liver"]
    assert issue_codes(records) == ["R032"]


@pytest.mark.parametrize(
    ("others", "role"),
    [
        ({"meta": {"profile": [PRIMARY_PROFILE]}}, "primary"),
        ({}, "undetermined"),
        (
            {
                "extension": [
                    extension(
                        "mcode-histology-morphology-behavior",
                        valueCodeableConcept=concept(
                            "8500/6", system="http://terminology.hl7.org/CodeSystem/icd-o-3"
                        ),
                    )
                ]
            },
            "secondary",
        ),
    ],
    ids=["profile says primary", "nothing says it", "histology /6 says secondary"],
)
def test_a_generic_code_takes_its_role_from_what_stands_beside_it(
    tmp_path: Path, others: dict, role: str
) -> None:
    generic = condition("363346000", bodySite=[concept(LEFT_BREAST_SITE)], **others)
    found = row(read_bundle(tmp_path, generic), "code")
    assert (found["role"], found["site"], found["laterality"]) == (role, "breast", "left")
    assert found.get("primary") == ("breast" if role == "primary" else None)


def test_a_profile_does_not_make_a_secondary_code_a_primary(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, condition("128462008", meta={"profile": [PRIMARY_PROFILE]}))
    found = row(records, "code")
    assert found["role"] == "secondary"
    assert "primary" not in found


def test_histology_is_a_finding_of_its_own_that_may_disagree(tmp_path: Path) -> None:
    morphology = extension(
        "mcode-histology-morphology-behavior", valueCodeableConcept=concept("77284006")
    )
    records = read_bundle(tmp_path, condition(extension=[morphology]))
    assert row(records, "code")["behavior"] == "malignant"
    found = row(records, "histology")
    assert (found["morphology"], found["behavior"]) == ("8520", "in_situ")
    assert (found["role"], found["primary"]) == ("primary", "breast")


@pytest.mark.parametrize(
    ("verification", "certainty", "polarity"),
    [
        ("confirmed", "confirmed", "affirmed"),
        ("provisional", "possible", "affirmed"),
        ("differential", "possible", "affirmed"),
        ("unconfirmed", "possible", "affirmed"),
        ("refuted", "confirmed", "negated"),
    ],
)
def test_verification_decides_how_sure_it_is(
    tmp_path: Path, verification: str, certainty: str, polarity: str
) -> None:
    records = read_bundle(tmp_path, condition(verificationStatus=status(verification)))
    found = row(records, "code")
    assert (found["certainty"], found["polarity"]) == (certainty, polarity)


def test_an_entry_made_in_error_is_left_out_and_noted(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, condition(verificationStatus=status("entered-in-error")))
    assert records.finding.is_empty()
    assert issue_codes(records) == ["R040"]


@pytest.mark.parametrize(
    ("clinical", "course", "certainty"),
    [
        ("remission", "improved", "confirmed"),
        ("resolved", "no_sign_of_disease", "possible"),
        ("inactive", "undetermined", "confirmed"),
        ("recurrence", "recurrence", "confirmed"),
        ("relapse", "recurrence", "confirmed"),
    ],
)
def test_clinical_status_is_a_course_without_the_day_of_onset(
    tmp_path: Path, clinical: str, course: str, certainty: str
) -> None:
    records = read_bundle(
        tmp_path, condition(clinicalStatus=status(clinical), onsetDateTime="2018-03-16")
    )
    found = row(records, "clinicalStatus")
    assert (found["kind"], found["status"], found["certainty"]) == ("status", course, certainty)
    assert found["about_ref"] == "Condition/c1"
    assert "date" not in found


def test_an_active_condition_has_no_course(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, condition(clinicalStatus=status("active")))
    assert records.finding["element"].to_list() == ["code"]


def test_a_stage_is_a_finding_about_its_own_condition(tmp_path: Path) -> None:
    stage = {
        "summary": concept("1222806003", "American Joint Committee on Cancer stage IIIC"),
        "type": concept("897275008"),
    }
    found = row(read_bundle(tmp_path, condition(stage=[stage])), "stage[0].summary")
    assert (found["kind"], found["stage_group"]) == ("stage", "IIIC")
    assert (found["stage_system"], found["stage_edition"]) == ("ajcc", "8")
    assert (found["stage_basis"], found["about_ref"]) == ("unspecified", "Condition/c1")


def test_a_stage_of_another_system_keeps_its_system(tmp_path: Path) -> None:
    stage = {"summary": concept("C80135", "Binet Stage B", system=NCIT)}
    found = row(read_bundle(tmp_path, condition("92814006", stage=[stage])), "stage[0].summary")
    assert (found["stage_system"], found["stage_group"]) == ("binet", "B")


def test_a_stage_pointing_to_another_patients_assessment_is_noted(tmp_path: Path) -> None:
    stage = {"summary": concept("1222806003"), "assessment": [{"reference": "Observation/o9"}]}
    other = resource("Observation", "o9", of="bea", code=concept("399537006"))
    records = read_bundle(tmp_path, condition(stage=[stage]), other)
    assert "R013" in issue_codes(records)


def test_a_stage_inside_the_code_is_a_stage(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, condition("424132000"))
    assert row(records, "code")["primary"] == "lung"
    found = row(records, "code:stage")
    assert (found["stage_group"], found["stage_system"]) == ("I", "tnm")


def test_the_best_known_coding_counts_and_the_others_fill_in(tmp_path: Path) -> None:
    codings = [
        {"system": "urn:local", "code": "7"},
        {"system": SNOMED, "code": BREAST},
        {"system": "urn:oid:2.16.840.1.113883.6.90", "code": "C50.212"},
    ]
    found = row(read_bundle(tmp_path, condition({"coding": codings})), "code")
    assert (found["code_system"], found["laterality"]) == ("icd10cm", "left")
    assert found["topography"] == "C50.2"


def test_codings_that_disagree_on_spread_are_noted(tmp_path: Path) -> None:
    codings = [
        {"system": SNOMED, "code": BREAST},
        {"system": ICD10CM, "code": "C78.7"},
    ]
    records = read_bundle(tmp_path, condition({"coding": codings}))
    assert row(records, "code")["role"] == "secondary"
    assert issue_codes(records) == ["R031"]


def test_a_code_damaged_by_a_spreadsheet_is_read_by_its_display(tmp_path: Path) -> None:
    display = "Primary small cell malignant neoplasm of lung, TNM stage 1 (disorder)"
    records = read_bundle(tmp_path, condition(concept("9.99E+13", display)))
    found = row(records, "code")
    assert (found["primary"], found["rule_id"]) == ("lung", "fhir.text")
    assert row(records, "code:stage")["stage_group"] == "I"


def test_a_cancer_that_is_only_suspected_is_possible(tmp_path: Path) -> None:
    found = row(read_bundle(tmp_path, condition("162573006")), "code")
    assert (found["primary"], found["certainty"]) == ("lung", "possible")


def test_a_cancer_in_words_that_nobody_knows_is_noted(tmp_path: Path) -> None:
    records = read_bundle(tmp_path, condition(concept("1", "Carcinoma of the whatnot")))
    assert records.finding.is_empty()
    assert issue_codes(records) == ["R030"]


def test_personal_history_is_historical(tmp_path: Path) -> None:
    found = row(read_bundle(tmp_path, condition(concept("Z85.3", system=ICD10CM))), "code")
    assert (found["primary"], found["temporality"]) == ("breast", "historical")


def test_the_old_form_of_conditions_is_read(tmp_path: Path) -> None:
    old = {
        "resourceType": "Condition",
        "id": "c1",
        "patient": {"reference": "Patient/ann"},
        "category": {"coding": [{"code": "diagnosis"}]},
        "code": concept(BREAST),
        "verificationStatus": "confirmed",
        "clinicalStatus": "relapse",
        "dateRecorded": "2014-05",
    }
    records = read_bundle(tmp_path, old)
    found = row(records, "code")
    assert (found["patient_id"], found["date"]) == ("ann", date(2014, 5, 1))
    assert found["date_precision"] == "month"
    assert row(records, "clinicalStatus")["status"] == "recurrence"


def test_family_history_is_never_the_patients_own(tmp_path: Path) -> None:
    history = {
        "resourceType": "FamilyMemberHistory",
        "id": "f1",
        "status": "completed",
        "patient": {"reference": "Patient/ann"},
        "condition": [{"code": concept("38341003")}, {"code": concept(BREAST)}],
    }
    found = row(read_bundle(tmp_path, history), "condition[1].code")
    assert (found["experiencer"], found["primary"]) == ("other", "breast")


def test_a_body_structure_of_a_condition_is_its_place(tmp_path: Path) -> None:
    related = extension("mcode-related-condition", valueReference={"reference": "Condition/c1"})
    structure = {
        "resourceType": "BodyStructure",
        "id": "b1",
        "patient": {"reference": "Patient/ann"},
        "location": concept(LEFT_BREAST_SITE),
        "extension": [related],
    }
    volume = {key: value for key, value in structure.items() if key != "extension"} | {"id": "b2"}
    records = read_bundle(tmp_path, condition(), structure, volume)
    found = row(records, "location")
    assert (found["role"], found["laterality"]) == ("primary", "left")
    assert found["about_ref"] == "Condition/c1"


def test_a_specimen_says_where_tissue_was_taken_and_founds_no_tumor(tmp_path: Path) -> None:
    taken = {"bodySite": concept(LEFT_BREAST_SITE), "collectedDateTime": "2020-05-01"}
    kind = {"coding": [{"code": "TUMOR"}]}
    records = read_bundle(tmp_path, resource("Specimen", "s1", type=kind, collection=taken))
    found = row(records, "collection.bodySite", "measurement")
    assert (found["name"], found["site"], found["value"]) == ("specimen", "breast", "TUMOR")
    assert str(found["date"]) == "2020-05-01"
    assert records.finding.is_empty()


@pytest.mark.parametrize(("stated", "side"), [("L", "left"), ("R", "right"), ("U", None)])
def test_a_side_beside_a_german_code_is_read(tmp_path: Path, stated: str, side: str | None) -> None:
    coding = {
        "system": "http://fhir.de/CodeSystem/bfarm/icd-10-gm",
        "code": "C50.4",
        "extension": [
            {
                "url": "http://fhir.de/StructureDefinition/seitenlokalisation",
                "valueCoding": {"code": stated},
            }
        ],
    }
    records = read_bundle(tmp_path, condition({"coding": [coding]}))
    assert records.finding.select("primary", "laterality").rows() == [("breast", side)]


@pytest.mark.parametrize(
    ("topography", "morphology", "role", "means"),
    [
        ("C44.5", "8720/3", "primary", "melanoma_skin"),
        ("C44.5", "8070/3", "primary", "skin_other"),
        ("C77.2", "9680/3", "primary", "lymphoma"),
        ("C22.0", "8140/6", "secondary", "liver"),
        ("C61.9", "8140/2", "primary", "prostate"),
    ],
    ids=["melanoma", "skin cancer", "lymphoma of nodes", "metastasis", "in situ"],
)
def test_a_topography_means_a_cancer_together_with_its_histology(
    tmp_path: Path, topography: str, morphology: str, role: str, means: str
) -> None:
    oncology = "http://terminology.hl7.org/CodeSystem/icd-o-3"
    histology = extension(
        "mcode-histology-morphology-behavior",
        valueCodeableConcept=concept(morphology, system=oncology),
    )
    coded = condition(concept(topography, system=oncology), extension=[histology])
    found = row(read_bundle(tmp_path, coded), "code")
    assert found["role"] == role
    assert found["primary" if role == "primary" else "site"] == means
    assert found["morphology"] == morphology[:4]
