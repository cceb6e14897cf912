"""Options and fixtures shared by all tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cases", action="store_true", help="write the expected stories anew")


@pytest.fixture
def update_cases(request: pytest.FixtureRequest) -> bool:
    """Tell whether expected stories are to be written anew."""
    return bool(request.config.getoption("--update-cases"))
