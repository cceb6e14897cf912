"""How the places, cancers and histologies of our tables are coded in FHIR.

A concept has the codes of the common vocabularies that mean the same to our own reader, and one of
our own, which says it exactly: `secondary:ln_axillary`.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import polars as pl

from outspread.anatomy.code_table import NOT_STATED, OWN_SYSTEM, code_table
from outspread.anatomy.codes import resolve_codes
from outspread.anatomy.load import primaries, sites
from outspread.read.vocabulary import codes
from outspread.write.fhir.data import profile, system_uri
from outspread.write.wording import behavior_digits

Json = dict[str, Any]
Row = Mapping[str, Any]
UNSAID_HISTOLOGY: Final = "8000"  # neoplasm of no stated kind
_VAGUE: Final = {"primary": "363346000", "secondary": "128462008"}
BOTH: Final = "in_situ_and_malignant"  # one stands in the code, the other one in the histology
_KINDS: Final = {
    "in_situ": "in_situ", "malignant": "primary", "metastatic": "primary", BOTH: "primary",
}  # fmt: skip
_OF_WHO: Final = re.compile(r"[A-Z]\d\d(\.\d)?")  # others are codes of ICD-10-CM alone
_SIDED: Final = ("left", "right")


def coding(system: str, code: str, display: str | None = None) -> Json:
    """One Coding; `system` is our short name."""
    found = {"system": system_uri(system), "code": code}
    return found | ({"display": display} if display else {})


def concept(codings: Iterable[Json], text: str | None = None) -> Json:
    """Give a CodeableConcept of codings and, if any, a text."""
    listed = list(codings)
    return ({"coding": listed} if listed else {}) | ({"text": text} if text else {})


def own(kind: str, name: str) -> Json:
    """Give the coding of our own vocabulary: a kind and an id of our tables."""
    return coding(OWN_SYSTEM, f"{kind}:{name}")


def known_coding(use: str, means: str, detail: str | None = None) -> Json | None:
    """Give the first code that our reader knows for a meaning; None where there is none."""
    for fact in codes(use).values():
        if fact and fact.means == means and detail in (None, fact.detail):
            return coding(fact.system, fact.code)
    return None


@cache
def side_coding(laterality: str) -> Json | None:
    """Code of a side; None where the common vocabularies have none."""
    rows = code_table().filter(role="laterality", laterality=laterality, system="snomed")
    return coding("snomed", rows["code"][0]) if rows.height else None


def histology_code(morphology: str, behavior: str) -> Json:
    """ICD-O-3 morphology with its behavior, as 8500/3."""
    digit = behavior_digits()["in_situ" if behavior == BOTH else behavior]
    return coding("icdo3", f"{morphology}/{digit}")


def place(site: str, laterality: str | None) -> Json:
    """Body site with its side as mCODE qualifies it."""
    row = _site(site)
    snomed = [coding("snomed", row["snomed"])] if row["snomed"] else []
    found = concept([*snomed, own("site", site)], row["name"])
    side = side_coding(laterality) if laterality else None
    return found | ({"extension": [_qualifier(side)]} if side else {})


def _qualifier(side: Json) -> Json:
    return {"url": profile("laterality"), "valueCodeableConcept": {"coding": [side]}}


def primary_concept(disease: Row, text: str) -> Json:
    """Code of a cancer at its origin."""
    primary, topography = disease["primary"], disease["topography"]
    kind = _KINDS.get(disease["behavior"], "tumor")
    offered = _primary_codes(primary) if kind == "primary" else []
    if topography:
        offered = [*offered, ("icdo3", topography)]
    fits = _that_mean(tuple(offered), primary, disease["morphology"], kind)
    found = [coding(*one) for one in fits]
    if not found and kind == "primary":
        found = [coding("snomed", _VAGUE["primary"])]
    return concept([*found, own(kind, primary)], text)


def secondary_concept(lesion: Row, text: str) -> Json:
    """Code of spread to a place, or to one that is not stated."""
    site = lesion["site"]
    if site is None:
        vague = coding("snomed", _VAGUE["secondary"])
        return concept([vague, own("secondary", NOT_STATED)], text)
    row = _site(site)
    side = lesion["laterality"] if lesion["laterality"] in _SIDED else None
    offered = [("snomed", code) for code in _secondary_snomed(site)]
    sided = row[f"icd10cm_{side}"] if side else None
    if sided or row["icd10cm"]:
        offered.append(("icd10cm", sided or row["icd10cm"]))
    codings = [coding(*one) for one in offered] or [coding("snomed", _VAGUE["secondary"])]
    return concept([*codings, own("secondary", site)], text)


@cache
def _site(site: str) -> Row:
    return sites().row(by_predicate=pl.col("id") == site, named=True)


@cache
def _primary_codes(primary: str) -> list[tuple[str, str]]:
    """SNOMED CT and ICD-10 codes that name a cancer as a whole."""
    rows = code_table().filter(
        pl.col("system") == "snomed",
        pl.col("role").is_in(["primary", "unknown_primary"]),
        pl.col("primary") == primary,
        pl.col("match") == "exact",
        pl.col("ambiguous") == "no",
        pl.all_horizontal(
            pl.col("laterality", "histology", "sex", "stage_group", "note").is_null()
        ),
        pl.col("temporality").is_null(),
    )
    found = [("snomed", code) for code in rows["code"].head(1)]
    listed = primaries().filter(id=primary)["icd10"].item()
    icd = (listed or "").split()
    whole = [code for code in icd if code.endswith(".9")] or (icd if len(icd) == 1 else [])
    return found + [("icd10" if _OF_WHO.fullmatch(code) else "icd10cm", code) for code in whole[:1]]


@cache
def _secondary_snomed(site: str) -> list[str]:
    rows = code_table().filter(
        pl.col("system") == "snomed",
        pl.col("role") == "secondary",
        pl.col("site") == site,
        pl.col("match") == "exact",
        pl.col("ambiguous") == "no",
        pl.all_horizontal(
            pl.col("laterality", "origin", "histology", "sex", "note", "temporality").is_null()
        ),
    )
    return rows["code"].head(1).to_list()


@cache
def _that_mean(
    offered: tuple[tuple[str, str], ...], primary: str, morphology: str | None, kind: str
) -> list[tuple[str, str]]:
    """The codes that our own reader takes for the same cancer, with its histology beside them."""
    if not offered:
        return []
    digit = "2" if kind == "in_situ" else "3"
    asked = pl.DataFrame(offered, schema=["system", "code"], orient="row").with_columns(
        morphology=pl.when(pl.col("system") == "icdo3").then(
            pl.lit(f"{morphology or UNSAID_HISTOLOGY}/{digit}")
        )
    )
    found = resolve_codes(asked)
    is_same = found["role"].is_in(["primary", "unknown_primary"]) & (found["primary"] == primary)
    return [one for one, fits in zip(offered, is_same, strict=True) if fits]
