"""What a code means: primary, place of spread, body site or morphology."""

from typing import Final

import polars as pl

from outspread.anatomy import load
from outspread.anatomy.code_table import code_table, own_codes, plain_code
from outspread.anatomy.distinct import answer_distinct
from outspread.anatomy.spans import topography_number
from outspread.anatomy.topography import (
    TOPOGRAPHY_SYSTEM,
    with_primary_of_histology,
    with_topography,
)

OUTPUT: Final = {
    "role": pl.String,
    "primary": pl.String,
    "site": pl.String,
    "code_laterality": pl.String,
    "origin": pl.String,
    "histology": pl.String,
    "behavior": pl.String,
    "topography": pl.String,
    "temporality": pl.String,
    "stage_group": pl.String,
    "is_ambiguous": pl.Boolean,
    "code_note": pl.String,
    "code_rule": pl.String,
}
_KEYS: Final = ("system", "code", "morphology", "sex")
_MORPHOLOGY: Final = r"^M?-?(\d{4})\d?(?:/(\d)\d?)?$"  # 8500/3, with or without grade
_SIDED: Final = ("icd10cm", "icd10")  # codes that tell a side are of the CM edition
_SHORTEST: Final = 3
_LONGEST: Final = 7  # longest ICD-10-CM code without its dot
_BEHAVIORS: Final = {
    "0": "benign", "1": "borderline", "2": "in_situ", "3": "malignant", "6": "metastatic",
    "9": "unknown",
}  # fmt: skip
_SEX: Final = {"f": "F", "female": "F", "2": "F", "m": "M", "male": "M", "1": "M"}


def resolve_codes(codes: pl.DataFrame, *, extra: pl.DataFrame | None = None) -> pl.DataFrame:
    """Say what each code means.

    Parameters
    ----------
    codes
        `system` (our short name, a FHIR URI or an OID; see `systems.csv`) and `code`, with or
        without dot. Optional: `morphology` (ICD-O-3, 8500/3 or 8500), which decides the primary
        of an ICD-O-3 topography, and `sex`, which decides a few peritoneal codes.
    extra
        A site's own map with the columns of `codes.csv` (at least system, code, role); its rows
        win over ours. This is the way to a full SNOMED CT map, of which we ship identifiers only.

    Returns
    -------
    The same rows in the same order with the columns of `OUTPUT` (in place of columns so named).
    `role` is primary, secondary, unknown_primary, undetermined, not_cancer, body_site, morphology
    or laterality; null where the code is not known to us. `origin` is the primary that a code of
    spread names (cup: stated to be unknown). `is_ambiguous` marks codes of which more than one
    reading is left.

    Raises
    ------
    KnowledgeError
        K023 if `extra` lacks a column or names what is not ours.

    Sources
    -------
    ICD-10-CM [icd10cm] and mCODE value sets [mcode_stu4], WHO ICD-10 for its own readings of C78
    and C80 [nhs_icd10], EOD 2018 for topography with histology [eod2018].

    Examples
    --------
    >>> found = resolve_codes(pl.DataFrame({"system": ["icd10cm"], "code": ["C79.51"]}))
    >>> found.select("role", "site").rows()
    [('secondary', 'bone')]
    """
    table = _table(extra)

    def answer(questions: pl.DataFrame) -> pl.DataFrame:
        asked = _asked(questions)
        found = with_primary_of_histology(asked, _listed(asked, table))
        return _with_side(_with_morphology(found)).select("key", *OUTPUT)

    answers = answer_distinct(codes, _KEYS, answer)
    kept = codes.drop(name for name in OUTPUT if name in codes.columns)
    return pl.concat([kept, answers], how="horizontal")


def _asked(questions: pl.DataFrame) -> pl.DataFrame:
    """The distinct codes with `key`, `vocabulary`, `reads`, `plain`, `sex_code`, `histology`."""
    systems = load.load("systems").select("name", "reads", vocabulary="system")
    by_code = pl.col("vocabulary") == "icdo3_morphology"
    morphology = pl.when(by_code).then("code").otherwise("morphology").str.strip_chars()
    return (
        questions.with_columns(name=pl.col("system").str.strip_chars().str.to_lowercase())
        .join(systems, on="name", how="left")
        .with_columns(
            plain=plain_code("code"),
            sex_code=pl.col("sex").str.to_lowercase().replace_strict(_SEX, default=None),
            histology=morphology.str.extract(_MORPHOLOGY, 1),
            behavior_code=morphology.str.extract(_MORPHOLOGY, 2),
        )
        .with_columns(number=topography_number("plain"))
    )


