"""Which column of a table is which of ours: what was found, to be shown and changed."""

from base64 import b64encode
from collections.abc import Mapping as Named
from pathlib import Path
from typing import Final

from outspread.errors import ReadError
from outspread.read.columns.batches import read_batches
from outspread.read.columns.blocks import ROW
from outspread.read.columns.layout import METS, PATIENT, find_layout
from outspread.read.columns.mcode import find_template
from outspread.read.columns.stream import looks_delimited
from outspread.read.files import read_head
from outspread.read.notes import is_prose, looks_like_note_table
from outspread.read.vocabulary import load_rows
from outspread.serve.views import Column, Mapping

MOST_KEPT: Final = 1_000_000  # bytes of a file that its own page may carry along


def mapping_of(path: Path, columns: Named[str, str]) -> Mapping | None:
    """Say which columns of a file are read as what; None where it is no table of rows.

    Parameters
    ----------
    columns
        What has been chosen so far: names in the file by ours.
    """
    head = read_head(path)
    if not looks_delimited(head) or is_prose(head):
        return None
    header = [name for name in next(read_batches(path)).cells.columns if name != ROW]
    if not header or (not columns and (find_template(header) or looks_like_note_table(header))):
        return None
    try:
        layout = find_layout(path.name, header, columns)
        found, unknown = layout.columns | _by_site(layout.mets), layout.unknown
    except ReadError:
        found, unknown = dict(columns), [name for name in header if name not in columns.values()]
    return Mapping(_columns(found), tuple(header), tuple(unknown))


def kept_content(path: Path) -> str:
    """Give a file as text that a form can send again; empty where it is too large for it."""
    if path.stat().st_size > MOST_KEPT:
        return ""
    return b64encode(path.read_bytes()).decode()


def _by_site(mets: Named[str, str]) -> dict[str, str]:
    return {f"{METS}{site}": header for header, site in mets.items()}


def _columns(found: Named[str, str]) -> tuple[Column, ...]:
    """Our columns with the header of each; those of single sites only where they are there."""
    ours = {row["column"]: row["meaning"] for row in load_rows("columns_layout.csv")}
    sites = {name: "Spread to this place." for name in found if name.startswith(METS)}
    return tuple(
        Column(name, meaning, found.get(name, ""), is_needed=name == PATIENT)
        for name, meaning in (ours | sites).items()
    )
