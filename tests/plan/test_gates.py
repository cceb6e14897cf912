"""What must never be listed, whoever the patient is; over many invented people each."""

from collections.abc import Callable

import pytest

from outspread.plan.pack.load import own_pack
from outspread.plan.pack.model import Option
from plan.invented import random_people
from plan.judged import Facts, listed, listed_all, verdicts

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
NO_ANTI_EGFR: dict[str, Facts] = {
    "RAS mutated": {"ras": "mutated"},
    "KRAS G12C": {"kras": "g12c"},
    "right-sided": {"ras": "wildtype", "side": "right"},
}
HER2: dict[str, Facts] = {"word": {"her2": "positive"}, "stain": {"her2_ihc": "3+"}}
CROWD = 150
Crowd = list[tuple[Facts, list[Option]]]
CDK46 = ("ribociclib", "palbociclib", "abemaciclib")
ANTI_EGFR = ("cetuximab", "panitumumab")


def gives(option: Option, drugs: tuple[str, ...]) -> bool:
    said = " ".join((option.what.lower(), *option.examples))
    return any(drug in said for drug in drugs)


FIXED: dict[str, Facts] = {
    **{
        f"driver {name}": {"primary": "nsclc", "extent": "met", "line": "1", "pdl1_tps": 90.0,
                           "ecog": 0.0, **driver}
        for name, driver in DRIVERS.items()
    },
    "one small brain metastasis": {
        "extent": "met", "primary": "breast", "brain_mets": "yes", "brain_met_count": 1.0,
        "ecog": 1.0, "brain_met_max_cm": 1.5, "prognosis": "favorable",
        "radiosurgery_possible": "yes", "histology": "carcinoma",
    },
    **{
        f"colon {name}": {"primary": "colorectal", "extent": "met", "line": "1",
                          "braf": "wildtype", **fixed}
        for name, fixed in NO_ANTI_EGFR.items()
    },
    "D842V": {"primary": "gist", "extent": "met", "mutation": "pdgfra_exon18_d842v"},
    "ALK, second line": {
        "primary": "nsclc", "extent": "met", "line": "2", "alk": "positive", "tmb": 20.0,
        "msi": "msi_h", "no_satisfactory_alternative": "yes",
    },
    **{
        f"HER2 by {name}": {"primary": "breast", "extent": "met", "hr": "positive", **her2}
        for name, her2 in HER2.items()
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def crowds() -> dict[str, Crowd]:
    """For each set of fixed facts, people who have them and others at random; judged at once."""
    people = [
        {k: v for k, v in person.items() if not (name.startswith("HER2") and k.startswith("her2"))}
        | fixed
        for name, fixed in FIXED.items()
        for person in random_people(PACK, CROWD, factors=70, seed=len(name))
    ]
    told = [
        (person, [OPTIONS[option] for option, verdict in found.items() if verdict == "applies"])
        for person, found in zip(people, verdicts(people), strict=True)
    ]
    return {name: told[n * CROWD : (n + 1) * CROWD] for n, name in enumerate(FIXED)}


def never(shown: Crowd, is_forbidden: Callable[[Option], bool]) -> None:
    """No forbidden option applies, though options do apply."""
    assert any(options for _, options in shown)
    for _, options in shown:
        assert not [
            option.name
            for option in options
            if option.stance == "consider" and is_forbidden(option)
        ]


@pytest.mark.parametrize("driver", DRIVERS)
def test_no_immunotherapy_alone_in_first_line_with_an_actionable_driver(
    driver: str, crowds: dict[str, Crowd]
) -> None:
    shown = crowds[f"driver {driver}"]
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


@pytest.mark.parametrize("her2", HER2)
def test_no_cdk46_inhibitor_in_her2_positive_disease(her2: str, crowds: dict[str, Crowd]) -> None:
    never(crowds[f"HER2 by {her2}"], lambda option: gives(option, CDK46))


@pytest.mark.parametrize("ihc", ["1+", "2+"])
def test_her2_low_counts_as_her2_negative(ihc: str) -> None:
    found = listed(primary="breast", extent="met", line=1, hr="positive", her2_ihc=ihc,
                   her2_ish="negative")  # fmt: skip
    assert "br-hrpos-1l-cdk46-ai" in found["applies"]
    assert "br-her2pos-1l-thp" not in found["applies"] + found["needs"]


def test_no_whole_brain_radiation_for_one_small_metastasis_where_radiosurgery_is_possible(
    crowds: dict[str, Crowd],
) -> None:
    shown = crowds["one small brain metastasis"]
    never(shown, lambda option: option.name == "brain-wbrt-multi")
    assert all("brain-srs-1-4" in [o.name for o in options] for _, options in shown)


@pytest.mark.parametrize("fixed", NO_ANTI_EGFR)
def test_no_antibody_to_egfr_in_first_line_where_it_does_not_work(
    fixed: str, crowds: dict[str, Crowd]
) -> None:
    """The BRAF V600E regimen is the named exception: its antibody goes with a BRAF inhibitor."""
    shown = crowds[f"colon {fixed}"]
    never(shown, lambda option: gives(option, ANTI_EGFR))


def test_no_antibody_to_egfr_while_ras_is_unknown() -> None:
    found = listed(primary="colorectal", extent="met", line=1, msi="mss", side="left",
                   braf="wildtype", ecog=0, resectable="no")  # fmt: skip
    assert not [name for name in found["applies"] if gives(OPTIONS[name], ANTI_EGFR)]
    assert "crc-1l-left-raswt-egfr" in found["needs"]
    assert "anti_egfr_ras" in found["says"]


def test_no_imatinib_with_pdgfra_d842v(crowds: dict[str, Crowd]) -> None:
    shown = crowds["D842V"]
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


SIGNS: list[Facts] = [
    {"cord_compression": "suspected"}, {"svc_obstruction": "yes"}, {"raised_icp": "yes"},
    {"airway_obstruction": "yes"}, {"calcium_mmol_l": 3.6}, {"febrile_neutropenia": "yes"},
    {"bowel_obstruction": "yes"}, {"massive_bleeding": "yes"}, {"tumor_lysis": "yes"},
    {"bowel_perforation": "yes"},
]  # fmt: skip


def test_an_alert_is_first_for_any_cancer() -> None:
    people = {
        f"{primary} {sign}": ({"primary": primary} if primary else {}) | sign
        for primary in ("breast", "hematologic", "other", None)
        for sign in SIGNS
    }
    for name, found in listed_all(people).items():
        assert len(found["alerts"]) == 1, name
        assert OPTIONS[found["applies"][0]].alert == found["alerts"][0], name
        assert "urgent_now" in found["says"], name


def test_calcium_just_below_the_limit_is_no_alert() -> None:
    told = listed_all({"at": {"calcium_mg_dl": 14}, "above": {"calcium_mg_dl": 14.1}})
    assert told["at"]["alerts"] == []
    assert told["above"]["alerts"] == ["alert_hypercalcemia"]


def test_small_cell_cancer_is_outside_the_rule_for_radiosurgery() -> None:
    brain = {"brain_mets": "yes", "brain_met_count": 2, "ecog": 1, "extent": "met", "line": 1}
    found = listed(primary="sclc", **brain)
    assert "brain-srs-1-4" not in found["applies"] + found["needs"] + found["advised_against"]
    assert "srs_rule_excludes_small_cell" in found["says"]
    assert "brain-srs-1-4" in listed(primary="breast", **brain)["applies"]


def test_no_agnostic_immunotherapy_passes_a_driver_of_lung_cancer(
    crowds: dict[str, Crowd],
) -> None:
    shown = crowds["ALK, second line"]
    never(shown, lambda option: option.name in {"ag-msi-pembro", "ag-tmb-pembro"})


def test_pd1_drug_is_left_out_at_cps_0_and_open_between_1_and_4() -> None:
    stomach = {"primary": "gastric", "extent": "met", "line": 1, "her2": "negative",
               "histology": "adenocarcinoma", "autoimmune_active": "no"}  # fmt: skip
    told = listed_all({str(cps): {**stomach, "pdl1_cps": cps} for cps in (0, 1, 4, 5)})
    by_cps = {int(cps): set(found["applies"]) for cps, found in told.items()}
    adding, open_, without = "ge-her2neg-cps5-nivo", "ge-her2neg-cps1to4", "ge-cps0-chemo"
    choice = {adding, open_, without}
    assert [by_cps[cps] & choice for cps in (0, 1, 4, 5)] == [{without}, {open_}, {open_}, {adding}]
