"""A modest reading of code displays and short results, for what no code tells.

Only phrases that name one thing plainly are read ("secondary malignant neoplasm of liver"). What
looks like cancer and is not understood stays unread and becomes an issue; what is benign, a
screening, a risk or a relative's is left alone.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from outspread.read.notation import read_notation
from outspread.read.places import find_place, primary_at
from outspread.read.vocabulary import named_primaries, text_words

SOMEWHERE: Final = "distant_nos"  # id of anatomy/sites: spread, place not stated
_TAG: Final = re.compile(r"\s*\([a-z/ ]+\)\s*$")
_STAGE: Final = re.compile(r",? (?:tnm )?stage [0-4iv]+[a-d]?\s*$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase states: a tumor, its role, place, certainty; `is_clear` False: not read."""

    is_clear: bool
    role: str | None = None
    primary: str | None = None
    site: str | None = None
    laterality: str | None = None
    origin: str | None = None
    behavior: str | None = None
    certainty: str = "confirmed"
    temporality: str = "current"
    stage_group: str | None = None
    has_unknown_place: bool = False


def _any(use: str) -> str:
    return "|".join(re.escape(word) for word in text_words(use))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    primary, place = _any("primary"), "(?P<place>.+"
    forms = {
        "cancer": _any("cancer"),
        "not_cancer": _any("not_cancer"),
        "absence": rf"^(?:{_any('absence')})\b",
        "hedge": rf"\b(?:{_any('hedge')})\b",
        "history": rf"^(?:{_any('history')})\s+",
        "secondary_of": rf"^(?:{_any('secondary_of')})(?: (?:of|to|in) {place}))?$",
        "secondary_to": rf"^(?:{_any('secondary_to')})(?: (?:to|in) {place}))?$",
        "spread": rf"^{place}) metastas[ei]s$",
        "from_to": rf"^(?P<origin>.+?) (?:{primary}) metastatic to {place})$",
        "primary": rf"^(?P<kind>.*?)\b(?:{primary})(?P<situ> in situ)? of {place})$",
        "organ": rf"^(?P<kind>(?:primary )?){place}?) (?:{primary})(?P<situ> in situ)?$",
        "other_role": r"secondary|metasta|benign|borderline|uncertain",
    }
    return re.compile(forms[name])


def is_cancer_like(text: str) -> bool:
    """Tell whether words speak of a cancer, found or not."""
    lower = text.lower()
    return bool(_pattern("cancer").search(lower)) and not _pattern("not_cancer").search(lower)


def read_phrase(text: str) -> Phrase | None:
    """Read a display; None where it does not speak of cancer.

    Examples
    --------
    >>> read_phrase("Secondary malignant neoplasm of liver (disorder)").site
    'liver'
    >>> read_phrase("Screening for malignant neoplasm of breast") is None
    True
    """
    if not is_cancer_like(text):
        return None
    plain = _TAG.sub("", " ".join(text.lower().split()))
    if _pattern("absence").search(plain):
        return None
    plain, hedges = _pattern("hedge").subn(" ", plain)
    plain, pasts = _pattern("history").subn("", " ".join(plain.split()))
    stage = _STAGE.search(plain)
    group = read_notation(stage[0].upper(), "stage_group") if stage else None
    plain = _STAGE.sub("", plain)
    found = _read_secondary(plain) or _read_primary(plain)
    if found is None:
        return Phrase(is_clear=False)
    return replace(
        found,
        certainty="possible" if hedges else "confirmed",
        temporality="historical" if pasts else "current",
        stage_group=group[0] if group else None,
    )


def _read_secondary(plain: str) -> Phrase | None:
    """Read spread to a place; "metastatic carcinoma of lung" may be either and is not read."""
    forms = ("secondary_of", "secondary_to", "spread", "from_to")
    match = next(filter(None, (_pattern(form).match(plain) for form in forms)), None)
    if match is None:
        return None
    groups = match.groupdict()
    site, side = find_place(groups["place"]) if groups["place"] else (SOMEWHERE, None)
    origin = None
    if "origin" in groups:
        origin = primary_at(find_place(groups["origin"])[0])
        if origin is None or site is None:
            return None
    return Phrase(
        is_clear=True,
        role="secondary",
        site=site,
        laterality=side,
        origin=origin,
        behavior="metastatic",
        has_unknown_place=bool(groups["place"]) and site is None,
    )


def _read_primary(plain: str) -> Phrase | None:
    if not _pattern("other_role").search(plain):
        for word, named in named_primaries().items():
            if plain.endswith(word):
                return Phrase(is_clear=True, role="primary", primary=named, behavior="malignant")
    match = _pattern("primary").match(plain) or _pattern("organ").match(plain)
    if match is None or _pattern("other_role").search(match["kind"]):
        return None
    site, side = find_place(match["place"])
    primary = primary_at(site)
    if primary is None:
        return None
    is_doubtful = site in text_words("doubtful_origin") and not plain.startswith("primary")
    return Phrase(
        is_clear=True,
        role="undetermined" if is_doubtful else "primary",
        primary=None if is_doubtful else primary,
        site=site,
        laterality=side,
        behavior="in_situ" if match["situ"] else "malignant",
    )


def is_denial(text: object) -> bool:
    """Tell whether a result begins with a denial."""
    return isinstance(text, str) and bool(_pattern("absence").search(text.lower().lstrip()))


def read_absence(text: str) -> list[tuple[str, str | None]]:
    """Places that a short result calls free of cancer, each with its side.

    Read only where the text begins with the denial, speaks of cancer, and ends in a list of
    places that are all known: "negative for presence of cancer in the brain or spine".
    """
    plain = " ".join(text.lower().strip(" .").split())
    if not _pattern("absence").search(plain) or not _pattern("cancer").search(plain):
        return []
    match = re.match(r".+ (?:in|of|to|involving) (?:the )?(?P<places>[a-z ,-]+)$", plain)
    if match is None or re.search(r"\b(?:but|however|except|although)\b", plain):
        return []
    listed = re.split(r",\s*(?:or |and )?| or | and ", match["places"])
    places = [find_place(name.removeprefix("the ")) for name in listed]
    return [(site, side) for site, side in places if site] if all(s for s, _ in places) else []
