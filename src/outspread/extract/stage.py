"""Stages as written: TNM categories, stage groups, FIGO, Dukes, and the sites told in brackets."""

import re
from typing import Final, NamedTuple

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.kinds import NAMES
from outspread.extract.lexicon import Mention
from outspread.extract.pieces import CATEGORY, VERTEBRA
from outspread.extract.places import Place
from outspread.extract.sentences import Sentence
from outspread.extract.statements import Statement, spread_to
from outspread.extract.tokens import Tokens

_PARTS: Final = re.compile(
    r"(?P<prefix>[yramu]{0,2}?[cp]?)(?P<axis>[tnm])(?P<value>[0-4][a-e]?(?:mi)?|is|a|x|o)",
    re.IGNORECASE,
)
_FAR: Final = 4
_UNSAID: Final = frozenset({"purpose", "conditional", "neg_pre", "general"})
_OTHER_ILL: Final = members("stage.other_ill")
_GRADES: Final = (["figo", "1"], ["figo", "2"], ["figo", "3"])  # of "FIGO 2, 5 cm"
_GROUP: Final = re.compile(r"(?:0|iv|i{1,3}|[1-4])[a-e]?\d?|one|two|three|four")
_SEEN: Final = ("c", "u", "mr")  # clinically, by ultrasound, by magnetic resonance
_KEYS: Final = frozenset(prefix + axis for prefix in ("", "p", "c", "yp") for axis in "tnm")
_LETTERS: Final = {"no": "n", "mo": "m"}
_RANGES: Final = frozenset({"-", "to", "through"})
_PARTS_OF_LEVEL: Final = frozenset({"upper", "lower", "mid", "the", "level", "up", "down"})
_VERTEBRAL: Final = frozenset({VERTEBRA, "vertebra", "vertebral", "level", "vertebrae"})
_JOINED: Final = frozenset({"and", "or", "/", "-", "through", ","})
_STAGING: Final = members("stage.staging")
_VALUE: Final = re.compile(r"[0-4][a-e]?|is|x")
_TYPES: Final = frozenset({"type", "class", "grade", "group"})
_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_SPELLED: Final = {"ONE": "I", "TWO": "II", "THREE": "III", "FOUR": "IV"}
_NO_STAGE: Final = members("stage.no_stage")
_FAILING: Final = members("stage.failing")
_FAILING_ORGANS: Final = _OTHER_ILL | members("stage.failing_organs")
_SHADES: Final = frozenset({"high", "low", "increased", "decreased", "intermediate"})
_NO_CATEGORY: Final = members("stage.no_category")
_HORMONES: Final = members("stage.hormones")
_SAID_BY_ME: Final = frozenset({"am", "have", "would", "will"})
_BEFORE_GROUP: Final = members("stage.before_group")  # "the stage was revised to"
_NOT_OF_SITES: Final = frozenset(
    {"cancer", "treat", "neg_pre", "primary_word", "tumor_site", "extension"}
)
_BRACKET: Final = 24  # words in the brackets


class Staged(NamedTuple):
    """A stage as written."""

    system: str
    t: str | None
    n: str | None
    m: str | None
    group: str | None
    basis: str
    first: int
    last: int
    section: str
    is_past: bool


def read_stages(sentence: Sentence, tokens: Tokens, text: str) -> list[Staged]:
    """Read the stages of a sentence; neighbouring TNM categories make one stage."""
    found: list[Staged] = []
    categories: dict[str, tuple[str, str]] = {}
    first = last = -1
    words = tokens.words
    for m in sentence.mentions:
        if m.category == "tnm":
            if _is_followed(words, m.first) or _is_in_range(words, m.first):
                continue  # a vertebra, or a way of imaging
            if _is_block(sentence, m, tokens):
                continue  # blocks of tissue: "T1-4"
            raw = text[tokens.start(m.first) : tokens.end(m.first)]
            if sentence.has_before(_UNSAID, m.first, 1):
                continue
            parts = {
                p["axis"].lower(): (_as_zero(p["value"]), p["prefix"]) for p in _PARTS.finditer(raw)
            }
            if first < 0:
                first = m.first
            last = m.last
            for axis, part in parts.items():
                categories.setdefault(axis, part)
            for axis in _zeros(words, m.last, sentence.last):
                categories.setdefault(axis, ("0", ""))
        elif m.category == "stage":
            is_own = bool(_GROUP.fullmatch(words[m.first]))  # "IB1 disease"
            is_other = _is_of_other_ill(sentence, m, words)
            is_other = is_other or (is_own and words[m.first - 1] in _TYPES)
            named = words[m.first : m.last + 1]
            is_other = is_other or named in _GRADES
            start = m.first if is_own else m.last
            group = None if is_other else _group(words, start, sentence.last)
            if m.last - m.first > 1 and not (group or is_other):
                group = _group(words, m.first + 1, sentence.last)  # "stage IV disease" is one term
                start = m.last - 1
            if group and judge(sentence, m.first, m.last, words).is_claim:
                span = (m.first, max(m.last, start + 1))
                found.append(_staged(sentence, m.value or "ajcc", {}, group, span))
    form = _form(sentence, words, is_more=bool(categories))
    categories |= {a: part for a, part in form.items() if a not in categories}
    if categories and first < 0:
        first, last = sentence.first, sentence.last
    if categories and _is_sure(sentence, words, categories):
        found.append(_staged(sentence, "ajcc", categories, None, (first, last)))
    return found


