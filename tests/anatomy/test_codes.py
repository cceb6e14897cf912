"""What codes mean: golden cases, every code of the mCODE value set, a site's own map."""

from pathlib import Path

import polars as pl
import pytest

from outspread.anatomy import load
from outspread.anatomy.code_table import code_table
from outspread.anatomy.codes import OUTPUT, resolve_codes
from outspread.errors import KnowledgeError

CASES = pl.read_csv(Path(__file__).parents[1] / "cases" / "codes.csv", infer_schema=False)
ASKED = ("system", "code", "morphology", "sex")
FACTS = tuple(name for name in CASES.columns if name not in ("case", *ASKED))


@pytest.fixture(scope="module")
def answered() -> pl.DataFrame:
    found = resolve_codes(CASES.select("case", *ASKED))
    return found.with_columns(pl.col("is_ambiguous").cast(pl.String)).select("case", *FACTS)


@pytest.mark.parametrize("case", CASES["case"])
def test_golden_code(case: str, answered: pl.DataFrame) -> None:
    expected = CASES.filter(pl.col("case") == case).select(FACTS).row(0, named=True)
    assert answered.filter(pl.col("case") == case).select(FACTS).row(0, named=True) == expected


STATED = (Path(__file__).parents[1] / "cases" / "secondary_codes.txt").read_text().split()


@pytest.mark.parametrize("code", STATED)
def test_every_code_of_spread_names_a_place(code: str) -> None:
    answer = resolve_codes(pl.DataFrame({"system": ["icd10cm"], "code": [code]})).row(0, named=True)
    assert answer["role"] == "secondary"
    assert answer["primary"] is None
    assert answer["site"] is not None


def test_codes_that_sites_carry_lead_back_to_their_report_site() -> None:
    sites = load.sites().filter(pl.col("icd10cm").is_not_null()).select("icd10cm", "id")
    answers = resolve_codes(sites.select(system=pl.lit("icd10cm"), code="icd10cm"))
    assert answers["role"].unique().to_list() == ["secondary"]


@pytest.mark.parametrize("digit", range(10))
def test_every_category_of_icd10_neoplasms_is_known(digit: int) -> None:
    missing = {"C29", "C35", "C36", "C42", "C59", "C27", "C28", "C87", "C89", "C98", "C99"}
    codes = [f"C{digit}{part}" for part in range(10)]
    answers = resolve_codes(pl.DataFrame({"system": ["icd10"] * 10, "code": codes}))
    unknown = set(answers.filter(pl.col("role").is_null())["code"])
    assert unknown <= missing


def test_every_topography_with_a_usual_histology_has_one_primary() -> None:
    numbers = load.topographies().filter(~(pl.col("topography") // 10).is_in([42, 76, 77, 80]))
    digits = pl.col("topography").cast(pl.String).str.pad_start(3, "0")
    asked = numbers.select(code="C" + digits, system=pl.lit("icdo3"), morphology=pl.lit("8140/3"))
    answers = resolve_codes(asked)
    assert answers["primary"].null_count() == 0
    assert answers["topography"].null_count() == 0


def test_a_sites_own_map_wins() -> None:
    own = pl.DataFrame(
        {
            "system": ["http://snomed.info/sct", "icd10cm"],
            "code": ["999000111", "C79.51"],
            "role": ["primary", "secondary"],
            "primary": ["thyroid", None],
            "site": [None, "spine"],
        }
    )
    asked = pl.DataFrame({"system": ["snomed", "icd10cm"], "code": ["999000111", "C7951"]})
    answers = resolve_codes(asked, extra=own)
    assert answers.select("role", "primary", "site").rows() == [
        ("primary", "thyroid", "thyroid"),
        ("secondary", None, "spine"),
    ]


BROKEN_MAPS = {
    "no role": {"system": ["snomed"], "code": ["1"]},
    "vocabulary": {"system": ["none"], "code": ["1"], "role": ["primary"]},
    "role": {"system": ["snomed"], "code": ["1"], "role": ["main"]},
    "primary": {"system": ["snomed"], "code": ["1"], "role": ["primary"], "primary": ["x"]},
    "site": {"system": ["snomed"], "code": ["1"], "role": ["secondary"], "site": ["x"]},
}


@pytest.mark.parametrize("case", BROKEN_MAPS)
def test_a_broken_map_is_refused(case: str) -> None:
    asked = pl.DataFrame({"system": ["snomed"], "code": ["1"]})
    with pytest.raises(KnowledgeError, match="K023"):
        resolve_codes(asked, extra=pl.DataFrame(BROKEN_MAPS[case]))


def test_no_code_has_two_readings_of_equal_weight() -> None:
    assert code_table().select("system", "code", "sex").is_unique().all()


def test_snomed_rows_hold_identifiers_only() -> None:
    snomed = code_table().filter(pl.col("system") == "snomed")
    assert snomed["code"].str.contains(r"^\d{6,18}$|E\+13$").all()
    assert snomed["note"].drop_nulls().str.contains(r"^[a-z_]+$").all()


def test_order_and_columns_are_kept() -> None:
    asked = pl.DataFrame({"row": [1, 2, 3], "system": ["icd10cm"] * 3, "code": ["C61", "?", "C61"]})
    answers = resolve_codes(asked)
    assert answers.columns == ["row", "system", "code", *OUTPUT]
    assert answers["primary"].to_list() == ["prostate", None, "prostate"]


def test_no_code_gives_no_answer() -> None:
    none = pl.DataFrame(schema={"system": pl.String, "code": pl.String})
    assert resolve_codes(none).height == 0
