"""What a record settles of the factors, and what it leaves unknown."""

from datetime import date

import polars as pl
import pytest

from outspread.plan.facts.listing import factors_by_rule, rules_by_factor
from outspread.plan.facts.row import read_data
from outspread.plan.pack.load import own_pack
from people import Row, course, primary, secondary, stage
from plan.told import (
    BREAST,
    LAST_WEEK,
    LUNG,
    Expected,
    Facts,
    Told,
    case,
    measured,
    planned,
    settled_in,
)

ORIGINS = {
    "adenocarcinoma of the lung": ("lung", "8140", "nsclc"),
    "squamous cancer of the lung": ("lung", "8070", "nsclc"),
    "small cell cancer of the lung": ("lung", "8041", "sclc"),
    "carcinoma of the lung without a type": ("lung", "8010", None),
    "lung cancer without a type": ("lung", None, None),
    "carcinoid of the lung": ("lung", "8240", "other"),
    "breast cancer without a type": ("breast", None, "breast"),
    "sarcoma of the breast": ("breast", "8800", "other"),
    "clear cell cancer of the kidney": ("kidney", "8310", "kidney_clear_cell"),
    "papillary cancer of the kidney": ("kidney", "8260", "other"),
    "renal cell cancer without a type": ("kidney", "8312", None),
    "hepatocellular": ("liver", "8170", "hcc"),
    "cancer of the liver without a type": ("liver", None, None),
    "medullary cancer of the thyroid": ("thyroid", "8345", "thyroid_mtc"),
    "papillary cancer of the thyroid": ("thyroid", "8260", "thyroid_dtc"),
    "prostate": ("prostate", "8140", "prostate"),
    "rectum": ("rectum", "8140", "colorectal"),
    "nasopharynx": ("nasopharynx", "8070", "other"),
    "lymphoma": ("lymphoma", "9680", "hematologic"),
    "unknown primary": ("cup", None, "cup"),
}
SIDES = {"C18.0": "right", "C18.4": None, "C18.5": "left", "C18.7": "left", "C18.9": None}
FREE = secondary("brain", polarity="negated", date=LAST_WEEK)
BONE = secondary("bone", date=LAST_WEEK)
MENINGES = secondary("leptomeninges", certainty="possible", date=LAST_WEEK)
EARLY = stage(stage_group="IIIB", stage_system="ajcc", date=date(2015, 1, 1))
LIFE = {"birth_date": date(1960, 1, 2), "birth_date_precision": "day", "sex": "female"}
OLD = secondary("bone", date=date(2020, 1, 1))


def result(name: str, value: str | float, **facts: object) -> list[Row]:
    return [measured(name, value, **facts)]


def results(*rows: Row, **expect: str | float | None) -> Expected:
    return case(BREAST, secondary("bone"), results=rows, expect=expect)


def lung(*rows: Row, **expect: str | float | None) -> Expected:
    return case(LUNG, secondary("bone"), results=rows, expect=expect)


