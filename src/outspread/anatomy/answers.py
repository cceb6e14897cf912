"""The form of an answer while it is worked out: lists of what is possible."""

from collections.abc import Mapping
from typing import Final

import polars as pl

TEXTS: Final = pl.List(pl.String)
ANSWER: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "key": pl.UInt32,
    "reaches": TEXTS,
    "tnm": TEXTS,
    "classes": TEXTS,
    "decided_by": pl.String,
    "knowledge_rows": TEXTS,
    "contiguity_used": pl.String,
    "alternatives": TEXTS,
}
NO_CONTIGUITY: Final = {
    "contiguity_used": pl.lit(None, pl.String),
    "alternatives": pl.lit(None, TEXTS),
}
Possible = Mapping[str, list[str]]
_UNKNOWN: Final = {"tnm": ["unknown"], "classes": ["unknown"]}
EITHER_NODE: Final[Possible] = {"reaches": ["distant_node", "regional_node"], **_UNKNOWN}
NEARBY_OR_DISTANT: Final[Possible] = {"reaches": ["distant", "nearby_tissue"], **_UNKNOWN}


def by_rule(
    questions: pl.DataFrame, rule: str, possible: Possible, *, decided_by: str = "default"
) -> pl.DataFrame:
    """Give all questions the same answer, by one rule."""
    return questions.select(
        "key",
        *(pl.lit(values, TEXTS).alias(name) for name, values in possible.items()),
        decided_by=pl.lit(decided_by),
        knowledge_rows=pl.lit([rule], TEXTS),
        **NO_CONTIGUITY,
    )
