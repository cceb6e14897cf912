"""Small tables are readable for people and exact for programs."""

import json

import polars as pl

from outspread.write.listing import format_parts, format_rows

ROWS = pl.DataFrame(
    {"site": ["liver", "bone"], "reaches": [["local", "distant"], []], "note": [None, None]},
    schema_overrides={"reaches": pl.List(pl.String), "note": pl.String},
)


def test_table_leaves_out_empty_columns() -> None:
    assert format_rows(ROWS, "table") == "site   reaches\nliver  local; distant\nbone"


def test_single_row_stands_upright() -> None:
    assert format_rows(ROWS.head(1), "table") == "site     liver\nreaches  local; distant"


def test_csv_joins_lists() -> None:
    assert format_rows(ROWS, "csv").splitlines()[:2] == [
        "site,reaches,note",
        "liver,local; distant,",
    ]


def test_json_keeps_lists_and_nulls() -> None:
    assert json.loads(format_rows(ROWS, "json")) == ROWS.to_dicts()
    assert [json.loads(line) for line in format_rows(ROWS, "jsonl").splitlines()] == ROWS.to_dicts()


def test_parts_are_one_table_for_programs() -> None:
    other = pl.DataFrame({"code": ["C22.0"]})
    assert format_parts([ROWS, other], "table").count("\n\n") == 1
    assert [row["code"] for row in json.loads(format_parts([ROWS, other], "json"))] == [
        None,
        None,
        "C22.0",
    ]
