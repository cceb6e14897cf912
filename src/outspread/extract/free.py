"""Places that are told to be free of cancer."""

from typing import Final

from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.statements import Scene, Statement, listed_left, listed_right, span_of
from outspread.extract.targets import scanned
from outspread.extract.verdict import Verdict

_SEEN: Final = members("nodes.seen") | {"is", "was", "were", "are", "being"}


def read_free(scene: Scene, taken: set[int]) -> list[Statement]:
    """State what is said to be free: "liver: negative for malignancy", "no metastases in bone"."""
    found: list[Statement] = []
    for m in scene.sentence.of("neg_post"):
        if m.value not in {"free", "uninvolved"}:
            continue
        targets = _freed(scene, m, taken)
        if m.value == "uninvolved":
            targets = [p for p in targets if 0 <= m.first - p.last <= 4]
        targets = [p for p in targets if not _is_grown_into(scene, p, m)]
        is_spread = any("metasta" in w for w in scene.words[m.first : m.last])
        if not targets and scene.sentence.section == "exam":
            targets = [p for p in scene.specimen if p.is_node]  # "Lymph nodes: no tumor"
        if is_spread and not targets:
            targets = scanned(scene, m)
        section = scene.sentence.section
        verdict = Verdict(is_negated=True, is_other=section == "family")
        if not targets and is_spread:
            targets = [Place(m.first, m.last, "distant_nos", None, is_node=False)]
        else:
            taken.update(p.first for p in targets)
        found += [
            Statement(
                "secondary", p.site, verdict, *span_of(p, m), "free.phrase", section, side=p.side
            )
            for p in targets
        ]
    return found


def _is_grown_into(scene: Scene, p: Place, m: Mention) -> bool:
    """Whether another clause tells that a place is reached: "pleura invaded, lung not involved"."""
    return any(
        "," in scene.words[max(o.last, p.last) : m.first]
        and (p.last <= o.first < m.first or 0 <= p.first - o.last <= 1)
        for o in scene.sentence.of("extension")
    )  # fmt: skip


def _freed(scene: Scene, m: Mention, taken: set[int]) -> list[Place]:
    start = m.last
    while start < scene.sentence.last and scene.words[start] in _SEEN:
        start += 1  # "no tumor is seen in"
    after = scene.word(start)
    right: list[Place] = []
    if after in {"in", "of", "to", "within", "at", ",", "involving", ":", "-"}:
        right = [p for p in listed_right(scene, start, reach=6) if p.first not in taken]
    if right:
        return right
    left = [p for p in scene.places if p.last <= m.first and m.first - p.last <= 10]
    of_cancers = {m.first for m in scene.sentence.of("cancer")}
    left = [p for p in left if p.first not in taken and p.last not in of_cancers]
    if left and "margin" not in " ".join(scene.words[left[0].first : m.first]):
        listed = listed_left(scene, left[-1].last, reach=4)
        return [p for p in listed if p.first not in taken]
    return []
