"""A packed file that is cut or damaged: what is whole before that is kept, and the rest is told."""

import gzip
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

import outspread
from outspread.read.files import DAMAGED, open_bytes, read_head
from outspread.records import Records
from read.bundles import condition
from read.registry_files import document, patient, tumor

MANY = 40
LETTERS = str.maketrans("0123456789", "ghijklmnop")


def note(number: int) -> dict[str, str]:
    """A note of letters that hardly pack, so that a cut falls where it says."""
    marks = (sha256(f"{number} {part}".encode()).hexdigest() for part in range(20))
    words = " ".join(marks).translate(LETTERS)
    return {"doc_id": f"n{number}", "patient_id": f"p{number}", "text": f"Lung cancer. {words}"}


NOTES = {row["doc_id"]: row["text"] for row in map(note, range(MANY))}


def note_lines() -> bytes:
    return "".join(json.dumps(note(number)) + "\n" for number in range(MANY)).encode()


def note_table() -> bytes:
    rows = (",".join(note(number).values()) + "\n" for number in range(MANY))
    return ("doc_id,patient_id,text\n" + "".join(rows)).encode()


def read_cut(tmp_path: Path, name: str, packed: bytes) -> Records:
    path = tmp_path / name
    path.write_bytes(packed)
    return outspread.read(path)


def told(records: Records) -> list[tuple[str, str, str]]:
    return records.issue.select("code", "place", "reason").rows()


NOTE_FILES = {"lines": ("notes.jsonl.gz", note_lines), "table": ("notes.csv.gz", note_table)}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
@pytest.mark.parametrize("kind", NOTE_FILES)
def test_notes_before_a_cut_are_kept_and_counted(tmp_path: Path, kind: str, share: float) -> None:
    name, make = NOTE_FILES[kind]
    packed = gzip.compress(make())
    found = read_cut(tmp_path, name, packed[: int(len(packed) * share)])
    kept = dict(found.document.select("document_id", "text").iter_rows())
    assert abs(len(kept) - share * MANY) <= 2
    assert kept.items() <= NOTES.items(), "no note is kept in part"
    ((code, place, reason),) = told(found)
    unit, number = place.split()
    assert (code, unit) == ("R005", {"lines": "line", "table": "row"}[kind])
    assert int(number) == len(kept) + (1 if kind == "lines" else 2)
    assert reason.endswith(f"Notes kept: {len(kept)}.")


@pytest.mark.parametrize("kind", NOTE_FILES)
def test_notes_before_a_damaged_part_are_kept(tmp_path: Path, kind: str) -> None:
    name, make = NOTE_FILES[kind]
    body = make()[make().index(b"\n") + 1 :]
    packed = bytearray(gzip.compress(make() + body * 20))
    place = len(packed) * 3 // 4
    packed[place : place + 64] = b"\xff" * 64
    found = read_cut(tmp_path, name, bytes(packed))
    assert {row[0] for row in told(found)} >= {"R005"}
    assert dict(found.document.select("document_id", "text").iter_rows()).items() <= NOTES.items()
    assert found.document.height > 0


def test_a_note_that_is_cut_is_not_kept(tmp_path: Path) -> None:
    packed = gzip.compress(note(1)["text"].encode())
    (tmp_path / "other.jsonl").write_bytes(note_lines())
    (tmp_path / "cut.txt.gz").write_bytes(packed[: len(packed) // 2])
    found = outspread.read(tmp_path)
    assert found.document.height == MANY
    assert [(code, place) for code, place, _ in told(found)] == [("R005", "file")]


def test_resources_before_a_cut_are_kept(tmp_path: Path) -> None:
    lines = [json.dumps(condition(name=f"c{one}", note=note(one)["text"])) for one in range(3)]
    ends = [len("\n".join(lines[: one + 1])) + 1 for one in range(3)]
    for kept, end in enumerate(ends[:-1], start=1):
        found = read_cut(tmp_path, "a.ndjson.gz", stored("\n".join(lines), most=end + 40))
        assert found.raw["source_ref"].sort().to_list() == [f"Condition/c{i}" for i in range(kept)]
        assert [(code, place) for code, place, _ in told(found)] == [("R005", f"line {kept + 1}")]


def stored(text: str, *, most: int) -> bytes:
    """A gzip file of text that is not packed, up to a byte of the text."""
    packed = gzip.compress(text.encode(), compresslevel=0)
    start = packed.index(text[:20].encode())
    return packed[: start + most]


def test_people_of_a_registry_file_before_a_cut_are_kept(tmp_path: Path) -> None:
    packed = gzip.compress(document(*(patient(tumor(), number=n) for n in range(1, 501))).encode())
    found = read_cut(tmp_path, "a.xml.gz", packed[: len(packed) // 2])
    assert found.patient.height > 100
    assert "R005" in {code for code, *_ in told(found)}


LOST: dict[str, Callable[[], bytes]] = {
    "a gzip file without anything": lambda: gzip.compress(note_lines())[:12],
    "a bundle": lambda: gzip.compress(json.dumps({"resourceType": "Bundle", "entry": [
        {"resource": condition(name=f"c{one}", note=note(one)["text"])} for one in range(9)
    ]}).encode())[:-900],
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_a_file_of_which_nothing_is_whole_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(outspread.errors.ReadError, match="R061"):
        read_cut(tmp_path, "a.gz", LOST[name]())


def test_rows_of_a_note_table_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text('doc_id,patient_id,text\na,1,Lung cancer.\nb,2\nc,3,"Colon cancer.\n')
    found = outspread.read(path)
    assert found.document["document_id"].to_list() == ["a"]
    assert sorted(told(found))[0][:2] == ("R071", "row 4")
    assert sorted(told(found))[1][:2] == ("R072", "row 3")
    assert len(told(found)) == 2


def test_damage_is_met_however_often_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    packed = gzip.compress(note_lines())
    path.write_bytes(packed[: len(packed) // 2])
    assert re.match(rb'\{"doc_id": ?"n0"', read_head(path))
    with open_bytes(path) as stream:
        for _ in range(2):
            with pytest.raises(DAMAGED):
                stream.read()
