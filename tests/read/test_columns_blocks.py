"""Many lines at once give what one record at a time gives."""

import gzip
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest

from outspread.read.columns import blocks
from outspread.read.columns.batches import read_batches
from outspread.read.columns.blocks import ROW
from outspread.read.columns.lines import Lines, find_delimiter, open_text, read_records

HEAD = "patient_id,code,note\n"
CELLS = (
    "C61", "", " ", "x y", "é", "\u2028", "\x0b", '"a ""b"" c"', '"x,y"', '"two\nlines"', '""',
    '"', 'a"b', '"a"b', ' "q"', "\0", "\ufeff", "\udcff", '"\n\n"', "x" * 30, '"' + "\n" * 60 + '"',
)  # fmt: skip
Rows = list[tuple[Any, ...]]


def odd_text(random: Random, *, oddness: float, end: str) -> str:
    """Rows of which some are as odd as they come."""
    lines = [HEAD]
    for number in range(random.randint(0, 30)):
        cells = [f"p{number}", "C61", "plain"]
        if random.random() < oddness:
            cells = [random.choice(CELLS) for _ in range(random.choice((0, 1, 2, 3, 3, 3, 4)))]
        lines.append(",".join(cells) + "\n")
    return "".join(lines).replace("\n", end)


def by_blocks(path: Path) -> tuple[Rows, Rows]:
    rows: Rows = []
    issues: Rows = []
    for batch in read_batches(path):
        rows += batch.cells.select(ROW, "patient_id", "code", "note").rows()
        issues += batch.issues
    return rows, issues


def by_records(content: bytes) -> tuple[Rows, Rows]:
    text = open_text(BytesIO(content))  # type: ignore[arg-type]  # reads as a buffered file does
    first = text.readline()
    rows: Rows = []
    issues: Rows = []
    _, *records = read_records(Lines(text, first, find_delimiter(first)))
    for record in records:
        cells = [cell.strip() or None for cell in record.cells]
        is_misfit = len(cells) < 3 or any(record.cells[3:])
        if record.issue or is_misfit:
            issues.append((record.issue or "R072", record.number, None))
        else:
            rows.append((record.number, *cells[:3]))
    return rows, issues


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("oddness", [0, 0.1, 0.6], ids=["plain", "some odd", "most odd"])
@pytest.mark.parametrize("size", [40, 400])
def test_blocks_and_records_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, oddness: float, end: str
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", size)
    path = tmp_path / "rows.csv"
    for seed in range(4):
        text = odd_text(Random(seed), oddness=oddness, end=end)  # noqa: S311 (chance)
        path.write_bytes(text.encode(errors="surrogateescape"))
        assert by_blocks(path) == by_records(path.read_bytes())


def test_a_file_that_ends_early_keeps_its_whole_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 1000)
    content = HEAD + "".join(f"p{number},C61,{number**5}\n" for number in range(5000))
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(content.encode())[:9000])
    rows, issues = by_blocks(path)
    count = len(rows)
    assert rows == [(n + 2, f"p{n}", "C61", str(n**5)) for n in range(count)]
    assert 500 < count < 5000
    assert issues == [("R005", count + 2, None)]
