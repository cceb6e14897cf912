"""The command `serve`."""

from pathlib import Path
from typing import Final

import click

PORT: Final = 8765


@click.command(epilog="Example: outspread serve demo")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port on 127.0.0.1.",
)
def serve(folder: Path, *, port: int) -> None:
    """Show the pages of an output folder in a browser on this machine.

    DIR is a folder that `outspread run` wrote. The list can be searched, each patient has a page,
    and records can be tried without being stored. Only this machine is served, on 127.0.0.1; end
    with Control-C.
    """
    try:
        from outspread.serve import serve as run
    except ModuleNotFoundError as error:
        message = f"{error.name} is lacking. In the folder of outspread: pip install '.[serve]'"
        raise click.ClickException(message) from error
    click.echo(f"http://127.0.0.1:{port}/", err=True)
    run(folder, port=port)
