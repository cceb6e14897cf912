"""What the words around a statement make of it: denied, doubted, past, planned, of a relative."""

from itertools import pairwise
from typing import Final, NamedTuple

from outspread.extract.denied_list import UNSURE, is_own_again, is_taken_as_given, place_in_list
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN, RIVALS
from outspread.extract.lexicon import Mention
from outspread.extract.pieces import VERTEBRA
from outspread.extract.scope import (
    DETERMINERS,
    is_aside,
    is_denied,
    is_doubt,
    is_known,
    is_of_another,
    is_of_event,
    is_of_marker,
    is_of_origin,
    is_of_relative,
    is_one_list,
    is_over,
)
from outspread.extract.sentences import Sentence
from outspread.extract.values import value_after

FARTHEST_HEDGE: Final = 14
FARTHEST_AFTER: Final = 14
_SEEMING_WITHIN: Final = 2
_KNOWN_MASS: Final = frozenset({"the", "this", "that", "these", "his", "her"})
_HELD_ALONE: Final = members("context.held_alone")  # after "it was considered"
_NO_VALUES: Final = members("context.no_values")
_OTHER_CLAIMS: Final = frozenset(
    {
        "site",
        "node",
        "nodeplace",
        "cancer",
        "spread",
        "deposit",
        "mass",
        "measure",
        "treat",
        "margin",
        "tnm",
    }
)
_NODES: Final = frozenset({"node", "nodeplace"})
_PERSONS: Final = frozenset({"patient", "man", "woman", "lady", "gentleman", "case", "boy", "girl"})
_TEACHES: Final = members("context.teaches")  # "this case shows that ..."
_WORK: Final = members("context.work")
_SUBJECT: Final = 2  # words of "the patient"
_DOUBTING: Final = frozenset({"neg_pre", "purpose", "weak_pre", "strong_pre", "discussed"})
_ENDING: Final = _DOUBTING | {"neg_other"}
_NAMED_WITHIN: Final = 4  # words of "of the left lung"
_NEAR_NEXT: Final = 4
_BEING: Final = frozenset({"is", "are", "was", "were", "remain", "remains"})
_FAR_NEXT: Final = 9  # "any in-transit, nodal or visceral"
_GO_ON: Final = frozenset({"or", "nor", "and", ",", "/"})
_PASSIVE: Final = frozenset({"was", "were", "is", "are", "has", "have", "had"})
_TREATED_WITHIN: Final = 5  # words of "for the liver metastases"
_NED_REACH: Final = 4  # words between "no recurrence" and what else is denied
_DROP: Final = frozenset({"purpose", "conditional", "general"})
_CUES_BEFORE: Final = _DROP | {
    "stop", "stop_verb", "family", "hist_pre", "ned", "discussed", "neg_pre", "neg_other",
    "neg_post", "neg_here", "gone_pre", "plan", "pseudo", "weak_pre", "strong_pre", "weak_post",
    "strong_post",
}  # fmt: skip
"""Only these mean something for what follows them."""
_CUES_AFTER: Final = frozenset(
    {"family", "refuted_post", "ned", "gone_post", "neg_post", "no_claim", "weak_pre", "weak_post",
     "strong_post", "risk_post"}
)  # fmt: skip
"""Only these mean something for what stands before them."""
_DENYING: Final = BENIGN | {"neg_pre", "ned", "neg_post", "refuted_post"}
"""No denial without any of them, or the value of a form."""
_ALTERNATIVES: Final = BENIGN | {"mass"}
_CLOSING: Final = frozenset({"pseudo", "neg_post", "neg_here"})  # what stands before them is over


class Verdict(NamedTuple):
    """How a statement is meant. `is_claim` False: it says nothing about this patient now."""

    is_claim: bool = True
    is_negated: bool = False
    is_refuted: bool = False
    certainty: str = "confirmed"
    is_past: bool = False
    is_gone: bool = False
    is_other: bool = False
    is_planned: bool = False


_PLAIN: Final = Verdict()
_OF_FAMILY: Final = Verdict(is_other=True)


