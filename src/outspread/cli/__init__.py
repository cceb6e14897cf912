"""The command line: one thin function for each command.

Data goes to stdout, talk to stderr. Exit codes: 0 done, 1 failed, 2 misuse, 3 done but with issues
that `--fail-on` forbids. `diff` ends as that of Unix does: 0 the same, 1 different, 2 failed. What
a command needs is imported inside it, so that help stays fast.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from outspread import __version__
from outspread.cli.plan import pack, plan
from outspread.cli.report import report
from outspread.cli.serve import serve
from outspread.cli.shared import existing_file, form_option, output_option, read_csv, write_texts
from outspread.cli.stage import stage
from outspread.cli.terms import terms
from outspread.errors import OutspreadError

if TYPE_CHECKING:
    from outspread.pipeline import Progress, RunRecord

SHOW_AFTER_SECONDS: Final = 1.0
ROWS_AT_ONCE: Final = 100_000
INTERRUPTED: Final = 130
FORBIDDEN: Final = {"error": ("error",), "warning": ("error", "warning")}

map_option = click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="OURS=THEIRS",
    help="Name of a column of your CSV or Parquet files, by ours; repeatable.",
)
codes_option = click.option(
    "--codes", type=existing_file, help="CSV of your own codes; they win over ours."
)
fail_option = click.option(
    "--fail-on",
    type=click.Choice(list(FORBIDDEN)),
    help="End with code 3 if the input has issues as severe as this.",
)
pack_option = click.option(
    "--pack",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of CSV files with your own words for reading notes.",
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that read and diagnose; the result is the same.  "
    "[default: one for each core; a small input takes one]",
)
inputs_argument = click.argument(
    "inputs",
    metavar="INPUT...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; errors are one line on stderr."""
    try:
        code = cli.main(list(arguments), prog_name="outspread", standalone_mode=False)
        sys.stdout.flush()
    except OutspreadError as error:
        click.echo(f"outspread: {error}", err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return int(code or 0)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: outspread run records/ --out story/",
)
@click.version_option(__version__, message="outspread %(version)s")
def cli() -> None:
    """Read records of people with cancer and work out the metastatic story."""


@cli.command(epilog="Example: outspread run examples/ --out demo --as-of 2026-01-01")
@inputs_argument
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder for the tables."
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Date for which the story holds; later evidence is not counted.  [default: today]",
)
@codes_option
@map_option
@pack_option
@click.option(
    "--algorithm",
    metavar="FILE|NAME",
    help="Official algorithm that derives the Summary Stage of registry tumors; see `stage`.",
)
@workers_option
@fail_option
def run(
    inputs: tuple[Path, ...],
    *,
    out: Path,
    as_of: datetime | None,
    codes: Path | None,
    pairs: tuple[str, ...],
    pack: Path | None,
    algorithm: str | None,
    workers: int | None,
    fail_on: str | None,
) -> int:
    """Read records, diagnose, and write a folder of Parquet tables.

    INPUT is a file or folder: FHIR R4 bundles, resources or NDJSON, NAACCR XML, CSV or Parquet
    with one statement a row, notes in free text, or tables that outspread wrote. What it is, is
    found by its content.
    """
    from outspread.pipeline import run as run_pipeline

    with _progress_bar() as progress:
        record = run_pipeline(
            inputs,
            out,
            as_of=as_of.date() if as_of else _today(),
            codes=read_csv(codes) if codes else None,
            columns=_mapping(pairs),
            pack=pack,
            algorithm=algorithm,
            workers=workers or _cores(),
            progress=progress,
        )
    click.echo(_summary(record, out), err=True)
    return _exit_code(record["issues"], fail_on)


@cli.command(epilog="Example: outspread extract examples/ -o said.jsonl")
@inputs_argument
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write tables of evidence to this folder."
)
@output_option()
@click.option(
    "--format",
    "form",
    type=click.Choice(["tables", "jsonl"]),
    help="Tables, or one JSON object a line for each note.  "
    "[default: tables with --out, else jsonl]",
)
@pack_option
@workers_option
@fail_option
def extract(
    inputs: tuple[Path, ...],
    *,
    out: Path | None,
    output: Path | None,
    form: str | None,
    pack: Path | None,
    workers: int | None,
    fail_on: str | None,
) -> int:
    """Say what notes state, as tables or as lines of JSON.

    INPUT is read as `run` does; what is no note is left aside. With --out, the folder holds the
    findings, treatments and measurements with the characters that say so; it can be an INPUT of
    `run`, which does not read its notes again. As JSON, each object holds the primary sites, the
    sites of spread with kind and status, sites said to be free, the extent, stage, sizes,
    treatments, and the characters that say so.
    """
    if (form or ("tables" if out else "jsonl")) != ("tables" if out else "jsonl") or (
        out and output
    ):
        message = "Tables take --out DIR, lines of JSON take -o FILE or stdout; not both."
        raise click.UsageError(message)
    from outspread.pipeline.documents import export_notes, extract_notes

    cores = workers or _cores()
    if out:
        with _progress_bar() as progress:
            record = extract_notes(inputs, out, pack=pack, workers=cores, progress=progress)
        click.echo(_said_summary(record, out), err=True)
        return _exit_code(record["issues"], fail_on)
    issues: Counter[str] = Counter()
    count = 0

    def lines() -> Iterator[str]:
        nonlocal count
        for said in export_notes(inputs, pack=pack, workers=cores):
            issues.update(said.issues)
            count += len(said.lines)
            yield from said.lines

    write_texts(lines(), output)
    click.echo(f"{count} notes{_issue_words(issues)}", err=True)
    return _exit_code(issues, fail_on)


