"""What people read: the plan, the page for the person, the audit."""

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import textstat

import outspread
from outspread.cli import main
from outspread.plan.audit import audit_treatments
from outspread.plan.make import with_texts
from outspread.plan.pack.load import own_pack
from outspread.write.person import person_page, person_texts
from outspread.write.plan import explain_plan
from people import AS_OF, primary, secondary, stage
from plan.told import BREAST, LUNG, Told, everyone, given, measured, planned

EXAMPLES = Path(__file__).parents[2] / "examples"
HARDEST_GRADE = 6.0
LAST_WEEK = date(2025, 12, 28)
BONE = secondary("bone", date=LAST_WEEK)
PEOPLE = {
    "alert": Told([LUNG, BONE], [measured("cord_compression", "yes", date=LAST_WEEK)]),
    "two": Told([BREAST, BONE, primary("prostate", morphology="8140")]),
    "penis": Told([primary("penis", morphology="8070"), secondary("liver")]),
    "untyped": Told([primary("lung"), secondary("liver")]),
    "kidney": Told([primary("kidney", morphology="8310"), secondary("liver")]),
    "plain": Told([BREAST]),
    "brain": Told([BREAST, secondary("brain", count=2, date=LAST_WEEK)], [measured("ecog", 1.0)]),
    "cup": Told([primary("cup"), secondary("liver"), BONE]),
    "second line": Told(
        [primary("kidney", morphology="8310"), secondary("liver", date=LAST_WEEK)],
        [measured("line", "2", date=LAST_WEEK), measured("imdc", "poor", date=LAST_WEEK)],
    ),
    "near": Told(
        [BREAST, BONE],
        [measured("er", "negative"), measured("pr", "negative"), measured("her2", "positive")],
    ),
    "disagree": Told(
        [BREAST, BONE],
        [
            *(
                measured(name, word, date=LAST_WEEK)
                for name in ("her2", "msi")
                for word in {"her2": ("negative", "positive"), "msi": ("msi_h", "mss")}[name]
            ),
            measured("karnofsky", 80.0, date=LAST_WEEK),
            measured("er", "positive"),
        ],
    ),
    "driver": Told(
        [LUNG, BONE],
        [measured("egfr", "l858r"), measured("alk", "negative"), measured("ecog", 3.0)],
    ),
    "no driver": Told(
        [LUNG, BONE],
        [
            *(measured(name, "negative") for name in ("alk", "ros1", "ntrk")),
            *(measured(name, "wildtype") for name in ("egfr", "ret", "met", "braf")),
            measured("her2_mut", "none"),
        ],
    ),
    "half tested": Told([LUNG, BONE], [measured("egfr", "wildtype")]),
    "dead": Told([BREAST, BONE], life={"is_dead": True}),
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return planned(PEOPLE)


@pytest.fixture(scope="module")
def texts(tables: dict[str, pl.DataFrame]) -> dict[str, str]:
    return {name: explain_plan(tables, diseases(), own_pack(), name) for name in PEOPLE}


def diseases() -> pl.DataFrame:
    rows = [
        {"patient_id": name, "disease_id": n, "name": f"cancer {n} of {name}", "extent": "distant"}
        for name in PEOPLE
        for n in range(1 + (name == "two"))
    ]
    return pl.DataFrame(rows)


def test_alerts_come_first_and_say_who_must_see_them(texts: dict[str, str]) -> None:
    text = texts["alert"]
    assert text.index("!! The spinal cord may be pressed") < text.index("What the record settles")
    assert "A clinician must see this now." in " ".join(text.split())
    assert "Because: pressed spinal cord: suspected (2025-12-28) [2]" in text
    assert "[2] m0" in text
    assert "!!" not in texts["plain"]
    assert "Emergencies not ruled out, as nothing is recorded of" in texts["plain"]


def test_each_fact_on_which_sources_disagree_is_named(texts: dict[str, str]) -> None:
    text = " ".join(texts["disagree"].split())
    for label in ("HER2", "microsatellites"):
        assert f"{label}: sources of one day disagree, so it is unknown" in text


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("driver", "- driver gene that a drug acts on: found (EGFR: L858R) ["),
        (
            "no driver",
            "- driver gene that a drug acts on: none found (ALK: negative; BRAF: wildtype; EGFR: "
            "wildtype; HER2 mutation: none; MET: wildtype; NTRK: none; RET: wildtype; ROS1: "
            "negative) [",
        ),
        (
            "half tested",
            "driver gene that a drug acts on: found, none found? follows from, and not recorded: "
            "ALK, ROS1, RET, MET, BRAF, NTRK, HER2 mutation",
        ),
    ],
)
def test_a_class_of_results_names_the_results(texts: dict[str, str], name: str, said: str) -> None:
    assert said in flat(texts[name])