def judge(sentence: Sentence, first: int, last: int, words: list[str]) -> Verdict:
    """Weigh a statement made by the words `first` to before `last` of a sentence."""
    is_of_family = sentence.section == "family" and not _is_of_patient(sentence, words)
    verdict = _OF_FAMILY if is_of_family else _PLAIN
    kinds = sentence.kinds
    if not kinds.isdisjoint(_CUES_BEFORE):
        verdict = _before(sentence, first, words, verdict)
    if "general_here" in kinds:
        verdict = _general(sentence, words, verdict)
    verdict = _after(sentence, last, words, verdict)
    if not kinds.isdisjoint(_ALTERNATIVES) and _is_alternative(sentence, first, last, words):
        verdict = verdict._replace(certainty="possible")
    if kinds >= _RIVALING and not verdict.is_negated and _is_rival(sentence, first, last, words):
        verdict = verdict._replace(certainty="possible")
    is_of_work = sentence.section == "social" and not _WORK.isdisjoint(
        words[sentence.first : sentence.last]
    )
    if is_of_work or sentence.section == "consent":
        verdict = verdict._replace(is_claim=False)
    if not verdict.is_negated and (
        (not kinds.isdisjoint(BENIGN) and _is_something_else(sentence, last, verdict, words))
        or ("stop" in kinds and _is_undone(sentence, first, last, verdict))
    ):
        verdict = verdict._replace(is_negated=True, is_refuted=True)
    if sentence.section == "indication" and verdict.certainty != "confirmed":
        verdict = verdict._replace(certainty="possible")
    return verdict


def is_negated(sentence: Sentence, first: int, last: int, words: list[str]) -> bool:
    """Tell whether a statement is denied, which few sentences hold the words for."""
    if sentence.kinds.isdisjoint(_DENYING) and value_after(words, last, sentence.last) is None:
        return False
    return judge(sentence, first, last, words).is_negated


def _is_of_patient(sentence: Sentence, words: list[str]) -> bool:
    """Whether a sentence of a family's history is about the patient: "Patient has ..."."""
    opening = words[sentence.first : sentence.first + _SUBJECT]
    return "patient" in opening and "family" not in sentence.kinds


def _is_alternative(sentence: Sentence, first: int, last: int, words: list[str]) -> bool:
    """Whether something that is no cancer is the other possibility: "cyst or metastasis"."""
    is_after = words[last : last + 1] == ["or"]
    if not is_after and words[first - 1] != "or":
        return False
    return any(
        (m.category in BENIGN or (m.category == "mass" and words[m.last - 1] == "fracture"))
        and (0 <= first - 1 - m.last <= 1 or (is_after and 1 <= m.first - last <= 2))
        for m in sentence.mentions
    )


_RIVALING: Final = frozenset({"spread", "cancer"})


def _is_rival(sentence: Sentence, first: int, last: int, words: list[str]) -> bool:
    """Whether spread and a cancer of its own are the two possibilities: "metastasis or glioma"."""
    told = [m for m in sentence.mentions if m.category in _RIVALING]
    own = {m.category for m in told if first <= m.first < last}
    return any(
        m.category not in own
        and (
            (words[last : last + 1] == ["or"] and 1 <= m.first - last <= 2)
            or (words[first - 1] == "or" and m.last == first - 1)
        )
        for m in told
    )


def _general(sentence: Sentence, words: list[str], verdict: Verdict) -> Verdict:
    """A remark about patients at large is no claim about this one."""
    said = words[sentence.first : sentence.last]
    if any(w in {"our", "she", "he", "her", "his"} for w in said) or any(
        a == "this" and b in _PERSONS and c not in _TEACHES
        for a, b, c in zip(said, said[1:], [*said[2:], ""], strict=False)
    ):
        return verdict
    return verdict._replace(is_claim=False)