@cli.command(epilog="Example: outspread check examples/")
@inputs_argument
@codes_option
@map_option
@workers_option
@fail_option
@form_option
def check(
    inputs: tuple[Path, ...],
    *,
    codes: Path | None,
    pairs: tuple[str, ...],
    workers: int | None,
    fail_on: str | None,
    form: str,
) -> int:
    """Say what of some records would be set aside, and why; write nothing.

    Reads INPUT as `run` does. Prints what is found, then one line for each kind of issue in each
    file and field, with the place of the first.
    """
    from outspread.pipeline import check as check_inputs
    from outspread.write.listing import format_parts

    with _progress_bar() as progress:
        checked = check_inputs(
            inputs,
            codes=read_csv(codes) if codes else None,
            columns=_mapping(pairs),
            workers=workers or _cores(),
            progress=progress,
        )
    parts = [checked.found, checked.issues] if checked.issues.height else [checked.found]
    click.echo(format_parts(parts, form))
    return _exit_code(dict.fromkeys(checked.issues["severity"], 1), fail_on)


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Turn OURS=THEIRS pairs into a mapping."""
    columns = {}
    for pair in pairs:
        ours, sign, theirs = (part.strip() for part in pair.partition("="))
        if not (ours and sign and theirs):
            message = "--map takes OURS=THEIRS, such as --map patient_id=mrn"
            raise click.UsageError(message)
        columns[ours] = theirs
    return columns


def _exit_code(issues: Mapping[str, int], fail_on: str | None) -> int:
    forbidden = FORBIDDEN[fail_on] if fail_on else ()
    return 3 if any(issues.get(severity) for severity in forbidden) else 0


@cli.command(epilog="Example: outspread explain demo")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("patient", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or one JSON object a line for each patient.",
)
def explain(folder: Path, patient: str | None, *, form: str) -> None:
    """Print a story as text, every line with its evidence and rule.

    DIR is a folder that `outspread run` wrote. Without PATIENT, all patients with a cancer follow
    each other.
    """
    from outspread.write.patients import explain_folder

    for number, text in enumerate(explain_folder(folder, patient_id=patient, form=form)):
        click.echo(f"\n{text}" if number and form == "text" else text)


@cli.command(epilog="Example: outspread diff story-may story-june")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--patient", metavar="ID", help="Only this person.")
@output_option()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="Text for people, or one JSON object a line for each change.",
)
def diff(old: Path, new: Path, *, patient: str | None, output: Path | None, form: str) -> int:
    """Say whose story differs between two runs, and why.

    OLD and NEW are folders that `outspread run` wrote. The cause is new data, new rules, new
    knowledge or other settings; several where the runs do not tell which of them it was. As text, a
    file holds all people, stdout the first 20 of each cause. Ends with 0 if no story differs, 1 if
    one does, 2 if the folders cannot be compared.
    """
    from outspread.compare import compare
    from outspread.compare.text import SHOWN_PEOPLE, difference_lines, summary

    try:
        found = compare(old, new, patient_id=patient)
    except OutspreadError as error:
        click.echo(f"outspread: {error}", err=True)
        return 2
    if form == "text":
        write_texts(difference_lines(found, most=None if output else SHOWN_PEOPLE), output)
    else:
        parts = found.changes.iter_slices(ROWS_AT_ONCE)
        write_texts((part.write_ndjson().rstrip("\n") for part in parts if part.height), output)
    if output or form != "text":
        click.echo(summary(found), err=True)
    return 0 if found.changes.is_empty() else 1


for command in (stage, terms, plan, pack, report, serve):
    cli.add_command(command)


def _cores() -> int:
    """Cores that this process may use, as Polars counts them: it knows of containers too."""
    import polars as pl

    return pl.thread_pool_size()


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _summary(record: "RunRecord", out: Path) -> str:
    from outspread.write.patients import count_people

    counts = record["counts"]
    return (
        f"{count_people(out)} patients, {counts['disease']} diseases, {counts['lesion']} lesions, "
        f"{counts['conflict']} conflicts in {out}{_issue_words(record['issues'])}"
    )


def _said_summary(record: "RunRecord", out: Path) -> str:
    counts = record["counts"]
    return (
        f"{counts['document']} notes, {counts['finding']} findings, "
        f"{counts['treatment']} treatments, {counts['measurement']} measurements in {out}"
        f"{_issue_words(record['issues'])}"
    )


def _issue_words(issues: Mapping[str, int]) -> str:
    said = ", ".join(f"{count} {severity}" for severity, count in sorted(issues.items()) if count)
    return f" (issues: {said})" if said else ""


@contextmanager
def _progress_bar() -> Iterator["Progress"]:
    """Show progress on stderr if it is a terminal and the work takes longer than a second."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", visible=False)
        start = time.monotonic()

        def progress(step: str, done: int, total: int | None) -> None:
            if time.monotonic() - start > SHOW_AFTER_SECONDS:
                bar.update(task, description=step, completed=done, total=total, visible=True)
                bar.refresh()

        yield progress
