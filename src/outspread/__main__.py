"""Entry of the command `outspread`; prints its help without loading what the commands need."""

import sys

from outspread import __version__


def main() -> None:
    """Run the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    if arguments in ([], ["-h"], ["--help"]):
        _show_help()
    elif arguments == ["--version"]:
        sys.stdout.write(f"outspread {__version__}\n")
    else:
        from outspread.cli import main as run_command

        sys.exit(run_command(arguments))


def _show_help() -> None:
    """Print the packaged help; `scripts/make_docs.py` makes it from the commands."""
    path = __file__.removesuffix("__main__.py") + "help.txt"
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib doubles the time
        sys.stdout.write(file.read())


if __name__ == "__main__":
    main()
