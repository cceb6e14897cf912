"""How fast the options of the pack are judged, against a plain loop of the same rules.

    python benchmarks/plan_speed.py                     100,000 people, the loop over 2,000 of them
    python benchmarks/plan_speed.py --people 1000000    growth, without the loop: --loop 0

The people are invented: origin, extent and line are known, of the other factors so many that each
has 40 in the mean. The loop is that of the tests; its verdicts must be the same.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from outspread.plan.imply import apply_implications
from outspread.plan.judge import judge
from outspread.plan.logic import factor_schema
from outspread.plan.pack.load import own_pack
from outspread.plan.pack.model import Pack
from plan import plain_loop
from plan.invented import telling_numbers

FACTORS = 40
ALWAYS = ("primary", "extent", "line")
AT_ONCE = 100_000


def invent(pack: Pack, count: int, *, seed: int) -> pl.DataFrame:
    rng = random.Random(seed)  # noqa: S311 - invented people, not secrets
    share = (FACTORS - len(ALWAYS)) / (len(pack.factors) - len(ALWAYS))
    columns = {}
    for name, factor in pack.factors.items():
        values = list(factor.values) or telling_numbers(factor, pack)
        known = 1.0 if name in ALWAYS else share
        weights = [known / len(values)] * len(values) + [1 - known]
        columns[name] = rng.choices([*values, None], weights=weights, k=count)
    schema = factor_schema(pack.factors)
    return pl.DataFrame({n: pl.Series(c, dtype=schema[n]) for n, c in columns.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--loop", type=int, default=2_000)
    asked = parser.parse_args()
    pack = own_pack()
    engine = 0.0
    first: pl.DataFrame | None = None
    for start in range(0, asked.people, AT_ONCE):
        people = invent(pack, min(AT_ONCE, asked.people - start), seed=start)
        began = time.perf_counter()
        verdicts = judge(apply_implications(people, pack), pack, [])
        engine += time.perf_counter() - began
        if first is None:
            first, told = verdicts.head(asked.loop), people.head(asked.loop)
    print(f"{len(pack.options)} options, {asked.people:,} people with {FACTORS} factors each")
    print(f"engine: {engine:.2f} s, {asked.people / engine:,.0f} people a second")
    if first is None or not asked.loop:
        return
    known = [{k: v for k, v in row.items() if v is not None} for row in told.to_dicts()]
    began = time.perf_counter()
    plain = [plain_loop.judge(person, pack) for person in known]
    loop = time.perf_counter() - began
    assert first.to_dicts() == plain, "the loop must give the same verdicts"
    print(f"loop:   {len(known) / loop:,.0f} people a second, the same verdicts")
    print(f"ratio:  {(asked.people / engine) / (len(known) / loop):,.0f}")


if __name__ == "__main__":
    main()
