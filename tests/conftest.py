"""Options and fixtures shared by all tests."""

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # machines are shared
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cases", action="store_true", help="write the expected stories anew")


@pytest.fixture
def update_cases(request: pytest.FixtureRequest) -> bool:
    """Tell whether expected stories are to be written anew."""
    return bool(request.config.getoption("--update-cases"))
