"""A page in plain words for the person whose record it is.

It tells what the words mean, what the record says, what kinds of treatment are for, and what to
ask. It never says which treatment to take and gives no figure of survival. All text stands in
plan/data/person.csv; a test holds it at reading grade 6.
"""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from outspread.plan.facts.row import read_data
from outspread.plan.make import with_texts
from outspread.plan.pack.model import Pack

WIDTH: Final = 80
TESTED_GROUPS: Final = ("gene", "immune")
SHOWN_TESTS: Final = 4


def person_texts() -> dict[str, str]:
    """The catalogue: text by key."""
    return dict(read_data("person").select("key", "text").iter_rows())


def person_page(
    tables: Mapping[str, pl.DataFrame], diseases: pl.DataFrame, pack: Pack, patient_id: str
) -> str:
    """Write the page of one person.

    Parameters
    ----------
    tables
        Tables of the plan; uses option, pack_option and question.
    diseases
        Table `disease`.
    """
    say = person_texts()
    mine = pl.col("patient_id") == patient_id
    told = diseases.filter(mine).to_dicts()
    options = with_texts(tables["option"].filter(mine), tables)
    parts = [_headed(say["title"], [say["made_by"]])]
    parts.append(_headed(say["says"], _said(told, say)))
    parts.append(_headed(say["words"], [say[key] for key in say if key.startswith("word.")]))
    kinds = _kinds(options)
    if kinds:
        parts.append(_headed(say["kinds"], [say[f"kind.{kind}"] for kind in kinds]))
    parts.append(_headed(say["aims"], [say["aim.all"], say["comfort"]]))
    parts.append(_wrapped([say["urgent"]]))
    asked = [say[key] for key in say if key.startswith("ask.") and key != "ask.tests"]
    tests = _untested(tables["question"].filter(mine), pack)
    if tests:
        asked.append(say["ask.tests"].format(", ".join(tests)))
    parts.append(_headed(say["ask"], [f"- {line}" for line in asked]))
    return "\n\n".join(parts)


def _said(diseases: Iterable[Mapping[str, Any]], say: Mapping[str, str]) -> list[str]:
    lines = []
    for disease in diseases:
        lines += [f"- {disease['name']}", say[f"extent.{disease['extent']}"]]
    return lines or [say["not_said"]]


def _kinds(options: pl.DataFrame) -> list[str]:
    """Kinds of treatment that the pack holds for this cancer, whatever fits the person."""
    own = options.filter((pl.col("primary") != "any") & (pl.col("stance") == "consider"))
    return own["modality"].explode().drop_nulls().unique().sort().to_list()


def _untested(questions: pl.DataFrame, pack: Pack) -> list[str]:
    factors = [pack.factors[name] for name in questions["factor"].to_list()]
    labels = [factor.label for factor in factors if factor.group in TESTED_GROUPS]
    return labels[:SHOWN_TESTS]


def _headed(title: str, lines: Iterable[str]) -> str:
    return f"{_wrapped([title])}\n\n{_wrapped(lines)}"


def _wrapped(lines: Iterable[str]) -> str:
    return "\n".join(textwrap.fill(line, WIDTH) for line in lines)
