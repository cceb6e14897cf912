"""Inputs that are huge, hostile or no files at all: an issue says so, in bounded memory."""

import gzip
import io
import json
import os
import socket
import sys
import zlib
from pathlib import Path

import polars as pl
import pytest

import outspread
from outspread.read import files, read_chunks
from outspread.read.fhir import read_fhir, reader, stream
from outspread.records import Records
from read.bundles import bundle, condition, issue_codes, observation, patient, write_lines
from read.registry_files import document, tumor
from read.registry_files import patient as registry_patient
from subprocesses import python

MIB = 1024 * 1024
READ = """
import resource, sys
from pathlib import Path
from outspread.read import read_chunks
from outspread.errors import ReadError
findings, codes = 0, set()
try:
    for records in read_chunks([Path(sys.argv[1])]):
        findings += records.finding.height
        codes |= set(records.issue["code"])
except ReadError as error:
    codes.add(str(error)[:4])
unit = 1024 * 1024 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
print(findings, ",".join(sorted(codes)), peak)
"""


def read_apart(path: Path) -> tuple[int, list[str], int]:
    """Read in a process of its own: number of findings, issue codes, peak memory in MiB."""
    done = python("-c", READ, path)
    assert not done.stderr
    findings, codes, peak = done.stdout.split(" ")
    return int(findings), [code for code in codes.split(",") if code], int(peak)


