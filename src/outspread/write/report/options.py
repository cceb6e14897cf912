"""The plan on the page: alerts, options by aim as cards, questions, sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from outspread.plan.pack.model import Pack, Source
from outspread.write.phrases import Citations
from outspread.write.plan import SHOWN_NEAR
from outspread.write.planned import (
    NO_PLAN,
    UNSETTLED,
    Planned,
    Row,
    arrange,
    few,
    reviewed_words,
    stated_words,
    turning_words,
)
from outspread.write.report.case import Case
from outspread.write.report.dates import Clock
from outspread.write.report.heading import capitalized
from outspread.write.report.views import Fact, Piece
from outspread.write.wording import AIM_WORDS, STRENGTH_WORDS

FIRST_QUESTIONS: Final = 5
SHORT_QUESTIONS: Final = 3
ANY_CANCER: Final = "any"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of the pack, with the facts of the record that it rests on.

    `is_own`: it is for this cancer, not for any.
    """

    option_id: str
    what: str
    examples: tuple[str, ...]
    because: tuple[Fact, ...]
    against: tuple[Fact, ...]
    cautions: tuple[str, ...]
    before: tuple[str, ...]
    notes: tuple[str, ...]
    basis: str
    sources: tuple[str, ...]
    is_verified: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that must be seen now, why, and what it asks for."""

    text: str
    what: str
    because: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that is not recorded, its possible answers, and how many options wait for it.

    `lacks` names what is not recorded of that from which the answer would follow.
    """

    question: str
    answers: tuple[str, ...]
    lacks: tuple[str, ...]
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Near:
    """A treatment of this cancer that waits for one fact only."""

    option_id: str
    what: str
    turns_on: str


@dataclass(frozen=True, slots=True)
class Group:
    """Options with one aim, or that are held against."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the pack lists for one disease; `none` says why there is nothing.

    `waiting` counts further options of this cancer that wait for facts, beside `near`.
    """

    none: str = ""
    alerts: tuple[Alert, ...] = ()
    unrecorded: tuple[str, ...] = ()
    known: tuple[Fact, ...] = ()
    held: str = ""
    groups: tuple[Group, ...] = ()
    others: tuple[Group, ...] = ()
    folded: tuple[Option, ...] = ()
    near: tuple[Near, ...] = ()
    waiting: int = 0
    questions: tuple[Question, ...] = ()
    more_questions: tuple[Question, ...] = ()

    @property
    def in_short(self) -> tuple[str, ...]:
        """What comes next, for the head of the page: what applies, what waits, what to ask."""
        if self.none:
            return (self.none,)
        shown = [*self.folded, *(option for group in self.groups for option in group.options)]
        own = sum(option.is_own for option in shown)
        parts = [_apply(own, "for this cancer") + ("" if own else " yet")]
        if waiting := self.waiting + len(self.near):
            parts.append(f"{waiting} wait for facts")
        if others := len(shown) - own:
            parts.append(_apply(others, "for any cancer"))
        asked = "; ".join(one.question for one in self.questions[:SHORT_QUESTIONS])
        return "; ".join(parts), f"Asked first: {asked}." if asked else ""


def _apply(count: int, what: str) -> str:
    return (
        f"{count} options {what} apply" if count > 1 else f"{count or 'No'} option {what} applies"
    )


@dataclass(frozen=True, slots=True)
class PackNote:
    """What the plan was made from, and who has reviewed it."""

    name: str
    version: str
    reviewed: str


def plan_of(case: Case, disease_id: int, cited: Citations, *, clock: Clock) -> Plan:
    """Tell the plan of one disease."""
    rows = case.plans.get(disease_id)
    if rows is None:
        return Plan(none=NO_PLAN)
    plan = arrange(rows, case.pack)
    known = [(row["words"], _fact(row, case.pack, cited, clock)) for row in plan.factors]
    facts = {words: fact for words, fact in known if words}  # disagreeing ones have no words
    questions = [_question(row) for row in plan.questions]
    return Plan(
        alerts=tuple(_alert(row, facts) for row in plan.alerts),
        unrecorded=tuple(plan.unrecorded),
        known=tuple(fact for _, fact in known),
        held=plan.held,
        groups=tuple(
            Group(AIM_WORDS[aim], _options(rows, facts)) for aim, rows in plan.by_aim.items()
        ),
        others=_others(plan, facts),
        folded=_options(plan.folded, facts),
        near=tuple(
            Near(row["option_id"], row["what"], turning_words(row, case.pack))
            for row in plan.near[:SHOWN_NEAR]
        ),
        waiting=plan.waiting - min(len(plan.near), SHOWN_NEAR),
        questions=tuple(questions[:FIRST_QUESTIONS]),
        more_questions=tuple(questions[FIRST_QUESTIONS:]),
    )


def pack_note(pack: Pack) -> PackNote:
    """Tell which pack it is, and who has reviewed it."""
    return PackNote(pack.name, pack.version, reviewed_words(pack))


def sources_used(plans: tuple[Plan, ...], pack: Pack) -> tuple[Source, ...]:
    """Give the sources that the options on the page name, in the order of their ids."""
    shown = [
        option
        for plan in plans
        for group in (*plan.groups, *plan.others, Group("", plan.folded))
        for option in group.options
    ]
    names = sorted({name for option in shown for name in option.sources})
    return tuple(pack.sources[name] for name in names)


def _fact(row: Row, pack: Pack, cited: Citations, clock: Clock) -> Fact:
    """One fact of the record; its words on the plan hold the calendar date, ours stand apart."""
    label = pack.factors[row["factor"]].label
    said: list[Piece] = [f"{label}: {UNSETTLED}"]
    if row["words"]:
        said = [row["plain_words"]]
        if row["date"]:
            said.append(clock.when(row["date"], row["date_precision"]))
    return Fact(
        label=row["factor"],
        said=tuple(said),
        more=((stated_words(row, pack),),) if row["stated"] else (),
        cites=tuple(cited.numbers(row["evidence_ids"])),
    )


def _known(words: list[str], facts: Mapping[str, Fact]) -> tuple[Fact, ...]:
    return tuple(facts[one] for one in words if one in facts)


def _alert(row: Row, facts: Mapping[str, Fact]) -> Alert:
    return Alert(row["text"], capitalized(row["what"]) + ".", _known(row["why"], facts))


def _options(rows: list[Row], facts: Mapping[str, Fact]) -> tuple[Option, ...]:
    return tuple(
        Option(
            option_id=row["option_id"],
            what=row["what"],
            examples=tuple(row["examples"]),
            because=_known(row["why"], facts),
            against=_known(row["against"], facts),
            cautions=tuple(row["cautions"]),
            before=tuple(row["workup"]),
            notes=tuple(row["says"]),
            basis=STRENGTH_WORDS[row["strength"]] + (f", {row['year']}" if row["year"] else ""),
            sources=tuple(row["sources"]),
            is_verified=row["is_verified"],
            is_own=row["primary"] != ANY_CANCER,
        )
        for row in rows
    )


def _others(plan: Planned, facts: Mapping[str, Fact]) -> tuple[Group, ...]:
    groups = {
        "Advised against; a person decides": plan.against,
        "Not routine, and notes": plan.cautions,
    }
    return tuple(Group(title, _options(rows, facts)) for title, rows in groups.items() if rows)


def _question(row: Row) -> Question:
    return Question(
        capitalized(row["question"]),
        tuple(few(row["answers"])),
        tuple(row["lacks"]),
        len(row["opens"]),
        len(row["closes"]),
    )
