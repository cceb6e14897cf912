"""Options and fixtures shared by all tests."""

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

# Machines are shared, so nothing is timed. For many more examples: --hypothesis-profile thorough.
settings.register_profile("quick", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("quick")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples in docstrings of the package only, so that no test is imported twice."""
    found = yield
    return [one for one in found if type(one) is pytest.Module]


def pytest_collection_finish() -> None:
    """Search for garbage seldom, and never among the thousands of tests."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cases", action="store_true", help="write the expected stories anew")


@pytest.fixture
def update_cases(request: pytest.FixtureRequest) -> bool:
    """Tell whether expected stories are to be written anew."""
    return bool(request.config.getoption("--update-cases"))
