"""How a statement is meant."""

from typing import NamedTuple


class Verdict(NamedTuple):
    """How a statement is meant. `is_claim` False: it says nothing about this patient now."""

    is_claim: bool = True
    is_negated: bool = False
    is_refuted: bool = False
    certainty: str = "confirmed"
    is_past: bool = False
    is_gone: bool = False
    is_other: bool = False
    is_planned: bool = False
