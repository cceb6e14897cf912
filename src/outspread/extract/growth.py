"""Growth into what is near, and nodes called free or full."""

from typing import Final

from outspread.extract.context import Verdict, judge
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.node_counts import count_of, is_only_counted
from outspread.extract.places import Place, names_node
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Scene, Statement, is_walled, listed_left, listed_right
from outspread.extract.targets import scanned

_TUMOR_SECTIONS: Final = frozenset({"diagnosis", "microscopic"})
_TUMOR_NAMES: Final = frozenset({"cancer", "cells", "spread", "malignant", "gleason"})
_UNTITLED: Final = frozenset({"", "impression"})
_SURGICAL: Final = members("growth.surgical")
_SMALL: Final = frozenset({"procedure", "symptoms", "medications", "laboratory", "social"})
_LISTED: Final = 3  # words between node groups that share the word node
_WITH_CANCER: Final = 6
_HOLDING: Final = members("growth.holding")
_FILLING: Final = members("growth.filling")
_HEDGES: Final = frozenset({"weak_pre", "strong_pre", "weak_post", "strong_post"})
_SEROSAL: Final = members("spread.serosal")
_BY_BLOOD: Final = members("growth.by_blood")
_LAYERS: Final = members("growth.layers")
_LAYER_WITHIN: Final = 4
_SHORT_LINE: Final = 5
_TAIL: Final = 6  # words after nodes that tell of them
_BESIDE: Final = frozenset({"adjacent", "neighboring", "attached", "adherent", "surrounding"})
_DENIED_WITHIN: Final = 4
_SUBJECT_WITHIN: Final = 5
_ANY: Final = "any"
_OF_NODE: Final = 8  # words between nodes and "extracapsular extension", which is then theirs
_OF_NODES: Final = frozenset({"lymphoma", "leukemia_other", "myeloma"})
_FULL: Final = members("growth.full")
_MASSES: Final = frozenset({"lesion", "mass", "tumor", "process"})
_BENIGN: Final = frozenset({"benign", "benign_tumor"})
_PROVEN: Final = frozenset({"suspicious", "proven"})
_LOOKS: Final = frozenset({"frozen", "biopsy", "biopsied", "fna", "aspirate", "touch"})
_ANSWER: Final = 16  # words between nodes and the result of a look at them
_DASHES: Final = frozenset({"-", ":"})
_OPENING: Final = 2  # words before the verb of a line that has no subject
_BEFORE_VERB: Final = frozenset({"-", "*", "directly", "focally", "also", "and"})
_GROWN: Final = frozenset({"invade", "infilt", "penetr"})
_FOUND_IN: Final = frozenset({"in", "within"})


def read_growth(scene: Scene, taken: set[int]) -> list[Statement]:
    """State growth by continuity: "invades the bladder", "seminal vesicle invasion: no"."""
    found: list[Statement] = []
    for m in scene.sentence.mentions:
        if m.category == "extension_here" and not _is_of_node(scene, m):
            verdict = judge(scene.sentence, m.first, m.last, scene.words)
            found.append(_state(scene, m.value, verdict, (m.first, m.last)))
        elif m.category == "extension" and _is_of_tumor(scene, m):
            found += _one(scene, m, taken)
    return found


def _state(
    scene: Scene, site: str, verdict: Verdict, span: tuple[int, int], *,
    side: str | None = None, contiguity: str | None = "contiguous", rule: str = "growth.phrase",
) -> Statement:  # fmt: skip
    return Statement(
        "secondary", site, verdict, *span, rule, scene.sentence.section, side=side,
        contiguity=contiguity,
    )  # fmt: skip


def _is_of_node(scene: Scene, m: Mention) -> bool:
    """Whether growth through a capsule is that of nodes told before it or named by it."""
    is_in = scene.words[m.last : m.last + 1] in (["in"], ["of"], ["from"])
    nodes = [o.first for o in scene.sentence.mentions if o.category == "node"]
    return any(0 < m.first - n <= _OF_NODE or (is_in and n > m.first) for n in nodes)


