"""Diagnoses that a later result of tissue replaces: no metastasis, or one after all."""

from operator import attrgetter, itemgetter
from typing import Final

from outspread.extract.document import Reading
from outspread.extract.doubts import NAMED_WITHIN, UNNAMED, alike, is_same, names_cancer, soon_after
from outspread.extract.groups import members
from outspread.extract.kinds import MASSES
from outspread.extract.primaries import primary_of
from outspread.extract.statements import Statement, affirms, is_likely, is_sure, refuted
from outspread.extract.tokens import clause
from outspread.read.places import overlap

_TISSUE: Final = members("revised.tissue")
_INSTEAD: Final = members("revised.instead")
_FIRST: Final = members("revised.first")
_FIRST_RESULTS: Final = members("revised.first_results")
_OWN_WORDS: Final = 12  # words around a statement that tell how it is known
_OF_SPREAD: Final = ("metasta", "secondar", "spread")
_OPERATIONS: Final = ("ectomy", "scopy", "resection", "operation", "surgery")
_CALLED: Final = 3  # words of "a primary (adenocarcinoma)"
_CORRECTED_WITHIN: Final = 60  # words between a first diagnosis and the one that stands
_UNDER: Final = members("revised.under")


def overturned(statements: list[Statement], reading: Reading) -> list[Statement]:
    """Statements; spread told before tissue of the same place showed no cancer is refuted.

    What tissue itself told, or what is told again afterwards, stands.
    """
    words = reading.tokens.words
    is_bare = not any(map(names_cancer, statements))
    ends = [
        (at, first)
        for kind, first, last in reading.notes
        if (at := kind.removeprefix("refuted ")) != kind
        and not _TISSUE.isdisjoint(words[first:last])
        and (
            is_bare or (at and at not in UNNAMED)
            or any(w.startswith(_OF_SPREAD) for w in words[first:last])
        )  # "sarcoidosis, not metastatic spread"
    ]  # fmt: skip
    if not ends:
        return statements
    ends.sort(key=itemgetter(1))
    spread = [s for s in statements if s.role == "secondary" and is_likely(s)]
    last = {alike(s.site): s.first for s in sorted(spread, key=attrgetter("first"))}
    said = []
    for s in statements:
        after = soon_after(s, ends) if _may_err(s, words, is_bare=is_bare) else []
        after = [(at, end) for at, end in after if end >= last.get(alike(s.site), end)]
        said.append(refuted(s) if any(is_same(s, at) for at, _ in after) else s)
    return said


def _may_err(s: Statement, words: list[str], *, is_bare: bool) -> bool:
    """Whether it is spread that no tissue is told to have shown, or of no cancer (`is_bare`)."""
    is_spread = s.role == "secondary" and s.rule[:6] == "spread"
    if not (is_spread and affirms(s)) or s.section == "history" or s.site.startswith("ln"):
        return False
    if is_bare:
        return True
    first, last = clause(words, s.first, s.last, _OWN_WORDS)
    return _TISSUE.isdisjoint(words[first:last])


def own_after_all(statements: list[Statement], words: list[str]) -> list[Statement]:
    """Statements; spread that was only suspected is refuted by a primary that tissue showed there.

    "Suspected to be a metastasis, but resection revealed primary lung cancer".
    """
    if not any(map(_is_doubted, statements)):
        return statements
    mine = [
        s for s in statements
        if s.role == "primary" and s.site and is_sure(s) and affirms(s)
    ]  # fmt: skip
    first = {primary_of(s): s.first for s in reversed(mine)}
    shown = [s for s in mine if s.first == first[primary_of(s)] and _is_shown(s, words)]
    return [
        refuted(s)
        if _is_doubted(s)
        and any(0 < o.first - s.last <= NAMED_WITHIN and overlap(s.site, o.site) for o in shown)
        else s
        for s in statements
    ]  # fmt: skip


def _is_doubted(s: Statement) -> bool:
    return s.role == "secondary" and not is_sure(s)


def _is_shown(s: Statement, words: list[str]) -> bool:
    """Whether tissue is told to have shown a cancer, in its own clause."""
    first, _ = clause(words, s.first, s.last, _OWN_WORDS)
    said = words[first : s.last]
    is_called = "primary" in words[max(first, s.first - _CALLED) : s.last]
    is_tissue = not _TISSUE.isdisjoint(said) or any(w.endswith(_OPERATIONS) for w in said)
    return is_called and is_tissue


