"""NAACCR XML of a cancer registry, versions 14 to 26, plain or gzip, as `Records` or plain rows.

Streaming: memory does not grow with the file. `xml` parses safely, `batch` says which
item is of which tumor, `tables` puts the tables together. What each item becomes is data:
`data/naaccr_items.csv` and `data/naaccr_codes.csv`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from outspread.errors import ReadError
from outspread.read.dates import today
from outspread.read.files import DAMAGED, open_bytes
from outspread.read.naaccr.batch import place_elements
from outspread.read.naaccr.encoding import BLOCK_BYTES, REPLACED, find_encoding, read_blocks
from outspread.read.naaccr.issues import document_notes, note_issues
from outspread.read.naaccr.knowledge import ItemNumbers, read_dictionary
from outspread.read.naaccr.rows import item_rows
from outspread.read.naaccr.tables import Reading, read_batch
from outspread.read.naaccr.tumor import Meanings
from outspread.read.naaccr.xml import Elements, Note, Scanner
from outspread.read.vocabulary import issue_severities
from outspread.records import Records


def read_naaccr(
    path: Path, *, codes: pl.DataFrame | None = None, dictionaries: Iterable[Path] = ()
) -> Iterator[Records]:
    """Read one NAACCR XML file.

    Parameters
    ----------
    path
        NAACCR XML with any base dictionary, plain or gzip; the content decides, not the name.
    codes
        A site's own code map, see `outspread.anatomy.codes.resolve_codes`; it wins over ours.
    dictionaries
        User dictionaries; their items are known, but not read.

    Returns
    -------
    Chunks of `Records`, each of whole patients. What cannot be used is a row of `issue`; nothing
    raises for bad data. An item that is absent, blank, unknown or not applicable gives no row:
    it is never read as "no".

    Raises
    ------
    ReadError
        R062 where a user dictionary cannot be read.

    Sources
    -------
    NAACCR data dictionary [naaccr_dictionary]; meanings of site-specific items from EOD 2018
    [eod2018]; recurrence codes [naaccr_recurrence].
    """
    user_items = [read_dictionary(Path(one)) for one in dictionaries]
    numbers = ItemNumbers(frozenset[str]().union(*user_items))
    reading = Reading(path.name, today(), Meanings(codes))
    scanner = Scanner(numbers, numbers.of)
    for elements in scanner.read(_blocks(path, scanner.notes)):
        records = _tables(elements, scanner, numbers, reading=reading)
        del elements  # not to be held while the next ones are read
        yield records
        del records


def _tables(
    elements: Elements, scanner: Scanner, numbers: ItemNumbers, *, reading: Reading
) -> Records:
    """All tables of some whole patients, and what is wrong with the document so far."""
    batch = place_elements(elements, patients_before=reading.patients)
    notes = document_notes(batch, numbers, scanner, reading.told)
    return read_batch(batch, reading, note_issues(notes, reading.file))


def read_items(path: Path) -> Iterator[dict[str, str]]:
    """Read NAACCR XML as plain rows: for those who want the items and nothing else.

    Parameters
    ----------
    path
        As for `read_naaccr`.

    Returns
    -------
    One dict per Tumor: `naaccrId` to value, items of its Patient and of the root included; one
    dict for a Patient without Tumor. Items of user dictionaries are there too; blank ones are not.
    Values are as recorded, without white space around them; of equal items the first counts.

    Raises
    ------
    ReadError
        R063 after the last row, where a part of the file could not be read.
    """
    numbers = ItemNumbers()
    scanner = Scanner(numbers, numbers.of)
    shared: dict[str, str] = {}
    for elements in scanner.read(_blocks(path, scanner.notes)):
        yield from item_rows(elements, list(numbers), shared)
    severities = issue_severities()
    broken = [note for note in scanner.notes if severities[note.code][0] == "error"]
    if broken:
        message = (
            f"R063: {path.name} could not be read in full ({len(broken)} places, the first is "
            f"{broken[0].place}, {broken[0].code}). `outspread check` lists them all."
        )
        raise ReadError(message)


def _blocks(path: Path, notes: list[Note]) -> Iterator[str]:
    """Text of the file, as far as it can be opened, unpacked and decoded."""
    try:
        with open_bytes(path) as stream:
            head = stream.read1(BLOCK_BYTES)
            encoding = find_encoding(head)
            if encoding is None:
                notes.append(Note("R109", "file"))
                return
            is_noted = False
            for text in read_blocks(stream, encoding, head):
                if REPLACED in text and not is_noted:
                    notes.append(Note("R108", "file"))
                    is_noted = True
                yield text
    except DAMAGED:
        notes.append(Note("R005", "file"))
    except OSError:
        notes.append(Note("R001", "file"))
