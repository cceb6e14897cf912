"""The layout of the package is what `docs` say it is: imports, sizes, sources, generated pages."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from subprocesses import SOURCE

ROOT = Path(__file__).parents[1]
PACKAGE = SOURCE / "outspread"
MODULES = sorted(PACKAGE.rglob("*.py"))
ORDER = [
    ("casting", "errors", "empty"),
    ("tables",),
    ("records",),
    ("anatomy",),
    ("read",),
    ("extract",),
    ("diagnose",),
    ("stage",),
    ("forecast",),
    ("plan",),
    ("write",),
    ("story",),
    ("compare",),
    ("pipeline",),
    ("serve", "spark"),
    ("cli",),
]
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
MOST_LINES = 500
NO_ANSWERS = {  # words of algorithm files, parts of a kind, names of the environment
    "FAIL_WHEN_USED_FOR_STAGING",
    "NON_REQUIRED",
    "OUTSPREAD_CACHE",
    "XDG_CACHE_HOME",
}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a module, which is read once for all that is asked of it."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports_of(path: Path) -> Iterator[str]:
    """Give the parts of outspread that a module imports, wherever in the file."""
    for node in nodes(path):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module == "outspread":
            names = [f"outspread.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith("outspread."))


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_all_modules_are_looked_at() -> None:
    assert {part_of(path) for path in MODULES} - {"__init__", "__main__"} <= RANK.keys()
    assert len(MODULES) > len(RANK)


def test_imports_follow_the_way_of_a_record() -> None:
    inner = [path for path in MODULES if part_of(path) not in {"__init__", "__main__"}]
    assert [
        f"{name_of(path)} imports {imported}"
        for path in inner
        for imported in set(imports_of(path)) - {part_of(path), "__version__"}
        if RANK[imported] >= RANK[part_of(path)]
    ] == []


def test_files_are_short() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES
    }
    assert [name for name, length in lengths.items() if length > MOST_LINES] == []


def test_nothing_is_printed_past_the_command_line() -> None:
    assert [name_of(path) for path in MODULES if "print" in calls(path)] == []


def calls(path: Path) -> set[str]:
    return {
        node.func.id
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_every_source_cited_is_in_the_bibliography() -> None:
    entries = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "docs/sources.bib").read_text(), re.M))
    cited = {
        key
        for path in MODULES
        for text in docstrings(path)
        for key in re.findall(r"\[([a-z][a-z0-9_]+)\]", text)
    }
    assert cited <= entries


def docstrings(path: Path) -> Iterator[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in nodes(path):
        if isinstance(node, kinds):
            yield ast.get_docstring(node) or ""


def test_every_code_is_on_one_page_and_every_listed_code_is_used() -> None:
    listed = [code for page in ("errors", "issues") for code in first_column(page, r"[A-Z]\d{3}")]
    letters = "".join({code[0] for code in listed})
    used = {
        code
        for path in MODULES
        for text in texts(path)
        for code in re.findall(rf"\b[{letters}]\d{{3}}\b", text)
    }
    assert letters
    assert sorted(listed) == sorted(used)


def test_every_result_of_staging_is_on_its_page() -> None:
    listed = first_column("errors", r"[A-Z]+(?:_[A-Z]+)*")
    kinds = {
        text
        for path in (PACKAGE / "stage").glob("*.py")
        for text in texts(path)
        if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+", text)
    }
    inputs = {f"INVALID_{kind}_INPUT" for kind in ("REQUIRED", "NON_REQUIRED")}
    assert kinds > NO_ANSWERS
    assert sorted(listed) == sorted(kinds - NO_ANSWERS | inputs | {"STAGED"})


def first_column(page: str, form: str) -> list[str]:
    """Give the cells of that form in the first columns of a page."""
    text = (ROOT / "docs/reference" / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^\| ({form}) \|", text, re.M)


def texts(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_pages_made_from_code_are_fresh() -> None:
    script = ROOT / "scripts" / "make_docs.py"
    done = subprocess.run(
        [sys.executable, script, "--check"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(SOURCE)},
    )
    assert done.returncode == 0, done.stderr