def _is_of_other_ill(sentence: Sentence, m: Mention, words: list[str]) -> bool:
    """Whether a stage is of an ill told right before it, and after the name of any cancer."""
    if words[m.first - 1] in {",", "and", "with"} and any(
        o.category in NAMES and 0 <= o.first - m.last <= _FAR and "," not in words[m.last : o.first]
        for o in sentence.mentions
    ):
        return False  # "heart failure, stage IV lung cancer"
    named = [o.last for o in sentence.mentions if o.category in NAMES and o.last <= m.first]
    first = max([sentence.first, m.first - _FAR, *named])
    return not _OTHER_ILL.isdisjoint(words[first : m.first])


def _is_block(sentence: Sentence, m: Mention, tokens: Tokens) -> bool:
    """Whether T and a range of numbers are blocks of tissue: "T1-4, tumor"."""
    is_range = tokens.is_followed(m.first) and tokens.words[m.last].isdigit()
    return is_range and len(sentence.of("tnm")) == 1


def _as_zero(value: str) -> str:
    return "0" if value in {"o", "O"} else value


def _zeros(words: list[str], start: int, end: int) -> list[str]:
    """Axes whose zero was read as a letter, right after another category: "T2, NO, MO"."""
    found: list[str] = []
    place = start
    while place < end:
        place += words[place] == ","
        word = words[place] if place < end else ""
        after = words[place + 1] if place + 1 < end else ""
        is_open = after.isalpha() and after != "mo" and not found
        if word not in _LETTERS or is_open:
            break
        found.append(_LETTERS[word])
        place += 1
    return found


def _form(sentence: Sentence, words: list[str], *, is_more: bool) -> dict[str, tuple[str, str]]:
    """Read categories whose value stands apart: "Primary tumor (pT): 2b", "T 3 N 1 M 0"."""
    found: dict[str, tuple[str, str]] = {}
    is_form = False
    for place in range(sentence.first, sentence.last - 1):
        key = words[place]
        if key not in _KEYS:
            continue
        value = next((w for w in words[place + 1 : place + 4] if w not in {":", ")", "-"}), "")
        if _VALUE.fullmatch(value):
            found.setdefault(key[-1], (value, key[:-1]))
            is_form = is_form or (len(key) > 1 and words[place + 1] in {":", ")"})
    return found if is_form or is_more or len(found) > 1 else {}


def _staged(
    sentence: Sentence, system: str, categories: dict[str, tuple[str, str]], group: str | None,
    span: tuple[int, int],
) -> Staged:  # fmt: skip
    prefixes = "".join(prefix for _, prefix in categories.values()).lower()
    basis = "unspecified"
    if "y" in prefixes:
        basis = "post_therapy"
    elif "p" in prefixes:
        basis = "pathological"
    elif any(mark in prefixes for mark in _SEEN):
        basis = "clinical"
    t, n, m = (categories.get(axis, (None, ""))[0] for axis in "tnm")
    return Staged(system, t, n, m, group, basis, *span, sentence.section, is_past=False)


