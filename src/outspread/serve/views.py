"""Templates of the application, and the views that they get."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from outspread.serve.people import Found, Search
from outspread.write.report.html import environment

STATIC: Final = {
    "serve.css": "text/css",
    "htmx.min.js": "text/javascript",
    "htmx-LICENSE.txt": "text/plain",
}


@dataclass(frozen=True, slots=True)
class ListView:
    """The list of patients."""

    folder: str
    as_of: str
    search: Search
    found: Found
    extents: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str], ...]
    next_query: str


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: the name of its file, and how it is shown."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Column:
    """One of our columns and the name that it has in the file at hand."""

    name: str
    meaning: str
    header: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column of a file is which of ours, to be seen and changed."""

    columns: tuple[Column, ...]
    headers: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be used: how grave, where, which field, why."""

    severity: str
    code: str
    place: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """One person of several that were read, and the story as text."""

    patient_id: str
    names: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of records that were tried: the page of one person, or what was found.

    `content` is the file again, so that it can be sent once more; empty if it is too large for it.
    """

    page: str = ""
    error: str = ""
    told: tuple[Told, ...] = ()
    more_count: int = 0
    problems: tuple[Problem, ...] = ()
    mapping: Mapping | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class TryView:
    """The page on which records can be tried, with what became of them."""

    examples: tuple[Example, ...]
    limit: str
    outcome: Outcome = Outcome()
    is_read: bool = False


def render(template: str, **views: object) -> str:
    """Write a page from a template."""
    return environment("outspread.serve").get_template(template).render(**views)


@cache
def static_file(name: str) -> bytes:
    """Give the content of a file of `STATIC`."""
    return files("outspread.serve").joinpath("static", name).read_bytes()
