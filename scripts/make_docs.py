"""Makes the pages and texts that follow from the code: run after a change, or with --check.

Writes `docs/reference/{tables,columns,cli,issues,errors,rules,factors}.md` and
`src/outspread/help.txt`.
With `--check` it writes nothing and ends with 1 if one of them differs from what it would write.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Final

import click
import dataframely as dy

from outspread import errors
from outspread.cli import cli
from outspread.plan.facts.listing import rules_by_factor
from outspread.plan.judge import conditions_of
from outspread.plan.pack.load import own_pack
from outspread.plan.tables import PLAN_TABLES
from outspread.tables import RECORD_TABLES, STORY_TABLES

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "src" / "outspread"
_SHOWN: Final = 12
NOTE: Final = "<!-- Made by scripts/make_docs.py from the code; change it there. -->"


def main() -> int:
    """Write the pages, or with --check report those that differ."""
    made = {path: make() for path, make in PAGES.items()}
    stale = [path for path, text in made.items() if not _holds(path, text)]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} differs: run scripts/make_docs.py", file=sys.stderr)
        return int(bool(stale))
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    return 0


def tables_page() -> str:
    """Make the data dictionary."""
    parts = [
        "# Tables",
        NOTE,
        "An output folder holds one Parquet file for each table, sorted by `patient_id`. Closed "
        "sets are stored as plain text. Bold columns are the key.",
        "## Records: what the sources say",
        *(_table_part(name, schema) for name, schema in RECORD_TABLES.items()),
        "## Story: what follows",
        *(_table_part(name, schema) for name, schema in STORY_TABLES.items()),
        "## Plan: what can be done",
        "`outspread.plan` and `outspread plan --format jsonl` give these; they are made anew from "
        "the story and a pack, and are not stored in the folder.",
        *(_table_part(name, schema) for name, schema in PLAN_TABLES.items()),
    ]
    return _page(parts)


def columns_page() -> str:
    """Make the list of columns of CSV and Parquet files."""
    rows = _csv_rows("read/data/columns_layout.csv")
    names = _csv_rows("read/data/columns_names.csv")
    words = [row for row in _csv_rows("read/data/columns_words.csv") if row["means"]]
    stated = [
        {
            "column": use,
            "means": means,
            "written": ", ".join(row["word"] for row in words if _is_for(row, use, means)),
        }
        for use, means in dict.fromkeys((row["use"], row["means"]) for row in words)
    ]
    usual = [
        {
            "column": column,
            "also named": ", ".join(row["header"] for row in names if row["column"] == column),
        }
        for column in dict.fromkeys(row["column"] for row in names)
    ]
    parts = [
        "# Columns of CSV and Parquet files",
        NOTE,
        _text("columns.md"),
        _grid(["column", "meaning", "accepted", "example"], rows),
        "## Usual names of columns",
        "Case, spaces and signs do not matter: `Date of Birth` is `date_of_birth`.",
        _grid(["column", "also named"], usual),
        "## Words of cells",
        _grid(["column", "means", "written"], stated),
    ]
    return _page(parts)


def _is_for(row: dict[str, str], use: str, means: str) -> bool:
    return (row["use"], row["means"]) == (use, means)


def _text(name: str) -> str:
    return (ROOT / "scripts/pages" / name).read_text(encoding="utf-8").strip()


def cli_page() -> str:
    """Make the reference of commands, as their own help says it."""
    parts = ["# Command line", NOTE, _code(_help(_context(cli)))]
    return _page(parts + _commands(cli, _context(cli)))


def _commands(group: click.Group, context: click.Context) -> list[str]:
    parts = []
    for _, command in sorted(group.commands.items()):
        own = _context(command, parent=context)
        parts += [f"## {own.command_path}", _code(_help(own))]
        if isinstance(command, click.Group):
            parts += _commands(command, own)
    return parts


def issues_page() -> str:
    """Make the list of issue codes."""
    rows = _csv_rows("read/data/issues.csv")
    lines = _grid(["code", "severity", "meaning"], rows)
    about = (
        "Codes of the rows of the table `issue`: what of the data could not be used. What ends a "
        "command has a code of its own, see [errors](errors.md)."
    )
    return _page(["# Issues", NOTE, about, lines])


def errors_page() -> str:
    """Make the list of codes that end a command, and of the results of staging."""
    rows = _page_rows("errors.csv")
    families = [
        f"## {letter}: {_family(letter)}\n\n" + _grid(["code", "meaning", "what to do"], list(some))
        for letter, some in groupby(rows, key=lambda row: row["code"][0])
    ]
    parts = [
        "# Errors",
        NOTE,
        "What ends a command, or is raised in Python as an `OutspreadError`. Data that cannot be "
        "used never does: it becomes a row of the table `issue`, see [issues](issues.md). A "
        "message holds no value of a record.",
        *families,
        "## Results of staging",
        "The column `result` of [official staging](../how-to/official-staging.md).",
        _grid(["result", "meaning"], _page_rows("staging_results.csv")),
        "## Errors of a staged case",
        "The `type` of each item of the column `errors`; they are those of the reference client, "
        "but for the last.",
        _grid(["type", "meaning"], _page_rows("staging_errors.csv")),
    ]
    return _page(parts)


def _family(letter: str) -> str:
    """Say what the codes of a letter stand for, as the tree of errors does."""
    line = re.search(rf"(\w+) +{letter}\.\.\. +(.+)", errors.__doc__ or "")
    if line is None:
        message = f"errors.py tells no family of {letter}"
        raise LookupError(message)
    return f"{line[2]} (`{line[1]}`)"


def rules_page() -> str:
    """Make the list of rules that decide, and of those that read notes."""
    names = ["rule_id", "sentence", "source"]
    parts = [
        "# Rules",
        NOTE,
        "Rules that rows of the story name, and which further fact would change what they say.",
        _grid([*names, "would_change"], _csv_rows("diagnose/data/rules.csv")),
        "## Reading notes",
        "Rules that evidence read from free text names.",
        _grid(names, _csv_rows("extract/data/rules.csv")),
        "## Anatomy",
        "What decides about a place where no row of the anatomy does; exceptions from the rows.",
        _grid(["id", "rule", "source"], _csv_rows("anatomy/data/rules.csv")),
        _grid(["id", "reason", "source"], _csv_rows("anatomy/data/exceptions.csv")),
        "## Facts for the plan",
        "Rules that rows of `factor` name; those that begin with `pack.` are implications of the "
        "pack.",
        _grid(names, _csv_rows("plan/data/rules.csv")),
    ]
    return _page(parts)


def factors_page() -> str:
    """Make the list of factors: what they are, and from what in a record each can come."""
    pack = own_pack()
    asked = Counter(
        name
        for option in pack.options
        for name in {condition.factor for condition in conditions_of(option)}
    )
    rows = [
        {
            "factor": name,
            "meaning": "; ".join(filter(None, (pack.factors[name].label, pack.factors[name].note))),
            "values": pack.factors[name].unit or ", ".join(pack.factors[name].values[:_SHOWN]),
            "options": str(asked[name]),
            "from a record by": " ".join(rules),
        }
        for name, rules in sorted(rules_by_factor(pack).items())
    ]
    judged = sum(row["from a record by"] == "plan.stated" for row in rows)
    about = (
        f"The {len(rows)} factors of the pack {pack.name}, version {pack.version}; how many of "
        "its options ask for each; and by which [rules](rules.md) a record can settle it. "
        f"{judged} have only `plan.stated`: no part of a record tells them, but a row of the table "
        "`measurement` that bears the name of the factor, or `--factors`."
    )
    columns = ["factor", "meaning", "values", "options", "from a record by"]
    return _page(["# Factors of the plan", NOTE, about, _grid(columns, rows)])


def help_text() -> str:
    """Make the text that `outspread --help` prints without loading click."""
    return _help(_context(cli)) + "\n"


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _table_part(name: str, schema: type[dy.Schema]) -> str:
    about = " ".join((schema.__doc__ or "").split())
    rows = (
        {
            "column": f"**{column}**" if spec.primary_key else column,
            "type": _type_words(spec),
            "may be empty": "yes" if spec.nullable else "",
            "meaning": spec.description or "",
        }
        for column, spec in schema.columns().items()
    )
    return f"### {name}\n\n{about}\n\n" + _grid(["column", "type", "may be empty", "meaning"], rows)


def _type_words(spec: dy.Column) -> str:
    if isinstance(spec, dy.Enum):
        return "one of " + ", ".join(spec.categories)
    if isinstance(spec, dy.List):
        return f"list of {_type_words(spec.inner)}"
    return type(spec).__name__.lower()


def _grid(columns: list[str], rows: Iterable[dict[str, str]]) -> str:
    lines = [columns, ["---"] * len(columns)]
    lines += [[row[column].replace("|", r"\|") for column in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _csv_rows(name: str) -> list[dict[str, str]]:
    with (PACKAGE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _page_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _context(command: click.Command, *, parent: click.Context | None = None) -> click.Context:
    name = command.name if parent else "outspread"
    settings = command.context_settings
    return click.Context(command, parent, info_name=name, terminal_width=80, **settings)


def _help(context: click.Context) -> str:
    return context.command.get_help(context)


def _code(text: str) -> str:
    return f"```text\n{text}\n```"


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


PAGES: Final[dict[Path, Callable[[], str]]] = {
    ROOT / "docs/reference/tables.md": tables_page,
    ROOT / "docs/reference/columns.md": columns_page,
    ROOT / "docs/reference/cli.md": cli_page,
    ROOT / "docs/reference/issues.md": issues_page,
    ROOT / "docs/reference/errors.md": errors_page,
    ROOT / "docs/reference/rules.md": rules_page,
    ROOT / "docs/reference/factors.md": factors_page,
    PACKAGE / "help.txt": help_text,
}

if __name__ == "__main__":
    sys.exit(main())
