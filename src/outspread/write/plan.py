"""One patient's plan as text: what must be seen now, what can be done and why, what is missing."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl

from outspread.plan.pack.model import Pack
from outspread.write.explain import WIDTH
from outspread.write.planned import (
    NO_PLAN,
    SHOWN_IDS,
    UNSETTLED,
    Planned,
    arrange,
    few,
    is_symptom,
    plan_rows,
    reviewed_words,
    stated_words,
    turning_words,
)
from outspread.write.wording import AIM_WORDS, STRENGTH_WORDS

Row = dict[str, Any]
SHOWN_QUESTIONS: Final = 8
SHOWN_NEAR: Final = 8
NOTICE: Final = (
    "Support for a professional who can review its basis. It lists what the pack holds and does "
    "not advise. No doses. Not a medical device."
)


def explain_plan(
    tables: Mapping[str, pl.DataFrame], diseases: pl.DataFrame, pack: Pack, patient_id: str
) -> str:
    """Tell one patient's plan as text.

    Parameters
    ----------
    tables
        Tables of the plan; rows of other patients are left aside.
    diseases
        Table `disease`, for the names.
    """
    lines = [f"Plan for patient {patient_id}", *_wrap(NOTICE)]
    lines += _wrap(f"Pack {pack.name}, version {pack.version}: {reviewed_words(pack)}.")
    mine = pl.col("patient_id") == patient_id
    planned = plan_rows(tables, pack, patient_id=patient_id)
    cited: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for disease in diseases.filter(mine).iter_rows(named=True):
        rows = planned.get(disease["disease_id"])
        lines += ["", *_title(disease["name"][:1].upper() + disease["name"][1:])]
        if rows is None:
            lines += [NO_PLAN]
            continue
        _cite(rows, numbers, pack)
        lines += _disease_lines(arrange(rows, pack), pack, cited)
    return "\n".join([*lines, *_source_lines(cited, pack), *_evidence_lines(numbers)])


def _cite(rows: Mapping[str, list[Row]], numbers: dict[str, int], pack: Pack) -> None:
    """Put the numbers of the evidence behind each fact, wherever it stands."""
    cited: dict[str, str] = {}
    for row in rows["factor"]:
        words = row["words"]
        row["words"] = _told(row, numbers, pack)
        if words:
            cited[words] = row["words"]
    for row in (*rows["option"], *rows["alert"]):
        for part in ("why", "against"):
            row[part] = [cited.get(words, words) for words in row.get(part, ())]


def _told(row: Row, numbers: dict[str, int], pack: Pack) -> str:
    """One fact of the record with the numbers of its evidence."""
    told = row["words"] or f"{pack.factors[row['factor']].label}: {UNSETTLED}"
    if row["stated"]:
        told += f"; {stated_words(row, pack)}"
    for one in row["evidence_ids"]:
        numbers.setdefault(one, len(numbers) + 1)
    places = " ".join(str(numbers[one]) for one in row["evidence_ids"][:SHOWN_IDS])
    return f"{told} [{places}]" if places else told


def _disease_lines(plan: Planned, pack: Pack, cited: dict[str, None]) -> list[str]:
    lines = [*_alert_lines(plan), *_known_lines(plan.factors)]
    lines += ["", *_wrap(plan.held)] if plan.held else []
    for aim, some in plan.by_aim.items():
        lines += ["", AIM_WORDS[aim]]
        lines += [line for row in some for line in _option_lines(row, pack, cited)]
    lines += _other_lines(plan, pack, cited)
    if plan.folded:
        ids = ", ".join(row["option_id"] for row in plan.folded)
        lines += ["", *_wrap(f"Not verified, and folded away ({len(plan.folded)}): {ids}")]
    return lines + _near_lines(plan, pack) + _question_lines(plan, pack)


def _alert_lines(plan: Planned) -> list[str]:
    lines = []
    for alert in plan.alerts:
        lines += ["", *_wrap(f"!! {alert['text']}")]
        lines += _wrap(f"Because: {_join(alert['why'])}", indent=3)
        lines += _wrap(alert["what"] + ".", indent=3)
    if plan.unrecorded:
        asked = ", ".join(plan.unrecorded)
        text = f"Emergencies not ruled out, as nothing is recorded of: {asked}."
        lines += ["", *_wrap(text)]
    return lines


def _known_lines(factors: Sequence[Row]) -> list[str]:
    """What the record settles, each with its evidence."""
    lines = ["", "What the record settles, with its evidence"]
    for row in factors:
        note = f", {row['note']}" if "note" in row else ""
        lines += _wrap(f"- {row['words']}{note}", indent=2)
    return lines


def _option_lines(row: Row, pack: Pack, cited: dict[str, None]) -> list[str]:
    examples = f" ({'; '.join(row['examples'])})" if row["examples"] else ""
    mark = "" if row["is_verified"] else " [not verified]"
    lines = _wrap(f"- {row['what']}{examples}{mark}", indent=2)
    parts = {
        "because": _join(row["why"]),
        "against": _join(row["against"]),
        "take care": _join(row["cautions"]),
        "note": " ".join(row["says"]),
        "before": _join(row["workup"]),
    }
    for label, text in parts.items():
        if text:
            lines += _wrap(f"{label}: {text}", indent=6)
    cited |= dict.fromkeys(row["sources"])
    year = f", {row['year']}" if row["year"] else ""
    basis = f"{STRENGTH_WORDS[row['strength']]}{year} [{' '.join(row['sources'])}]"
    return lines + _wrap(f"basis: {basis}  ({row['option_id']})", indent=6)


def _other_lines(plan: Planned, pack: Pack, cited: dict[str, None]) -> list[str]:
    """What is advised against, and what is said as a caution."""
    groups = {
        "Advised against; a person decides": plan.against,
        "Not routine, and notes": plan.cautions,
    }
    lines = []
    for title, rows in groups.items():
        if rows:
            lines += ["", title]
            lines += [line for row in rows for line in _option_lines(row, pack, cited)]
    return lines


def _near_lines(plan: Planned, pack: Pack) -> list[str]:
    """Treatments of this cancer that wait for one fact only, and how many more wait."""
    if not plan.near:
        return []
    lines = ["", "One fact away"]
    for row in plan.near[:SHOWN_NEAR]:
        turns_on = turning_words(row, pack)
        lines += _wrap(f"- {row['what']}: it turns on {turns_on} ({row['option_id']})", indent=2)
    more = plan.waiting - min(len(plan.near), SHOWN_NEAR)
    return lines + ([f"  ... and {more} more of this cancer wait for facts"] if more else [])


def _question_lines(plan: Planned, pack: Pack) -> list[str]:
    """The facts to ask for first; symptoms in one line, as one visit tells them all."""
    if not plan.questions:
        return []
    others = [row for row in plan.questions if not is_symptom(row, pack)]
    lines = ["", "Questions whose answer would change most"]
    for number, row in enumerate(others[:SHOWN_QUESTIONS], start=1):
        answers = f": {', '.join(few(row['answers']))}?" if row["answers"] else "?"
        lines += _wrap(f"{number}. {row['question']}{answers}", indent=2)
        if row["lacks"]:
            lines += _wrap(f"follows from, and not recorded: {', '.join(row['lacks'])}", indent=6)
        for label, ids in (("opens or rules out", row["opens"]), ("could close", row["closes"])):
            if ids:
                lines += _wrap(f"{label} {len(ids)}: {', '.join(few(ids))}", indent=6)
    more = len(others) - SHOWN_QUESTIONS
    lines += [f"  ... and {more} more"] if more > 0 else []
    if plan.symptoms:
        named = ", ".join(plan.symptoms)
        lines += _wrap(f"Symptoms to ask for, each with help of its own: {named}.")
    return lines


def _source_lines(cited: Iterable[str], pack: Pack) -> list[str]:
    sources = sorted(cited)
    if not sources:
        return []
    lines = ["", *_title("Sources")]
    for name in sources:
        source = pack.sources[name]
        year = source.year or "year not stated"
        weak = "; weak copy" if source.copy == "weak" else ""
        told = f"{source.organization}, {year}: {source.title}. {source.url}"
        text = f"[{name}] {told} (read: {source.read}{weak})"
        lines += _wrap(text, indent=2)
    return lines


def _evidence_lines(numbers: Mapping[str, int]) -> list[str]:
    if not numbers:
        return []
    listed = [line for one, n in numbers.items() for line in _wrap(f"[{n}] {one}", indent=2)]
    return ["", *_title("Evidence"), *listed]


def _join(texts: Iterable[str]) -> str:
    return "; ".join(texts)


def _title(text: str) -> list[str]:
    return [text, "-" * len(text)]


def _wrap(text: str, *, indent: int = 0) -> list[str]:
    hang = " " * (indent + (2 if indent else 0))
    return textwrap.wrap(
        text, WIDTH, initial_indent=" " * indent, subsequent_indent=hang, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
