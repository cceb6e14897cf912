"""What follows from treatments and growth over time: lines, castration, volume, removal."""

from datetime import date

import pytest

from people import Row, course, primary, secondary, surgery
from plan.told import BREAST, LAST_WEEK, LUNG, Expected, Facts, case, given, measured, settled

SPREAD = date(2024, 1, 1)
BONE = secondary("bone", date=SPREAD)
GROWN = course("worsened", date=date(2025, 3, 1))
GROWN_BEFORE = course("worsened", date=date(2024, 8, 1))
LETROZOLE = given("hormone", "letrozole", date=date(2024, 2, 1))
RIBOCICLIB = given("targeted", "ribociclib", date=date(2024, 2, 10))
LATER = given("chemotherapy", "capecitabine", date=date(2024, 9, 1))
ADJUVANT = given("hormone", "tamoxifen", date=date(2010, 1, 1))
TAMOXIFEN = given("hormone", "tamoxifen", date=date(2020, 1, 1), end_date=date(2024, 3, 1))
SECOND = {"line": "2", "prior_systemic_lines": 1, "prior_endocrine_progression": "yes",
          "prior_cdk46": "yes", "prior_chemo_lines_met": 0}  # fmt: skip


def breast(*rows: Row, drugs: list[Row], expect: Facts) -> Expected:
    return case(BREAST, BONE, *rows, treatments=drugs, expect=expect)


PROSTATE = primary("prostate", morphology="8140", date=date(2023, 1, 1))
ADT = given("hormone", "leuprolide", "ongoing", date=date(2024, 2, 1))
REMOVED = given("surgery", "bilateral orchiectomy", date=date(2024, 2, 1))
STABLE = course("stable", date=date(2025, 3, 1))
LOW = measured("testosterone", 20.0, unit="ng/dL", date=date(2025, 2, 1))
NORMAL = measured("testosterone", 400.0, unit="ng/dL", date=date(2025, 12, 1))


def man(*rows: Row, drugs: list[Row], levels: list[Row], state: str | None) -> Expected:
    return case(
        PROSTATE, BONE, *rows, treatments=drugs, results=levels, expect={"castration": state}
    )


FREE_LIVER = secondary("liver", polarity="negated", date=LAST_WEEK)
FREE_LUNG = secondary("lung", polarity="negated", date=LAST_WEEK)


def bones(*rows: Row, volume: str | None) -> Expected:
    return case(PROSTATE, *rows, expect={"volume": volume})


def bone(site: str, count: int | None = None, **facts: object) -> Row:
    return secondary(site, count=count, date=SPREAD, **facts)


OVARY = primary("ovary", morphology="8461", date=date(2023, 1, 1))


def platinum(end: date | None, relapse: date, expect: float | None) -> Expected:
    carboplatin = given("chemotherapy", "carboplatin", date=date(2023, 2, 1), end_date=end)
    resistant = expect if expect is None else {True: "yes", False: "no"}[expect < 6]
    return case(
        OVARY, course("recurrence", date=relapse), treatments=[carboplatin],
        expect={"platinum_free_months": expect, "platinum_resistant": resistant},
    )  # fmt: skip


def on_plan(agent: str, **facts: object) -> Row:
    plain = {"temporality": "planned", "date": LAST_WEEK}
    return given("supportive", agent, "planned", **(plain | facts))


