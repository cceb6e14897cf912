"""The page of one patient: every room of it as views, and the HTML made from them."""

from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import orjson
from markupsafe import Markup

from outspread.plan.pack.model import Source
from outspread.write.explain import NOTICE
from outspread.write.fhir import fhir_bundle
from outspread.write.phrases import Citations, denied_places, place_words
from outspread.write.plan import NOTICE as PLAN_NOTICE
from outspread.write.planned import Row
from outspread.write.report.bodymap import body_map, shapes_used
from outspread.write.report.case import Case
from outspread.write.report.conflicts import Conflict, conflicts, gaps
from outspread.write.report.course import Step, course_csv, course_of
from outspread.write.report.dates import MODES, Clock, When
from outspread.write.report.evidence import Card, Report, evidence_cards, reports
from outspread.write.report.heading import capitalized, heading_facts
from outspread.write.report.html import Frame, frame, render
from outspread.write.report.lesions import Place, number_lesions, places
from outspread.write.report.options import PackNote, Plan, pack_note, plan_of, sources_used
from outspread.write.report.share import without_identity
from outspread.write.report.stagings import Staging, stagings_of
from outspread.write.report.timeline import timeline
from outspread.write.report.views import Fact

SEX_WORDS: Final = {"female": "Woman", "male": "Man", "other": "Person"}
DAY_ZERO: Final = (
    "Day 0 is the first record of a cancer; the first day of its month or year if no more is known."
)
LONG_NAME: Final = 160


@dataclass(frozen=True, slots=True)
class Disease:
    """One cancer on the page."""

    number: int
    name: str
    is_long: bool
    facts: tuple[Fact, ...]
    places: tuple[Place, ...]
    map: Markup
    shapes: tuple[tuple[str, str], ...]
    course: tuple[Step, ...]
    stagings: tuple[Staging, ...]
    conflict_count: int
    picture: Markup
    plan: Plan

    @property
    def undated(self) -> tuple[Step, ...]:
        """What is known to have happened, and not when."""
        return tuple(step for step in self.course if step.day is None)


@dataclass(frozen=True, slots=True)
class Links:
    """Where the parts of an application are; an empty one stands in the page, or is left out.

    `style` is the address of `stylesheet()`, `back` that of the list of patients, `person` that of
    the page for the person, `share` that of the copy for sharing, `story`, `course` and `fhir`
    those of the downloads.
    """

    style: str = ""
    back: str = ""
    person: str = ""
    share: str = ""
    story: str = ""
    course: str = ""
    fhir: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of the page: its name, its address, and the name of a file to be taken away."""

    name: str
    address: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template of the patient page shows."""

    title: str
    person: tuple[str, ...]
    is_shared: bool
    as_of: When
    modes: tuple[tuple[str, str], ...]
    mode: str
    zero: str
    diseases: tuple[Disease, ...]
    denied: tuple[Fact, ...]
    conflicts: tuple[Conflict, ...]
    gaps: tuple[str, ...]
    cards: tuple[Card, ...]
    reports: tuple[Report, ...]
    pack: PackNote
    sources: tuple[Source, ...]
    downloads: tuple[Way, ...]
    ways: tuple[Way, ...]
    notice: str
    plan_notice: str
    frame: Frame

    @property
    def possible_count(self) -> int:
        """How many places are possible only."""
        return sum(place.is_possible for disease in self.diseases for place in disease.places)


def patient_page(
    case: Case, *, dates: str = "calendar", share: bool = False, links: Links | None = None
) -> str:
    """Write the page of one patient as HTML that needs nothing else and no script.

    Parameters
    ----------
    case
        As `case_of` or `read_case` give it.
    dates
        Form of dates that is shown first: calendar, days or age; the page can switch.
    share
        Leave out what identifies: ids, names of files, texts, resources, and all dates but days
        counted from the diagnosis.
    links
        Addresses of an application that shows the page; none for a single file. They can hold an
        id, so a page for sharing has none of them but the style.
    """
    view = page_view(case, dates=dates, share=share, links=links)
    return render("page.html", view)


def page_view(
    case: Case, *, dates: str = "calendar", share: bool = False, links: Links | None = None
) -> Page:
    """Make the views of the patient page; see `patient_page`."""
    links = links or Links()
    links = Links(style=links.style) if share else links
    case = without_identity(case) if share else case
    clock = clock_of(case, share=share)
    cited = Citations()
    diseases = _diseases(case, cited, clock)
    denied = _denied(case, cited, clock)
    disagreements = conflicts(case, cited)
    diseases = _with_plans(diseases, case, cited, clock)
    return Page(
        title="A patient" if share else f"Patient {case.patient_id}",
        person=_person(case),
        is_shared=share,
        as_of=When((("any", "the last record"),)) if share else When((("any", f"{case.as_of}"),)),
        modes=tuple((mode, MODES[mode]) for mode in clock.modes),
        mode=dates if dates in clock.modes else clock.modes[0],
        zero=_zero_words(clock),
        diseases=diseases,
        denied=denied,
        conflicts=disagreements,
        gaps=gaps(case),
        cards=evidence_cards(case, cited, clock),
        reports=reports(case, cited, clock),
        pack=pack_note(case.pack),
        sources=sources_used(tuple(disease.plan for disease in diseases), case.pack),
        downloads=_downloads(case, diseases, links, share=share),
        notice=NOTICE,
        plan_notice=PLAN_NOTICE,
        ways=_ways(links),
        frame=frame(style=links.style, back=links.back),
    )


