"""The anatomy files, read once, typed and checked.

Each function gives one frame with one row per fact; empty cells are null. The columns are those of
the files, told in `docs/explanation/anatomy.md`; what a function adds stands in its docstring.
"""

from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from outspread.anatomy.checks import check_file
from outspread.anatomy.spans import spell_out, split_ranges
from outspread.errors import KnowledgeError

_FOLDER: Final = files("outspread.anatomy") / "data"
FILES: Final = (
    "codes", "exceptions", "primaries", "recoded", "relations", "routes", "rules", "selection",
    "sides", "sites", "spelling", "subsites", "systems",
    "terms", "topographies", "wording",
)  # fmt: skip


@cache
def read_raw(name: str) -> pl.DataFrame:
    """Read one data file as text, unchecked.

    Raises
    ------
    KnowledgeError
        K001 if the file is missing or is not a table.
    """
    try:
        return pl.read_csv((_FOLDER / f"{name}.csv").read_bytes(), infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        message = f"K001: anatomy/data/{name}.csv cannot be read as a table."
        raise KnowledgeError(message) from error


@cache
def load(name: str) -> pl.DataFrame:
    """Read and check one data file (`FILES`), all columns as text.

    Raises
    ------
    KnowledgeError
        K001 to K006, see `outspread.anatomy.checks`.
    """
    frame = read_raw(name)
    check_file(frame, name, read_raw)
    return frame


@cache
def sites() -> pl.DataFrame:
    """Sites of the body and node groups, with `metastasis_name` and `is_node` added."""
    plain = pl.format("{} metastases", "adjective")
    return load("sites").with_columns(
        metastasis_name=pl.coalesce("spread_name", plain),
        is_node=pl.col("kind").is_in(["lymph_node", "tumor_deposit"]),
    )


@cache
def primaries() -> pl.DataFrame:
    """Primary cancers as a person names them."""
    return load("primaries")


@cache
def ancestors() -> pl.DataFrame:
    """Every site with itself and all above it: `site`, `at`, `depth` (0 is the site itself)."""
    tree = load("sites").select(site="id", at="id", depth=pl.lit(0, pl.Int8))
    parents = load("sites").select(at="id", parent="parent").drop_nulls()
    levels = [tree]
    while levels[-1].height:
        step = levels[-1].join(parents, on="at", maintain_order="left")
        levels.append(step.select("site", at="parent", depth=pl.col("depth") + 1))
    return pl.concat(levels)


@cache
def topographies() -> pl.DataFrame:
    """ICD-O-3 topography codes that exist, as numbers, with the site meant: 504 is breast."""
    ranges = split_ranges(load("topographies").select("icdo3", "site"), "icdo3")
    return spell_out(ranges)


@cache
def primary_topographies() -> pl.DataFrame:
    """Topography codes at which a primary grows: `primary`, `group`, `topography`."""
    own = load("primaries").select("group", "icdo3", primary="id")
    codes = spell_out(split_ranges(own, "icdo3"))
    return codes.join(topographies(), on="topography", how="semi")
