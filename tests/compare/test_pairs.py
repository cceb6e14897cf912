"""Cancers of two runs are paired by what they are, not by their number."""

import polars as pl
import pytest

from outspread.compare.pairs import pair_diseases

Cancer = tuple[str | None, str | None, str]
BREAST: Cancer = ("breast", None, "known")
LEFT: Cancer = ("breast", "left", "known")
RIGHT: Cancer = ("breast", "right", "known")
LUNG: Cancer = ("lung", None, "known")
UNKNOWN: Cancer = ("unknown_primary", None, "unknown")
NOT_STATED: Cancer = (None, None, "not_stated")
UNDETERMINED: Cancer = (None, None, "undetermined")


def diseases(*cancers: Cancer) -> pl.DataFrame:
    return pl.DataFrame(
        [("person", number, *cancer, str(cancer)) for number, cancer in enumerate(cancers)],
        schema={
            "patient_id": pl.String,
            "disease_id": pl.Int32,
            "primary": pl.String,
            "laterality": pl.String,
            "origin_status": pl.String,
            "name": pl.String,
        },
        orient="row",
    )


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([BREAST], [LUNG, BREAST], {(0, 1), (None, 0)}),
        ([LEFT, RIGHT], [RIGHT, LEFT], {(0, 1), (1, 0)}),
        ([BREAST, BREAST], [BREAST, BREAST, BREAST], {(0, 0), (1, 1), (None, 2)}),
        ([BREAST], [LEFT], {(0, 0)}),
        ([BREAST], [RIGHT, BREAST], {(0, 1), (None, 0)}),
        ([UNKNOWN], [LUNG], {(0, 0)}),
        ([LUNG], [NOT_STATED], {(0, 0)}),
        ([LUNG, NOT_STATED], [LUNG, UNDETERMINED], {(0, 0), (1, 1)}),
        ([BREAST, NOT_STATED], [BREAST, LUNG], {(0, 0), (1, 1)}),
        ([BREAST], [LUNG], {(0, None), (None, 0)}),
        ([], [LUNG], {(None, 0)}),
        ([], [], set()),
    ],
    ids=[
        "one came before",
        "other order",
        "one more that is alike",
        "side became known",
        "one without a side stays so",
        "origin found",
        "origin given up",
        "origin still not known",
        "origin found beside another",
        "other origin is another cancer",
        "first",
        "none",
    ],
)
def test_pairs(
    old: list[Cancer], new: list[Cancer], pairs: set[tuple[int | None, int | None]]
) -> None:
    found = pair_diseases(diseases(*old), diseases(*new))
    assert set(found.select("old_id", "new_id").rows()) == pairs
    assert found.height == len(pairs)


def test_people_are_kept_apart() -> None:
    other = diseases(LUNG).with_columns(patient_id=pl.lit("other"))
    found = pair_diseases(diseases(LUNG), other)
    assert found.select("patient_id", "old_id", "new_id").rows() == [
        ("other", None, 0),
        ("person", 0, None),
    ]
