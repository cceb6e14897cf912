"""The application over the example patients, without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from outspread import run
from outspread.serve import app
from people import AS_OF

EXAMPLES = Path(__file__).parents[2] / "examples"
HERE = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder of the example patients."""
    out = tmp_path_factory.mktemp("serve") / "demo"
    run(sorted(EXAMPLES.glob("*.json")), out, as_of=AS_OF)
    return out


@pytest.fixture(scope="session")
def client(folder: Path) -> Iterator[TestClient]:
    """A browser without script on this machine."""
    with TestClient(app(folder), base_url=HERE) as made:
        yield made
