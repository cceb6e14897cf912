"""Nodes that are called free or full."""

from typing import Final

from outspread.extract.context import is_negated, judge
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN, OF_NODES, TELLING
from outspread.extract.lexicon import Mention, is_tumor
from outspread.extract.meant_as import of_known_mass
from outspread.extract.node_counts import FULL, count_of, end_of_count, is_only_counted
from outspread.extract.places import Place, names_node
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Scene, Statement, is_walled, spread_to

_LISTED: Final = 3  # words between node groups that share the word node
_WITH_CANCER: Final = 6
_HOLDING: Final = members("nodes.holding")
_BEYOND_NODES: Final = frozenset(
    {"extension", "ene", "ece", "extranodal", "extracapsular", "invasion", "lvi"}
)
_ABSENT_WITHIN: Final = 3  # words of "in any of (the nodes)"
_FILLING: Final = members("nodes.filling")
_REMOVALS: Final = frozenset({"resection", "removal", "dissection", "excision", "sampling"})
_PARTED: Final = frozenset({"and", ",", ";"})
_HEDGES: Final = frozenset({"weak_pre", "strong_pre", "weak_post", "strong_post"})
_TAIL: Final = 6  # words after nodes that tell of them
_NOT_SENT: Final = members("nodes.not_sent")
_TAIL_WITH_SIZE: Final = 12
_OF_SIZE: Final = frozenset({"up", "to", "mm", "cm", "measuring", "x"})
_DENIED_WITHIN: Final = 4
_HEAD: Final = 7  # words before nodes that may tell of them
_TIED: Final = 2  # words between growth and where it ends
_TOLD: Final = FULL | members("nodes.told")
_OF_TUMORS: Final = frozenset({"node", "cancer", "spread", "cells", "malignant", "neg_nodes"})
_PROVEN: Final = frozenset({"suspicious", "proven"})
_LOOKS: Final = frozenset({"frozen", "biopsy", "biopsied", "fna", "aspirate", "touch"})
_ANSWER: Final = 16  # words between nodes and the result of a look at them
_DENYING: Final = frozenset({"not", "no", "longer", "less"})
_SOME: Final = members("nodes.some")
_FROM_CANCER: Final = 12  # words of a cancer's growth before ", with nodes"
_SOME_NODES: Final = 4  # words of "with several hard" nodes
_LOOKING: Final = members("nodes.looking")
_CALLED_FULL: Final = ([":", "malignant"], ["+", "."], ["+", ","], ["+", ";"])
_CLEAR: Final = frozenset({"negative", "benign", "reactive", "uninvolved", "unremarkable"})
_REGIONS: Final = frozenset({"area", "region"})
_TUMORS: Final = frozenset({"malignancy", "tumor", "cancer", "carcinoma"})
_BEYOND: Final = frozenset({"extranodal", "extracapsular", "extension"})  # what else is denied
_FOUND_IN: Final = frozenset({"in", "within"})
_HELD: Final = frozenset({"cancer", "cells", "mass", "tumor_here"})
_APART: Final = frozenset({"with", "and", ",", "of", "from", "near"})
_SEEN: Final = members("nodes.seen")


def read_nodes(scene: Scene, taken: set[int]) -> list[Statement]:
    """State nodes that are positive or negative without a word of metastasis."""
    found: list[Statement] = []
    after: Statement | None = None
    end = -1
    for p in reversed(scene.places):
        if p.first in taken or not p.is_node:
            after = None
            continue
        stated = _node(scene, p)
        is_listed = end - p.last <= _LISTED and not names_node(scene.words, p)
        if after is not None and is_listed and (stated is None or stated.nodes is None):
            stated = after._replace(site=p.site, side=p.side, first=p.first)
        if stated is not None:
            taken.add(p.first)
            found.append(stated)
        after, end = stated, p.first
    return found[::-1]


