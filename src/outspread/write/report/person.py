"""The page for the person as HTML: plain words and one picture, on two sheets."""

from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from outspread.write.person import Section, person_sections, person_texts, sided_place
from outspread.write.phrases import Citations
from outspread.write.report.bodymap import body_map
from outspread.write.report.case import Case
from outspread.write.report.dates import Clock
from outspread.write.report.heading import capitalized
from outspread.write.report.html import Frame, frame, render
from outspread.write.report.lesions import Place, number_lesions, places

PLACES: Final = "where"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the key of the picture: its mark, its name, and what is known of it."""

    place: Place
    name: str
    known: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that the template of the page for the person shows."""

    title: str
    made_by: str
    sections: tuple[Section, ...]
    map: Markup
    spots: tuple[Spot, ...]
    key: str
    frame: Frame

    @property
    def pictured(self) -> Section | None:
        """The section that holds the picture: the first that says where it has gone."""
        return next((one for one in self.sections if self.map and one.key == PLACES), None)


def person_html(case: Case, *, style: str = "", back: str = "") -> str:
    """Write the page for the person as HTML that needs nothing else and no script.

    Parameters
    ----------
    case
        As `case_of` or `read_case` give it.
    style, back
        Addresses of the style and of the page before, in an application.
    """
    say = person_texts()
    sections = person_sections(case.planned, case.tables, patient_id=case.patient_id)
    shown = _places(case)
    is_one = len(case.rows["disease"]) == 1
    view = PersonPage(
        title=say["title"],
        made_by=say["made_by"],
        sections=tuple(
            one._replace(points=()) if is_one and one.key == PLACES else one for one in sections
        ),
        map=body_map(shown, sex=case.person["sex"], name=say["map"]) if shown else Markup(""),
        spots=tuple(Spot(one, one.place, _known(one)) for one in shown),
        key=say["map.key" if any(one.shape == "primary" for one in shown) else "map.key_no_start"],
        frame=frame(style=style, back=back),
    )
    return render("person.html", view)


def _places(case: Case) -> tuple[Place, ...]:
    """Every place of every disease, with its name in plain words."""
    found: list[Place] = []
    cited, clock = Citations(), Clock(None)
    for row in case.rows["disease"]:
        lesions = case.of_disease("lesion", row["disease_id"])
        numbers = number_lesions(lesions, start=len(found) + 1)
        found += places(lesions, numbers, cited, clock=clock)
    return tuple(
        replace(one, place=capitalized(sided_place(one.site, one.laterality))) for one in found
    )


def _known(place: Place) -> str:
    say = person_texts()
    if place.shape == "primary":
        return say["map.start"]
    if place.is_gone:
        return say["map.gone"]
    return say["map.unsure" if place.is_possible else "map.found"]
