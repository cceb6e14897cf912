"""Facts of invented people: any value that a factor has, contradicting ones too."""

import random
from collections.abc import Mapping

from hypothesis import strategies as st

from outspread.plan.pack.model import Factor, Pack

Facts = dict[str, str | float]


def any_people(pack: Pack) -> st.SearchStrategy[list[Facts]]:
    """Some people, of each of whom as many facts are known as it happens to be.

    They are drawn by a seed: to draw 200 factors one by one takes longer than to judge them.
    """
    return st.builds(
        lambda count, share, seed: _forget(
            random_people(pack, count, factors=len(pack.factors), seed=seed), share, seed
        ),
        st.integers(1, 30),
        st.sampled_from([0.02, 0.1, 0.3, 0.6, 1.0]),
        st.integers(0, 10**6),
    )


def _forget(people: list[Facts], share: float, seed: int) -> list[Facts]:
    """Keep a share of what is known, of the origin too."""
    rng = random.Random(seed)  # noqa: S311 - invented people, not secrets
    return [{k: v for k, v in one.items() if rng.random() < share} for one in people]


def telling_numbers(factor: Factor, pack: Pack) -> list[float]:
    """The bounds that options ask for, and what lies just beside them, within the range."""
    asked = {
        limit
        for option in pack.options
        for group in (option.conditions, *option.exclude, *option.avoid_if)
        for condition in group
        if condition.factor == factor.name
        for _, limit in condition.bounds
    }
    near = {limit + step for limit in asked for step in (-1.0, -0.5, 0.0, 0.5, 1.0)}
    return sorted(n for n in near | {factor.low, factor.high} if factor.low <= n <= factor.high)


def random_people(pack: Pack, count: int, *, factors: int, seed: int) -> list[Facts]:
    """People of whom so many factors are known; the same seed gives the same people."""
    rng = random.Random(seed)  # noqa: S311 - invented people, not secrets
    numbers = {n: telling_numbers(f, pack) for n, f in pack.factors.items() if f.type == "number"}
    always = ("primary", "extent", "line")
    others = sorted(set(pack.factors) - set(always))

    def person() -> Facts:
        names = [*always, *rng.sample(others, factors - len(always))]
        return {name: rng.choice(values(pack.factors, numbers, name)) for name in names}

    return [person() for _ in range(count)]


def values(
    factors: Mapping[str, Factor], numbers: Mapping[str, list[float]], name: str
) -> tuple[str | float, ...]:
    return tuple(numbers[name]) if name in numbers else factors[name].values
