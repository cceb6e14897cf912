"""Every trap of the rules, on small algorithms: columns, one case and plain port must agree."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from stage.small import GIVEN, make, path, schema, table
from stage.together import stage_everywhere

OUT = [{"key": "out", "default": "default"}]
X = [{"key": "x"}]


def stage(folder: Path, rows: list[list[str]], *values: str | None) -> list[dict[str, Any]]:
    """Stage cases with one table of `x` that sets `out`; None leaves `x` out."""
    own = schema(inputs=X, outputs=OUT, stages=[{"id": "m", "tables": [path("t")]}])
    algorithm = make(folder, [own], [table("t", "x", "out", rows)])
    cases = [GIVEN if value is None else GIVEN | {"x": value} for value in values]
    return stage_everywhere(algorithm, *cases)


def outs(answers: list[dict[str, Any]]) -> list[str | None]:
    return [answer["output"].get("out") for answer in answers]


MATCHES = [
    ("first row wins", [["1-9", "VALUE:a"], ["5", "VALUE:b"], ["*", "VALUE:c"]], "5", "a"),
    ("number ranges ignore length", [["0-39", "VALUE:a"]], "005", "a"),
    ("single values do not", [["010", "VALUE:a"]], "10", "default"),
    ("1 is not 1.0", [["1.0", "VALUE:a"]], "1", "default"),
    ("a point needs a point in the range", [["000-120", "VALUE:a"]], "10.5", "default"),
    ("a whole number fits a range with points", [["0.1-99999.9", "VALUE:a"]], "1000", "a"),
    ("decimals are compared as numbers", [["1.0-999.999", "VALUE:a"]], "1.9", "a"),
    ("beyond the upper bound", [["1.0-999.999", "VALUE:a"]], "999.9991", "default"),
    ("numbers of no known text", [["1-100", "VALUE:a"], ["200-300", "VALUE:b"]], "0250", "b"),
    ("text that looks like a number", [["0-9", "VALUE:a"]], "5.", "default"),
    ("exponents are no numbers", [["0-9999", "VALUE:a"]], "1e3", "default"),
    ("negative numbers", [["-5-9", "VALUE:b"], ["-5", "VALUE:a"]], "-5", "a"),
    ("text ranges need one length", [["C000-C009", "VALUE:a"]], "C00", "default"),
    ("unknown text within a range", [["C000-C009", "VALUE:a"]], "C00A", "default"),
    ("unknown text between bounds", [["C000-C00Z", "VALUE:a"]], "C00A", "a"),
    ("number and text as bounds", [["2000-XXXX", "VALUE:a"]], "2004", "a"),
    ("dash within a code", [["N0(i-)", "VALUE:a"]], "N0(i-)", "a"),
    ("dash at the end of a code", [["0I-,p0I-,c0M-", "VALUE:a"]], "p0I-", "a"),
    ("a blank cell is no wildcard", [["", "VALUE:a"], ["*", "VALUE:b"]], "1", "b"),
    ("a blank piece is blank", [[",1,2", "VALUE:a"], ["*", "VALUE:b"]], "", "a"),
    ("blank piece at the end", [["1,", "VALUE:a"], ["*", "VALUE:b"]], "", "a"),
    ("blanks around pieces", [["01 , 05 - 07", "VALUE:a"]], "06", "a"),
    ("values are trimmed", [["06", "VALUE:a"]], " 06\t", "a"),
    ("only blanks are blank", [["", "VALUE:a"]], "   ", "a"),
    ("other white space is not trimmed", [["06", "VALUE:a"]], "\u00a006", "default"),
    ("letters that are not ASCII", [["äö", "VALUE:a"]], "äö", "a"),
    ("order is that of UTF-16", [["\ud7ff-\uffff", "VALUE:a"]], "\ue000", "a"),
    ("length is that of UTF-16", [["AA-\uffff\uffff", "VALUE:a"]], "\U0001f600", "a"),
    ("digits that are not ASCII are text", [["0-9", "VALUE:a"]], "\u0665", "default"),
    ("an absent key is blank", [["", "VALUE:a"]], None, "a"),
    ("braces that are no reference", [["{b}", "VALUE:{b"]], "{b}", "{b"),
]


@pytest.mark.parametrize(
    ("rows", "value", "expected"), [case[1:] for case in MATCHES], ids=[case[0] for case in MATCHES]
)
def test_cell(tmp_path: Path, rows: list[list[str]], value: str | None, expected: str) -> None:
    assert outs(stage(tmp_path, rows, value)) == [expected]


def test_no_match_is_an_error_and_leaves_the_default(tmp_path: Path) -> None:
    (answer,) = stage(tmp_path, [["1", "VALUE:a"]], "2")
    assert answer["result"] == "STAGED"
    assert answer["errors"] == [
        {
            "type": "MATCH_NOT_FOUND",
            "table": "t",
            "columns": ["out"],
            "message": "Match not found in table 't' (2)",
        }
    ]


def test_error_endpoint_sets_nothing_and_names_its_values(tmp_path: Path) -> None:
    usual, own = stage(tmp_path, [["", "ERROR:"], ["2", "ERROR:Say why"]], "", "2")
    assert outs([usual, own]) == ["default", "default"]
    assert usual["errors"][0]["message"].endswith("in table 't' for column 'out' (<blank>)")
    assert own["errors"][0]["message"] == "Say why"


def test_value_without_value_removes_the_key_and_blank_sets_it(tmp_path: Path) -> None:
    removed, blank = stage(tmp_path, [["1", "VALUE"], ["2", "VALUE:"]], "1", "2")
    assert "out" not in removed["output"]
    assert blank["output"]["out"] == ""


def test_table_without_endpoint_matches_and_one_without_inputs_takes_its_first_row(
    tmp_path: Path,
) -> None:
    own = schema(outputs=OUT, stages=[{"id": "m", "tables": [path("a"), path("b"), path("c")]}])
    tables = [
        table("a", "hist", "", [["8000"]]),
        table("b", "", "out", [["VALUE:first"], ["VALUE:second"]]),
        table("c", "hist", "out", []),
    ]
    (answer,) = stage_everywhere(make(tmp_path, [own], tables), GIVEN)
    assert outs([answer]) == ["first"]
    assert [error["table"] for error in answer["errors"]] == ["c"]


def test_input_and_endpoint_of_one_key(tmp_path: Path) -> None:
    own = schema(inputs=X, outputs=[{"key": "x"}], stages=[{"id": "m", "tables": [path("t")]}])
    algorithm = make(tmp_path, [own], [table("t", "x", "x", [["1", "VALUE:2"], ["2", "VALUE:3"]])])
    answers = stage_everywhere(algorithm, GIVEN | {"x": "1"}, GIVEN | {"x": "2"})
    # Outputs are put into place before the tables: the input of that name is gone by then.
    assert [answer["output"]["x"] for answer in answers] == ["", ""]


def test_later_columns_see_what_earlier_ones_have_set(tmp_path: Path) -> None:
    own = schema(
        inputs=X, outputs=[*OUT, {"key": "a"}], stages=[{"id": "m", "tables": [path("t")]}]
    )
    rows = [["1", "VALUE:{{x}}", "VALUE:{{a}}"], ["2", "VALUE:z", "VALUE:{{nothing}}"]]
    algorithm = make(tmp_path, [own], [table("t", "x", "a out", rows)])
    answers = stage_everywhere(algorithm, GIVEN | {"x": "1"}, GIVEN | {"x": "2"})
    assert outs(answers) == ["1", ""]


def test_range_may_refer_to_another_key(tmp_path: Path) -> None:
    own = schema(
        inputs=[*X, {"key": "y"}], outputs=OUT, stages=[{"id": "m", "tables": [path("t")]}]
    )
    algorithm = make(tmp_path, [own], [table("t", "x", "out", [["10-{{y}}", "VALUE:a"]])])
    cases = [GIVEN | {"x": x, "y": y} for x, y in [("15", "20"), ("15", "12"), ("15", "abc")]]
    assert outs(stage_everywhere(algorithm, *cases)) == ["a", "default", "default"]


def test_default_is_set_where_absent_and_never_where_blank(tmp_path: Path) -> None:
    item = {"key": "x", "default": "9", "table": "valid"}
    own = schema(inputs=[item], outputs=OUT, stages=[{"id": "m", "tables": [path("t")]}])
    tables = [table("t", "x", "out", [["9", "VALUE:a"]]), table("valid", "x", "", [["1"]])]
    answers = stage_everywhere(
        make(tmp_path, [own], tables), GIVEN, GIVEN | {"x": ""}, GIVEN | {"x": None}
    )
    assert outs(answers) == ["a", "default", "a"]
    assert [len(answer["errors"]) for answer in answers] == [0, 1, 0]


@pytest.mark.parametrize("mode", ["CONTINUE", "FAIL", "FAIL_WHEN_USED_FOR_STAGING", None])
@pytest.mark.parametrize("is_used", [True, False], ids=["used", "not used"])
def test_invalid_input_stops_where_the_schema_says_so(
    tmp_path: Path, mode: str | None, *, is_used: bool
) -> None:
    item = {"key": "x", "table": "valid", "used_for_staging": is_used}
    more = {} if mode is None else {"on_invalid_input": mode}
    own = schema(inputs=[item], outputs=OUT, **more)
    algorithm = make(tmp_path, [own], [table("valid", "x", "", [["1"]])])
    bad, good = stage_everywhere(algorithm, GIVEN | {"x": "7"}, GIVEN | {"x": "1"})
    stops = mode == "FAIL" or (mode == "FAIL_WHEN_USED_FOR_STAGING" and is_used)
    assert bad["result"] == ("FAILED_INVALID_INPUT" if stops else "STAGED")
    assert bad["errors"][0]["type"] == f"INVALID_{'' if is_used else 'NON_'}REQUIRED_INPUT"
    assert (good["result"], good["errors"]) == ("STAGED", [])


def test_selection_sees_values_as_they_are_and_staging_sees_them_trimmed(tmp_path: Path) -> None:
    answers = stage_everywhere(
        make(tmp_path, [schema()]), GIVEN | {"site": " C509"}, GIVEN | {"year_dx": " 2020 "}
    )
    assert [answer["result"] for answer in answers] == ["FAILED_NO_MATCHING_SCHEMA", "STAGED"]


def test_absent_discriminator_may_be_anything_and_blank_is_blank(tmp_path: Path) -> None:
    schemas = [
        schema(name=name, select=name, inputs=[{"key": "d"}], schema_discriminators=["d"])
        for name in ("one", "two")
    ]
    tables = [
        table("one", "site hist d", "result", [["C509", "8000", "1", "MATCH"]]),
        table("two", "site hist d", "result", [["C509", "8000", "2", "MATCH"]]),
    ]
    algorithm = make(tmp_path, schemas, tables)
    cases = [GIVEN, *(GIVEN | {"d": value} for value in ("1", "", None, "3"))]
    answers = stage_everywhere(algorithm, *cases)
    none = "FAILED_NO_MATCHING_SCHEMA"
    assert [answer["result"] for answer in answers] == [
        "FAILED_MULITPLE_MATCHING_SCHEMAS", "STAGED", none, none, none,
    ]  # fmt: skip
    missing = algorithm.missing(GIVEN)
    assert (missing.schemas, missing.discriminators) == (("one", "two"), ("d",))


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({"hist": "8000"}, "FAILED_MISSING_SITE_OR_HISTOLOGY"),
        ({"site": "C509", "hist": None}, "FAILED_MISSING_SITE_OR_HISTOLOGY"),
        ({"site": "C509", "hist": ""}, "FAILED_NO_MATCHING_SCHEMA"),
        ({"site": "C619", "hist": "8000"}, "FAILED_NO_MATCHING_SCHEMA"),
        (GIVEN | {"z": "1"}, "FAILED_INVALID_INPUT"),
        (GIVEN | {"year_dx": "2017"}, "FAILED_INVALID_YEAR_DX"),
        (GIVEN | {"year_dx": "2027"}, "FAILED_INVALID_YEAR_DX"),
        ({"site": "C509", "hist": "8000"}, "FAILED_INVALID_YEAR_DX"),
        (GIVEN | {"year_dx": "9999"}, "STAGED"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_case_that_cannot_be_staged(
    tmp_path: Path, given: dict[str, str | None], result: str
) -> None:
    (answer,) = stage_everywhere(make(tmp_path, [schema()]), given)
    assert answer["result"] == result


def test_copied_keys_are_removed_after_each_table_and_may_be_missing(tmp_path: Path) -> None:
    stages = [
        {
            "id": "m",
            "tables": [
                path("t", {"x": "in"}, {"set": "out"}),
                path("u", {"in": "v", "gone": "w"}),
            ],
        }
    ]
    own = schema(inputs=[*X, {"key": "in", "default": "5"}], outputs=OUT, stages=stages)
    tables = [
        table("t", "in", "set", [["1", "VALUE:a"]]),
        table("u", "v", "out", [["", "MATCH"]]),
    ]
    (answer,) = stage_everywhere(make(tmp_path, [own], tables), GIVEN | {"x": "1"})
    assert outs([answer]) == ["a"]
    assert [(error["type"], error["key"]) for error in answer["errors"]] == [
        ("UNKNOWN_INPUT_MAPPING", "in"),
        ("UNKNOWN_INPUT_MAPPING", "gone"),
    ]


def test_stop_ends_its_mapping_only_and_after_the_rest_of_its_row(tmp_path: Path) -> None:
    stages = [
        {"id": "a", "tables": [path("stop"), path("never")]},
        {"id": "b", "tables": [path("later")]},
    ]
    own = schema(inputs=X, outputs=[*OUT, {"key": "a"}, {"key": "b"}], stages=stages)
    tables = [
        table("stop", "x", "s a", [["1", "STOP", "VALUE:set"], ["2", "MATCH", "MATCH"]]),
        table("never", "x", "out", [["*", "VALUE:visited"]]),
        table("later", "x", "b", [["*", "VALUE:later"]]),
    ]
    algorithm = make(tmp_path, [own], tables)
    stopped, went_on = stage_everywhere(algorithm, GIVEN | {"x": "1"}, GIVEN | {"x": "2"})
    assert stopped["output"] == {"out": "default", "a": "set", "b": "later"}
    assert went_on["output"] == {"out": "visited", "a": "", "b": "later"}
    assert stopped["path"] == ["a.stop", "b.later"]


def test_jump_keeps_its_path_and_answers_for_the_table(tmp_path: Path) -> None:
    stages = [{"id": "m", "tables": [path("t", {"x": "in"}, {"set": "out"}), path("end")]}]
    own = schema(inputs=X, outputs=[*OUT, {"key": "e"}], stages=stages)
    tables = [
        table("t", "in", "j set", [["1", "JUMP:u", "MATCH"], ["2", "STOP", "VALUE:t"],
                                   ["3", "JUMP:v", "VALUE:late"]]),
        table("u", "in", "set", [["1", "VALUE:u"]]),
        table("v", "in", "set", [["3", "STOP"]]),
        table("end", "x", "e", [["*", "VALUE:end"]]),
    ]  # fmt: skip
    algorithm = make(tmp_path, [own], tables)
    answers = stage_everywhere(algorithm, *(GIVEN | {"x": x} for x in "123"))
    assert [answer["output"] for answer in answers] == [
        {"out": "u", "e": "end"}, {"out": "t", "e": ""}, {"out": "late", "e": ""},
    ]  # fmt: skip
    assert answers[0]["path"] == ["m.t", "m.u", "m.end"]


def test_jump_that_goes_on_takes_back_a_stop(tmp_path: Path) -> None:
    stages = [{"id": "m", "tables": [path("t"), path("end")]}]
    own = schema(inputs=X, outputs=OUT, stages=stages)
    tables = [
        table("t", "x", "a b", [["1", "STOP", "JUMP:u"], ["2", "STOP", "MATCH"]]),
        table("u", "x", "c", [["1", "MATCH"]]),
        table("end", "x", "out", [["*", "VALUE:end"]]),
    ]
    algorithm = make(tmp_path, [own], tables)
    answers = stage_everywhere(algorithm, GIVEN | {"x": "1"}, GIVEN | {"x": "2"})
    assert outs(answers) == ["end", "default"]


def test_missing_table_and_jump_in_a_circle_are_errors_of_the_case(tmp_path: Path) -> None:
    own = schema(inputs=X, outputs=OUT, stages=[{"id": "m", "tables": [path("a"), path("none")]}])
    tables = [
        table("a", "x", "j out", [["1", "JUMP:b", "VALUE:a"], ["2", "JUMP:nowhere", "VALUE:n"]]),
        table("b", "x", "j", [["1", "JUMP:a"]]),
    ]
    algorithm = make(tmp_path, [own], tables)
    circle, nowhere = stage_everywhere(algorithm, GIVEN | {"x": "1"}, GIVEN | {"x": "2"})
    assert [error["type"] for error in circle["errors"]] == ["INFINITE_LOOP", "UNKNOWN_TABLE"]
    assert [error["table"] for error in nowhere["errors"]] == ["nowhere", "none"]
    assert circle["path"] == ["m.a", "m.b"]


def test_mapping_is_taken_where_its_tables_say_so_as_of_now(tmp_path: Path) -> None:
    stages = [
        {"id": "a", "tables": [path("set")]},
        {
            "id": "b",
            "inclusion_tables": [path("is_one", {"x": "in"})],
            "exclusion_tables": [path("is_set")],
            "initial_context": [{"key": "out", "value": "{{x}}"}, {"key": "n"}],
        },
    ]
    own = schema(inputs=[*X, {"key": "y"}], outputs=[*OUT, {"key": "n"}], stages=stages)
    tables = [
        table("set", "y", "mark", [["1", "VALUE:yes"], ["*", "MATCH"]]),
        table("is_one", "in", "", [["1"]]),
        table("is_set", "mark", "", [["yes"]]),
    ]
    algorithm = make(tmp_path, [own], tables)
    cases = [GIVEN | {"x": x, "y": y} for x, y in [("1", ""), ("2", ""), ("1", "1")]]
    answers = stage_everywhere(algorithm, *cases)
    assert [answer["output"] for answer in answers] == [
        {"out": "{{x}}", "n": None}, {"out": "default", "n": ""}, {"out": "default", "n": ""},
    ]  # fmt: skip
    assert answers[0]["path"] == ["a.set", "b.is_one", "b.is_set"]


def test_outputs_are_checked_and_kept(tmp_path: Path) -> None:
    own = schema(outputs=[{"key": "out", "default": "{{ctx_alg_version}}", "table": "valid"}])
    (answer,) = stage_everywhere(
        make(tmp_path, [own], [table("valid", "out", "", [["2.0"]])]), GIVEN
    )
    assert answer["output"] == {"out": "1.0"}
    assert answer["errors"][0]["type"] == "INVALID_OUTPUT"


def test_default_may_come_from_a_table(tmp_path: Path) -> None:
    item = {"key": "x", "default_table": "defaults"}
    own = schema(inputs=[item], outputs=OUT, stages=[{"id": "m", "tables": [path("t")]}])
    tables = [
        table("defaults", "hist", "x", [["8000", "VALUE:8"]]),
        table("t", "x", "out", [["8", "VALUE:a"]]),
    ]
    algorithm = make(tmp_path, [own], tables)
    answers = [
        algorithm.stage_case(GIVEN),
        algorithm.stage_case(GIVEN | {"hist": "8001"}),
    ]
    assert [answer.output["out"] for answer in answers] == ["a", "default"]
    columns = algorithm.stage(pl.DataFrame([GIVEN, GIVEN | {"hist": "8001"}]))
    assert columns["out"].to_list() == ["a", "default"]
    assert columns["errors"].list.len().to_list() == [0, len(answers[1].errors)]
