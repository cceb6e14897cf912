"""Write the page on the reach cases: how far the story agrees with them, case by case.

python scripts/reach_agreement.py            writes docs/explanation/reach_cases.md
python scripts/reach_agreement.py --check    fails if the page is not what it would write
"""

import sys
from pathlib import Path
from typing import Final

import polars as pl

ROOT: Final = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from reach_cases import answers, cases, known  # type: ignore[import-not-found]  # noqa: E402

PAGE: Final = ROOT / "docs" / "explanation" / "reach_cases.md"
_ORDER: Final = ("in_situ", "localized", "regional", "distant", "unknown", "not_applicable")
_HEAD: Final = """# Reach cases: what sources say against what outspread says

{total} cases in `tests/cases/reach/`, one row each, in a form that a clinician can read and sign
(`reviewed_by`, `reviewed_on`). **No clinician has reviewed them yet.** Each rests on a page that
was opened and is cited in its row; none rests on the tables that outspread's own anatomy comes
from. The wording is ours. {silent} cases can only be told in a sentence ("confined to the ovary")
and wait for the reading of free text; the other {run} are run as records by
`tests/diagnose/test_reach_cases.py`. Each says which cancer its findings are of.

Rows of knowledge that were added after a comparison cite other pages than the cases do; agreement
on them is no longer blind.

This page is made by `scripts/reach_agreement.py`.
"""


def harms(told: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cases called metastatic that are not, and cases that are and were not called."""
    is_so, called = (pl.col(name) == "distant" for name in ("extent", "our_extent"))
    return told.filter(called & ~is_so), told.filter(is_so & ~called)


def table(told: pl.DataFrame, expected: str, ours: str, order: tuple[str, ...]) -> str:
    """Expected values as rows, ours as columns, as Markdown."""
    pairs = dict.fromkeys(((row, column) for row in order for column in order), 0)
    for row, column in told.select(expected, pl.col(ours).fill_null("not told")).iter_rows():
        pairs[row, column] = pairs.get((row, column), 0) + 1
    rows = [one for one in order if any(pairs.get((one, other)) for other in order)]
    columns = [one for one in order if any(pairs.get((other, one)) for other in order)]
    lines = [
        f"| expected | {' | '.join(columns)} |",
        "| --- |" + " ---: |" * len(columns),
        *(f"| {row} | {' | '.join(str(pairs[row, one]) for one in columns)} |" for row in rows),
    ]
    return "\n".join(lines).replace("_", " ")


def page() -> str:
    """The whole page as Markdown."""
    told = answers()
    too_far, missed = harms(told)
    same = told.filter(pl.col("extent") == pl.col("our_extent")).height
    said_m = told.filter(pl.col("m").str.contains("^M[01]")).with_columns(
        pl.col("m").str.slice(0, 2)
    )
    said_summary = told.filter(pl.col("summary_stage").is_not_null())
    named = told.filter(pl.col("name").is_not_null())
    same_name = named.filter(pl.col("name") == pl.col("our_name")).height
    reasons = known()
    apart = told.filter(pl.col("extent") != pl.col("our_extent")).join(
        reasons, on="case_id", how="left"
    )
    parts = [
        _HEAD.format(total=cases().height, run=told.height, silent=cases().height - told.height),
        "## Extent\n",
        f"{same} of {told.height} agree. Called metastatic and is not: {too_far.height}. "
        f"Is metastatic and was not called: {missed.height}.\n",
        table(told, "extent", "our_extent", _ORDER),
        "\n## M category\n",
        "Only where the source gives one; not told where nothing in the record says M0.\n",
        table(said_m, "m", "our_m", ("M0", "M1", "not told")),
        "\n## Summary Stage 2018\n",
        "From the places alone; codes inferred from general rules of the manual in most rows.\n",
        table(
            said_summary,
            "summary_stage",
            "our_summary_stage",
            ("0", "1", "2", "3", "4", "7", "9", "not told"),
        ),
        "\n## Name\n",
        f"{same_name} of {named.height} names agree to the letter.\n",
        "## Every case that differs in extent\n",
        "| case | expected | outspread | why |",
        "| --- | --- | --- | --- |",
        *(
            f"| {case} | {expected} | {ours} | {why} |".replace("_", " ")
            for case, expected, ours, why in apart.select("case_id", "extent", "our_extent", "why")
            .sort("extent", "our_extent", "case_id")
            .iter_rows()
        ),
    ]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the page, or check that it is fresh."""
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != text:
        sys.exit("docs/explanation/reach_cases.md is not fresh: python scripts/reach_agreement.py")


if __name__ == "__main__":
    main()
