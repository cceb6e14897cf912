"""What rows of a table say: role, cancer, place, stage, course and spread."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outspread.diagnose import diagnose
from outspread.errors import ReadError
from outspread.read.columns.batches import ROWS_AT_ONCE
from outspread.read.vocabulary import issue_severities, load_rows
from outspread.records import Records
from outspread.tables import BEHAVIOR, CERTAINTY, LATERALITY, POLARITY, ROLE, STAGE_BASIS, STATUS
from read.bundles import ICD10CM, bundle, concept, condition, observation
from read.table_files import Row, each_row, facts, issue_codes, read_rows, write_table
from read.together import read

AS_OF = date(2026, 1, 1)
LEFT_BREAST = {"code": "C50.412", "date": "2019-03-04"}


TUMORS = [
        pytest.param({"code": "C79.51"}, ("secondary", None, "bone", None), id="code of spread"),
        pytest.param(
            {"code": "C50.412"}, ("primary", "breast", "breast", "left"), id="code with a side"
        ),
        pytest.param({"site": "C50.4"}, ("primary", "breast", "breast", None), id="topography"),
        pytest.param(
            {"site": "C22.0", "morphology": "8500/6"},
            ("secondary", None, "liver", None),
            id="topography with a behavior of spread",
        ),
        pytest.param(
            {"site": "C22.0", "role": "metastasis"},
            ("secondary", None, "liver", None),
            id="topography of a stated spread",
        ),
        pytest.param(
            {"site": "liver", "role": "Metastasis", "primary": "Breast cancer"},
            ("secondary", None, "liver", None),
            id="spread in words",
        ),
        pytest.param(
            {"primary": "left breast"}, ("primary", "breast", "breast", "left"), id="cancer"
        ),
        pytest.param(
            {"primary": "lung", "laterality": "R"},
            ("primary", "lung", "lung", "right"),
            id="cancer with a side",
        ),
        pytest.param({"site": "liver"}, ("undetermined", None, "liver", None), id="place alone"),
        pytest.param({"role": "secondary"}, ("secondary", None, "distant_nos", None), id="role"),
        pytest.param(
            {"role": "secondary", "site": "somewhere odd"},
            ("secondary", None, None, None),
            id="spread to an unknown place is not spread to a distant one",
        ),
        pytest.param({"site": "C80.9"}, ("primary", "cup", "unknown_site", None),
                     id="unknown primary"),
        pytest.param({"code": "C50.412", "role": "secondary"},
                     ("undetermined", None, "breast", "left"), id="role against code"),
        pytest.param({"primary": "breast", "site": "liver"},
                     ("undetermined", None, "liver", None), id="place outside of the cancer"),
        pytest.param({"primary": "lung", "code": "C50.412"},
                     ("undetermined", None, "breast", "left"), id="cancer against code"),
    ]  # fmt: skip
SURENESS = [
    ({}, "confirmed", "affirmed"),
    ({"certainty": "suspected"}, "possible", "affirmed"),
    ({"certainty": "hm"}, "possible", "affirmed"),
    ({"certainty": "unknown"}, "possible", "affirmed"),
    ({"polarity": "No"}, "confirmed", "negated"),
]
UNSTATED = [("unknown", "R081"), ("perhaps", "R078")]
DATES = [
    ("2019-03-04", (date(2019, 3, 4), "day")),
    ("20190304", (date(2019, 3, 4), "day")),
    ("2019/03", (date(2019, 3, 1), "month")),
    ("2019-03-04T10:11:12Z", (date(2019, 3, 4), "day")),
    ("03/04/2019", (None, None)),
]
SIZES = [("25", 25), ("2.5 cm", 25), ("999", None)]
read_case = each_row(
    *(param.values[0] for param in TUMORS),
    *(LEFT_BREAST | cells for cells, *_ in SURENESS),
    *(LEFT_BREAST | {"polarity": cell} for cell, _ in UNSTATED),
    *({"code": "C61", "date": cell} for cell, _ in DATES),
    *({"code": "C61", "size_mm": cell} for cell, _ in SIZES),
)


def story(records: Records) -> list[tuple[Any, ...]]:
    tables = diagnose(records, as_of=AS_OF)
    return tables.disease.select("name", "extent", "laterality", "diagnosed_date").rows()


@pytest.mark.parametrize(
    ("row", "expected"),
    TUMORS,
)  # fmt: skip
def test_row_states_a_tumor(row: Row, expected: tuple[Any, ...]) -> None:
    found = facts(read_case(row), "role", "primary", "site", "laterality")
    assert found == [expected]


def test_spread_comes_from_the_cancer_named_beside_it(tmp_path: Path) -> None:
    records = read_rows(tmp_path, {"role": "secondary", "site": "liver", "primary": "breast"})
    assert facts(records, "origin") == [("breast",)]


def test_not_cancer_states_nothing(tmp_path: Path) -> None:
    records = read_rows(tmp_path, {"code": "I10"}, {"code": "D24.1"})
    assert records.finding.is_empty()
    assert records.raw.is_empty()


def test_code_and_morphology_that_disagree_are_two_statements(tmp_path: Path) -> None:
    records = read_rows(tmp_path, {"code": "C50.912", "morphology": "8520/2"})
    assert facts(records, "morphology", "behavior") == [(None, "malignant"), ("8520", "in_situ")]


def test_behavior_of_its_own_column_counts(tmp_path: Path) -> None:
    records = read_rows(tmp_path, {"site": "C50.9", "morphology": "8500", "behavior": "2"})
    assert facts(records, "morphology", "behavior") == [("8500", "in_situ")]


@pytest.mark.parametrize(
    ("cells", "certainty", "polarity"),
    SURENESS,
    ids=["stated", "suspected", "not understood", "unknown", "denied"],
)
def test_certainty_and_polarity(cells: Row, certainty: str, polarity: str) -> None:
    records = read_case(LEFT_BREAST | cells)
    assert facts(records, "certainty", "polarity") == [(certainty, polarity)]


@pytest.mark.parametrize(("cell", "code"), UNSTATED)
def test_row_of_unstated_polarity_is_left_out(cell: str, code: str) -> None:
    records = read_case(LEFT_BREAST | {"polarity": cell})
    assert records.finding.is_empty()
    assert issue_codes(records) == [code]


def test_stage_cells_are_stages_of_their_row(tmp_path: Path) -> None:
    stages = {"t": "pT1c", "n": "1", "m": "M0", "stage": "Stage 3c", "summary_stage": "distant"}
    records = read_rows(tmp_path, LEFT_BREAST | stages | {"id": "T1", "stage_system": "AJCC"})
    columns = "t", "n", "m", "stage_group", "summary_stage", "stage_basis", "stage_system"
    found = facts(records, *columns, "about_ref", kind="stage")
    assert sorted(found, key=str) == sorted(
        [
            ("1c", None, None, None, None, "pathological", "ajcc", "T1"),
            (None, "1", None, None, None, "unspecified", "ajcc", "T1"),
            (None, None, "0", None, None, "unspecified", "ajcc", "T1"),
            (None, None, None, "IIIC", None, "unspecified", "ajcc", "T1"),
            (None, None, None, None, "7", "unspecified", "seer", "T1"),
        ],
        key=str,
    )


def test_columns_that_ask_for_spread(tmp_path: Path) -> None:
    asked = {"mets_bone": "y", "mets_liver": "0", "mets_lung": "unknown", "mets_other": "no"}
    records = read_rows(tmp_path, LEFT_BREAST | asked | {"Brain mets": "1", "mets_distant_ln": "9"})
    found = records.finding.filter(role="secondary")
    assert sorted(found.select("site", "polarity").rows()) == [
        ("bone", "affirmed"),
        ("brain", "affirmed"),
        ("liver", "negated"),
    ]
    assert story(records)[0][:2] == ("breast cancer with bone and brain metastases", "distant")


def test_rows_are_linked_by_about(tmp_path: Path) -> None:
    records = read_rows(
        tmp_path,
        LEFT_BREAST | {"id": "1"},
        {"id": "2", "code": "C18.7"},
        {"id": "3", "role": "secondary", "site": "liver", "about": "2"},
    )
    names = [row[0] for row in story(records)]
    assert names == ["breast cancer, extent unknown", "colon cancer with liver metastases"]


def test_ids_of_two_files_do_not_clash(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", {"patient_id": "ann", "id": "1"} | LEFT_BREAST)
    spread = {"patient_id": "ann", "id": "1", "role": "secondary", "site": "bone", "about": "1"}
    write_table(tmp_path / "b.csv", spread)
    records = read(tmp_path)
    assert records.issue.is_empty()
    assert [row[0] for row in story(records)] == ["breast cancer with bone metastases"]


def test_patient_is_stated_once(tmp_path: Path) -> None:
    records = read_rows(
        tmp_path,
        {"gender": "F", "dob": "1961", "code": "C61"},
        {"gender": "2", "date_of_death": "2021-05"},
    )
    row = records.patient.row(0, named=True)
    assert records.patient.height == 1
    assert (row["sex"], row["birth_date_precision"], row["is_dead"]) == ("female", "year", True)


@pytest.mark.parametrize(
    ("cell", "expected"),
    DATES,
)
def test_dates_are_read_and_never_guessed(cell: str, expected: Any) -> None:
    records = read_case({"code": "C61", "date": cell})
    assert facts(records, "date", "date_precision") == [expected]
    assert issue_codes(records) == ([] if expected[0] else ["R020"])


@pytest.mark.parametrize(("cell", "size"), SIZES)
def test_size_is_in_millimeters(cell: str, size: float | None) -> None:
    assert facts(read_case({"code": "C61", "size_mm": cell}), "size_mm") == [(size,)]


def test_evidence_points_to_the_row_as_read(tmp_path: Path) -> None:
    records = read_rows(tmp_path, LEFT_BREAST | {"note": 'a, "b"', "empty": ""})
    row = records.raw.row(0, named=True)
    assert (row["file"], row["place"], row["source_kind"]) == ("rows.csv", "row 2", "columns")
    assert json.loads(row["content"]) == {"patient_id": "ann", "note": 'a, "b"'} | LEFT_BREAST


def test_columns_of_other_names_are_told(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.csv", {"id": "ann", "dx_date": "2019", "icdo": "C504"})
    with pytest.raises(
        ReadError, match=r"R062: t.csv .* Found: id, dx_date, icdo\. .*patient_id=id"
    ):
        read(path)
    records = read(path, columns={"patient_id": "id", "site": "icdo"})
    assert facts(records, "patient_id", "primary", "topography") == [("ann", "breast", "C50.4")]


@pytest.mark.parametrize(
    "line",
    ["smith7654321,x,date", "smith,female,date", "smith,john", "smith,breast,date", "smith,C61,id"],
    ids=["number", "sex", "names", "cancer", "code"],
)
def test_a_first_line_that_may_be_a_row_is_not_repeated(tmp_path: Path, line: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{line}\n{line}\n")
    with pytest.raises(ReadError, match="does not look like") as caught:
        read(path)
    assert "smith" not in str(caught.value)


def test_a_role_alone_that_is_not_understood_states_no_tumor(tmp_path: Path) -> None:
    records = read_rows(tmp_path, {"kind": "hm", "m": "M0"}, {"kind": "stage", "n": "N0"})
    assert set(records.finding["kind"]) == {"stage"}
    assert issue_codes(records) == ["R074"]


def test_a_file_of_many_rows_is_read_whole(tmp_path: Path) -> None:
    count = 2 * ROWS_AT_ONCE + 1
    people = pl.DataFrame({"mrn": pl.int_range(count, eager=True).cast(pl.String)})
    path = tmp_path / "many.csv"
    people.with_columns(icd10=pl.lit("C79.51")).write_csv(path)
    records = read(path)
    assert records.finding["patient_id"].n_unique() == count
    assert f"row {count + 1}" in records.raw["place"]


def test_a_column_that_is_not_ours_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.csv", {"patient_id": "ann"})
    with pytest.raises(ReadError, match=r"R063: sit .* Did you mean site\?"):
        read(path, columns={"sit": "x"})


@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"]
)
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = write_table(tmp_path / "t", {"mrn": "ann"} | LEFT_BREAST, delimiter=delimiter)
    assert facts(read(path), "primary") == [("breast",)]


def test_parquet_and_text_say_the_same(tmp_path: Path) -> None:
    rows = [{"patient_id": 7, "icd10": "C79.51", "date": date(2019, 3, 4), "size_mm": 12.0}]
    pl.DataFrame(rows).write_parquet(tmp_path / "rows")
    text = {"patient_id": "7", "icd10": "C79.51", "date": "2019-03-04", "size_mm": "12"}
    write_table(tmp_path / "rows.csv", text)
    one, other = (read(tmp_path / name).finding for name in ("rows", "rows.csv"))
    assert one.equals(other)


def test_same_person_as_rows_and_as_fhir_gives_the_same_story(tmp_path: Path) -> None:
    icd = {"system": ICD10CM}
    resources = [
        condition(concept("C50.412", **icd), "c1", onsetDateTime="2019-03-04"),
        condition(concept("C79.51", **icd), "c2", onsetDateTime="2020-05"),
        observation("21907-1", effectiveDateTime="2020-05", valueCodeableConcept={"text": "cM1"}),
    ]
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle(*resources)))
    rows = [LEFT_BREAST, {"code": "C79.51", "date": "2020-05"}, {"m": "cM1", "date": "2020-05"}]
    assert story(read_rows(tmp_path, *rows)) == story(read(path))


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "code": st.sampled_from(["C50.412", "C79.51", "C61", "C77.3", "I10"]),
        "role": st.sampled_from(["primary", "secondary", "mets", "odd"]),
        "site": st.sampled_from(["liver", "C34.1", "axillary node", "odd"]),
        "primary": st.sampled_from(["breast", "lung", "C18.7"]),
        "date": st.sampled_from(["2019", "2020-05-06", "odd"]),
        "m": st.sampled_from(["M0", "cM1"]),
        "status": st.sampled_from(["stable", "ned"]),
        "mets_brain": st.sampled_from(["y", "n", "u"]),
        "certainty": st.sampled_from(["possible", "odd"]),
    },
)


@pytest.mark.slow
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CELLS, min_size=1, max_size=5), st.randoms())
def test_order_of_rows_and_columns_does_not_matter(
    tmp_path: Path, rows: list[Row], random: Any
) -> None:
    mixed = [dict(random.sample(sorted(row.items()), len(row))) for row in rows]
    random.shuffle(mixed)
    one, other = (read_rows(tmp_path, *some) for some in (rows, mixed))
    assert one.finding.sort("evidence_id").equals(other.finding.sort("evidence_id"))
    assert story(one) == story(other)


WORDS = {
    "sex": ("female", "male", "other"),
    "laterality": LATERALITY,
    "behavior": BEHAVIOR,
    "role": ROLE,
    "certainty": CERTAINTY,
    "polarity": (*POLARITY, "unstated"),
    "stage_basis": STAGE_BASIS,
    "status": STATUS,
}


@pytest.mark.parametrize("use", WORDS)
def test_words_of_cells_mean_words_of_the_tables(use: str) -> None:
    means = {row["means"] for row in load_rows("columns_words.csv") if row["use"] == use}
    assert means - {""} <= set(WORDS[use])


@pytest.mark.parametrize("name", ["names", "words", "shapes", "templates", "placeholders"])
def test_every_row_of_knowledge_has_a_source_and_stands_once(name: str) -> None:
    rows = load_rows(f"columns_{name}.csv")
    assert all(row["source"].strip() for row in rows)
    assert len({tuple(row.values())[:2] for row in rows}) == len(rows)


def test_every_issue_has_a_meaning() -> None:
    assert {f"R0{number}" for number in range(70, 87)} <= set(issue_severities())
