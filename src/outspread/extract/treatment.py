"""Treatments of a sentence, and whether they were given, planned, refused or only discussed."""

from itertools import pairwise
from typing import Final, NamedTuple

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN
from outspread.extract.lexicon import Mention, is_tumor
from outspread.extract.sentences import Sentence
from outspread.extract.values import value_after

_MODALS: Final = members("treatment.modals")
_TELLING: Final = frozenset({"cancer", "spread", "malignant", "deposit", "cells", "gleason"})
_DENIALS: Final = frozenset({"neg_pre", "neg_other", "ned"})
_DONE: Final = members("treatment.done")
_CONSIDERED: Final = members("treatment.considered")
_EFFECTS: Final = _MODALS | {"can", "would"}
_NO_EFFECTS: Final = frozenset(
    {"be", "have", "start", "begin", "follow", "proceed", "also", "continue", "then"}
)
_WILL: Final = frozenset({"was", "were", "is", "are", "had", "has", "will", "may"})
_RELATIVES: Final = frozenset({"that", "which", "who"})
_REFUSALS: Final = frozenset({"refused", "cancelled"})
_CUES: Final = frozenset(
    {"weak_pre", "purpose", "discussed", "prophylactic", "stopped", "ongoing", "planned_post",
     "plan"}
)  # fmt: skip
"""Only these change the status of a treatment."""
_GOES_ON: Final = frozenset(
    {"s", "status", "post", "treated", "with", "after", "underwent", "had", "now"}
)
_TREATED_BY: Final = frozenset(
    {"with", "s", "/", "p", "status", "post", "treated", "by", "requiring"}
)
_PLANS: Final = frozenset({"plan", "planned_post"})
_LATER: Final = members("treatment.later")
_BEGUN: Final = members("treatment.begun")
FOR_OTHER_ILLS: Final = members("treatment.for_other_ills")  # drugs of some other ill as well
_OTHER_USES: Final = members("treatment.other_uses")
_HARMS: Final = members("treatment.harms")
_OF_CANCER: Final = ("surgery", "transplant", "immunotherapy:strong", "chemotherapy:strong")
_USE: Final = 8
_FURTHER: Final = frozenset({"further", "additional", "more"})
_NOT_GIVEN: Final = frozenset({"no", "none", "nil", "denied", "0"})
_ENDS: Final = frozenset(".,;")
_LINKED: Final = 12
_OBJECT: Final = 4
_AFTERWARDS: Final = 4


class Given(NamedTuple):
    """A treatment as stated; `strength` says what else must be known for it to count.

    strong: always; weak: beside a cancer; organ: beside a cancer of one of `organs`, or where a
    cancer is named; cancer and tumor: where one is named nearby.
    """

    modality: str
    name: str
    status: str
    strength: str
    organs: tuple[str, ...]
    intent: str | None
    first: int
    last: int
    section: str
    is_past: bool
    is_near_cancer: bool


def read_treatments(
    sentence: Sentence, words: list[str], *, is_near_cancer: bool = False
) -> list[Given]:
    """Read the treatments of a sentence; `is_near_cancer`: one was named just before."""
    if sentence.section in {"consent", "family", "social", "other"}:
        return []
    told = sentence.of("treat")
    return [given for m in told for given in _one(sentence, m, words, is_near_cancer)]


def is_for_cancer(given: Given) -> bool:
    """Whether a treatment that was given tells by itself that there is a cancer: chemotherapy."""
    is_sure = given.modality == "chemotherapy" and given.strength == "strong"
    is_sure = is_sure and given.name not in FOR_OTHER_ILLS
    return is_sure and given.status in {"done", "ongoing"}


