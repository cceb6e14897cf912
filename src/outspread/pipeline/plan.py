"""Plans of a folder or of a story in memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import orjson
import polars as pl

from outspread.plan.audit import audit_treatments
from outspread.plan.make import PATIENT_TABLES, USED_TABLES, make_plan, with_texts
from outspread.plan.pack.load import load_pack, own_pack
from outspread.plan.pack.model import Pack
from outspread.story import Story
from outspread.write.person import person_page
from outspread.write.plan import explain_plan
from outspread.write.tables import patient_batches, read_patient, story_date

Tables = dict[str, pl.DataFrame]
_READ: Final = (*USED_TABLES, "conflict")  # the page for the person says where records disagree


def plan(story: Story, *, pack: Path | None = None) -> Tables:
    """Say what can be done, as of the date of a story.

    Parameters
    ----------
    story
        As `outspread.diagnose` gives it.
    pack
        Folder of a knowledge pack of your own; that of outspread if None.

    Returns
    -------
    The tables `factor`, `option`, `alert`, `question`, and `pack_option`: what the pack says.

    Raises
    ------
    PackError
        P001 to P004 where the pack does not hold together.
    """
    return make_plan(story.tables(), find_pack(pack), as_of=story.as_of)


def find_pack(folder: Path | None) -> Pack:
    """Read a pack of one's own, or that of outspread."""
    return load_pack(folder) if folder else own_pack()


def plan_folder(
    folder: Path, pack: Pack, *, patient_id: str | None = None, form: str = "text"
) -> Iterator[str]:
    """Give the plans of one patient, or of all with a cancer in the order of their ids.

    Parameters
    ----------
    folder
        An output folder.
    form
        "text", "person" for a page in plain words, or "jsonl" for one object a line: the patient's
        rows of the tables of the plan.

    Raises
    ------
    StoreError
        W005 not an output folder, W007 no such patient in it.
    """
    for tables, planned in _planned(folder, pack, patient_id):
        diseases = tables["disease"]
        for owner in diseases["patient_id"].unique(maintain_order=True):
            if form == "text":
                yield explain_plan(planned, diseases, pack, owner)
            elif form == "person":
                yield person_page(planned, tables, patient_id=owner)
            else:
                mine = pl.col("patient_id") == owner
                rows = {name: planned[name].filter(mine) for name in PATIENT_TABLES}
                rows["option"] = with_texts(rows["option"], planned)
                shown = {name: frame.to_dicts() for name, frame in rows.items()}
                yield orjson.dumps({"patient_id": owner} | shown).decode()


def audit_folder(folder: Path, pack: Pack, *, patient_id: str | None = None) -> pl.DataFrame:
    """Hold the treatments that go on against the plans of a folder; see `audit_treatments`."""
    as_of = story_date(folder)
    parts = [
        audit_treatments(tables, planned, pack, as_of=as_of)
        for tables, planned in _planned(folder, pack, patient_id)
    ]
    return pl.concat(parts)


def _planned(folder: Path, pack: Pack, patient_id: str | None) -> Iterator[tuple[Tables, Tables]]:
    """Give tables of the store with the plan of the same patients, some patients at a time."""
    as_of = story_date(folder)
    batches: Iterable[Tables] = (
        patient_batches(folder, _READ)
        if patient_id is None
        else [read_patient(folder, patient_id, tables=_READ)]
    )
    for tables in batches:
        yield tables, make_plan(tables, pack, as_of=as_of)
