"""Conditions as column expressions with three answers: true, false and null for unknown.

Polars follows Kleene: unknown and false is false, unknown and true is unknown. So a fact that is
not recorded never behaves as no.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Final

import polars as pl

from outspread.plan.pack.model import Condition, Factor

PACKS_KEPT: Final = 4  # compiled packs that are kept: building expressions takes time
_COMPARE = {">=": pl.Expr.ge, ">": pl.Expr.gt, "<=": pl.Expr.le, "<": pl.Expr.lt}
_TRUE = pl.lit(value=True)
_FALSE = pl.lit(value=False)


def factor_schema(factors: Mapping[str, Factor]) -> dict[str, pl.DataType]:
    """Columns of the wide table of facts: a number, or one of the words of the factor."""
    return {
        name: pl.Float64() if factor.type == "number" else pl.Enum(factor.values)
        for name, factor in factors.items()
    }


def holds(condition: Condition) -> pl.Expr:
    """Whether a condition holds: true, false, or null where it cannot be told.

    Needs the column of its factor in the type of `factor_schema`.
    """
    column = pl.col(condition.factor)
    if condition.bounds:
        return all_hold(_COMPARE[sign](column, limit) for sign, limit in condition.bounds)
    is_met = column.is_in(list(condition.values))
    if not condition.unclear:
        return is_met
    return pl.when(column.is_in(list(condition.unclear)).not_()).then(is_met)


def all_hold(parts: Iterable[pl.Expr]) -> pl.Expr:
    """True where all hold; of nothing, true."""
    return reduce(and_, parts) if (parts := list(parts)) else _TRUE


def any_holds(parts: Iterable[pl.Expr]) -> pl.Expr:
    """True where at least one holds; of nothing, false."""
    return reduce(or_, parts) if (parts := list(parts)) else _FALSE
