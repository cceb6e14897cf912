"""The vignettes that came with the facts: what must apply, what must not, what must be said."""

import yaml

from anatomy.shared_files import shared
from plan.judged import listed_all


def test_vignettes_list_what_they_expect() -> None:
    path = shared("knowledge", "treatment", "vignettes.yaml")
    vignettes = yaml.safe_load(path.read_text(encoding="utf-8"))["vignettes"]
    assert len(vignettes) > 30
    told = listed_all({vignette["id"]: vignette["patient"] for vignette in vignettes})
    for vignette in vignettes:
        name = vignette["id"]
        found = told[name]
        assert set(vignette["expect_options"]) <= set(found["applies"]), name
        assert not set(vignette["must_not_options"]) & set(found["applies"]), name
        assert set(vignette["must_say"]) <= set(found["says"]), name
        assert "issues" not in found, name