def test_an_option_for_a_class_of_results_names_the_result(texts: dict[str, str]) -> None:
    option = flat(texts["driver"]).split("The targeted drug even in poor performance status")[1]
    assert "because: driver gene that a drug acts on: found (EGFR: L858R) [" in option
    assert option.index("(EGFR: L858R)") < option.index("basis:")


def test_what_follows_rests_on_the_facts_that_meet_it_only(
    tables: dict[str, pl.DataFrame],
) -> None:
    told = {
        row["factor"]: row
        for row in tables["factor"].filter(pl.col("patient_id") == "driver").to_dicts()
    }
    assert told["driver"]["follows_from"] == ["egfr", "primary"]
    assert told["egfr"]["follows_from"] == []
    assert set(told["egfr"]["evidence_ids"]) <= set(told["driver"]["evidence_ids"])
    assert not set(told["alk"]["evidence_ids"]) & set(told["driver"]["evidence_ids"])


def test_no_word_that_is_shown_is_a_bare_id() -> None:
    shown = [factor.say(word) for factor in own_pack().factors.values() for word in factor.values]
    assert "L858R" in shown
    assert [word for word in shown if re.search(r"_|[a-z]\d|\d[a-z]", word)] == []


def test_a_date_is_told_as_exactly_as_its_evidence_tells_it() -> None:
    bone = secondary("bone", date=date(2025, 6, 1))
    known = {"month": "2025-06", "year": "2025", "day": "2025-06-01"}
    made = planned({name: Told([LUNG, bone | {"date_precision": name}]) for name in known})
    for name, day in known.items():
        names = pl.DataFrame([{"patient_id": name, "disease_id": 0, "name": "lung cancer"}])
        assert f"metastases in bone: yes ({day})" in explain_plan(made, names, own_pack(), name)


def test_karnofsky_is_told_once_beside_the_grade_that_it_stands_for(texts: dict[str, str]) -> None:
    text = texts["disagree"]
    assert "ECOG performance status: 1 (2025-12-28) [" in text
    assert "], from Karnofsky 80\n" in text
    assert text.count("Karnofsky") == 1


def test_treatments_that_are_one_fact_away_are_told_with_that_fact(texts: dict[str, str]) -> None:
    text = " ".join(texts["near"].split())
    near = text[text.index("One fact away") : text.index("Questions whose answer")]
    assert "it turns on line of treatment being planned" in near
    assert "One fact away" not in texts["plain"]


def test_symptoms_are_asked_for_in_one_line_without_the_emergencies(texts: dict[str, str]) -> None:
    text = " ".join(texts["kidney"].split())
    line = text[text.index("Symptoms to ask for") :]
    assert "tiredness" in line[:300]
    assert "blocked superior vena cava" not in line[:300]


