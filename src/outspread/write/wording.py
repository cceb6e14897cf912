"""The words in which tables are shown to people: plain words first, the registry's beside them."""

from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import polars as pl

from outspread.anatomy.load import primaries, sites
from outspread.diagnose.knowledge import group_of_histology, kin, read_table
from outspread.diagnose.stage_meaning import stage_extents, stage_systems
from outspread.read.vocabulary import words


class ExtentWords(NamedTuple):
    """An extent: the plain word, what it means, the registry's word."""

    word: str
    means: str = ""
    registry: str = ""


EXTENTS: Final = {
    "in_situ": ExtentWords("in situ", "has not grown beyond where it started", "in situ"),
    "localized": ExtentWords("localized", "confined to where it started", "localized"),
    "regional": ExtentWords(
        "locally advanced", "spread to nearby tissue or regional lymph nodes", "regional"
    ),
    "distant": ExtentWords("metastatic", "spread to other parts of the body", "distant"),
    "unknown": ExtentWords("unknown"),
    "not_applicable": ExtentWords("does not apply to blood cancers"),
}
EXTENT_WORDS: Final = {
    extent: f"{said.word}: {said.means} (registry word: {said.registry})"
    if said.means
    else said.word
    for extent, said in EXTENTS.items()
}
REACH_WORDS: Final = {
    "local": "within the organ",
    "nearby_tissue": "nearby tissue",
    "regional_node": "regional lymph node",
    "distant_node": "distant lymph node",
    "distant": "another part of the body",
    "unknown": "reach unknown",
}
NO_REACH: Final = "reach does not apply"
ROUTE_WORDS: Final = {
    "direct_extension": "direct growth",
    "lymphatic": "lymph",
    "hematogenous": "blood",
    "transcoelomic": "body cavity",
    "csf": "cerebrospinal fluid",
    "perineural": "along nerves",
}
AIM_WORDS: Final = {
    "urgent": "Urgent",
    "workup": "Tests and reviews that decide",
    "curative": "To cure",
    "cure_attempt": "To try for cure or long control, in selected people",
    "control": "To slow growth and spread",
    "palliation": "Comfort and support",
    "surveillance": "Watching",
}
STRENGTH_WORDS: Final = {
    "strong": "strong recommendation",
    "conditional": "conditional recommendation",
    "label": "label of the drug",
    "trial-based": "from trials",
    "guideline-summary": "review or summary of a guideline",
    "unverified": "not verified",
}
NOT_KNOWN: Final = "not of this version of outspread"
STATE_WORDS: Final = {"resolved": "no longer seen since", "removed": "removed"}
CERTAINTY_WORDS: Final = {
    "confirmed": "confirmed",
    "probable": "probable",
    "possible": "possible only",
}
TIMING_WORDS: Final = {
    "synchronous": "found with the primary (synchronous)",
    "metachronous": "found later than the primary (metachronous)",
    "unknown": "dates do not tell whether with the primary or later",
}
STATUS_WORDS: Final = {
    "undetermined": "cannot be told",
    "no_sign_of_disease": "no sign of disease",
    "improved": "improved",
    "stable": "stable",
    "present": "disease is present",
    "worsened": "worsened",
    "recurrence": "has come back",
    "local_recurrence": "has come back where it started",
    "regional_recurrence": "has come back nearby",
    "distant_recurrence": "has come back in another part of the body",
}


def date_words(day: date | None, precision: str | None, *, since: str = "") -> str:
    """A date as exactly as it is known: 2018-03-01, 2018-03, 2018, or undated.

    `since` goes before a date and not before "undated".

    Examples
    --------
    >>> date_words(date(2018, 3, 1), "month")
    '2018-03'
    """
    if day is None:
        return "undated"
    return since + {"month": f"{day:%Y-%m}", "year": f"{day:%Y}"}.get(precision or "day", f"{day}")


class Rule(NamedTuple):
    """A rule of the diagnosis in words."""

    sentence: str
    source: str
    would_change: str


@cache
def rule_sentences() -> dict[str, Rule]:
    """Each rule of the diagnosis in a sentence, its source, and what would change what it says."""
    text = resources.files("outspread.diagnose").joinpath("data/rules.csv").read_bytes()
    rows = pl.read_csv(text).select("rule_id", *Rule._fields).iter_rows()
    return {rule_id: Rule(*words) for rule_id, *words in rows}


@cache
def site_names() -> dict[str, str]:
    """Display name of each site."""
    return dict(sites().select("id", "name").iter_rows())


@cache
def primary_names() -> dict[str, str]:
    """Display name of each primary."""
    return dict(primaries().select("id", "display").iter_rows())


@cache
def histology_names() -> dict[str, str]:
    """Name of each histology; of one that has none of its own, that of its group."""
    groups = group_of_histology().join(kin(), on="histology_group").select("morphology", "name")
    own = own_data("histologies")
    named = (row for table in (read_table("general_histologies"), own) for row in table.iter_rows())
    return dict(groups.iter_rows()) | {histology: name for histology, name, _ in named}


@cache
def measured_names() -> dict[str, str]:
    """Name of each measurement whose id is no word."""
    return dict(own_data("measured_names").select("name", "said").iter_rows())


def own_data(name: str) -> pl.DataFrame:
    """Read one of the tables of words of this package, every cell as text."""
    path = resources.files("outspread.write").joinpath(f"data/{name}.csv")
    return pl.read_csv(path.read_bytes(), infer_schema=False)


@cache
def behavior_digits() -> dict[str, str]:
    """Digit of ICD-O-3 for each behavior."""
    return {means: digit for digit, (means, _) in words("behavior").items()}


@cache
def system_names() -> dict[str, str]:
    """Display name of each staging system."""
    return dict(stage_systems().select("system", "name").iter_rows())


def basis_words(basis: str | None) -> str:
    """Say what a staging rests on; empty where that is not stated.

    Examples
    --------
    >>> basis_words("post_therapy"), basis_words("unspecified")
    ('post-therapy', '')
    """
    return "" if basis in (None, "unspecified") else basis.replace("_", "-")


@cache
def _stage_rows() -> dict[str, dict[str, Any]]:
    return {row["row"]: row for row in stage_extents().iter_rows(named=True)}


def stage_row_words(row_id: str) -> str:
    """Say what a row of `stage_extents` holds for, and its source; a row may be of another version.

    Examples
    --------
    >>> stage_row_words("prostate/tnm/stage_group/IVB/*")
    'stage IVB in prostate cancer, any edition: nci_dictionary_45132'
    """
    row = _stage_rows().get(row_id)
    if row is None:
        return NOT_KNOWN
    field = {"stage_group": "stage ", "summary_stage": "Summary Stage "}.get(
        row["field"], row["field"].upper()
    )
    parts = [
        f"{field}{row['value']} in {primary_names().get(row['primary'], 'any cancer')}",
        "any edition"
        if row["edition"] == "*"
        else f"edition {' or '.join(row['edition'].split())}",
    ]
    if row["histology"]:
        parts.append("by histology")
    if row["min_age"] is not None:
        parts.append(f"from {row['min_age']} years of age")
    if row["max_age"] is not None:
        parts.append(f"up to {row['max_age']} years of age")
    return f"{', '.join(parts)}: {row['source']}"
