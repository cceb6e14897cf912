"""Which facts that treatment turns on records settle by themselves, and which they do not, and why.

    python benchmarks/plan_factors.py RECORDS... [--as-of 2026-01-01]

For each file or folder of records: how many cancers, how many facts for each, for how many origin
and extent are settled. Then, over all of them, the facts that plans ask for first, with the reason
why the record does not settle them.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

import outspread
from outspread.plan.facts.course import SYSTEMIC
from outspread.plan.facts.listing import rules_by_factor
from outspread.plan.facts.row import KEY, read_data
from outspread.plan.facts.said import given_treatments
from outspread.plan.pack.load import own_pack

FIRST_QUESTIONS = 8
BY_COURSE = {"plan.line", "plan.castration", "plan.interval"}
HEADS = ("records", "cancers", "of living people", "facts for each", "origin", "extent")
REASONS = {
    "judgment": "only a statement by its own name could tell it",
    "aside": "a result is there, but old, hedged, without its unit, or of two cancers",
    "disagree": "results of one day disagree",
    "doubt": "systemic treatments are there, but leave doubt",
    "other": "treatments are there, but not this one, which does not show that it was not given",
    "absent": "not recorded, or left open by the story",
}
Tables = Mapping[str, pl.DataFrame]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 1, 1))
    asked = parser.parse_args()
    missed: Counter[tuple[str, str]] = Counter()
    print(f"| {' | '.join(HEADS)} |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for path in asked.records:
        story = outspread.diagnose(outspread.read(path), as_of=asked.as_of)
        plan = outspread.plan(story)
        print(summary(path, story.tables(), plan))
        missed.update(reasons(story.tables(), plan, as_of=asked.as_of))
    print(f"\n| asked for among the first {FIRST_QUESTIONS} | cancers | why it is not settled |")
    print("| --- | ---: | --- |")
    totals: Counter[str] = Counter()
    for (factor, _), count in missed.items():
        totals[factor] += count
    for factor, count in totals.most_common():
        why = "; ".join(
            f"{n} {REASONS[r]}" for (name, r), n in missed.most_common() if name == factor
        )
        print(f"| {factor} | {count} | {why} |")


def summary(path: Path, story: Tables, plan: Tables) -> str:
    factors = plan["factor"]
    # Rules that only repeat another fact would make the number look larger than the record is.
    own = factors.filter(~pl.col("rule_id").str.starts_with("pack.")).drop_nulls("rule_id")
    cancers = plan["option"].select(KEY).n_unique()
    settled = Counter(own.filter(pl.col("value").is_not_null())["factor"].to_list())
    each = own.height / cancers if cancers else 0.0
    numbers = [
        story["disease"].height,
        cancers,
        f"{each:.1f}",
        settled["primary"],
        settled["extent"],
    ]
    return f"| {path.name} | {' | '.join(map(str, numbers))} |"


def reasons(story: Tables, plan: Tables, *, as_of: date) -> Iterable[tuple[str, str]]:
    """The factors asked for first in each plan, each with the reason why it is open."""
    by_factor = rules_by_factor(own_pack())
    said = set(story["measurement"].select("patient_id", "name").iter_rows())
    given = given_treatments(story["treatment"], as_of=as_of)
    treated = set(given["patient_id"].to_list())
    lined = set(given.filter(pl.col("modality").is_in(SYSTEMIC))["patient_id"].to_list())
    known = read_data("measured").select("factor", "measurement").unique().rows()
    names: dict[str, set[str]] = {}
    for factor, measurement in known:
        names.setdefault(factor, {factor}).add(measurement)
    open_ = plan["factor"].filter(pl.col("rule_id") == "plan.disagree")
    disagreed = set(open_.select(*KEY, "factor").iter_rows())
    first = plan["question"].filter(pl.col("rank") <= FIRST_QUESTIONS)
    for patient, disease, factor in first.select(*KEY, "factor").iter_rows():
        if (patient, disease, factor) in disagreed:
            yield factor, "disagree"
        elif any((patient, name) in said for name in names.get(factor, {factor})):
            yield factor, "aside"
        elif set(by_factor[factor]) & BY_COURSE and patient in lined:
            yield factor, "doubt"
        elif "plan.treated" in by_factor[factor] and patient in treated:
            yield factor, "other"
        elif by_factor[factor] == ["plan.stated"]:
            yield factor, "judgment"
        else:
            yield factor, "absent"


if __name__ == "__main__":
    main()