CASES: dict[str, Expected] = {
    **{n: case(primary(c, morphology=m), expect={"primary": p})
       for n, (c, m, p) in ORIGINS.items()},
    "origin not stated": case(secondary("liver"), expect={"primary": None}),
    **{f"side of {code}": case(primary("colon", topography=code), expect={"side": side})
       for code, side in SIDES.items()},
    "nothing stated of spread": case(BREAST, expect={"extent": None}),
    "regional nodes": case(BREAST, secondary("ln_axillary"), expect={"extent": "la"}),
    "bone": case(BREAST, secondary("bone"), expect={"extent": "met"}),
    "bone is possible only": case(
        BREAST, secondary("bone", certainty="possible"), expect={"extent": None}),
    "no sign of disease since": case(
        BREAST, OLD, course("no_sign_of_disease", date=date(2024, 1, 1)), expect={"extent": None}),
    "two counted lesions": case(
        BREAST, secondary("liver", count=2), expect={"extent": "oligomet", "metastasis_count": 2}),
    "two counted lesions, and growth since": case(
        BREAST, secondary("brain", count=2, size_mm=14, date=date(2023, 6, 1)),
        course("worsened", date=date(2025, 11, 1)),
        expect={"extent": "met", "metastasis_count": None, "brain_met_count": None,
                "brain_met_max_cm": None, "brain_mets": "yes"}),
    "growth, and two lesions counted since": case(
        BREAST, course("worsened", date=date(2023, 6, 1)),
        secondary("liver", count=2, date=date(2025, 11, 1)),
        expect={"extent": "oligomet", "metastasis_count": 2}),
    "five and one": case(
        BREAST, secondary("liver", count=5), secondary("bone", count=1), expect={"extent": "met"}),
    "one counted, one not": case(
        BREAST, secondary("liver", count=1), secondary("bone"), expect={"extent": "met"}),
    "fluid is not counted": case(
        BREAST, secondary("pleural_effusion", count=1), expect={"extent": "met"}),
    "two counted lesions, and one more is possible": case(
        BREAST, secondary("liver", count=2), secondary("lung", certainty="possible"),
        expect={"extent": "met", "metastasis_count": None}),
    "the brain and a part of it": case(
        BREAST, secondary("brain", count=3), secondary("cerebellum", count=1),
        expect={"brain_met_count": None, "brain_mets": "yes"}),
    "the brain is counted, bones are not": case(
        BREAST, secondary("brain", count=3), secondary("bone"),
        expect={"brain_met_count": 3, "metastasis_count": None}),
    "a bone and a part of it": case(
        BREAST, secondary("spine", count=3), secondary("lumbar_spine", count=1),
        expect={"extent": "met", "metastasis_count": None}),
    "organs": case(
        BREAST, secondary("brain", count=2, size_mm=14), secondary("liver"),
        expect={"brain_mets": "yes", "brain_met_count": 2, "visceral_mets": "yes",
                "distant_mets": "yes", "liver_only_mets": "no", "extraperitoneal_mets": "yes",
                "bone_mets": None, "metastasis_count": None}),
    "meninges are possible": case(
        BREAST, BONE, MENINGES,
        expect={"leptomeningeal_suspected": "yes", "leptomeningeal": None}),
    "meninges are sure": case(
        BREAST, BONE, MENINGES, secondary("csf", date=LAST_WEEK),
        expect={"leptomeningeal_suspected": None, "leptomeningeal": "yes"}),
    "free as said": case(LUNG, BONE, FREE, expect={"brain_mets": "no"}),
    "free, but suspected elsewhere": case(
        LUNG, BONE, FREE, secondary("brain", certainty="possible", date=LAST_WEEK),
        expect={"brain_mets": None}),
    "free, not said": case(LUNG, BONE, expect={"brain_mets": None}),
    "free in a part": case(LUNG, BONE, FREE | {"site": "cerebellum"}, expect={"brain_mets": None}),
    "free before the spread": case(
        LUNG, BONE, FREE | {"date": date(2020, 1, 1)}, expect={"brain_mets": None}),
    "free without a day": case(LUNG, BONE, FREE | {"date": None}, expect={"brain_mets": None}),
    "one receptor is enough": results(
        measured("er", "negative"), measured("pr", "positive"), hr="positive"),
    "one absent receptor is not": results(measured("er", "negative"), hr=None, er="negative"),
    "both absent": results(measured("er", "negative"), measured("pr", "negative"), hr="negative"),
    "the last result counts": results(
        measured("her2", "negative", date=date(2019, 1, 1)),
        measured("her2", "positive", date=date(2024, 1, 1)), her2="positive"),
    "two results of a day are unknown": results(
        *(measured("her2", word, date=LAST_WEEK) for word in ("negative", "positive")), her2=None),
    "a wish is no result": results(measured("her2", "positive", certainty="possible"), her2=None),
    "a relative is not the patient": results(
        measured("brca2", "mutated", experiencer="other"), brca2=None),
    "a result after the day does not count": results(
        measured("ecog", 3.0, date=date(2026, 5, 1)), ecog=None),
    "a fresh symptom": results(
        measured("cord_compression", "yes", date=LAST_WEEK), cord_compression="suspected"),
    "an old symptom is forgotten": results(
        measured("cord_compression", "yes", date=date(2024, 1, 1)), cord_compression=None),
    "an undated symptom is no symptom now": results(measured("dyspnea", "yes"), dyspnea=None),
    "calcium in its unit": results(
        measured("calcium", 3.9, unit="mmol/L", date=LAST_WEEK),
        calcium_mmol_l=3.9, hypercalcemia="yes"),
    "calcium without a unit": results(
        measured("calcium", 15.0, date=LAST_WEEK), calcium_mg_dl=None),
    "a number beyond its range": results(measured("ecog", 7.0), ecog=None),
    "kras and nras together": results(
        measured("kras", "wild_type"), measured("nras", "wildtype"), ras="wildtype"),
    "kras alone": results(measured("kras", "wild_type"), ras=None),
    "HER2 by the ratio of signals": results(
        measured("her2_fish", "less than 1.8"), her2_ish="negative"),
    "a ratio between the limits": results(
        measured("her2_fish", "greater than 1.8"), her2_ish=None, her2=None),
    "PD-L1 in percent of lung cancer": lung(measured("pd_l1", 60.0, unit="%"), pdl1_tps=60),
    "PD-L1 in percent of another cancer": results(
        measured("pd_l1", 60.0, unit="%"), pdl1_tps=None, pdl1_cps=None),
    "PD-L1 as a number without a unit": lung(
        measured("pdl1", 60.0), pdl1_tps=None, pdl1_cps=None),
    "PD-L1 as CPS": lung(measured("pdl1_cps", 12.0), pdl1_cps=12, pdl1_tps=None),
    "PD-L1 in a word": results(measured("pdl1", "negative"), pdl1="negative", pdl1_cps=None),
    "Karnofsky 70": results(measured("karnofsky", 70.0, date=LAST_WEEK), kps=70, ecog=1),
    "Karnofsky 100": results(measured("karnofsky", 100.0, date=LAST_WEEK), ecog=0),
    "Karnofsky 0 is no one's grade": results(measured("karnofsky", 0.0), kps=0, ecog=None),
    "ECOG of the same day goes before Karnofsky": results(
        measured("karnofsky", 70.0, date=LAST_WEEK), measured("ecog", 2.0, date=LAST_WEEK),
        kps=70, ecog=2),
    "a later Karnofsky goes before ECOG": results(
        measured("karnofsky", 40.0, date=LAST_WEEK), measured("ecog", 1.0, date=date(2024, 1, 1)),
        kps=40, ecog=3),
    "MSI positive as coded": results(
        measured("msi", "positive", source_kind="fhir"), msi="msi_h"),
    "MSI positive in words may mean the repair proteins": results(
        measured("msi", "positive", source_kind="document"), msi=None),
    "a judgment stated by its factor": results(
        measured("visceral_crisis", "yes", date=LAST_WEEK), visceral_crisis="yes"),
    "an old judgment is forgotten": results(
        measured("visceral_crisis", "yes", date=date(2024, 1, 1)), visceral_crisis=None),
    "a word that the factor does not have": results(
        measured("visceral_crisis", "maybe", date=LAST_WEEK), visceral_crisis=None),
    "organ function in its unit": results(
        measured("creatinine_clearance", 45.0, unit="mL/min", date=LAST_WEEK),
        creatinine_clearance=45),
    "organ function in another unit": results(
        measured("creatinine_clearance", 0.7, unit="mL/s", date=LAST_WEEK),
        creatinine_clearance=None),
    "a finer mutation by the factor's own word": results(measured("egfr", "l858r"), egfr="l858r"),
    "the story decides the extent": results(measured("extent", "localized"), extent="met"),
    "no line before in distant disease": results(
        measured("prior_systemic_lines", 0.0, date=LAST_WEEK), line="1", prior_chemo_lines_met=0),
    "no line before, not distant": case(
        BREAST, secondary("ln_axillary"), expect={"line": None},
        results=result("prior_systemic_lines", 0.0, date=LAST_WEEK)),
    "stage, gone further": case(BREAST, EARLY, OLD, expect={"stage": None, "progressing": None}),
    "stage, not gone further": case(
        BREAST, EARLY, secondary("ln_axillary"), expect={"stage": "III"}),
    "grows": case(
        BREAST, course("worsened", date=LAST_WEEK), expect={"progressing": "yes"}),
    "stable": case(
        BREAST, course("stable", date=LAST_WEEK), life=LIFE,
        expect={"progressing": "no", "age": 65, "sex": "female"}),  # 66 tomorrow
    "spread found last week": case(BREAST, BONE, expect={"new_metastatic_dx": "yes"}),
    "spread found half a year ago": case(
        BREAST, secondary("bone", date=date(2025, 7, 1)), expect={"new_metastatic_dx": None}),
    "spread found years ago": case(BREAST, OLD, expect={"new_metastatic_dx": "no"}),
    "T3 of the bladder": case(
        primary("bladder", morphology="8120"), stage(t="3b", stage_system="ajcc"),
        expect={"muscle_invasive": "yes"}),
    "T1 of the bladder may have grown since": case(
        primary("bladder", morphology="8120"), stage(t="1", stage_system="ajcc"),
        expect={"muscle_invasive": None}),
    "T4 of the rectum": case(
        primary("rectum", morphology="8140"), stage(t="4a", stage_system="ajcc"),
        expect={"rectal_high_risk": "yes"}),
    "T4 of the colon": case(
        primary("colon", morphology="8140"), stage(t="4a", stage_system="ajcc"),
        expect={"rectal_high_risk": None}),
    "a tumor's result where there are two cancers": case(
        BREAST, primary("prostate", morphology="8140"),
        results=[measured("er", "positive"), measured("ecog", 1.0)],
        expect={"er": None, "ecog": 1}),
    "dead": case(BREAST, OLD, life={"is_dead": True}, expect={"extent": None, "primary": None}),
}  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    """All people are planned at once: one plan costs as much as many."""
    return planned({name: told for name, (told, _) in CASES.items()})


