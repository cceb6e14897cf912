"""Stories of a folder as text or JSON, one patient after the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson
import polars as pl

from outspread.tables import TABLES, polars_schema
from outspread.write.explain import explain_patient
from outspread.write.tables import open_store, patient_batches, read_patient, read_table, table_path

SORTED_TABLES: Final = tuple(name for name in TABLES if name != "issue")

Tables = dict[str, pl.DataFrame]


def explain_folder(
    folder: Path, *, patient_id: str | None = None, form: str = "text"
) -> Iterator[str]:
    """Give the stories of one patient or of all patients with a cancer, in the order of their ids.

    Parameters
    ----------
    folder
        An output folder.
    patient_id
        Whose story; all if None.
    form
        "text", or "json" for one object in one line: the patient's rows of every table.

    Raises
    ------
    StoreError
        W005 not an output folder, W007 no such patient in it.
    """
    open_store(folder)
    patients = (
        _every_patient(folder)
        if patient_id is None
        else [(patient_id, read_patient(folder, patient_id))]
    )
    for owner, tables in patients:
        yield explain_patient(tables, owner) if form == "text" else _as_json(owner, tables)


def count_people(folder: Path) -> int:
    """Count the people whom the records of an output folder are of, described or not."""
    owner = pl.col("patient_id")
    described, told = (
        pl.scan_parquet(table_path(folder, name)).select(owner) for name in ("patient", "raw")
    )
    everyone = pl.concat([described, told]).select(owner.n_unique())
    return int(everyone.collect(engine="streaming").item())


def _every_patient(folder: Path) -> Iterator[tuple[str, Tables]]:
    issues = _by_patient(read_table(folder, "issue").drop_nulls("patient_id"))
    for batch in patient_batches(folder, SORTED_TABLES):
        parts = {name: _by_patient(frame) for name, frame in batch.items()} | {"issue": issues}
        for owner in parts["disease"]:
            yield (
                owner,
                {
                    name: part.get(owner, pl.DataFrame(schema=polars_schema(name)))
                    for name, part in parts.items()
                },
            )


def _by_patient(frame: pl.DataFrame) -> Tables:
    parts = frame.partition_by("patient_id", as_dict=True, maintain_order=True)
    return {str(owner): part for (owner,), part in parts.items()}


def _as_json(patient_id: str, tables: Tables) -> str:
    rows = {name: frame.to_dicts() for name, frame in tables.items()}
    return orjson.dumps({"patient_id": patient_id} | rows).decode()
