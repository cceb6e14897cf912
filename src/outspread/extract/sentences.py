"""Sentences and sections: where a statement ends, and under which heading it stands."""

from bisect import bisect_left
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final

from outspread.extract.groups import members
from outspread.extract.lexicon import Lexicon, Mention, find_mentions
from outspread.extract.short_forms import with_short_forms
from outspread.extract.tokens import Tokens

LONGEST_HEADING: Final = 7
LONGEST_SENTENCE: Final = 200  # words
LONGEST_LINE_PART: Final = 45  # a shorter line was ended on purpose
_ABBREVIATIONS: Final = members("sentences.abbreviations")
_AGES: Final = frozenset({"year", "yo", "y", "yr"})  # after the heading of a history
_ANSWERS: Final = frozenset({"yes", "no"})
_DENIALS: Final = [["no"], ["no", "."], ["none"], ["none", "."], ["nil"], ["nil", "."]]
_SHORTENED: Final = members("sentences.shortened")
Span = tuple[int, int, str, bool]
_NO_KINDS: Final = frozenset[str]()
_BEGINNINGS: Final = frozenset({"history", "hx", "family", "hospital", "past", "social"})
_TITLES: Final = members("sentences.titles")
_TITLE: Final = 8  # words of a title
_GO_ON: Final = frozenset({"and", "or", "with", "of", "&"})
_VALUES: Final = frozenset({"no", "not", "none", "n", "a"})  # of a form: "Lung metastases: no"
_BULLETS: Final = frozenset("-*~:")
_KEY: Final = 4  # words of a key with its colon
_NEW_CLAUSES: Final = members("scope.new_clauses")
_OPEN_ENDS: Final = members("sentences.open_ends")
_FAMILY: Final = "family"
_SUBJECT: Final = 2  # words that open a sentence
_TESTS: Final = ("scopy", "graphy")
_COMES: Final = members("sentences.comes")  # what only the patient of a note does
_COMES_WITHIN: Final = 6
_PERSONS: Final = frozenset({"he", "she", "him", "her", "his"})
_OF_PATIENT: Final = members("sentences.of_patient")
_PARTS: Final = frozenset({"part", "specimen", "container", "jar"})


class Sentence:
    """Words `first` to before `last` under a heading of a kind; a heading itself has `is_head`.

    `kinds` are the categories of its mentions.
    """

    __slots__ = ("first", "is_head", "kinds", "last", "mentions", "section")

    def __init__(self, span: Span, mentions: list[Mention], kinds: frozenset[str]) -> None:
        self.first, self.last, self.section, self.is_head = span
        self.mentions = mentions
        self.kinds = kinds

    def of(self, kind: str, value: str | None = None) -> list[Mention]:
        """Phrases of a kind, and of a value where one is asked for."""
        if kind not in self.kinds:
            return []
        found = [m for m in self.mentions if m.category == kind]
        return found if value is None else [m for m in found if m.value == value]

    def has(self, kinds: AbstractSet[str], first: int, last: int) -> bool:
        """Whether a phrase of one of these kinds begins from `first` to before `last`."""
        if self.kinds.isdisjoint(kinds):
            return False
        for m in self.mentions:  # noqa: SIM110  # faster than any()
            if first <= m.first < last and m.category in kinds:
                return True
        return False

    def has_after(self, kinds: AbstractSet[str], place: int, within: int = 0) -> bool:
        """Whether a phrase of one of these kinds begins at most so many words after a place."""
        return self.has(kinds, place, place + within + 1)

    def has_before(self, kinds: AbstractSet[str], place: int, within: int = 0) -> bool:
        """Whether a phrase of one of these kinds ends at most so many words before a place."""
        if self.kinds.isdisjoint(kinds):
            return False
        return any(0 <= place - m.last <= within and m.category in kinds for m in self.mentions)


def split(tokens: Tokens, known: Lexicon) -> list[Sentence]:
    """Cut words into sentences with their phrases, in one pass."""
    words = tokens.words
    spans = _Cutter(tokens, known).cut()
    ended = {
        span[0] for span in spans
        if tokens.breaks.get(span[0], 0) > 1 or (
            span[0] in tokens.breaks and words[span[0]] in _BEGINNINGS
        )
    }  # fmt: skip
    mentions = with_short_forms(find_mentions(tokens, known, ended), words)
    sentences = _with_mentions(spans, mentions)
    for asked, answer in pairwise(sentences):
        if asked.kinds and words[asked.last - 1] == "?":
            _answer(asked, words[answer.first : answer.last])
    return _leave_family(sentences, words)


