"""The map: where in the body the places of a disease are, with the numbers of the table.

Outlines are those of the anatomogram [anatomogram], simplified; the points at which a place is
drawn are our own, one for each of some eighty sites (`data/anchors.csv`): a finer site is drawn at
the nearest coarser one that has a point, else at the middle of its region. What has no single
place, such as bone without a name, stands below the figure. It is a picture of names, not of
measured positions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

import polars as pl
from markupsafe import Markup

from outspread.write.coarser import for_all_sites
from outspread.write.report.lesions import Place
from outspread.write.report.svg import element, joined, number_text, picture

MIDDLE: Final = 53.0
LEFT, RIGHT, TOP = -20.0, 126.0, -3.0
HIPS, KNEES = 122.0, 150.0  # where the picture ends, as places ask for it
APART: Final = 10.5  # least distance of two markers
COUNT: Final = 9.0  # width of a count beside a marker
ROW: Final = 11.0
MERGED_WITHIN: Final = (6.0, 12.0, 20.0, 30.0, 45.0, 200.0)
SHAPES: Final = ("primary", "regional", "distant", "other")
SHAPE_WORDS: Final = {
    "primary": "where it started",
    "regional": "nearby tissue or regional node",
    "distant": "another part of the body",
    "other": "reach not known",
}
SKELETON: Final = "M53 26V83M53 83l-9-4c-3 4-2 8 3 10M53 83l9-4c3 4 2 8-3 10"


class Point(NamedTuple):
    """A point of the figure."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Marker:
    """Places that share one spot, shape and certainty; several spots where the side is unknown."""

    places: tuple[Place, ...]
    spots: tuple[Point, ...]

    @property
    def number(self) -> int:
        """Number of the first place."""
        return self.places[0].number

    @property
    def kind(self) -> tuple[object, ...]:
        """What markers must share to become one."""
        first = self.places[0]
        return (first.shape, first.is_possible, first.is_gone, len(self.spots))


def body_map(found: tuple[Place, ...], *, sex: str | None, name: str) -> Markup:
    """Draw the places of a disease on a figure.

    Parameters
    ----------
    found
        Places, as numbered in the table.
    sex
        female or male for such a figure, else a neutral outline.
    name
        Name of the disease, for the title.
    """
    markers = _markers(found)
    placed = [marker for marker in markers if marker.spots]
    below = [marker for marker in markers if not marker.spots]
    is_long = any(spot.y > HIPS - APART for marker in placed for spot in marker.spots)
    bottom = KNEES if is_long else HIPS
    rows = _below(below, bottom)
    height = bottom - TOP + ROW * len(below) + (4 if below else 0)
    drawn = joined([_figure(sex), *_drawn(placed, bottom), *rows])
    return picture(
        drawn,
        title=f"Map of {name}",
        description=_description(found),
        box=f"{LEFT:g} {TOP:g} {RIGHT - LEFT:g} {height:g}",
        class_="map",
    )


def shapes_used(found: Iterable[Place]) -> tuple[tuple[str, str], ...]:
    """Give the kinds of marks that a map shows, as class and meaning, for its legend."""
    used = {place.shape for place in found}
    kinds = [(f"marker-{shape}", SHAPE_WORDS[shape]) for shape in SHAPES if shape in used]
    if any(place.is_possible for place in found):
        kinds.append(("marker-other is-possible", "dashed: possible only"))
    if any(place.is_gone for place in found):
        kinds.append(("marker-other is-gone", "gray: removed, or no longer seen"))
    return tuple(kinds)


def spots_of(site: str | None, laterality: str | None) -> tuple[Point, ...]:
    """Give the points at which a place is drawn: none, one, or both sides.

    Both sides stand for a place that has sides where the side is not stated, or is both.

    Examples
    --------
    >>> spots_of("kidney", "left"), spots_of("kidney", None), spots_of("bone", None)
    ((Point(x=62.0, y=65.0),), (Point(x=44.0, y=65.0), Point(x=62.0, y=65.0)), ())
    """
    anchor = anchors().get(site or "")
    if anchor is None:
        return ()
    x, y, apart = anchor
    if apart is None:
        return (Point(x, y),)
    right, left = Point(MIDDLE - apart, y), Point(MIDDLE + apart, y)
    return {"right": (right,), "left": (left,)}.get(laterality or "", (right, left))