CASES: dict[str, Expected] = {
    "one start, then growth": breast(GROWN, drugs=[ADJUVANT, LETROZOLE, RIBOCICLIB], expect=SECOND),
    "no growth": breast(drugs=[LETROZOLE], expect={"line": None}),
    "two starts without growth between": breast(
        GROWN, drugs=[LETROZOLE, LATER], expect={"line": None}),
    "two starts, growth after each": breast(
        GROWN_BEFORE, GROWN, drugs=[LETROZOLE, LATER],
        expect={"line": "3", "prior_systemic_lines": 2, "prior_chemo_lines_met": 1,
                "prior_her2_lines": 0}),
    "two starts, growth after the first only": breast(
        GROWN_BEFORE, drugs=[LETROZOLE, LATER], expect={"line": None}),
    "growth before the start": breast(
        GROWN, drugs=[given("hormone", "letrozole", date=date(2025, 4, 1))], expect={"line": None}),
    "undated": breast(
        GROWN, drugs=[LETROZOLE, given("chemotherapy", "capecitabine")], expect={"line": None}),
    "nothing given, which does not show that nothing was": breast(
        GROWN, drugs=[], expect={"line": None, "prior_cdk46": None, "prior_systemic_lines": None}),
    "before the spread only": breast(GROWN, drugs=[ADJUVANT], expect={"line": None}),
    "lines of two cancers": case(
        BREAST, BONE, GROWN, PROSTATE, treatments=[LETROZOLE], expect={"line": None}),
    "spread during tamoxifen": breast(
        drugs=[TAMOXIFEN], expect={"endocrine_resistant": "yes"}),
    "spread after tamoxifen": breast(
        drugs=[TAMOXIFEN | {"end_date": date(2022, 1, 1)}], expect={"endocrine_resistant": None}),
    "tamoxifen without its end": breast(drugs=[ADJUVANT], expect={"endocrine_resistant": None}),
    "growth while castrate": man(GROWN, drugs=[ADT], levels=[LOW], state="resistant"),
    "growth, testosterone not known": man(GROWN, drugs=[ADT], levels=[], state=None),
    "growth, testosterone in no unit": man(
        GROWN, drugs=[ADT], levels=[LOW | {"unit": None}], state=None),
    "growth, testosterone of another year": man(
        GROWN, drugs=[ADT], levels=[LOW | {"date": date(2024, 3, 1)}], state=None),
    "growth, testosterone not castrate": man(GROWN, drugs=[ADT], levels=[LOW, NORMAL], state=None),
    "growth after castration ended": man(
        GROWN, drugs=[ADT | {"treatment_status": "done"}], levels=[LOW], state=None),
    "growth before castration": man(
        GROWN, drugs=[ADT | {"date": date(2025, 4, 1)}], levels=[LOW], state=None),
    "growth after both testes were removed": man(
        GROWN, drugs=[REMOVED], levels=[], state="resistant"),
    "testosterone in nmol/L": man(
        GROWN, drugs=[ADT], levels=[LOW | {"value_number": 1.2, "unit": "nmol/L"}],
        state="resistant"),
    "held by castration": man(STABLE, drugs=[ADT], levels=[], state="sensitive"),
    "held, but another drug was added later": man(
        STABLE, drugs=[ADT, given("chemotherapy", "docetaxel", date=date(2024, 9, 1))], levels=[],
        state=None),
    "held, but it grew before": man(GROWN_BEFORE, STABLE, drugs=[ADT], levels=[], state=None),
    "never castrate": man(drugs=[], levels=[NORMAL], state="sensitive"),
    "nothing recorded of castration": man(drugs=[], levels=[], state=None),
    "an old level": man(drugs=[], levels=[NORMAL | {"date": date(2024, 5, 1)}], state=None),
    "castration of another cancer": case(
        BREAST, BONE, GROWN, treatments=[ADT], results=[LOW], expect={"castration": None}),
    "four bones, a rib among them": bones(bone("spine", 3), bone("rib", 1), volume="high"),
    "four places, none counted": bones(
        bone("spine"), bone("rib", laterality="left"), bone("rib", laterality="right"),
        bone("skull"), volume="high"),
    "three places": bones(bone("spine"), bone("rib"), bone("skull"), volume=None),
    "many bones of spine and pelvis": bones(
        bone("spine", 9), bone("pelvic_bone", 3), volume=None),
    "bones not further stated": bones(bone("bone", 9), volume=None),
    "a bone and a part of it": bones(bone("spine", 3), bone("lumbar_spine"), bone("rib"),
                                     volume=None),
    "a rib is possible": bones(
        bone("spine", 5), bone("rib", 1, certainty="possible"), volume=None),
    "an organ": bones(bone("liver"), volume="high"),
    "few bones, liver and lungs free": bones(
        bone("spine", 2), FREE_LIVER, FREE_LUNG, volume="low"),
    "few bones, liver and lungs free, and growth since": bones(
        bone("spine", 2), FREE_LIVER, FREE_LUNG, course("worsened", date=date(2025, 12, 30)),
        volume=None),
    "few bones, the lungs not told": bones(bone("spine", 2), FREE_LIVER, volume=None),
    "bones not counted, liver and lungs free": bones(
        bone("spine"), FREE_LIVER, FREE_LUNG, volume=None),
    "bones of breast cancer": case(
        BREAST, bone("spine", 3), bone("rib", 1), expect={"volume": None}),
    "late relapse after platinum": platinum(date(2023, 8, 1), date(2024, 8, 1), 12.0),
    "early relapse after platinum": platinum(date(2023, 8, 1), date(2023, 11, 1), 3.0),
    "relapse close to the limit": platinum(date(2023, 8, 1), date(2024, 2, 10), None),
    "end of platinum not known": platinum(None, date(2024, 8, 1), None),
    "drugs say yes and never no": case(
        LUNG, BONE,
        treatments=[
            given("immunotherapy", "pembrolizumab", "ongoing"),
            given("chemotherapy", "carboplatin"), given("radiation", site="lumbar_spine"),
            given("targeted", "olaparib", "refused"), given("chemotherapy", "chemoradiation"),
        ],
        expect={"prior_ici": "yes", "on_ici": "yes", "prior_platinum": "yes", "prior_rt": "yes",
                "prior_bone_rt": "yes", "prior_crt": "yes", "prior_parp": None,
                "prior_egfr_tki": None}),
    "immunotherapy that ended": case(
        LUNG, BONE, treatments=[given("immunotherapy", "nivolumab")],
        expect={"prior_ici": "yes", "on_ici": None}),
    "radiation of the breast": case(
        BREAST, BONE, treatments=[given("radiation", site="breast")],
        expect={"prior_rt": "yes", "prior_bone_rt": None}),
    "all three parts": case(
        primary("colon", morphology="8140"), BONE,
        treatments=[given("chemotherapy", "folfox"), given("chemotherapy", "irinotecan")],
        expect={"prior_fp_ox_iri": "yes", "prior_platinum": "yes"}),
    "two of three parts": case(
        primary("colon", morphology="8140"), BONE, treatments=[given("chemotherapy", "folfox")],
        expect={"prior_fp_ox_iri": None}),
    "what is planned": case(
        LUNG, BONE, treatments=[on_plan("denosumab"), on_plan("cisplatin")],
        expect={"bone_drug_planned": "yes", "emetic_risk": "high", "prior_platinum": None}),
    "what was planned years ago": case(
        LUNG, BONE, treatments=[on_plan("denosumab", date=SPREAD)],
        expect={"bone_drug_planned": None}),
    "a plan without a day": case(
        LUNG, BONE, treatments=[on_plan("denosumab", date=None)],
        expect={"bone_drug_planned": None}),
    "what was planned and given": case(
        LUNG, BONE, treatments=[given("chemotherapy", "cisplatin")],
        expect={"emetic_risk": None, "prior_platinum": "yes"}),
    "primary removed": case(
        BREAST | {"date": date(2023, 1, 1)}, BONE,
        treatments=[surgery("breast", date=date(2023, 2, 1))],
        expect={"intact_primary": "no", "resected": "no"}),
    "removal not recorded": case(BREAST, BONE, expect={"intact_primary": None, "resected": "no"}),
    "all removed, no sign of disease": case(
        BREAST | {"date": date(2023, 1, 1)}, course("no_sign_of_disease", date=LAST_WEEK),
        treatments=[surgery("breast", date=date(2023, 2, 1))], expect={"resected": "yes"}),
    "removed, nothing said since": case(
        BREAST | {"date": date(2023, 1, 1)},
        treatments=[surgery("breast", date=date(2023, 2, 1))], expect={"resected": None}),
}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, Facts]:
    return settled({name: told for name, (told, _) in CASES.items()})


@pytest.mark.parametrize("name", CASES)
def test_what_follows_over_time(name: str, found: dict[str, Facts]) -> None:
    expect = CASES[name][1]
    assert {factor: found[name].get(factor) for factor in expect} == expect
