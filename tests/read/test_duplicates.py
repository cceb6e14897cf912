"""What several files hold more than once."""

from pathlib import Path

from outspread import read
from read.bundles import condition, issue_codes, patient, write_lines


def test_equal_resources_of_two_files_count_once(tmp_path: Path) -> None:
    for name in ("a.ndjson", "b.ndjson"):
        write_lines(tmp_path / name, patient(), condition())
    records = read(tmp_path)
    assert (records.patient.height, records.finding.height, records.raw.height) == (1, 1, 1)
    assert records.issue.is_empty()


def test_unequal_statements_of_one_name_in_two_files_are_noted(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.ndjson", condition(onsetDateTime="2001"))
    write_lines(tmp_path / "b.ndjson", condition(onsetDateTime="2002"))
    records = read(tmp_path)
    assert records.finding["date"].dt.year().to_list() == [2001]
    assert records.raw["file"].to_list() == ["a.ndjson"]
    assert issue_codes(records) == ["R014"]
