"""One patient's plan as text: what must be seen now, what can be done and why, what is missing."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl

from outspread.plan.make import fact_in_words, with_texts
from outspread.plan.pack.model import Pack
from outspread.write.explain import WIDTH
from outspread.write.wording import AIM_WORDS, STRENGTH_WORDS

Row = dict[str, Any]
SHOWN_QUESTIONS: Final = 8
SHOWN_IDS: Final = 6
NOTICE: Final = (
    "Support for a professional who can review its basis. It lists what the pack holds and does "
    "not advise. No doses. Not a medical device."
)
REVIEWED: Final = "reviewed by {}"
NOT_REVIEWED: Final = "no clinician has reviewed this pack yet"


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
    reviewers = ", ".join(pack.reviewed_by)
    reviewed = REVIEWED.format(reviewers) if reviewers else NOT_REVIEWED
    lines = [f"Plan for patient {patient_id}", *_wrap(NOTICE)]
    lines += _wrap(f"Pack {pack.name}, version {pack.version}: {reviewed}.")
    mine = pl.col("patient_id") == patient_id
    frames = {
        "factor": tables["factor"].with_columns(words=fact_in_words(pack)),
        "option": with_texts(tables["option"], tables),
        "alert": with_texts(tables["alert"], tables),
        "question": tables["question"],
    }
    cited: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for disease in diseases.filter(mine).iter_rows(named=True):
        own = mine & (pl.col("disease_id") == disease["disease_id"])
        rows = {name: frame.filter(own).to_dicts() for name, frame in frames.items()}
        _cite(rows, numbers)
        lines += ["", *_title(disease["name"][:1].upper() + disease["name"][1:])]
        lines += _disease_lines(rows, pack, cited) if any(rows.values()) else [_NOT_PLANNED]
    return "\n".join([*lines, *_source_lines(cited, pack), *_evidence_lines(numbers)])


def _cite(rows: Mapping[str, list[Row]], numbers: dict[str, int]) -> None:
    """Put the numbers of the evidence behind each fact, wherever it stands."""
    cited = {row["words"]: _told(row, numbers) for row in rows["factor"]}
    for row in rows["factor"]:
        row["words"] = cited[row["words"]]
    for row in (*rows["option"], *rows["alert"]):
        for part in ("why", "against"):
            row[part] = [cited.get(words, words) for words in row.get(part, ())]


def _told(row: Row, numbers: dict[str, int]) -> str:
    """One fact of the record with the numbers of its evidence."""
    told = row["words"] or f"{row['factor']}: sources of one day disagree, so it is unknown"
    if row["stated"]:
        told += f"; stated was {row['stated']}, which {row['rule_id']} overrules"
    for one in row["evidence_ids"]:
        numbers.setdefault(one, len(numbers) + 1)
    places = " ".join(str(numbers[one]) for one in row["evidence_ids"][:SHOWN_IDS])
    return f"{told} [{places}]" if places else told


_NOT_PLANNED: Final = "No plan: the record says that the person has died."


def _disease_lines(rows: Mapping[str, list[Row]], pack: Pack, cited: dict[str, None]) -> list[str]:
    treatments = [row for row in rows["option"] if row["stance"] == "consider"]
    shown = [row for row in treatments if row["verdict"] == "applies" and row["aim"] != "urgent"]
    covered = any(row["is_verified"] and _is_own(row, pack) for row in shown)
    folded = [row for row in shown if covered and not row["is_verified"]]
    lines = [*_alert_lines(rows, pack), *_known_lines(rows["factor"]), *_held_lines(rows, pack)]
    for aim, title in AIM_WORDS.items():
        some = [row for row in shown if row["aim"] == aim and row not in folded]
        if some:
            lines += ["", title]
            lines += [line for row in some for line in _option_lines(row, pack, cited)]
    lines += _other_lines(rows["option"], pack, cited)
    if folded:
        ids = ", ".join(row["option_id"] for row in folded)
        lines += ["", *_wrap(f"Not verified, and folded away ({len(folded)}): {ids}")]
    return lines + _question_lines(rows)


def _alert_lines(rows: Mapping[str, list[Row]], pack: Pack) -> list[str]:
    lines = []
    for alert in rows["alert"]:
        lines += ["", *_wrap(f"!! {alert['text']}")]
        lines += _wrap(f"Because: {_join(alert['why'])}", indent=3)
        lines += _wrap(alert["what"] + ".", indent=3)
    waiting = [
        row for row in rows["option"] if row["verdict"] == "needs" and row["aim"] == "urgent"
    ]
    asked = dict.fromkeys(pack.factors[name].label for row in waiting for name in row["needs"])
    if asked:
        text = f"Emergencies not ruled out, as nothing is recorded of: {', '.join(asked)}."
        lines += ["", *_wrap(text)]
    return lines


def _known_lines(factors: Sequence[Row]) -> list[str]:
    """What the record settles, each with its evidence."""
    told = [line for row in factors for line in _wrap(f"- {row['words']}", indent=2)]
    return ["", "What the record settles, with its evidence", *told]


def _held_lines(rows: Mapping[str, list[Row]], pack: Pack) -> list[str]:
    """Say where the pack holds nothing, as the reader may take silence for absence."""
    origin = next((row["value"] for row in rows["factor"] if row["factor"] == "primary"), None)
    own = {option.name for option in pack.options if option.primary == origin}
    listed = [row for row in rows["option"] if row["option_id"] in own]
    if origin is None:
        text = "The origin, or the type that decides, is not settled: the list is for any cancer."
    elif not own:
        text = (
            "The pack holds nothing of its own for this cancer: the list below is for any cancer."
        )
    elif not listed:
        text = "The pack holds nothing of its own for this situation of this cancer."
    elif not any(row["verdict"] == "applies" for row in listed):
        waiting = len(listed)
        text = (
            f"Of this cancer's own options none applies yet; {waiting} wait for facts, see below."
        )
    else:
        return []
    return ["", *_wrap(text)]


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


def _other_lines(options: Sequence[Row], pack: Pack, cited: dict[str, None]) -> list[str]:
    """What is advised against, and what is said as a caution."""
    against = [row for row in options if row["verdict"] == "advised_against"]
    cautions = [row for row in options if row["stance"] != "consider" and row not in against]
    groups = {
        "Advised against; a person decides": against,
        "Not routine, and notes": [row for row in cautions if row["verdict"] == "applies"],
    }
    lines = []
    for title, rows in groups.items():
        if rows:
            lines += ["", title]
            lines += [line for row in rows for line in _option_lines(row, pack, cited)]
    return lines


def _question_lines(rows: Mapping[str, list[Row]]) -> list[str]:
    questions = rows["question"]
    shown = questions[:SHOWN_QUESTIONS]
    if not shown:
        return []
    lines = ["", "Questions whose answer would change most"]
    for row in shown:
        answers = f": {', '.join(_short(row['answers']))}?" if row["answers"] else "?"
        lines += _wrap(f"{row['rank']}. {row['question']}{answers}", indent=2)
        for label, ids in (("opens or rules out", row["opens"]), ("could close", row["closes"])):
            if ids:
                lines += _wrap(f"{label} {len(ids)}: {', '.join(_short(ids))}", indent=6)
    more = len(questions) - len(shown)
    return lines + ([f"  ... and {more} more"] if more else [])


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


def _is_own(row: Row, pack: Pack) -> bool:
    """Whether an option is of one cancer, and a treatment rather than a test or support."""
    option = next(one for one in pack.options if one.name == row["option_id"])
    return option.primary != "any" and row["aim"] not in {"workup", "surveillance"}


def _short(words: Sequence[str]) -> list[str]:
    more = len(words) - SHOWN_IDS
    return [*words[:SHOWN_IDS], f"{more} more"] if more > 0 else list(words)


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
