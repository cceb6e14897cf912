"""CSV, TSV and Parquet files of rows, one statement or tumor a row, as `Records`.

The columns are those of `docs/reference/columns.md`, under our names, usual ones, or those the
user tells. Files of the mCODE extraction framework are recognised by their columns and go another
way (`outspread.read.columns.mcode`).
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Final

import orjson
import polars as pl
import pyarrow as pa

from outspread.read.chunks import ISSUE_COLUMNS, clashes, tell_apart
from outspread.read.columns.batches import Batch, Note, read_batches
from outspread.read.columns.blocks import ROW
from outspread.read.columns.cells import DATES, name_columns, read_cells, read_spreads
from outspread.read.columns.findings import find_findings
from outspread.read.columns.layout import Layout, check_mapping, find_layout, knows_patient
from outspread.read.columns.lines import UTF_16_MARKS, find_delimiter
from outspread.read.columns.mcode import find_template, read_template
from outspread.read.columns.tumor import Tumors
from outspread.read.dates import Days, today
from outspread.read.files import DAMAGED, PARQUET_MAGIC
from outspread.read.notes import looks_like_note_table, read_note_table
from outspread.read.vocabulary import issue_severities
from outspread.records import Records

_STATED: Final = ("role", "t", "n", "m", "stage_group", "summary_stage", "status")
_SAID: Final = ("code", "site", "primary", "role")
_NAME_BYTES: Final = 8


def looks_delimited(head: bytes) -> bool:
    """Tell whether a file that begins like this may be a table of rows.

    It is Parquet, or text of at least two lines with the same number of delimiters, or its first
    line names a column of the patient. One delimiter in each of two lines may be the commas of an
    address, so that all lines must have one.
    """
    if head.startswith(PARQUET_MAGIC):
        return True
    is_wide = head.startswith(UTF_16_MARKS)
    text = head.decode("utf-16" if is_wide else "utf-8", errors="replace")
    lines = [line for line in text.splitlines()[:10] if line.strip()]
    if not lines or lines[0].lstrip()[0] in "<{[":
        return False
    delimiter = find_delimiter(lines[0])
    names = [name.strip().strip('"') for name in lines[0].split(delimiter)]
    counts = [line.count(delimiter) for line in lines]
    judged = counts if counts[0] == 1 else counts[:2]
    is_even = len(counts) > 1 and counts[0] > 0 and len(set(judged)) == 1
    return is_even or knows_patient(names, {})


def read_delimited(
    path: Path,
    *,
    codes: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
) -> Iterator[Records]:
    """Read one CSV, TSV or Parquet file.

    Parameters
    ----------
    path
        Delimited by comma, semicolon, tab or bar, in UTF-8 or UTF-16, plain or gzip; or Parquet.
    codes
        A site's own code map, see `outspread.anatomy.codes.resolve_codes`; it wins over ours.
    columns
        Names of the file's columns by ours, for those that outspread does not know by itself.

    Returns
    -------
    Chunks of `Records`. Rows and cells that cannot be used are rows of `issue`.

    Raises
    ------
    ReadError
        R062 where no column names the patient, R063 where `columns` names one that is not ours.
    """
    check_mapping(columns or {})
    batches = read_batches(path)
    try:
        first = next(batches)
        header = [name for name in first.cells.columns if name != ROW]
        if not header:
            yield Records(issue=_issues(first.issues, path.name))
            return
        template = find_template(header)
        if template and not columns:
            yield from read_template(path.name, template, chain([first], batches), codes=codes)
            return
        if looks_like_note_table(header) and not columns:
            yield from read_note_table(path.name, chain([first], batches), number=ROW)
            return
        layout = find_layout(path.name, header, columns or {})
        yield Records(issue=_issues([*first.issues, *_layout_notes(layout)], path.name))
        days, tumors = Days(today()), Tumors(codes)
        for batch in batches:
            yield _read_batch(batch, layout, path.name, days=days, tumors=tumors)
    except DAMAGED:
        yield Records(issue=_issues([("R005", None, None)], path.name))
    except (OSError, pa.ArrowException):
        yield Records(issue=_issues([("R001", None, None)], path.name))


def _layout_notes(layout: Layout) -> list[Note]:
    notes: list[Note] = [("R076", None, name) for name in layout.unknown]
    notes += [("R086", None, name) for name in layout.absent]
    return notes if layout.states_something() else [*notes, ("R079", None, None)]


def _read_batch(batch: Batch, layout: Layout, file: str, *, days: Days, tumors: Tumors) -> Records:
    cells = name_columns(batch.cells, layout)
    nameless = cells.filter(pl.col("patient_id").is_null())["row"]
    cells = cells.filter(pl.col("patient_id").is_not_null())
    notes: list[Note] = [*batch.issues, *(("R073", row, None) for row in nameless)]
    values, unread = read_cells(cells, system=layout.system, days=days)
    said = [pl.col(name).is_not_null().alias(f"said_{name}") for name in _SAID]
    rows = tumors.settle(values.with_columns(cells.select(said)))
    spreads = read_spreads(cells, layout)
    used, open_rows = _used(rows, spreads, unread)
    raw = _slices(used, batch.cells, file)
    named = used.with_columns(raw["source_ref"]).filter(raw["is_kept"])
    issues = [
        _issues(notes, file),
        _row_issues(rows, spreads, open_rows, unread=unread, layout=layout, file=file),
        clashes(raw, file),
    ]
    return Records(
        patient=_patients(values),
        finding=find_findings(named, spreads),
        raw=raw.filter("is_kept"),
        issue=pl.concat(issues, how="vertical_relaxed"),
    )


def _used(
    rows: pl.DataFrame, spreads: pl.DataFrame, unread: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that state something; and those that do, but not whether it is so."""
    stated = pl.any_horizontal(pl.col(*_STATED, "code_stage_group").is_not_null())
    rows = rows.filter(stated | pl.col("row").is_in(spreads["row"].implode()))
    odd = unread.filter(note="polarity|R078")["row"]
    is_unstated = (pl.col("polarity") == "unstated").fill_null(value=False)
    known = rows.filter(~is_unstated & ~pl.col("row").is_in(odd.implode()))
    return known.with_columns(pl.col("polarity").fill_null("affirmed")), rows.filter(is_unstated)