def _one(sentence: Sentence, m: Mention, words: list[str], is_near: bool) -> list[Given]:  # noqa: FBT001
    modalities, strength, organs = m.value.split(":")
    if strength == "cancer_here":
        is_near, strength = _is_with_strong(sentence), "cancer"
    verdict = judge(sentence, m.first, m.last, words)
    value = value_after(words, m.last, sentence.last)
    is_whole = _ENDS.issuperset(words[m.last + 2 : sentence.last][:1])  # not "none of ..."
    if m.last + 1 < sentence.last and (value == "" or (is_whole and value in _NOT_GIVEN)):
        return []  # "radiotherapy: not applicable", "chemotherapy: none"
    is_untold = (not verdict.is_claim and value is None) or verdict.is_other
    is_untold = is_untold or (verdict.certainty == "possible" and not verdict.is_planned)
    if is_untold or _is_for_other(sentence, m, words):
        return []
    status = _status(sentence, m, words)
    if not _CONSIDERED.isdisjoint(words[m.last + 1 : m.last + 3]) and words[m.last] in _WILL:
        return []  # "chemotherapy was considered"
    after = words[m.last : min(m.last + 2, sentence.last)]
    if not _EFFECTS.isdisjoint(after[:1]) and _NO_EFFECTS.isdisjoint(after[1:]):
        return []  # "radiation may cause"
    is_own_clause = not _RELATIVES.isdisjoint(words[max(0, m.first - 3) : m.first])
    is_denied = verdict.is_negated and not is_own_clause and not _is_followed_by_result(sentence, m)
    if status is None or (is_denied and status != "refused"):
        return []
    if verdict.is_planned and status == "done":
        status = "planned"
    if status == "stopped" and modalities == "surgery":
        status = "done"  # what was stopped came after it
    intent = next((o.value for o in sentence.of("intent")), None)
    is_listed = not sentence.kinds.isdisjoint(_TELLING)
    near = sentence.section in {"specimen", "diagnosis", "preoperative"} or (
        _is_in_item(sentence, m, words)
        if strength == "organ" and is_listed and sentence.section == "history"
        else is_near
        or is_listed
        or (strength == "cancer" and _is_with_strong(sentence))
        or ("mass" in sentence.kinds and any(map(is_tumor, sentence.mentions)))
    )
    name = " ".join(words[m.first : m.last])
    return [
        Given(modality, name, status, strength, tuple(organs.split()), intent, m.first, m.last,
              sentence.section, verdict.is_past, near)
        for modality in modalities.split("+")
    ]  # fmt: skip


def _is_in_item(sentence: Sentence, m: Mention, words: list[str]) -> bool:
    """Whether a cancer is told in the same item of a list: not "bladder CA, colon resection"."""
    for o in sentence.mentions:
        gap = words[min(o.last, m.last) : max(o.first, m.first) + 1]
        if o.category in _TELLING and all(b in _GOES_ON for a, b in pairwise(gap) if a == ","):
            return True  # "cancer, status post ..."
    return False


def _is_with_strong(sentence: Sentence) -> bool:
    """Whether a treatment that is for cancer alone is told too: "surgery, then radiotherapy"."""
    return any(":strong:" in o.value for o in sentence.of("treat"))


def _is_followed_by_result(sentence: Sentence, m: Mention) -> bool:
    """Whether what seems to deny a treatment is a result: "lobectomy, brain scan negative"."""
    return not any(
        (o.category in _DENIALS and o.first < m.first) or o.value == "refuted"
        for o in sentence.mentions
    )


def _is_for_other(sentence: Sentence, m: Mention, words: list[str]) -> bool:
    """Whether it was for something that is no cancer: "fibroids with hysterectomy"."""
    around = set(words[max(sentence.first, m.first - _USE) : min(m.last + _USE, sentence.last)])
    name = " ".join(words[m.first : m.last])
    is_dual = name in FOR_OTHER_ILLS or not m.value.startswith(_OF_CANCER)
    is_dual = is_dual and _HARMS.isdisjoint(around)  # "tamoxifen, stopped because of arthritis"
    if is_dual and sentence.kinds.isdisjoint(_TELLING) and not around.isdisjoint(_OTHER_USES):
        return True
    if sentence.kinds.isdisjoint(BENIGN):
        return False
    ills = [o for o in sentence.mentions if o.category in BENIGN]
    before = [words[o.last : m.first] for o in ills if 0 < m.first - o.last <= _OBJECT]
    if any(map(_TREATED_BY.issuperset, before)):
        return True
    after = [words[o.first - 1] for o in ills if 0 < o.first - m.last <= _OBJECT]
    is_for = words[m.last : m.last + 1] in (["for"], ["secondary"], ["due"])
    return is_for and any(word != "malignant" for word in after)


