"""What `relate` is asked, made comparable: groups, codes, words, sides."""

import difflib
from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.spans import topography_number
from outspread.errors import KnowledgeError

COLUMNS: Final = (
    "primary_group", "topography", "subsite", "site", "laterality", "contiguity", "phrase",
)  # fmt: skip
_DEPTH: Final = r"(\d+(?:\.\d+)?)\s*(mm|cm)"
_OVER: Final = r"(over|above|greater|more|beyond|exceed|>)[^0-9]{0,12}\d"
_SIDES: Final = ("ipsilateral", "contralateral", "bilateral")
_HAIR: Final = 0.001  # "over 2 cm" is deeper than "2 cm"


def asked(questions: pl.DataFrame) -> pl.DataFrame:
    """Add to each question what is known of its group, site, code and words.

    Parameters
    ----------
    questions
        `key` and the columns of `COLUMNS`, all text.

    Returns
    -------
    The same rows with `group` (null where no primary is stated),
    `spread_logic`, `organ_site`, `own_depth` (steps from the site up to the primary's own organ,
    null outside it), `kind`, `is_node`, `assumed_contiguity`, `side`, `words` (the phrase in
    lower case between blanks), `depth_cm`, `code`, `category`.

    Raises
    ------
    KnowledgeError
        K020 unknown primary or group, K021 unknown site.
    """
    known = (
        questions.join(_groups(), on="primary_group", how="left")
        .join(_places(), on="site", how="left")
        .join(_own_depths(), on=["site", "organ_site"], how="left")
    )
    _refuse_unknown(known, "primary_group", "group", "K020", "no primary or rules group")
    _refuse_unknown(known, "site", "kind", "K021", "no site")
    return known.with_columns(
        side=pl.when(pl.col("laterality").is_in(_SIDES)).then("laterality"),
        words=plain_words("phrase"),
        depth_cm=_depth_cm("phrase"),
        code=topography_number("topography"),
        category=pl.col("topography").str.slice(1, 2).cast(pl.Int32, strict=False),
    )


def plain_words(column: str) -> pl.Expr:
    """Lower case letters and digits between single blanks, with a blank before and after."""
    flat = pl.col(column).str.to_lowercase().str.replace_all(r"[^a-z0-9.]+|\.\s", " ")
    return pl.concat_str(pl.lit(" "), flat.str.strip_chars(" ."), pl.lit(" ")).fill_null("")


def _depth_cm(column: str) -> pl.Expr:
    text = pl.col(column).str.to_lowercase()
    number = text.str.extract(_DEPTH, 1).cast(pl.Float64, strict=False)
    unit = pl.when(text.str.extract(_DEPTH, 2) == "mm").then(0.1).otherwise(1.0)
    return number * unit + pl.when(text.str.contains(_OVER)).then(_HAIR).otherwise(0.0)


@cache
def _groups() -> pl.DataFrame:
    """Names a primary may be asked by: its id, else the rules group it belongs to."""
    facts = ["group", "spread_logic", "organ_site"]
    ids = load.primaries().select(pl.col("id").alias("primary_group"), *facts)
    groups = load.primaries().group_by("group", maintain_order=True).agg(
        pl.first("spread_logic"),
        pl.when(pl.col("organ_site").n_unique() == 1).then(pl.first("organ_site")),
    )  # fmt: skip
    groups = groups.select(pl.col("group").alias("primary_group"), *facts)
    return pl.concat([ids, groups.join(ids, on="primary_group", how="anti")])


@cache
def _places() -> pl.DataFrame:
    facts = ["kind", "is_node", "assumed_contiguity", "parent"]
    return load.sites().select(pl.col("id").alias("site"), *facts)


@cache
def _own_depths() -> pl.DataFrame:
    return load.ancestors().rename({"at": "organ_site", "depth": "own_depth"})


def _refuse_unknown(known: pl.DataFrame, asked_by: str, found: str, code: str, what: str) -> None:
    lost = known.filter(pl.col(asked_by).is_not_null() & pl.col(found).is_null())[asked_by]
    if len(lost):
        names = (_groups() if asked_by == "primary_group" else _places())[asked_by].to_list()
        near = difflib.get_close_matches(lost[0], names, n=1) or ["see `outspread terms`"]
        message = f"{code}: {lost.n_unique()} values of {asked_by} are {what}; nearest: {near[0]}."
        raise KnowledgeError(message)
