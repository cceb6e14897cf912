"""Issues of a registry file: of the document as a whole, and of single patients and tumors."""

import re
from typing import Final

import polars as pl

from outspread.read.naaccr.batch import Batch
from outspread.read.naaccr.knowledge import ItemNumbers, known_items
from outspread.read.naaccr.xml import TUMOR, Note, Scanner
from outspread.read.vocabulary import issue_severities
from outspread.tables import conform

_VERSION: Final = re.compile(r"(\d{3})\.xml\Z")
_NAME: Final = re.compile(r"\w{1,60}\Z")  # names of items; anything else is not repeated


def document_notes(
    batch: Batch, numbers: ItemNumbers, scanner: Scanner, told: set[int]
) -> list[Note]:
    """What is wrong with the document so far, each thing once.

    Parameters
    ----------
    told
        Numbers of items of which it has been said that they are not of the stated record type or
        version; filled here.
    """
    notes = list(scanner.notes)
    scanner.notes.clear()
    for code, names in (("R114", numbers.take_disagreeing()), ("R115", numbers.take_unknown())):
        notes += [Note(code, "file", name if _NAME.match(name) else None) for name in names]
    stated = _VERSION.search(scanner.root_attributes.get("baseDictionaryUri", ""))
    version = pl.lit(int(stated[1]) if stated else None, dtype=pl.Int32)
    record_type = scanner.root_attributes.get("recordType", "")
    is_other_type = ~pl.col("types").str.contains(record_type, literal=True)
    is_other_version = (pl.col("since") > version) | (pl.col("until") < version)
    met = known_items()[batch.met]
    strange = met.filter(is_other_type | is_other_version.fill_null(value=False))
    for number, item in strange.select("item_number", "item").iter_rows():
        if number not in told:
            told.add(number)
            notes.append(Note("R117", "file", item))
    return notes


def note_issues(notes: list[Note], file: str) -> pl.DataFrame:
    """Issues of the document as rows of the table `issue`."""
    schema = {"code": pl.String, "place": pl.String, "field": pl.String}
    frame = pl.DataFrame(notes, schema=schema, orient="row")
    return _worded(frame.with_columns(patient_id=pl.lit(None, dtype=pl.String)), file)


def record_issues(
    issues: pl.DataFrame, records: pl.DataFrame, patients: pl.DataFrame, file: str
) -> pl.DataFrame:
    """Issues of patients and tumors (`code`, `record`, `field`) as rows of the table `issue`."""
    owners = patients.select("patient_id", owner="record")
    patient = pl.format("patient {}", "patient")
    is_tumor = pl.col("level") == TUMOR
    named = records.with_columns(owner=pl.coalesce("owner", "record")).join(owners, on="owner")
    places = named.select(
        "record",
        "patient_id",
        place=pl.when(is_tumor)
        .then(pl.format("{}, tumor {}", patient, "tumor"))
        .otherwise(patient),
    )
    placed = issues.join(places, on="record", how="left", maintain_order="left")
    return _worded(placed.select("code", "place", "field", "patient_id"), file)


def _worded(issues: pl.DataFrame, file: str) -> pl.DataFrame:
    """Add severity and reason of each code, in the columns of the table `issue`."""
    words = issue_severities()
    code = pl.col("code")
    rows = issues.select(
        code.replace_strict(
            {key: severity for key, (severity, _) in words.items()}, return_dtype=pl.String
        ).alias("severity"),
        "code",
        pl.lit(file).alias("file"),
        "place",
        "field",
        code.replace_strict(
            {key: reason for key, (_, reason) in words.items()}, return_dtype=pl.String
        ).alias("reason"),
        "patient_id",
    )
    return conform(rows, "issue")
