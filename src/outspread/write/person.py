"""A page in plain words for the person whose record it is.

It tells what the cancer is called, where it started, where it has gone, what treatment can be for,
and what to ask. It never says which treatment to take and gives no figure of survival. All text
stands in plan/data/person.csv and write/data/plain_places.csv; a test holds it at reading grade 6.
"""

import calendar
import textwrap
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import polars as pl

from outspread.anatomy.load import primaries
from outspread.diagnose.knowledge import group_of_histology
from outspread.plan.facts.row import read_data
from outspread.plan.make import with_texts
from outspread.write.coarser import for_all_sites
from outspread.write.phrases import histology_words, unnamed_spread
from outspread.write.wording import STATE_WORDS, own_data, primary_names

Row = dict[str, Any]
Texts = Mapping[str, str]
WIDTH: Final = 80
SHOWN_TESTS: Final = 4
SOLID: Final = "solid"
CANCEROUS: Final = ("in_situ", "malignant", "metastatic")


class Section(NamedTuple):
    """A question that the page answers: sentences, and points below them."""

    key: str
    title: str
    sentences: tuple[str, ...]
    points: tuple[str, ...] = ()


def person_texts() -> dict[str, str]:
    """The catalogue: text by key."""
    return dict(read_data("person").select("key", "text").iter_rows())


def person_page(
    planned: Mapping[str, pl.DataFrame], story: Mapping[str, pl.DataFrame], *, patient_id: str
) -> str:
    """Write the page of one person as text; see `person_sections`."""
    say = person_texts()
    sections = person_sections(planned, story, patient_id=patient_id)
    parts = [_headed(say["title"], [say["made_by"]])]
    for section in sections:
        points = [f"- {point}" for point in section.points]
        parts.append(_headed(section.title, [*section.sentences, *points]))
    return "\n\n".join(parts)


def person_sections(
    planned: Mapping[str, pl.DataFrame], story: Mapping[str, pl.DataFrame], *, patient_id: str
) -> tuple[Section, ...]:
    """Answer the questions of one person in plain words.

    Parameters
    ----------
    planned
        Tables of the plan; uses option, pack_option and question.
    story
        Tables disease, lesion and conflict; rows of other patients are left aside.
    """
    say = person_texts()
    mine = pl.col("patient_id") == patient_id
    diseases, lesions = (story[name].filter(mine).to_dicts() for name in ("disease", "lesion"))
    unclear = _unclear(story["conflict"].filter(mine))
    told = [
        section
        for disease in diseases
        for section in _told(
            disease | {"is_unclear": disease["disease_id"] in unclear}, lesions, say, diseases
        )
    ]
    if not told:
        told = [Section("called", say["called"], (say["not_said"],))]
    options = with_texts(planned["option"].filter(mine), planned)
    tests = _untested(planned["question"].filter(mine)["factor"].to_list())
    asked = [say[key] for key in say if key.startswith("ask.") and key != "ask.tests"]
    asked += [say["ask.tests"].format(test) for test in tests]
    return (
        *told,
        Section("aims", say["aims"], (say["aim.all"], say["comfort"])),
        *_kinds(options, say),
        Section("urgent", say["urgent.title"], (say["urgent"],)),
        Section("ask", say["ask"], (), tuple(asked)),
        Section("words", say["words"], (), tuple(_of(say, "word."))),
    )


def _told(disease: Row, lesions: list[Row], say: Texts, diseases: list[Row]) -> list[Section]:
    """What it is called, where it started, where it has gone; titles tell several apart."""
    mine = [row for row in lesions if row["disease_id"] == disease["disease_id"]]
    spread = [row for row in mine if row["role"] != "primary"]
    name = f" ({plain_name(disease)})" if len(diseases) > 1 else ""
    return [
        _called(disease, spread, say),
        Section("start", say["start"] + name, _start(disease, say)),
        _gone(disease, spread, say, name=name),
    ]


def _unclear(conflicts: pl.DataFrame) -> set[int]:
    """Diseases whose extent hangs on something about which the records disagree."""
    return set(conflicts.filter(pl.col("severity") == "error")["disease_id"].drop_nulls())


def _called(disease: Row, spread: list[Row], say: Texts) -> Section:
    is_unclear = disease["extent"] == "unknown" and disease["is_unclear"]
    extent = say["extent.unclear" if is_unclear else f"extent.{disease['extent']}"]
    sentences = [say["called.is"].format(plain_name(disease)), extent]
    if disease["possible_extent"]:
        sentences.append(say["extent.possible"])
    if f"status.{disease['status']}" in say:
        sentences.append(say[f"status.{disease['status']}"].format(_month(disease)))
    seen = [row for row in spread if row["certainty"] != "possible" and row["reach"] == "distant"]
    places = [row["site"] for row in seen if row["site"] in plain_places()]
    if disease["origin_status"] == "known" and disease["primary"] in _solid() and places:
        cancer = primary_names()[disease["primary"]]
        cells = cancer[:1].upper() + cancer[1:]
        place = plain_places()[places[0]].partition(" (")[0]
        sentences.append(say["called.same"].format(cells, place, cancer))
    return Section("called", say["called"], tuple(sentences))