def _node(scene: Scene, p: Place) -> Statement | None:
    words, sentence = scene.words, scene.sentence
    if is_only_counted(words, p) or _is_grown_to(scene, p) or _is_only_region(scene, p):
        return None
    verdict = of_known_mass(scene, p.first, judge(sentence, p.first, p.last, words))
    kinds = sentence.kinds
    swollen = any(p.first <= m.first <= p.last + 4 for m in sentence.of("node", "swollen"))
    if (held := _found_in(scene, p)) and is_negated(sentence, held.first, held.last, words):
        verdict = verdict._replace(is_negated=True)  # "carcinoma is not seen in the nodes"
    if "neg_post" in kinds and _is_absent_in(sentence, words, p):
        verdict = verdict._replace(is_negated=True)
    if sentence.has({"neg_nodes"}, p.first, p.last):
        verdict = verdict._replace(is_negated=True)
    count = count_of(scene, p)
    said = scene.after(p.last, _TAIL_WITH_SIZE)
    said = said[: next((i for i, w in enumerate(said) if w[:6] == "margin"), None)]
    tail = [w for w in said if not (w in _OF_SIZE or w[0].isdigit())][:8]
    is_likely = _comes_with_cancer(scene, p) and FULL.isdisjoint(tail[:1])
    is_likely = is_likely or _looks_suspicious(tail)
    if is_likely and verdict.certainty == "confirmed":
        verdict = verdict._replace(certainty="probable")
    is_none = "none" in tail[:3] and tail[1:2] != [","]  # "positive, none matted"
    if is_none or _holds_none(tail):
        if not _NOT_SENT.isdisjoint(tail[tail.index("none") :][:2]):
            return None  # "nodes: none submitted"
        verdict = verdict._replace(is_negated=True)
    if words[p.last : p.last + 1] in (["benign"], ["reactive"]) or (
        words[p.first - 1] in _CLEAR and names_node(words, p)
    ):
        verdict = verdict._replace(is_negated=True)
    if "nodes_cells" in kinds or _is_other_ill(sentence, p):
        verdict, count = verdict._replace(is_negated=True), 0
    if not verdict.is_negated and not FULL.isdisjoint(tail[:_TAIL]):
        verdict = verdict._replace(certainty=_last_word(scene, p, verdict.certainty))
    if count == 0 or (not count and _is_denied(sentence, words, p)):
        verdict = verdict._replace(is_negated=True)
    elif count is None and words[sentence.last - 1] == ":":
        return None  # a form that was not filled in: "Lymph nodes positive:"
    elif not swollen and (count or _is_full(scene, p, tail)):
        if not count and "any" in scene.before(p.first, 2):
            return None  # what might be there
        if count:
            verdict = verdict._replace(is_negated=False)
    elif not verdict.is_negated:
        return None
    span = (p.first, end_of_count(scene, p))
    return spread_to(p, verdict, span, "nodes.count", sentence.section, nodes=count)


def _is_absent_in(sentence: Sentence, words: list[str], p: Place) -> bool:
    """Whether something is told to be missing in nodes: "was not evident in the nodes"."""
    return any(
        m.category == "neg_post" and 0 < p.first - m.last <= _ABSENT_WITHIN
        and words[m.last] in {"in", "within"}
        and FULL.isdisjoint(words[m.last : p.first]) and _BEYOND_NODES.isdisjoint(
            words[sentence.first : m.first]
        )
        for m in sentence.mentions
    )  # fmt: skip


def _holds_none(tail: list[str]) -> bool:
    """Whether none of the nodes is told to hold cancer: "were removed and none contained"."""
    at = tail.index("none") if "none" in tail else len(tail)
    return not (_HOLDING | FULL).isdisjoint(tail[at + 1 : at + 3])


def _is_full(scene: Scene, p: Place, tail: list[str]) -> bool:
    """Whether words around nodes tell that they hold cancer."""
    return (
        _is_with_cancer(scene, p)
        or (not FULL.isdisjoint(tail[:_TAIL]) and not _is_other_tissue(scene.sentence, tail))
        or _is_filled(scene, p)
        or (tail[1:2] == ["tumor"] and tail[0] in _HOLDING)
        or tail[:2] in _CALLED_FULL
        or "positive" in scene.before(p.first, 4)
        or not _PROVEN.isdisjoint(scene.before(p.first, 2))
        or _is_answered(scene, p)
        or _looks_suspicious(tail)
        or _comes_with_cancer(scene, p)
    )


