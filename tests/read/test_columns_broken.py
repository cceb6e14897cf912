"""Broken tables: a clear issue or a clear error, and the rest goes on."""

import gzip
import tracemalloc
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outspread.errors import ReadError
from outspread.read.columns import read_delimited
from outspread.read.columns.lines import LONGEST_LINE
from outspread.records import Records
from read.table_files import facts, issue_codes
from read.together import read

HEAD = b"patient_id,code,note\n"
GOOD = b"ann,C50.412,fine\n"
LAST = b"bob,C61,fine\n"


def read_bytes(folder: Path, content: bytes) -> Records:
    path = folder / "rows.csv"
    path.write_bytes(content)
    return read(path)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param(b"cat,C61\n", "R072", id="too few cells"),
        pytest.param(b"cat,C61,a,b,c\n", "R072", id="too many cells"),
        pytest.param(b'cat,C61,"never closed\n', "R071", id="open quote"),
        pytest.param(b'cat,C61,"a"b\n', "R071", id="text after a quote"),
        pytest.param(b"cat,C61,a\x00b\n", "R071", id="NUL"),
        pytest.param(b"cat,C61,M\xfcnchen\n", "R004", id="Latin-1"),
        pytest.param(b"cat,C61," + b"x" * LONGEST_LINE + b"\n", "R082", id="very long line"),
        pytest.param(b",C61,x\n", "R073", id="no patient"),
    ],
)
def test_broken_line_costs_itself_only(tmp_path: Path, line: bytes, code: str) -> None:
    records = read_bytes(tmp_path, HEAD + GOOD + line + LAST)
    assert sorted(facts(records, "patient_id")) == [("ann",), ("bob",)]
    assert issue_codes(records) == [code]
    assert "row 3" in records.issue["place"].to_list()


def test_open_quote_with_a_long_rest_costs_itself_only(tmp_path: Path) -> None:
    records = read_bytes(tmp_path, HEAD + b'cat,C61,"open\n' + GOOD * 500 + LAST)
    assert records.finding["patient_id"].unique().sort().to_list() == ["ann", "bob"]
    assert issue_codes(records) == ["R071"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_line_ends_and_breaks_within_quotes(tmp_path: Path, end: bytes) -> None:
    content = HEAD + b'ann,C50.412,"two\nlines, ""quoted"""\n' + b"\n" + LAST
    records = read_bytes(tmp_path, content.replace(b"\n", end))
    assert records.finding.height == 2
    assert not issue_codes(records)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    text = mark + "patient_id,code,note\nJürgen,C61,é\n"
    assert facts(read_bytes(tmp_path, text.encode(encoding)), "patient_id") == [("Jürgen",)]


def test_header_alone_is_read_and_states_nothing(tmp_path: Path) -> None:
    records = read_bytes(tmp_path, HEAD)
    assert records.finding.is_empty()
    assert not issue_codes(records)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"prose", "patient_id,code\na,b\n".encode("utf-16-le")],
    ids=["empty", "blank", "prose", "UTF-16 without a mark"],
)
def test_file_that_cannot_be_used_is_an_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ReadError):
        read_bytes(tmp_path, content)


def test_table_without_patients_in_a_folder_is_an_issue(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "rows.csv").write_bytes(HEAD + GOOD)
    records = read(tmp_path)
    assert "R085" in issue_codes(records)
    assert records.finding.height == 1


def test_gzip_that_ends_early_keeps_what_was_read(tmp_path: Path) -> None:
    packed = gzip.compress(HEAD + b"".join(b"p%d,C61,%d\n" % (i, i * i) for i in range(50_000)))
    records = read_bytes(tmp_path, packed[: len(packed) // 2])
    assert "R005" in issue_codes(records)
    assert records.finding.height > 0


def test_damaged_parquet_is_an_issue(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b"PAR1" + bytes(100))
    found = Records.concat(read_delimited(path))
    assert issue_codes(found) == ["R001"]


def test_a_huge_line_does_not_fill_memory(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEAD + GOOD + b"cat,C61,")
        for _ in range(60):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + LAST)
    list(read_delimited(path))  # loads the knowledge, which is no part of what is measured
    tracemalloc.start()
    found = Records.concat(read_delimited(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert issue_codes(found) == ["R082"]
    assert peak < 30_000_000


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.sampled_from(
            [HEAD, GOOD, LAST, b'"', b",", b"\n", b"\r", b"\0", b"\xff", b";", b"\t", b"C79.51",
             b"role,site,m,date\n", b"secondary", b"\xef\xbb\xbf", b"\xff\xfe", b"99999999", b"M1"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_no_bytes_break_the_reader(tmp_path: Path, parts: list[bytes]) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"".join(parts))
    with suppress(ReadError):
        read(path)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(*[st.text(max_size=8)] * 6), max_size=4))
def test_no_cell_breaks_the_reader(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    lines = [",".join(cell.replace(",", ".") for cell in row) for row in rows]
    header = "patient_id,code,site,date,stage_group,mets_bone"
    text = "\n".join([header, *(f"ann{line}" for line in lines)])
    read_bytes(tmp_path, text.encode("utf-8", errors="surrogatepass"))


def test_parquet_columns_of_every_type_are_read_or_said_not_to_be(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    frame = pl.DataFrame(
        {
            "patient_id": [1, 2],
            "code": [b"C61", b"\xff"],
            "date": [datetime(2019, 3, 4), None],  # noqa: DTZ001  # Parquet without a zone
            "t": pl.Series(["cT1", None], dtype=pl.Categorical),
            "size_mm": [12.0, None],
            "mets_bone": [True, False],
            "list": [[1], [2]],
            "span": [timedelta(1), None],
        }
    )
    frame.write_parquet(path)
    records = read(path)
    tumor = records.finding.filter(element="code").row(0, named=True)
    assert (tumor["primary"], tumor["date"], tumor["size_mm"]) == ("prostate", date(2019, 3, 4), 12)
    assert sorted(records.finding["element"]) == ["code", "mets_bone", "mets_bone", "t"]
    assert issue_codes(records) == ["R004", "R051", "R051"]
