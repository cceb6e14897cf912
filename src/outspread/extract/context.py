"""What the words around a statement make of it: denied, doubted, past, planned, of a relative."""

from itertools import pairwise
from typing import Final, NamedTuple

from outspread.extract.groups import members
from outspread.extract.lexicon import Mention
from outspread.extract.sentences import Sentence

FARTHEST_HEDGE: Final = 14
FARTHEST_AFTER: Final = 14
_UNFILLED: Final = members("context.unfilled")
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
_WORK: Final = members("context.work")
_BENIGN: Final = frozenset({"benign", "benign_tumor"})
_TITLE: Final = 7  # words of a specimen's title after what it is suspected to be
_SAMPLED: Final = members("context.sampled")
_SUBJECT: Final = 2  # words of "the patient"
_OPENING: Final = 8  # words of a sentence within which a phrase opens it
_NEW_CLAUSES: Final = members("context.new_clauses")
_RIVALS: Final = frozenset({"over", "versus", "vs", "or", "than"})  # the other possibility
_MARKERS: Final = members("context.markers")
_ADVERBS: Final = members("context.adverbs")
_EVIDENCE: Final = members("context.evidence")
_EVENTS: Final = members("context.events")
_COMPLAINTS: Final = members("context.complaints")
_TIED: Final = 5  # words from a preposition to what it ties
_LISTS: Final = frozenset({",", "or", "nor", "and"})
_HEDGING: Final = frozenset({"weak_pre", "strong_pre"})
_DOUBTING: Final = frozenset({"neg_pre", "purpose", "weak_pre", "strong_pre", "discussed"})
_DETERMINERS: Final = frozenset({"the", "her", "his", "their", "this"})
_EVENTS_BEFORE: Final = {
    "of": _EVENTS, "for": _EVENTS, "in": _EVENTS,
    "from": _COMPLAINTS | _EVENTS, "to": _COMPLAINTS, "with": _COMPLAINTS,
}  # fmt: skip
_PARTING: Final = frozenset({",", "(", ")", "with", ";"})
_WITH: Final = frozenset({"with", ","})
_PARTS: Final = frozenset({"site", "node", "nodeplace", "margin"})
_PREPOSITIONS: Final = frozenset({"on", "in", "at", "by", "after", "during", "within"})
_NO_SUBJECTS: Final = members("context.no_subjects")
_GO_ON: Final = frozenset({"or", "nor", "and", ",", "/"})
_NED_REACH: Final = 4  # words between "no recurrence" and what else is denied
_SHORT_MARKER: Final = 3  # letters of a marker before its number
_NOT_MARKERS: Final = frozenset({"ln", "no", "of", "and", "or", "in"})
_DROP: Final = frozenset({"purpose", "conditional", "general"})


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
    verdict = _before(sentence, first, words, verdict)
    if "general_here" in sentence.kinds:
        verdict = _general(sentence, words, verdict)
    verdict = _after(sentence, last, words, verdict)
    if _is_alternative(sentence, first, last, words):
        verdict = verdict._replace(certainty="possible")
    is_of_work = sentence.section == "social" and not _WORK.isdisjoint(
        words[sentence.first : sentence.last]
    )
    if is_of_work or sentence.section == "consent":
        verdict = verdict._replace(is_claim=False)
    if not verdict.is_negated and (
        _is_something_else(sentence, last, verdict, words)
        or _is_undone(sentence, first, last, verdict)
    ):
        verdict = verdict._replace(is_negated=True, is_refuted=True)
    if sentence.section == "indication" and verdict.certainty != "confirmed":
        verdict = verdict._replace(certainty="possible")
    return verdict


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
        (m.category in _BENIGN or (m.category == "mass" and words[m.last - 1] == "fracture"))
        and (0 <= first - 1 - m.last <= 1 or (is_after and 1 <= m.first - last <= 2))
        for m in sentence.mentions
    )


def _general(sentence: Sentence, words: list[str], verdict: Verdict) -> Verdict:
    """A remark about patients at large is no claim about this one."""
    said = words[sentence.first : sentence.last]
    if any(w in {"our", "she", "he", "her", "his"} for w in said) or any(
        a == "this" and b in _PERSONS for a, b in pairwise(said)
    ):
        return verdict
    return verdict._replace(is_claim=False)


