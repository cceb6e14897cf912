"""What must never be listed, whoever the patient is; over many invented people each."""

from collections.abc import Callable

import pytest

from outspread.plan.pack.load import own_pack
from outspread.plan.pack.model import Option
from plan.invented import random_people
from plan.judged import Facts, listed, verdicts

PACK = own_pack()
OPTIONS = {option.name: option for option in PACK.options}
DRIVERS: dict[str, Facts] = {
    "EGFR exon 19": {"egfr": "ex19del"},
    "EGFR told loosely": {"egfr": "mutated"},
    "ALK": {"alk": "positive"},
    "ROS1": {"ros1": "positive"},
    "RET": {"ret": "fusion"},
    "MET exon 14": {"met": "ex14skip"},
    "BRAF V600E": {"braf": "v600e"},
    "NTRK": {"ntrk": "fusion"},
    "HER2 mutation": {"her2_mut": "activating"},
}
CDK46 = ("ribociclib", "palbociclib", "abemaciclib")
ANTI_EGFR = ("cetuximab", "panitumumab")


def gives(option: Option, drugs: tuple[str, ...]) -> bool:
    said = " ".join((option.what.lower(), *option.examples))
    return any(drug in said for drug in drugs)


def applying(count: int = 300, **fixed: str | float) -> list[tuple[Facts, list[Option]]]:
    """People with these facts and others at random, and the treatments that apply."""
    people = [
        {**person, **fixed} for person in random_people(PACK, count, factors=70, seed=len(fixed))
    ]
    return [
        (person, [OPTIONS[name] for name, verdict in found.items() if verdict == "applies"])
        for person, found in zip(people, verdicts(people), strict=True)
    ]


def never(shown: list[tuple[Facts, list[Option]]], is_forbidden: Callable[[Option], bool]) -> None:
    """No forbidden option applies, though options do apply."""
    assert any(options for _, options in shown)
    for _, options in shown:
        assert not [
            option.name
            for option in options
            if option.stance == "consider" and is_forbidden(option)
        ]


@pytest.mark.parametrize("driver", DRIVERS.values(), ids=DRIVERS)
def test_no_immunotherapy_alone_in_first_line_with_an_actionable_driver(driver: Facts) -> None:
    shown = applying(primary="nsclc", extent="met", line="1", pdl1_tps=90.0, ecog=0.0, **driver)
    never(shown, lambda option: option.modality == ("immunotherapy",))
    assert all("nsclc-driver-testing" in [o.name for o in options] for _, options in shown)


def test_a_stated_absence_of_drivers_does_not_stand_against_a_driver_that_is_found() -> None:
    found = listed(primary="nsclc", extent="met", line=1, driver="none", alk="positive",
                   pdl1_tps=90, ecog=0)  # fmt: skip
    assert "nsclc-nodriver-pdl1-high-mono" not in found["applies"] + found["needs"]
    assert "high_pdl1_with_driver" in found["says"]


def test_immunotherapy_alone_waits_for_the_drivers_to_be_tested() -> None:
    found = listed(primary="nsclc", extent="met", line=1, pdl1_tps=90, ecog=0)
    assert "nsclc-nodriver-pdl1-high-mono" in found["needs"]


@pytest.mark.parametrize("her2", [{"her2": "positive"}, {"her2_ihc": "3+"}], ids=["her2", "ihc"])
def test_no_cdk46_inhibitor_in_her2_positive_disease(her2: Facts) -> None:
    people = [{k: v for k, v in person.items() if not k.startswith("her2")} | her2
              for person in random_people(PACK, 300, factors=70, seed=2)]  # fmt: skip
    breast: Facts = {"primary": "breast", "extent": "met", "hr": "positive"}
    for found in verdicts([{**person, **breast} for person in people]):
        assert not [n for n, v in found.items() if v == "applies" and gives(OPTIONS[n], CDK46)]


@pytest.mark.parametrize("ihc", ["1+", "2+"])
def test_her2_low_counts_as_her2_negative(ihc: str) -> None:
    found = listed(primary="breast", extent="met", line=1, hr="positive", her2_ihc=ihc,
                   her2_ish="negative")  # fmt: skip
    assert "br-hrpos-1l-cdk46-ai" in found["applies"]
    assert "br-her2pos-1l-thp" not in found["applies"] + found["needs"]


def test_no_whole_brain_radiation_for_one_small_metastasis_where_radiosurgery_is_possible() -> None:
    shown = applying(
        extent="met", primary="breast", brain_mets="yes", brain_met_count=1.0, ecog=1.0,
        brain_met_max_cm=1.5, prognosis="favorable", radiosurgery_possible="yes",
        histology="carcinoma",
    )  # fmt: skip
    never(shown, lambda option: option.name == "brain-wbrt-multi")
    assert all("brain-srs-1-4" in [o.name for o in options] for _, options in shown)


