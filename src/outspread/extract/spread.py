"""Spread: what is said to have come where, by which words, and from where."""

from typing import Final

from outspread.extract.cancers import Cancer
from outspread.extract.context import Verdict, judge, value_after
from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.places import Place
from outspread.extract.statements import (
    Scene,
    Statement,
    is_linked,
    is_walled,
    listed_left,
    listed_right,
)

SOMEWHERE: Final = "distant_nos"
_TO: Final = members("spread.to")
_SAYS: Final = members("spread.says")
_SOON: Final = 2
_SUBJECT_REACH: Final = 16
_ORGANS_REACHED: Final = members("spread.organs_reached")
_TUMOROUS: Final = members("spread.tumorous")
_NEW_SUBJECTS: Final = members("spread.new_subjects")
_SEROSAL: Final = members("spread.serosal")


def read_spread(scene: Scene, cancers: list[Cancer], taken: set[int]) -> list[Statement]:
    """State the spread of a sentence; the places it takes are added to `taken`."""
    found: list[Statement] = []
    for number, m in enumerate(scene.sentence.mentions):
        if m.category == "spread_cancer":
            verdict = judge(scene.sentence, m.first, m.last, scene.words)
            span = (m.first, m.last)
            found.append(_state(scene, SOMEWHERE, verdict, span, "spread.somewhere"))
        elif m.category == "deposit":
            found.append(_deposit(scene, m, taken))
        elif m.category == "spread":
            if not _is_of_tumor(scene, m):
                continue
            found += _one(scene, m, number, cancers, taken)
    return found


def _state(
    scene: Scene, site: str, verdict: Verdict, span: tuple[int, int], rule: str, **facts: object
) -> Statement:
    section = scene.sentence.section
    return Statement("secondary", site, verdict, *span, rule, section, **facts)  # type: ignore[arg-type]


def _deposit(scene: Scene, m: Mention, taken: set[int]) -> Statement:
    verdict = judge(scene.sentence, m.first, m.last, scene.words)
    site = m.value
    if site == "disseminated":
        near = listed_left(scene, m.first) or (
            listed_right(scene, m.last + 1)
            if m.last < scene.sentence.last and scene.words[m.last] in _TO
            else []
        )
        if near:
            taken.update(p.first for p in near)
            site = near[0].site
    taken.update(p.first for p in scene.places if m.first <= p.first < m.last)
    return _state(
        scene, site, verdict, (m.first, m.last), "spread.term", contiguity="discontiguous"
    )


def _is_of_tumor(scene: Scene, m: Mention) -> bool:
    """Whether a word that also has other uses speaks of a tumor here."""
    words = scene.words
    said = words[m.first]
    before = words[m.first - 1] if m.first > scene.sentence.first else ""
    if said == "mets":
        return not before[:1].isdigit()  # a measure of exertion
    if m.value == "weak":
        if any(p.site in _SEROSAL for p in listed_left(scene, m.first)) or before in _TUMOROUS:
            return True
        return words[m.last : m.last + 1] == ["of"] and any(
            o.category in {"cancer", "mass", "malignant"} and 0 < o.first - m.last <= 4
            for o in scene.sentence.mentions
        )
    if "metasta" in said or m.value not in {"verb", "adj"}:
        return True
    return "disease" in words[scene.sentence.first : m.first] or any(
        o.category in {"cancer", "malignant", "mass"} or "metasta" in words[o.first]
        for o in scene.sentence.mentions
    )


def _one(
    scene: Scene, m: Mention, number: int, cancers: list[Cancer], taken: set[int]
) -> list[Statement]:
    words, sentence = scene.words, scene.sentence
    cancer = next(
        (c for c in cancers if c.is_metastatic and 0 <= c.mention.first - m.last <= 7), None
    )
    end = m.last
    targets: list[Place] = []
    origin_places: set[int] = set()
    if m.value == "adj" and cancer is not None:
        end = cancer.last if cancer.tie == "compound" else cancer.mention.last
        end = max(end, cancer.mention.last)
        targets, origin_places = _organs_of_metastatic(cancer)
    elif m.value == "adj":
        targets, end = _metastatic_thing(scene, m)
        targets = [p for p in targets if not _is_organ(p, cancers)]
    if m.value in {"noun", "weak"}:
        targets = [p for p in listed_left(scene, m.first) if not _is_organ(p, cancers)]
        targets = [p for p in targets if p is targets[-1] or not _is_of_mass(scene, p)]
    after = words[end] if end < sentence.last else ""
    if targets and m.value == "noun":
        targets = _without_origin(scene, targets)
    if not targets and m.value == "verb":
        targets = listed_right(scene, end, reach=6)
    if m.value == "recur" and after not in {"in", "at", "to", "within"}:
        targets = _seen_right(scene, end)
        return _stated(scene, m, end, targets, taken) if targets else []
    if after in _TO:
        more = listed_right(scene, end + 1, reach=7)
        if after in {",", "-", ":", "("}:
            more = more if _is_close_list(scene, end + 1, more) else []
        more = [p for p in more if not _is_organ(p, cancers)]
        targets = targets + [p for p in more if p not in targets and p.first not in origin_places]
    if m.value == "recur":
        return _stated(scene, m, end, targets, taken) if targets else []
    if not targets:
        targets = _seen_right(scene, end)
    if not targets:
        targets = _subject(scene, m, cancers)
        targets = [p for p in targets if p.first not in origin_places]
    if not targets and sentence.section != "family":
        targets = _from_before(scene, m)
    return _stated(scene, m, end, targets, taken, origin_places)


