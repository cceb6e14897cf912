"""URIs of code systems and profiles, from the data files beside `outspread.write`."""

import csv
from functools import cache
from importlib.resources import files


@cache
def _rows(name: str) -> dict[str, str]:
    text = (files("outspread.write") / "data" / name).read_text(encoding="utf-8")
    return {row[0]: row[1] for row in csv.reader(text.splitlines()[1:])}


def system_uri(system: str) -> str:
    """URI of a code system by our short name; an unknown system is its own URI."""
    return _rows("fhir_systems.csv").get(system, system)


def profile(use: str) -> str:
    """URL of the mCODE profile or extension for a use."""
    return _rows("fhir_profiles.csv")[use]
