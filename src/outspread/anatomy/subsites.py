"""Which part of an organ a row speaks of, against what the record tells of the primary."""

from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.queries import plain_words
from outspread.anatomy.spans import spell_out, split_ranges
from outspread.empty import empty_from_empty

STATED: Final = 4.0
PARTLY_STATED: Final = 3.5
BY_CODE: Final = 3.0
ANY_PART: Final = 2.0
WHEN_SILENT: Final = 1.5
UNCONFIRMED: Final = 1.0
_WHOLE: Final = 9  # last digit of the code of a whole organ
_NOT_FURTHER_STATED: Final = (8, _WHOLE)  # 8: overlapping


@empty_from_empty
def subsite_ranks(asked: pl.DataFrame) -> pl.DataFrame:
    """How well each part of the organ fits each question: `key`, `part`, `subsite_rank`.

    Parts that the code or the words contradict are left out. A row without subsite ranks
    `ANY_PART`; that is not listed here. Rule D15 and section "Which part of the organ" of
    docs/explanation/anatomy.md.
    """
    keys = ["group", "primary_group", "topography", "code", "category", "subsite"]
    contexts = asked.select(keys).unique().with_row_index("context")
    ranked = _ranked(contexts.join(_parts_of_groups(), on="group"))
    return (
        asked.select("key", *keys)
        .join(contexts, on=keys, nulls_equal=True)
        .join(ranked, on="context")
        .select("key", "part", "subsite_rank")
    )


@empty_from_empty
def _ranked(pairs: pl.DataFrame) -> pl.DataFrame:
    """Rank each part of an organ in each context: `context`, `part`, `subsite_rank`."""
    stated = pairs.filter(pl.col("subsite").is_not_null())
    fitted = pairs.join(_word_fit(stated), on=["context", "part"], how="left")
    return (
        _with_codes(fitted)
        .select("context", "part", subsite_rank=_rank())
        .drop_nulls("subsite_rank")
    )


def _rank() -> pl.Expr:
    """Rank of one part; null drops it."""
    open_by_words = ~pl.col("others_fit")
    comparable = pl.col("has_codes") & (pl.col("codes_known") > 0)
    covered = pl.col("codes_in") == pl.col("codes_known")
    speaks_of_whole = pl.when(comparable).then(covered).otherwise("names_whole")
    return (
        pl.when(comparable & (pl.col("codes_near") == 0))
        .then(None)
        .when(pl.col("fit").is_not_null())
        .then("fit")
        .when(comparable & pl.col("code_decides") & covered)
        .then(BY_CODE)
        .when(open_by_words & pl.col("when_silent") & speaks_of_whole)
        .then(WHEN_SILENT)
        .when(open_by_words | (comparable & pl.col("code_decides")))
        .then(UNCONFIRMED)
    )


@cache
def _parts() -> pl.DataFrame:
    """Subsites with their topography codes as a list."""
    table = load.load("subsites")
    codes = spell_out(split_ranges(table.select("id", "icdo3"), "icdo3"))
    codes = codes.join(load.topographies(), on="topography", how="semi")
    lists = codes.group_by("id").agg(codes="topography")
    return table.join(lists, on="id", how="left").select(
        "part_of",
        "words",
        "unless_words",
        "codes",
        part="id",
        code_decides=pl.col("code_decides") == "yes",
        when_silent=pl.col("when_silent") == "yes",
        has_codes=pl.col("codes").is_not_null(),
        names_whole=pl.col("codes")
        .list.eval(pl.element() % 10 == _WHOLE)
        .list.any()
        .fill_null(value=True),
    )


@cache
def _parts_of_groups() -> pl.DataFrame:
    exceptions = load.load("exceptions").select(
        part="subsite", group=pl.col("groups").str.split("|")
    )
    used = pl.concat(
        [
            load.load("relations").select("group", part="subsite"),
            exceptions.explode("group").select("group", "part"),
        ]
    )
    return used.drop_nulls().unique().join(_parts(), on="part")