@pytest.mark.parametrize(
    "fixed",
    [{"ras": "mutated"}, {"kras": "g12c"}, {"ras": "wildtype", "side": "right"}],
    ids=["RAS mutated", "KRAS G12C", "right-sided"],
)
def test_no_antibody_to_egfr_in_first_line_where_it_does_not_work(fixed: Facts) -> None:
    """The BRAF V600E regimen is the named exception: its antibody goes with a BRAF inhibitor."""
    shown = applying(primary="colorectal", extent="met", line="1", braf="wildtype", **fixed)
    never(shown, lambda option: gives(option, ANTI_EGFR))


def test_no_antibody_to_egfr_while_ras_is_unknown() -> None:
    found = listed(primary="colorectal", extent="met", line=1, msi="mss", side="left",
                   braf="wildtype", ecog=0, resectable="no")  # fmt: skip
    assert not [name for name in found["applies"] if gives(OPTIONS[name], ANTI_EGFR)]
    assert "crc-1l-left-raswt-egfr" in found["needs"]
    assert "anti_egfr_ras" in found["says"]


def test_no_imatinib_with_pdgfra_d842v() -> None:
    shown = applying(primary="gist", extent="met", mutation="pdgfra_exon18_d842v")
    never(shown, lambda option: "imatinib" in option.examples or option.name == "gist-imatinib")
    found = listed(primary="gist", extent="met", line=1, mutation="pdgfra_exon18_d842v")
    assert "gist-pdgfra-avapritinib" in found["applies"]
    assert "imatinib_d842v" in found["says"]


@pytest.mark.parametrize("risk", ["good", "intermediate", "poor"])
def test_the_aim_in_a_metastatic_germ_cell_tumor_is_cure(risk: str) -> None:
    found = listed(primary="testis_germ_cell", extent="met", line=1, igcccg=risk)
    own = [n for n in found["applies"] if OPTIONS[n].primary == "testis_germ_cell"]
    assert len(own) >= 2
    assert {OPTIONS[name].aim for name in own} == {"curative"}
    assert "aim_cure_gct" in found["says"]


@pytest.mark.parametrize(
    "sign",
    [
        {"cord_compression": "suspected"}, {"svc_obstruction": "yes"}, {"raised_icp": "yes"},
        {"airway_obstruction": "yes"}, {"calcium_mmol_l": 3.6}, {"febrile_neutropenia": "yes"},
        {"bowel_obstruction": "yes"}, {"massive_bleeding": "yes"}, {"tumor_lysis": "yes"},
        {"bowel_perforation": "yes"},
    ],
    ids=lambda sign: next(iter(sign)),
)  # fmt: skip
@pytest.mark.parametrize("primary", ["breast", "hematologic", "other", None])
def test_an_alert_is_first_for_any_cancer(sign: Facts, primary: str | None) -> None:
    known = {"primary": primary} if primary else {}
    found = listed(**known, **sign)
    assert len(found["alerts"]) == 1
    assert OPTIONS[found["applies"][0]].alert == found["alerts"][0]
    assert "urgent_now" in found["says"]


def test_calcium_just_below_the_limit_is_no_alert() -> None:
    assert listed(calcium_mg_dl=14)["alerts"] == []
    assert listed(calcium_mg_dl=14.1)["alerts"] == ["alert_hypercalcemia"]


def test_small_cell_cancer_is_outside_the_rule_for_radiosurgery() -> None:
    brain = {"brain_mets": "yes", "brain_met_count": 2, "ecog": 1, "extent": "met", "line": 1}
    found = listed(primary="sclc", **brain)
    assert "brain-srs-1-4" not in found["applies"] + found["needs"] + found["advised_against"]
    assert "srs_rule_excludes_small_cell" in found["says"]
    assert "brain-srs-1-4" in listed(primary="breast", **brain)["applies"]


def test_no_agnostic_immunotherapy_passes_a_driver_of_lung_cancer() -> None:
    shown = applying(primary="nsclc", extent="met", line="2", alk="positive", tmb=20.0,
                     msi="msi_h", no_satisfactory_alternative="yes")  # fmt: skip
    never(shown, lambda option: option.name in {"ag-msi-pembro", "ag-tmb-pembro"})


def test_pd1_drug_is_left_out_at_cps_0_and_open_between_1_and_4() -> None:
    stomach = {"primary": "gastric", "extent": "met", "line": 1, "her2": "negative",
               "histology": "adenocarcinoma", "autoimmune_active": "no"}  # fmt: skip
    by_cps = {cps: set(listed(**stomach, pdl1_cps=cps)["applies"]) for cps in (0, 1, 4, 5)}
    adding, open_, without = "ge-her2neg-cps5-nivo", "ge-her2neg-cps1to4", "ge-cps0-chemo"
    choice = {adding, open_, without}
    assert [by_cps[cps] & choice for cps in (0, 1, 4, 5)] == [{without}, {open_}, {open_}, {adding}]
