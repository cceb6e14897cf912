"""Files that are no usable note: binary, empty, far too long, of any bytes: each is an issue."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import outspread
from outspread.read.files import LONGEST_JSON
from outspread.read.notes import LONGEST_NOTE

TEXT = "Breast cancer with liver metastases."
GIGABYTE = 1024**3
BLOCK = ("The liver is normal. " * 50_000).encode()


def read(folder: Path, name: str, content: bytes) -> outspread.Records:
    """Read a file beside a good note."""
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    (folder / name).write_bytes(content)
    return outspread.read(folder)


BAD: dict[str, tuple[str, bytes | Callable[[], bytes], list[str]]] = {
    "binary": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(999), ["R002"]),
    "empty": ("a.txt", b"", ["R070"]),
    "white space alone": ("a.txt", b" \n\t\n", ["R070"]),
    "damaged gzip": ("a.txt.gz", gzip.compress(TEXT.encode() * 99)[:50], ["R005"]),
    "other letters": ("a.txt", f"Caf\xe9 visit. {TEXT}".encode("cp1252"), ["R132"]),
    "utf-16": ("a.txt", f"A visit. {TEXT}".encode("utf-16"), []),
    "too long": ("a.txt.gz", lambda: gzip.compress(BLOCK * 66, 1), ["R131"]),
    "too long, in a line": (
        "a.jsonl.gz",
        lambda: gzip.compress(json.dumps({"doc_id": "x", "text": "a " * LONGEST_NOTE}).encode(), 1),
        ["R131"],
    ),
}


@pytest.mark.parametrize(("name", "content", "codes"), BAD.values(), ids=BAD)
def test_a_file_that_is_no_note_is_an_issue(
    name: str, content: bytes | Callable[[], bytes], codes: list[str], tmp_path: Path
) -> None:
    records = read(tmp_path, name, content() if callable(content) else content)
    assert records.issue["code"].to_list() == codes
    assert "good" in records.document["document_id"].to_list()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(st.binary(max_size=400), st.sampled_from(["x.txt", "x.jsonl", "x.json", "x.csv"]))
def test_any_bytes_are_read_or_are_an_issue(tmp_path: Path, content: bytes, name: str) -> None:
    records = read(tmp_path, name, content)
    (tmp_path / name).unlink()
    assert "good" in records.document["document_id"].to_list()
    assert records.document.height > 1 or records.issue.height


@pytest.mark.slow
def test_a_note_of_a_gigabyte_is_an_issue(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        for _ in range(GIGABYTE // len(BLOCK) + 1):
            file.write(BLOCK)
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    assert outspread.read(tmp_path).issue["code"].to_list() == ["R131"]


@pytest.mark.slow
def test_a_line_of_a_gigabyte_is_an_issue_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    with path.open("wb") as file:
        file.write(b'{"doc_id": "long", "text": "')
        for _ in range(GIGABYTE // len(BLOCK) + 1):
            file.write(BLOCK)
        file.write(b'"}\n' + json.dumps({"doc_id": "next", "text": TEXT}).encode() + b"\n")
    assert path.stat().st_size > 2 * LONGEST_JSON
    records = outspread.read(path)
    assert records.document["document_id"].to_list() == ["next"]
    assert set(records.issue["code"]) == {"R009"}