def _table(extra: pl.DataFrame | None) -> pl.DataFrame:
    """Our codes, and a site's own above them."""
    ours = code_table().with_columns(is_own=pl.lit(value=False))
    if extra is None:
        return ours
    return pl.concat([ours, own_codes(extra).with_columns(is_own=pl.lit(value=True))])


def _listed(asked: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Each code with the row of the table that says most of it; all null where none does.

    A site's own row wins, then the row of the code's own edition, then the longest part of the
    code, then the row for the patient's sex.
    """
    parts = (
        asked.select("key", "plain", "sex_code", read=pl.col("reads").str.split(" "))
        .explode("read")
        .with_columns(length=pl.int_ranges(_SHORTEST, _LONGEST + 1))
        .explode("length")
        .with_columns(part=pl.col("plain").str.head(pl.col("length")))
        .with_columns(is_whole=pl.col("part") == pl.col("plain"))
    )
    whole = parts.with_columns(part="plain", is_whole=pl.lit(value=True))
    parts = pl.concat([parts, whole]).unique(["key", "read", "part"])
    rows = parts.join(table, left_on=["read", "part"], right_on=["system", "code"]).filter(
        pl.col("is_whole") | (pl.col("match") == "prefix"),
        pl.col("sex").is_null() | (pl.col("sex") == pl.col("sex_code")),
    )
    best = rows.sort(
        "is_own",
        pl.col("read") != "icd10",
        pl.col("part").str.len_chars(),
        pl.col("sex").is_not_null(),
        descending=True,
    ).unique("key", keep="first", maintain_order=True)
    names = ["role", "primary", "site", "origin", "behavior", "temporality", "stage_group"]
    facts = best.select(
        "key",
        *names,
        listed_histology="histology",
        listed_laterality="laterality",
        is_ambiguous=pl.col("ambiguous") == "yes",
        code_note="note",
        code_rule="rule",
    )
    return asked.join(facts, on="key", how="left")


def _with_morphology(answers: pl.DataFrame) -> pl.DataFrame:
    """Let a stated morphology say histology and behavior, and with them the role."""
    stated = pl.col("behavior_code").replace_strict(_BEHAVIORS, default=None)
    is_topography = pl.col("vocabulary") == TOPOGRAPHY_SYSTEM
    is_morphology = pl.col("vocabulary") == "icdo3_morphology"
    spread = is_topography & (stated == "metastatic")
    harmless = is_topography & stated.is_in(["benign", "borderline"])
    open_ = is_topography & (stated == "unknown")
    return answers.with_columns(
        role=pl.when(is_morphology & pl.col("histology").is_not_null()).then(pl.lit("morphology"))
        .when(spread).then(pl.lit("secondary"))
        .when(harmless).then(pl.lit("not_cancer"))
        .when(open_).then(pl.lit("undetermined"))
        .otherwise("role"),
        primary=pl.when(spread | harmless | open_).then(None).otherwise("primary"),
        histology=pl.coalesce("histology", "listed_histology"),
        behavior=pl.coalesce(stated, "behavior"),
    )  # fmt: skip


def _with_side(answers: pl.DataFrame) -> pl.DataFrame:
    """Add laterality from the character of the code that tells it, topography and site."""
    prefixes = load.load("sides").with_columns(pl.col("position").cast(pl.Int32))
    prefixes = prefixes.select("prefix", "position", "right", "left", "bilateral")
    own = answers.filter(pl.col("vocabulary").is_in(_SIDED)).select("key", "plain")
    sided = pl.concat(
        [
            own.with_columns(prefix=pl.col("plain").str.head(width)).join(prefixes, on="prefix")
            for width in (3, 4)
        ]
    ).with_columns(mark=pl.col("plain").str.slice(pl.col("position") - 1, 1))
    side = pl.coalesce(
        pl.when(pl.col("mark") == pl.col(name)).then(pl.lit(name))
        for name in ("right", "left", "bilateral")
    )
    sides = sided.select("key", coded_laterality=side).drop_nulls().unique("key")
    return with_topography(answers.join(sides, on="key", how="left")).with_columns(
        code_laterality=pl.coalesce("coded_laterality", "listed_laterality"),
        is_ambiguous=pl.col("is_ambiguous").fill_null(value=False),
    )
