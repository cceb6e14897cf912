"""CSV files of the mCODE extraction framework: each row becomes the FHIR resource it stands for.

The resources go to the FHIR handlers, so that the same facts give the same evidence however they
come. A placeholder left from the framework's own templates counts as an empty cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import orjson
import polars as pl

from outspread.read.chunks import Sheets
from outspread.read.columns.batches import Batch
from outspread.read.columns.blocks import ROW
from outspread.read.columns.mcode_resources import MAKERS, Row
from outspread.read.dates import Days, today
from outspread.read.fhir.reader import Reader
from outspread.read.fhir.stream import CHUNK_ROWS, HANDLERS, PENDING_LIMIT
from outspread.read.meanings import Meanings
from outspread.read.vocabulary import load_rows
from outspread.records import Records

_ID: Final = "id"
_OWNER: Final = "mrn"


class Template(NamedTuple):
    """A layout of the framework; `resource` is empty where it states nothing outspread reads."""

    name: str
    resource: str
    columns: frozenset[str]


@cache
def _templates() -> tuple[Template, ...]:
    rows = load_rows("columns_templates.csv")
    return tuple(
        Template(row["template"], row["resource"], frozenset(row["columns"].split()))
        for row in rows
    )


def find_template(header: Sequence[str]) -> Template | None:
    """Tell which layout of the framework a file has, by the columns that make it."""
    have = {name.lower() for name in header}
    fitting = [template for template in _templates() if template.columns <= have]
    return max(fitting, key=lambda template: len(template.columns), default=None)


def read_template(
    file: str,
    template: Template,
    batches: Iterable[Batch],
    *,
    codes: pl.DataFrame | None = None,
) -> Iterator[Records]:
    """Read a file of the framework.

    Parameters
    ----------
    file
        Its name.
    template
        Its layout.
    batches
        Its rows.
    codes
        A site's own code map.

    Returns
    -------
    Chunks of `Records`.
    """
    sheets = Sheets(file, source_kind="columns")
    reader = Reader(sheets, Meanings(codes), Days(today()), HANDLERS, unit="row")
    if not template.resource:
        sheets.issues.append(("R083", "file", None, None, None))
    for batch in batches:
        for code, row, column in batch.issues:
            sheets.issues.append((code, "row" if row else "file", row, column, None))
        if template.resource:
            _take_rows(batch.cells, template, reader)
        if len(sheets.slices) >= CHUNK_ROWS:
            reader.settle()
            yield sheets.records()
    reader.settle()
    if sheets.row_count():
        yield sheets.records()


def _take_rows(cells: pl.DataFrame, template: Template, reader: Reader) -> None:
    make = MAKERS[template.resource]
    for row in cells.iter_rows(named=True):
        reader.unit, reader.number = "row", row.pop(ROW)
        facts = _without_placeholders(row, reader)
        if not facts.get(_OWNER):
            reader.sheets.issues.append(("R073", "row", reader.number, _OWNER, None))
            continue
        content = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)
        name = f"row-{blake2b(content, digest_size=8).hexdigest()}"
        for resource in make(facts, name):
            reader.take(resource, content, HANDLERS[resource["resourceType"]])
        if len(reader.pending) >= PENDING_LIMIT:
            reader.settle()


def _without_placeholders(row: dict[str, Any], reader: Reader) -> Row:
    """Cells that hold something; a placeholder is noted, save in the names of rows."""
    facts: dict[str, str] = {}
    for header, cell in row.items():
        column = header.lower()
        if cell is None or column in facts:
            continue
        if _is_placeholder(cell) and not column.endswith(_ID) and column != _OWNER:
            reader.sheets.issues.append(("R084", reader.unit, reader.number, header, None))
        else:
            facts[column] = cell
    return facts


@cache
def _placeholders() -> tuple[str, ...]:
    return tuple(row["placeholder"] for row in load_rows("columns_placeholders.csv"))


def _is_placeholder(cell: str) -> bool:
    return cell.lower().startswith(_placeholders())
