"""The commands `plan` and `pack`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

TITLES: Final = (
    "Nobody can reach it",
    "Without a source, shown as not verified",
    "Not verified",
    "Newest source older, or without a year",
)
pack_option = click.option(
    "--pack",
    "pack_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of your own pack of options.  [default: the one of outspread]",
)


@click.command(epilog="Example: outspread plan demo")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.argument("patient", required=False)
@click.option(
    "--factors",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="JSON lines with an id and factors each, in place of DIR; - is standard input.",
)
@pack_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "person", "jsonl"]),
    default="text",
    show_default=True,
    help="Text for professionals, a page in plain words for the person, or JSON lines.",
)
@click.option(
    "--audit",
    is_flag=True,
    help="Hold the treatments that go on against the options listed, and count.",
)
def plan(
    folder: Path | None,
    patient: str | None,
    *,
    factors: Path | None,
    pack_folder: Path | None,
    form: str,
    audit: bool,
) -> None:
    """List what can be done, why, and which facts are missing.

    DIR is a folder that `outspread run` wrote; without PATIENT, all patients with a cancer follow
    each other. With --factors, a line is {"id": ..., "factors":
    {...}} with the factors of the pack, and each gives the ids of the options that apply, need a
    fact or are advised against, of alerts, and of sentences to be said.

    It supports a professional who can review its basis. It is not advice, gives no doses, and no
    clinician has reviewed its pack yet.
    """
    if (folder is None) == (factors is None) or (factors and (audit or form != "jsonl")):
        message = "Give DIR, or --factors FILE --format jsonl."
        raise click.UsageError(message)
    from outspread.pipeline.plan import audit_folder, find_pack, plan_folder
    from outspread.plan.cases import plan_cases
    from outspread.write.listing import format_parts

    pack = find_pack(pack_folder)
    if folder and audit:
        rows = audit_folder(folder, pack, patient_id=patient)
        if form == "jsonl":
            click.echo(rows.write_ndjson().rstrip("\n"))
        else:
            click.echo(format_parts([rows["outcome"].value_counts(sort=True), rows], "table"))
    elif folder:
        for number, text in enumerate(plan_folder(folder, pack, patient_id=patient, form=form)):
            click.echo(f"\n\n{text}" if number and form != "jsonl" else text)
    elif factors:
        with sys.stdin.buffer if str(factors) == "-" else factors.open("rb") as lines:
            for line in plan_cases(lines, pack):
                click.echo(line)


@click.group(epilog="Example: outspread pack check")
def pack() -> None:
    """Packs of treatment options: check one."""


@pack.command(epilog="Example: outspread pack check")
@click.argument(
    "folder",
    metavar="[PACK]",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--older-than",
    "years",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="List options whose newest source is older than so many years.",
)
def check(folder: Path | None, *, years: int) -> int:
    """Check that a pack holds together, and list what its owner should look at.

    PACK is a folder; without it, the pack of outspread is checked. References must resolve,
    conditions fit their factors, implications not go in circles, and every option must be
    reachable. Ends with 1 if not.
    """
    from outspread.plan.pack.check import check_pack
    from outspread.plan.pack.load import OWN_PACK, read_pack

    found, problems = read_pack(folder or OWN_PACK)
    if found is None:
        click.echo("\n".join(problems))
        return 1
    oldest = datetime.now(UTC).astimezone().year - years
    findings = check_pack(found, oldest=oldest)
    click.echo(f"Pack {found.name}, version {found.version}: {len(found.options)} options.")
    for title, options in zip(TITLES, findings, strict=True):
        click.echo(f"{title}: {len(options)}" + "".join(f"\n  {name}" for name in options))
    return int(bool(findings.unreachable))