class _Cutter:
    """Cuts words into spans: `start` is the first word of the next one, in a `section`."""

    def __init__(self, tokens: Tokens, known: Lexicon) -> None:
        self.tokens = tokens
        self.words = tokens.words
        self.known = known
        self.spans: list[Span] = []
        self.start = 0
        self.section = ""

    def cut(self) -> list[Span]:
        """Cut at the marks and line ends that end a sentence."""
        words, breaks = self.words, self.tokens.breaks
        line = 0
        for i in self.tokens.signs["mark"]:
            is_break, former = i in breaks, line
            line = i if is_break else line
            if i < self.start:
                continue
            if is_break and i > self.start:
                self._at_line_end(i, max(self.start, former))
            if words[i] == ":":
                self._at_colon(i)
            elif words[i] in {".", "?", "!", ";"}:
                self._at_stop(i)
        self._close(len(words))
        return self.spans

    def _close(self, end: int, *, is_head: bool = False) -> None:
        start, words = self.start, self.words
        while end - start > LONGEST_SENTENCE:  # no rule looks farther than that
            self.spans.append((start, start + LONGEST_SENTENCE, self.section, False))
            start += LONGEST_SENTENCE
        if end > start:
            self.spans.append((start, end, self.section, is_head))
        while end < len(words) and words[end] in ",.;:":
            end += 1
        self.start = end

    def _at_line_end(self, i: int, line: int) -> None:
        if not _ends_line(self.tokens, line, i):
            return
        kind = _section(self.words, self.start, i, self.known)
        if kind:
            self.section, self.start = kind, i
        else:
            self._close(i, is_head=self.words[i - 1] == "-")

    def _at_colon(self, i: int) -> None:
        words = self.words
        is_value = i + 1 < len(words) and words[i + 1][0].isdigit()
        is_value = is_value and _AGES.isdisjoint(words[i + 2 : i + 4])
        found = None if is_value else _heading(words, self.start, i, self.known)
        if found:
            self._close(found[0])
            self.start, self.section = found
            self._close(i + 1, is_head=True)
        elif i - self.start <= 2 * LONGEST_HEADING and _is_alone(self.tokens, i):
            self._close(i + 1, is_head=True)

    def _at_stop(self, i: int) -> None:
        words, start = self.words, self.start
        if words[i] == ";":
            is_stop = not _is_of_form(words, start, i)
        elif words[i] == ".":
            is_stop = _is_stop(self.tokens, start, i)
        else:  # else it doubts the word after it, or is a letter that was misread
            is_stop = not self.tokens.is_followed(i)
        if is_stop:
            self._close(i + 1)
        elif words[i] == "." and (words[i - 1].isdigit() or len(words[i - 1]) == 1):
            kind = _section(words, start, i - 2, self.known)
            self.section = kind or self.section
            self.start = i + 1 if kind or i - start <= 1 else start


def _answer(asked: Sentence, said: list[str]) -> None:
    """Read a question with its answer: "Any cancer? No" tells nothing, "Cancer? Yes" is sure."""
    if said in _DENIALS:
        asked.mentions = []
    elif said[0] == "yes":
        asked.mentions = [m for m in asked.mentions if m.first < asked.last - 1]
    asked.kinds = frozenset(m.category for m in asked.mentions)


def _is_of_patient(sentence: Sentence, words: list[str]) -> bool:
    """Whether a sentence opens with the patient who came, or with a test of no relative."""
    said = words[sentence.first : sentence.last]
    opening = said[:_SUBJECT]
    if "patient" in opening:
        return not _COMES.isdisjoint(said[:_COMES_WITHIN])
    is_test = any(word.endswith(_TESTS) for word in opening)
    is_test = is_test or not _OF_PATIENT.isdisjoint(opening)
    return is_test and _PERSONS.isdisjoint(said)


def _leave_family(sentences: list[Sentence], words: list[str]) -> list[Sentence]:
    """End a family's history where a sentence begins with the patient, or with a test."""
    is_left = False
    for sentence in sentences:
        if sentence.section != _FAMILY or sentence.is_head:
            is_left = False
            continue
        is_of_patient = _is_of_patient(sentence, words) and _FAMILY not in sentence.kinds
        is_left = is_left or is_of_patient
        if is_left:
            sentence.section = ""
    return sentences