def _is_of_tumor(scene: Scene, m: Mention) -> bool:
    """Whether it is a tumor that grows: one is named in the sentence, or it is a pathology line."""
    said = scene.words[scene.sentence.first : scene.sentence.last]
    if any(w in _SURGICAL for w in said):
        return False
    for other in scene.sentence.mentions:
        is_subject = other.category == "primary_word" and other.first < m.first
        if other.category in _TUMOR_NAMES or is_subject:
            return True
        if other.category == "site" and scene.words[other.last - 1] in _MASSES:
            return scene.sentence.section not in _SMALL  # "cervical lesion"
        if other.category == "mass" and (other.value == "tumor" or m.value != "fixed"):
            return scene.sentence.section not in _SMALL or other.value == "tumor"
    if any(scene.words[p.last - 1] == "mass" for p in scene.places if p.last <= m.first):
        return m.value != "fixed"  # "hilar mass"
    is_short = m.value == "involve" and len(said) <= _SHORT_LINE
    if _is_without_subject(scene, m) or "stage" in said or is_short:
        return True  # "visceral pleura involved"
    if scene.specimen and scene.sentence.section in _UNTITLED:
        return True  # a line under the title of a specimen is about its tumor
    return scene.sentence.section in _TUMOR_SECTIONS or ":" in scene.words[m.last : m.last + 2]


def _is_without_subject(scene: Scene, m: Mention) -> bool:
    """Whether a line goes on about the tumor of the line before: "- Invades the muscle"."""
    before = scene.words[scene.sentence.first : m.first]
    is_first = len(before) <= _OPENING and all(w in _BEFORE_VERB for w in before)
    return is_first and any(w[:6] in _GROWN for w in scene.words[m.first : m.last])


def _one(scene: Scene, m: Mention, taken: set[int]) -> list[Statement]:
    if m.value == "bare":
        targets = listed_left(scene, m.first, reach=1)
        after = scene.words[m.last] if m.last < scene.sentence.last else ""
        if not targets and after in {"into", "to", "of", "in", "through"}:
            targets = listed_right(scene, m.last + 1, reach=6)
        if not targets and after in {"by", "with"}:
            targets = [p for p in scene.places if 0 < m.first - p.last <= _SUBJECT_WITHIN][-1:]
    else:
        targets = listed_right(scene, m.last, reach=7)
        is_passive = "by" in scene.words[m.last - 1 : min(m.last + 1, scene.sentence.last)]
        if not targets and (m.value == "involve" or is_passive or _is_predicate(scene, m)):
            targets = listed_left(scene, m.first, reach=2)
        if not targets and is_passive:
            targets = [p for p in scene.places if 0 < m.first - p.last <= _SUBJECT_WITHIN][-1:]
    targets = [p for p in targets if p.first not in taken]
    nodes = [p for p in targets[1:] if names_node(scene.words, p)]
    targets = [p for p in targets if not names_node(scene.words, p)]
    targets = _of_this(scene, [p for p in targets if not _is_of_layer(scene.words, p)])
    if not targets:
        return []
    last = max(m.last, targets[-1].last)
    verdict = judge(scene.sentence, m.first, last, scene.words)
    if _is_predicate(scene, m) and not _is_denied_before(scene, m):
        verdict = verdict._replace(is_negated=False)  # a denial after the comma is of another thing
    taken.update(p.first for p in targets)
    is_open = _is_open(scene, m)
    is_involved = m.value == "involve" and not is_open
    return [
        _state(
            scene, _grown(scene, p), verdict, (min(m.first, p.first), max(m.last, p.last)),
            side=p.side, contiguity="discontiguous" if p.site in _BY_BLOOD
            else None if is_involved or is_open or _is_deposit(scene, p) else "contiguous",
            rule="growth.involved" if is_involved else "growth.phrase",
        )
        for p in targets
    ] + [
        _state(scene, p.site, verdict, (m.first, p.last), side=p.side, contiguity="discontiguous")
        for p in nodes
    ]  # fmt: skip


def _is_predicate(scene: Scene, m: Mention) -> bool:
    """Whether a clause ends in what was done to its subject: "pleura focally invaded, ..."."""
    is_end = m.last >= scene.sentence.last or scene.words[m.last] in {",", ".", ";", ")"}
    return is_end and scene.words[m.last - 1].endswith("ed")


def _is_denied_before(scene: Scene, m: Mention) -> bool:
    if scene.words[m.last : m.last + 1] != [","]:
        return True
    return any("neg" in o.category and o.first < m.first for o in scene.sentence.mentions)


def _is_of_layer(words: list[str], p: Place) -> bool:
    """Whether a layer of an organ is told, in which the tumor is: "muscularis propria of the"."""
    if words[p.first : p.last] == ["muscle"]:
        return True  # "invading the muscle": that of the organ
    before = words[max(0, p.first - _LAYER_WITHIN) : p.first]
    return "of" in before and not _LAYERS.isdisjoint(before)


def _of_this(scene: Scene, targets: list[Place]) -> list[Place]:
    """Places up to one that has lesions of its own: "into the vena cava and lung nodules"."""
    masses = {m.first for m in scene.sentence.mentions if m.category == "mass"}
    own = next((i for i, p in enumerate(targets) if i and p.last in masses), len(targets))
    return targets[:own]


