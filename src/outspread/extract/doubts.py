"""Doubts of a document and what becomes of them: something else, or nothing of the kind."""

from bisect import bisect_right
from functools import cache
from operator import itemgetter
from typing import Final

from outspread.anatomy.load import sites
from outspread.extract.document import Reading
from outspread.extract.groups import members
from outspread.extract.kinds import MASSES
from outspread.extract.primaries import SECONDARY_PLACES
from outspread.extract.statements import Statement, counts, is_likely, is_sure, refuted
from outspread.read.places import overlap

_ANY: Final = "8000"
_PLACE: Final = itemgetter(1)
BODY_CAVITY: Final = members("resolve.body_cavity")
UNNAMED: Final = members("resolve.unnamed")
REFUTED_WITHIN: Final = 120  # words between a suspicion and what it turned out to be
NAMED_WITHIN: Final = 500  # where the result names the place


@cache
def report_sites() -> dict[str, str]:
    """Give the organ that reports name for each site."""
    return dict(sites().select("id", "report_site").iter_rows())


def settled(reading: Reading) -> list[Statement]:
    """Statements; the doubtful ones denied that a later sentence tells to be something else."""
    ends, excluded = ends_of_doubts(reading), _excluded(reading.statements)
    ends = sorted(ends + _of_no_origin(reading, ends), key=_PLACE)
    if not (ends or excluded):
        return reading.statements
    named = [(at, end) for at, end in ends if at]
    return [
        refuted(s)
        if (not is_sure(s)
            and (is_refuted(s, ends) or is_refuted(s, excluded, within=NAMED_WITHIN)))
        or (s.rule in MASSES and is_refuted(s, named))
        else s
        for s in reading.statements
    ]  # fmt: skip


def _of_no_origin(reading: Reading, ends: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Where a mass proved benign whose spread was feared, in a text that names no cancer."""
    seen = {s.site for s in reading.lesions} - SECONDARY_PLACES
    if seen.isdisjoint(at for at, _ in ends) or any(map(names_cancer, reading.statements)):
        return []
    return [("", end) for at, end in ends if at in seen]


def _excluded(statements: list[Statement]) -> list[tuple[str, int]]:
    """Where cancer of any kind is told to be excluded, each with the site named for it.

    It is at any place where the text names no cancer.
    """
    is_bare = not any(map(names_cancer, statements))
    ends = [
        ("" if is_bare else s.site, s.last) for s in statements
        if s.role != "secondary" and s.verdict.is_refuted and s.histology[:4] == _ANY and counts(s)
    ]  # fmt: skip
    return sorted(ends, key=_PLACE)


def names_cancer(s: Statement) -> bool:
    """Tell whether a statement is of a cancer, and not only of a tumor or of spread."""
    return s.role != "secondary" and s.rule not in MASSES and is_likely(s)


def ends_of_doubts(reading: Reading) -> list[tuple[str, int]]:
    """Where a text tells that something is no cancer, each with the site it names, in order."""
    ends = [
        (kind.removeprefix("refuted "), first)
        for kind, first, _ in reading.notes
        if kind.startswith("refuted ")
    ]
    return sorted(ends, key=_PLACE)


def is_refuted(
    statement: Statement, ends: list[tuple[str, int]], *, within: int = REFUTED_WITHIN
) -> bool:
    """Whether one of the later results is that of a statement; `within` where it names no place."""
    is_open = not statement.site and statement.role == "primary"
    return any(
        end - statement.last <= (NAMED_WITHIN if at and not is_open else within)
        and (is_open or is_same(statement, at))
        for at, end in soon_after(statement, ends)
    )


def soon_after(statement: Statement, ends: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Those of the results, in their order, that come after a statement and near it."""
    first = bisect_right(ends, statement.last, key=_PLACE)
    return ends[first : bisect_right(ends, statement.last + NAMED_WITHIN, key=_PLACE)]


def answered(statements: list[Statement]) -> list[Statement]:
    """Statements; a place that was only asked for is denied by a later "no metastases"."""
    ends = [
        s.first for s in statements
        if s.role == "secondary" and s.site in UNNAMED and s.verdict.is_negated and counts(s)
    ]  # fmt: skip
    if not ends:
        return statements
    return [
        refuted(s)
        if s.section == "indication" and s.verdict.certainty == "possible" and s.first < ends[-1]
        else s
        for s in statements
    ]


def is_same(statement: Statement, site: str) -> bool:
    """Whether a result without a place, or at this one, may be that of a suspicion."""
    mine = statement.site
    is_any = statement.rule == "found.before" and statement.histology[:4] == _ANY
    if not site or mine in UNNAMED or (mine.startswith("ln") and site.startswith("ln")) or is_any:
        return True  # of a feared "malignancy" no sentence tells the place
    return overlap(mine, site) or alike(mine) == alike(site)


def alike(site: str) -> str:
    """Give the organ that reports name, the linings and fluids of a cavity as one."""
    return "peritoneum" if site in BODY_CAVITY else report_sites().get(site, site)
