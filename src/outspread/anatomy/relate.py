"""Where a place counts for a primary: reach, TNM field and Summary Stage class."""

from typing import Final

import polars as pl

from outspread.anatomy.answers import ANSWER, TEXTS
from outspread.anatomy.distinct import answer_distinct
from outspread.anatomy.nodes import node_answers
from outspread.anatomy.organs import organ_answers
from outspread.anatomy.queries import COLUMNS, asked
from outspread.anatomy.special import (
    no_place_answers,
    no_primary_answers,
    organ_class_answers,
    systemic_answers,
)

OUTPUT: Final = {
    "reach": pl.String,
    "tnm_field": pl.String,
    "summary_stage_class": pl.String,
    "candidates": pl.List(pl.String),
    "decided_by": pl.String,
    "knowledge_rows": pl.List(pl.String),
    "contiguity_used": pl.String,
}
_UNKNOWN: Final = "unknown"


def relate(queries: pl.DataFrame) -> pl.DataFrame:
    """Say of each primary and place how far the cancer has reached there.

    Distinct questions are answered once, so the cost of many findings is that of one join.

    Parameters
    ----------
    queries
        `primary_group` (id of a primary, or a rules group; null: primary not stated), `site`, and
        where known `topography` (ICD-O-3 of the primary), `subsite` (words), `laterality` of the
        place relative to the primary (ipsilateral, contralateral, bilateral), `contiguity`
        (contiguous, discontiguous) and `phrase` (words of the record that narrow the place or say
        growth or deposit). Missing columns count as null.

    Returns
    -------
    The same rows in the same order, with

    - `reach`: unknown where it is not settled; null for blood cancers;
    - `tnm_field`: T, N, M, unknown; and `summary_stage_class`;
    - `candidates`: what it may be; one value where it is settled. Where growth or deposit had to
      be assumed (rule D10), the reach of the other contiguity stands there too;
    - `decided_by`: row, exception, group, default, assumed, side_assumed, subsite_assumed,
      undecided, scope; and `knowledge_rows`, the ids of rows and rules that decided;
    - `contiguity_used`: contiguous, discontiguous, any; null for nodes.

    Raises
    ------
    KnowledgeError
        K020 unknown primary or group, K021 unknown site.

    Sources
    -------
    SEER Summary Stage 2018 and EOD 2018 [ss2018], rows of `anatomy/data/relations.csv`. Departures
    are listed in docs/explanation/anatomy.md.

    Examples
    --------
    >>> asked = pl.DataFrame({"primary_group": ["breast", "colon"], "site": ["ln_axillary"] * 2})
    >>> relate(asked)["reach"].to_list()
    ['regional_node', 'distant_node']
    """
    answers = answer_distinct(queries, COLUMNS, _answer)
    return pl.concat([queries, answers], how="horizontal")


def _answer(questions: pl.DataFrame) -> pl.DataFrame:
    answers = _possible(asked(questions)).with_columns(_facts())
    return answers.select("key", *OUTPUT)


def _possible(questions: pl.DataFrame) -> pl.DataFrame:
    """Lists of what is possible, each question from the part of the knowledge that it needs."""
    kind = (
        pl.when(pl.col("spread_logic").eq_missing(pl.lit("systemic"))).then(pl.lit("systemic"))
        .when(pl.col("site").is_null() | (pl.col("site") == "unknown_site"))
        .then(pl.lit("no_place"))
        .when(pl.col("group").is_null() | (pl.col("group") == "cup")).then(pl.lit("no_primary"))
        .when(pl.col("is_node")).then(pl.lit("node"))
        .when(pl.col("kind") == "organ_class").then(pl.lit("organ_class"))
        .otherwise(pl.lit("organ"))
    )  # fmt: skip
    parts = questions.with_columns(question=kind).partition_by("question", as_dict=True)
    return pl.concat(
        [_ANSWERERS[str(key)](part.drop("question")) for (key,), part in parts.items()]
        or [pl.DataFrame(schema=ANSWER)]
    )


_ANSWERERS: Final = {
    "systemic": systemic_answers,
    "no_place": no_place_answers,
    "no_primary": no_primary_answers,
    "node": node_answers,
    "organ_class": organ_class_answers,
    "organ": organ_answers,
}


def _facts() -> list[pl.Expr]:
    """One value where all that is possible agrees, else unknown."""

    def settled(column: str) -> pl.Expr:
        values = pl.col(column)
        return (
            pl.when(values.list.len() == 1).then(values.list.first())
            .when(values.list.len() > 1).then(pl.lit(_UNKNOWN))
        )  # fmt: skip

    field = settled("tnm")
    undecided = pl.col("reaches").list.len() > 1
    return [
        settled("reaches").alias("reach"),
        pl.when(field.str.contains("|", literal=True)).then(pl.lit(_UNKNOWN)).otherwise(field)
        .alias("tnm_field"),
        settled("classes").alias("summary_stage_class"),
        pl.concat_list("reaches", pl.col("alternatives").fill_null(pl.lit([], TEXTS)))
        .list.unique()
        .list.sort()
        .alias("candidates"),
        pl.when(undecided).then(pl.lit("undecided")).otherwise("decided_by").alias("decided_by"),
    ]  # fmt: skip
