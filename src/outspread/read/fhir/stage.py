"""Stage values: T, N, M categories and stage groups, by code or by their own notation."""

from functools import cache
from typing import Final, NamedTuple

from outspread.read.meanings import Key
from outspread.read.notation import read_notation
from outspread.read.vocabulary import Fact, codes, systems

OTHER_SYSTEMS: Final = ("stage_other", "grade_group")  # the code names its staging system


class Stage(NamedTuple):
    """One stage value: what it is of (t, n, m, stage_group), the value, and how it was found."""

    axis: str
    value: str
    basis: str | None
    system: str | None
    code_system: str | None
    code: str | None


def read_stage(key: Key, axis: str) -> Stage | None:
    """Read the value of one axis from a concept; None where it carries none of that axis.

    A reason for absence is a value only as "not_applicable"; it never becomes a category.
    """
    text, *codings = key
    for system, code, display in codings:
        known = systems()[system]
        if known == "absent":
            if code != "not-applicable":
                return None
            return Stage(axis, "not_applicable", None, None, known, code)
        fact = codes("stage_value")[system, code]
        if fact is not None and fact.means == axis:
            value, basis, named = (*fact.detail.split("|"), "", "")[:3]
            scheme = named or _scheme(known, display)
            return Stage(axis, value, basis or None, scheme, known, code)
    for system, code, display in [*codings, (None, None, text)]:
        known = systems()[system]
        for words in (display, code):
            if isinstance(words, str) and (found := read_notation(words.strip(), axis)):
                return Stage(axis, *found, _scheme(known, display), known, code)
    return None


@cache
def _schemes() -> frozenset[str]:
    facts = codes("observation").values()
    return frozenset(fact.detail for fact in facts if fact and fact.means in OTHER_SYSTEMS)


def _scheme(system: str | None, display: object) -> str | None:
    """Staging system that a value itself names."""
    if system in ("ajcc", "uicc"):
        return system
    words = display.lower().replace("-", "_") if isinstance(display, str) else ""
    if words.startswith("american joint committee"):
        return "ajcc"
    return next((scheme for scheme in sorted(_schemes()) if scheme in words.split()), None)


def stage_facts(
    stage: Stage, *, method: Fact | None, basis: str | None, scheme: str | None
) -> dict[str, object]:
    """Columns of a finding of kind stage.

    Parameters
    ----------
    method
        Edition that the record names beside the value.
    basis
        Basis that the record's own code states; the value's prefix decides where that states none.
    scheme
        Staging system that the record's own code states, if not TNM.
    """
    stated = None if basis == "unspecified" else basis
    if stage.basis == "post_therapy":
        stated = stage.basis
    return {
        "kind": "stage",
        "code_system": stage.code_system,
        "code": stage.code,
        "stage_system": scheme or (method.means if method else stage.system) or "tnm",
        "stage_edition": (method.detail or None) if method else None,
        "stage_basis": stated or stage.basis or "unspecified",
        "rule_id": "fhir.stage",
        "stage_group" if stage.axis == "grade_group" else stage.axis: stage.value,
    }
