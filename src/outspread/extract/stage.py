"""Stages as written: TNM categories, stage groups, FIGO, Dukes."""

import re
from typing import Final, NamedTuple

from outspread.extract.context import judge
from outspread.extract.groups import members
from outspread.extract.kinds import NAMES
from outspread.extract.lexicon import Mention
from outspread.extract.pieces import CATEGORY, VERTEBRA
from outspread.extract.sentences import Sentence
from outspread.extract.tokens import Tokens

_PARTS: Final = re.compile(
    r"(?P<prefix>[yramu]{0,2}?[cp]?)(?P<axis>[tnm])(?P<value>[0-4][a-e]?(?:mi)?|is|a|x|o)",
    re.IGNORECASE,
)
_FAR: Final = 4
_UNKNOWN: Final = frozenset({"x", "X"})
_UNSAID: Final = frozenset({"purpose", "conditional", "neg_pre", "general"})
_OTHER_ILL: Final = members("stage.other_ill")
_GRADES: Final = (["figo", "1"], ["figo", "2"], ["figo", "3"])  # of "FIGO 2, 5 cm"
_GROUP: Final = re.compile(r"(?:0|iv|i{1,3}|[1-4])[a-e]?\d?|one|two|three|four")
_SEEN: Final = ("c", "u", "mr")  # clinically, by ultrasound, by magnetic resonance
_KEYS: Final = frozenset(prefix + axis for prefix in ("", "p", "c", "yp") for axis in "tnm")
_BETWEEN: Final = frozenset({":", ")", "-"})
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
_BEFORE_GROUP: Final = members("stage.before_group")  # "the stage was revised to"


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
        if m.category == "tnm" and not _is_other(words, m.first):
            if _is_block(sentence, m, tokens):
                continue  # blocks of tissue: "T1-4"
            raw = text[tokens.start(m.first) : tokens.end(m.first)]
            if any(o.category in _UNSAID and 0 <= m.first - o.last <= 1 for o in sentence.mentions):
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
    return is_range and sum(o.category == "tnm" for o in sentence.mentions) == 1


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
        value = next((w for w in words[place + 1 : place + 4] if w not in _BETWEEN), "")
        if _VALUE.fullmatch(value):
            found.setdefault(key[-1], (value, key[:-1]))
            is_form = is_form or (len(key) > 1 and words[place + 1] in {":", ")"})
    return found if is_form or is_more or len(found) > 1 else {}


def _staged(
    sentence: Sentence,
    system: str,
    categories: dict[str, tuple[str, str]],
    group: str | None,
    span: tuple[int, int],
) -> Staged:
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
            if (
                word == "i"
                and place + 1 < end
                and words[place + 1] in {"am", "have", "would", "will"}
            ):
                return None
            value = _SPELLED.get(word.upper(), word.upper())
            if words[place + 1 : place + 2] in (["b"], ["c"]) and word[:1] in "iv1234":
                value += words[place + 1].upper()  # "stage IV B"
            return _ROMAN.get(value[0], value[0]) + value[1:] if value[0] in _ROMAN else value
        if word not in _BEFORE_GROUP:
            return None
    return None


def _is_other(words: list[str], place: int) -> bool:
    """Whether a thing like T2 is a vertebra or a way of imaging."""
    return _is_followed(words, place) or _is_in_range(words, place)


def _is_followed(words: list[str], place: int) -> bool:
    """Whether what follows tells so: "T3-L1", "T4 to T7", "T1 and T2 weighted"."""
    after = words[place + 1] if place + 1 < len(words) else ""
    then = words[place + 2 : place + 3]
    if after in _JOINED and then == [CATEGORY]:
        return _is_followed(words, place + 2)
    is_span = after in _RANGES and then == [VERTEBRA]
    is_span = is_span or (after in _SHADES and then in (["signal"], ["intensity"]))
    return is_span or after == VERTEBRA or after in _NO_CATEGORY


def _is_in_range(words: list[str], place: int) -> bool:
    """Whether what stands before tells so: "vertebra T3", "C7-T1-T2", "from L5 up to T12"."""
    before = words[place - 1] if place else ""
    if before in _RANGES and words[place - 2] == CATEGORY:
        return _is_in_range(words, place - 2)
    if before in _RANGES or before in _PARTS_OF_LEVEL:
        before = next((w for w in words[place - 2 : max(0, place - 5) : -1]
                       if w not in _RANGES and w not in _PARTS_OF_LEVEL), "")  # fmt: skip
        return before == VERTEBRA
    return before in _VERTEBRAL


def _is_sure(sentence: Sentence, words: list[str], categories: dict[str, tuple[str, str]]) -> bool:
    if categories.keys() == {"t"} and categories["t"][0] in _UNKNOWN:
        return False  # "TX" is a state, and "PTX" a drug
    if len(categories) > 1 or any(prefix for _, prefix in categories.values()):
        return True
    said = words[sentence.first : sentence.last]
    if categories.keys() == {"t"} and not _HORMONES.isdisjoint(said):
        return False  # T4 is thyroxine
    if not _STAGING.isdisjoint(said):
        return True
    if any(
        m.category == "tnm" and words[m.last : m.last + 1] == ["disease"] for m in sentence.mentions
    ):
        return True
    telling = {"cancer", "stage", "gleason", "tumor_site", "spread", "differentiation", "grade"}
    return any(m.category in telling or m.value == "tumor" for m in sentence.mentions) or bool(
        set(categories) & {"n", "m"}
    )
