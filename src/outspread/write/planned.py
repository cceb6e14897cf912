"""The plan of one disease, arranged as people read it: what is shown, folded, held back, asked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import polars as pl

from outspread.plan.make import facts_in_words, with_texts
from outspread.plan.pack.model import Pack
from outspread.write.wording import AIM_WORDS

Row = dict[str, Any]
REVIEWED: Final = "reviewed by {}"
NOT_REVIEWED: Final = "no clinician has reviewed this pack yet"
NO_PLAN: Final = "No plan: the record says that the person has died."
SHOWN_IDS: Final = 6
_FROM_KARNOFSKY: Final = "plan.karnofsky"
_GROUPS: Final = ("disease", "burden", "receptor", "gene", "immune", "marker", "function",
                  "symptom", "prior", "derived", "goal", "identity")  # fmt: skip
_OWN: Final = ("factor", "option", "alert", "question")
UNSETTLED: Final = "sources of one day disagree, so it is unknown"


class Planned(NamedTuple):
    """Rows of the plan of one disease, in groups.

    `by_aim` holds what applies, `folded` what applies, is not verified and stands behind options
    that are; `unrecorded` names the emergencies of which nothing is recorded, `held` says where
    the pack holds nothing. `near` are treatments of this cancer that wait for one fact, `waiting`
    counts all that wait; `symptoms` are the questions that one visit tells together.
    """

    alerts: list[Row]
    unrecorded: list[str]
    factors: list[Row]
    held: str
    by_aim: dict[str, list[Row]]
    against: list[Row]
    cautions: list[Row]
    folded: list[Row]
    near: list[Row]
    waiting: int
    questions: list[Row]
    symptoms: list[str]


def plan_rows(
    tables: Mapping[str, pl.DataFrame], pack: Pack, *, patient_id: str
) -> dict[int, dict[str, list[Row]]]:
    """Give the rows of one patient's plan by disease and table, with the texts of the pack.

    Each row of `factor` has its `words`, and `plain_words` without the date.
    """
    mine = {name: tables[name].filter(pl.col("patient_id") == patient_id) for name in _OWN}
    plain = facts_in_words(mine["factor"], pack, dated=False).rename({"words": "plain_words"})
    frames = {
        "factor": facts_in_words(plain, pack),
        "option": with_texts(mine["option"], tables),
        "alert": with_texts(mine["alert"], tables),
        "question": mine["question"],
    }
    found: dict[int, dict[str, list[Row]]] = {}
    for name, frame in frames.items():
        for row in frame.iter_rows(named=True):
            disease = found.setdefault(row["disease_id"], {table: [] for table in frames})
            disease[name].append(row)
    return found


def arrange(rows: Mapping[str, list[Row]], pack: Pack) -> Planned:
    """Arrange the rows of the plan of one disease."""
    treatments = [row for row in rows["option"] if row["stance"] == "consider"]
    shown = [row for row in treatments if row["verdict"] == "applies" and row["aim"] != "urgent"]
    covered = any(row["is_verified"] and _is_own(row) for row in shown)
    folded = [row for row in shown if covered and not row["is_verified"]]
    by_aim = {
        aim: [row for row in shown if row["aim"] == aim and row not in folded] for aim in AIM_WORDS
    }
    against = [row for row in rows["option"] if row["verdict"] == "advised_against"]
    others = [row for row in rows["option"] if row["stance"] != "consider" and row not in against]
    own = [row for row in treatments if row["verdict"] == "needs" and row["primary"] != "any"]
    unrecorded = _unrecorded(rows["option"], pack)
    asked = (row["question"] for row in rows["question"] if is_symptom(row, pack))
    return Planned(
        alerts=rows["alert"],
        unrecorded=unrecorded,
        factors=_by_group(rows["factor"], pack),
        held=_held(rows, pack),
        by_aim={aim: some for aim, some in by_aim.items() if some},
        against=against,
        cautions=[row for row in others if row["verdict"] == "applies"],
        folded=folded,
        near=[row for row in own if len(row["needs"]) == 1 and row["is_verified"]],
        waiting=len(own),
        questions=[row | {"lacks": _lacking(row, rows, pack)} for row in rows["question"]],
        symptoms=[symptom for symptom in asked if symptom not in unrecorded],
    )


def _lacking(question: Row, rows: Mapping[str, list[Row]], pack: Pack) -> list[str]:
    """Name what is not recorded of that from which the answer would follow, such as the genes."""
    known = {row["factor"] for row in rows["factor"]}
    asked = dict.fromkeys(
        condition.factor
        for layer in pack.implications
        for rule in layer
        if question["factor"] in {part.factor for part in rule.then}
        for condition in (*rule.when, *rule.when_any)
    )
    return [pack.factors[name].label for name in asked if name not in known]


def turning_words(option: Row, pack: Pack) -> str:
    """Say on what an option turns that waits for one fact: the fact, and the answer it asks for."""
    (need,) = option["needs"]
    conditions = next(one.conditions for one in pack.options if one.name == option["option_id"])
    asked = (one.says for one in conditions if one.factor == need)
    return next(asked, pack.factors[need].label)


def stated_words(row: Row, pack: Pack) -> str:
    """Say what was stated of a factor, and that an implication of the pack overrules it."""
    stated = pack.factors[row["factor"]].say(row["stated"])
    return f"stated was {stated}, which {row['rule_id']} overrules"


def is_symptom(row: Row, pack: Pack) -> bool:
    """Whether a question asks for a symptom."""
    return pack.factors[row["factor"]].group == "symptom"


def _by_group(factors: list[Row], pack: Pack) -> list[Row]:
    """Alike facts together; a Karnofsky score stands beside the ECOG grade that it stands for."""
    graded = any(row["rule_id"] == _FROM_KARNOFSKY for row in factors)
    score = next(
        (row["value_number"] for row in factors if graded and row["factor"] == "kps"), None
    )
    shown = [row for row in factors if score is None or row["factor"] != "kps"]

    def place(row: Row) -> tuple[int, str]:
        group = pack.factors[row["factor"]].group
        return _GROUPS.index(group) if group in _GROUPS else len(_GROUPS), row["factor"]

    return [
        row | {"note": f"from Karnofsky {score:g}"}
        if row["rule_id"] == _FROM_KARNOFSKY and score is not None
        else row
        for row in sorted(shown, key=place)
    ]


def few(words: Sequence[str], *, most: int = SHOWN_IDS) -> list[str]:
    """Give the first words of a list, and how many more there are.

    Examples
    --------
    >>> few(["1", "2", "3", "4"], most=2)
    ['1', '2', '2 more']
    """
    more = len(words) - most
    return [*words[:most], f"{more} more"] if more > 0 else list(words)


def reviewed_words(pack: Pack) -> str:
    """Say who has reviewed a pack."""
    reviewers = ", ".join(pack.reviewed_by)
    return REVIEWED.format(reviewers) if reviewers else NOT_REVIEWED


def _unrecorded(options: list[Row], pack: Pack) -> list[str]:
    waiting = [row for row in options if row["verdict"] == "needs" and row["aim"] == "urgent"]
    return list(dict.fromkeys(pack.factors[name].label for row in waiting for name in row["needs"]))


def _held(rows: Mapping[str, list[Row]], pack: Pack) -> str:
    """Say where the pack holds nothing, as the reader may take silence for absence."""
    origin = next((row["value"] for row in rows["factor"] if row["factor"] == "primary"), None)
    own = {option.name for option in pack.options if option.primary == origin}
    listed = [row for row in rows["option"] if row["option_id"] in own]
    if origin is None:
        return "The origin, or the type that decides, is not settled: the list is for any cancer."
    if not own:
        return (
            "The pack holds nothing of its own for this cancer: the list below is for any cancer."
        )
    if not listed:
        return "The pack holds nothing of its own for this situation of this cancer."
    if not any(row["verdict"] == "applies" for row in listed):
        return (
            f"Of this cancer's own options none applies yet; {len(listed)} wait for facts, "
            "see below."
        )
    return ""


def _is_own(row: Row) -> bool:
    """Whether an option is of one cancer, and a treatment rather than a test or support."""
    return row["primary"] != "any" and row["aim"] not in {"workup", "surveillance"}
