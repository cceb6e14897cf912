"""What rows of the story say in words, the same in text and on pages. Dates stand apart."""

from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from outspread.anatomy.words import explain_rows
from outspread.write.wording import (
    CERTAINTY_WORDS,
    NOT_KNOWN,
    STATUS_WORDS,
    behavior_digits,
    histology_names,
    measured_names,
    primary_names,
    rule_sentences,
    site_names,
    system_names,
)

Row = dict[str, Any]
NO_PLACE: Final = "a place that is not stated"


class Citations:
    """Numbers evidence in the order in which it is cited, and keeps the rules that are named."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._rules: dict[str, None] = {}

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Give the numbers of some evidence, in their order, each once."""
        return sorted({self._numbers.setdefault(one, len(self._numbers) + 1) for one in ids})

    def keep(self, *rules: str) -> None:
        """Keep rules that are named."""
        self._rules |= dict.fromkeys(rules)

    def cited(self) -> dict[str, int]:
        """Give the numbers of all evidence that was cited."""
        return self._numbers

    def kept(self) -> list[str]:
        """Give all rules that were named."""
        return list(self._rules)


def origin_words(disease: Row) -> list[str]:
    """Say where a disease started, in parts: the cancer, what else it could be, side, histology."""
    said = {
        "known": primary_names().get(disease["primary"], "not stated"),
        "unknown": "unknown primary: the record says that no origin was found",
        "not_stated": "not stated in the record",
        "undetermined": "one of several cancers",
    }[disease["origin_status"]]
    parts = [said]
    if disease["candidate_primaries"]:
        could_be = (primary_names()[c] for c in disease["candidate_primaries"])
        parts.append("could be " + " or ".join(could_be))
    if disease["laterality"]:
        parts.append(f"side: {disease['laterality'].replace('_', ' ')}")
    parts += [words for words in (histology_words(disease), _icdo_words(disease)) if words]
    return parts


def histology_words(row: Row) -> str:
    """Name the histology of a disease or finding; empty where none is stated.

    Examples
    --------
    >>> histology_words({"morphology": "8500", "behavior": "in_situ"})
    'ductal carcinoma in situ'
    """
    if not row["morphology"]:
        return ""
    name = histology_names().get(row["morphology"], "histology of which we hold no name")
    return f"{name} in situ" if row["behavior"] == "in_situ" else name


def histology_code(row: Row) -> str:
    """Give histology and behavior as ICD-O-3 writes them; empty where none is stated.

    Examples
    --------
    >>> histology_code({"morphology": "8500", "behavior": "in_situ"})
    '8500/2'
    """
    digit = behavior_digits().get(row["behavior"] or "") if row["behavior"] != "unknown" else None
    return (
        "/".join(part for part in (row["morphology"], digit) if part) if row["morphology"] else ""
    )


def _icdo_words(disease: Row) -> str:
    """Codes of the origin, for registries."""
    codes = " ".join(part for part in (disease["topography"], histology_code(disease)) if part)
    return f"ICD-O-3 {codes}" if codes else ""


def candidate_words(disease: Row) -> list[str]:
    """Say for each possible origin why it stands where it stands; a rank decides nothing."""
    candidates = disease["candidate_primaries"] or []
    reasons = disease["candidate_reasons"] or []
    pairs = zip(candidates, reasons, strict=False)
    return [f"{primary_names()[cancer]}: {reason}" for cancer, reason in pairs]


def place_words(site: str | None, laterality: str | None) -> str:
    """Name a place with its side.

    Examples
    --------
    >>> place_words("adrenal", "left")
    'adrenal gland, left'
    """
    name = site_names().get(site or "", NO_PLACE)
    return f"{name}, {laterality.replace('_', ' ')}" if laterality else name


def knowledge_words(lesion: Row) -> Iterable[tuple[str, str, str]]:
    """Give the rows of the anatomy that decided about a lesion: id, what it says, source."""
    rows = explain_rows(lesion["knowledge_rows"])
    yield from rows.select(
        "id", pl.col("says").fill_null(NOT_KNOWN), pl.col("source").fill_null("")
    ).iter_rows()


def stage_words(stage: Row) -> str:
    """Say group and categories with their system; of a disease or of one staging."""
    measures = stage.get("measures")
    word = {"grade": "grade group", "depth": "level", "risk": "risk"}.get(measures or "", "stage")
    group = f"{word} {stage['stage_group']}" if stage["stage_group"] else ""
    tnm = " ".join(
        f"{letter}{stage[letter.lower()].replace('_', ' ')}"
        for letter in "TNM"
        if stage[letter.lower()]
    )
    summary = f"Summary Stage {stage['summary_stage']}" if stage["summary_stage"] else ""
    name, edition = (stage[c] if c in stage else stage[f"stage_{c}"] for c in ("system", "edition"))
    system = " ".join(part for part in (system_names().get(name, name or ""), edition) if part)
    said = ", ".join(part for part in (group, tnm, summary) if part)
    return f"{said} ({system})" if said and system else said


