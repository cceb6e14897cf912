"""A date in a sentence belongs to what the sentence ties to it, and to nothing else."""

from datetime import date

import pytest

from outspread.extract.document import read_text
from outspread.extract.resolve import resolve
from outspread.extract.rows import Note, rows_of

WRITTEN = date(2021, 5, 20)


def dated(text: str, written: date | None = WRITTEN) -> dict[str, str]:
    """Words of the statements that have a date of their own, with it."""
    reading = read_text(text)
    tables = rows_of(Note("p", "d", written), reading, resolve(reading))
    return {
        text[row["span_start"] : row["span_end"]].lower(): f"{row['date']} {row['date_precision']}"
        for rows in tables for row in rows if row["date"] != written
    }  # fmt: skip


GOVERNS = [
    ("Breast cancer diagnosed in March 2019.", {"breast cancer": "2019-03-01 month"}),
    ("Breast cancer, diagnosed on May 4, 2018.", {"breast cancer": "2018-05-04 day"}),
    ("Breast cancer diagnosed 14 March 2019.", {"breast cancer": "2019-03-14 day"}),
    ("Breast cancer, diagnosed 2019-03-14.", {"breast cancer": "2019-03-14 day"}),
    ("Breast cancer in Sept 2011.", {"breast cancer": "2011-09-01 month"}),
    ("Liver metastases were found on 03/14/2019.", {"liver metastases": "2019-03-14 day"}),
    ("Liver metastases were found on 14/03/2019.", {"liver metastases": "2019-03-14 day"}),
    ("Liver metastases (2019-03-14).", {"liver metastases": "2019-03-14 day"}),
    ("In 2019, CT showed liver metastases.", {"liver metastases": "2019-01-01 year"}),
    ("In March 2019 there were liver metastases.", {"liver metastases": "2019-03-01 month"}),
    (
        "Breast cancer in 2010 and liver metastases in 2019.",
        {"breast cancer": "2010-01-01 year", "liver metastases": "2019-01-01 year"},
    ),
    ("Breast cancer. Mastectomy in 2018.", {"mastectomy": "2018-01-01 year"}),
]
SAYS_NOTHING = [
    "Liver metastases, unchanged since 3/2/2018.",
    "CT compared with 2019-02-03: liver metastases.",
    "Liver metastases, progressive from March 2019.",
    "Liver metastases not present before March 2019.",
    "Born in 1950. Liver metastases.",
    "Seen in March 2019. Now liver metastases.",
    "Liver metastases; mother died in 2001.",
    "Liver metastases were treated with folfox in 2019, and bone scan.",
    "Liver metastases in 2030.",
    "Liver metastases on 13/14/2019.",
    "Liver metastases in room 2019.",
    "Liver metastases 2019.",
]
RELATIVE = [
    ("Brain metastasis diagnosed 3 months ago.", {"brain metastasis": "2021-02-01 month"}),
    ("Breast cancer diagnosed two years ago.", {"breast cancer": "2019-01-01 year"}),
    ("Breast cancer a year ago.", {"breast cancer": "2020-01-01 year"}),
]


@pytest.mark.parametrize(("text", "dates"), GOVERNS, ids=[text for text, _ in GOVERNS])
def test_a_date_of_the_same_clause_counts(text: str, dates: dict[str, str]) -> None:
    assert dated(text) == dates


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_other_dates_do_not(text: str) -> None:
    assert "liver metastases" not in dated(text)


@pytest.mark.parametrize(("text", "dates"), RELATIVE, ids=[text for text, _ in RELATIVE])
def test_a_time_ago_is_counted_from_the_date_of_the_note(text: str, dates: dict[str, str]) -> None:
    assert dated(text) == dates
    assert not dated(text, written=None)


def test_a_day_that_may_be_a_month_leaves_the_year() -> None:
    assert dated("Liver metastases on 04/05/2017.") == {"liver metastases": "2017-01-01 year"}


def test_a_date_counts_in_a_note_without_one() -> None:
    assert dated("Breast cancer diagnosed in March 2019.", written=None) == {
        "breast cancer": "2019-03-01 month"
    }
