"""One patient without anything that identifies, for a page that can be shown to others.

Ids, names of files, texts and resources are dropped. A word that a source was free to choose stays
only if it is one that outspread knows, or has the form of a stage; the form keeps a name from
passing for one. Dates are told apart from this: see `dates`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Final

from outspread.read.vocabulary import load_rows
from outspread.write.planned import Row
from outspread.write.report.case import Case
from outspread.write.wording import system_names

_PLAIN_VALUES: Final = frozenset({"positive", "negative"})
WITHHELD: Final = "withheld"
OLDEST: Final = 90
_CATEGORY: Final = re.compile(
    r"[0-9][A-Ea-e]?[0-9]?(\([A-Za-z0-9+]{1,3}\))?|is|[Xxa]|not_applicable"
)
_GROUP: Final = re.compile(r"[IVX]{1,4}[A-E]?[0-9]?|[0-9][A-E]?[0-9]?|occult|X")
_EDITION: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
_DIGIT: Final = re.compile(r"[0-9]")
_GRADE: Final = re.compile(r"[0-9A-Z]")
_UNIT: Final = re.compile(r"%|years|[a-zA-Z]{1,4}/[a-zA-Z]{1,3}|10\*[0-9]+/u?L")


def without_identity(case: Case) -> Case:
    """Take out of a case whatever could tell whose it is, dates aside.

    Parameters
    ----------
    case
        As `case_of` gives it.
    """
    kept = {table: _withheld(case.rows[table], checks) for table, checks in _checks().items()}
    lost = _lost_words(case)
    kept["conflict"] = [
        row | {side: _without(row[side], lost) for side in ("left_says", "right_says")}
        for row in case.rows["conflict"]
    ]
    person = [_of_an_age(row, case.as_of) for row in case.rows["patient"]]
    plans = {
        disease: {table: _plan_rows(rows) for table, rows in tables.items()}
        for disease, tables in case.plans.items()
    }
    rows = {**case.rows, **kept, "patient": person, "document": [], "raw": []}
    return replace(case, patient_id="", rows=rows, plans=plans)


Check = Callable[[str], bool]


@cache
def _checks() -> dict[str, dict[str, Check]]:
    """Columns that a source fills freely, with what may pass."""
    stage = {name: _matches(_CATEGORY) for name in "tnm"} | {
        "stage_group": _matches(_GROUP),
        "summary_stage": _matches(_DIGIT),
    }
    return {
        "disease": stage | {"stage_system": _is_system, "stage_edition": _matches(_EDITION)},
        "staging": stage | {"system": _is_system, "edition": _matches(_EDITION)},
        "finding": stage | {"stage_system": _is_system, "stage_edition": _matches(_EDITION)},
        "treatment": {"agent": _known_agents().__contains__},
        "measurement": {
            "name": _known_measurements().__contains__,
            "unit": _matches(_UNIT),
            "value": _PLAIN_VALUES.__contains__,
        },
    }


@cache
def _known_agents() -> frozenset[str]:
    drugs = {row["agent"] for row in load_rows("agents.csv")}
    return frozenset(drugs | {row["name"] for row in load_rows("procedures.csv")})


@cache
def _known_measurements() -> frozenset[str]:
    return frozenset(row["name"] for row in load_rows("measurements.csv"))


def _is_system(name: str) -> bool:
    return name in system_names()


def _matches(pattern: re.Pattern[str]) -> Check:
    return lambda text: pattern.fullmatch(text) is not None


def _withheld(rows: list[Row], checks: Mapping[str, Check]) -> list[Row]:
    return [row | {name: _kept(row[name], check) for name, check in checks.items()} for row in rows]


def _kept(value: str | None, check: Check) -> str | None:
    return value if value is None or check(value) else WITHHELD


def _lost_words(case: Case) -> set[str]:
    """Words of stage and grade that do not look like one: conflicts repeat them."""
    checks = _checks()["disease"] | {"grade": _matches(_GRADE)}
    return {
        row[name]
        for row in case.rows["finding"]
        for name, check in checks.items()
        if row[name] and not check(row[name])
    }


def _without(text: str, words: set[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, WITHHELD)
    return text


def _plan_rows(rows: list[Row]) -> list[Row]:
    """Withhold a unit that is not of a usual form, and the age of the very old."""
    return [
        row | {"plain_words": _plan_words(row)} if row.get("plain_words") else row for row in rows
    ]


def _plan_words(row: Row) -> str:
    words = str(row["plain_words"])
    if row["factor"] == "age" and row["value_number"] >= OLDEST:
        return words.replace(f"{row['value_number']:g}", f"{OLDEST} or more")
    if row["unit"] and not _UNIT.fullmatch(row["unit"]):
        return words.replace(row["unit"], WITHHELD)
    return words


def _of_an_age(person: Row, as_of: date) -> Row:
    """Few people are very old, so no age beyond `OLDEST` is told: they are as old as that."""
    born = person["birth_date"]
    if born is None or as_of.year - born.year <= OLDEST:
        return person
    return person | {"birth_date": as_of.replace(year=as_of.year - OLDEST, day=min(as_of.day, 28))}