def test_every_plan_says_what_it_is(texts: dict[str, str]) -> None:
    for text in texts.values():
        head = " ".join(text.split("\n\n")[0].split())
        assert "Support for a professional who can review its basis." in head
        assert "No doses. Not a medical device." in head
        assert f"version {own_pack().version}: no clinician has reviewed this pack yet." in head


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("penis", "The pack holds nothing of its own for this cancer"),
        ("untyped", "The origin, or the type that decides, is not settled"),
        ("kidney", "Of this cancer's own options none applies yet; 6 wait for facts"),
        ("dead", "No plan: the record says that the person has died."),
    ],
)
def test_silence_is_explained(texts: dict[str, str], name: str, said: str) -> None:
    assert said in " ".join(texts[name].split())


def test_options_that_are_no_treatment_are_not_listed_among_treatments(
    texts: dict[str, str],
) -> None:
    text = texts["brain"]
    note = text.index("whole-brain radiation is not added as routine")
    assert text.index("Not routine, and notes") < note < text.index("Questions whose answer")
    assert text.index("radiosurgery only, whole-brain radiation left out") < note


def test_each_option_shows_why_with_its_facts_and_its_basis(texts: dict[str, str]) -> None:
    text = " ".join(texts["alert"].split())
    assert "because: how far the cancer has spread: metastatic [1]" in text
    assert "[1] finding/1#1" in text
    assert "basis: strong recommendation, 2024 [asco-palliative-2024]" in text
    assert "[asco-palliative-2024] ASCO, 2024:" in text


def test_questions_come_by_how_much_they_would_settle(tables: dict[str, pl.DataFrame]) -> None:
    questions = tables["question"].filter(pl.col("patient_id") == "alert")
    assert questions["rank"].to_list() == list(range(1, questions.height + 1))
    assert questions["factor"][0] == "line"
    assert all(questions["opens"].list.len() + questions["closes"].list.len() > 0)


def test_work_up_of_an_unknown_primary_comes_first(tables: dict[str, pl.DataFrame]) -> None:
    asked = tables["question"].filter(pl.col("patient_id") == "cup", pl.col("rank") <= 2)
    assert "presentation" in asked["factor"].to_list()


def test_not_verified_options_are_counted_not_dropped(
    tables: dict[str, pl.DataFrame], texts: dict[str, str]
) -> None:
    options = [option for option in own_pack().options if not option.verified]
    own = {option.name for option in options if option.primary == "kidney_clear_cell"}
    assert own
    mine = with_texts(tables["option"].filter(pl.col("patient_id") == "second line"), tables)
    assert own <= set(mine["option_id"].to_list())
    applied = mine.filter(~pl.col("is_verified"), pl.col("verdict") == "applies")
    assert applied.height
    assert all(name in texts["second line"] for name in applied["option_id"].to_list())


@pytest.fixture(scope="module")
def examples() -> outspread.Story:
    return outspread.diagnose(outspread.read(EXAMPLES), as_of=AS_OF)


def test_page_for_the_person_reads_at_grade_6_and_promises_nothing(
    examples: outspread.Story,
) -> None:
    made = outspread.plan(examples)
    people = examples.disease["patient_id"].unique().to_list()
    assert len(people) == len(list(EXAMPLES.glob("*.json")))
    for name in people:
        page = person_page(made, examples.tables(), patient_id=name)
        assert textstat.flesch_kincaid_grade(page) <= HARDEST_GRADE, name
        low = page.lower()
        assert "a computer program made this page" in low
        assert not [word for word in ("survival", "percent", "%", "months to live") if word in low]
        assert not [
            word for word in ("you should take", "we advise", "best for you") if word in low
        ]


@pytest.mark.parametrize("key", person_texts())
def test_each_text_of_the_page_reads_at_grade_6(key: str) -> None:
    text = person_texts()[key]
    assert textstat.flesch_kincaid_grade(text) <= HARDEST_GRADE


def audit(told: dict[str, Told]) -> dict[str, str]:
    story = outspread.diagnose(everyone(told), as_of=AS_OF)
    rows = audit_treatments(story.tables(), outspread.plan(story), own_pack(), as_of=AS_OF)
    return dict(rows.select("patient_id", "outcome").iter_rows())