def _is_something_else(sentence: Sentence, last: int, verdict: Verdict, words: list[str]) -> bool:
    """Whether what was feared is told to be no cancer: "the presumed metastasis was an abscess"."""
    kinds = sentence.kinds
    if "benign_tumor" not in kinds and "benign" not in kinds:
        return False
    is_doubted = verdict.certainty != "confirmed" or bool(kinds & {"feared", "turn_out"})
    return is_doubted and any(
        m.category in {"benign_tumor", "benign"}
        and m.first >= last
        and _RIVALS.isdisjoint(words[max(last, m.first - 2) : m.first])
        for m in sentence.mentions
    )


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
    for mention in reversed(sentence.mentions):
        if mention.first >= first:
            continue
        kind = mention.category
        if kind == "stop_verb" and _is_denied(sentence, mention, words):
            continue
        if kind in {"stop", "stop_verb"}:
            is_open, is_if = False, is_if and kind != "stop"
        elif kind == "conditional" and mention.value == "verb" and is_if:
            if "," not in words[mention.last : first]:
                verdict = verdict._replace(is_claim=False)
        elif kind == "family":
            verdict = verdict._replace(is_other=True)
        elif kind == "not_family":
            continue
        elif kind == "general":
            verdict = verdict._replace(is_claim=False)
        elif kind == "hist_pre":
            verdict = verdict._replace(is_past=True)
            is_new = mention.value == "new" or words[mention.first - 1] == ","
            is_open = is_open and not is_new
        elif kind in _DOUBTING and (
            _is_of_event(words[mention.first : first], kind)
            or _is_over(sentence, mention, first, words)
        ):
            continue
        elif is_open:
            if kind == "purpose" and _is_aside(sentence, mention, words[mention.last : first]):
                continue
            if (
                kind == "ned"
                and words[mention.last] in _GO_ON
                and first - mention.last <= _NED_REACH
            ):
                verdict = verdict._replace(is_negated=True)  # "no recurrence or metastasis"
                continue
            if mention.value == "finding" and _is_doubt(sentence, mention):
                verdict = verdict._replace(certainty="possible")
                continue
            if kind in {"strong_post", "weak_post"} and first - mention.last <= 1:
                certainty = "probable" if kind == "strong_post" else "possible"
                verdict = verdict._replace(certainty=certainty)
            verdict = _add(verdict, mention, first - mention.last)
            if kind == "neg_post" and mention.value == "refuted" and first - mention.last <= 4:
                verdict = verdict._replace(is_negated=True, is_refuted=True)
            if kind in {"pseudo", "neg_post", "neg_here"}:
                is_open = False
    return verdict


def _is_denied(sentence: Sentence, verb: Mention, words: list[str]) -> bool:
    """Whether a denial belongs to a verb: "has not (yet) shown metastases"."""
    return any(
        m.category == "neg_pre"
        and (m.last == verb.first or (m.last == verb.first - 1 and words[m.last] in _ADVERBS))
        for m in sentence.mentions
    )


def _is_of_event(said: list[str], kind: str) -> bool:
    """Whether a denial or doubt is of what the rest is tied to: "no pain from her metastases"."""
    if kind == "strong_pre" or not _EVIDENCE.isdisjoint(said):
        return False
    if kind != "neg_pre" and "related" in said:
        return False
    for place, word in enumerate(said):
        events = _EVENTS_BEFORE.get(word, frozenset())
        event = next((i for i in range(place) if said[i] in events), None)
        if event is not None and len(said) - place <= _TIED and _LISTS.isdisjoint(said[event:]):
            return True
    return False


def _is_over(sentence: Sentence, doubt: Mention, first: int, words: list[str]) -> bool:
    """Whether a denial or doubt ends before a word: "Without treatment, her cancer ...".

    In a list it belongs to the item that it stands with: "possible pneumonia, lung cancer".
    """
    said = words[doubt.last : first]
    if "," not in said:
        return False
    comma = said.index(",")
    if doubt.category == "neg_pre":
        is_fronted = doubt.first == sentence.first and words[doubt.first] == "without"
        return is_fronted and not _DETERMINERS.isdisjoint([*said, ""][comma + 1 : comma + 2])
    if doubt.category not in _HEDGING and words[doubt.first] != "rule":
        return False
    told = {i for m in sentence.mentions for i in range(m.first, m.last)}
    is_item = any(
        words[i].isalpha() and i not in told and words[i] not in _NO_SUBJECTS
        for i in range(doubt.last, doubt.last + comma)
    )
    return is_item and _RIVALS.isdisjoint(said[comma:])


def _is_aside(sentence: Sentence, purpose: Mention, between: list[str]) -> bool:
    """Whether a purpose that opens a sentence is over: "On search for relapse, a mass ..."."""
    if purpose.first - sentence.first > _OPENING or "," not in between:
        return False
    after = between[between.index(",") + 1 :]
    return bool(after) and after[0] in _NEW_CLAUSES


