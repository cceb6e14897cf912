"""The course of a disease as rows: what happened and what was given, dated ones first."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from outspread.write.course import event_words
from outspread.write.phrases import Citations, treatment_words
from outspread.write.planned import Row
from outspread.write.report.case import Case
from outspread.write.report.dates import Clock, When, last_day
from outspread.write.report.heading import capitalized
from outspread.write.wording import EXTENTS

FORMULA: Final = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # the wide forms count in some places
NOT_TIED: Final = "for which cancer is not stated"
_PLACE_EVENTS: Final = ("diagnosis", "spread_suspected", "spread_found")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing of the course; `lane` is where a picture shows it: place, event or a modality.

    It is vague where `last` is not its end but the last day that its date can mean.
    """

    lane: str
    day: date | None
    last: date | None
    when: When
    until: When | None
    what: str
    extent: str
    extent_word: str
    place: int | None
    is_vague: bool
    cites: tuple[int, ...]


def course_of(
    case: Case, disease: Row, numbers: Mapping[int, int], cited: Citations, *, clock: Clock
) -> tuple[Step, ...]:
    """Tell the events and treatments of one disease, in the order of their dates, undated last.

    Parameters
    ----------
    numbers
        Numbers of the lesions of the disease.
    """
    lesions = {row["lesion_id"]: row for row in case.of_disease("lesion", disease["disease_id"])}
    steps = [
        _event(row, lesions.get(row["lesion_id"]), numbers, cited, clock)
        for row in case.of_disease("event", disease["disease_id"])
    ]
    given = [row for row in case.rows["treatment"] if _is_own(row)]
    for row in given:
        note = _tie(case, disease, row)
        if note is not None:
            steps.append(_treatment(row, note, cited, clock))
    return tuple(sorted(steps, key=lambda step: step.day or date.max))


def course_csv(steps: tuple[Step, ...]) -> str:
    """Write the course as CSV, one column for each form of dates.

    A cell that a spreadsheet could take for a formula gets an apostrophe before it.
    """
    modes = list(dict.fromkeys(mode for step in steps for mode, _ in step.when.forms))
    modes = [mode for mode in modes if mode != "any"] or ["any"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(mode.replace("any", "date") for mode in modes), "what", "extent", "place"])
    for step in steps:
        said = dict(step.when.forms)
        dates = [said.get(mode, said.get("any", "")) for mode in modes]
        row = [*dates, step.what, step.extent, "" if step.place is None else str(step.place)]
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def harmless(cell: str) -> str:
    """Keep a cell from being taken for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("bone")
    ("'=1+1", 'bone')
    """
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) else cell


def _event(
    event: Row, lesion: Row | None, numbers: Mapping[int, int], cited: Citations, clock: Clock
) -> Step:
    is_place = event["kind"] in _PLACE_EVENTS and lesion is not None
    return Step(
        lane="place" if is_place else "event",
        day=event["date"],
        last=last_day(event["date"], event["date_precision"]) if event["date"] else None,
        when=clock.when(event["date"], event["date_precision"]),
        until=None,
        what=capitalized(event_words(event, lesion)),
        extent=event["extent"] or "",
        extent_word=EXTENTS[event["extent"]].word if event["extent"] else "",
        place=numbers.get(event["lesion_id"]),
        is_vague=False,
        cites=tuple(cited.numbers(event["evidence_ids"])),
    )


def _is_own(treatment: Row) -> bool:
    return bool(treatment["polarity"] == "affirmed" and treatment["experiencer"] == "patient")


def _tie(case: Case, disease: Row, treatment: Row) -> str | None:
    """Say how a treatment belongs to a disease: plainly "", not stated, or None for not at all."""
    if len(case.rows["disease"]) == 1:
        return ""
    if treatment["reason_primary"] is None:
        return NOT_TIED
    is_side = treatment["reason_laterality"] in (None, disease["laterality"])
    is_tied = treatment["reason_primary"] == disease["primary"] and is_side
    return "" if is_tied else None


def _treatment(row: Row, note: str, cited: Citations, clock: Clock) -> Step:
    status = row["treatment_status"]
    said = treatment_words(row)
    joint = ", " if ": " in said else ": "
    end = row["end_date"]
    known = last_day(row["date"], row["date_precision"]) if row["date"] else None
    return Step(
        lane=row["modality"],
        day=row["date"],
        last=date.max if status == "ongoing" else end or known,
        when=clock.when(row["date"], row["date_precision"]),
        until=clock.when(end, None) if end else None,
        what=capitalized(f"{said}{joint}{note}" if note else said),
        extent="",
        extent_word="",
        place=None,
        is_vague=end is None and status != "ongoing" and known != row["date"],
        cites=tuple(cited.numbers([row["evidence_id"]])),
    )
