"""Puts all facts of a record together, and adds what follows from them by the pack."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from outspread.casting import casting
from outspread.plan.facts.castration import castration_facts
from outspread.plan.facts.count import count_facts
from outspread.plan.facts.disease import disease_facts
from outspread.plan.facts.line import line_facts
from outspread.plan.facts.measured import measured_facts, person_facts
from outspread.plan.facts.place import place_facts
from outspread.plan.facts.removed import removed_facts
from outspread.plan.facts.row import FACT, KEY, join_ids
from outspread.plan.facts.stated import stated_facts
from outspread.plan.facts.treated import interval_facts, treatment_facts
from outspread.plan.facts.volume import volume_facts
from outspread.plan.imply import apply_implications, fired, stated
from outspread.plan.logic import PACKS_KEPT, factor_schema, holds
from outspread.plan.pack.model import Implication, Pack

_ROW: Final = [*KEY, "factor"]
_LONG_AGO: Final = date(1, 1, 1)


def settle_factors(
    tables: Mapping[str, pl.DataFrame], pack: Pack, *, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Settle what a record tells of the factors of a pack.

    Parameters
    ----------
    tables
        Tables of records and story: patient, finding, treatment, measurement, disease, lesion.
    as_of
        Date for which the plan holds.

    Returns
    -------
    Rows of the table `factor`, and the same facts as one row for each disease with one column for
    each factor, as `judge` takes them.
    """
    diseases = tables["disease"]
    facts = _all_facts(tables, pack, as_of=as_of)
    owned = facts.join(diseases.select(*KEY), on=list(KEY), how="semi")
    settled = _latest(_stated_first(_oligomet_is_met(_of_pack(owned, pack))))
    table = apply_implications(_wide(settled, diseases, pack), pack)
    factors = settled.with_columns(
        stated=pl.lit(None, pl.String), follows_from=pl.lit([], pl.List(pl.String))
    )
    rules = [rule for layer in pack.implications for rule in layer]
    for rule in rules:
        if table[fired(rule.name)].any():
            factors = _with_implied(factors, table, rule)
    return _with_precision(factors, tables).sort(_ROW), table


def _all_facts(tables: Mapping[str, pl.DataFrame], pack: Pack, *, as_of: date) -> pl.DataFrame:
    """What each part of the record says, side by side."""
    diseases, treatments, findings = tables["disease"], tables["treatment"], tables["finding"]
    measurements, lesions = tables["measurement"], tables["lesion"]
    own = disease_facts(diseases, as_of=as_of)
    origins = own.filter(pl.col("factor") == "primary")
    return pl.concat(
        [
            own,
            place_facts(lesions, findings, diseases),
            count_facts(lesions, diseases),
            removed_facts(lesions, diseases),
            measured_facts(measurements, diseases, origins, as_of=as_of),
            stated_facts(measurements, diseases, pack, as_of=as_of),
            treatment_facts(treatments, diseases, as_of=as_of),
            interval_facts(treatments, findings, diseases, as_of=as_of),
            line_facts(treatments, findings, diseases, as_of=as_of),
            castration_facts(tables, diseases, as_of=as_of),
            volume_facts(lesions, findings, diseases),
            person_facts(tables["patient"], diseases, as_of=as_of),
        ]
    )


@lru_cache(maxsize=PACKS_KEPT)
def _ranges(pack: Pack) -> pl.DataFrame:
    """Words and range of each factor of a pack."""
    return pl.DataFrame(
        [
            {"factor": f.name, "words": list(f.values), "low": f.low, "high": f.high}
            for f in pack.factors.values()
        ],
        schema={"factor": pl.String, "words": pl.List(pl.String), "low": pl.Float64,
                "high": pl.Float64},
    )  # fmt: skip


@lru_cache(maxsize=PACKS_KEPT)
def _factor_schema(pack: Pack) -> dict[str, pl.DataType]:
    return factor_schema(pack.factors)


