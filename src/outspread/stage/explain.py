"""Why an output has its value: the row of the table that set it, and the notes of the table."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from outspread.stage.case import StagedCase

Raw = Mapping[str, Any]


class Explanation(NamedTuple):
    """Why one output has its value.

    Without a table it was set by a default, or where a mapping begins. `row` is counted from 1;
    `cells` are the cells of that row by the names of their columns.
    """

    output: str
    value: str | None
    mapping: str | None
    table: str | None
    title: str | None
    row: int | None
    cells: tuple[tuple[str, str], ...]
    notes: str | None

    def as_dict(self) -> dict[str, Any]:
        """Give it ready for JSON."""
        return self._asdict() | {"cells": dict(self.cells)}


def explain_case(staged: StagedCase, read_table: Callable[[str], Raw | None]) -> list[Explanation]:
    """Explain the outputs of a case that was staged with traces.

    Parameters
    ----------
    read_table
        Gives a table as published.
    """
    tables: dict[str, Raw] = {}
    found = []
    for setting in staged.settings:
        if setting.table is None or setting.row is None:
            found.append(
                Explanation(
                    setting.output, setting.value, setting.mapping, None, None, None, (), None
                )
            )
            continue
        if setting.table not in tables:
            tables[setting.table] = read_table(setting.table) or {}
        table = tables[setting.table]
        names = [column.get("name") or column["key"] for column in table.get("definition", ())]
        rows = table.get("rows", ())
        cells = tuple(zip(names, rows[setting.row], strict=True)) if rows else ()
        found.append(
            Explanation(
                setting.output,
                setting.value,
                setting.mapping,
                setting.table,
                table.get("title"),
                setting.row + 1,
                cells,
                table.get("notes"),
            )
        )
    return found
