"""Reads a pack from its folder and checks that it holds together.

A pack is a folder with `pack.yaml`, `factors.yaml`, `implications.yaml`, `says.yaml`,
`sources.yaml` and `options/*.yaml`; the form is told in docs/how-to/packs.md. The order of files
and of entries never matters.
"""

import hashlib
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar

from outspread.errors import PackError
from outspread.plan.pack.entry import Entry, read_entries
from outspread.plan.pack.factor import (
    Extents,
    read_factor,
    read_head,
    read_implication,
    read_source,
)
from outspread.plan.pack.model import Option, Pack
from outspread.plan.pack.option import Known, read_option
from outspread.plan.pack.order import order_implications
from outspread.plan.pack.safe_yaml import MOST_BYTES, Tree, parse_yaml

OWN_PACK: Final = files("outspread.plan") / "packs" / "metastatic"
SHOWN_PROBLEMS: Final = 5
FILES: Final = ("pack.yaml", "factors.yaml", "implications.yaml", "says.yaml", "sources.yaml")
T = TypeVar("T")


@cache
def own_pack() -> Pack:
    """Read the pack that comes with outspread."""
    return load_pack(OWN_PACK)


def load_pack(folder: Traversable | Path) -> Pack:
    """Read and check a pack.

    Raises
    ------
    PackError
        P001 to P004, naming file, entry and field; several problems in one message.
    """
    pack, problems = read_pack(folder)
    if pack is None:
        more = len(problems) - SHOWN_PROBLEMS
        shown = problems[:SHOWN_PROBLEMS] + ([f"... and {more} more"] if more > 0 else [])
        raise PackError("\n".join(shown))
    return pack


def read_pack(folder: Traversable | Path) -> tuple[Pack | None, list[str]]:
    """Read a pack and list all that is wrong with it; without problems there is a pack."""
    problems: list[str] = []
    trees, sha256 = _read_trees(folder, problems)
    read = partial(_read_file, trees, problems)
    about = read_entries({"pack": trees.get("pack.yaml")}, "pack.yaml", read_head, problems)
    extents: Extents = {}
    factors = read("factors.yaml", "factors", partial(read_factor, extents=extents))
    sources = read("sources.yaml", "sources", read_source)
    says = read("says.yaml", "says", lambda entry: entry.text("text"))
    rules = read("implications.yaml", "implications", partial(read_implication, factors=factors))
    read_one = partial(read_option, known=Known(factors, extents, says, sources))
    options: dict[str, Option] = {}
    for file in (name for name in trees if name.startswith("options/")):
        some = read(file, "options", read_one)
        twice = sorted(options.keys() & some.keys())
        problems += [f"P003: {file}: {name}: stands in another file too." for name in twice]
        options |= some
    layers = order_implications(rules.values(), problems)
    if problems:
        return None, problems
    kept = tuple(options[name] for name in sorted(options))
    pack = Pack(*about["pack"], factors, layers, kept, says, sources, sha256)
    return pack, problems


def _read_file(
    trees: dict[str, Tree],
    problems: list[str],
    file: str,
    field: str,
    read: Callable[[Entry], T],
) -> dict[str, T]:
    """Read the entries below the only field of a file."""
    tree = trees.get(file)
    if tree is None:
        return {}  # that it is missing or unreadable has been said
    entries = tree.get(field) if isinstance(tree, dict) and len(tree) == 1 else None
    if not isinstance(entries, dict):
        problems.append(f"P002: {file}: must hold one mapping named `{field}`.")
        return {}
    return read_entries(entries, file, read, problems)


def _read_trees(folder: Traversable | Path, problems: list[str]) -> tuple[dict[str, Tree], str]:
    """Read all files of a pack as trees, in the order of their names, and hash them."""
    trees: dict[str, Tree] = {}
    digest = hashlib.sha256()
    for file in (*FILES, *_option_files(folder, problems)):
        try:
            with folder.joinpath(file).open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
            digest.update(f"{file} {len(content)}\n".encode() + content)
            trees[file] = parse_yaml(content, file)
        except OSError:
            problems.append(f"P001: {file}: is missing or cannot be read.")
        except PackError as error:
            problems.append(str(error))
    return trees, digest.hexdigest()


def _option_files(folder: Traversable | Path, problems: list[str]) -> list[str]:
    try:
        names = sorted(file.name for file in folder.joinpath("options").iterdir())
    except OSError:
        names = []
    found = [f"options/{name}" for name in names if name.endswith(".yaml")]
    if not found:
        problems.append("P001: options: holds no .yaml file.")
    return found