def unnamed_spread(disease: Row) -> str:
    """Say why a disease counts as spread although no place is named; empty where it does not."""
    if disease["extent"] not in ("regional", "distant"):
        return ""
    rule = rule_sentences().get(disease["extent_rule"])
    return f"no place is named. {rule.sentence}" if rule else "no place is named"


def meaning_words(staging: Row) -> str:
    """Say what a staging means for the extent."""
    lower, upper = staging["means_lower"], staging["means_upper"]
    if staging["measures"] not in (None, "extent"):
        return {"blood": "of a blood cancer, which has no extent"}.get(
            staging["measures"], f"a {staging['measures']}, which says nothing about extent"
        )
    if upper is None:
        return "settles nothing about the extent"
    if lower == upper:
        return f"means {upper}"
    return f"may mean {lower} to {upper}" if lower else f"may mean up to {upper}"


def interval_words(disease: Row) -> str:
    """Say how long after the diagnosis distant spread was found; empty where it is not known."""
    least, most = disease["min_interval_days"], disease["max_interval_days"]
    if least is None:
        return ""
    side = "after" if most >= 0 else "before"
    if least == most:
        return f"{abs(least)} days {side} the diagnosis"
    if least < 0 <= most:
        return f"{-least} days before to {most} days after the diagnosis"
    low, high = sorted((abs(least), abs(most)))
    return f"{low} to {high} days {side} the diagnosis"


def statement_words(row: Row) -> str:
    """Say what a row of finding, treatment or measurement states.

    Examples
    --------
    >>> row = dict.fromkeys(["primary", "morphology", "behavior", "size_mm", "count"], None)
    >>> row |= {"kind": "tumor", "role": "secondary", "site": "bone", "laterality": "left"}
    >>> statement_words(row)
    'spread: bone, left'
    """
    if "modality" in row:
        return treatment_words(row)
    if "name" in row:
        return _measured_words(row)
    if row["kind"] == "status":
        return STATUS_WORDS[row["status"]] if row["status"] else "a course"
    if row["kind"] == "stage":
        return stage_words(row) or "a stage"
    return _tumor_words(row)


def treatment_words(row: Row) -> str:
    """Say what a treatment is: its kind, and what else is stated of it."""
    status = row["treatment_status"]
    parts = [
        row["agent"] if row["agent"] != row["modality"] else "",
        place_words(row["site"], row["laterality"]) if row["site"] else "",
        f"intent {row['intent']}" if row["intent"] else "",
        "" if status in ("done", "unknown") else status,
        "" if row["certainty"] == "confirmed" else row["certainty"],
    ]
    detail = ", ".join(part for part in parts if part)
    return f"{row['modality']}: {detail}" if detail else str(row["modality"])


def _measured_words(row: Row) -> str:
    number = f"{row['value_number']:g}" if row["value_number"] is not None else ""
    value = " ".join(part for part in (number, row["unit"]) if part) if number else row["value"]
    name = measured_names().get(row["name"]) or row["name"].replace("_", " ")
    return f"{name}: {value.replace('_', ' ')}" if value else name


def _tumor_words(row: Row) -> str:
    role = {"primary": "primary", "secondary": "spread"}.get(row["role"] or "", "tumor")
    named = primary_names().get(row["primary"] or "", "") if row["role"] == "primary" else ""
    place = place_words(row["site"], row["laterality"]) if row["site"] or not named else ""
    parts = [
        named,
        place,
        " ".join((histology_words(row), histology_code(row))).strip(),
        f"{row['size_mm']:g} mm" if row["size_mm"] is not None else "",
        f"{row['count']} lesions" if row["count"] is not None else "",
    ]
    return f"{role}: {', '.join(part for part in parts if part)}"


def evidence_words(evidence: Row) -> list[str]:
    """Say how far a statement holds: denied, possible, historical, of another person."""
    said = [
        "" if evidence["polarity"] == "affirmed" else "denied",
        "" if evidence["certainty"] == "confirmed" else CERTAINTY_WORDS[evidence["certainty"]],
        "" if evidence["temporality"] == "current" else evidence["temporality"],
        "" if evidence["experiencer"] == "patient" else "of another person",
    ]
    return [word for word in said if word]


def denied_places(findings: Iterable[Row]) -> list[Row]:
    """Give the findings that say of a place that it is free of spread."""
    return [
        row
        for row in findings
        if row["kind"] == "tumor"
        and row["polarity"] == "negated"
        and row["role"] == "secondary"
        and row["experiencer"] == "patient"
    ]
