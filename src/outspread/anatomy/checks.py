"""What must hold of the anatomy files before anything is looked up in them."""

from collections.abc import Callable
from typing import Final

import polars as pl

from outspread.errors import KnowledgeError

_SIDES: Final = {"ipsilateral", "contralateral", "bilateral"}
_REACHES: Final = {"local", "nearby_tissue", "regional_node", "distant_node", "distant"}
_CLASSES: Final = {"localized", "regional_extension", "regional_node", "distant", "unknown"}
_FIELDS: Final = {"T", "N", "M", "T|M", "N|M", "unknown"}
_CONTIGUITY: Final = {"contiguous", "discontiguous", "any"}
_YES_NO: Final = {"yes", "no"}

KEYS: Final = {
    "codes": ["system", "code", "sex"], "sides": ["prefix"], "recoded": ["prefix"],
    "spelling": ["british"],
    "systems": ["name"], "terms": ["term", "needs_node_word"], "wording": ["use", "stem"],
}  # fmt: skip
CLOSED: Final[dict[tuple[str, str], set[str]]] = {
    ("relations", "kind"): {"neighbor", "node", "far"},
    ("relations", "side"): _SIDES,
    ("relations", "contiguity"): _CONTIGUITY,
    ("relations", "summary_stage_class"): _CLASSES,
    ("relations", "tnm_field"): _FIELDS,
    ("relations", "reach_growth"): _REACHES,
    ("relations", "reach_deposit"): _REACHES,
    ("relations", "needs_words"): _YES_NO,
    ("exceptions", "needs_words"): _YES_NO,
    ("exceptions", "side"): _SIDES,
    ("exceptions", "contiguity"): _CONTIGUITY,
    ("exceptions", "reach"): _REACHES,
    ("exceptions", "tnm_field"): _FIELDS,
    ("sites", "paired"): _YES_NO,
    ("sites", "assumed_contiguity"): {"deposit", "only_deposit", "only_growth"},
    ("subsites", "code_decides"): _YES_NO,
    ("subsites", "when_silent"): _YES_NO,
    ("terms", "needs_node_word"): _YES_NO,
    ("primaries", "sex"): {"F", "M"},
    ("primaries", "spread_logic"): {"solid", "cns", "systemic", "unknown_primary"},
    ("selection", "in_doubt"): _YES_NO,
    ("codes", "match"): {"exact", "prefix"},
    ("codes", "role"): {
        "primary", "secondary", "unknown_primary", "undetermined", "not_cancer", "body_site",
        "morphology", "laterality",
    },
    ("codes", "behavior"): {
        "benign", "borderline", "in_situ", "malignant", "metastatic", "unknown",
    },
    ("codes", "laterality"): {"left", "right", "bilateral", "midline"},
    ("codes", "temporality"): {"historical"},
    ("codes", "ambiguous"): _YES_NO,
    ("codes", "sex"): {"F", "M"},
    ("selection", "sex"): {"F", "M"},
    ("recoded", "keeps_part"): _YES_NO,
    ("routes", "contiguity"): {"contiguous", "discontiguous"},
    ("wording", "use"): {"growth", "deposit"},
}  # fmt: skip
REFERENCES: Final = {
    ("relations", "group"): ("primaries", "group"),
    ("relations", "subsite"): ("subsites", "id"),
    ("relations", "site"): ("sites", "id"),
    ("exceptions", "groups"): ("primaries", "group"),
    ("exceptions", "sites"): ("sites", "id"),
    ("exceptions", "subsite"): ("subsites", "id"),
    ("subsites", "part_of"): ("subsites", "id"),
    ("sites", "parent"): ("sites", "id"),
    ("sites", "report_site"): ("sites", "id"),
    ("terms", "site"): ("sites", "id"),
    ("terms", "second_site"): ("sites", "id"),
    ("primaries", "organ_site"): ("sites", "id"),
    ("selection", "primary"): ("primaries", "id"),
    ("codes", "primary"): ("primaries", "id"),
    ("codes", "origin"): ("primaries", "id"),
    ("codes", "site"): ("sites", "id"),
    ("topographies", "site"): ("sites", "id"),
    ("systems", "system"): ("systems", "name"),
    ("routes", "primary"): ("primaries", "id"),
    ("routes", "site"): ("sites", "id"),
}


def check_file(frame: pl.DataFrame, name: str, read: Callable[[str], pl.DataFrame]) -> None:
    """Check one file: keys, sources, closed sets, references, and the tree of sites.

    Raises
    ------
    KnowledgeError
        K002 double or missing key, K003 row without source, K004 value outside a closed set,
        K005 reference to nothing, K006 circle in the tree of sites.
    """
    key = KEYS.get(name, ["id"])
    bad = {
        "K002: key double or missing": pl.struct(key).is_duplicated() | pl.col(key[0]).is_null(),
        "K003: no source": pl.col("source").str.strip_chars().fill_null("") == "",
    }
    for (file, column), allowed in CLOSED.items():
        if file == name:
            bad[f"K004: {column} is none of the allowed words"] = _outside(column, allowed)
    for (file, column), (other, their) in REFERENCES.items():
        if file == name:
            known = set(read(other)[their].drop_nulls()) | {"*"}
            bad[f"K005: {column} is not in {other}.csv ({their})"] = _outside(column, known)
    _refuse(frame.select(**bad), name)
    if name == "sites":
        check_tree(frame)


def check_tree(sites: pl.DataFrame) -> None:
    """Raise K006 if a site is its own ancestor."""
    parents = dict(zip(sites["id"], sites["parent"], strict=True))
    for start in parents:
        seen, at = set[str](), start
        while at:
            if at in seen:
                message = f"K006: anatomy/data/sites.csv goes in a circle at {start}."
                raise KnowledgeError(message)
            seen.add(at)
            at = parents[at]


def _outside(column: str, allowed: set[str]) -> pl.Expr:
    parts = pl.col(column).str.split("|")
    return ~parts.list.eval(pl.element().is_in(sorted(allowed)).all()).list.first().fill_null(
        value=True
    )


def _refuse(bad: pl.DataFrame, name: str) -> None:
    for what in bad:
        if what.any():
            code, reason = what.name.split(": ", 1)
            line = what.arg_true()[0] + 2
            rows = what.sum()
            message = f"{code}: anatomy/data/{name}.csv line {line}: {reason} ({rows} rows)."
            raise KnowledgeError(message)
