"""What notes state, without a story: as tables in a folder, or one JSON object for each note."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import orjson
import polars as pl

from outspread.extract.document import is_part_foreign, read_note
from outspread.extract.export import summarize
from outspread.pipeline.record import RunRecord, write_record
from outspread.pipeline.spool import check_apart, read_into
from outspread.pipeline.workers import Progress, shared_out
from outspread.read import check_usable, read_chunks
from outspread.read.vocabulary import issue_severities
from outspread.records import Records
from outspread.write.staging import staged
from outspread.write.tables import TABLE_FILES

CHARACTERS_AT_ONCE: Final = 500_000
_AHEAD: Final = 16
_EVIDENCE: Final = ("finding", "treatment", "measurement")


class Said(NamedTuple):
    """What some notes state, one line of JSON each, and the issues of reading them by severity."""

    lines: list[str]
    issues: Counter[str]


class _Task(NamedTuple):
    """Notes by name, to be read with the words of a pack, and the issues met so far."""

    notes: list[tuple[str, str]]
    pack: Path | None
    issues: Counter[str]


def extract_notes(
    inputs: Sequence[Path],
    out: Path,
    *,
    pack: Path | None = None,
    workers: int = 1,
    progress: Progress = lambda step, done, total: None,
) -> RunRecord:
    """Read notes and write what they state as a folder of record tables, replaced as a whole.

    Such a folder can be an input of `run`: its notes are not read again. Coded statements of the
    inputs are left out.

    Parameters
    ----------
    inputs, out, pack, workers, progress
        As for `run`.

    Returns
    -------
    The run record, as written to `run.json`; it has no date.

    Raises
    ------
    ReadError, StoreError
        See `outspread.pipeline.run`.
    """
    check_apart(inputs, out)
    with staged(out, names=TABLE_FILES) as folder:
        with shared_out(workers) as share:
            counts, usable_count = read_into(
                folder, inputs, codes=None, columns=None, share=share, progress=progress,
                pack=pack, keep=of_notes,
            )  # fmt: skip
        check_usable(usable_count)
        return write_record(folder, inputs, as_of=None, pack=pack, counts=counts)


def of_notes(records: Records) -> Records:
    """Leave out what is stated elsewhere than in a note; people and issues stay."""
    is_note = pl.col("source_kind") == "document"
    tables = {name: getattr(records, name).filter(is_note) for name in _EVIDENCE}
    notes = records.document.select("patient_id", source_ref="document_id")
    raw = records.raw.join(notes, on=["patient_id", "source_ref"], how="semi")
    return Records(**(records.tables() | tables | {"raw": raw}))


def export_notes(
    inputs: Sequence[Path], *, pack: Path | None = None, workers: int = 1
) -> Iterator[Said]:
    """Read notes and say what each states, in the shape of the report gold standard.

    Parameters
    ----------
    inputs
        Files and folders; what is no note in them is left aside.
    pack
        Folder of your own words, see `outspread.extract.lexicon`.
    workers
        Processes that read; the lines and their order do not depend on their number.

    Raises
    ------
    ReadError
        See `outspread.read.read_chunks`.
    """
    with shared_out(workers) as share:
        yield from share(_say, _tasks(inputs, pack), ahead=_AHEAD)


def _tasks(inputs: Sequence[Path], pack: Path | None) -> Iterator[_Task]:
    """Put about as many characters of notes into each task, in the order of the inputs."""
    for chunk in read_chunks(inputs):
        issues = Counter(map(str, chunk.issue["severity"]))
        notes: list[tuple[str, str]] = []
        size = 0
        for name, text in chunk.document.select("document_id", "text").iter_rows():
            notes.append((name, text))
            size += len(text)
            if size > CHARACTERS_AT_ONCE:
                yield _Task(notes, pack, issues)
                notes, size, issues = [], 0, Counter()
        if notes or issues:
            yield _Task(notes, pack, issues)


def _say(task: _Task) -> Said:
    issues = Counter(task.issues)
    lines = []
    for name, text in task.notes:
        reading = read_note(text, pack=task.pack)
        issues[issue_severities()["R134"][0]] += is_part_foreign(reading)
        lines.append(orjson.dumps(summarize(reading, name)).decode())
    return Said(lines, +issues)
