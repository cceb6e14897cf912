"""Whose story differs between two output folders, and why.

`folders` reads both side by side, a few patients at a time; `pairs` finds the same cancer in both;
`changes` says what differs; `causes` says why; `text` shows it to people.
"""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from outspread.compare.causes import Runs, compare_runs, find_causes
from outspread.compare.changes import CHANGE, count_extents, find_changes
from outspread.compare.folders import batches_of, open_folders, read_stories
from outspread.errors import StoreError

__all__ = ["Difference", "compare", "diff"]


class Difference(NamedTuple):
    """What differs between two runs."""

    changes: pl.DataFrame  # one row per change; see `diff`
    extents: pl.DataFrame  # old, new, count: changes of extent
    counts: dict[str, int]  # people, changed, came, went
    runs: Runs  # what differs between the run records, by the cause that it can be
    notes: list[str]  # what only one of the runs has


def diff(old: str | Path, new: str | Path) -> pl.DataFrame:
    """Whose story differs between two output folders, and why.

    Parameters
    ----------
    old, new
        Folders that `run` wrote, of any version of outspread.

    Returns
    -------
    One row per change, sorted by patient: `patient_id`; `disease`, the name of the cancer it is
    about, the new one where there is one; `what`: patient, disease, lesion, staging, event or
    conflict where one came or went, else the fact that changed; `about`, the place, the staging,
    the event or the disagreement; `old` and `new`, empty where there was or is nothing; `causes`,
    a list of data, rules, knowledge and settings, or unexplained alone. No rows if nothing changed.
    What is compared and how causes are told is in `docs/explanation/differences.md`.

    Raises
    ------
    StoreError
        W005 not an output folder, W009 a table in it cannot be read.
    """
    return compare(old, new).changes


def compare(old: str | Path, new: str | Path, *, patient_id: str | None = None) -> Difference:
    """Compare two output folders: `diff` with its counts and what differs between the runs.

    Stories are read some patients at a time, and evidence only of people whose story differs, so
    memory grows with what has changed, not with the folders.

    Parameters
    ----------
    old, new
        Folders that `run` wrote.
    patient_id
        Compare only this person.

    Raises
    ------
    StoreError
        W005 not an output folder, W007 no such patient in either, W009 a table cannot be read.
    """
    folders = open_folders(Path(old), Path(new))
    one = None if patient_id is None else [pl.col("patient_id") == patient_id]
    runs, unsaid = compare_runs(folders.old.record, folders.new.record)
    parts = [pl.DataFrame(schema=CHANGE)]
    people = 0
    for where in one or batches_of(folders):
        before, after = read_stories(folders, where=where)
        people += pl.concat([before["patient"], after["patient"]]).n_unique()
        changes = find_changes(before, after)
        if not changes.is_empty():
            causes = find_causes(changes, folders, where=where, runs=runs)
            parts.append(changes.join(causes, on="patient_id", maintain_order="left"))
    if one and not people:
        message = "W007: no such patient in either folder. Ids are as in the records."
        raise StoreError(message)
    changes = pl.concat(parts)
    counts = {"people": people} | _counts(changes)
    return Difference(changes, count_extents(changes), counts, runs, folders.notes + unsaid)


def _counts(changes: pl.DataFrame) -> dict[str, int]:
    is_patient = pl.col("what") == "patient"
    people = pl.col("patient_id")
    return changes.select(
        people.filter(~is_patient).n_unique().alias("changed"),
        people.filter(is_patient & pl.col("old").is_null()).n_unique().alias("came"),
        people.filter(is_patient & pl.col("new").is_null()).n_unique().alias("went"),
    ).row(0, named=True)