def _is_something_else(sentence: Sentence, last: int, verdict: Verdict, words: list[str]) -> bool:
    """Whether what was feared is told to be no cancer: "the presumed metastasis was an abscess"."""
    ills = [
        m.first for m in sentence.mentions
        if m.category in BENIGN and m.first >= last
        and not (m.first == last and words[last - 1].startswith("metasta"))
        and RIVALS.isdisjoint(words[max(last, m.first - 2) : m.first])
        and not _is_seeming(sentence, m)
    ]  # fmt: skip
    if not ills or verdict.certainty != "confirmed":
        return bool(ills)
    turns = [m for m in sentence.mentions if m.category in {"feared", "turn_out"}]
    return any(
        m.first < last or not _is_mass_between(sentence, last, m.first, words)
        for m in turns if m.first < ills[-1]
    )  # fmt: skip


def _is_seeming(sentence: Sentence, ill: Mention) -> bool:
    """Whether a cancer only looked like an ill: "metastases, first mistaken for an abscess"."""
    return any(
        m.value == "seeming" and 0 <= ill.first - m.last <= _SEEMING_WITHIN
        for m in sentence.mentions
    )


def _is_cancer(sentence: Sentence, last: int) -> bool:
    """Whether a cancer and no spread is what ends here."""
    told = [m.category for m in sentence.mentions if 0 <= last - m.last <= _NAMED_WITHIN]
    return "cancer" in told and "spread" not in told


def _is_of_mass(sentence: Sentence, last: int, end: int, words: list[str]) -> bool:
    """Whether a cancer is known, and a mass told after it is what is refuted."""
    is_cancer = any(m.category == "cancer" and m.last == last for m in sentence.mentions)
    return is_cancer and _is_mass_between(sentence, last, end, words)


def _is_mass_between(sentence: Sentence, first: int, last: int, words: list[str]) -> bool:
    """Whether a new mass is what turns out so: "cancer; a nodule proved to be ..."."""
    return any(
        m.category == "mass" and first <= m.first < last
        and _KNOWN_MASS.isdisjoint(words[max(first, m.first - 3) : m.first])
        for m in sentence.mentions
    )  # fmt: skip


def _is_of_what_follows(sentence: Sentence, belief: Mention, words: list[str]) -> bool:
    """Whether it is told what a cancer is thought to be like: "was considered high risk"."""
    after = words[belief.last] if belief.last < sentence.last else "."
    return after.isalpha() and after not in _HELD_ALONE


def _is_of_treatment(sentence: Sentence, last: int, words: list[str]) -> bool:
    """Whether it is a treatment that is thought of: "surgery for the metastases was considered"."""
    return any(
        m.category == "treat" and 0 < last - m.last <= _TREATED_WITHIN
        and words[m.last] in {"for", "of"} for m in sentence.mentions
    )  # fmt: skip


def _is_undone(sentence: Sentence, first: int, last: int, verdict: Verdict) -> bool:
    """Whether a doubt is undone after "but": "was suspected but biopsy was negative"."""
    if verdict.certainty == "confirmed":
        return False
    mine = {m.category for m in sentence.mentions if first <= m.first < last} & _NODES
    is_turned = False
    for mention in sentence.mentions:
        if mention.first < last:
            continue
        is_turned = is_turned or mention.category == "stop"
        if is_turned and mention.category == "neg_post" and (mine or mention.value != "free"):
            return True
        if mention.category in _OTHER_CLAIMS - mine:
            return False
    return False


def _before(sentence: Sentence, first: int, words: list[str], verdict: Verdict) -> Verdict:
    is_open = is_if = True
    is_own = False  # "the family history was negative, but the patient had ..."
    for mention in reversed(sentence.mentions):
        kind = mention.category
        if kind not in _CUES_BEFORE or mention.first >= first:
            continue
        if kind == "stop_verb" and is_denied(sentence, mention, words):
            continue
        if kind == "discussed" and (mention.value or is_known(words[mention.last : first])):
            continue  # options of treatment, or what is there
        if kind == "conditional" and is_taken_as_given(sentence, first, words):
            continue  # "if the metastases grow"
        if kind in {"stop", "stop_verb"}:
            is_open, is_if = False, is_if and kind != "stop"
            is_own = is_own or "patient" in words[mention.last : mention.last + 2]
        elif kind == "conditional" and mention.value == "verb" and is_if:
            if "," not in words[mention.last : first]:
                verdict = verdict._replace(is_claim=False)
        elif kind == "family" and is_own_again(sentence, mention, first, words):
            continue
        elif kind == "family":
            verdict = verdict._replace(is_other=verdict.is_other or not is_own)
        elif kind == "general":
            verdict = verdict._replace(is_claim=False)
        elif kind == "hist_pre":
            verdict = verdict._replace(is_past=True)
            is_new = mention.value == "new" or words[mention.first - 1] == ","
            is_open = is_open and not is_new
        elif kind in _ENDING and (
            is_of_event(words[mention.first : first], kind)
            or is_over(sentence, mention, first, words)
        ):
            continue
        elif is_open or (is_if and mention.value == "that"):
            verdict = _with_cue(sentence, mention, first, words, verdict)
            is_open = is_open and kind not in _CLOSING
    return verdict


