"""`outspread terms`: what codes and words mean, and what places are for a primary."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from outspread.cli.shared import existing_file, form_option, output_option, read_csv, write_texts

if TYPE_CHECKING:
    import polars as pl

MEANINGS: Final = {"sites": "site", "primaries": "primary", "codes": "code"}


@click.command(epilog="Example: outspread terms --primary breast ln_axillary")
@click.argument("term", metavar="CODE|WORD|SITE", required=False)
@click.option("--primary", metavar="P", help="Say what SITE is for this primary.")
@click.option("--relate", type=existing_file, help="CSV of places; say it for each of its rows.")
@output_option()
@form_option
def terms(
    term: str | None,
    *,
    primary: str | None,
    relate: Path | None,
    output: Path | None,
    form: str,
) -> None:
    """Say what a code or word means, or what a place is for a primary.

    With --primary: how far a cancer of that origin has come if it is found in SITE (reach), where
    TNM and Summary Stage count it, by which route it usually gets there, and which rows of which
    sources say so. With --relate: the same for a
    table with the columns primary_group, subsite_or_condition, reported_as, site, laterality and
    contiguity.
    """
    if (term is None) == (relate is None) or (primary and relate):
        message = "Give a CODE or WORD, or --primary P SITE, or --relate FILE."
        raise click.UsageError(message)
    from outspread.anatomy import words
    from outspread.write.listing import format_parts

    if relate:
        parts = [words.relate_table(read_csv(relate))]
    elif primary:
        parts = [_place(primary, str(term))]
    else:
        parts = _meanings(str(term))
    write_texts([format_parts(parts, "csv" if output and form == "table" else form)], output)


def _place(primary: str, site: str) -> "pl.DataFrame":
    """What a site is for a primary and how it gets there, with the rows of knowledge, in words."""
    import polars as pl

    from outspread.anatomy.route import assign_route
    from outspread.anatomy.words import explain_rows, primary_id, relate_one, site_id

    row = relate_one(primary_id(primary), site_id(site))
    reasons = explain_rows(row["knowledge_rows"].item().to_list())
    routed = assign_route(row.with_columns(pl.col("primary_group").alias("primary")))
    return routed.drop("primary", "route_row").with_columns(
        reasons.select(pl.col("says", "source").implode())
    )


def _meanings(term: str) -> "list[pl.DataFrame]":
    import polars as pl

    from outspread.anatomy.words import look_up, suggest

    found = [
        frame.select(pl.lit(MEANINGS[kind]).alias("meaning"), pl.all())
        for kind, frame in look_up(term).items()
        if not frame.is_empty()
    ]
    if not found:
        nearest = ", ".join(suggest(term))
        message = f"nothing known by that name. Nearest: {nearest}" if nearest else "not known."
        raise click.ClickException(message)
    return found