def _is_doubt(sentence: Sentence, mention: Mention) -> bool:
    """Whether "rule out" is said of a finding: "6 mm lung nodule, rule out metastasis"."""
    return any(m.category == "mass" and m.last <= mention.first for m in sentence.mentions)


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


def _after(sentence: Sentence, last: int, words: list[str], verdict: Verdict) -> Verdict:
    value = value_after(words, last, sentence.last)
    if value is not None:
        if value in _NO_VALUES:
            return verdict._replace(is_negated=True)
        if value.startswith("#") or value in {"", "unknown", "cannot", "n", "na", "?", "pending"}:
            return verdict._replace(is_claim=False)
    is_open, is_same, end = True, True, last
    for mention in sentence.mentions:
        if mention.first < last:
            continue
        kind = mention.category
        if kind == "family" and mention.first - last <= 3:
            verdict = verdict._replace(is_other=True)
        if kind == "refuted_post":
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
        if kind in {"stop", "stop_verb"} or (kind in _OTHER_CLAIMS and mention.first - last > 1):
            is_open = kind == "mass"
        elif kind == "neg_post" and _is_of_another(sentence, mention, words[last : mention.first]):
            is_open = False  # "bladder cancer, last cystoscopy negative"
        elif kind == "neg_post" and mention.value == "unfelt" and "cancer" in sentence.kinds:
            continue
        elif kind == "neg_post" and not (
            (mention.value == "free" and "," in words[last : mention.first])
            or _is_of_marker(words, last, mention.first)
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


def _is_of_another(sentence: Sentence, denial: Mention, gap: list[str]) -> bool:
    """Whether what is denied is named after a comma or "with": "cancer, brain MRI negative"."""
    begin = next((i for i, w in enumerate(gap) if w in _PARTING), None)
    if begin is None:
        return False
    if begin == len(gap) - 1 and gap[begin] in _WITH:  # "with normal liver"
        return any(m.first == denial.last and m.category in _PARTS for m in sentence.mentions)
    is_aside = False
    for word in gap[begin + 1 :]:
        if word in _PREPOSITIONS:
            is_aside = True  # "not seen on imaging": how it was looked for
        elif word in _PARTING:
            is_aside = False
        elif not is_aside and word.isalpha() and word not in _NO_SUBJECTS:
            return True
    return False


def _is_of_marker(words: list[str], first: int, last: int) -> bool:
    """Whether a denial is the result of a stain: "adenocarcinoma, CK7 was negative"."""
    said = words[last - 1] if last > first else ""
    if said.isdigit() and last - 1 > first:  # "S 100"
        before = words[last - 2]
        return before.isalpha() and len(before) <= _SHORT_MARKER and before not in _NOT_MARKERS
    is_coded = said.isalnum() and not said.isalpha() and said[:1].isalpha()
    return is_coded or said in _MARKERS


def value_after(words: list[str], last: int, end: int) -> str | None:
    """First word of the value where a key ends here: "metastasis: no"; None where it is no key.

    Boxes count as values: "[x]" and "(+)" are yes, "(-)" is no, "[ ]" is empty.
    """
    place = last
    if place + 2 < end and words[place] == "(" and words[place + 1].startswith("p"):
        place += 3
    if place + 1 < end and words[place] == "x" and words[place + 1] == "0":
        return "0"  # "Metastatic x 0"
    place = _beyond_sampling(words, place, end)
    if place < end and words[place] == ":":
        place += 1
        if place >= end:
            return ""
        if words[place] not in "([":
            is_open = words[place] == "not" and words[place + 1 : place + 2] != ["identified"]
            is_form = is_open and any(w in _UNFILLED for w in words[place + 1 : place + 3])
            is_form = is_form or words[place : place + 3] == ["n", "/", "a"]
            return "" if is_form or words[place][0] == "_" else words[place]
    if place + 1 < end and words[place] in "([":
        mark = words[place + 1]
        return {"+": "yes", "x": "yes", "-": "no", "]": "", ")": ""}.get(mark)
    return None


def _beyond_sampling(words: list[str], start: int, end: int) -> int:
    """Place of the colon of a specimen: "Omental seeding, biopsy: no tumor"; else the start."""
    place = start
    while place < min(end, start + _TITLE) and (words[place] in _SAMPLED or words[place].isdigit()):
        place += 1
    is_title = place < end and words[place] == ":" and place - start > 1
    return place if is_title else start
