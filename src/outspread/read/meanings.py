"""What coded concepts mean: role, cancer, place, side; each distinct concept is resolved once.

A concept is known here by its key: its text and its codings. Codes go through
`outspread.anatomy.codes.resolve_codes`, many at a time; where no code is known the displays are
read by the rules of `outspread.read.text`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from outspread.anatomy.code_table import OWN_SYSTEM, UNKNOWN_PRIMARY
from outspread.anatomy.codes import resolve_codes
from outspread.read.text import read_phrase
from outspread.read.vocabulary import systems, words
from outspread.tables import ROLE

Json = Mapping[str, Any]
Key = tuple[Any, ...]
Code = tuple[str | None, str, str]
_MORPHOLOGY: Final = re.compile(r"(?:M-?)?(\d{4})/?(\d)\b")
_BEST_FIRST: Final = ("secondary", "primary", "undetermined", None)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one concept states. All empty: nothing that outspread reads."""

    role: str | None = None
    primary: str | None = None
    site: str | None = None
    laterality: str | None = None
    origin: str | None = None
    behavior: str | None = None
    morphology: str | None = None
    topography: str | None = None
    temporality: str = "current"
    certainty: str = "confirmed"
    stage_group: str | None = None
    code_system: str | None = None
    code: str | None = None
    rule_id: str | None = None
    issue: str | None = None

    @property
    def is_tumor(self) -> bool:
        """Whether it states a tumor, rather than only a place or nothing."""
        return self.role is not None


NOTHING: Final = Meaning()


def concept_key(concept: Json | None) -> Key:
    """Key of a CodeableConcept: its text, then (system, code, display) of each coding."""
    if not concept:
        return (None,)
    codings: list[Json] = concept.get("coding") or []
    if len(codings) == 1:
        coding = codings[0]
        triple = (coding.get("system"), coding.get("code"), coding.get("display"))
        return (concept.get("text"), triple)
    triples = ((one.get("system"), one.get("code"), one.get("display")) for one in codings)
    return (concept.get("text"), *triples)


def with_histology(key: Key, histology: tuple[str, str | None]) -> Key:
    """Key of a concept beside a histology: a topography of ICD-O-3 means a cancer only with it.

    C44.5 is melanoma with 8720/3 and secondary skin with 8000/6. Other codes mean what they mean.
    """
    code, behavior = histology
    digits = {means: digit for digit, (means, _) in words("behavior").items()}
    morphology = f"{code}/{digits[behavior]}" if behavior in digits else code
    codings = (
        (*coding, morphology) if systems()[coding[0]] == "icdo3" else coding for coding in key[1:]
    )
    return (key[0], *codings)


class Meanings(dict[Key, Meaning]):
    """Meanings by concept key. A key met for the first time waits in `missing` for `settle`."""

    def __init__(self, extra: pl.DataFrame | None = None) -> None:
        super().__init__()
        self.extra = extra
        self.missing: set[Key] = set()

    def __missing__(self, key: Key) -> Meaning:
        self.missing.add(key)
        return NOTHING

    def settle(self, keys: Iterable[Key]) -> None:
        """Resolve concepts, all of their codes in one go."""
        keys = list(keys)
        codes = {one for key in keys for one in _codes(key)}
        known = _resolve(sorted(codes), self.extra) if codes else {}
        for key in keys:
            self[key] = _choose(key, known)


def _codes(key: Key) -> list[Code]:
    """Code of each coding that has one and its system, with the morphology stated beside it."""
    codes = (
        (systems()[system], code, beside[0] if beside else "")
        for system, code, _, *beside in key[1:]
    )
    return [one for one in codes if one[0] and isinstance(one[1], str)]


def _resolve(codes: list[Code], extra: pl.DataFrame | None) -> dict[Code, Meaning]:
    schema = dict.fromkeys(("system", "code", "morphology"), pl.String)
    frame = pl.DataFrame(codes, schema=schema, orient="row").with_columns(
        pl.col("morphology").replace("", None)
    )
    rows = resolve_codes(frame, extra=extra).iter_rows(named=True)
    found = {}
    for one, row in zip(codes, rows, strict=True):
        if row["role"] is not None:
            found[one] = _meaning(one, row)
    return found


def _meaning(coded: Code, row: Mapping[str, Any]) -> Meaning:
    system, code, _ = coded
    role, primary = row["role"], row["primary"]
    if role == "unknown_primary":
        role, primary = "primary", primary or UNKNOWN_PRIMARY
    is_suspected = row["code_note"] == "suspected"
    if is_suspected:
        role = "primary"
    return Meaning(
        role=role if role in ROLE else None,
        primary=primary,
        site=row["site"],
        laterality=row["code_laterality"],
        origin=row["origin"],
        behavior=row["behavior"],
        morphology=row["histology"],
        topography=row["topography"],
        temporality=row["temporality"] or "current",
        certainty="possible" if is_suspected else "confirmed",
        stage_group=row["stage_group"],
        code_system=system,
        code=code,
        rule_id="fhir.code",
    )


def read_morphology(key: Key) -> tuple[str, str | None] | None:
    """Histology and behavior of an ICD-O-3 code such as 8500/3; None where there is none."""
    for system, code, *_ in key[1:]:
        if systems()[system] in ("icdo3", "icdo3_morphology") and isinstance(code, str):
            match = _MORPHOLOGY.match(code.strip())
            if match:
                return match[1], words("behavior").get(match[2], (None, ""))[0]
    return None


def _choose(key: Key, known: Mapping[Code, Meaning]) -> Meaning:
    """Take the best-known coding; what the others add to the same statement is filled in."""
    found = [known[one] for one in _codes(key) if one in known]
    if not found:
        return _read_texts(key)
    found.sort(
        key=lambda one: (one.code_system != OWN_SYSTEM, _BEST_FIRST.index(one.role), _gaps(one))
    )
    best = found[0]
    for other in found[1:] if best.code_system != OWN_SYSTEM else ():
        if (other.role, other.primary) == (best.role, best.primary):
            best = replace(
                best,
                site=best.site or other.site,
                laterality=best.laterality or other.laterality,
                behavior=best.behavior or other.behavior,
                topography=best.topography or other.topography,
            )
    roles = {one.role for one in found} & {"primary", "secondary"}
    return replace(best, issue="R031") if len(roles) > 1 else best


def _gaps(meaning: Meaning) -> int:
    named = (meaning.primary, meaning.site, meaning.laterality, meaning.origin)
    return sum(value is None for value in named)


def _read_texts(key: Key) -> Meaning:
    """Read the displays, then the text, where no code is known."""
    text, *codings = key
    is_cancer_like = False
    for system, code, display, *_ in [*codings, (None, None, text)]:
        phrase = read_phrase(display) if isinstance(display, str) else None
        if phrase is None:
            continue
        is_cancer_like = True
        if phrase.is_clear:
            return Meaning(
                role=phrase.role,
                primary=phrase.primary,
                site=phrase.site,
                laterality=phrase.laterality,
                origin=phrase.origin,
                behavior=phrase.behavior,
                temporality=phrase.temporality,
                certainty=phrase.certainty,
                stage_group=phrase.stage_group,
                code_system=systems()[system],
                code=code if isinstance(code, str) else None,
                rule_id="fhir.text",
                issue="R034" if phrase.has_unknown_place else None,
            )
    return replace(NOTHING, issue="R030") if is_cancer_like else NOTHING