def replaced(cancers: dict[str, str], statements: list[Statement], words: list[str]) -> list[str]:
    """Cancers of an organ that turn out to be spread of another one.

    A later sentence sets the spread against what was told ("but resection showed ..."), or the
    cancer was only ever a first thought ("initially diagnosed as ...").
    """
    if len(cancers) == 1:
        return []
    mine = [s for s in statements if affirms(s)]
    spread = [s for s in mine if s.role == "secondary" and s.verdict.certainty != "possible"]
    return [
        name
        for name, site in cancers.items()
        if _is_replaced([s for s in spread if site and overlap(s.site, site)],
                        [o for o in mine if o.role != "secondary"], name, words)
    ]  # fmt: skip


def _is_replaced(
    spread: list[Statement], found: list[Statement], name: str, words: list[str]
) -> bool:
    """Whether spread in an organ, or another cancer, is told instead of what was thought of."""
    own = [s for s in found if _is_of(s, name)]
    others = [s for s in found if s.rule not in MASSES and not _is_of(s, name)]
    if _is_corrected(own, others, words):
        return True
    end = max((o.last for o in own), default=0)
    if any(end <= s.first and _is_instead(s, words) for s in spread):
        return True
    told = [o for o in own if o.role == "primary"]
    return bool(spread and told) and all(_is_first_thought(o, words) for o in told)


def _is_corrected(own: list[Statement], others: list[Statement], words: list[str]) -> bool:
    """Whether a first diagnosis gives way to another: "the initial finding was lymphoma; ..."."""
    told = [o for o in own if o.role == "primary"]
    if not told or not all(_is_first_result(o, words) for o in told):
        return False
    last = max(o.last for o in told)
    return any(
        0 < s.first - last <= _CORRECTED_WITHIN and is_sure(s)
        and not _are_years_apart(words[told[0].first : s.first])
        and (s.primary or s.site or s.histology[:4] > "8010")  # not only a cancer
        and _is_instead(s, words, _INSTEAD | _TISSUE) for s in others
    )  # fmt: skip


def _are_years_apart(said: list[str]) -> bool:
    """Whether years lie between two diagnoses, each of which then stands."""
    return any(w in {"year", "years"} or (len(w) == len("2001") and w.isdigit()) for w in said)


def _is_first_result(s: Statement, words: list[str]) -> bool:
    """Whether a cancer is what the first look told: "the preoperative diagnosis was ..."."""
    first, _ = clause(words, s.first, s.last, _OWN_WORDS)
    said = words[first : s.first]
    results = [i for i, w in enumerate(said) if w in _FIRST_RESULTS]
    return any(
        not (_FIRST | {"first", "under"}).isdisjoint(said[max(0, i - 3) : i]) for i in results
    )


def _is_first_thought(s: Statement, words: list[str]) -> bool:
    """Whether a cancer is told as what it was taken for: "was initially thought to be ..."."""
    if not is_sure(s):
        return True
    first, _ = clause(words, s.first, s.last, _OWN_WORDS)
    said = words[first : s.first]
    thought = next((i for i in range(len(said) - 1, -1, -1) if said[i] in _FIRST), None)
    if thought is None:
        return said[:2] == ["at", "first"] or _is_reason(said)
    return not any(w.startswith(_OF_SPREAD) for w in said[thought:])


def _is_reason(said: list[str]) -> bool:
    """Whether it is why something was done: "under the diagnosis of", "was operated on as"."""
    before = said[:-1] if said[-1:] in (["primary"], ["a"]) else said
    if before[-2:] == ["on", "as"] or before[-2:] == ["operated", "as"]:
        return True
    is_named = "diagnosis" in said and said[said.index("diagnosis") + 1 :][:1] == ["of"]
    return is_named and not _UNDER.isdisjoint(said[: said.index("diagnosis")][-2:])


def _is_of(s: Statement, name: str) -> bool:
    return s.rule != "found.mass" and primary_of(s) == name


def _is_instead(s: Statement, words: list[str], cues: frozenset[str] = _INSTEAD) -> bool:
    """Whether the sentence up to a statement sets it against what was told before."""
    first, _ = clause(words, s.first, s.last, 2 * _OWN_WORDS)
    return not cues.isdisjoint(words[first : s.last])
