"""The reach cases of `tests/cases/reach` as records, and what the story makes of them.

A case is a row that a clinician can read and sign. `findings` holds what is found outside the
place of origin: items separated by "; ", each a site, then `@ipsilateral`, `@contralateral` or
`@bilateral`, then `:growth` or `:deposit`, then `?` where only suspected; a leading `-` denies it.
"""

import re
from functools import cache
from pathlib import Path

import polars as pl

from outspread.anatomy.load import load
from outspread.diagnose import diagnose
from people import AS_OF, Row, primary, records, secondary, stage

FOLDER = Path(__file__).parent / "cases" / "reach"
_ITEM = re.compile(r"^(-?)([a-z_0-9]+)(?:@(\w+))?(?::(growth|deposit))?(\??)$")
_CODE = re.compile(r"C\d\d")
_CONTIGUITY = {"growth": "contiguous", "deposit": "discontiguous", None: None}
_OTHER = {"left": "right", "right": "left"}
_BEHAVIOR = {"0": "benign", "1": "borderline", "2": "in_situ", "3": "malignant"}


@cache
def cases() -> pl.DataFrame:
    """All cases, one row each, with the file they stand in."""
    files = sorted(FOLDER.glob("*.csv"))
    return pl.concat(
        pl.read_csv(file, infer_schema=False).with_columns(group=pl.lit(file.stem))
        for file in files
    )


def known() -> pl.DataFrame:
    """Cases in which we differ from the source in extent, with the reason (case_id, why)."""
    return pl.read_csv(FOLDER.parent / "reach_known.csv", infer_schema=False)


def says_something(case: Row) -> bool:
    """Tell whether columns can hold the case; the others need its sentence to be read."""
    found = [item for item in items(case) if not item.startswith("-") and item[-1] != "?"]
    return bool(found or case["stage"] or (case["morphology"] or "").endswith("/2"))


def statements(case: Row) -> list[Row]:
    """Findings of a case, as a reader of columns would give them."""
    common = {"patient_id": case["case_id"]}
    side = case["laterality"] or ("left" if "lateral" in (case["findings"] or "") else None)
    histology, _, behavior = (case["morphology"] or "").partition("/")
    origin = primary(
        case["primary"],
        topography=_topography(case),
        laterality=side,
        morphology=histology or None,
        behavior=_BEHAVIOR.get(behavior),
    )
    subsite = case["subsite"] or ""
    origin["qualifier"] = None if _CODE.match(subsite) else subsite.replace("_", " ") or None
    others = [_finding(item, side) for item in items(case)]
    others += [_stage(case["stage"])] if case["stage"] else []
    about = {"about_ref": f"primary/{case['case_id']}"}
    return [
        origin | common | {"source_ref": about["about_ref"]},
        *(row | common | about for row in others),
    ]


def items(case: Row) -> list[str]:
    """The items of `findings`."""
    return [item for item in (case["findings"] or "").split("; ") if item]


def _finding(item: str, side: str | None) -> Row:
    match = _ITEM.match(item)
    assert match, item
    denied, site, relative, contact, doubt = match.groups()
    absolute = {
        "ipsilateral": side,
        "contralateral": _OTHER.get(side or ""),
        "bilateral": "bilateral",
    }
    return secondary(
        site,
        laterality=absolute.get(relative or ""),
        contiguity=_CONTIGUITY[contact],
        polarity="negated" if denied else "affirmed",
        certainty="possible" if doubt else "confirmed",
    )


def _stage(said: str) -> Row:
    """A stage as written: "T4b N1 M0", "group=IVA ajcc=8", "figo=IIIC"."""
    facts: Row = {}
    for word in said.split():
        name, _, value = word.partition("=")
        if not value:
            facts[word[0].lower()] = word[1:]
        elif name == "group":
            facts["stage_group"] = value
        elif name == "ajcc":
            facts |= {"stage_system": "ajcc", "stage_edition": value}
        else:
            facts |= {"stage_system": name, "stage_group": value}
    return stage(**facts)


def _topography(case: Row) -> str | None:
    subsite = case["subsite"]
    if not subsite or _CODE.match(subsite):
        return subsite
    codes = load("subsites").filter(pl.col("id") == subsite)["icdo3"].to_list()
    first = re.match(r"C\d\d\.\d", codes[0] or "") if codes else None
    return first.group() if first else None


@cache
def answers() -> pl.DataFrame:
    """Cases that columns can hold, with our extent, M, Summary Stage and name beside them."""
    rows = [case for case in cases().iter_rows(named=True) if says_something(case)]
    told = diagnose(records([row for case in rows for row in statements(case)]), as_of=AS_OF)
    key = pl.col("patient_id").alias("case_id")
    own = told.disease.sort("patient_id", "disease_id").unique("patient_id", keep="first")
    spread = told.lesion.filter(
        (pl.col("role") == "secondary") & (pl.col("certainty") != "possible")
    )
    classes = spread.group_by(key).agg(
        pl.col("tnm_field").drop_nulls().unique(), pl.col("summary_stage_class").drop_nulls()
    )
    said = own.select(
        key,
        pl.col("extent").cast(pl.String).alias("our_extent"),
        pl.col("possible_extent").cast(pl.String).alias("our_possible_extent"),
        pl.col("name").alias("our_name"),
        pl.col("m").alias("stated_m"),
    )
    return (
        pl.DataFrame(rows)
        .join(said, on="case_id", how="left")
        .join(classes, on="case_id", how="left")
        .with_columns(_our_m().alias("our_m"), _our_summary_stage().alias("our_summary_stage"))
    )


def _our_m() -> pl.Expr:
    """M1 where a place counts as M or M1 is stated; M0 where only M0 is stated; else empty."""
    fields = pl.col("tnm_field")
    return (
        pl.when(fields.list.contains("M") | pl.col("stated_m").str.starts_with("1"))
        .then(pl.lit("M1"))
        .when(pl.col("stated_m") == "0")
        .then(pl.lit("M0"))
    )


def _our_summary_stage() -> pl.Expr:
    """Summary Stage 2018 code that the places of spread make; empty without any."""
    has = pl.col("summary_stage_class").list
    direct, nodes = has.contains("regional_extension"), has.contains("regional_node")
    return (
        pl.when(has.contains("distant"))
        .then(pl.lit("7"))
        .when(direct & nodes)
        .then(pl.lit("4"))
        .when(nodes)
        .then(pl.lit("3"))
        .when(direct)
        .then(pl.lit("2"))
        .when(pl.col("our_extent") == "in_situ")
        .then(pl.lit("0"))
    )
