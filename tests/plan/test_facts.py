"""What a record settles of the factors, and what it leaves unknown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from people import Row, course, primary, secondary, stage, surgery
from plan.told import BREAST, LAST_WEEK, LUNG, Told, given, measured, planned


def settled(told: Mapping[str, Told]) -> dict[str, dict[str, str | float | None]]:
    """The factors of each person's first cancer."""
    found: dict[str, dict[str, str | float | None]] = {name: {} for name in told}
    factors = planned(told)["factor"].filter(pl.col("disease_id") == 0)
    for row in factors.iter_rows(named=True):
        value = row["value"] if row["value_number"] is None else row["value_number"]
        found[row["patient_id"]][row["factor"]] = value
    return found


def settled_one(*rows: Row, **more: Any) -> dict[str, str | float | None]:
    return settled({"person": Told(list(rows), **more)})["person"]


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


def test_origin_of_the_pack() -> None:
    told = {n: Told([primary(c, morphology=m)]) for n, (c, m, _) in ORIGINS.items()}
    told["origin not stated"] = Told([secondary("liver")])
    origins = {name: factors.get("primary") for name, factors in settled(told).items()}
    assert origins == {n: origin for n, (_, _, origin) in ORIGINS.items()} | {
        "origin not stated": None
    }


def test_side_of_the_colon_is_open_for_the_transverse_colon() -> None:
    sides = {"C18.0": "right", "C18.4": None, "C18.5": "left", "C18.7": "left", "C18.9": None}
    found = settled({code: Told([primary("colon", topography=code)]) for code in sides})
    assert {code: factors.get("side") for code, factors in found.items()} == sides


EXTENTS: dict[str, tuple[list[Row], str | None]] = {
    "nothing stated": ([BREAST], None),
    "regional nodes": ([BREAST, secondary("ln_axillary", laterality=None)], "la"),
    "bone": ([BREAST, secondary("bone")], "met"),
    "bone is possible only": ([BREAST, secondary("bone", certainty="possible")], None),
    "no sign of disease since": (
        [BREAST, secondary("bone", date=date(2020, 1, 1)),
         course("no_sign_of_disease", date=date(2024, 1, 1))], None,
    ),
    "two counted lesions": ([BREAST, secondary("liver", count=2)], "oligomet"),
    "five and one": ([BREAST, secondary("liver", count=5), secondary("bone", count=1)], "met"),
    "one counted, one not": ([BREAST, secondary("liver", count=1), secondary("bone")], "met"),
    "fluid is not counted": ([BREAST, secondary("pleural_effusion", count=1)], "met"),
}  # fmt: skip


def test_extent() -> None:
    found = settled({name: Told(rows) for name, (rows, _) in EXTENTS.items()})
    assert {name: factors.get("extent") for name, factors in found.items()} == {
        name: extent for name, (_, extent) in EXTENTS.items()
    }


def test_places_say_which_organs_are_involved() -> None:
    found = settled_one(BREAST, secondary("brain", count=2, size_mm=14), secondary("liver"))
    expected = {
        "brain_mets": "yes", "brain_met_count": 2, "visceral_mets": "yes", "distant_mets": "yes",
        "liver_only_mets": "no", "extraperitoneal_mets": "yes",
    }  # fmt: skip
    assert expected.items() <= found.items()
    assert found["brain_met_max_cm"] == pytest.approx(1.4)
    assert "bone_mets" not in found
    assert "metastasis_count" not in found


def test_a_place_is_free_only_where_the_record_says_so() -> None:
    free = secondary("brain", polarity="negated", date=LAST_WEEK)
    bone = secondary("bone", date=LAST_WEEK)
    suspected = secondary("brain", certainty="possible", date=LAST_WEEK)
    told = {
        "said": Told([LUNG, bone, free]),
        "suspected elsewhere": Told([LUNG, bone, free, suspected]),
        "not said": Told([LUNG, bone]),
        "said of a part": Told([LUNG, bone, free | {"site": "cerebellum"}]),
        "said before the spread": Told([LUNG, bone, free | {"date": date(2020, 1, 1)}]),
        "said without a day": Told([LUNG, bone, free | {"date": None}]),
    }
    found = {name: factors.get("brain_mets") for name, factors in settled(told).items()}
    assert found == dict.fromkeys(told) | {"said": "no"}


RESULTS: dict[str, tuple[list[Row], dict[str, str | float | None]]] = {
    "one receptor is enough": (
        [measured("er", "negative"), measured("pr", "positive")], {"hr": "positive"},
    ),
    "one absent receptor is not": ([measured("er", "negative")], {"hr": None, "er": "negative"}),
    "both absent": ([measured("er", "negative"), measured("pr", "negative")], {"hr": "negative"}),
    "the last result counts": (
        [measured("her2", "negative", date=date(2019, 1, 1)),
         measured("her2", "positive", date=date(2024, 1, 1))], {"her2": "positive"},
    ),
    "two results of a day are unknown": (
        [measured("her2", result, date=LAST_WEEK) for result in ("negative", "positive")],
        {"her2": None},
    ),
    "a wish is no result": ([measured("her2", "positive", certainty="possible")], {"her2": None}),
    "a relative is not the patient": (
        [measured("brca2", "mutated", experiencer="other")], {"brca2": None},
    ),
    "a result after the day does not count": (
        [measured("ecog", 3.0, date=date(2026, 5, 1))], {"ecog": None},
    ),
    "a fresh symptom": ([measured("cord_compression", "yes", date=LAST_WEEK)],
                        {"cord_compression": "suspected"}),
    "an old symptom is forgotten": (
        [measured("cord_compression", "yes", date=date(2024, 1, 1))], {"cord_compression": None},
    ),
    "an undated symptom is no symptom now": (
        [measured("dyspnea", "yes")], {"dyspnea": None},
    ),
    "calcium in its unit": (
        [measured("calcium", 3.9, unit="mmol/L", date=LAST_WEEK)],
        {"calcium_mmol_l": 3.9, "hypercalcemia": "yes"},
    ),
    "calcium without a unit": (
        [measured("calcium", 15.0, date=LAST_WEEK)], {"calcium_mg_dl": None},
    ),
    "a number beyond its range": ([measured("ecog", 7.0)], {"ecog": None}),
    "kras and nras together": (
        [measured("kras", "wild_type"), measured("nras", "wildtype")], {"ras": "wildtype"},
    ),
    "kras alone": ([measured("kras", "wild_type")], {"ras": None}),
}  # fmt: skip


