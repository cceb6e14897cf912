"""The course as a picture: extent as bands, places found, events, treatments, over time."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from outspread.write.report.course import Step
from outspread.write.report.dates import Clock, When
from outspread.write.report.lesions import Place
from outspread.write.report.svg import element, joined, number_text, picture
from outspread.write.wording import EXTENTS

WIDTH: Final = 960.0
GUTTER: Final = 118.0
EDGE: Final = 16.0
LANE: Final = 26.0
LETTER: Final = 6.6  # width of a letter of the labels, about
SYMBOL: Final = 24.0
SHORTEST_DAYS: Final = 180
UNOBSERVED_SHARE: Final = 0.2
MOST_ROWS: Final = 4
DAY_STEPS: Final = (7, 30, 90, 180, 365, 730, 1825, 3650, 7300, 18250)
MONTH_STEPS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600)
MOST_TICKS: Final = 9
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Scale:
    """From days to positions."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """Give the position of a day."""
        share = (day - self.first).days / (self.last - self.first).days
        return GUTTER + share * (WIDTH - GUTTER - EDGE)


def timeline(
    steps: tuple[Step, ...],
    places: tuple[Place, ...],
    *,
    clock: Clock,
    until: tuple[date, date | None],
    name: str,
) -> Markup:
    """Draw the course of a disease; empty where nothing has a date.

    Parameters
    ----------
    steps, places
        As in the tables of the page.
    until
        The day of the story, after which nothing is drawn, and the last contact where it is known.
        A page for sharing ends with the last record.
    """
    as_of, contact = until
    dated = [step for step in steps if step.day is not None and step.day <= as_of]
    if not dated:
        return Markup("")
    ends = [day for step in dated for day in (step.day, step.last)]
    days = [day for day in (*ends, contact) if day and day <= as_of]
    first, last = min(days), max(days)
    scale = _scale(first, last, last if clock.is_shared else as_of)
    bands = _bands(dated, scale, last)
    lanes: list[tuple[str, list[list[Markup]]]] = [("Extent", [bands] if bands else [])]
    by_number = {place.number: place for place in places}
    lanes.append(("Places found", _place_rows(dated, by_number, scale)))
    lanes.append(("What happened", _label_rows(dated, scale)))
    given = dict.fromkeys(step.lane for step in dated if step.lane not in ("place", "event"))
    lanes += [
        (lane.capitalize(), _bars([one for one in dated if one.lane == lane], scale, last))
        for lane in given
    ]
    return _laid_out([lane for lane in lanes if lane[1]], scale, (first, last), clock, name, dated)


def _scale(first: date, last: date, end: date) -> Scale:
    """Leave some room around what is observed, and some after it where nothing is recorded."""
    observed = (last - first).days
    span = max(observed, SHORTEST_DAYS)
    around = (span - observed) // 2 + span // 40
    after = max(around, min((end - last).days, int(span * UNOBSERVED_SHARE)))
    low = max(first.toordinal() - around, date.min.toordinal())
    high = min(last.toordinal() + after, date.max.toordinal())
    return Scale(date.fromordinal(low), date.fromordinal(high))


def _laid_out(
    lanes: list[tuple[str, list[list[Markup]]]],
    scale: Scale,
    observed: tuple[date, date],
    clock: Clock,
    name: str,
    steps: list[Step],
) -> Markup:
    drawn: list[Markup] = []
    y = 8.0
    for title, rows in lanes:
        drawn.append(element("text", title, x=GUTTER - 12, y=y + 17, class_="lane"))
        for row in rows:
            drawn.append(element("g", joined(row), transform=f"translate(0 {y:g})"))
            y += LANE
        y += 6
        drawn.append(element("path", d=f"M{GUTTER} {y - 3:g}H{WIDTH - EDGE}", class_="rule"))
    start, end = (scale.x(day) for day in observed)
    shade = element(
        "rect", x=start, y=2.0, width=max(end - start, 2.0), height=y - 5, class_="observed"
    )
    axis = _axis(scale, clock, y)
    text = "; ".join(f"{_plain(step.when)}: {step.what}" for step in steps[:12])
    more = len(steps) - 12
    return picture(
        joined([shade, *drawn, axis]),
        title=f"Course of {name}",
        description=f"{text}{f'; and {more} more' if more > 0 else ''}. The table lists all.",
        box=f"0 0 {WIDTH:g} {y + 26:g}",
        class_="course",
    )


def _plain(when: When) -> str:
    """A date for a description, in its first form."""
    return when.forms[0][1]


def _bands(steps: list[Step], scale: Scale, last: date) -> list[Markup]:
    """One band for each extent, from when it was reached to the next one."""
    turns: list[tuple[date, str]] = []
    for step in steps:
        if step.extent and step.day and (not turns or turns[-1][1] != step.extent):
            turns.append((step.day, step.extent))
    drawn = []
    for number, (day, extent) in enumerate(turns):
        end = turns[number + 1][0] if number + 1 < len(turns) else last
        x, width = scale.x(day), max(scale.x(end) - scale.x(day), 3.0)
        word = EXTENTS[extent].word
        drawn.append(
            element(
                "g",
                joined(
                    [element("title", word), element("rect", x=x, y=3.0, width=width, height=20.0)]
                ),
                class_=f"band band-{extent}",
            )
        )
        is_last = number + 1 == len(turns)
        if len(word) * LETTER < width - 6:
            drawn.append(element("text", word, x=x + 5, y=17.5, class_="band-word"))
        elif is_last and x + width + len(word) * LETTER < WIDTH:
            drawn.append(element("text", word, x=x + width + 5, y=17.5, class_="band-word"))
    return drawn


def _place_rows(steps: list[Step], places: dict[int, Place], scale: Scale) -> list[list[Markup]]:
    """Symbols of places; those of one shape that would lie on each other are one symbol."""
    groups: dict[tuple[int, str, bool], list[Place]] = {}
    for step in steps:
        if step.lane == "place" and step.day and step.place in places:
            place = places[step.place]
            key = (int(scale.x(step.day) // SYMBOL), place.shape, place.is_possible)
            groups.setdefault(key, []).append(place)
    days = {step.place: step.day for step in steps if step.lane == "place"}
    rows: list[list[Markup]] = []
    ends: list[float] = []
    for some in groups.values():
        unique = list(dict.fromkeys(some))
        day = days[unique[0].number]
        x = scale.x(day) if day else GUTTER
        width = SYMBOL + len(_more(unique)) * LETTER
        row = next((i for i, end in enumerate(ends) if end <= x - SYMBOL / 2), len(rows))
        if row == len(rows):
            rows.append([])
            ends.append(0.0)
        ends[row] = x - SYMBOL / 2 + width
        rows[row].append(_symbol(unique, x))
    return rows


def _symbol(places: list[Place], x: float) -> Markup:
    first = places[0]
    possible = " is-possible" if first.is_possible else ""
    inside = [
        element("title", "; ".join(f"{place.number} {place.place}" for place in places)),
        element("use", class_="shape", href=f"#shape-{first.shape}"),
        number_text(first.number),
    ]
    if places[1:]:
        inside.append(element("text", _more(places), x=9.0, y=2.3, class_="more"))
    group = element(
        "g",
        joined(inside),
        class_=f"mark marker-{first.shape}{possible}",
        transform=f"translate({x:.1f} 13) scale(1.5)",
    )
    hidden = "possible" if first.is_possible else None
    return element("a", group, href=f"#place{first.number}", class_=hidden)


def _more(places: list[Place]) -> str:
    """What stands beside a symbol for several places: the number of the other one, or a count."""
    others = places[1:]
    return f"and {others[0].number}" if len(others) == 1 else f"+{len(others)}" if others else ""


def _label_rows(steps: list[Step], scale: Scale) -> list[list[Markup]]:
    """Events with their words, below each other where they would meet; the rest as marks only."""
    rows: list[list[Markup]] = []
    ends: list[float] = []
    for step in steps:
        if step.lane != "event" or not step.day:
            continue
        x, width = scale.x(step.day), len(step.what) * LETTER + 14
        is_before = x + width > WIDTH
        start = x - width if is_before else x
        row, is_marked_only = _row_from(start, rows, ends)
        parts = [
            element("title", step.what),
            element("rect", x=x - 3, y=9.0, width=6.0, height=9.0),
        ]
        if not is_marked_only:
            ends[row] = max(ends[row], x + (6 if is_before else width))
            anchor = "before" if is_before else "after"
            parts.append(
                element("text", step.what, x=x + (-8 if is_before else 8), y=17.5, class_=anchor)
            )
        rows[row].append(element("g", joined(parts), class_="happened"))
    return rows


def _row_from(start: float, rows: list[list[Markup]], ends: list[float]) -> tuple[int, bool]:
    """Find the first row that is free from a position on, a new one if need be.

    Where all rows are taken it is the last one, and there is room for a mark only.
    """
    row = next((i for i, end in enumerate(ends) if end <= start), len(rows))
    if row >= MOST_ROWS:
        return MOST_ROWS - 1, True
    if row == len(rows):
        rows.append([])
        ends.append(0.0)
    return row, False


def _bars(steps: list[Step], scale: Scale, last: date) -> list[list[Markup]]:
    """Treatments of one kind as bars from their first to their last known day."""
    rows: list[list[Markup]] = []
    ends: list[float] = []
    for step in steps:
        if not step.day:
            continue
        x = scale.x(min(step.day, last))
        width = max(scale.x(min(step.last or step.day, last)) - x, 5.0)
        word = step.what.partition(": ")[2] or step.what
        start, end, at, anchor = _label_place(x, width, len(word) * LETTER)
        row, is_marked_only = _row_from(start, rows, ends)
        parts = [
            element("title", step.what),
            element("rect", x=x, y=5.0, width=width, height=16.0, rx=2.0),
        ]
        if not is_marked_only:
            ends[row] = max(ends[row], end)
            parts.append(element("text", word, x=at, y=17.0, class_=anchor))
        kind = "given is-vague" if step.is_vague else "given"
        rows[row].append(element("g", joined(parts), class_=kind))
    return rows


def _label_place(x: float, width: float, letters: float) -> tuple[float, float, float, str]:
    """Where a bar with its words begins and ends, where the words stand, and how."""
    if letters + 10 < width:
        return x, x + width + 4, x + 5, "inside"
    if x + width + letters + 12 <= WIDTH or x - letters - 12 < GUTTER:
        return x, x + width + letters + 12, x + width + 6, "after"
    return x - letters - 12, x + width + 4, x - 6, "before"


def _axis(scale: Scale, clock: Clock, y: float) -> Markup:
    """Ticks in each form that dates have; the page shows one of them."""
    marks = {
        "calendar": lambda: _calendar_ticks(scale),
        "days": lambda: _day_ticks(scale, clock),
        "age": lambda: _age_ticks(scale, clock),
    }
    groups = []
    for mode in clock.modes:
        ticks = [
            joined(
                [
                    element("path", d=f"M{scale.x(day):.1f} {y - 3:g}v6", class_="tick"),
                    element("text", text, x=scale.x(day), y=y + 18, class_="tick-word"),
                ]
            )
            for day, text in marks[mode]()
        ]
        shown = f"when-{mode}" if len(clock.modes) > 1 else None
        groups.append(element("g", joined(ticks), class_=shown))
    return joined(groups)


def _calendar_ticks(scale: Scale) -> list[tuple[date, str]]:
    months = (scale.last - scale.first).days / 30
    step = next((s for s in MONTH_STEPS if months / s <= MOST_TICKS), MONTH_STEPS[-1])
    start = scale.first.year * MONTHS + scale.first.month
    end = scale.last.year * MONTHS + scale.last.month - 1
    every = [count for count in range(start, end + 1) if count % step == 0]
    days = [date(count // MONTHS, count % MONTHS + 1, 1) for count in every]
    return [(day, f"{day:%Y}" if step >= MONTHS else f"{day:%Y-%m}") for day in days]


def _day_ticks(scale: Scale, clock: Clock) -> list[tuple[date, str]]:
    if clock.zero is None:
        return []
    span = (scale.last - scale.first).days
    step = next((s for s in DAY_STEPS if span / s <= MOST_TICKS), DAY_STEPS[-1])
    low, high = (scale.first - clock.zero).days, (scale.last - clock.zero).days
    counts = range(-(-low // step) * step, high + 1, step)
    return [(clock.zero + timedelta(days=count), f"day {count}") for count in counts]


def _age_ticks(scale: Scale, clock: Clock) -> list[tuple[date, str]]:
    if clock.born is None:
        return []
    months = (scale.last - scale.first).days / 30
    step = next((s for s in MONTH_STEPS if months / s <= MOST_TICKS), MONTH_STEPS[-1])
    start = scale.first.year * MONTHS + scale.first.month - 1
    end = scale.last.year * MONTHS + scale.last.month - 1
    born = clock.born.year * MONTHS + clock.born.month - 1
    ages = [count - born for count in range(start + 1, end + 1) if (count - born) % step == 0]
    ticks = []
    for age in ages:
        year, month = divmod(born + age, MONTHS)
        years, rest = divmod(age, MONTHS)
        ticks.append((date(year, month + 1, 1), f"{years} y {rest} mo" if rest else f"{years} y"))
    return ticks
