"""The published algorithms, loaded once."""

from pathlib import Path

import pytest

from outspread.stage import Algorithm, load_algorithm
from outspread.stage.cache import FOLDER_VARIABLE
from stage.shared import YEAR, published


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(cache))


class Published(dict[str, Algorithm]):
    """Published algorithms by name, each loaded when a test asks for it."""

    def __init__(self, cache: Path) -> None:
        super().__init__()
        self._cache = cache

    def __missing__(self, name: str) -> Algorithm:
        self[name] = load_algorithm(published(name), current_year=YEAR, folder=self._cache)
        return self[name]


@pytest.fixture(scope="session")
def algorithms(cache: Path) -> dict[str, Algorithm]:
    """Every published algorithm."""
    return Published(cache)