def _stated(
    scene: Scene,
    m: Mention,
    end: int,
    targets: list[Place],
    taken: set[int],
    taken_from: set[int] = frozenset(),  # type: ignore[assignment]
) -> list[Statement]:
    words, sentence = scene.words, scene.sentence
    inside = [p for p in targets if sentence.first <= p.first < sentence.last and p in scene.places]
    last = max([end, *(p.last for p in inside)])
    verdict = judge(sentence, m.first, last, words)
    if (
        value_after(words, m.last, sentence.last) is not None
        or value_after(words, end, sentence.last) is not None
    ):
        inner = judge(sentence, m.first, end, words)
        verdict = inner if not inside or inner.is_negated or not inner.is_claim else verdict
    taken.update(p.first for p in inside)
    if not targets:
        if m.value == "workup" and not verdict.is_negated:
            return []
        is_plain = bool(taken_from) or _is_plain(scene, m, end)
        rule = "spread.somewhere" if is_plain else "spread.unplaced"
        return [_state(scene, SOMEWHERE, verdict, (m.first, end), rule)]
    found = []
    contiguity = (
        None if "spread" in words[m.first : m.last] and m.value == "verb" else "discontiguous"
    )
    for p in targets:
        own = verdict
        count = None
        if p.is_node:
            count = _count_before(words, p) if p in inside else _count_first(words, sentence.first)
        if count == 0:
            own = own._replace(is_negated=True)
        span = (min(m.first, p.first), max(m.last, p.last)) if p in inside else (m.first, m.last)
        rule = "spread.phrase" if p in inside else "spread.before"
        rule = "spread.recur" if m.value == "recur" else rule
        found.append(
            _state(scene, p.site, own, span, rule, side=p.side, contiguity=contiguity, nodes=count)
        )
    return found


def _is_plain(scene: Scene, m: Mention, end: int) -> bool:
    """Whether the words themselves say that a cancer has gone to distant places."""
    said = scene.words[m.first : end]
    if any(
        w in {"disease", "distant", "widely", "widespread", "disseminated", "diffuse"} for w in said
    ):
        return True
    near = [o for o in scene.sentence.mentions if o.category == "cancer" and o.first >= m.first - 4]
    near = [o for o in near if o.first - m.last <= 6]
    return any(" " in o.value for o in near) or any(
        p.first >= m.first - 6 and p.last <= end for p in scene.places
    )


def _is_organ(place: Place, cancers: list[Cancer]) -> bool:
    ties = {"compound", "of", "arising", "originating"}
    return any(place in c.organs and c.tie in ties for c in cancers)


def _without_origin(scene: Scene, targets: list[Place]) -> list[Place]:
    """Leave out an origin named right before the target: "breast brain metastases"."""
    if len(targets) > 1 and targets[0].last == targets[1].first:
        return targets[1:]
    return targets


def _is_of_mass(scene: Scene, place: Place) -> bool:
    """Whether a place belongs to a tumor named before it: "tumor of the colon and ..."."""
    return any(
        m.category in {"mass", "cancer"} and 0 < place.first - m.last <= 4
        and scene.words[m.last] in {"of", "in"} for m in scene.sentence.mentions
    )  # fmt: skip


def _organs_of_metastatic(cancer: Cancer) -> tuple[list[Place], set[int]]:
    """Split the organs of "metastatic ... cancer ..." into where it went and where it began."""
    if cancer.tie == "compound":
        cancer_word = cancer.mention.value.startswith(("8000", "8001"))
        gone = [p for p in cancer.organs if cancer_word and p.site in {"brain", "bone", "spine"}]
        return gone, {p.first for p in cancer.organs if p not in gone}
    if cancer.tie in {"in", "within", "at", "on", "involving"}:
        return list(cancer.organs), set()
    gone = [p for p in cancer.organs if p.site in _ORGANS_REACHED or p.is_node]
    return gone, {p.first for p in cancer.organs if p not in gone}


