"""Phrases by phenomenon: what must be read from each, and what must not.

One test a file; it lists the rows that are read otherwise.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from outspread.anatomy.load import sites
from outspread.extract.document import read_text
from outspread.extract.export import summarize
from outspread.extract.resolve import resolve

FOLDER = Path(__file__).parent / "phrases"
REPORT = dict(sites().select("id", "report_site").iter_rows())
PRIMARY = "Colon cancer. "
EXTENTS = {"none", "in situ", "localized", "regional", "distant", "unknown", "not_applicable"}
TOLD = (
    ("She had breast cancer with liver metastases", "liver"),
    ("CT revealed metastases in the liver", "liver"),
    ("The tumor had spread to the liver", "liver"),
    ("Breast cancer metastasized to the liver", "liver"),
    ("She developed bone metastases", "bone"),
    ("Brain metastases were diagnosed", "brain"),
    ("Peritoneal carcinomatosis was found", "peritoneum"),
    ("He relapsed with lung metastases", "lung"),
    ("Axillary lymph node metastases were found", "ln_axillary"),
    ("The tumor invaded the chest wall", "chest_wall"),
    ("A metastasis of the adrenal gland was resected", "adrenal"),
)


def rows(name: str) -> list[dict[str, str]]:
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    found = list(csv.DictReader(text.splitlines(keepends=True)))
    assert found, f"no phrases in {name}.csv"
    return found


def said(text: str) -> dict[str, Any]:
    return summarize(read_text(text), "text")


def misread(
    name: str, column: str, read: Callable[[str], str], before: str = ""
) -> list[tuple[str, str, str]]:
    """Rows whose text gives something else than the column says: text, given, wanted."""
    found = [(row["text"], read(before + row["text"]), row[column]) for row in rows(name)]
    return [(text, given, wanted) for text, given, wanted in found if given != wanted]


def filled(template: str, place: dict[str, str]) -> str:
    noun, adjective = place["noun"], place["adjective"]
    return template.format(
        s=noun, a=adjective, S=noun.capitalize(), A=adjective.capitalize(), U=noun.upper()
    )


def reached(text: str) -> str:
    places = said(text)["metastatic_sites"]
    return "; ".join(sorted(f"{place['site']} {place['status']}" for place in places))


def modalities(text: str) -> set[str]:
    return {given["modality"] for given in said(text)["treatments"]}


def test_no_cancer_of_the_patient_is_read() -> None:
    found = [(row["text"], said(row["text"])) for row in rows("no_cancer")]
    assert [
        text for text, told in found
        if (told["primary_sites"], told["metastatic_sites"], told["extent"]) != ([], [], "none")
    ] == []  # fmt: skip


def test_a_refuted_suspicion_leaves_no_place_reached() -> None:
    assert [row["text"] for row in rows("refuted") if reached(row["text"])] == []


def test_nodes_hold_cancer_or_not() -> None:
    def read(text: str) -> str:
        found = {place["status"] for place in said(text)["metastatic_sites"]}
        return {frozenset({"confirmed"}): "yes", frozenset(): "no"}.get(frozenset(found), "?")

    assert misread("nodes", "positive", read, PRIMARY + "\n") == []


def test_categories_are_read_in_any_form() -> None:
    before = "Prostate, resection: Adenocarcinoma.\n"
    assert misread("tnm", "tnm", lambda text: said(text)["tnm"] or "", before) == []


def test_a_kind_of_treatment_is_read() -> None:
    missed = [row for row in rows("treatments") if row["modality"] not in modalities(row["text"])]
    assert missed == []


def test_what_was_not_given_against_a_cancer_is_no_treatment() -> None:
    given = [row for row in rows("not_given") if row["modality"] in modalities(row["text"])]
    assert given == []


def test_the_extent_is_this() -> None:
    assert misread("extents", "extent", lambda text: str(said(text)["extent"])) == []


def test_the_primaries_are_these_and_no_others() -> None:
    def read(text: str) -> str:
        return "; ".join(sorted(resolve(read_text(text)).cancers))

    assert misread("primaries", "primaries", read) == []


def test_the_places_reached_are_these_and_no_others() -> None:
    assert misread("reached", "reached", reached) == []


def test_a_denied_place_is_never_reached() -> None:
    wrong = [
        text
        for row in rows("denials")
        for place in rows("places")
        if reached(text := PRIMARY + filled(row["template"], place))
    ]
    assert wrong == []


def test_a_place_that_is_reached_is_read() -> None:
    missed = []
    for row in rows("spread"):
        for place in rows("places"):
            text = "Prostate cancer. " + filled(row["template"], place)
            found = {REPORT.get(s["site"], s["site"]) for s in said(text)["metastatic_sites"]}
            if REPORT.get(place["site"], place["site"]) not in found:
                missed.append(text)
    assert missed == []


def test_what_is_told_beside_a_metastasis_does_not_undo_it() -> None:
    undone = []
    for row in rows("adjuncts"):
        for sentence, site in TOLD:
            text = "A patient with breast cancer. " + row["template"].replace("{s}", sentence)
            places = said(text)["metastatic_sites"]
            if not {p["status"] for p in places if p["site"] == site} & {"confirmed", "historical"}:
                undone.append(text)
    assert undone == []


def told_of(text: str) -> tuple[str, str, str]:
    """Primaries, places and extent of a text, without what is only possible."""
    told = said(text)
    places = [p["site"] for p in told["metastatic_sites"] if p["status"] != "possible"]
    return "; ".join(told["primary_sites"]), "; ".join(sorted(places)), told["extent"]


def test_what_is_told_beside_a_diagnosis_changes_nothing() -> None:
    changed = []
    for row in rows("diagnoses"):
        for beside in rows("beside"):
            text = beside["template"].replace("{s}", row["diagnosis"])
            given = told_of(text[0].upper() + text[1:])
            if given != (row["primaries"], row["reached"], row["extent"]):
                changed.append((text, given))
    assert changed == []


def test_a_sentence_of_something_else_changes_no_story() -> None:
    changed = []
    asides = [row["sentence"] for row in rows("asides")]
    for story in rows("stories"):
        parts = story["story"].split("{n} ")
        wanted = (story["primaries"], story["reached"], story["extent"])
        for place, aside in ((p, a) for p in range(1, len(parts)) for a in asides):
            text = f"{''.join(parts[:place])}{aside} {''.join(parts[place:])}"
            if (given := told_of(text)) != wanted:
                changed.append((text, given))
    assert changed == []


def test_a_text_may_end_at_any_word() -> None:
    for name in ("primaries", "reached", "refuted", "nodes", "extents", "treatments"):
        for row in rows(name):
            words = row["text"].split()
            for end in range(1, len(words)):
                cut = " ".join(words[max(0, end - 30) : end]).rstrip(".,;:")
                assert said(cut)["extent"] in EXTENTS
