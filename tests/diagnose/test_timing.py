"""First dates, and whether distant spread came with the primary or later."""

from datetime import date, timedelta

import pytest

from outspread.diagnose.timing import SYNCHRONOUS_WINDOW_DAYS
from people import Case, primary, secondary, stories, story

DIAGNOSED = date(2020, 1, 1)
WINDOW = timedelta(SYNCHRONOUS_WINDOW_DAYS)
CASES = {
    "same_day": (DIAGNOSED, "day", "synchronous", 0),
    "metastasis_found_first": (DIAGNOSED - timedelta(40), "day", "synchronous", -40),
    "last_day_of_window": (DIAGNOSED + WINDOW, "day", "synchronous", SYNCHRONOUS_WINDOW_DAYS),
    "day_after_window": (
        DIAGNOSED + WINDOW + timedelta(1), "day", "metachronous", SYNCHRONOUS_WINDOW_DAYS + 1,
    ),
    "month_across_the_window": (date(2020, 7, 1), "month", "unknown", None),
    "same_year_only": (date(2020, 1, 1), "year", "unknown", None),
    "years_later_by_year": (date(2023, 1, 1), "year", "metachronous", None),
    "undated": (None, None, "unknown", None),
}  # fmt: skip


timed = stories({
    name: Case([primary("colon", date=DIAGNOSED),
                secondary("liver", date=day, date_precision=precision)])
    for name, (day, precision, *_) in CASES.items()
})  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_timing(case) -> None:
    disease = timed(case).disease.row(0, named=True)
    assert (disease["timing"], disease["interval_days"]) == CASES[case][2:]


def test_no_distant_spread_has_no_timing() -> None:
    disease = story(primary("breast"), secondary("ln_axillary", date=DIAGNOSED)).disease
    assert disease["timing"].to_list() == [None]
    assert disease["first_regional_date"].to_list() == [DIAGNOSED]


def test_doubtful_earlier_evidence_does_not_move_the_first_date() -> None:
    sure = secondary("liver", date=date(2022, 5, 1))
    doubtful = secondary("liver", date=date(2021, 5, 1), certainty="possible")
    disease = story(primary("colon", date=DIAGNOSED), sure, doubtful).disease
    assert disease["first_distant_date"].to_list() == [date(2022, 5, 1)]
