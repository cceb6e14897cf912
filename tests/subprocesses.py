"""Python in a process of its own, with the package under test on its path."""

import os
import subprocess
import sys
from pathlib import Path

import outspread

SOURCE = Path(outspread.__file__).parents[1]


def python(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python with some arguments; stdout and stderr are kept as text."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )


def command(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command `outspread`."""
    return python("-m", "outspread", *arguments, cwd=cwd)
