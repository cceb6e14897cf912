"""Where the steering files are; they stand beside the repository and are no part of it."""

import os
from pathlib import Path

import pytest


def shared(*parts: str) -> Path:
    """Give a file of the shared folder, or skip the test where there is none."""
    beside = Path(__file__).parents[3] / "shared"
    path = Path(os.environ.get("OUTSPREAD_SHARED", beside)).joinpath(*parts)
    if not path.exists():
        pytest.skip("the shared folder with the reference cases is not here")
    return path
