"""The reading of notes compiled to machine code says what the same source says as Python."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

from extract.expected import rows

ROOT = Path(__file__).parents[2]
READ = """
import json, sys
from outspread.extract import document
from outspread.extract.export import summarize
said = [summarize(document.read_text(text), "") for text in json.load(sys.stdin)]
json.dump([document.__file__, said], sys.stdout)
"""


def compiler_arguments() -> list[str]:
    """How the build calls the compiler: its options, and the files that it compiles."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    hook = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["mypyc"]
    (folder,) = hook["include"]
    paths = sorted((ROOT / folder.lstrip("/")).glob("*.py"))
    kept = [path for path in paths if path.name not in hook["exclude"]]
    return hook["mypy-args"] + [str(path.relative_to(ROOT / "src")) for path in kept]


def read(source: Path, texts: list[str]) -> tuple[str, list[object]]:
    done = subprocess.run(
        [sys.executable, "-c", READ], input=json.dumps(texts), check=True, capture_output=True,
        encoding="utf-8", env={**os.environ, "PYTHONPATH": str(source), "PYTHONUTF8": "1"},
    )  # fmt: skip
    file, said = json.loads(done.stdout)
    return Path(file).suffix, said


@pytest.mark.slow
def test_compiled_reading_says_the_same(tmp_path: Path) -> None:
    compiler = (sysconfig.get_config_var("CC") or "").split()
    if not compiler or not shutil.which(compiler[0]):
        pytest.skip("no C compiler here")
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    subprocess.run(
        [sys.executable, "-m", "mypyc", *compiler_arguments()], cwd=source, check=True,
        capture_output=True, env={**os.environ, "MYPYC_OPT_LEVEL": "0"},
    )  # fmt: skip
    sentences = [row["sentence"] for row in rows()]
    texts = sentences + [" ".join(sentences[n : n + 20]) for n in range(0, len(sentences), 20)]
    plain, compiled = read(ROOT / "src", texts), read(source, texts)
    assert (plain[0], compiled[0] != ".py") == (".py", True)
    assert compiled[1] == plain[1]
