"""From a story to its plan: factors, options, alerts and questions as tables."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from outspread.plan.facts.row import KEY
from outspread.plan.facts.settle import settle_factors
from outspread.plan.grounds import grounds
from outspread.plan.judge import answer, judge_answers, list_options
from outspread.plan.logic import PACKS_KEPT
from outspread.plan.pack.model import Pack
from outspread.plan.question import ask_questions
from outspread.plan.tables import conform

USED_TABLES: Final = ("patient", "finding", "treatment", "measurement", "disease", "lesion")
PATIENTS_AT_ONCE: Final = 2_000  # each takes a row for every condition of the pack on the way
PATIENT_TABLES: Final = ("factor", "option", "alert", "question")
_PARTS_OF_DATE: Final = {"year": 4, "month": 7}  # signs of 2018-03-01 that are known
ORIGIN: Final = "primary"  # what a plan is for; it goes without saying
_OPTION: Final = [*KEY, "option_id"]


def make_plan(
    tables: Mapping[str, pl.DataFrame], pack: Pack, *, as_of: date
) -> dict[str, pl.DataFrame]:
    """Make the tables of the plan.

    Parameters
    ----------
    tables
        Tables of records and story: patient, finding, treatment, measurement, disease, lesion. A
        person who has died by `as_of` has no plan.
    pack
        The knowledge pack.
    as_of
        Date for which it holds.

    Returns
    -------
    The tables `factor`, `option`, `alert` and `question`, sorted, and `pack_option`.
    """
    living = _of_living(tables["disease"], tables["patient"], as_of)
    owners = living.select("patient_id").unique().sort("patient_id")
    parts = [
        _plan_some(_mine(dict(tables) | {"disease": living}, some), pack, as_of=as_of)
        for some in owners.iter_slices(PATIENTS_AT_ONCE)
    ]
    empty = [{name: conform(pl.DataFrame(), name) for name in PATIENT_TABLES}]
    made = {name: pl.concat(part[name] for part in parts or empty) for name in PATIENT_TABLES}
    return made | {"pack_option": option_texts(pack)}


def _mine(tables: Mapping[str, pl.DataFrame], owners: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {
        name: frame.join(owners, on="patient_id", how="semi")
        for name, frame in tables.items()
        if name in USED_TABLES
    }


def _plan_some(
    tables: Mapping[str, pl.DataFrame], pack: Pack, *, as_of: date
) -> dict[str, pl.DataFrame]:
    factors, facts = settle_factors(tables, pack, as_of=as_of)
    answers = answer(facts, pack, KEY)
    listed = list_options(judge_answers(answers, pack, KEY), pack, KEY)
    rested = grounds(answers, listed, pack, KEY)
    options = _options(listed, rested, factors, pack)
    return {
        "factor": conform(factors, "factor"),
        "option": conform(options, "option"),
        "alert": conform(_alerts(options, pack), "alert"),
        "question": conform(ask_questions(rested, pack), "question"),
    }


def _of_living(diseases: pl.DataFrame, patients: pl.DataFrame, as_of: date) -> pl.DataFrame:
    is_dead = pl.col("is_dead") | (pl.col("death_date") <= as_of)
    dead = patients.filter(is_dead.fill_null(value=False))
    return diseases.join(dead, on="patient_id", how="anti")


def facts_in_words(factors: pl.DataFrame, pack: Pack, *, dated: bool = True) -> pl.DataFrame:
    """Add `words` to rows of `factor`: label, value, unit, what it follows from, day if `dated`.

    What follows from other facts names them, so that a class of results is never shown without the
    result: "driver gene: found (EGFR: L858R)".
    """
    told = factors.with_columns(_value_in_words(pack).alias("said"))
    ground = pl.col("follows_from").alias("ground")
    named = (
        told.select(*KEY, "factor", ground)
        .explode("ground", keep_nulls=False, empty_as_null=False)
        .filter(pl.col("ground") != ORIGIN)
        .join(told.select(*KEY, ground="factor", words="said"), on=[*KEY, "ground"])
        .sort(*KEY, "factor", "ground")
        .group_by(*KEY, "factor")
        .agg(grounds=pl.col("words").str.join("; "))
    )
    parts = pl.col("date_precision").cast(pl.String).replace_strict(_PARTS_OF_DATE, default=10)
    day = pl.col("date").cast(pl.String).str.head(parts) if dated else pl.lit(None, pl.String)
    ends = [pl.coalesce(pl.format(" ({})", part), pl.lit("")) for part in ("grounds", day)]
    full = told.join(named, on=[*KEY, "factor"], how="left", maintain_order="left")
    words = pl.concat_str("said", *ends)
    return full.with_columns(words=words).drop("said", "grounds")


def _value_in_words(pack: Pack) -> pl.Expr:
    """A row of `factor` as text: label, value, unit; empty where it has no value."""
    labels = {factor.name: factor.label for factor in pack.factors.values()}
    said = {
        f"{factor.name} {value}": factor.say(value)
        for factor in pack.factors.values()
        for value in factor.values
    }
    word = pl.concat_str("factor", "value", separator=" ").replace_strict(said, default=None)
    number = pl.col("value_number").round(2).cast(pl.String).str.strip_suffix(".0")
    value = pl.coalesce(word, number)
    unit = pl.coalesce(pl.format(" {}", "unit"), pl.lit(""))
    return pl.format("{}: {}{}", pl.col("factor").replace_strict(labels), value, unit)


def _options(
    listed: pl.DataFrame, rested: pl.DataFrame, factors: pl.DataFrame, pack: Pack
) -> pl.DataFrame:
    """Join what the record says of each listed option."""
    told = facts_in_words(factors, pack).select(*KEY, "factor", "words", "evidence_ids")
    full = rested.join(told, on=[*KEY, "factor"], how="left").sort(*_OPTION, "factor")
    is_met, is_against = pl.col("ground") == "met", pl.col("ground") == "against"
    ids = pl.col("evidence_ids").filter(is_met | is_against)
    record = full.group_by(_OPTION).agg(
        why=pl.col("words").filter(is_met),
        against=pl.col("words").filter(is_against),
        needs=pl.col("factor").filter(pl.col("ground") == "missing"),
        evidence_ids=ids.list.explode(keep_nulls=False, empty_as_null=False).unique().sort(),
    )
    empty = [
        pl.col(name).fill_null(pl.lit([], pl.List(pl.String)))
        for name in ("why", "against", "needs", "evidence_ids")
    ]
    plain = listed.with_columns(
        pl.col("option_id").cast(pl.String), order=pl.col("option_id").to_physical()
    )
    return plain.join(record, on=_OPTION, how="left").with_columns(empty).sort(*KEY, "order")


@lru_cache(maxsize=PACKS_KEPT)
def option_texts(pack: Pack) -> pl.DataFrame:
    """The table `pack_option`: what the pack says of each option, whoever the patient is."""
    columns = ("primary", "aim", "stance", "modality", "what", "examples", "cautions", "workup",
               "strength", "sources", "year", "alert", "alert_text")  # fmt: skip
    rows = [
        {name: _plain(getattr(option, name)) for name in columns}
        | {
            "option_id": option.name,
            "is_verified": option.verified,
            "says": [pack.says[name] for name in option.says],
        }
        for option in pack.options
    ]
    names = rows[0] if rows else {}
    lists = {name: pl.List(pl.String()) for name, value in names.items() if type(value) is list}
    texts = {"alert": pl.String(), "alert_text": pl.String(), "year": pl.Int32()}
    return conform(pl.DataFrame(rows, schema_overrides={**lists, **texts}), "pack_option")


def with_texts(rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Join what the pack says of an option to rows of `option` or `alert`, in their order."""
    return rows.join(tables["pack_option"], on="option_id", how="left", maintain_order="left")


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _alerts(options: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    raises = option_texts(pack).select("option_id", alert_id="alert", text="alert_text")
    raised = options.filter(pl.col("verdict") != "needs").join(
        raises.drop_nulls("alert_id"), on="option_id"
    )
    return raised.sort(*KEY, "order")