def write_bomb(path: Path, *parts: tuple[bytes, int]) -> Path:
    """Write a small gzip file of parts that are repeated; each comes in blocks of about 1 MiB."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    with path.open("wb") as file:
        for part, times in parts:
            at_once = max(1, min(times, MIB // len(part)))
            for _ in range(times // at_once):
                file.write(packer.compress(part * at_once))
        file.write(packer.flush())
    return path


RESOURCE = json.dumps(condition()).encode() + b"\n"
HEAD, ANN, END = document("\n@\n").encode().partition(b"@")
PERSON = registry_patient(tumor()).encode()
ROWS = b"patient_id,code,note\n", b"ann,C50.412,fine\n"
GIB = 1024 * MIB
BOMBS = {
    "spaces": ([(b" ", GIB)], ["R002", "R061"]),
    "spaces after a bracket": ([(b"{", 1), (b" ", GIB)], ["R009", "R061"]),
    "spaces after a tag": ([(b"<a>", 1), (b" ", GIB)], ["R061", "R106"]),
    "spaces after a resource": ([(RESOURCE, 1), (b" ", GIB)], ["R009"]),
    "blank lines in a document": ([(b"{\n", 1), (b"\n" * 64, GIB // 64)], ["R009", "R061"]),
    "broken lines": ([(RESOURCE, 1), (b"x" * 8191 + b"\n", GIB // 8192)], ["R003"]),
    "brackets": ([(b"[", GIB)], ["R009", "R061"]),
    "one resource": ([(RESOURCE, GIB // len(RESOURCE) // 16)], []),
    "one bundle": (
        [(b'{"entry":[', 1), (RESOURCE.strip() + b",", GIB // len(RESOURCE))],
        ["R009", "R061"],
    ),
    "one registry patient": ([(HEAD, 1), (PERSON, GIB // len(PERSON) // 16), (END, 1)], []),
    "one endless row": ([(ROWS[0], 1), (b"x", GIB), (b"\n", 1)], ["R082"]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("parts", "codes"), BOMBS.values(), ids=BOMBS)
def test_what_unpacks_to_a_gigabyte_does_not_fill_memory(
    tmp_path: Path, parts: list[tuple[bytes, int]], codes: list[str]
) -> None:
    path = write_bomb(tmp_path / "bomb.gz", *parts)
    assert path.stat().st_size < 16 * MIB
    _, found, peak = read_apart(path)
    assert set(codes) <= set(found)
    assert set(found) <= {*codes, "R003", "R076", "R101"}
    assert peak < 1500


@pytest.mark.slow
@pytest.mark.parametrize(("size", "codes"), [(200 * MIB, []), (300 * MIB, ["R009"])])
def test_a_line_is_read_up_to_a_limit_and_the_rest_goes_on(
    tmp_path: Path, size: int, codes: list[str]
) -> None:
    path = tmp_path / "lines.ndjson"
    start, end = json.dumps(condition(name="long", note="@")).encode().split(b"@")
    with path.open("wb") as file:
        file.write(RESOURCE + start)
        for _ in range(size // MIB):
            file.write(b"x" * MIB)
        file.write(end + b"\n" + RESOURCE.replace(b"c1", b"c2"))
    findings, found, peak = read_apart(path)
    assert findings == 3 - len(codes)
    assert found == codes
    assert peak < 1800


def test_a_line_over_the_limit_is_an_issue_at_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (files, stream):
        monkeypatch.setattr(module, "LONGEST_JSON", 1000)
    long = condition(name="c2", note="x" * 5000)
    path = write_lines(tmp_path / "a.ndjson", condition(), long, condition(name="c3"), "{")
    records = Records.concat(read_chunks([path]))
    assert sorted(records.finding["source_ref"]) == ["Condition/c1", "Condition/c3"]
    assert records.issue.select("code", "place").rows() == [("R009", "line 2"), ("R003", "line 4")]


class CountingReader(io.BufferedReader):
    """Counts the lines that it is asked for."""

    asked = 0

    def readline(self, size: int | None = -1) -> bytes:
        self.asked += 1
        return super().readline(size)


def test_empty_lines_are_counted_but_not_read_one_by_one() -> None:
    content = b"{}\n" + b"\n" * 200_000 + b"  \r\n" * 100_000 + b"  {}\n\n[]"
    stream = CountingReader(io.BytesIO(content))
    expected = [(1, b"{}\n"), (300_002, b"  {}\n"), (300_004, b"[]")]
    assert list(files.number_lines(stream)) == expected
    assert stream.asked < 1000


def test_a_document_over_the_limit_is_an_issue_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (files, stream):
        monkeypatch.setattr(module, "LONGEST_JSON", 1000)
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle(*(condition(name=f"c{i}") for i in range(20))), indent=1))
    assert issue_codes(Records.concat(read_fhir(path))) == ["R009"]


DEEP = 100_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * DEEP, "R003"),
        ('{"a":' * DEEP, "R003"),
        ("<a>" * DEEP, "R106"),
        (document("<Patient>" * DEEP), "R101"),
    ],
    ids=["lists", "objects", "elements", "patients"],
)
def test_deep_nesting_is_an_issue(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "deep").write_text(text)
    write_lines(tmp_path / "good.ndjson", condition())
    records = outspread.read(tmp_path)
    assert records.finding.height == 1
    assert code in issue_codes(records)


def nested(depth: int) -> object:
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


def test_a_resource_nested_deeper_than_can_be_written_keeps_its_findings(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    deep = json.dumps(condition(note="@")).replace('"@"', json.dumps(nested(400)))
    path.write_text('{"resourceType":"Bundle","entry":[{"resource":' + deep + "}]}")
    records = outspread.read(path)
    assert records.finding["site"].to_list() == ["breast"]
    assert issue_codes(records) == ["R007"]
    assert "Condition" in records.raw["content"][0]


def test_deep_resources_of_one_name_are_told_apart(tmp_path: Path) -> None:
    lines = [json.dumps(condition(note=nested(depth))) for depth in (300, 400, 400)]
    records = outspread.read(write_lines(tmp_path / "a.ndjson", *lines))
    assert records.finding.height == 2
    assert issue_codes(records) == ["R014"]


def test_bundles_in_bundles_are_read_however_deep(tmp_path: Path) -> None:
    text = json.dumps(condition())
    for _ in range(300):
        text = '{"resourceType":"Bundle","entry":[{"resource":' + text + "}]}"
    assert outspread.read(write_lines(tmp_path / "a.json", text)).finding.height == 1


def test_a_thousand_equal_ids_are_told_apart_by_content(tmp_path: Path) -> None:
    lines = [condition(note=str(number // 2)) for number in range(1000)]
    records = outspread.read(write_lines(tmp_path / "a.ndjson", *lines))
    assert records.finding["evidence_id"].n_unique() == records.finding.height == 500


@pytest.mark.parametrize(
    "identifier",
    [1, "x", [1], [{"system": [], "value": "v"}], [{"value": {}}], {"value": "v"}],
    ids=repr,
)
def test_identifiers_of_another_form_are_left_alone(tmp_path: Path, identifier: object) -> None:
    path = tmp_path / "bundle.json"
    own = condition() | {"subject": {"identifier": {"system": ["s"], "value": "v"}}}
    path.write_text(json.dumps(bundle(patient(identifier=identifier), own)))
    assert outspread.read(path).finding.height == 1


@pytest.mark.parametrize("value", ["nan", "inf", 1e300, "1e999", True], ids=repr)
def test_what_is_no_number_of_a_quantity_is_left_out(tmp_path: Path, value: object) -> None:
    quantity = {"value": value, "unit": "cm"}
    lines = [observation(code, name=code, valueQuantity=quantity) for code in ("2857-1", "21889-1")]
    records = outspread.read(write_lines(tmp_path / "a.ndjson", *lines))
    assert records.measurement.is_empty()
    assert records.finding.is_empty()
    assert issue_codes(records) == ["R007", "R007"]


def test_a_negative_or_endless_size_is_left_out(tmp_path: Path) -> None:
    line = observation("21889-1", valueQuantity={"value": -1, "unit": "cm"})
    assert issue_codes(outspread.read(write_lines(tmp_path / "a.ndjson", line))) == ["R007"]
    path = tmp_path / "rows.csv"
    path.write_text(f"patient_id,code,size_mm\nann,C50.4,{'9' * 60}\n")
    records = outspread.read(path)
    assert records.finding["size_mm"].to_list() == [None]
    assert issue_codes(records) == ["R038"]


def test_equal_names_of_tumors_without_items_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "registry.xml"
    first = tumor(sequenceNumberCentral="2")
    path.write_text(document(registry_patient(first, "<Tumor></Tumor>")))
    raw = outspread.read(path).raw
    assert raw["source_ref"].n_unique() == raw.height


def good_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    write_lines(folder / "good.ndjson", condition())
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "broken link", "endless link"])
def test_only_regular_files_are_read(tmp_path: Path, kind: str) -> None:
    folder = good_folder(tmp_path)
    odd = folder / "odd"
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(os.path.relpath(odd))
    else:
        odd.symlink_to({"device": "/dev/zero", "broken link": "no", "endless link": "odd"}[kind])
    records = outspread.read(folder)
    assert records.finding.height == 1
    assert records.issue.select("code", "file").rows() == [("R001", "odd")]


def test_links_back_to_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder = good_folder(tmp_path)
    try:
        (folder / "loop").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")
    records = outspread.read(folder)
    assert records.finding.height == 1
    assert records.issue.is_empty()


def test_what_may_not_be_opened_is_an_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = good_folder(tmp_path)
    (folder / "closed").mkdir()
    is_open = Path.iterdir

    def iterdir(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError
        return is_open(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    records = outspread.read(folder)
    assert records.finding.height == 1
    assert records.issue.select("code", "file").rows() == [("R001", "closed")]


def test_odd_files_in_a_folder_are_issues_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = good_folder(tmp_path)
    odd = {
        "empty": b"",
        "nul": bytes(5000),
        "utf-32": json.dumps(bundle(condition())).encode("utf-32"),
        "zip": b"PK\x03\x04" + bytes(100),
        "gzip in gzip": gzip.compress(gzip.compress(RESOURCE)),
        "no gzip": b"\x1f\x8b",
        "parquet": b"PAR1PAR1",
        "spaces": b" " * 100_000,
    }
    for name, content in odd.items():
        (folder / name).write_bytes(content)
    records = outspread.read(folder)
    assert records.finding.height == 1
    assert sorted(records.issue["file"].unique()) == sorted(odd)
    assert set(records.issue["code"]) <= {"R001", "R002", "R004", "R005", "R070", "R071"}


def test_what_is_remembered_of_free_text_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_KNOWN", 50)
    monkeypatch.setattr(stream, "CHUNK_ROWS", 10)
    monkeypatch.setattr(stream, "PENDING_LIMIT", 10)
    codes = [
        {"text": f"Secondary malignant neoplasm of liver, case {number}"} for number in range(300)
    ]
    known = [condition(name=f"k{number}") for number in range(300)]
    free = [condition(code, name=f"f{number}") for number, code in enumerate(codes)]
    lines = [line for pair in zip(known, free, strict=True) for line in pair]
    chunks = list(read_chunks([write_lines(tmp_path / "a.ndjson", *lines)]))
    assert len(chunks) > 20
    finding = pl.concat(chunk.finding for chunk in chunks)
    found = finding.filter(pl.col("source_ref").str.starts_with("Condition/k"))
    assert found.select("role", "primary").unique().rows() == [("primary", "breast")]
    assert found.height == 300


@pytest.mark.parametrize("reference", ["urn:", "urn:/", "Patient/", "/", "//", ""])
def test_references_that_name_nobody_do_not_mix_people(tmp_path: Path, reference: str) -> None:
    lines = [condition(name=name, subject={"reference": reference}) for name in ("c1", "c2")]
    records = outspread.read(write_lines(tmp_path / "a.ndjson", *lines))
    assert sorted(records.finding["patient_id"]) == [
        "unnamed:Condition/c1",
        "unnamed:Condition/c2",
    ]