def _of_pack(facts: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Keep facts that the pack knows: its words, and numbers within its ranges."""
    is_number = pl.col("words").list.len() == 0
    in_range = pl.col("value_number").is_between("low", "high")
    is_word = pl.col("words").list.contains(pl.col("value"))
    fits = pl.when(is_number).then(in_range).otherwise(is_word).fill_null(value=False)
    return facts.join(_ranges(pack), on="factor").filter(fits).select(*FACT)


def _oligomet_is_met(facts: pl.DataFrame) -> pl.DataFrame:
    """Let few countable metastases decide the extent, where the disease is distant at all."""
    is_extent = pl.col("factor") == "extent"
    is_few = is_extent & (pl.col("rule_id") == "plan.oligomet")
    is_met = is_extent & (pl.col("value") == "met")
    both = is_few.any().over(*KEY) & is_met.any().over(*KEY)
    return facts.filter(~(is_extent & pl.when(both).then(is_few.not_()).otherwise(is_few)))


def _stated_first(facts: pl.DataFrame) -> pl.DataFrame:
    """Leave out what stands for a stated fact where that is stated itself, on that day or later."""
    stands_in = pl.col("rule_id") == "plan.karnofsky"
    day = pl.col("date").fill_null(_LONG_AGO)
    last_stated = day.filter(~stands_in).max().over(_ROW)
    return facts.filter(~(stands_in & (last_stated >= day).fill_null(value=False)))


def _latest(facts: pl.DataFrame) -> pl.DataFrame:
    """Keep the last day of each factor; what differs on that day is unknown."""
    day = pl.col("date").fill_null(_LONG_AGO)
    last = facts.filter(day == day.max().over(_ROW))
    differs = (pl.col("value").n_unique() > 1) | (pl.col("value_number").n_unique() > 1)
    one = (pl.first(name) for name in ("value", "value_number", "unit", "date", "rule_id"))
    ids = pl.col("evidence_ids").list.explode(keep_nulls=False, empty_as_null=False).unique().sort()
    merged = last.sort(*_ROW, "rule_id").group_by(_ROW).agg(*one, ids, differs.alias("differs"))
    return merged.with_columns(
        pl.when(~pl.col("differs")).then("value"),
        pl.when(~pl.col("differs")).then("value_number"),
        pl.when("differs").then(pl.lit("plan.disagree")).otherwise("rule_id").alias("rule_id"),
    ).select(*FACT)


def _with_precision(factors: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Add how much of the date its evidence states; the least that any of that date does."""
    dated = pl.concat(
        tables[name].select("patient_id", "date", "date_precision", evidence_ids="evidence_id")
        for name in ("finding", "treatment", "measurement")
    )
    cited = factors.select(*_ROW, "date", "evidence_ids").drop_nulls("date").explode("evidence_ids")
    stated = cited.join(dated, on=["patient_id", "evidence_ids", "date"])
    least = stated.group_by(_ROW).agg(
        pl.col("date_precision").sort_by(pl.col("date_precision").to_physical()).last()
    )
    return factors.join(least, on=_ROW, how="left")


def _wide(facts: pl.DataFrame, diseases: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """One row for each disease, one column for each factor."""
    keys = diseases.select(*KEY)
    words = facts.drop_nulls("value").pivot("factor", index=list(KEY), values="value")
    numbers = facts.drop_nulls("value_number").pivot(
        "factor", index=list(KEY), values="value_number"
    )
    table = keys.join(words, on=list(KEY), how="left").join(numbers, on=list(KEY), how="left")
    keyed = {name: table.schema[name] for name in KEY}
    return casting(keyed | _factor_schema(pack))(table)


def _with_implied(factors: pl.DataFrame, table: pl.DataFrame, rule: Implication) -> pl.DataFrame:
    """Add what one implication gave, with grounds and evidence; it replaces what it beat."""
    parts = [part.factor for part in rule.then]
    used = table.select(*KEY, *parts, *map(stated, parts), fired(rule.name)).filter(
        fired(rule.name)
    )
    evidence = (
        _grounds(table, rule)
        .join(factors, on=_ROW)
        .group_by(*KEY)
        .agg(join_ids("evidence_ids"), pl.col("date").max(), follows_from=pl.col("factor").sort())
    )
    for part in rule.then:
        is_word = isinstance(used.schema[part.factor], pl.Enum)
        plain = pl.col(part.factor).cast(pl.String)
        implied = used.select(
            *KEY,
            factor=pl.lit(part.factor),
            value=plain if is_word else pl.lit(None, pl.String),
            value_number=pl.lit(None, pl.Float64) if is_word else pl.col(part.factor),
            unit=pl.lit(None, pl.String),
            rule_id=pl.lit(f"pack.{rule.name}"),
            stated=pl.when(pl.col(stated(part.factor)) != pl.col(part.factor)).then(
                pl.col(stated(part.factor)).cast(pl.String)
            ),
        ).join(evidence, on=list(KEY), how="left")
        rest = factors.join(implied, on=_ROW, how="anti")
        factors = pl.concat([rest, implied.select(rest.columns)])
    return factors


def _grounds(table: pl.DataFrame, rule: Implication) -> pl.DataFrame:
    """Say on which facts an implication rests: those that meet a condition, or give the number."""
    met = {one.factor: holds(one) for one in (*rule.when, *rule.when_any)}
    met |= {part.source: pl.col(part.source).is_not_null() for part in rule.then if part.source}
    told = table.select(*KEY, **met)
    long = told.unpivot(index=list(KEY), variable_name="factor", value_name="is_met")
    return long.filter("is_met").select(_ROW)
