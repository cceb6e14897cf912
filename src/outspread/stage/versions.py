"""What changes between two versions of an algorithm: which cases, and which table makes it so."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from outspread.stage.algorithm import Algorithm
from outspread.stage.case import StagedCase
from outspread.stage.compile import VERSION_KEY
from outspread.stage.explain import Explanation

CHANGE: Final = pl.Schema(
    {
        "row": pl.Int64(),
        "field": pl.String(),
        "old": pl.String(),
        "new": pl.String(),
        "why": pl.String(),
    }
)


def changes(
    old: Algorithm, new: Algorithm, columns: Mapping[str, pl.Series], *, strict: bool
) -> pl.DataFrame:
    """Compare what two algorithms say of the same cases.

    Parameters
    ----------
    columns
        Inputs as text by key.

    Returns
    -------
    One row for each result, schema or output of a case that differs: `row` (from 0), `field`,
    `old`, `new` and `why`. The version that an algorithm writes about itself is no difference.
    """
    before, after = (
        one.stage_columns(columns, strict=strict).drop("errors", "path") for one in (old, new)
    )
    differing = [
        _differences(before, after, field)
        for field in dict.fromkeys((*before.columns, *after.columns))
        if field not in _own_versions(old) | _own_versions(new) and field != "ignored"
    ]
    found = pl.concat(differing).sort("row", maintain_order=True)
    reasons: list[str] = []
    for (row,), own in found.group_by("row", maintain_order=True):
        given = {key: texts[row] for key, texts in columns.items() if texts[row] is not None}
        reasons += _reasons(old, new, given, own["field"].to_list(), strict=strict)
    if found.is_empty():
        return pl.DataFrame(schema=CHANGE)
    return found.with_columns(pl.Series("why", reasons, dtype=pl.String))


def _own_versions(algorithm: Algorithm) -> set[str]:
    """Outputs that say which version made them."""
    schemas = map(algorithm.engine.schema, range(len(algorithm.engine.schema_ids)))
    return {
        output.key
        for schema in schemas
        for output in schema.outputs
        if output.default == "{{" + VERSION_KEY + "}}"
    }


def _differences(before: pl.DataFrame, after: pl.DataFrame, field: str) -> pl.DataFrame:
    nothing = pl.Series(field, [None] * before.height, dtype=pl.String)
    sides = [frame[field] if field in frame.columns else nothing for frame in (before, after)]
    both = pl.DataFrame({"old": sides[0], "new": sides[1]}).with_row_index("row")
    return both.filter(pl.col("old").ne_missing(pl.col("new"))).select(
        pl.col("row").cast(pl.Int64), pl.lit(field).alias("field"), "old", "new"
    )


def _reasons(
    old: Algorithm, new: Algorithm, given: Mapping[str, str], fields: list[str], *, strict: bool
) -> list[str]:
    """Say why each field of a case differs."""
    cases = [one.one_by_one.stage(given, is_strict=strict) for one in (old, new)]
    settings = [
        {item.output: item for item in one.explain(given, strict=strict)} for one in (old, new)
    ]
    before, after = cases
    if before.schema_id != after.schema_id:
        told = f"another schema: {_named(before.schema_id)}, now {_named(after.schema_id)}"
        return [told] * len(fields)
    if before.result != after.result:
        return [_told_errors(before, after)] * len(fields)
    return [_why(settings[0].get(field), settings[1].get(field)) for field in fields]


def _named(schema_id: str | None) -> str:
    return schema_id or "none"


def _told_errors(before: StagedCase, after: StagedCase) -> str:
    """Say which errors came or went."""
    sides = [
        {(item.type, item.key or item.table) for item in one.errors} for one in (before, after)
    ]
    new = sorted(f"{kind} of {where}" for kind, where in sides[1] - sides[0])
    gone = sorted(f"{kind} of {where}" for kind, where in sides[0] - sides[1])
    parts = [f"now {', '.join(new)}"] * bool(new) + [f"no longer {', '.join(gone)}"] * bool(gone)
    return "; ".join(parts) or f"{before.result}, now {after.result}"


def _why(before: Explanation | None, after: Explanation | None) -> str:
    """Say by what an output was set, and is set now."""
    one, other = _place(before), _place(after)
    if one != other:
        return f"set by {one}, now by {other}"
    return f"{one} has changed, or what leads to it"


def _place(item: Explanation | None) -> str:
    if item is None:
        return "nothing"
    if item.table is None:
        return "its default" if item.mapping is None else f"the beginning of {item.mapping}"
    cells = " | ".join(text for _, text in item.cells)
    return f"row {item.row} of {item.table} ({cells})"
