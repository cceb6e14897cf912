"""What the words around a statement make of it: denied, doubted, past, planned, of a relative."""

from typing import Final

from outspread.extract.cues_after import OTHER_CLAIMS, is_mass_between, weigh_after
from outspread.extract.cues_before import weigh_before
from outspread.extract.groups import members
from outspread.extract.kinds import BENIGN, RIVALS
from outspread.extract.lexicon import Mention
from outspread.extract.sentences import Sentence
from outspread.extract.values import value_after
from outspread.extract.verdict import Verdict

_SEEMING_WITHIN: Final = 2
_NODES: Final = frozenset({"node", "nodeplace"})
_PERSONS: Final = frozenset({"patient", "man", "woman", "lady", "gentleman", "case", "boy", "girl"})
_TEACHES: Final = members("context.teaches")  # "this case shows that ..."
_WORK: Final = members("context.work")
_SUBJECT: Final = 2  # words of "the patient"
_DENYING: Final = BENIGN | {"neg_pre", "ned", "neg_post", "refuted_post"}
"""No denial without any of them, or the value of a form."""
_RIVALING: Final = frozenset({"spread", "cancer"})
_ALTERNATIVES: Final = BENIGN | {"mass"}
_PLAIN: Final = Verdict()
_OF_FAMILY: Final = Verdict(is_other=True)


def judge(sentence: Sentence, first: int, last: int, words: list[str]) -> Verdict:
    """Weigh a statement made by the words `first` to before `last` of a sentence."""
    is_of_family = sentence.section == "family" and not _is_of_patient(sentence, words)
    verdict = _OF_FAMILY if is_of_family else _PLAIN
    kinds = sentence.kinds
    verdict = weigh_before(sentence, first, words, verdict)
    if "general_here" in kinds:
        verdict = _general(sentence, words, verdict)
    verdict = weigh_after(sentence, last, words, verdict)
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
        m.first < last or not is_mass_between(sentence, last, m.first, words)
        for m in turns if m.first < ills[-1]
    )  # fmt: skip


def _is_seeming(sentence: Sentence, ill: Mention) -> bool:
    """Whether a cancer only looked like an ill: "metastases, first mistaken for an abscess"."""
    return any(
        m.value == "seeming" and 0 <= ill.first - m.last <= _SEEMING_WITHIN
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
        if mention.category in OTHER_CLAIMS - mine:
            return False
    return False