@empty_from_empty
def _word_fit(stated: pl.DataFrame) -> pl.DataFrame:
    """Parts whose words are stated: `context`, `part`, `fit` (4 all, 3.5 some)."""
    said = pl.col("text").str.contains(pl.format(" {} ", "word"), literal=True)
    words = (
        stated.with_columns(text=plain_words("subsite"))
        .filter(~_any_word("unless_words"))
        .select("context", "part", "text", option=pl.col("words").str.split("|"))
        .explode("option")
        .drop_nulls("option")
        .with_columns(word=pl.col("option").str.split(" "))
        .explode("word")
    )
    options = words.group_by("context", "part", "option").agg(all=said.all(), any=said.any())
    own = options.group_by("context", "part").agg(pl.any("all"), pl.any("any"))
    own = own.filter("any").select(
        "context", "part", fit=pl.when("all").then(STATED).otherwise(PARTLY_STATED)
    )
    return _wholes_below_parts(own)


def _any_word(column: str) -> pl.Expr:
    """Whether one of the words, joined by a bar, stands in `text`."""
    pattern = pl.format(" ({}) ", pl.col(column))
    stands = pl.when(pl.col(column).is_not_null()).then(pl.col("text").str.contains(pattern))
    return stands.fill_null(value=False)


def _wholes_below_parts(own: pl.DataFrame) -> pl.DataFrame:
    """A whole (leg) is stated through its part (calf), but ranks below it."""
    parts = _parts().select("part", "part_of").drop_nulls()
    wholes = own.join(parts, on="part").select("context", part="part_of")
    wholes = wholes.unique().with_columns(fit=pl.lit(PARTLY_STATED))
    return pl.concat([wholes, own.join(wholes, on=["context", "part"], how="anti")])


def _with_codes(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add what the codes say: `codes_known`, `codes_in`, `codes_near`, `others_fit`."""
    none = pl.lit([], pl.List(pl.Int32))
    known = pairs.join(_known_codes(pairs), on="context", how="left").with_columns(
        pl.col("known", "near", "codes").fill_null(none),
        others_fit=pl.col("fit").is_not_null().any().over("context"),
    )
    return known.with_columns(
        codes_known=pl.col("known").list.len(),
        codes_in=pl.col("known").list.set_intersection("codes").list.len(),
        codes_near=pl.col("near").list.set_intersection("codes").list.len(),
    )


def _known_codes(pairs: pl.DataFrame) -> pl.DataFrame:
    """Topography codes the primary may have: `known` as told, `near` with what stays possible.

    Told by the code itself; else by the words, through the part of the organ they name; else by
    the primary, where it is narrower than its rules group (rectum within colorectal).
    """
    context = pairs.select("context", "primary_group", "group", "code", "category").unique()
    named = context.join(_narrow_primaries(), on=["primary_group", "group"])
    by_name = named.select("context", known="codes", near="codes")
    coded = _codes_coded(context.drop_nulls("category"))
    worded = _codes_worded(pairs.filter("has_codes", "code_decides", pl.col("fit").is_not_null()))
    told = pl.concat([coded, worded, by_name])
    return told.unique("context", keep="first", maintain_order=True)


@cache
def _siblings() -> pl.DataFrame:
    return load.topographies().group_by(category=pl.col("topography") // 10).agg("topography")


@empty_from_empty
def _codes_coded(context: pl.DataFrame) -> pl.DataFrame:
    """A code of a part is that part; a code of the whole leaves its parts possible."""
    whole = pl.col("category") * 10 + _WHOLE
    coded = context.join(_siblings(), on="category").with_columns(
        code=pl.coalesce("code", pl.when(whole.is_in("topography")).then(whole))
    )
    alone, all_parts = pl.concat_list("code"), pl.col("topography")
    no_part = pl.col("code").is_null()
    open_end = no_part | (pl.col("code") % 10).is_in(_NOT_FURTHER_STATED)
    return coded.select(
        "context",
        known=pl.when(no_part).then(all_parts).otherwise(alone),
        near=pl.when(open_end).then(all_parts).otherwise(alone),
    )


@empty_from_empty
def _codes_worded(named: pl.DataFrame) -> pl.DataFrame:
    """The codes of the part that the words name best and most narrowly."""
    order = named.sort("fit", -pl.col("codes").list.len().cast(pl.Int32), "part", descending=True)
    best = order.unique("context", keep="first", maintain_order=True)
    return best.select("context", known="codes", near="codes")


@cache
def _narrow_primaries() -> pl.DataFrame:
    """Primaries with fewer topography codes than their rules group."""
    own = load.primary_topographies()
    sizes = own.group_by("group").agg(size=pl.col("topography").n_unique())
    lists = own.group_by("group", primary_group="primary").agg(codes="topography")
    return lists.join(sizes, on="group").filter(pl.col("codes").list.len() < pl.col("size"))
