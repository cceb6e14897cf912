"""Kinds of phrases, statements, sections and words that several rules ask for."""

from typing import Final

NAMES: Final = frozenset({"cancer", "spread_cancer", "malignant", "cells"})
HELD: Final = frozenset({"cancer", "cells"})
TELLING: Final = frozenset({"cancer", "spread", "deposit", "malignant", "cells"})
BENIGN: Final = frozenset({"benign", "benign_tumor"})
OTHER_ILLS: Final = BENIGN | {"refuted_post"}
HEDGES: Final = frozenset({"weak_pre", "strong_pre"})

MASSES: Final = frozenset({"found.mass", "found.tumor"})
"""Rules of statements about a tumor that nobody calls cancer."""
DENIED: Final = frozenset({"negated", "ruled out"})
DISTANT: Final = frozenset({"distant", "distant node", "body cavity"})
TISSUE: Final = frozenset({"diagnosis", "microscopic", "specimen"})
"""Sections that tell what tissue showed."""
OF_NODES: Final = frozenset({"lymphoma", "leukemia_other", "myeloma"})
"""Cancers that are at home in lymph nodes."""

PERSONS: Final = frozenset({"patient", "man", "woman", "lady", "gentleman", "male", "female"})
WITHIN: Final = frozenset({"in", "of", "on", "at"})
IMAGES: Final = frozenset({"ct", "mri", "pet", "scan", "ultrasound", "xray", "cxr", "imaging"})
"""Words for an image."""
CAUSES: Final = frozenset({("due", "to"), ("secondary", "to"), ("because", "of"), ("caused", "by")})
WELL: Final = frozenset({"clear", "normal", "unremarkable"})
"""Words for a place that is well."""
HAVING: Final = (["has"], ["had"])
"""What begins a new clause after a comma: "no ascites, has ..."."""
RIVALS: Final = frozenset({"over", "versus", "vs", "or", "than"})
"""Words before the other possibility."""
