"""The step from records to records: adds what the documents state to the evidence tables."""

from pathlib import Path

import polars as pl

from outspread.extract.document import is_part_foreign, read_note
from outspread.extract.resolve import resolve
from outspread.extract.rows import Note, Row, rows_of
from outspread.read.vocabulary import issue_severities
from outspread.records import Records
from outspread.tables import polars_schema


def extract_documents(records: Records, *, pack: Path | None = None) -> Records:
    """Add findings, treatments and measurements that the documents of some records state.

    Parameters
    ----------
    records
        Uses `document` and `raw`. A document is read where it is a source of its own: where `raw`
        has a row whose `source_ref` is its `document_id`. A document that names nothing of cancer
        is passed over.
    pack
        Folder of an institution's own words, see `outspread.extract.lexicon`.

    Returns
    -------
    The same records with the rows added; each has the span of the words that say it.
    """
    if records.document.is_empty():
        return records
    key = ["patient_id", "document_id"]
    sources = records.raw.select("patient_id", document_id="source_ref")
    documents = records.document.join(sources, on=key, how="semi").unique(key, maintain_order=True)
    tables: dict[str, list[Row]] = {"finding": [], "treatment": [], "measurement": []}
    foreign: list[tuple[str, str]] = []
    for row in documents.iter_rows(named=True):
        reading = read_note(row["text"], pack=pack)
        note = Note(row["patient_id"], row["document_id"], row["date"], row["kind"])
        if is_part_foreign(reading):
            foreign.append((row["patient_id"], row["document_id"]))
        made = rows_of(note, reading, resolve(reading))
        for name, rows in made._asdict().items():
            tables[name] += rows
    added = {
        name: pl.DataFrame(rows, schema=_schema(name, rows))
        for name, rows in tables.items()
        if rows
    }
    if foreign:
        added["issue"] = _not_english(foreign, records.raw)
    return Records.concat([records, Records(**added)]) if added else records


def _not_english(documents: list[tuple[str, str]], raw: pl.DataFrame) -> pl.DataFrame:
    """Issues of documents of which a part is not read."""
    severity, reason = issue_severities()["R134"]
    key = ["patient_id", "source_ref"]
    return (
        pl.DataFrame(documents, schema=key, orient="row")
        .join(raw, on=key)
        .select(
            pl.lit(severity).alias("severity"),
            pl.lit("R134").alias("code"),
            "file",
            "place",
            pl.lit("text").alias("field"),
            pl.lit(reason).alias("reason"),
            "patient_id",
        )
    )


def extract_text(text: str, *, pack: Path | None = None) -> Records:
    """Read one text as the only document of a person; see `outspread.extract`."""
    owner = {"patient_id": ["text"]}
    document = pl.DataFrame(owner | {"document_id": ["text"], "text": [text]})
    raw = pl.DataFrame(
        owner | {"source_ref": ["text"], "source_kind": ["document"], "content": [""]}
    )
    return extract_documents(Records(document=document, raw=raw), pack=pack)


def _schema(name: str, rows: list[Row]) -> dict[str, pl.DataType]:
    used = {column for row in rows for column in row}
    return {column: kind for column, kind in polars_schema(name).items() if column in used}