def _with_cue(
    sentence: Sentence, cue: Mention, first: int, words: list[str], verdict: Verdict
) -> Verdict:
    """Weigh one cue for what it stands before and reaches."""
    kind, distance = cue.category, first - cue.last
    if kind == "purpose" and is_aside(sentence, cue, words[cue.last : first]):
        return verdict
    if kind == "ned" and words[cue.last] in _GO_ON and distance <= _NED_REACH:
        return verdict._replace(is_negated=True)  # "no recurrence or metastasis"
    if cue.value == "finding" and is_doubt(sentence, cue):
        return verdict._replace(certainty="possible")
    if kind in {"strong_post", "weak_post"} and distance <= 1:  # "considered metastatic"
        is_held = kind == "strong_post" or cue.value == "belief"
        verdict = verdict._replace(certainty="probable" if is_held else "possible")
    if kind in {"neg_pre", "neg_other"} and place_in_list(sentence, cue, first, words) == UNSURE:
        return verdict._replace(certainty="possible")  # "no pain, liver metastases"
    verdict = _add(verdict, cue, distance)
    if kind == "neg_post" and _denies_next(sentence, cue, first, words):
        return verdict._replace(is_negated=True, is_refuted=cue.value == "refuted")
    return verdict


_NONE: Final = frozenset({"no", "without"})  # "no evidence of malignancy or (metastasis)"


def _denies_next(sentence: Sentence, denial: Mention, first: int, words: list[str]) -> bool:
    """Whether a denial is of what follows: "he has not developed (any liver) metastases"."""
    said = words[denial.last : first]
    if denial.value == "undeveloped":
        is_over = said[:1] != [] and (said[0] in _GO_ON or is_of_event(said, "neg_pre"))
        is_over = is_over or ("," in said and not _BEING.isdisjoint(words[first : sentence.last]))
        return len(said) <= _FAR_NEXT and not is_over and DETERMINERS.isdisjoint(said)
    if denial.value == "free" and words[denial.first] in _NONE:
        return said[:1] in (["or"], ["nor"]) and len(said) <= _NEAR_NEXT
    if denial.value != "refuted" or words[denial.first] in _PASSIVE:
        return False  # "were excluded" is of what is before
    return len(said) <= _NEAR_NEXT or is_one_list(sentence, denial.last, first, words)


def _add(verdict: Verdict, mention: Mention, distance: int) -> Verdict:
    kind = mention.category
    if kind in _DROP or kind == "discussed":
        return verdict._replace(is_claim=False)
    if kind == "neg_pre":
        return verdict._replace(is_negated=True, is_refuted=mention.value == "refuted")
    if kind == "neg_other":
        return verdict._replace(is_claim=False)
    if kind == "gone_pre":
        return verdict._replace(is_gone=True, is_past=True)
    if kind == "plan":
        return verdict._replace(is_planned=True)
    if distance <= FARTHEST_HEDGE:
        if kind == "weak_pre":
            return verdict._replace(certainty="possible")
        if kind == "strong_pre" and verdict.certainty == "confirmed":
            return verdict._replace(certainty="probable")
    return verdict


_REMOVED: Final = frozenset({"resected", "removed", "excised", "ablated"})
_OF_TUMOR: Final = frozenset({"site", "cancer", "primary_word", "mass"})
_WERE: Final = frozenset({",", "was", "were", "has", "have", "been", "completely", "successfully"})


