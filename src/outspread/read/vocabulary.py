"""The words and codes the readers know, loaded from the data files beside this module.

Every fact has its source in its row; code holds none. Tables are small, so they are plain
dictionaries, loaded once.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from outspread.anatomy.load import load

SNOMED_URI: Final = "http://snomed.info/sct"
MOST_KNOWN: Final = 100_000  # entries of a look-up that grows with what records hold
DISORDER_SYSTEMS: Final = ("snomed", "icd10cm", "icd10who", "icd10")


class Fact(NamedTuple):
    """What a code means to a reader, with one more detail where there is one."""

    means: str
    detail: str
    system: str
    code: str


def load_rows(name: str) -> list[dict[str, str]]:
    """Rows of one data file beside this module."""
    text = (files("outspread.read") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


class Systems(dict[str | None, str | None]):
    """Short name of a code system by its URI; case, trailing slash and SNOMED edition aside."""

    def __missing__(self, uri: str | None) -> str | None:
        plain = uri.strip().rstrip("/").lower() if isinstance(uri, str) else None
        if plain and plain.startswith(SNOMED_URI + "/"):
            plain = SNOMED_URI
        known = dict.get(self, plain) or plain
        if len(self) < MOST_KNOWN:
            self[uri] = known
        return known


@cache
def systems() -> Systems:
    """Code systems by URI, the anatomy's and our own; an unknown one is its own short name."""
    known = Systems(load("systems").select("name", "system").iter_rows())
    for row in load_rows("systems.csv"):
        known[row["uri"]] = known[row["system"]] = row["system"]
    return known


class Codes(dict[tuple[str | None, str | None], Fact | None]):
    """Facts by (system, code) as a record writes them; what is unknown is None."""

    def __missing__(self, key: tuple[str | None, str | None]) -> Fact | None:
        system, code = key
        known = systems()[system]
        fact = None
        if known != system and isinstance(code, str):
            fact = dict.get(self, (known, code.strip()))
        if len(self) < MOST_KNOWN:
            self[key] = fact
        return fact


@cache
def codes(use: str) -> Codes:
    """Facts of `fhir_codes.csv` that serve one use; keys are (system, code).

    Examples
    --------
    >>> codes("intent")["http://snomed.info/sct", "373808002"].means
    'curative'
    """
    rows = [row for row in load_rows("fhir_codes.csv") if row["use"] == use]
    return Codes(
        {
            (row["system"], row["code"]): Fact(
                row["means"], row["detail"], row["system"], row["code"]
            )
            for row in rows
        }
    )


@cache
def words(use: str) -> dict[str, tuple[str, str]]:
    """Facts of `fhir_codes.csv` whose codes need no system: status words, extension names."""
    rows = (row for row in load_rows("fhir_codes.csv") if row["use"] == use)
    return {row["code"]: (row["means"], row["detail"]) for row in rows}


class ObservationCodes(Codes):
    """Facts by code; an unlisted code of a system that names disorders is "other"."""

    def __missing__(self, key: tuple[str | None, str | None]) -> Fact | None:
        fact = super().__missing__(key)
        system, code = systems()[key[0]], key[1]
        if fact is None and system in DISORDER_SYSTEMS and isinstance(code, str):
            fact = self[key] = Fact("other", "", system, code)
        return fact


@cache
def observations() -> ObservationCodes:
    """What an Observation is by its code: stage, size, status ... or a named measurement."""
    known = ObservationCodes(codes("observation"))
    for row in load_rows("measurements.csv"):
        key = (row["system"], row["code"])
        known[key] = Fact("measurement", row["name"], *key)
    return known


@cache
def text_words(use: str) -> tuple[str, ...]:
    """Words of `text_words.csv` that serve one use, longest first."""
    rows = (row["word"] for row in load_rows("text_words.csv") if row["use"] == use)
    return tuple(sorted(rows, key=lambda word: (-len(word), word)))


@cache
def named_primaries() -> dict[str, str]:
    """Cancers that their own words name, such as lymphoma; the longest words come first."""
    meant = {row["word"]: row["means"] for row in load_rows("text_words.csv") if row["means"]}
    return {word: meant[word] for word in text_words("named")}


@cache
def issue_severities() -> dict[str, tuple[str, str]]:
    """Severity and meaning of each issue code."""
    return {row["code"]: (row["severity"], row["meaning"]) for row in load_rows("issues.csv")}
