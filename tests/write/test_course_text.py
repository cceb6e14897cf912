"""The course as text: a date, what happened, how far it had spread by then, and the evidence."""

from datetime import date

from outspread.write.explain import explain_patient
from people import course, primary, secondary, story, surgery

DAY = date(2012, 3, 1)


def text_of(*rows, **more) -> str:
    return explain_patient(story(*rows, **more)._asdict(), "person")


def flowing(text: str) -> str:
    return " ".join(text.split())


def course_of(text: str) -> list[str]:
    lines = text.split("Course\n")[1].splitlines()
    return [line.strip() for line in lines[: lines.index("")]]


def test_each_event_has_a_line_with_its_date_and_evidence() -> None:
    text = text_of(
        primary("breast", date=date(2010, 1, 1), date_precision="year"),
        course("no_sign_of_disease", date=date(2011, 5, 1), date_precision="month"),
        secondary("adrenal", laterality="left", date=DAY),
        secondary("brain", certainty="possible"),
        treatments=[surgery("adrenal", laterality="left", date=date(2012, 9, 1))],
        life={"death_date": date(2020, 1, 1)},
    )
    assert course_of(text) == [
        "2010        first record of the cancer [2]",
        "2011-05     no sign of disease [5]",
        "2012-03-01  spread to left adrenal gland found; by then metastatic [1]",
        "2012-03-01  has come back in another part of the body: follows from what was found [1]",
        "2012-09-01  spread to left adrenal gland removed [3]",
        "2020-01-01  death",
        "undated     possible spread to brain [4]",
    ]
    assert "first seen 2012-03-01 [1], removed 2012-09-01 [3]" in text
    assert "(status.spread_after_free)" in text


def test_an_interval_between_partial_dates_is_told_by_its_ends() -> None:
    first = primary("breast", date=date(2010, 1, 1), date_precision="year")
    later, same_year = (secondary("bone", date=day) for day in (DAY, date(2010, 3, 1)))
    assert "425 to 790 days after the diagnosis" in flowing(text_of(first, later))
    both = "306 days before to 59 days after the diagnosis"
    assert both in flowing(text_of(first, same_year))