@cache
def anchors() -> dict[str, tuple[float, float, float | None]]:
    """Point of each site, its own or that of the nearest coarser site or of the region."""
    table = _data("anchors")
    own = {row["site"] or row["region"]: (row["x"], row["y"], row["from_midline"])
           for row in table.iter_rows(named=True)}  # fmt: skip
    return for_all_sites(own)


@cache
def _data(name: str) -> pl.DataFrame:
    path = resources.files("outspread.write.report").joinpath(f"data/{name}.csv")
    return pl.read_csv(path.read_bytes())


def _markers(found: tuple[Place, ...]) -> list[Marker]:
    groups: dict[tuple[object, ...], list[Place]] = {}
    for place in found:
        spots = spots_of(place.site, place.laterality)
        key = (spots or place.place, place.shape, place.is_possible, place.is_gone)
        groups.setdefault(key, []).append(place)
    return [
        Marker(tuple(some), spots_of(some[0].site, some[0].laterality)) for some in groups.values()
    ]


@cache
def _figure(sex: str | None) -> Markup:
    body = _data("body").filter(pl.col("figure") == (sex if sex in ("female", "male") else "male"))
    if sex not in ("female", "male"):
        body = body.filter(pl.col("part") != "bladder")
    parts = [
        element("path", d=path, class_="body" if part == "outline" else "organ")
        for part, path in body.select("part", "path").iter_rows()
    ]
    sides = [
        element("text", side, x=x, y=TOP + 5, class_="side-name")
        for side, x in (("right", 22.0), ("left", 84.0))
    ]
    return joined([*parts[:1], element("path", d=SKELETON, class_="skeleton"), *parts[1:], *sides])


