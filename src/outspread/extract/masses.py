"""A mass of an organ as the origin of spread, where a document names no cancer of an organ."""

from itertools import pairwise
from typing import Final

from outspread.extract.document import Reading
from outspread.extract.doubts import ends_of_doubts, is_refuted
from outspread.extract.groups import members
from outspread.extract.kinds import MASSES
from outspread.extract.primaries import (
    OFTEN_REACHED,
    SECONDARY_PLACES,
    begins_as_sarcoma,
    is_foreign_to,
    is_seat,
    primary_of,
    tells_carcinoma,
)
from outspread.extract.statements import Statement, affirms, is_likely
from outspread.read.places import is_within, organ_of, primary_at

_MASS: Final = frozenset({"mass", "masses"})
_OF_CANCERS: Final = members("masses.of_cancers")
_CLEARED: Final = members("masses.cleared")
_DENIALS: Final = frozenset({"no", "for", "without", "of"})
_GUESSED: Final = members("masses.guessed")  # cancers that a kind is taken for
_INVOLVED: Final = ("growth.phrase", None)  # where spread is told in the same sentence
_WALL: Final = members("masses.own_layers")  # "invaded the muscularis of the stomach"
_NEAR: Final = 4  # words between a mass and the organ that it is in


def mass_of_origin(reading: Reading) -> dict[str, str]:
    """Cancer of the one organ that holds a mass: "mass in the pancreas and liver metastases".

    None where masses of several organs are told of, or only of organs that others reach.
    """
    words, ends = reading.tokens.words, ends_of_doubts(reading)
    is_epithelial = tells_carcinoma(reading.statements)
    reached = {
        s.site for s in reading.statements if s.role == "secondary" and not s.verdict.is_negated
    }
    seen = {
        primary_of(s): s.site
        for s in reading.lesions
        if s.verdict.certainty != "possible"
        and not (s.site.startswith("ln") or s.site in reached)
        and s.site not in SECONDARY_PLACES
        and is_seat(s.site)
        and not is_refuted(s, ends)
        and not (is_epithelial and begins_as_sarcoma(primary_of(s)))
        and not _MASS.isdisjoint(words[max(0, s.first - _NEAR) : s.last + 2])
    }
    return seen if len(seen) == 1 else {}


def seated(cancers: dict[str, str], reading: Reading) -> dict[str, str]:
    """Cancers; one only guessed by its kind is of the organ in which it was found.

    "Biopsy of the prostate: small cell carcinoma", where nothing is told of the lung.
    """
    told = [s for s in reading.statements if s.role != "secondary" and affirms(s)]
    for name in [n for n in cancers if n in _GUESSED]:
        own = [s for s in told if primary_of(s) == name]
        kinds = {s.histology for s in own}
        organ = organ_of(name) or ""
        seen = [*told, *reading.lesions]
        is_guess = all(s.rule == "primary.usual" for s in own)
        if not is_guess or any(s.site and is_within(s.site, organ) and s not in own for s in seen):
            continue
        held = [
            s for s in told
            if s.role == "found" and s.histology in kinds and is_seat(s.site)
            and s.site not in SECONDARY_PLACES | OFTEN_REACHED and not s.site.startswith("ln")
            and s.verdict.certainty != "possible"
        ]  # fmt: skip
        if held:
            rest = {n: site for n, site in cancers.items() if n != name}
            return rest | {primary_of(held[0]): held[0].site}
    return cancers


def removed_origin(reading: Reading) -> dict[str, str]:
    """Cancer of the one organ that was removed radically, which is done for cancer alone."""
    words = reading.tokens.words
    removed = {
        g.organs[0] for g in reading.treatments
        if g.strength == "organ" and g.status == "done" and g.organs
        and "radical" in words[max(0, g.first - 1) : g.last]
    }  # fmt: skip
    named = {primary_at(organ): organ for organ in removed}
    return {name: organ for name, organ in named.items() if name and len(named) == 1}


def involved_origin(statements: list[Statement], words: list[str]) -> dict[str, str]:
    """Organ that a cancer of no other origin is told to involve: "carcinoma involving the tonsil".

    None where it may as well have come there: into an organ that others often reach.
    """
    mine = [s for s in statements if is_likely(s)]
    cancers = [s for s in mine if s.rule == "primary.unplaced"]
    for s in mine:
        is_wall = s.contiguity == "contiguous" and not _WALL.isdisjoint(words[s.first : s.last + 1])
        is_involved = s.rule == "growth.involved" or (s.rule, s.contiguity) == _INVOLVED
        is_told = (is_involved or is_wall) and any(
            (is_wall or c.first < s.first < c.last) and not is_foreign_to(c.histology[:4], s.site)
            for c in cancers
        )
        if is_told and s.site not in SECONDARY_PLACES | OFTEN_REACHED and is_seat(s.site):
            return {name: s.site} if (name := primary_of(s)) else {}
    return {}


def without_involved(statements: list[Statement], cancers: dict[str, str]) -> list[Statement]:
    """Statements without the parts of its own organ that a cancer involves."""
    return [s for s in statements if s.rule != "growth.involved" or primary_of(s) not in cancers]


def resected_tumor(reading: Reading) -> dict[str, str]:
    """Cancer of an organ whose tumors are taken for cancers, where one was resected."""
    words = reading.tokens.words
    operated = {o for g in reading.treatments if g.modality == "surgery" for o in g.organs}
    tumors = [s for s in reading.statements if s.rule in MASSES and affirms(s)]
    tumors = [s for s in tumors if s.site in _OF_CANCERS & operated]
    if not tumors or not _CLEARED.isdisjoint(words):
        return {}
    told = {a for a, b in pairwise(words) if b == "malignancy"}
    return {primary_of(s): s.site for s in tumors} if _DENIALS.isdisjoint(told) else {}