@pytest.fixture(scope="module")
def found(tables: dict[str, pl.DataFrame]) -> dict[str, Facts]:
    return settled_in(tables, CASES)


@pytest.mark.parametrize("name", CASES)
def test_what_is_settled_and_what_is_left_open(name: str, found: dict[str, Facts]) -> None:
    expect = CASES[name][1]
    assert {factor: found[name].get(factor) for factor in expect} == expect


def test_sizes_are_told_in_the_unit_of_the_factor(found: dict[str, Facts]) -> None:
    assert found["organs"]["brain_met_max_cm"] == pytest.approx(1.4)


def test_the_dead_have_no_plan(found: dict[str, Facts]) -> None:
    assert found["dead"] == {}


def test_where_nobody_lives_no_table_of_the_plan_has_a_row() -> None:
    tables = planned({"dead": Told([BREAST], life={"is_dead": True})})
    assert {name for name, frame in tables.items() if frame.height} == {"pack_option"}


def test_every_fact_has_a_rule_that_is_listed_and_what_is_seen_has_evidence(
    tables: dict[str, pl.DataFrame],
) -> None:
    told = tables["factor"]
    facts = told.rows_by_key("rule_id", named=True)
    assert "pack.hormone-receptor-present" in facts
    listed = factors_by_rule(own_pack())
    known = set(read_data("rules")["rule_id"])
    for rule, rows in facts.items():
        assert {row["factor"] for row in rows} <= set(listed[rule])
        assert rule in known or rule.startswith("pack.")
    assert told.filter(pl.col("rule_id") != "plan.person")["evidence_ids"].list.len().min() > 0
    applied = tables["option"].filter(
        pl.col("patient_id") == "organs", pl.col("verdict") == "applies",
        pl.col("why").list.len() > 0,
    )  # fmt: skip
    assert applied.height > 2
    assert applied["evidence_ids"].list.len().min() > 0


def test_every_factor_can_come_from_a_record() -> None:
    assert [name for name, rules in rules_by_factor(own_pack()).items() if not rules] == []


def test_rules_give_only_factors_of_the_pack() -> None:
    listed = factors_by_rule(own_pack())
    assert {name for factors in listed.values() for name in factors} <= own_pack().factors.keys()
