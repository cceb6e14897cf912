"""`outspread stage`: official staging of files, algorithms by name, versions compared."""

from datetime import UTC, datetime
from pathlib import Path

import click

from outspread.cli.shared import existing_file, form_option, output_option
from outspread.errors import StageError

UNREADABLE = "FAILED_UNREADABLE_LINE"

year_option = click.option(
    "--current-year",
    type=click.IntRange(1900, 2100),
    help="Last year of diagnosis that counts as past; results depend on it.  [default: this year]",
)
strict_option = click.option(
    "--strict/--lenient",
    default=True,
    show_default=True,
    help="Whether an input that the schema of a case does not have fails it, as in the reference "
    "client, or is ignored and named.",
)


class _StageGroup(click.Group):
    """Takes a file where no command is named."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Put the command for files before anything that is no command."""
        if arguments and arguments[0] not in {*self.commands, *context.help_option_names}:
            arguments = ["file", *arguments]
        return super().parse_args(context, arguments)


@click.group(
    cls=_StageGroup,
    epilog="Example: outspread stage list",
    subcommand_metavar="INPUT | COMMAND [ARGS]...",
)
def stage() -> None:
    """Stage cases with the official algorithms of cancer registries.

    INPUT is a file of cases; see `outspread stage file --help`.
    """


@stage.command(epilog="Example: outspread stage cases.csv --algorithm eod -o staged.parquet")
@click.argument("cases", metavar="INPUT", type=existing_file)
@click.option(
    "--algorithm",
    "name",
    required=True,
    metavar="FILE|NAME",
    help="Algorithm file, or the name of one that `outspread stage get` has fetched.",
)
@year_option
@strict_option
@click.option(
    "--explain",
    is_flag=True,
    help="Say which row of which table set each output; slow: a few thousand cases a second.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes; the result is the same.",
)
@output_option("CSV, Parquet or JSON lines, by the end of its name.", required=True)
def file(
    cases: Path,
    *,
    name: str,
    current_year: int | None,
    strict: bool,
    explain: bool,
    workers: int,
    output: Path,
) -> int:
    """Stage the cases of a file.

    INPUT is CSV, Parquet or JSON lines, by the end of its name. Its columns are named by input
    key, NAACCR id or NAACCR number, and are text; other columns are kept. An empty cell is an
    input that is not given, "" is one that is blank. Added are the result, the schema, every
    output, the errors and the path. Of JSON lines each is an object of inputs; it becomes an
    object with result, schema_id, output, errors and path.
    """
    from outspread.pipeline.stage import Settings, stage_file

    settings = Settings(name, current_year or _this_year(), strict=strict, explain=explain)
    counts = stage_file(cases, output, settings, workers=workers)
    if counts.others:
        click.echo(f"no inputs, only kept: {', '.join(counts.others)}", err=True)
    told = ", ".join(f"{count} {result}" for result, count in sorted(counts.results.items()))
    click.echo(f"{told or 'no cases'} in {output}", err=True)
    return 3 if UNREADABLE in counts.results else 0


@stage.command(name="list", epilog="Example: outspread stage list --format csv")
@form_option
def list_algorithms(form: str) -> None:
    """List the algorithms that can be had by name, for which years, and which are here."""
    import polars as pl

    from outspread.stage.fetch import find_algorithm, known_algorithms
    from outspread.write.listing import format_parts

    rows = []
    for known in known_algorithms():
        try:
            is_here = find_algorithm(known.name).is_file()
        except StageError:
            is_here = False
        years = f"{known.first_year} to {known.last_year or 'now'}"
        rows.append((known.name, known.short, years, known.gives, "yes" if is_here else "no"))
    columns = ["name", "short", "years of diagnosis", "gives", "here"]
    click.echo(format_parts([pl.DataFrame(rows, schema=columns, orient="row")], form))


@stage.command(epilog="Example: outspread stage get eod_public-3.3")
@click.argument("name")
@click.option("--release", help="Release that has it, for a file that outspread does not know.")
@click.option("--from", "base", metavar="URL", help="Address of a copy of the releases.")
def get(name: str, *, release: str | None, base: str | None) -> None:
    """Download an algorithm and keep it; the file must be the one known by that name."""
    from outspread.stage.fetch import RELEASES, get_algorithm

    path = get_algorithm(name, release=release, base=base or RELEASES)
    click.echo(f"{path.stem} is here: --algorithm {path.stem}", err=True)


@stage.command(epilog="Example: outspread stage diff eod_public-3.2.zip eod_public-3.3 cases.csv")
@click.argument("old")
@click.argument("new")
@click.argument("cases", metavar="INPUT", type=existing_file)
@year_option
@strict_option
def diff(old: str, new: str, cases: Path, *, current_year: int | None, strict: bool) -> int:
    """Say which cases change between two versions of an algorithm, and why, as CSV.

    OLD and NEW are algorithm files or names. Ends with 0 if no case changes, 1 if one does, 2 if
    they cannot be compared.
    """
    from outspread.pipeline.stage import compare_file

    count = 0
    try:
        for found in compare_file(
            old, new, cases, current_year=current_year or _this_year(), strict=strict
        ):
            if found.height:
                click.echo(found.write_csv(include_header=not count).rstrip("\n"))
            count += found.height
    except StageError as error:
        click.echo(f"outspread: {error}", err=True)
        return 2
    click.echo(f"{count} changes" if count else "no case changes", err=True)
    return int(bool(count))


def _this_year() -> int:
    return datetime.now(UTC).astimezone().year