def _group(words: list[str], start: int, end: int) -> str | None:
    """Stage group after the word stage: "stage IIIC", "stage group: 4a"."""
    for place in range(start, min(start + 4, end)):
        word = words[place]
        if _GROUP.fullmatch(word):
            after = words[place + 1 : min(place + 3, end)]
            if not _NO_STAGE.isdisjoint(after):
                return None
            if after[:1] and after[0] in _FAILING_ORGANS and after[-1] in _FAILING:
                return None  # "stage IV kidney disease"
            if word == "i" and not _SAID_BY_ME.isdisjoint(after[:1]):
                return None  # "at this stage I would"
            value = _SPELLED.get(word.upper(), word.upper())
            if words[place + 1 : place + 2] in (["b"], ["c"]) and word[:1] in "iv1234":
                value += words[place + 1].upper()  # "stage IV B"
            return _ROMAN.get(value[0], value[0]) + value[1:] if value[0] in _ROMAN else value
        if word not in _BEFORE_GROUP:
            return None
    return None


def _is_followed(words: list[str], place: int) -> bool:
    """Whether T3 is no stage by what follows: "T3-L1", "T4 to T7", "T1 and T2 weighted"."""
    after = words[place + 1] if place + 1 < len(words) else ""
    then = words[place + 2 : place + 3]
    if after in _JOINED and then == [CATEGORY]:
        return _is_followed(words, place + 2)
    is_span = after in _RANGES and then == [VERTEBRA]
    is_span = is_span or (after in _SHADES and then in (["signal"], ["intensity"]))
    return is_span or after == VERTEBRA or after in _NO_CATEGORY


def _is_in_range(words: list[str], place: int) -> bool:
    """Whether T3 is no stage by what stands before: "vertebra T3", "from L5 up to T12"."""
    before = words[place - 1] if place else ""
    if before in _RANGES and words[place - 2] == CATEGORY:
        return _is_in_range(words, place - 2)
    if before in _RANGES or before in _PARTS_OF_LEVEL:
        before = next((w for w in words[place - 2 : max(0, place - 5) : -1]
                       if w not in _RANGES and w not in _PARTS_OF_LEVEL), "")  # fmt: skip
        return before == VERTEBRA
    return before in _VERTEBRAL


def _is_sure(sentence: Sentence, words: list[str], categories: dict[str, tuple[str, str]]) -> bool:
    if categories.keys() == {"t"} and categories["t"][0] in {"x", "X"}:
        return False  # "TX" is a state, and "PTX" a drug
    if len(categories) > 1 or any(prefix for _, prefix in categories.values()):
        return True
    said = words[sentence.first : sentence.last]
    if categories.keys() == {"t"} and not _HORMONES.isdisjoint(said):
        return False  # T4 is thyroxine
    if not _STAGING.isdisjoint(said):
        return True
    if any(words[m.last : m.last + 1] == ["disease"] for m in sentence.of("tnm")):
        return True
    telling = {"cancer", "stage", "gleason", "tumor_site", "spread", "differentiation", "grade"}
    return any(m.category in telling or m.value == "tumor" for m in sentence.mentions) or bool(
        set(categories) & {"n", "m"}
    )


def is_bracketed(sentence: Sentence, stage: Staged, words: list[str]) -> bool:
    """Tell whether a stage of distant spread is followed by brackets."""
    is_distant = (stage.m or "")[:1] == "1" or (stage.group or "").startswith("IV")
    start = _bracket(sentence, stage, words)
    return is_distant and words[start : start + 1] == ["("]


def _bracket(sentence: Sentence, stage: Staged, words: list[str]) -> int:
    """Word after a stage, and after "disease" or the cancer of an organ: "stage IV lung cancer"."""
    for m in sentence.of("cancer"):
        if m.first - stage.last == 1:
            is_organ = (stage.last, m.first) in {(o.first, o.last) for o in sentence.of("site")}
            return m.last if is_organ else stage.last
    return stage.last + (words[stage.last : stage.last + 1] == ["disease"])


def read_bracketed(
    sentence: Sentence, words: list[str], places: list[Place], stage: Staged
) -> list[Statement]:
    """State the places in the brackets after a stage of distant spread."""
    end = min(stage.last + _BRACKET, sentence.last)
    start = _bracket(sentence, stage, words)
    close = next((i for i in range(start, end) if words[i] == ")"), None)
    if close is None or sentence.has(_NOT_OF_SITES, start, close):
        return []
    verdict = judge(sentence, stage.first, stage.last, words)
    return [
        spread_to(p, verdict, (p.first, p.last), "spread.phrase", sentence.section)
        for p in places
        if start <= p.first < close
    ]