def _is_parted(sentence: Sentence, words: list[str], refusal: Mention, m: Mention) -> bool:
    """Whether another thing that was done stands between: "refused surgery and was given ..."."""
    if sentence.has({"stop"}, refusal.last, m.first):
        return True
    return not _DONE.isdisjoint(words[refusal.last : m.first])


def _is_refused(sentence: Sentence, words: list[str], m: Mention) -> bool:
    """Whether a treatment is told to be refused or called off, and not taken up again."""
    if sentence.kinds.isdisjoint(_REFUSALS):
        return False
    for other in sentence.mentions:
        if other.category in _REFUSALS and _is_begun(words, m.last, other):
            continue  # it was given for a while
        if other.category == "refused":
            if other.first < m.first:
                near = m.first - other.last <= _LINKED
                if near and not _is_parted(sentence, words, other, m):
                    return True
            elif 0 <= other.first - m.last <= _LINKED:
                if sentence.has_after({"treat"}, other.last, _OBJECT):
                    continue  # "had surgery but turned down radiation"
                return other.value != "instead" or not sentence.kinds.isdisjoint(_PLANS)
        elif other.category == "cancelled" and 0 <= other.first - m.last <= _LINKED:
            return _LATER.isdisjoint(words[other.last : sentence.last])
    return False


def _is_begun(words: list[str], end: int, refusal: Mention) -> bool:
    """Whether what is refused was begun: "was started, but she declined further cycles"."""
    if not _FURTHER.isdisjoint(words[refusal.last : refusal.last + 1]):
        return refusal.first >= end
    return not _BEGUN.isdisjoint(words[end : refusal.first])


def _is_of_options(sentence: Sentence, words: list[str], talk: Mention, m: Mention) -> bool:
    """Whether talk is of a treatment: "we covered radiation", not "had surgery; we covered"."""
    is_before = talk.first < m.first
    if talk.value and is_before and _is_parted(sentence, words, talk, m):
        return False  # "we asked whether to add chemotherapy, and he received cisplatin"
    return not talk.value or is_before == (talk.value == "option")


def _is_its_plan(sentence: Sentence, words: list[str], m: Mention, plan: Mention) -> bool:
    """Whether a plan is of what stands before it: "radiotherapy is planned for June"."""
    follows = any(o.category == "treat" and o.first >= plan.last for o in sentence.mentions)
    return not follows and _ENDS.isdisjoint(words[m.last : plan.first])


def _status(sentence: Sentence, m: Mention, words: list[str]) -> str | None:
    """Status of a treatment; None where it was only talked of, or not given."""
    if _is_refused(sentence, words, m):
        return "refused"
    if words[m.last : m.last + 1] == ["if"]:
        return None  # "radiation if the margins are positive"
    status = "planned" if sentence.section == "plan" else "done"
    if sentence.section == "medications":
        status = "ongoing"
    after = words[m.last : m.last + 4]
    if words[m.first - 1 : m.first] == ["on"] or "daily" in after or "since" in after:
        status = "ongoing"
    if sentence.kinds.isdisjoint(_CUES):
        return status
    for other in sentence.mentions:
        distance = m.first - other.last if other.first < m.first else other.first - m.last
        kind = other.category
        if kind == "weak_pre" and other.first < m.first and words[other.first] in _MODALS:
            return None
        if kind == "purpose" and "risk" in words[other.first][:5]:
            return None
        if kind == "discussed" and not _is_of_options(sentence, words, other, m):
            continue
        if kind == "discussed" or (kind == "prophylactic" and distance <= _LINKED):
            return None
        is_after = 0 <= other.first - m.last <= _AFTERWARDS
        if kind == "stopped" and 0 <= other.first - m.last <= _LINKED:
            status = "stopped"
        elif status != "done":
            continue
        elif kind == "ongoing" and (is_after or (other.first < m.first and distance <= 6)):
            status = "ongoing"
        elif (
            (kind == "planned_post" and is_after and "given" not in words[m.last : other.first])
            or (kind == "plan" and other.first < m.first and distance <= _LINKED)
            or (kind == "plan" and is_after and _is_its_plan(sentence, words, m, other))
        ):
            status = "planned"
    return status
