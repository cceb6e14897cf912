"""Who may ask, how much, and what a page may do."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from outspread.serve import app
from outspread.serve.guard import LARGEST, POLICY
from outspread.serve.pages import _without_content

ADDRESSES = ("/", "/try", "/patient?id=example-breast", "/static/serve.css", "/nope")
HERE = "http://127.0.0.1:8765"


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_the_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_the_policy_allows_neither_inline_script_nor_frames_nor_other_sites() -> None:
    parts = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["form-action"] == "'self'"
    assert parts["frame-ancestors"] == parts["base-uri"] == "'none'"
    assert "unsafe" not in POLICY


@pytest.mark.parametrize("address", ["/", "/try", "/patient?id=example-breast"])
def test_no_page_has_script_in_it(client: TestClient, address: str) -> None:
    page = client.get(address).text
    assert page.count("<script") == page.count('<script src="/static/htmx.min.js" defer></script>')
    assert " onclick=" not in page
    assert "javascript:" not in page


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::1", "0"]
)
def test_a_foreign_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "content-security-policy" in answer.headers
    assert "example-breast" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "LOCALHOST:8765", "[::1]:8765"])
def test_this_machine_is_served_under_each_of_its_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": HERE},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/try", data={"note": "Breast cancer."}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": HERE}, {}],
    ids=str,
)
def test_our_own_form_is_taken(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/try", data={"note": ""}, headers=headers).status_code == 422


def test_a_body_that_says_it_is_too_large_is_refused_unread(client: TestClient) -> None:
    answer = client.post("/try", content=b"x", headers={"content-length": str(LARGEST + 1)})
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "nonsense", "\N{SUPERSCRIPT TWO}".encode()])
def test_a_length_that_is_no_number_is_refused(client: TestClient, length: str) -> None:
    assert client.post("/try", content=b"x", headers={"content-length": length}).status_code == 413


def test_a_body_that_grows_without_end_is_cut_off(client: TestClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n'
        while sent < 3 * LARGEST:
            sent += 1_000_000
            yield b"a" * 1_000_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/try", content=endless(), headers=headers)
    assert answer.status_code == 413


def test_other_methods_are_refused(client: TestClient) -> None:
    assert client.put("/try").status_code == 405
    assert client.post("/").status_code == 405


@pytest.fixture
def broken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """An application whose pages fail with the words of a record."""

    def fail(*_: Any, **__: Any) -> None:
        message = "Jane Doe, born 1950"
        raise ValueError(message)

    monkeypatch.setattr("outspread.serve.pages.read_case", fail)
    with TestClient(app(folder), base_url=HERE, raise_server_exceptions=False) as made:
        yield made


def test_a_page_that_fails_tells_nothing_of_the_record(broken: TestClient) -> None:
    answer = broken.get("/patient?id=example-breast")
    assert answer.status_code == 500
    assert "Jane" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY


def test_the_log_tells_nothing_of_the_record() -> None:
    try:
        message = "Jane Doe, born 1950"
        raise ValueError(message)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Jane", (), info)
    assert _without_content(record)
    assert logging.Formatter().format(record) == "A page failed: ValueError"
