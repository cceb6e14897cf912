"""The tables of a plan: what is known, what can be done, what must be seen now, what is missing.

They follow from records, story and a pack, and are made anew whenever the pack changes; so they
are not stored beside the story. The data dictionary in `docs/reference/tables.md` holds them.
"""

from collections.abc import Callable
from functools import cache
from typing import Final

import dataframely as dy
import polars as pl

from outspread.casting import casting
from outspread.tables import DATE_PRECISION

AIM: Final = (
    "urgent",
    "workup",
    "curative",
    "cure_attempt",
    "control",
    "palliation",
    "surveillance",
)  # in the order in which a plan shows them
VERDICT: Final = ("applies", "needs", "advised_against")
STANCE: Final = ("consider", "do_not", "note")
STRENGTH: Final = (
    "strong",
    "conditional",
    "label",
    "trial-based",
    "guideline-summary",
    "unverified",
)


class Planned(dy.Schema):
    """Columns that tell whose plan a row belongs to."""

    patient_id = dy.String(primary_key=True, description="Owner of the record.")
    disease_id = dy.Int32(primary_key=True, min=0, description="Disease it is about.")


class Factor(Planned):
    """One row per fact that treatment turns on, as far as the record settles it."""

    factor = dy.String(primary_key=True, description="Id of the pack's factors.")
    value = dy.String(nullable=True, description="Word of the factor; empty: sources disagree.")
    value_number = dy.Float64(nullable=True, description="Where it is a number.")
    unit = dy.String(nullable=True, description="Unit of the number.")
    stated = dy.String(nullable=True, description="What was stated, where what follows beats it.")
    date = dy.Date(nullable=True, description="Day for which it holds.")
    date_precision = dy.Enum(
        DATE_PRECISION, nullable=True, description="How much of it the evidence states."
    )
    rule_id = dy.String(description="How it was derived; plan/data/rules.csv, or of the pack.")
    follows_from = dy.List(
        dy.String(), description="Factors of which an implication of the pack made it; else empty."
    )
    evidence_ids = dy.List(
        dy.String(), description="Its evidence; empty for age and sex, told by `patient`."
    )


class Option(Planned):
    """One row per option of the pack that nothing in the record rules out.

    What the pack says of the option, whoever the patient is, stands in `pack_option`.
    """

    option_id = dy.String(primary_key=True, description="Id of the pack's options.")
    verdict = dy.Enum(
        VERDICT, description="advised_against: would apply, but a person must decide."
    )
    why = dy.List(dy.String(), description="Facts of the record that it rests on.")
    needs = dy.List(dy.String(), description="Factors that are not recorded and would decide.")
    against = dy.List(dy.String(), description="Facts of the record that speak against it.")
    evidence_ids = dy.List(dy.String(), description="Evidence of `why` and `against`.")


class PackOption(dy.Schema):
    """One row per option of the pack: what it is, whoever the patient is."""

    option_id = dy.String(primary_key=True, description="Id of the pack's options.")
    primary = dy.String(description="Origin it is for, or any; id of the pack.")
    aim = dy.Enum(AIM, description="What it is for.")
    stance = dy.Enum(STANCE, description="do_not: not routine, never a treatment to offer.")
    modality = dy.List(dy.String(), description="Kinds of treatment.")
    what = dy.String(description="What it is, in words.")
    examples = dy.List(dy.String(), description="Drugs or combinations; no doses.")
    cautions = dy.List(dy.String(), description="What to look out for.")
    workup = dy.List(dy.String(), description="Tests and reviews that go before.")
    says = dy.List(dy.String(), description="Sentences that go with it.")
    strength = dy.Enum(STRENGTH, description="Of the recommendation or label.")
    sources = dy.List(dy.String(), description="Ids of the pack's sources.")
    year = dy.Int32(nullable=True, description="Year of the newest source.")
    is_verified = dy.Bool(description="A source that was opened states what and when.")
    alert = dy.String(nullable=True, description="Id of the alert that it raises.")
    alert_text = dy.String(nullable=True, description="What the alert says.")


class Alert(Planned):
    """One row per thing that a clinician must see now."""

    alert_id = dy.String(primary_key=True, description="Id of the pack's alerts.")
    option_id = dy.String(description="Option of the pack that raises it.")
    text = dy.String(description="What it is.")
    why = dy.List(dy.String(), description="Facts of the record that raise it.")
    evidence_ids = dy.List(dy.String(), description="Evidence of these facts.")


class Question(Planned):
    """One row per fact that is not recorded and would change the plan, most telling first."""

    rank = dy.Int32(primary_key=True, min=1, description="1 settles most.")
    factor = dy.String(description="Id of the pack's factors.")
    question = dy.String(description="The factor in words.")
    answers = dy.List(dy.String(), description="Words it can have; empty for numbers.")
    opens = dy.List(dy.String(), description="Options that wait for it.")
    closes = dy.List(
        dy.String(), description="Options that apply, but that it could advise against."
    )


PLAN_TABLES: Final[dict[str, type[dy.Schema]]] = {
    "factor": Factor,
    "option": Option,
    "alert": Alert,
    "question": Question,
    "pack_option": PackOption,
}


def conform(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Bring a frame to the columns of a table of the plan; missing columns become empty."""
    return _conforming(table)(frame)


@cache
def _conforming(table: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return casting({name: column.dtype for name, column in PLAN_TABLES[table].columns().items()})