def test_audit_holds_what_goes_on_against_the_options() -> None:
    denosumab = [given("supportive", "denosumab", "ongoing")]
    told = {
        "in line": Told([BREAST, BONE], treatments=denosumab),
        "extent is missing": Told([BREAST], treatments=denosumab),
        "localized": Told(
            [BREAST, stage(summary_stage="1")],
            treatments=[given("targeted", "palbociclib", "ongoing")],
        ),
        "a fact is missing": Told(
            [BREAST, BONE], treatments=[given("hormone", "letrozole", "ongoing")]
        ),
        "not named in the pack": Told(
            [BREAST, BONE], treatments=[given("chemotherapy", "busulfan", "ongoing")]
        ),
        "two cancers": Told(
            [BREAST, BONE, primary("prostate", morphology="8140")], treatments=denosumab
        ),
        "ended": Told([BREAST, BONE], treatments=[given("supportive", "denosumab", "done")]),
    }
    assert audit(told) == {
        "in line": "in_line",
        "extent is missing": "cannot_tell",
        "localized": "not_listed",
        "a fact is missing": "cannot_tell",
        "not named in the pack": "cannot_tell",
        "two cancers": "cannot_tell",
    }


def test_plan_does_not_depend_on_how_many_are_planned_at_once(
    monkeypatch: pytest.MonkeyPatch, tables: dict[str, pl.DataFrame]
) -> None:
    monkeypatch.setattr(sys.modules["outspread.plan.make"], "PATIENTS_AT_ONCE", 8)
    again = planned(PEOPLE)
    assert all(frame.equals(again[name]) for name, frame in tables.items())


def test_plans_of_a_folder_as_json_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "demo")
    assert main(["run", str(EXAMPLES), "--out", folder, "--as-of", AS_OF.isoformat()]) == 0
    code, found = run_plan(capsys, folder)
    assert code == 0
    assert len(found) == len(list(EXAMPLES.glob("*.json")))
    assert all(row["factor"] and row["option"] and row["question"] for row in found)
    assert all(option["what"] for option in found[0]["option"])
    code, one = run_plan(capsys, folder, "example-breast")
    assert one == [row for row in found if row["patient_id"] == "example-breast"]
    assert main(["plan", folder, "nobody"]) == 1
    assert "W007" in capsys.readouterr().err
    assert main(["plan", folder, "--audit"]) == 0
    assert "letrozole" in capsys.readouterr().out


def run_plan(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[Any]]:
    code = main(["plan", *arguments, "--format", "jsonl"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_cases_of_facts_are_judged_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        '{"id": "a", "factors": {"primary": "breast", "extent": "met", "line": 1, "her2_ihc": "3+"'
        "}}",
        "",
        '{"id": 7, "factors": {"primary": "brest", "ecog": "1", "age": 400, "x": 1, "line": true}}',
        "not JSON",
        '{"id": "b", "factors": {"cord_compression": "confirmed", "bone_mets": true, "psa": null}}',
    ]
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(lines))
    code, found = run_plan(capsys, "--factors", str(cases))
    keys = ["id", "applies", "needs", "advised_against", "alerts", "says"]
    assert code == 0
    assert [row["id"] for row in found] == ["a", 7, None, "b"]
    assert list(found[0]) == list(found[3]) == keys
    assert "br-her2pos-1l-thp" in found[0]["applies"]
    assert len(found[1]["issues"]) == 5
    assert "brest" not in json.dumps(found), "a value is never repeated"
    assert found[2]["applies"] == []
    assert found[3]["applies"][0] == "mscc-emergency"
    assert found[3]["alerts"] == ["alert_cord_compression"]


@pytest.mark.parametrize(
    "arguments", [[], ["demo", "--factors", "x"], ["--factors", __file__]], ids=str
)
def test_misuse_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", *arguments]) == 2
    assert capsys.readouterr().out == ""
