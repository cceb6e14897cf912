"""By which way: the row that fits best, and unknown where none does."""

import polars as pl
import pytest

from outspread.anatomy.route import assign_route

ROUTES = {
    "portal blood": "colon liver distant discontiguous hematogenous",
    "lower bowel to lung": "rectum lung distant discontiguous hematogenous",
    "growth": "colon liver nearby_tissue contiguous direct_extension",
    "nodes": "breast ln_axillary regional_node - lymphatic",
    "distant nodes": "colon ln_supraclavicular distant_node - lymphatic",
    "inside the vein": "kidney inferior_vena_cava nearby_tissue contiguous direct_extension",
    "a vertebra through the spine": "prostate lumbar_spine distant discontiguous hematogenous",
    "cavity": "ovary omentum distant discontiguous transcoelomic",
    "malignant fluid": "breast pleural_effusion distant discontiguous transcoelomic",
    "cerebrospinal fluid": "breast leptomeninges distant discontiguous csf",
    "in transit": "melanoma_skin skin_satellite regional_node discontiguous lymphatic",
    "debated": "stomach ovary distant discontiguous unknown",
    "nothing listed": "thyroid spleen distant discontiguous unknown",
    "no primary": "- liver distant - hematogenous",
    "no reach": "lymphoma liver - - -",
}
COLUMNS = ("primary", "site", "reach", "contiguity_used", "route")


@pytest.mark.parametrize("case", ROUTES)
def test_route(case: str) -> None:
    values = [None if word == "-" else word for word in ROUTES[case].split()]
    asked = pl.DataFrame([values], schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    assert assign_route(asked.drop("route"))["route"].item() == values[-1]
