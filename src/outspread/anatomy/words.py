"""Look-up by word or code, for people: what a term means and where it may drain or seed."""

import difflib
from functools import cache
from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.codes import resolve_codes
from outspread.anatomy.relate import OUTPUT, relate
from outspread.errors import KnowledgeError

_SYSTEMS: Final = (
    "icd10cm", "icd10who", "icd10", "icdo3", "icdo3_morphology", "snomed", "uicc_site", "icd9cm",
)  # fmt: skip
TABLE_COLUMNS: Final = ("primary_group", "subsite_or_condition", "reported_as", "site")
_TOPOGRAPHY: Final = r"^C\d\d(\.?\d)?$"


def look_up(text: str) -> dict[str, pl.DataFrame]:
    """Find what a word or a code means.

    Parameters
    ----------
    text
        A code of any vocabulary we read, or a word or phrase; British spelling is understood.

    Returns
    -------
    `sites` (with their `terms`), `primaries` and `codes`; each may be empty.

    Examples
    --------
    >>> look_up("oesophagus")["primaries"]["id"].to_list()
    ['esophagus']
    >>> look_up("C79.51")["codes"]["site"].unique().to_list()
    ['bone']
    """
    word = american(text)
    sites = _sites_of(word)
    return {"sites": sites, "primaries": _primaries_of(word, sites), "codes": _codes_of(text)}


def suggest(text: str, *, count: int = 3) -> list[str]:
    """Name what is nearest to a word that nothing was found for.

    Examples
    --------
    >>> suggest("pancraes")[0]
    'pancreas'
    """
    return difflib.get_close_matches(american(text), _names(), n=count, cutoff=0.7)


def american(text: str) -> str:
    """Bring a word to lower case and American spelling."""
    word = " ".join(text.lower().replace("_", " ").split())
    for british, other in load.load("spelling").select("british", "american").rows():
        word = word.replace(british, other)
    return word


def site_id(text: str) -> str:
    """The id of a site that is named by its id or by a word; an unknown word is given back.

    Examples
    --------
    >>> site_id("axillary node")
    'ln_axillary'
    """
    word = american(text)
    bare = word.removesuffix("s").removesuffix(" lymph node").removesuffix(" node")
    for said in (word, bare):
        found = _sites_of(said)
        if bare != word:
            found = pl.concat([found.filter(pl.col("id").str.starts_with("ln")), found])
        if not found.is_empty():
            return str(found["id"][0])
    return text


def primary_id(text: str) -> str:
    """The id of a primary that is named by its id or by a word; an unknown word is given back.

    Examples
    --------
    >>> primary_id("Kidney cancer")
    'kidney'
    """
    word = american(text)
    found = _primaries_of(word, _sites_of(""))
    return str(found["id"][0]) if not found.is_empty() else text


def relate_one(
    primary: str | None,
    site: str,
    *,
    topography: str | None = None,
    laterality: str | None = None,
    contiguity: str | None = None,
    phrase: str | None = None,
) -> pl.DataFrame:
    """Ask `relate` one question; the arguments are its columns.

    Examples
    --------
    >>> relate_one("breast", "ln_supraclavicular", laterality="ipsilateral")["reach"].item()
    'regional_node'
    """
    question = {
        "primary_group": primary,
        "site": site,
        "topography": topography,
        "laterality": laterality,
        "contiguity": contiguity,
        "phrase": phrase,
    }
    return relate(pl.DataFrame([question], schema=dict.fromkeys(question, pl.String)))