def _is_deposit(scene: Scene, p: Place) -> bool:
    """Whether a place may as well hold deposits; one that is called a neighbor does not."""
    return p.site in _SEROSAL and scene.words[p.first - 1] not in _BESIDE


def _is_open(scene: Scene, m: Mention) -> bool:
    """Whether it is left open how a place is involved: by growth, or by a deposit."""
    if scene.words[m.first] == "involvement" or "destruction" in scene.words[m.first : m.last]:
        return True
    return m.value == "involve" and any(o.category == "spread" for o in scene.sentence.mentions)


def _grown(scene: Scene, p: Place) -> str:
    """Site of growth: a node group named without the word node is the tissue around it."""
    return "adjacent_tissue" if p.is_node else p.site


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
        is_listed = after is not None and end - p.last <= _LISTED and not names_node(scene.words, p)
        if is_listed and after is not None and (stated is None or stated.nodes is None):
            stated = after._replace(site=p.site, side=p.side, first=p.first)
        if stated is not None:
            taken.add(p.first)
            found.append(stated)
        after, end = stated, p.first
    return found[::-1]


def _node(scene: Scene, p: Place) -> Statement | None:
    words, sentence = scene.words, scene.sentence
    if is_only_counted(words, p):
        return None
    verdict = judge(sentence, p.first, p.last, words)
    swollen = any(
        m.category == "node" and m.value == "swollen" and p.first <= m.first <= p.last + 4
        for m in sentence.mentions
    )
    if any(m.category == "neg_nodes" and p.first <= m.first < p.last for m in sentence.mentions):
        verdict = verdict._replace(is_negated=True)
    count = count_of(scene, p)
    tail = words[p.last : min(p.last + 8, sentence.last)]
    if "none" in tail[:3]:
        verdict = verdict._replace(is_negated=True)
    if words[p.last : p.last + 1] in (["benign"], ["reactive"]):
        verdict = verdict._replace(is_negated=True)
    if "nodes_cells" in sentence.kinds or _is_other_ill(sentence, p):
        verdict, count = verdict._replace(is_negated=True), 0
    with_cancer = any(
        m.category == "cancer" and 0 < m.first - p.last <= _WITH_CANCER
        and not _HOLDING.isdisjoint(words[p.last : m.first])
        and m.value.partition(" ")[2] not in _OF_NODES for m in sentence.mentions
    )  # fmt: skip
    with_cancer = with_cancer or _is_found_in(scene, p)
    head = words[max(sentence.first, p.first - 7) : p.first]
    is_full = (
        with_cancer
        or any(w in _FULL for w in tail[:_TAIL])
        or any(w in _FILLING for w in head)
        or "positive" in words[max(sentence.first, p.first - 4) : p.first]
        or not _PROVEN.isdisjoint(words[max(sentence.first, p.first - 2) : p.first])
        or _is_answered(scene, p)
        or _is_last_word(words, p.last, sentence.last)
    )
    if not verdict.is_negated and not _FULL.isdisjoint(tail[:_TAIL]):
        verdict = verdict._replace(certainty=_last_word(sentence, p, verdict.certainty))
    if count == 0 or (not count and _is_denied(sentence, words, p)):
        verdict = verdict._replace(is_negated=True)
    elif count is None and words[sentence.last - 1] == ":":
        return None  # a form that was not filled in: "Lymph nodes positive:"
    elif (count or is_full) and not swollen:
        if not count and _ANY in words[max(sentence.first, p.first - 2) : p.first]:
            return None  # what might be there
        if verdict.is_negated and not count:
            pass
        else:
            verdict = verdict._replace(is_negated=bool(verdict.is_negated and not count))
    elif not verdict.is_negated:
        return None
    return Statement(
        "secondary", p.site, verdict, p.first, min(p.last + 1, sentence.last), "nodes.count",
        sentence.section, side=p.side, contiguity="discontiguous", nodes=count,
    )  # fmt: skip


def _is_answered(scene: Scene, p: Place) -> bool:
    """Whether a later look at nodes is positive: "nodes were firm and frozen section positive"."""
    words, sentence = scene.words, scene.sentence
    end = next((o.first for o in scene.places if o.first >= p.last), sentence.last)
    end = min(end, p.last + _ANSWER)
    looked = [i for i in range(p.last, end) if words[i] in _LOOKS]
    return bool(looked) and any(
        words[i] == "positive" and words[i - 1] != "not" for i in range(looked[0], end)
    )


