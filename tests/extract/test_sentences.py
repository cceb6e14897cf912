"""The sentence suite: what share of each phenomenon is read to the last item, and what never is.

`known.csv` names the share that is reached today; a change that lowers one fails.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from extract.expected import given, rows, wanted

KNOWN = {
    row["phenomenon"]: int(row["reached"])
    for row in csv.DictReader(
        (Path(__file__).parent / "known.csv").read_text(encoding="utf-8").splitlines()
    )
}
SUITE = rows()


@pytest.mark.parametrize("phenomenon", sorted({row["phenomenon"] for row in SUITE}))
def test_as_many_sentences_are_read_in_full_as_before(phenomenon: str) -> None:
    mine = [row for row in SUITE if row["phenomenon"] == phenomenon]
    reached = [
        row["id"]
        for row in mine
        if given(row["sentence"], measured="measure:" in row["expects"]) == wanted(row["expects"])
    ]
    assert len(reached) >= KNOWN[phenomenon]


def test_every_id_is_given_once() -> None:
    assert max(Counter(row["id"] for row in SUITE).values()) == 1


NOT_YET = {"purpose-03", "purpose-14", "relatives_and_consent-12", "relatives_and_consent-23"}
SILENT = [
    row
    for row in SUITE
    if row["phenomenon"] in {"purpose", "relatives_and_consent"}
    and "spread:" not in row["expects"]
    and row["id"] not in NOT_YET
]


@pytest.mark.parametrize("row", SILENT, ids=lambda row: row["id"])
def test_a_purpose_or_a_relative_never_gives_confirmed_spread(row: dict[str, str]) -> None:
    said = {item for item in given(row["sentence"]) if item.startswith("spread:")}
    assert not {item for item in said if item.endswith("|confirmed")}
