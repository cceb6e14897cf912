"""What follows from facts, also where they contradict each other."""

import polars as pl
import pytest

from outspread.plan.imply import apply_implications, fired, stated
from outspread.plan.logic import factor_schema
from outspread.plan.pack.load import own_pack
from plan import plain_loop
from plan.judged import listed

PACK = own_pack()
CMET = {"cmet_protein": "high"}
DRIVERS_NEGATIVE = {
    "egfr": "wildtype", "alk": "negative", "ros1": "negative", "ret": "wildtype",
    "met": "wildtype", "braf": "other", "ntrk": "none", "her2_mut": "none",
}  # fmt: skip

FOLLOWS: dict[str, tuple[plain_loop.Facts, plain_loop.Facts]] = {
    "low staining is HER2-negative": (
        {"her2_ihc": "1+"}, {"her2_expression": "low", "her2": "negative"},
    ),
    "2+ alone says nothing": ({"her2_ihc": "2+"}, {}),
    "2+ amplified is positive": (
        {"her2_ihc": "2+", "her2_ish": "positive"},
        {"her2_expression": "2plus_ish_pos", "her2": "positive"},
    ),
    "ihc 0 leaves zero or ultralow open": ({"her2_ihc": "0"}, {"her2": "negative"}),
    "mmol/L become mg/dL": (
        {"calcium_mmol_l": 3.9}, {"calcium_mg_dl": 3.9 * 4.008, "hypercalcemia": "yes"},
    ),
    "stated mg/dL are not made anew": (
        {"calcium_mmol_l": 3.9, "calcium_mg_dl": 9.0}, {"calcium_mg_dl": 9.0},
    ),
    "one driver is enough": ({"primary": "nsclc", "ret": "fusion"}, {"driver": "actionable"}),
    "drivers are of lung cancer only": ({"primary": "breast", "alk": "positive"}, {}),
    "all drivers negative": ({"primary": "nsclc", **DRIVERS_NEGATIVE}, {"driver": "none"}),
    "one untested driver leaves it open": (
        {"primary": "nsclc", **DRIVERS_NEGATIVE, "egfr": None}, {},  # type: ignore[dict-item]
    ),
    "KRAS G12C is RAS-mutated": ({"kras": "g12c"}, {"ras": "mutated"}),
    "two genes do not beat a stated mutation": (
        {"ras": "mutated", "kras": "wildtype", "nras": "wildtype"}, {},
    ),
    "late relapse of the ovary": (
        {"primary": "ovary", "platinum_free_months": 6.0},
        {"platinum_sensitive": "yes", "platinum_resistant": "no"},
    ),
    "third line has two before it": ({"line": "3"}, {"prior_systemic_lines": 2.0}),
    "no line before distant disease": (
        {"prior_systemic_lines": 0.0, "extent": "oligomet"},
        {"line": "1", "prior_chemo_lines_met": 0.0},
    ),
    "no line before, but one is stated": (
        {"prior_systemic_lines": 0.0, "extent": "met", "line": "maint"},
        {"prior_chemo_lines_met": 0.0},
    ),
    "no line before, spread not known": (
        {"prior_systemic_lines": 0.0}, {"prior_chemo_lines_met": 0.0},
    ),
    "a seizure is a symptom of brain metastases": (
        {"brain_mets": "yes", "seizures": "yes"}, {"brain_symptoms": "yes"},
    ),
    "a seizure alone is none": ({"seizures": "yes"}, {}),
    "a high marker makes a nonseminoma poor": (
        {"primary": "testis_germ_cell", "histology": "nonseminoma", "afp": 20000.0},
        {"igcccg": "poor"},
    ),
    "a lower marker leaves the group open": (
        {"primary": "testis_germ_cell", "histology": "nonseminoma", "afp": 9000.0}, {},
    ),
    "a seminoma is never poor": (
        {"primary": "testis_germ_cell", "histology": "seminoma", "bone_mets": "yes"},
        {"igcccg": "intermediate"},
    ),
    "the type is not known": ({"primary": "testis_germ_cell", "bone_mets": "yes"}, {}),
    "maintenance has no number": ({"line": "maint"}, {}),
    "first line says nothing of lines before": ({"line": "1"}, {}),
    "what follows beats what is stated": (
        {"her2": "negative", "her2_ihc": "3+"}, {"her2": "positive", "her2_expression": "3plus"},
    ),
    "disagreement is unknown": (
        {"her2_ihc": "0", "her2_expression": "3plus"}, {"her2": None},  # type: ignore[dict-item]
    ),
    "ground that is overruled carries nothing": (
        {"pik3ca": "mutated", "pi3k_pathway": "none"},
        {"pik3ca": None, "pi3k_pathway": None},  # type: ignore[dict-item]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "more"), FOLLOWS.values(), ids=FOLLOWS)
def test_what_follows(facts: plain_loop.Facts, more: plain_loop.Facts) -> None:
    told = {name: fact for name, fact in facts.items() if fact is not None}
    table = pl.DataFrame([told], schema=factor_schema(PACK.factors))
    found = apply_implications(table, PACK).select(*PACK.factors).row(0, named=True)
    known = {name: fact for name, fact in found.items() if fact is not None}
    expected = {name: fact for name, fact in {**told, **more}.items() if fact is not None}
    assert known == pytest.approx(expected)
    assert plain_loop.apply_implications(told, PACK) == pytest.approx(expected)


def test_what_was_stated_and_why_it_changed_is_kept() -> None:
    facts = {"her2": "negative", "her2_ihc": "3+"}
    table = pl.DataFrame([facts], schema=factor_schema(PACK.factors))
    found = apply_implications(table, PACK).row(0, named=True)
    assert found[stated("her2")] == "negative"
    assert found[fired("her2-expression-positive")]
    assert not found[fired("her2-ihc-1")]


@pytest.mark.parametrize(
    ("told", "option", "verdict"),
    [
        ({"kras": "mutated"}, "nsclc-kras-g12c-2l", "needs"),
        ({"kras": "g12c"}, "nsclc-kras-g12c-2l", "applies"),
        ({**CMET, "histology": "adenocarcinoma"}, "nsclc-cmet-high-teliso", "applies"),
        ({**CMET, "histology": "squamous"}, "nsclc-cmet-high-teliso", None),
        ({**CMET, "histology": "carcinoma"}, "nsclc-cmet-high-teliso", "needs"),
    ],
    ids=["coarse mutation", "fine mutation", "fine type", "other type", "coarse type"],
)  # fmt: skip
def test_a_coarse_word_is_unknown_against_a_finer_one(
    told: dict[str, str], option: str, verdict: str | None
) -> None:
    found = listed(primary="nsclc", extent="met", line=2, prior_systemic_lines=1, **told)
    assert [group for group in found if option in found[group]] == ([verdict] if verdict else [])
