"""The command `report`."""

from pathlib import Path

import click

from outspread.cli.plan import pack_option
from outspread.cli.shared import output_option, write_texts


@click.command(epilog="Example: outspread report demo example-breast -o page.html")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("patient")
@output_option()
@click.option(
    "--dates",
    type=click.Choice(["calendar", "days", "age"]),
    default="calendar",
    show_default=True,
    help="How dates are shown first; the page can switch.",
)
@click.option(
    "--share",
    is_flag=True,
    help="Leave out ids, texts and all dates but days from the diagnosis.",
)
@click.option(
    "--person",
    is_flag=True,
    help="Write the page in plain words for the person instead.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "fhir"]),
    default="html",
    show_default=True,
    help="The page, or the story as an mCODE FHIR bundle in JSON.",
)
@pack_option
def report(
    folder: Path,
    patient: str,
    *,
    output: Path | None,
    dates: str,
    share: bool,
    person: bool,
    form: str,
    pack_folder: Path | None,
) -> None:
    """Write one patient's story and plan as one page of HTML.

    DIR is a folder that `outspread run` wrote. The page is one HTML file without script: every
    line opens its evidence, dates can be switched, and it prints.
    """
    if person and (share or dates != "calendar"):
        message = "The page for the person takes neither --share nor --dates."
        raise click.UsageError(message)
    if form == "fhir" and (person or share or dates != "calendar"):
        message = "A FHIR bundle takes neither --person, --share nor --dates."
        raise click.UsageError(message)
    from outspread.pipeline.plan import find_pack
    from outspread.write.report.case import read_case
    from outspread.write.report.page import patient_page, story_fhir
    from outspread.write.report.person import person_html

    case = read_case(folder, patient, pack=find_pack(pack_folder))
    if form == "fhir":
        page = story_fhir(case)
    else:
        page = person_html(case) if person else patient_page(case, dates=dates, share=share)
    write_texts([page], output)