def _comes_with_cancer(scene: Scene, p: Place) -> bool:
    """Whether a cancer is told to have nodes: "tonsil cancer (, T2,) with a node in the neck"."""
    if not names_node(scene.words, p) or "cancer" not in scene.sentence.kinds:
        return False
    if not _CLEAR.isdisjoint(scene.after(p.last, _TAIL)):
        return False  # "with a node showing reactive hyperplasia"
    at = p.first - 1
    while at > scene.sentence.first and scene.words[at] in _SOME:
        at -= 1
    if scene.words[at] != "with" or p.first - at > _SOME_NODES + 1:
        return False
    reach = _FROM_CANCER if scene.words[at - 1] == "," else 0
    return any(
        m.category == "cancer" and 0 <= at - m.last <= reach
        and not scene.sentence.has({"stop", "stop_verb"}, m.last, at)
        for m in scene.sentence.mentions
    )  # fmt: skip


def _looks_suspicious(tail: list[str]) -> bool:
    """Whether a look at nodes is all that tells: "one node looks suspicious"."""
    is_look = bool(tail) and tail[0] in _LOOKING and "suspicious" in tail[1:3]
    return is_look and _DENYING.isdisjoint(tail[:3])


def _is_with_cancer(scene: Scene, p: Place) -> bool:
    """Whether a cancer is told to be in nodes: "nodes show carcinoma"."""
    if scene.sentence.kinds.isdisjoint(_HELD):
        return False
    return _found_in(scene, p) is not None or any(
        _is_of_cancer(scene, m, p) and 0 < m.first - p.last <= _WITH_CANCER
        and not _HOLDING.isdisjoint(scene.words[p.last : m.first])
        and not _is_only_removed(scene.words[p.last - 1 : m.first])
        and not is_negated(scene.sentence, m.first, m.last, scene.words)
        and m.value.partition(" ")[2] not in OF_NODES for m in scene.sentence.mentions
    )  # fmt: skip


def _is_only_removed(said: list[str]) -> bool:
    """Whether nodes were only removed: "neck dissection was performed and histology showed"."""
    return not (_REMOVALS.isdisjoint(said[:2]) or _PARTED.isdisjoint(said))


def _is_of_cancer(scene: Scene, m: Mention, p: Place) -> bool:
    """Whether a phrase names a cancer, or a tumor, that nodes told by their name may hold."""
    is_held = m.category in {"cancer", "cells", "tumor_here"}
    return is_held or (is_tumor(m) and names_node(scene.words, p))


def _is_filled(scene: Scene, p: Place) -> bool:
    """Whether nodes are what something involves, and not where they are enlarged or removed."""
    first = max(scene.sentence.first, p.first - _HEAD)
    swollen = {m.last for m in scene.sentence.of("node")}
    filling = [i for i in range(first, p.first) if scene.words[i] in _FILLING and i not in swollen]
    return bool(filling) and _REMOVALS.isdisjoint(scene.words[filling[-1] : p.first])


def _is_grown_to(scene: Scene, p: Place) -> bool:
    """Whether a mass reaches a region, and not its nodes: "extending to the axilla"."""
    grown = [m.last for m in scene.sentence.of("extension") if m.value != "involve"]
    return not names_node(scene.words, p) and any(0 <= p.first - end <= _TIED for end in grown)


def _is_only_region(scene: Scene, p: Place) -> bool:
    """Whether a region is told of and none of its nodes: "neck and shoulders painful"."""
    if names_node(scene.words, p):
        return False
    if not _FOUND_IN.isdisjoint(scene.words[p.first - 4 : p.first]) and (
        not _REGIONS.isdisjoint(scene.words[p.last : p.last + 1])
    ):
        return True  # "a sarcoma arose in the inguinal area"
    if not scene.sentence.kinds.isdisjoint(_OF_TUMORS):
        return False
    near = scene.after(p.last, _TAIL)
    is_time = near[1:3] == ["/", "52"] or "ago" in near[:5]  # "back of neck 3/52 ago"
    return _TOLD.isdisjoint(near) and (is_time or not any(w.isdigit() for w in near))


