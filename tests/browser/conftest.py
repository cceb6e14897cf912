"""A browser, and the application served to it on this machine; without a browser tests skip."""

import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from outspread import run
from outspread.serve import app
from people import AS_OF

EXAMPLES = Path(__file__).parents[2] / "examples"
MOST_MS = 60_000


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Debian's Chromium; `.ci/run` installs it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no chromium on this machine: apt install chromium")
    return found


@pytest.fixture(scope="session")
def address(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the application is, over the example patients."""
    folder = tmp_path_factory.mktemp("browser") / "demo"
    run(sorted(EXAMPLES.glob("*.json")), folder, as_of=AS_OF)
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app(folder), log_level="error", access_log=False, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{place.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """An empty page; what the browser complains of fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(MOST_MS)
    complaints: list[str] = []
    made = context.new_page()
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda said: complaints.append(said.text) if "Policy" in said.text else None)
    yield made
    context.close()
    assert complaints == []


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    context.set_default_timeout(MOST_MS)
    yield context.new_page()
    context.close()