def _month(disease: Row) -> str:
    """When the last word was said: month and year, as an old word may no longer hold."""
    day, precision = disease["status_date"], disease["status_date_precision"]
    if day is None:
        return ""
    month = "" if precision == "year" else f"{calendar.month_name[day.month]} "
    return f" ({month}{day.year})"


def plain_name(disease: Row) -> str:
    """Name a disease without what the sentences below it say in plain words."""
    name = str(disease["name"])
    for said, plain in _plain_words().items():
        name = name.replace(said, plain)
    return name


def _start(disease: Row, say: Texts) -> tuple[str, ...]:
    status = disease["origin_status"]
    organ = _organs().get(disease["primary"], "")
    if status == "known" and organ in plain_places():
        where = say["start.known"].format(sided_place(organ, disease["laterality"]))
    else:
        where = say["start.name_only" if status == "known" else f"start.{status}"]
    return (where, *_kind(disease, say))


def _kind(disease: Row, say: Texts) -> tuple[str, ...]:
    """The kind of cells, and what doctors call it; nothing where that would say no more."""
    cells = _cells().get(disease["morphology"] or "")
    if cells is None or disease["behavior"] not in CANCEROUS:
        return ()
    return say["start.cells"].format(cells), say["start.kind"].format(histology_words(disease))


def _gone(disease: Row, spread: list[Row], say: Texts, *, name: str) -> Section:
    """Places that are found, those that are not sure, and those that are no longer seen."""
    gone = [row for row in spread if row["state"] in STATE_WORDS]
    sure = [row for row in spread if row["certainty"] != "possible" and row not in gone]
    unsure = [row for row in spread if row["certainty"] == "possible" and row not in gone]
    points = [
        *(say["where.found"].format(place) for place in _places(sure)),
        *(say["where.unsure"].format(place) for place in _places(unsure)),
        *(say["where.gone"].format(place) for place in _places(gone)),
    ]
    none = "where.unnamed_spread" if unnamed_spread(disease) else "where.none"
    sentences = [] if spread else [say[none]]
    if unsure:
        sentences.append(say["where.unsure_means"])
    return Section("where", say["where"] + name, tuple(sentences), tuple(points))


def _places(lesions: list[Row]) -> list[str]:
    names = (sided_place(row["site"], row["laterality"]) for row in lesions)
    return [name[:1].upper() + name[1:] for name in dict.fromkeys(names)]


def sided_place(site: str | None, laterality: str | None) -> str:
    """Name a place in plain words, with its side where that is left or right.

    Examples
    --------
    >>> sided_place("ln_axillary", "left")
    'left lymph node in the armpit'
    """
    place = plain_places().get(site or "", person_texts()["where.unnamed"])
    return f"{laterality} {place}" if laterality in ("left", "right") else place


@cache
def plain_places() -> dict[str, str]:
    """Name of each site in plain words."""
    rows = own_data("plain_places").iter_rows(named=True)
    return for_all_sites({row["site"] or row["region"]: row["plain"] for row in rows})


@cache
def _organs() -> dict[str, str]:
    return dict(primaries().select("id", "organ_site").drop_nulls().iter_rows())


@cache
def _solid() -> frozenset[str]:
    return frozenset(primaries().filter(pl.col("spread_logic") == SOLID)["id"])


@cache
def _plain_words() -> dict[str, str]:
    return dict(own_data("plain_names").fill_null("").select("said", "plain").iter_rows())


@cache
def _cells() -> dict[str, str]:
    """Cells of each histology in plain words."""
    plain = own_data("plain_histologies").rename({"group": "histology_group"})
    told = group_of_histology().join(plain, on="histology_group")
    return dict(told.select("morphology", "plain").iter_rows())


def _kinds(options: pl.DataFrame, say: Texts) -> list[Section]:
    """Kinds of treatment that the pack holds for this cancer, whatever fits the person."""
    own = options.filter((pl.col("primary") != "any") & (pl.col("stance") == "consider"))
    kinds = own["modality"].explode().drop_nulls().unique().sort().to_list()
    points = tuple(say[f"kind.{kind}"] for kind in kinds)
    return [Section("kinds", say["kinds"], (say["kinds.note"],), points)] if points else []


def _untested(factors: Iterable[str]) -> list[str]:
    """Tests to ask for, in plain words, the most telling first.

    Several facts may be told by one test; a group of genes is left out where one of its genes is
    asked for by itself.
    """
    tests = read_data("person_tests").filter(pl.col("factor").is_in(list(factors)))
    plain = dict(tests.select("factor", "plain").iter_rows())
    within = dict(tests.select("factor", "holds").drop_nulls().iter_rows())
    alone = [
        name
        for name in factors
        if name in plain and not set(within.get(name, "").split()) & plain.keys()
    ]
    return list(dict.fromkeys(plain[name] for name in alone))[:SHOWN_TESTS]


def _of(say: Texts, start: str) -> list[str]:
    return [text for key, text in say.items() if key.startswith(start)]


def _headed(title: str, lines: Iterable[str]) -> str:
    return f"{_wrapped([title])}\n\n{_wrapped(lines)}"


def _wrapped(lines: Iterable[str]) -> str:
    return "\n".join(textwrap.fill(line, WIDTH) for line in lines)
