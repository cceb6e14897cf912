"""Pages of an output folder: the list and its search, one patient, and what can be downloaded."""

import json
import socket
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from outspread.errors import StoreError
from outspread.serve import app, people, serve
from outspread.serve.people import Search, find_people, site_choices
from outspread.serve.views import static_file
from outspread.tables import polars_schema

HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"


def ids(folder: Path, **asked: str) -> list[str]:
    return [person.patient_id for person in find_people(folder, Search(**asked)).people]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["breast", "contradiction", "lung", "rectum", "unknown-primary"]),
        ({"words": "BREAST cancer"}, ["breast"]),
        ({"words": "example-l"}, ["lung"]),
        ({"words": "100%"}, []),
        ({"extent": "distant"}, ["breast", "lung", "unknown-primary"]),
        ({"extent": "regional"}, ["rectum"]),
        ({"site": "liver"}, ["breast", "unknown-primary"]),
        ({"site": "liver", "words": "breast"}, ["breast"]),
        ({"site": "liver", "extent": "regional"}, []),
        ({"after": "example-lung"}, ["rectum", "unknown-primary"]),
    ],
    ids=str,
)  # fmt: skip
def test_people_are_found(folder: Path, asked: dict[str, str], expected: list[str]) -> None:
    assert ids(folder, **asked) == [f"example-{name}" for name in expected]


def test_every_page_of_the_list_follows_the_one_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = ids(folder)
    monkeypatch.setattr(people, "PAGE", 2)
    seen: list[str] = []
    after = ""
    for _ in range(3):
        found = find_people(folder, Search(after=after))
        seen += [person.patient_id for person in found.people]
        after = found.after
    assert seen == everybody
    assert after == ""


def test_a_person_with_many_cancers_is_listed_once_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 1)
    rows = [
        {"patient_id": who, "disease_id": number, "name": f"{who} {number}", "extent": "unknown"}
        for who, count in (("a", 40), ("b", 1))
        for number in range(count)
    ]
    schema = {
        name: polars_schema("disease")[name] for name in (*rows[0], "possible_extent", "status")
    }
    frame = pl.DataFrame(rows, schema=schema, strict=False).cast({pl.Enum: pl.String})
    frame.write_parquet(tmp_path / "disease.parquet")
    first = find_people(tmp_path, Search())
    assert [len(person.diseases) for person in first.people] == [40]
    second = find_people(tmp_path, Search(after=first.after))
    assert [person.patient_id for person in second.people] == ["b"]


def test_sites_offered_are_those_that_places_are_reported_under(folder: Path) -> None:
    lesions = pl.read_parquet(folder / "lesion.parquet")
    assert set(lesions["report_site"].drop_nulls()) <= dict(site_choices()).keys()


def test_the_list_shows_name_extent_and_status(client: TestClient) -> None:
    page = client.get("/").text
    assert "breast cancer with bone and liver metastases" in page
    assert 'href="/patient?id=example-breast"' in page


def test_a_search_works_without_script(client: TestClient) -> None:
    page = client.get("/", params={"q": "rectal", "extent": "regional", "site": ""}).text
    assert "example-rectum" in page
    assert "example-breast" not in page


@pytest.mark.parametrize("value", ["nonsense", "distant' OR 1=1", "<script>"])
def test_what_is_no_extent_or_site_asks_for_nothing(client: TestClient, value: str) -> None:
    page = client.get("/", params={"extent": value, "site": value})
    assert page.status_code == 200
    assert "example-breast" in page.text
    assert value not in page.text


def test_a_search_is_shown_again_as_text(client: TestClient) -> None:
    page = client.get("/", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


def test_the_patient_page_links_the_downloads(client: TestClient) -> None:
    page = client.get("/patient", params={"id": "example-breast"}).text
    assert "breast cancer with bone and liver metastases" in page.lower()
    for address in ("/story.json", "/course.csv", "/mcode.json", "/share.html"):
        assert f'href="{address}?id=example-breast"' in page


def test_the_patient_page_brings_no_style_of_its_own(client: TestClient) -> None:
    """The policy would not let it."""
    page = client.get("/patient", params={"id": "example-breast"}).text
    assert "<style" not in page
    assert " style=" not in page


def test_the_page_for_the_person_is_linked_and_leads_back(client: TestClient) -> None:
    page = client.get("/patient", params={"id": "example-breast"}).text
    assert 'href="/person?id=example-breast"' in page
    plain = client.get("/person", params={"id": "example-breast"})
    assert plain.status_code == 200
    assert 'href="/patient?id=example-breast"' in plain.text
    assert "<style" not in plain.text


def test_downloads_are_what_they_say(client: TestClient) -> None:
    asked = {"id": "example-lung"}
    story = client.get("/story.json", params=asked)
    assert story.json()["disease"][0]["name"].startswith("lung cancer")
    bundle = client.get("/mcode.json", params=asked)
    assert bundle.json()["resourceType"] == "Bundle"
    course = client.get("/course.csv", params=asked)
    assert "lung" in course.text
    shared = client.get("/share.html", params=asked)
    assert "<style" in shared.text
    assert "example-lung" not in shared.text
    for answer in (story, bundle, course, shared):
        assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "address",
    ["/patient", "/patient?id=", "/patient?id=nobody", "/story.json?id=..%2Fdemo",
     "/patient?id=%00", "/patient?id=..%2F..%2Fetc%2Fpasswd", "/patient?id=%2Fetc%2Fpasswd"],
)  # fmt: skip
def test_who_is_not_there_is_a_page_that_says_so(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "no such patient" in answer.text
    assert "passwd" not in answer.text


@pytest.mark.parametrize(
    "address",
    ["/static/../app.py", "/static/..%2Fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd",
     "/static/%2Fetc%2Fpasswd", "/static/serve.css%00.html", "/static/htmx.min.js/..",
     "/docs", "/openapi.json", "/run.json", "/disease.parquet"],
)  # fmt: skip
def test_only_our_own_files_are_given(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_script_is_the_one_that_was_published() -> None:
    assert sha256(static_file("htmx.min.js")).hexdigest() == HTMX
    assert b"Zero-Clause BSD" in static_file("htmx-LICENSE.txt")


def test_nothing_is_loaded_from_elsewhere(client: TestClient) -> None:
    for address in ("/", "/try", "/patient?id=example-breast"):
        page = client.get(address).text
        assert 'src="http' not in page
        assert 'rel="stylesheet" href="http' not in page


def test_a_folder_that_is_no_output_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="W005"):
        app(tmp_path)


def test_a_folder_replaced_by_a_new_run_is_shown_as_it_is_now(
    folder: Path, client: TestClient
) -> None:
    record = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(record | {"as_of": "2025-05-05"}))
    try:
        assert "as of 2025-05-05" in client.get("/").text
    finally:
        (folder / "run.json").write_text(json.dumps(record))


def test_a_port_that_is_taken_is_an_error_that_says_so(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StoreError, match="W011"):
            serve(folder, port=taken.getsockname()[1])
