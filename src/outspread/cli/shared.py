"""What several commands need: files that exist, tables of the user, where output goes."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import polars as pl

Command = TypeVar("Command", bound=Callable[..., Any])
existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "jsonl"]),
    default="table",
    show_default=True,
    help="How rows are written to stdout.",
)


def output_option(
    what: str = "Write to this file.  [default: stdout]", *, required: bool = False
) -> Callable[[Command], Command]:
    """Give the option -o of a command."""
    path = click.Path(dir_okay=False, path_type=Path)
    return click.option("-o", "--output", required=required, type=path, help=what)


def write_texts(texts: Iterable[str], output: Path | None) -> None:
    """Write texts below each other, to a file or to stdout."""
    if output is None:
        for text in texts:
            click.echo(text)
        return
    from outspread.write.files import written_whole

    try:
        with written_whole(output) as file:
            file.writelines(f"{text}\n" for text in texts)
    except OSError as error:
        raise click.FileError(output.name, error.strerror) from error


def read_csv(path: Path) -> "pl.DataFrame":
    """Read a CSV file of the user, every cell as text."""
    import polars as pl

    try:
        return pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        message = f"{path.name} cannot be read as CSV: {type(error).__name__}"
        raise click.ClickException(message) from None