def _metastatic_thing(scene: Scene, m: Mention) -> tuple[list[Place], int]:
    """Read "metastatic liver lesions", "metastatic pelvic nodes": places within the phrase."""
    found: list[Place] = []
    end = m.last
    for p in scene.places:
        if p.first < m.last:
            continue
        gap = scene.words[end : p.first]
        if len(gap) > 3 or any(w in {"to", "from", ".", ":", "with", "in", "of"} for w in gap):
            break
        if not found and "," in gap:
            break
        if is_walled(scene, end, p.first):
            break
        found.append(p)
        end = p.last
    return found, end


def _is_close_list(scene: Scene, start: int, places: list[Place]) -> bool:
    """Whether places after a comma belong to the words before it: no verb comes first."""
    if not places:
        return False
    gap = scene.words[start : places[0].first]
    return len(gap) <= 4 and not any(w in {"and", "is", "was", "the", "there", "no"} for w in gap)


def _seen_right(scene: Scene, end: int) -> list[Place]:
    """Places after a verb: "metastases were seen in the liver"."""
    words = scene.words
    for p in scene.places:
        if p.first < end:
            continue
        gap = words[end : p.first]
        if len(gap) > 9 or "from" in gap or "," in gap[:1]:
            return []
        if any(w in {"in", "within", "to", "throughout", "involving"} for w in gap):
            if any(w in {";", "who", "with", "but", "and"} for w in gap):
                return []
            return listed_right(scene, p.first)
        return []
    return []


def _subject(scene: Scene, m: Mention, cancers: list[Cancer]) -> list[Place]:
    """Places that stand before as the subject: "the liver shows multiple metastases"."""
    before = [
        p for p in scene.places if p.last <= m.first and not any(p in c.organs for c in cancers)
    ]
    if not before or m.first - before[-1].last > _SUBJECT_REACH:
        return []
    between = scene.words[before[-1].last : m.first]
    is_hedged = any(o.last == m.first and "pre" in o.category for o in scene.sentence.mentions)
    if any(w in _NEW_SUBJECTS for w in between):
        return []
    has_origin = any(c.is_metastatic and 0 <= c.mention.first - m.last <= 7 for c in cancers)
    if has_origin and not before[-1].is_node and not is_linked(scene, before[-1].last, m.first):
        return []
    if "from" in between or ("of" in between[-2:] and not is_hedged):
        return []
    if any(c.mention.first >= before[-1].last and c.mention.last <= m.first for c in cancers):
        return []
    return listed_left(scene, before[-1].last, reach=4) or before[-1:]


def _from_before(scene: Scene, m: Mention) -> list[Place]:
    """Places of the specimen, or of the mass that the sentence before told of."""
    if scene.specimen and scene.sentence.section in {
        "",
        "diagnosis",
        "microscopic",
        "gross",
        "specimen",
        "exam",
        "findings",
    }:
        return scene.specimen
    begin = scene.words[scene.sentence.first : scene.sentence.first + 6]
    is_first = m.first - scene.sentence.first <= _SOON
    if is_first or any(w in _SAYS for w in begin):
        return scene.earlier
    return []


_NUMBERS: Final = {
    "no": 0, "none": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "i": 1, "o": 0, "a": 1, "both": 2, "single": 1,
}  # fmt: skip


def number(word: str) -> int | None:
    """Read a small number in figures or words."""
    if word.isdigit() and len(word) < 6:
        return int(word)
    return _NUMBERS.get(word)


def _count_before(words: list[str], place: Place) -> int | None:
    """Number in front of nodes: "2 of 26 nodes", "0/14 nodes", and after: "nodes (0/14)"."""
    for start in range(max(0, place.first - 6), place.first):
        if words[start + 1 : start + 2] in (["of"], ["/"], ["out"]):
            after = start + (3 if words[start + 1] == "out" else 2)
            if after < place.first + 1 and after < len(words) and number(words[after]) is not None:
                return number(words[start])
    return fraction_after(words, place.last)


def _count_first(words: list[str], first: int) -> int | None:
    """Number at the beginning of a sentence under a heading: "Lymph nodes: 0/14 positive"."""
    if first + 2 < len(words) and words[first + 1] in {"/", "of"}:
        return number(words[first])
    return None


def fraction_after(words: list[str], last: int) -> int | None:
    """Read "(0/14)", ": 2 of 9" behind nodes: the number that is involved."""
    for start in range(last, min(last + 4, len(words) - 2)):
        if words[start + 1] in {"/", "of"} and number(words[start + 2]) is not None:
            return number(words[start])
        if words[start] not in {"(", ":", ",", "in", "are", "were", "-"}:
            return None
    return None
