"""Patients that pages are tried on: the odd ones, built in a line each."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

import outspread
from outspread.anatomy.load import sites
from outspread.plan.pack.load import own_pack
from outspread.write.report.case import Case, case_of
from outspread.write.report.page import patient_page
from outspread.write.report.person import person_html
from people import AS_OF, Row, course, primary, secondary, surgery
from plan.told import LUNG, Told, everyone, measured

START = date(2020, 3, 1)
EXAMPLES = Path(__file__).parents[3] / "examples"
NOTE = """CT of chest and abdomen, 2 March 2024.
Woman with left breast cancer. Her mother had ovarian cancer.
Liver metastases, up to 23 mm. No brain metastases. Possible metastasis in the left adrenal gland.
Palliative radiation to the spine is planned.
"""
LIFE = {"sex": "female", "birth_date": date(1950, 6, 2), "birth_date_precision": "day"}


def after(days: int) -> date:
    """A day so many days after the diagnosis."""
    return START + timedelta(days=days)


def breast(**facts: object) -> Row:
    """Breast cancer of the left side."""
    return primary("breast", site="breast", laterality="left", morphology="8500",
                   behavior="malignant", date=START, **facts)  # fmt: skip


def _three_cancers() -> Told:
    rows = [
        breast(),
        primary("prostate", site="prostate", morphology="8140", date=after(300)),
        primary("colon", site="sigmoid_colon", morphology="8140", date=after(700)),
        secondary("ln_axillary", origin="breast", laterality="left", date=after(20)),
        secondary("liver", origin="colon", date=after(800)),
        secondary("bone", date=after(900)),
    ]
    return Told(rows, life={"sex": "other"})


def _unknown_primary() -> Told:
    return Told(
        [
            primary("unknown_primary", date=START),
            secondary("bone", origin="unknown_primary", date=START, date_precision="month"),
            secondary("brain", origin="unknown_primary", certainty="possible", date=after(9)),
        ]
    )


def _many_lesions() -> Told:
    named = [row for row in sites().iter_rows(named=True) if row["kind"] != "organ_group"]
    rows = [
        secondary(site["id"], date=after(100 + 11 * number), size_mm=float(number % 40 + 1),
                  certainty=("confirmed", "confirmed", "possible")[number % 3],
                  laterality="left" if site["paired"] == "yes" and number % 2 else None)
        for number, site in enumerate(named[:210])
    ]  # fmt: skip
    return Told([breast(), *rows], life=LIFE)


def _no_dates() -> Told:
    rows = [breast() | {"date": None}, secondary("liver"), secondary("bone", certainty="possible")]
    return Told(rows, treatments=[surgery("breast", laterality="left")], life={"sex": "female"})


def _dead() -> Told:
    rows = [breast(), secondary("liver", date=after(400)), course("worsened", date=after(600))]
    life = LIFE | {"death_date": after(700), "death_date_precision": "day", "is_dead": True}
    return Told(rows, treatments=[surgery("breast", laterality="left", date=after(30))], life=life)


def _alert() -> Told:
    pressed = measured("cord_compression", "yes", date=date(2025, 12, 28))
    return Told([LUNG, secondary("bone", date=date(2025, 12, 20))], [pressed])


INVENTED: dict[str, Callable[[], Told]] = {
    "no_cancer": lambda: Told([], life=LIFE),
    "three_cancers": _three_cancers,
    "unknown_primary": _unknown_primary,
    "many_lesions": _many_lesions,
    "no_dates": _no_dates,
    "dead": _dead,
    "one_event": lambda: Told([breast()], life=LIFE),
    "alert": _alert,
}


@cache
def _story_of_invented() -> outspread.Story:
    """One story costs as much as many."""
    people = everyone({name: make() for name, make in INVENTED.items()})
    return outspread.diagnose(people, as_of=AS_OF)


@cache
def _story_of_files() -> outspread.Story:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "note-7.txt"
        path.write_text(NOTE, encoding="utf-8")
        return outspread.diagnose(outspread.read(path, EXAMPLES), as_of=AS_OF)


@cache
def _invented(name: str) -> Case:
    """A patient made up here; on the pages all have the id that no page needs to tell."""
    mine = {
        table: frame.filter(pl.col("patient_id") == name).with_columns(patient_id=pl.lit("person"))
        for table, frame in _story_of_invented().tables().items()
    }
    return case_of(mine, "person", pack=own_pack(), as_of=AS_OF)


@cache
def _note() -> Case:
    found = _story_of_files()
    return case_of(found.tables(), "unnamed:note-7", pack=own_pack(), as_of=AS_OF)


@cache
def _example(name: str) -> Case:
    """A patient that ships with the project."""
    found = _story_of_files()
    owner = found.records.raw.filter(file=f"{name}.json")["patient_id"][0]
    return case_of(found.tables(), owner, pack=own_pack(), as_of=AS_OF)


@cache
def page_of(name: str, *, share: bool = False) -> str:
    """The page of one of them."""
    return patient_page(CASES[name](), share=share)


@cache
def person_of(name: str) -> str:
    """The page for the person."""
    return person_html(CASES[name]())


NAMES = sorted(path.stem for path in EXAMPLES.glob("*.json"))
ODD = {name: partial(_invented, name) for name in INVENTED} | {"note": _note}
CASES: dict[str, Callable[[], Case]] = ODD | {name: partial(_example, name) for name in NAMES}
