"""Each staging is a row of its own, in its own system, with its meaning and its evidence."""

from datetime import date

from people import primary, stage, story

DAY, LATER = date(2020, 1, 1), date(2021, 1, 1)
CLINICAL = {"stage_system": "ajcc", "stage_edition": "8", "stage_basis": "clinical", "date": DAY}


def test_statements_of_one_staging_make_one_row() -> None:
    rows = [stage(t="2", **CLINICAL), stage(n="1", **CLINICAL), stage(m="0", **CLINICAL)]
    tables = story(primary("breast"), *rows)
    (row,) = tables.staging.rows(named=True)
    assert (row["t"], row["n"], row["m"], row["basis"], row["date"]) == (
        "2", "1", "0", "clinical", DAY,
    )  # fmt: skip
    assert (row["means_lower"], row["means_upper"]) == ("regional", "regional")
    assert row["rule_ids"] == ["extent.tnm_n"]
    assert len(row["evidence_ids"]) == 3


def test_systems_bases_and_days_are_rows_apart() -> None:
    rows = [
        stage(stage_group="IIB", **CLINICAL),
        stage(stage_group="IIIA", **CLINICAL | {"stage_basis": "pathological"}),
        stage(stage_group="IV", **CLINICAL | {"date": LATER}),
        stage(summary_stage="3", stage_system="seer", date=DAY),
    ]
    staging = story(primary("breast"), *rows).staging
    assert staging["staging_id"].to_list() == [0, 1, 2, 3]
    assert staging["stage_group"].to_list() == ["IIB", "IIIA", None, "IV"]
    assert staging["means_upper"].to_list() == [None, None, "regional", "distant"]


def test_two_values_of_one_staging_are_both_kept() -> None:
    rows = [stage(stage_group=value, **CLINICAL) for value in ("IIB", "IIIC")]
    staging = story(primary("breast"), *rows).staging
    assert staging["stage_group"].to_list() == ["IIB", "IIIC"]
    assert staging["evidence_ids"].list.len().to_list() == [1, 1]


def test_a_confined_t_means_localized_with_n0_and_m0_only() -> None:
    whole = story(primary("breast"), stage(t="1", n="0", m="0")).staging.row(0, named=True)
    assert (whole["means_lower"], whole["rule_ids"]) == ("localized", ["extent.tnm_confined"])
    alone = story(primary("breast"), stage(t="1")).staging.row(0, named=True)
    assert (alone["means_lower"], alone["means_upper"]) == (None, None)


def test_what_a_system_measures_is_told() -> None:
    rows = [
        stage(stage_group="IV", stage_system="clark"),
        stage(stage_group="IV", stage_system="lymphoma"),
        stage(stage_group="IV", stage_system="ajcc"),
    ]
    staging = story(primary("melanoma_skin"), *rows).staging
    told = dict(staging.select("system", "measures").rows())
    assert told == {"ajcc": "extent", "clark": "depth", "lymphoma": "blood"}
    assert staging.filter(system="clark")["means_upper"].item() is None


def test_a_stage_of_no_cancer_in_particular_stays_without_one() -> None:
    tables = story(primary("breast"), primary("colon"), stage(stage_group="IV"))
    assert tables.staging["disease_id"].to_list() == [None]
    assert tables.staging["means_upper"].to_list() == [None]
