"""The published algorithms against known answers, where they are shared with the project."""

import gzip
import importlib.util
import sys
from itertools import islice
from pathlib import Path

import orjson
import pytest

from outspread.stage import Algorithm
from stage.shared import FILES, SEER
from stage.together import comparable, stage_everywhere

CHECK = Path(__file__).parents[2] / "benchmarks" / "stage_check.py"


def crosscheck(name: str, count: int | None) -> list[dict[str, object]]:
    path = SEER / f"crosscheck-{name}.jsonl.gz"
    if not path.exists():
        pytest.skip("the cross-check cases are not shared with this checkout")
    with gzip.open(path, "rb") as file:
        return [orjson.loads(line) for line in islice(file, count)]


@pytest.mark.parametrize(
    "name",
    [
        name if name in {"eod", "pediatric"} else pytest.param(name, marks=pytest.mark.slow)
        for name in FILES
    ],
)
def test_first_cases_agree_with_the_reference_client_and_the_plain_port(
    name: str, algorithms: dict[str, Algorithm]
) -> None:
    cases = crosscheck(name, 60)
    answers = stage_everywhere(algorithms[name], *(case["input"] for case in cases))
    assert [comparable(answer) for answer in answers] == [comparable(case) for case in cases]


@pytest.mark.slow
def test_everything_that_is_shared_agrees(algorithms: dict[str, Algorithm]) -> None:
    spec = importlib.util.spec_from_file_location("stage_check", CHECK)
    assert spec is not None
    assert spec.loader is not None
    check = sys.modules["stage_check"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    known = check.Algorithms(SEER / "algorithms", 2026)
    files = [path for path in SEER.rglob("*") if path.suffix in {".gz", ".jsonl"}]
    assert {path.name: check.check_file(path, known)[1] for path in files} == dict.fromkeys(
        (path.name for path in files), 0
    )


@pytest.mark.slow
def test_facts_of_the_reference_clients_tests_hold(algorithms: dict[str, Algorithm]) -> None:
    path = SEER / "peer-test-facts.jsonl"
    if not path.exists():
        pytest.skip("the facts are not shared with this checkout")
    names = {"eod_public": "eod"}
    wrong = []
    facts = path.read_bytes().splitlines()
    assert facts
    for line in facts:
        fact = orjson.loads(line)
        algorithm = algorithms[names.get(fact["algorithm"], fact["algorithm"])]
        if fact["call"] == "lookup":
            holds = algorithm.lookup(fact["input"]) == fact["schemas"]
        elif fact["call"] == "findMatchingTableRow":
            holds = algorithm.find_row(fact["table"], fact["context"]) == fact["row"]
        elif fact["call"] == "stage":
            (answer,) = stage_everywhere(algorithm, fact["input"])
            holds = comparable(answer | {"path": fact["path"]}) == comparable(
                {"output": answer["output"]} | fact
            )
        else:
            given = fact.get("context", {fact["key"]: fact.get("value")})
            holds = algorithm.is_valid(fact["schema_id"], fact["key"], given) == fact["valid"]
        if not holds:
            wrong.append(fact["test"])
    assert wrong == []


def test_needed_inputs_leave_out_what_only_excluded_tables_read(
    algorithms: dict[str, Algorithm],
) -> None:
    given = {"site": "C250", "hist": "8500", "year_dx": "2020"}
    missing = algorithms["eod"].missing(given)
    assert missing.schemas == ("pancreas",)
    assert {"eod_primary_tumor", "eod_regional_nodes", "eod_mets"} <= set(missing.inputs)
    assert "reporting_source" not in missing.inputs


def test_missing_discriminator_is_named(algorithms: dict[str, Algorithm]) -> None:
    missing = algorithms["eod"].missing({"site": "C110", "hist": "8070"})
    assert set(missing.schemas) >= {"nasopharynx", "nasopharynx_v9_2025"}
    assert missing.discriminators == ("discriminator_1", "year_dx")


def test_explanation_names_the_row_that_set_an_output(algorithms: dict[str, Algorithm]) -> None:
    given = {"site": "C250", "hist": "8500", "year_dx": "2020", "eod_primary_tumor": "100",
             "eod_regional_nodes": "000", "eod_mets": "10"}  # fmt: skip
    told = {item.output: item for item in algorithms["eod"].explain(given)}
    stage = told["ss2018_derived"]
    assert (stage.value, stage.table, stage.title) == ("7", "summary_stage_rpa", "Summary Stage")
    assert "D" in dict(stage.cells)["M"].split(",")


def test_glossary_finds_whole_words(algorithms: dict[str, Algorithm]) -> None:
    found = algorithms["eod"].glossary("Nodes of LEVEL V LYMPH NODES, not sublevel V.")
    assert [term.term for term in found] == ["Level V lymph nodes"]
    assert found[0].definition.startswith("The two groups")


def test_inputs_are_listed_and_validated(algorithms: dict[str, Algorithm]) -> None:
    eod = algorithms["eod"]
    assert "eod_mets" in eod.inputs("pancreas")["key"]
    assert eod.is_valid("pancreas", "eod_mets", {"eod_mets": "10"})
    assert not eod.is_valid("pancreas", "eod_mets", {"eod_mets": "77"})
    assert not eod.is_valid("nowhere", "eod_mets", {"eod_mets": "10"})
    assert eod.schemas().height == 141
