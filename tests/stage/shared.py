"""Where the published algorithms lie, if they are shared with the project."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("OUTSPREAD_SHARED", Path(__file__).parents[3] / "shared"))
SEER = SHARED / "data" / "seer"
FILES = {
    "eod": "eod_public-3.3.zip",
    "tnm": "tnm-2.1.zip",
    "pediatric": "pediatric-1.3.zip",
    "cs": "cs-02.05.50.zip",
}
YEAR = 2026


def published(name: str) -> Path:
    """Path of a published algorithm; skips the test where it is not there."""
    path = SEER / "algorithms" / FILES[name]
    if not path.exists():
        pytest.skip("the published algorithms are not shared with this checkout")
    return path