def clock_of(case: Case, *, share: bool) -> Clock:
    """Count dates from the first diagnosis; without one, from the first dated statement."""
    known = [row["diagnosed_date"] for row in case.rows["disease"] if row["diagnosed_date"]]
    known = known or [row["date"] for row in case.rows["event"] if row["date"]]
    born, precision = case.person["birth_date"], case.person["birth_date_precision"]
    return Clock(min(known, default=None), born, precision, share)


def story_json(case: Case) -> str:
    """Give the rows of every table of one patient as one JSON object."""
    return orjson.dumps({"patient_id": case.patient_id} | dict(case.rows)).decode()


def story_fhir(case: Case) -> str:
    """Give one patient's story as an mCODE bundle."""
    return orjson.dumps(fhir_bundle(case.rows, as_of=case.as_of)).decode()


def page_csv(case: Case) -> str:
    """Give the course of all diseases of a patient as CSV."""
    view = page_view(case)
    return course_csv(tuple(step for disease in view.diseases for step in disease.course))


def _ways(links: Links) -> tuple[Way, ...]:
    """Give the other pages of an application."""
    named = {
        "All patients": links.back,
        "For the person": links.person,
        "Copy for sharing": links.share,
    }
    return tuple(Way(name, address) for name, address in named.items() if address)


def _downloads(
    case: Case, diseases: tuple[Disease, ...], links: Links, *, share: bool
) -> tuple[Way, ...]:
    """Give what can be taken away; in a single file it stands in the address itself."""
    steps = tuple(step for disease in diseases for step in disease.course)
    found = []
    if steps:
        address = links.course or _inside("text/csv", course_csv(steps))
        found.append(Way("Course as CSV", address, "course.csv"))
    if not share:
        address = links.story or _inside("application/json", story_json(case))
        found.append(Way("Story as JSON", address, "story.json"))
        address = links.fhir or _inside("application/fhir+json", story_fhir(case))
        found.append(Way("Story as FHIR (mCODE)", address, "mcode.json"))
    return tuple(found)


def _inside(kind: str, content: str) -> str:
    """Give an address that holds its content."""
    return f"data:{kind};base64,{b64encode(content.encode()).decode()}"


def _diseases(case: Case, cited: Citations, clock: Clock) -> tuple[Disease, ...]:
    found = []
    first = 1
    for row in case.rows["disease"]:
        lesions = case.of_disease("lesion", row["disease_id"])
        numbers = number_lesions(lesions, start=first)
        first += len(lesions)
        stagings = case.of_disease("staging", row["disease_id"])
        facts = heading_facts(row, lesions, cited, clock=clock, staging_count=len(stagings))
        shown = places(lesions, numbers, cited, clock=clock)
        course = course_of(case, row, numbers, cited, clock=clock)
        found.append(
            Disease(
                number=row["disease_id"] + 1,
                name=capitalized(row["name"]),
                is_long=len(row["name"]) > LONG_NAME,
                facts=facts,
                places=shown,
                map=body_map(shown, sex=case.person["sex"], name=row["name"]),
                shapes=shapes_used(shown),
                course=course,
                conflict_count=sum(
                    one["disease_id"] in (None, row["disease_id"]) for one in case.rows["conflict"]
                ),
                stagings=stagings_of(case, row["disease_id"], cited, clock=clock),
                picture=timeline(
                    course,
                    shown,
                    clock=clock,
                    until=(case.as_of, case.person["last_contact_date"]),
                    name=row["name"],
                ),
                plan=Plan(),
            )
        )
    return tuple(found)


def _with_plans(
    diseases: tuple[Disease, ...], case: Case, cited: Citations, clock: Clock
) -> tuple[Disease, ...]:
    """Add the plans; one that names the same emergencies as the plan before it leaves them out."""
    said: tuple[str, ...] = ()
    found = []
    for disease, row in zip(diseases, case.rows["disease"], strict=True):
        plan = plan_of(case, row["disease_id"], cited, clock=clock)
        shown = replace(plan, unrecorded=() if plan.unrecorded == said else plan.unrecorded)
        said = plan.unrecorded
        found.append(replace(disease, plan=shown))
    return tuple(found)


def _denied(case: Case, cited: Citations, clock: Clock) -> tuple[Fact, ...]:
    """Places that the record says are free of spread."""
    return tuple(
        Fact(
            "free",
            (
                capitalized(place_words(row["site"], row["laterality"])),
                clock.when(row["date"], row["date_precision"]),
            ),
            cites=tuple(cited.numbers([row["evidence_id"]])),
        )
        for row in denied_places(case.rows["finding"])
    )


def _person(case: Case) -> tuple[str, ...]:
    person = case.person
    said = [SEX_WORDS.get(person["sex"] or "", "Sex not recorded")]
    age = _age(person, case.as_of)
    if person["is_dead"] or person["death_date"]:
        said.append("has died")
    elif age is not None:
        said.append(f"{age} years")
    return tuple(said)


def _age(person: Row, as_of: date) -> int | None:
    born = person["birth_date"]
    if born is None:
        return None
    had_birthday = (as_of.month, as_of.day) >= (born.month, born.day)
    return int(as_of.year - born.year - (not had_birthday))


def _zero_words(clock: Clock) -> str:
    return DAY_ZERO if clock.zero else ""