def _with_mentions(spans: list[Span], mentions: list[Mention]) -> list[Sentence]:
    sentences, end = [], 0
    firsts, categories = [m.first for m in mentions], [m.category for m in mentions]
    for span in spans:
        begin = bisect_left(firsts, span[0], end)
        end = bisect_left(firsts, span[1], begin)
        kinds = frozenset(categories[begin:end]) if begin < end else _NO_KINDS
        sentences.append(Sentence(span, mentions[begin:end], kinds))
    return sentences


def _is_title(line: list[str]) -> bool:
    """Whether a line begins with the title of a specimen: "Uterus, cervix, biopsy"."""
    return "," in line[1:4] and any(w in _TITLES or w.endswith("ectomy") for w in line)


def _section(words: list[str], first: int, last: int, known: Lexicon) -> str:
    if last > first and words[last - 1] == ",":
        last -= 1
    if not 0 < last - first <= LONGEST_HEADING:
        return ""
    return known.sections.get(" ".join(words[first:last]), "")


def _heading(words: list[str], start: int, colon: int, known: Lexicon) -> tuple[int, str] | None:
    """Find a known heading before a colon: where it begins, and its kind."""
    low = max(start, colon - LONGEST_HEADING)
    for first in range(low, colon):
        if first == start or words[first - 1] in ",.-)":
            kind = known.sections.get(" ".join(words[first:colon]))
            if kind:
                return first, kind
    return None


def _is_of_form(words: list[str], start: int, place: int) -> bool:
    """Whether a key and its value follow others of one form: "Metastases: liver: no; lung: yes"."""
    if words[place - 1] in _ANSWERS:  # "Metastases: liver - yes; lung - no"
        return not _ANSWERS.isdisjoint(words[place + 1 : place + 1 + _KEY])
    return words[start:place].count(":") > 1 and ":" in words[place + 1 : place + _KEY]


def _is_alone(tokens: Tokens, colon: int) -> bool:
    """Whether a heading is followed by a new line, or by the comma that dictation makes of it."""
    after = colon + 1
    return after >= len(tokens.words) or after in tokens.breaks or tokens.words[after] == ","


def _is_stop(tokens: Tokens, start: int, dot: int) -> bool:
    words = tokens.words
    if dot <= start:
        return True
    before = words[dot - 1]
    after = words[dot + 1] if dot + 1 < len(words) else ""
    if before in _ABBREVIATIONS and before != "no":
        return before == "al" and after in _NEW_CLAUSES  # "after Weiss et al. The patient ..."
    if before in _SHORTENED and after in {"of", "in", "to", "from"}:
        return False
    if len(before) == 1 and before.isalpha():
        return dot - start > 1 and not tokens.is_followed(dot)
    if before.isdigit() and (dot - 1 == start or words[dot - 2] == ","):
        return False
    is_short = after[:1].isalnum() and (len(before) < 3 or len(after) < 3)
    return not (is_short and tokens.is_followed(dot))


def _ends_line(tokens: Tokens, line: int, place: int) -> bool:
    """Whether the line end before a word also ends the statement; `line`: where it begins."""
    if tokens.breaks[place] > 1:
        return True
    words = tokens.words
    if words[place] in _PARTS and words[place + 2 : place + 3] == [":"]:
        return True  # "PART 7: omentum"
    if words[place] in _GO_ON and words[place - 1] != ":":
        return False
    if words[place] in _BULLETS and not tokens.is_followed(place):
        return True
    if words[place - 1] in _OPEN_ENDS:
        is_key = words[place - 2] == "," and words[place + 1 : place + 2] == [":"]
        return is_key or (words[place - 2] in ":?" and words[place - 1] in _VALUES)
    if words[place - 1] in {":", "-"}:
        return True
    if place + 1 < len(words) and (words[place + 1] in {".", ")"} or words[place] in _BULLETS):
        return True
    if words[place] == "(":
        return ")" in words[place + 2 : place + 3]  # "(A) LEFT LOBE", not "deposits / (of ...):"
    is_short = tokens.end(place - 1) - tokens.start(line) < LONGEST_LINE_PART
    if is_short or _is_title(words[place : place + _TITLE]):
        return True
    # A key begins a line, but not the rest of a title: "partial / pancreatectomy: carcinoma".
    return ":" in words[place + 1 : place + 6] and not words[place].endswith("ectomy")