def test_results() -> None:
    rows = [BREAST, secondary("bone")]
    found = settled({name: Told(rows, results) for name, (results, _) in RESULTS.items()})
    for name, (_, expected) in RESULTS.items():
        assert {factor: found[name].get(factor) for factor in expected} == expected, name


def test_tumor_results_belong_to_no_cancer_where_there_are_two() -> None:
    results = [measured("er", "positive"), measured("ecog", 1.0)]
    found = settled_one(BREAST, primary("prostate", morphology="8140"), results=results)
    assert "er" not in found
    assert found["ecog"] == 1


def test_treatments_say_yes_and_never_no() -> None:
    treatments = [
        given("immunotherapy", "pembrolizumab", "ongoing"), given("chemotherapy", "carboplatin"),
        given("radiation"), given("targeted", "olaparib", "refused"),
    ]  # fmt: skip
    found = settled_one(LUNG, secondary("bone"), treatments=treatments)
    said = {name: value for name, value in found.items() if name.startswith(("prior", "on_"))}
    assert said == dict.fromkeys(("prior_ici", "on_ici", "prior_platinum", "prior_rt"), "yes")


def test_line_is_told_only_where_the_record_leaves_no_doubt() -> None:
    rows = [BREAST, secondary("bone", date=date(2024, 1, 1))]
    grown = [*rows, course("worsened", date=date(2025, 3, 1))]
    letrozole = given("hormone", "letrozole", date=date(2024, 2, 1))
    ribociclib = given("targeted", "ribociclib", date=date(2024, 2, 10))
    later = given("chemotherapy", "capecitabine", date=date(2024, 9, 1))
    adjuvant = given("hormone", "tamoxifen", date=date(2010, 1, 1))
    told = {
        "one start, then growth": Told(grown, treatments=[adjuvant, letrozole, ribociclib]),
        "no growth": Told(rows, treatments=[letrozole]),
        "two starts": Told(grown, treatments=[letrozole, later]),
        "growth before the start": Told(
            grown, treatments=[given("hormone", "letrozole", date=date(2025, 4, 1))]
        ),
        "undated": Told(grown, treatments=[letrozole, given("chemotherapy", "capecitabine")]),
        "nothing given": Told(grown),
        "before the spread only": Told(grown, treatments=[adjuvant]),
    }
    found = settled(told)
    assert {name for name, factors in found.items() if "line" in factors} == {
        "one start, then growth"
    }
    expected = {"line": "2", "prior_systemic_lines": 1, "prior_endocrine_progression": "yes",
                "prior_cdk46": "yes"}  # fmt: skip
    assert expected.items() <= found["one start, then growth"].items()


def test_stage_course_age_and_sex() -> None:
    early = stage(stage_group="IIIB", stage_system="ajcc", date=date(2015, 1, 1))
    life = {"birth_date": date(1960, 1, 2), "birth_date_precision": "day", "sex": "female"}
    bone = secondary("bone", date=date(2024, 1, 1))
    found = settled(
        {
            "further": Told([BREAST, early, bone]),
            "not further": Told([BREAST, early, secondary("ln_axillary")]),
            "grows": Told([BREAST, course("worsened", date=LAST_WEEK)]),
            "stable": Told([BREAST, course("stable", date=LAST_WEEK)], life=life),
            "dead": Told([BREAST, bone], life={"is_dead": True}),
        }
    )
    assert "stage" not in found["further"]
    assert found["not further"]["stage"] == "III"
    assert found["grows"]["progressing"] == "yes"
    assert found["stable"]["progressing"] == "no"
    assert "progressing" not in found["further"]
    assert (found["stable"]["age"], found["stable"]["sex"]) == (65, "female")  # 66 tomorrow
    assert found["dead"] == {}, "the dead have no plan"


def test_every_fact_has_a_rule_and_what_is_seen_has_evidence() -> None:
    treatments = [given("targeted", "palbociclib"), surgery("breast")]
    tables = planned(
        {"person": Told([BREAST, secondary("bone", date=LAST_WEEK)],
                        [measured("er", "positive")], treatments)}
    )  # fmt: skip
    rules = {row["rule_id"] for row in tables["factor"].iter_rows(named=True)}
    assert "pack.hormone-receptor-present" in rules
    assert all(row["evidence_ids"] for row in tables["factor"].iter_rows(named=True))
    applied = tables["option"].filter(pl.col("verdict") == "applies", pl.col("why").list.len() > 0)
    assert applied.height > 2
    assert applied["evidence_ids"].list.len().min() > 0
