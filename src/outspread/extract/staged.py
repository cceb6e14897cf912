"""What a stage tells of a document that does not say it in words: its organ, its nodes."""

from outspread.extract.document import Reading
from outspread.extract.doubts import UNNAMED
from outspread.extract.kinds import MASSES
from outspread.extract.primaries import primary_of
from outspread.extract.statements import Statement, affirms, counts, is_likely, is_sure
from outspread.extract.verdict import Verdict
from outspread.read.places import overlap, primary_at


def staged_mass(statements: list[Statement]) -> dict[str, str]:
    """A tumor of an organ that is staged: "the bladder tumor was Ta"."""
    masses = [s for s in statements if s.rule in MASSES and counts(s)]
    named = [(primary_of(s), s.site) for s in masses if not s.verdict.is_negated]
    return dict([pair for pair in named if pair[0]][:1])


def staged_operation(reading: Reading) -> dict[str, str]:
    """The organ that was removed and staged: "total mastectomy ... pT3 pN3a"."""
    if not any(s.t and s.t[:1] in "1234" for s in reading.stages):
        return {}
    organs = [g.organs[0] for g in reading.treatments if g.strength == "organ" and g.organs]
    named = [(primary_at(organ), organ) for organ in organs[:1]]
    return {name: organ for name, organ in named if name}


def staged_nodes(reading: Reading, statements: list[Statement]) -> list[Statement]:
    """Regional nodes that an N category above 0 states, where no nodes are told otherwise."""
    if any(
        s.role == "secondary" and s.site.startswith("ln") and affirms(s) and is_sure(s)
        for s in statements
    ):
        return []
    free = [s.first for s in reading.stages if s.basis == "pathological" and s.n and s.n[:1] == "0"]
    return [
        Statement("secondary", "ln_regional", Verdict(), s.first, s.last, "stage.nodes", s.section,
                  contiguity="discontiguous")
        for s in reading.stages
        if s.n and s.n[:1] in "123"
        and (s.basis == "pathological" or all(other < s.first for other in free))
    ]  # fmt: skip


def staged_places(
    reading: Reading, statements: list[Statement], cancers: dict[str, str]
) -> list[Statement]:
    """Tumors found elsewhere that an M category of 1 makes spread, where no other is told."""
    if not any(s.m and s.m[:1] == "1" for s in reading.stages) or any(map(_is_far, statements)):
        return []
    return [
        s._replace(role="secondary", contiguity="discontiguous")
        for s in statements
        if s.role == "found" and s.rule not in MASSES and is_likely(s)
        and not (s.verdict.is_past or _is_own(s, cancers))
    ]  # fmt: skip


def _is_far(s: Statement) -> bool:
    """Whether spread to an organ is told of, and not only growth or a node."""
    is_spread = s.role == "secondary" and s.rule[:6] != "growth" and s.site not in UNNAMED
    return is_spread and not s.site.startswith("ln") and is_likely(s)


def _is_own(s: Statement, cancers: dict[str, str]) -> bool:
    """Whether a tumor is one of the cancers, or within their organs."""
    is_there = any(overlap(s.site, organ) for organ in cancers.values() if organ)
    return is_there or primary_of(s) in cancers