def _is_answered(scene: Scene, p: Place) -> bool:
    """Whether a later look at nodes is positive: "nodes were firm and frozen section positive"."""
    words, sentence = scene.words, scene.sentence
    end = next((o.first for o in scene.places if o.first >= p.last), sentence.last)
    end = min(end, p.last + _ANSWER)
    looked = [i for i in range(p.last, end) if words[i] in _LOOKS]
    return bool(looked) and any(
        words[i] == "positive" and words[i - 1] != "not" for i in range(looked[0], end)
    )


def _is_other_tissue(sentence: Sentence, tail: list[str]) -> bool:
    """Whether nodes are replaced by something that nobody calls cancer: "by fibrous tissue"."""
    return "replaced" in tail and not any(
        m.category in TELLING or m.value == "tumor" for m in sentence.mentions
    )


def _found_in(scene: Scene, p: Place) -> Mention | None:
    """Cancer or tumor told to be in nodes: "carcinoma was found in a cervical lymph node"."""
    if scene.sentence.kinds.isdisjoint(_HELD) or not scene.sentence.kinds.isdisjoint(_HEDGES):
        return None
    return next(
        (
            m for m in scene.sentence.mentions
            if _is_of_cancer(scene, m, p) and 0 <= p.first - m.last <= _WITH_CANCER
            and scene.words[p.first - 1] != "from"
            and _is_in(scene.words[m.last : p.first], m)
            and not is_walled(scene, m.last + 1, p.first, besides="stop_verb")
            and not scene.sentence.has(BENIGN, m.last, p.first)
            and m.value.partition(" ")[2] not in OF_NODES
        ),
        None,
    )  # fmt: skip


def _is_in(gap: list[str], m: Mention) -> bool:
    """Whether nodes are where a cancer is; a tumor must be found there, with nothing between."""
    if m.category == "cancer":
        return not _FOUND_IN.isdisjoint(gap)
    if m.category == "tumor_here":
        return _APART.isdisjoint(gap)
    at = next((i for i, w in enumerate(gap) if w in _FOUND_IN), -1)
    return at >= 0 and _APART.isdisjoint(gap) and (at == 0 or not _SEEN.isdisjoint(gap[:at]))


def _is_other_ill(sentence: Sentence, p: Place) -> bool:
    """Whether nodes are told to hold something else: "1/17 nodes: granuloma only"."""
    is_open = "cancer" not in sentence.kinds
    return is_open and sentence.has_after({"benign_tumor"}, p.last, _WITH_CANCER)


def _is_denied(sentence: Sentence, words: list[str], p: Place) -> bool:
    """Whether what is told of nodes after them is denied: "nodes without tumor involvement"."""
    tail = words[p.last : min(p.last + _TAIL, sentence.last)]
    clause = tail[: tail.index(",")] if "," in tail else tail
    is_free = tail[:1] == ["without"] and _BEYOND.isdisjoint(clause)
    if is_free and names_node(words, p) and not _TUMORS.isdisjoint(clause):
        return True  # "nodes without evidence of malignancy"
    full = [p.last + i for i, word in enumerate(tail) if word in FULL]
    return bool(full) and any(
        (m.category == "neg_pre" and p.last <= m.first < full[0])
        or (
            m.category == "neg_post"
            and 0 < m.first - full[0] <= _DENIED_WITHIN
            and "," not in words[full[0] : m.first]
        )
        for m in sentence.mentions
    )


def _last_word(scene: Scene, p: Place, certainty: str) -> str:
    """Certainty of nodes that are told to be full: a doubt told before "positive" is past."""
    sentence, words = scene.sentence, scene.words
    full = next(i for i in range(p.last, sentence.last) if words[i] in FULL)
    doubts = [m.first for m in sentence.mentions if m.category in _HEDGES and m.first >= p.last]
    if any(first < full for first in doubts):
        return judge(sentence, full, full + 1, words).certainty  # "suspected to be involved"
    return certainty if doubts or words[full] != "positive" else "confirmed"