def _slices(rows: pl.DataFrame, cells: pl.DataFrame, file: str) -> pl.DataFrame:
    """Source slices of rows, in their order; see `outspread.read.chunks.tell_apart`.

    A row that another may be about is named by its id; others have the file's name before theirs,
    since files count their rows from one each. A row without an id is named by its content, so that
    its name does not hang on the order of rows.
    """
    if rows.height < cells.height:
        cells = cells.filter(pl.col(ROW).is_in(rows["row"].implode()))
    contents = _contents(cells.drop(ROW))
    is_subject = pl.col("role").is_in(["primary", "undetermined"]) & pl.col("about").is_null()
    raw = rows.select(
        "patient_id",
        "row",
        source_ref=pl.when(is_subject.fill_null(value=False))
        .then("id")
        .otherwise(pl.format("{}:{}", pl.lit(file), "id")),
        content=contents,
        source_kind=pl.lit("columns"),
        file=pl.lit(file),
        place=pl.format("row {}", "row"),
    )
    nameless = raw["source_ref"].is_null()
    if nameless.any():
        raw = raw.with_columns(
            source_ref=pl.coalesce("source_ref", _hashed_names(contents, nameless))
        )
    return tell_apart(raw)


def _hashed_names(contents: pl.Series, nameless: pl.Series) -> pl.Series:
    """Names by content for the nameless; null for the others."""
    asked = contents.filter(nameless).cast(pl.Binary).to_list()
    digests = [blake2b(content, digest_size=_NAME_BYTES).digest() for content in asked]
    names = "row:" + pl.Series(digests, dtype=pl.Binary).bin.encode("hex")
    return names.gather(nameless.cum_sum().cast(pl.Int64) - 1).set(~nameless, None)


def _contents(cells: pl.DataFrame) -> pl.Series:
    """Each row as JSON, without its empty cells, in the order of the names of columns."""
    names = sorted(name for name in cells.columns if cells[name].null_count() < cells.height)
    if not names:
        return pl.Series("content", [], dtype=pl.String)
    text = pl.struct(names).struct.json_encode()
    # A quote within a cell is escaped, so that this finds names of columns only.
    gaps = [f"{orjson.dumps(name).decode()}:null," for name in names if cells[name].has_nulls()]
    gaps += [gap.removesuffix(",") for gap in gaps]
    text = text.str.replace_many(gaps, [""] * len(gaps), leftmost=True) if gaps else text
    rows = cells.select(content=text.str.replace(r",\}$", "}"))
    return rows.to_series()


def _patients(values: pl.DataFrame) -> pl.DataFrame:
    """State what rows say of the person, once for each person."""
    facts = ["sex", *(f"{name}{part}" for name in DATES[1:] for part in ("", "_precision"))]
    said = values.filter(pl.any_horizontal(pl.col(facts).is_not_null()))
    merged = said.group_by("patient_id", maintain_order=True).agg(
        pl.col(facts).drop_nulls().sort().first()
    )
    is_dead = pl.when(pl.col("death_date").is_not_null()).then(pl.lit(value=True))
    return merged.with_columns(is_dead=is_dead)


def _row_issues(
    rows: pl.DataFrame,
    spreads: pl.DataFrame,
    open_rows: pl.DataFrame,
    *,
    unread: pl.DataFrame,
    layout: Layout,
    file: str,
) -> pl.DataFrame:
    torn = rows.filter(pl.col("tumor_notes").list.len() > 0).select("row", note="tumor_notes")
    noted = pl.concat([unread, torn.explode("note", empty_as_null=True)]).group_by("row")
    parts = (
        noted.agg(pl.col("note").unique())
        .explode("note", empty_as_null=True)
        .select(
            "row",
            field=pl.col("note").str.split("|").list.first().replace(layout.columns),
            code=pl.col("note").str.split("|").list.last(),
        )
    )
    lost = spreads.filter(pl.col("polarity").is_null())
    parts = pl.concat(
        [
            parts,
            lost.select("row", field="header", code=pl.lit("R074")),
            open_rows.select("row", field=pl.lit("polarity"), code=pl.lit("R081")),
        ]
    )
    found = parts.join(rows.select("row", "patient_id"), on="row", how="left")
    found = found.sort("row", maintain_order=True)
    return _issue_frame(found.with_columns(place=pl.format("row {}", "row")), file)


def _issues(notes: list[Note], file: str) -> pl.DataFrame:
    schema = {"code": pl.String, "row": pl.UInt32, "field": pl.String}
    frame = pl.DataFrame(notes, schema=schema, orient="row")
    place = pl.coalesce(pl.format("row {}", "row"), pl.lit("file"))
    whole = frame.with_columns(patient_id=pl.lit(None, pl.String), place=place)
    return _issue_frame(whole, file)


def _issue_frame(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    known = issue_severities()
    texts = {
        name: {code: pair[number] for code, pair in known.items()}
        for number, name in enumerate(("severity", "reason"))
    }
    return (
        frame.with_columns(
            pl.col("code").replace_strict(texts[name], return_dtype=pl.String).alias(name)
            for name in texts
        )
        .with_columns(file=pl.lit(file))
        .select(ISSUE_COLUMNS)
    )