def _drawn(markers: list[Marker], bottom: float) -> list[Markup]:
    """Put each marker on its spot while there is room, else beside the figure with a line."""
    on_spot, aside = _settled(markers, int((bottom - TOP) // ROW) - 1)
    drawn = [_symbol(marker, marker.spots[0]) for marker in on_spot]
    lines = []
    for is_right, some in aside.items():
        x = RIGHT - 9 if is_right else LEFT + 9
        ordered = sorted(some, key=lambda one: (one.spots[0].y, one.number))
        heights = _spread([one.spots[0].y for one in ordered], bottom)
        for marker, y in zip(ordered, heights, strict=True):
            place = Point(x, y)
            lines += [_line(marker, place, spot) for spot in marker.spots]
            drawn.append(_symbol(marker, place, is_right=is_right))
    return [*lines, *drawn]


def _settled(markers: list[Marker], room: int) -> tuple[list[Marker], dict[bool, list[Marker]]]:
    """Part markers into those on their spot and those left and right of the figure.

    Where a side has no room for all, neighbors of one kind become one marker, as few as it takes.
    """
    on_spot, aside = _parted(markers)
    for radius in MERGED_WITHIN:
        if max(len(some) for some in aside.values()) <= room:
            break
        on_spot, aside = _parted(_merged(markers, radius))
    return on_spot, aside


def _parted(markers: list[Marker]) -> tuple[list[Marker], dict[bool, list[Marker]]]:
    on_spot: list[Marker] = []
    aside: dict[bool, list[Marker]] = {False: [], True: []}
    for marker in markers:
        spot = marker.spots[0]
        if len(marker.spots) > 1:
            aside[_is_left_fuller(aside)].append(marker)
        elif all(_is_apart(marker, one) for one in on_spot):
            on_spot.append(marker)
        else:
            aside[spot.x > MIDDLE or (spot.x == MIDDLE and _is_left_fuller(aside))].append(marker)
    return on_spot, aside


def _merged(markers: list[Marker], radius: float) -> list[Marker]:
    """Put together markers of one kind that are near each other; the first gives the spot."""
    found: list[Marker] = []
    for marker in markers:
        near = next(
            (
                number
                for number, other in enumerate(found)
                if other.kind == marker.kind
                and _distance(other.spots[0], marker.spots[0]) <= radius
            ),
            None,
        )
        if near is None:
            found.append(marker)
        else:
            found[near] = Marker(found[near].places + marker.places, found[near].spots)
    return found


def _is_left_fuller(aside: dict[bool, list[Marker]]) -> bool:
    return len(aside[False]) > len(aside[True])


def _spread(wanted: list[float], bottom: float) -> list[float]:
    """Move heights apart until each has room, all within the picture."""
    low, high = TOP + 7, bottom - 7
    gap = min(ROW, (high - low) / max(len(wanted) - 1, 1))
    found: list[float] = []
    for y in wanted:
        found.append(max(y, low if not found else found[-1] + gap))
    for i in reversed(range(len(found))):
        most = high if i == len(found) - 1 else found[i + 1] - gap
        found[i] = min(found[i], most)
    return found


def _is_apart(one: Marker, other: Marker) -> bool:
    """Whether two markers on their spots leave room for each other, and for a count beside them."""
    here, there = one.spots[0], other.spots[0]
    if one.places[1:] or other.places[1:]:
        return abs(here.x - there.x) >= APART + COUNT or abs(here.y - there.y) >= APART
    return _distance(here, there) >= APART


def _distance(one: Point, other: Point) -> float:
    return float(((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5)


def _line(marker: Marker, place: Point, spot: Point) -> Markup:
    is_unsure = len(marker.spots) > 1
    parts = joined(
        [
            element(
                "path",
                d=f"M{place.x:.1f} {place.y:.1f}L{spot.x:.1f} {spot.y:.1f}",
                class_="leader is-unsure" if is_unsure else "leader",
            ),
            element("circle", cx=spot.x, cy=spot.y, r=1.1, class_="spot"),
        ]
    )
    return element("g", parts, class_="possible") if marker.places[0].is_possible else parts


def _symbol(marker: Marker, place: Point, *, is_right: bool = False) -> Markup:
    first = marker.places[0]
    classes = ["mark", f"marker-{first.shape}"]
    classes += ["is-possible"] if first.is_possible else []
    classes += ["is-gone"] if first.is_gone else []
    more = len(marker.places) - 1
    inside = [
        element("title", "; ".join(f"{one.number} {one.place}" for one in marker.places)),
        element("use", class_="shape", href=f"#shape-{first.shape}"),
        number_text(first.number),
    ]
    if more:
        side = "more before" if is_right else "more"
        x = -8.0 if is_right else 8.0
        inside.append(element("text", f"+{more}", x=x, y=-3.5, class_=side))
    symbol = element(
        "g",
        joined(inside),
        class_=" ".join(classes),
        transform=f"translate({place.x:.1f} {place.y:.1f}) scale(.78)",
    )
    hidden = "possible" if first.is_possible else None
    return element("a", symbol, href=f"#place{first.number}", class_=hidden)


def _below(markers: list[Marker], bottom: float) -> list[Markup]:
    """Markers of what has no single place, each with its name, below the figure."""
    rows = []
    for number, marker in enumerate(markers):
        y = bottom + 6 + ROW * number
        rows.append(_symbol(marker, Point(LEFT + 9, y)))
        kind = "name possible" if marker.places[0].is_possible else "name"
        rows.append(element("text", _shortened(marker), x=LEFT + 20, y=y + 1.8, class_=kind))
    return rows


def _shortened(marker: Marker) -> str:
    name = marker.places[0].place
    return name if len(name) <= 44 else f"{name[:42]}..."


def _description(found: tuple[Place, ...]) -> str:
    said = [
        f"{place.number} {place.place}: {SHAPE_WORDS[place.shape]}"
        f"{', possible only' if place.is_possible else ''}"
        for place in found
    ]
    return f"{'; '.join(said)}. The table lists the same places."
