"""What is shipped works away from this folder."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

import outspread
from subprocesses import python

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


def test_importing_the_package_loads_nothing_heavy() -> None:
    shown = python("-X", "importtime", "-c", "import outspread; outspread.__version__")
    assert shown.returncode == 0
    assert " polars\n" not in shown.stderr


@pytest.mark.slow
@pytest.mark.parametrize("first", ["outspread.read.stored", "outspread.diagnose", "outspread"])
def test_functions_keep_their_names_whatever_is_imported_first(first: str) -> None:
    code = f"import {first}, outspread; assert callable(outspread.read), outspread.read"
    assert python("-W", "error", "-c", f"{code}; outspread.diagnose.__call__").returncode == 0


def test_every_public_name_can_be_had() -> None:
    assert set(dir(outspread)) == set(outspread.__all__)
    for name in outspread.__all__:
        assert getattr(outspread, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = outspread.nothing


@pytest.mark.slow
def test_wheel_works_in_an_empty_environment(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", wheels, ROOT]
    subprocess.run(build, check=True)
    (wheel,) = wheels.iterdir()
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([binaries / "python", "-m", "pip", "install", "--quiet", wheel], check=True)
    for arguments in [
        ["run", EXAMPLES, "--out", "demo", "--as-of", "2026-01-01"],
        ["explain", "demo"],
        ["report", "demo", "example-breast", "-o", "page.html"],
        ["terms", "C50.9"],
        ["--help"],
    ]:
        done = subprocess.run(
            [binaries / "outspread", *arguments],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
