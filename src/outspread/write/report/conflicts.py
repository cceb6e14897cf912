"""What does not fit together in a record, and what is missing in it."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from outspread.write.phrases import Citations
from outspread.write.planned import Row
from outspread.write.report.case import Case
from outspread.write.report.heading import capitalized
from outspread.write.report.views import Why, rules_told

NO_PRECEDENCE: Final = "precedence.none"


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a conflict says; whether the story follows it."""

    said: str
    cites: tuple[int, ...]
    is_followed: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A disagreement with both sides."""

    sides: tuple[Side, Side]
    is_grave: bool
    is_open: bool
    reason: str
    settled_by: str
    why: tuple[Why, ...]


def conflicts(case: Case, cited: Citations) -> tuple[Conflict, ...]:
    """Tell the conflicts of a patient."""
    return tuple(_conflict(row, cited) for row in case.rows["conflict"])


def _conflict(row: Row, cited: Citations) -> Conflict:
    left, right = (
        Side(
            capitalized(row[f"{side}_says"]),
            tuple(cited.numbers(row[f"{side}_evidence_ids"])),
            row["followed"] == side,
        )
        for side in ("left", "right")
    )
    rules = [row["kind"], *([row["rule"]] if row["rule"] != NO_PRECEDENCE else [])]
    return Conflict(
        sides=(left, right),
        is_grave=row["severity"] == "error",
        is_open=row["followed"] == "neither",
        reason=row["reason"],
        settled_by=row["settled_by"],
        why=rules_told(rules),
    )


def gaps(case: Case) -> tuple[str, ...]:
    """Say what the record does not tell, and what of it could not be used."""
    found = [gap for disease in case.rows["disease"] for gap in _disease_gaps(case, disease)]
    if not case.rows["disease"]:
        found.append("No cancer is recorded.")
    if case.person["birth_date"] is None:
        found.append("The date of birth is not recorded, so ages are not told.")
    untied = sum(row["disease_id"] is None for row in case.rows["staging"])
    if untied:
        found.append(f"Stagings of which it is not settled which cancer they are of: {untied}.")
    issues = Counter((row["severity"], row["code"], row["reason"]) for row in case.rows["issue"])
    for (severity, code, reason), count in sorted(issues.items()):
        times = f", {count} times" if count > 1 else ""
        found.append(f"Could not be used in full ({severity} {code}{times}): {reason}")
    return tuple(found)


def _disease_gaps(case: Case, disease: Row) -> list[str]:
    lesions = case.of_disease("lesion", disease["disease_id"])
    spread = [row for row in lesions if row["role"] != "primary"]
    told = {
        "how far it has spread is not settled": disease["extent"] == "unknown",
        "its origin is not stated": disease["origin_status"] == "not_stated",
        "which of several cancers it comes from is not settled": (
            disease["origin_status"] == "undetermined"
        ),
        "the date of the diagnosis is not recorded": disease["diagnosed_date"] is None,
        "no stage at diagnosis is recorded": not disease["stage_evidence_ids"],
        "no status is recorded": disease["status"] is None,
    }
    counted = {
        "places of spread without a date: {}": sum(
            row["first_seen_date"] is None for row in spread
        ),
        "places whose reach is not settled: {}": sum(row["reach"] == "unknown" for row in spread),
        "places that are possible only, and do not count: {}": sum(
            row["certainty"] == "possible" for row in lesions
        ),
    }
    said = [words for words, is_so in told.items() if is_so]
    said += [words.format(count) for words, count in counted.items() if count]
    if len(case.rows["disease"]) > 1 and said:
        return [capitalized(f"{disease['name']}: {'; '.join(said)}.")]
    return [capitalized(f"{words}.") for words in said]
