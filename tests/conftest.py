"""Options and fixtures shared by all tests."""

import gc

import pytest
from hypothesis import settings

# Machines are shared, so nothing is timed. For many more examples: --hypothesis-profile thorough.
settings.register_profile("quick", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """Keep the thousands of tests out of every later search for garbage."""
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cases", action="store_true", help="write the expected stories anew")


@pytest.fixture
def update_cases(request: pytest.FixtureRequest) -> bool:
    """Tell whether expected stories are to be written anew."""
    return bool(request.config.getoption("--update-cases"))