def _is_last_word(words: list[str], start: int, end: int) -> bool:
    """Whether a line ends in what was found: "nodes of irregular outline - involved"."""
    said = [w for w in words[start:end] if w != "."]
    return len(said) > 1 and said[-1] in _FULL and said[-2] in _DASHES


def _is_found_in(scene: Scene, p: Place) -> bool:
    """Whether cancer is told to be in nodes: "carcinoma was found in a cervical lymph node"."""
    return scene.sentence.kinds.isdisjoint(_HEDGES) and any(
        m.category == "cancer" and 0 < p.first - m.last <= _WITH_CANCER
        and scene.words[p.first - 1] != "from"
        and not _FOUND_IN.isdisjoint(scene.words[m.last : p.first])
        and not is_walled(scene, m.last + 1, p.first, besides="stop_verb")
        and not any(
            o.category in _BENIGN and m.last <= o.first < p.first for o in scene.sentence.mentions
        )
        and m.value.partition(" ")[2] not in _OF_NODES for m in scene.sentence.mentions
    )  # fmt: skip


def _is_other_ill(sentence: Sentence, p: Place) -> bool:
    """Whether nodes are told to hold something else: "1/17 nodes: granuloma only"."""
    return "cancer" not in sentence.kinds and any(
        m.category == "benign_tumor" and 0 <= m.first - p.last <= _WITH_CANCER
        for m in sentence.mentions
    )


def _is_denied(sentence: Sentence, words: list[str], p: Place) -> bool:
    """Whether what is told of nodes after them is denied: "nodes without tumor involvement"."""
    full = [i for i in range(p.last, min(p.last + _TAIL, sentence.last)) if words[i] in _FULL]
    return bool(full) and any(
        (m.category == "neg_pre" and p.last <= m.first < full[0])
        or (m.category == "neg_post" and 0 < m.first - full[0] <= _DENIED_WITHIN)
        for m in sentence.mentions
    )


def _last_word(sentence: Sentence, p: Place, certainty: str) -> str:
    """Certainty of nodes that are called positive: a doubt told before the result is past."""
    after = {m.category for m in sentence.mentions if m.first >= p.last}
    return certainty if after & _HEDGES else "confirmed"


def read_free(scene: Scene, taken: set[int]) -> list[Statement]:
    """State what is said to be free: "liver: negative for malignancy", "no metastases in bone"."""
    found: list[Statement] = []
    for m in scene.sentence.mentions:
        if m.category != "neg_post" or m.value not in {"free", "uninvolved"}:
            continue
        targets = _freed(scene, m, taken)
        if m.value == "uninvolved":
            targets = [p for p in targets if 0 <= m.first - p.last <= 4]
            targets = [p for p in targets if not _is_grown_into(scene, p, m)]
        is_spread = any("metasta" in w for w in scene.words[m.first : m.last])
        if is_spread and not targets:
            targets = scanned(scene, m)
        verdict = Verdict(is_negated=True, is_other=scene.sentence.section == "family")
        section = scene.sentence.section
        for p in targets:
            taken.add(p.first)
            span = (min(p.first, m.first), max(p.last, m.last))
            found.append(
                Statement("secondary", p.site, verdict, *span, "free.phrase", section, side=p.side)
            )
        if not targets and is_spread:
            found.append(
                Statement(
                    "secondary", "distant_nos", verdict, m.first, m.last, "free.phrase", section
                )
            )
    return found


def _is_grown_into(scene: Scene, p: Place, m: Mention) -> bool:
    """Whether another clause tells that a place is reached: "pleura invaded, lung not involved"."""
    return any(
        o.category == "extension" and p.last <= o.first < m.first
        and "," in scene.words[o.last : m.first] for o in scene.sentence.mentions
    )  # fmt: skip


def _freed(scene: Scene, m: Mention, taken: set[int]) -> list[Place]:
    after = scene.words[m.last] if m.last < scene.sentence.last else ""
    right: list[Place] = []
    if after in {"in", "of", "to", "within", "at", ",", "involving", ":", "-"}:
        right = [p for p in listed_right(scene, m.last, reach=6) if p.first not in taken]
    if right:
        return right
    left = [p for p in scene.places if p.last <= m.first and m.first - p.last <= 10]
    of_cancers = {m.first for m in scene.sentence.mentions if m.category == "cancer"}
    left = [p for p in left if p.first not in taken and p.last not in of_cancers]
    if left and "margin" not in " ".join(scene.words[left[0].first : m.first]):
        return listed_left(scene, left[-1].last, reach=4) or left[-1:]
    return []