def _removes(sentence: Sentence, m: Mention, last: int, words: list[str]) -> bool:
    """Whether what ends here was removed: "metastases resected", not "mets, resected colon"."""
    is_next = m.category == "treat" and 0 <= m.first - last <= 3 and words[m.last - 1] in _REMOVED
    is_of_another = any(o.first == m.last and o.category in _OF_TUMOR for o in sentence.mentions)
    return is_next and not is_of_another and _WERE.issuperset(words[last : m.first])


def _after(sentence: Sentence, last: int, words: list[str], verdict: Verdict) -> Verdict:
    value = value_after(words, last, sentence.last)
    if value is not None:
        if value in _NO_VALUES:
            return verdict._replace(is_negated=True)
        is_named = any(m.category == "cancer" and m.last == last for m in sentence.mentions)
        is_sign = value.startswith("#") and value != VERTEBRA and not is_named  # "metastases: L3"
        if is_sign or value in {"", "unknown", "cannot", "n", "na", "?", "pending"}:
            return verdict._replace(is_claim=False)
    if "treat" in sentence.kinds and any(
        _removes(sentence, m, last, words) for m in sentence.mentions
    ):
        verdict = verdict._replace(is_past=True)
    if sentence.kinds.isdisjoint(_CUES_AFTER):
        return verdict
    is_open, is_same, end = True, True, last
    for mention in sentence.mentions:
        if mention.first < last:
            continue
        kind = mention.category
        if kind == "family" and is_of_relative(sentence, mention, last, words):
            verdict = verdict._replace(is_other=True)
        if kind == "refuted_post" and not (
            verdict.certainty == "confirmed" and _is_of_mass(sentence, last, mention.first, words)
        ):
            return verdict._replace(is_negated=True, is_refuted=True)
        if mention.first - end > FARTHEST_AFTER:
            break
        if kind == "ned" and is_same and "treat" in sentence.kinds:
            verdict = verdict._replace(is_gone=True, is_past=True)  # resected, and not come back
        if is_same and kind == "gone_post":
            verdict = verdict._replace(is_gone=True, is_past=True)
        is_same = is_same and kind not in _OTHER_CLAIMS
        if not is_open:
            continue
        is_next = mention.first - last <= 1 and not (kind == "treat" and words[last] == "and")
        if kind in {"stop", "stop_verb"} or (kind in _OTHER_CLAIMS and not is_next):
            is_open = kind == "mass"
        elif kind in {"neg_post", "no_claim", "weak_post"} and (
            is_of_another(sentence, mention, words, last) or is_of_origin(sentence, last, words)
        ):
            is_open = False  # "bladder cancer, last cystoscopy negative"
        elif mention.value == "undeveloped" and any(
            o.category in _OTHER_CLAIMS and 0 <= o.first - mention.last <= 1
            for o in sentence.mentions
        ):
            is_open = False  # "went to the lung and has not developed brain metastases"
        elif mention.value == "belief" and (
            _is_of_what_follows(sentence, mention, words) or _is_of_treatment(sentence, last, words)
        ):
            continue
        elif mention.value == "belief" and (",", "and") in pairwise(words[last : mention.first]):
            is_open = False  # "the primary tumor, and these masses were considered metastatic"
        elif kind == "neg_post" and mention.value == "unfelt" and _is_cancer(sentence, last):
            continue
        elif kind == "neg_post" and not (
            (mention.value == "free" and "," in words[last : mention.first])
            or is_of_marker(words, last, mention.first)
        ):
            verdict = verdict._replace(is_negated=True, is_refuted=mention.value == "refuted")
        elif kind == "no_claim":
            verdict = verdict._replace(is_claim=False)
        elif kind == "gone_post":
            verdict = verdict._replace(is_gone=True, is_past=True)
        elif kind == "weak_post" or (kind == "weak_pre" and mention.value == "differential"):
            verdict = verdict._replace(certainty="possible")
        elif kind == "strong_post" and verdict.certainty == "confirmed":
            verdict = verdict._replace(certainty="probable")
        elif kind == "risk_post" and mention.first - last <= 1:
            verdict = verdict._replace(is_claim=False)
        end = mention.last
    return verdict
