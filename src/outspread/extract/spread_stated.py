"""How spread is stated: what is meant of its places, and by which rule it was found."""

from collections.abc import Set as AbstractSet
from typing import Final

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.kinds import HEDGES
from outspread.extract.lexicon import Mention
from outspread.extract.limbs import reached_in
from outspread.extract.numbers import count_before, count_first
from outspread.extract.places import Place
from outspread.extract.spread_words import SEROSAL
from outspread.extract.statements import Scene, Statement, span_of
from outspread.extract.values import value_after
from outspread.extract.verdict import Verdict

SOMEWHERE: Final = "distant_nos"
_NOT_ALONE: Final = members("spread.not_alone")  # no spread where no place follows
_DEPOSITS: Final = (["tumor", "deposits"], ["tumor", "deposit"])  # keys: beside the bowel
_DOUBTED_WITHIN: Final = 2  # words of "in the"
_PLACES: Final = frozenset({"site", "node", "nodeplace"})
_PROVED: Final = frozenset({"confirmed", "proved", "proven", "showed", "demonstrated"})
_SOON: Final = 3  # words of "from the (kidney)"
_FAR_AND_WIDE: Final = frozenset(
    {"disease", "distant", "widely", "widespread", "disseminated", "diffuse"}
)


def state_at(
    scene: Scene, site: str, verdict: Verdict, span: tuple[int, int], rule: str, *,
    side: str | None = None, contiguity: str | None = None, nodes: int | None = None,
) -> Statement:  # fmt: skip
    """State spread to one site, by words of the sentence."""
    return Statement(
        "secondary", site, verdict, *span, rule, scene.sentence.section, side=side,
        contiguity=contiguity, nodes=nodes,
    )  # fmt: skip


def state_places(
    scene: Scene, m: Mention, end: int, targets: list[Place], taken: set[int],
    taken_from: AbstractSet[int] = frozenset(),
) -> list[Statement]:  # fmt: skip
    """State the places of a word of metastasis, whose phrase ends before `end`; or none."""
    words, sentence = scene.words, scene.sentence
    inside = [p for p in targets if sentence.first <= p.first < sentence.last and p in scene.places]
    verdict = _verdict(scene, m, end, inside)
    if m.value == "workup" and not verdict.is_negated:
        return []  # "a bone scan for metastatic workup"
    taken.update(p.first for p in inside)
    if not targets:
        return _unplaced(scene, m, end, verdict, is_plain=bool(taken_from))
    found = []
    is_open = "spread" in words[m.first : m.last] and m.value == "verb"
    is_open = is_open or words[m.first] == "replaced"  # by growth, too
    for p in targets:
        is_here, count = p in inside, None
        if p.is_node:
            low = sentence.first
            count = count_before(words, p, low) if is_here else count_first(words, low)
        own = verdict._replace(is_negated=True) if count == 0 else verdict
        if is_here and own.certainty == "confirmed" and (doubt := _doubt_before(scene, p, m)):
            own = own._replace(certainty=doubt)
        span = span_of(p, m) if is_here else (m.first, m.last)
        rule = "spread.phrase" if is_here else "spread.before"
        rule = "spread.recur" if m.value == "recur" else rule
        is_any_way = is_open or (m.value == "recur" and p.site not in SEROSAL)
        way = None if is_any_way else "discontiguous"
        site = reached_in(words, p)
        found.append(
            state_at(scene, site, own, span, rule, side=p.side, contiguity=way, nodes=count)
        )
    return found


def _doubt_before(scene: Scene, p: Place, m: Mention) -> str | None:
    """Certainty of a place that is doubted in a list: "in the liver and possibly in the lung"."""
    near = [
        o for o in scene.sentence.mentions
        if o.category in HEDGES and m.last <= o.first and 0 <= p.first - o.last <= _DOUBTED_WITHIN
        and not scene.sentence.has(_PLACES, o.last, p.first)
    ]  # fmt: skip
    if not near:
        return None
    return "possible" if near[-1].category == "weak_pre" else "probable"


def _verdict(scene: Scene, m: Mention, end: int, inside: list[Place]) -> Verdict:
    """How a word of metastasis is meant, with the places of the sentence that it is of."""
    words, sentence = scene.words, scene.sentence
    last = max([end, *(p.last for p in inside)])
    if words[end : end + 1] == ["from"]:  # "metastasis from the kidney needs to be excluded"
        last = max([last, *(p.last for p in scene.places if 0 < p.first - end <= _SOON)])
    verdict = judge(sentence, m.first, last, words)
    if any(value_after(words, key, sentence.last) is not None for key in (m.last, end)):
        inner = judge(sentence, m.first, end, words)
        verdict = inner if not inside or inner.is_negated or not inner.is_claim else verdict
    farthest = max((p.first for p in inside), default=end)
    if sentence.has({"neg_post"}, end, farthest):  # "metastasis is absent in ..."
        verdict = verdict._replace(is_negated=True)
    is_suspected = any(o.value == "suspected" for o in sentence.mentions)
    is_suspected = is_suspected and _PROVED.isdisjoint(words[end : sentence.last])
    if verdict.certainty == "probable" and is_suspected:
        verdict = verdict._replace(certainty="possible")  # refuted as often as confirmed
    return verdict


def _unplaced(
    scene: Scene, m: Mention, end: int, verdict: Verdict, *, is_plain: bool
) -> list[Statement]:
    """State a metastasis of which no place is told, unless the word alone says nothing."""
    said = scene.words[m.first : m.last]
    if said in (["spread"], ["spread", "in"]) or not _NOT_ALONE.isdisjoint(said):
        return []
    if said in _DEPOSITS and value_after(scene.words, m.last, scene.sentence.last):
        return [state_at(scene, "tumor_deposit", verdict, (m.first, end), "spread.phrase")]
    is_somewhere = is_plain or _is_plain(scene, m, end)
    rule = "spread.somewhere" if is_somewhere else "spread.unplaced"
    return [state_at(scene, SOMEWHERE, verdict, (m.first, end), rule)]


def _is_plain(scene: Scene, m: Mention, end: int) -> bool:
    """Whether the words themselves say that a cancer has gone to distant places."""
    said = scene.words[m.first : end]
    if not _FAR_AND_WIDE.isdisjoint(said):
        return True
    near = [o for o in scene.sentence.of("cancer") if o.first >= m.first - 4]
    near = [o for o in near if o.first - m.last <= 6]
    return any(" " in o.value for o in near) or any(
        p.first >= m.first - 6 and p.last <= end for p in scene.places
    )