def relate_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Ask `relate` a table of cases as people write them.

    Parameters
    ----------
    frame
        `primary_group`, `subsite_or_condition` (an ICD-O-3 code, or words for the part of the
        organ), `reported_as` (words of the report), `site`; where known `laterality` and
        `contiguity`.

    Returns
    -------
    The same rows with `reach`, `tnm_field`, `summary_stage_class`, `decided_by` and the other
    columns of `relate`.

    Raises
    ------
    KnowledgeError
        K022 missing column; K020, K021 as `relate`.
    """
    missing = [name for name in TABLE_COLUMNS if name not in frame.columns]
    if missing:
        message = f"K022: the table has no column {', '.join(missing)}."
        raise KnowledgeError(message)
    part = pl.col("subsite_or_condition").cast(pl.String).str.strip_chars()
    is_code = part.str.contains(_TOPOGRAPHY)
    asked = frame.with_columns(
        topography=pl.when(is_code).then(part),
        subsite=pl.when(~is_code).then(part.str.replace_all("_", " ")),
        phrase=pl.col("reported_as"),
    )
    return pl.concat([frame, relate(asked).select(*OUTPUT)], how="horizontal")


def explain_rows(ids: list[str]) -> pl.DataFrame:
    """Say what the ids in `knowledge_rows` stand for: `id`, `says`, `source`.

    Examples
    --------
    >>> explain_rows(["D01"])["id"].to_list()
    ['D01']
    """
    return pl.DataFrame({"id": ids}, schema={"id": pl.String}).join(
        _sentences(), on="id", how="left", maintain_order="left"
    )


@cache
def _sentences() -> pl.DataFrame:
    names = load.sites().select("name", site="id")
    condition = pl.col("when").str.replace_all("|", " or ", literal=True)
    parts = [
        pl.col("name"),
        pl.col("side").str.replace_all("|", " or ", literal=True),
        pl.col("subsite").str.replace_all("_", " ", literal=True),
        condition,
    ]
    says = pl.format(
        "{}: Summary Stage {}, TNM {}",
        pl.concat_str(parts, separator=", ", ignore_nulls=True),
        pl.col("summary_stage_class").str.replace_all("_", " ", literal=True),
        "tnm_field",
    )
    relations = load.load("relations").join(names, on="site", how="left")
    return pl.concat(
        [
            relations.select("id", "source", says=says),
            load.load("exceptions").select("id", "source", says="reason"),
            load.load("rules").select("id", "source", says="rule"),
        ]
    ).select("id", "says", "source")


def _sites_of(word: str) -> pl.DataFrame:
    terms = load.load("terms").with_columns(pl.col("term").str.to_lowercase())
    named = terms.filter(pl.col("term") == word).select(id="site")
    own = load.sites().filter(pl.col("id").str.replace_all("_", " ") == word).select("id")
    found = pl.concat([own, named]).unique(maintain_order=True)
    words = terms.group_by(id="site").agg(terms=pl.col("term").unique().sort())
    facts = load.sites().select("id", "name", "metastasis_name", "kind", "parent", "source")
    return found.join(facts, on="id", maintain_order="left").join(
        words, on="id", how="left", maintain_order="left"
    )


def _primaries_of(word: str, sites: pl.DataFrame) -> pl.DataFrame:
    name = pl.col("display").str.to_lowercase()
    plain = pl.col("id").str.replace_all("_", " ")
    said = (plain == word) | (name == word) | (name == f"{word} cancer")
    grows_there = pl.col("organ_site").is_in(sites["id"].to_list())
    facts = ["id", "display", "group", "sex", "category", "spread_logic", "note", "source"]
    return load.primaries().filter(said | grows_there.fill_null(value=False)).select(facts)


def _codes_of(text: str) -> pl.DataFrame:
    asked = pl.DataFrame({"system": _SYSTEMS, "code": [text.strip()] * len(_SYSTEMS)})
    return resolve_codes(asked).filter(pl.col("role").is_not_null())


@cache
def _names() -> list[str]:
    frames = [
        load.load("terms").select(name=pl.col("term").str.to_lowercase()),
        load.sites().select(name=pl.col("id").str.replace_all("_", " ")),
        load.primaries().select(name=pl.col("id").str.replace_all("_", " ")),
        load.primaries().select(name=pl.col("display").str.to_lowercase()),
    ]
    return pl.concat(frames)["name"].unique().sort().to_list()
