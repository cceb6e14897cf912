"""What a worker process does with records that are tried: read, diagnose, and write what to show.

It runs in a process of its own, so that it can be ended when it takes too long, and sees nothing
but one folder that is removed afterwards.
"""

from collections.abc import Mapping as Named
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from outspread.errors import ReadError
from outspread.pipeline import check, diagnose, extract, read
from outspread.plan.pack.load import own_pack
from outspread.records import Records
from outspread.serve.mapping import kept_content, mapping_of
from outspread.serve.views import Outcome, Problem, Told
from outspread.story import Story
from outspread.tables import SEVERITY
from outspread.write.report.case import case_of
from outspread.write.report.page import Links, patient_page

MOST_TOLD: Final = 50
MOST_PROBLEMS: Final = 200
LINKS: Final = Links(style="/static/report.css", back="/")


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read as of a date, with the columns chosen for it and whose page is wanted.

    A file that is a note is read as one, however short it is.
    """

    path: Path
    is_note: bool
    columns: Named[str, str]
    patient_id: str
    as_of: date


def tell(task: Task) -> Outcome:
    """Read one file and tell the story of whom it is about.

    One person gets the page at once, unless the file is a table, whose columns may have to be set
    right first.
    """
    mapping = None if task.is_note else mapping_of(task.path, task.columns)
    content = kept_content(task.path)
    try:
        story = diagnose(_records(task), as_of=task.as_of)
    except ReadError as error:
        problems = _problems(check([task.path]).issues) if str(error).startswith("R061") else ()
        return Outcome(error=str(error), problems=problems, mapping=mapping, content=content)
    people = _people(story)
    is_page_wanted = task.patient_id in people or (len(people) == 1 and mapping is None)
    if is_page_wanted:
        wanted = task.patient_id if task.patient_id in people else people[0]
        return Outcome(page=_page(story, wanted))
    return Outcome(
        told=tuple(_told(story, one) for one in people[:MOST_TOLD]),
        more_count=max(0, len(people) - MOST_TOLD),
        problems=_problems(story.records.issue),
        mapping=mapping,
        content=content,
    )


def _records(task: Task) -> Records:
    if task.is_note:
        return extract(task.path.read_text(encoding="utf-8", errors="replace"))
    return read(task.path, columns=task.columns)


def _people(story: Story) -> list[str]:
    """Everybody whom the records name or say something of, people with a cancer first."""
    with_cancer = story.disease["patient_id"].unique().sort().to_list()
    tables = (story.records.patient, story.records.raw)
    others = pl.concat(frame.select("patient_id") for frame in tables)["patient_id"]
    return with_cancer + sorted(set(others) - set(with_cancer))


def _page(story: Story, patient_id: str) -> str:
    """Write the page of one person; what could not be used is told on it with its place."""
    where = pl.concat_str("file", "place", "field", separator=", ", ignore_nulls=True)
    issue = story.records.issue.with_columns(
        patient_id=pl.col("patient_id").fill_null(patient_id),
        reason=pl.format("{} ({})", "reason", where),
    )
    tables = story.tables() | {"issue": issue}
    case = case_of(tables, patient_id, pack=own_pack(), as_of=story.as_of)
    return patient_page(case, links=LINKS)


def _told(story: Story, patient_id: str) -> Told:
    names = story.disease.filter(patient_id=patient_id)["name"]
    return Told(patient_id, tuple(names), story.explain(patient_id))


def _problems(issues: pl.DataFrame) -> tuple[Problem, ...]:
    """Give the gravest first."""
    order = {name: rank for rank, name in enumerate(reversed(SEVERITY))}
    rows = sorted(issues.to_dicts(), key=lambda row: order[row["severity"]])
    return tuple(
        Problem(row["severity"], row["code"], row["place"] or "", row["field"] or "", row["reason"])
        for row in rows[:MOST_PROBLEMS]
    )
