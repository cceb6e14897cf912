"""Print how far the anatomy look-up agrees with a table of reference cases.

    python scripts/anatomy_agreement.py ../shared/knowledge/anatomy/check.csv

The table needs the columns of `outspread.anatomy.words.relate_table`, and `expected_reach`,
`expected_tnm_field` and `expected_summary_stage_class`; "uncertain" is not scored.
"""

import sys
from pathlib import Path
from typing import Final

import polars as pl

from outspread.anatomy.words import relate_table

_FACTS: Final = ("reach", "tnm_field", "summary_stage_class")
_METASTATIC: Final = ["distant_node", "distant"]


def scored(answers: pl.DataFrame, fact: str) -> pl.DataFrame:
    """Cases with a settled expectation of one fact."""
    expected = pl.col(f"expected_{fact}")
    return answers.filter(expected.is_not_null() & (expected != "uncertain"))


def harms(answers: pl.DataFrame) -> dict[str, int]:
    """The two ways to harm: called metastatic and is not; is, and was not called."""
    cases = scored(answers, "reach")
    called = pl.col("reach").is_in(_METASTATIC)
    is_so = pl.col("expected_reach").is_in(_METASTATIC)
    return {
        "called metastatic and is not": cases.filter(called & ~is_so).height,
        "is metastatic and was not called": cases.filter(~called & is_so).height,
    }


def confusion(answers: pl.DataFrame, fact: str) -> pl.DataFrame:
    """Expected values as rows, answers as columns."""
    cases = scored(answers, fact).select(expected=f"expected_{fact}", answer=fact)
    table = cases.pivot("answer", index="expected", values="answer", aggregate_function="len")
    return table.fill_null(0).sort("expected").select("expected", *sorted(table.columns[1:]))


def report(answers: pl.DataFrame) -> str:
    """The tables as Markdown."""
    parts = [f"{count:4} {what}" for what, count in harms(answers).items()]
    for fact in _FACTS:
        cases = scored(answers, fact)
        same = cases.filter(pl.col(fact) == pl.col(f"expected_{fact}")).height
        parts.append(f"\n{fact}: {same} of {cases.height} agree\n")
        with pl.Config(tbl_formatting="MARKDOWN", tbl_hide_dataframe_shape=True):
            pl.Config.set_tbl_hide_column_data_types(active=True)
            parts.append(str(confusion(answers, fact)))
        missed = cases.filter(pl.col(fact).ne_missing(pl.col(f"expected_{fact}")))
        parts.extend(f"missed: {case}" for case in missed["case"])
    kinds = answers.group_by("decided_by").len().sort("len", descending=True)
    parts.append("\ndecided by: " + ", ".join(f"{kind} {count}" for kind, count in kinds.rows()))
    return "\n".join(parts)


def main(path: str) -> None:
    """Read a table of cases and print the report."""
    print(report(relate_table(pl.read_csv(Path(path), infer_schema=False))))


if __name__ == "__main__":
    main(sys.argv[1])
