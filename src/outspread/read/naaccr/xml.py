"""NAACCR XML as a stream of elements: safe against broken and hostile files, flat in memory.

The parser is expat with handlers that only append to lists; what the elements mean is worked out
later, many at a time (`batch`). A document type definition is refused, so there are no
entities to expand or load. After a break, reading goes on with the next patient.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from outspread.read.naaccr.text import (
    LONGEST_TEXT,
    Tail,
    after_byte,
    find_patient,
    find_stray,
    whole_patients,
)

NAMESPACE: Final = "http://naaccr.org/naaccrxml"
ROOT, PATIENT, TUMOR, UNKNOWN, FOREIGN, NAMELESS, LOST, LOST_PATIENT = range(-1, -9, -1)
NOT_NAACCR, HAS_DOCTYPE, TOO_DEEP = "R106", "R102", "R104"
ROOT_ATTRIBUTES: Final = ("baseDictionaryUri", "recordType")
CHUNK_CHARACTERS: Final = 6 * 1024 * 1024
LONGEST_PATIENT: Final = 16 * 1024 * 1024
MOST_OTHERS: Final = 10_000
MOST_BREAKS: Final = 1000
MOST_NOTES: Final = 10_000
_ITEM: Final = 0
_KINDS: Final = {"NaaccrData": ROOT, "Patient": PATIENT, "Tumor": TUMOR, "Item": _ITEM}
_MOST_KINDS: Final = 100
_KNOWN_ROOT: Final = frozenset(
    (*ROOT_ATTRIBUTES, "userDictionaryUri", "timeGenerated", "specificationVersion")
)


class Note(NamedTuple):
    """Something wrong with the document: issue code, place in words, element or attribute."""

    code: str
    place: str
    field: str | None = None


class Elements(NamedTuple):
    """Start tags in their order: number of the item or kind, and place of the text that follows."""

    numbers: list[int]
    marks: list[int]
    texts: list[str]


class _RefusedError(Exception):
    """Reading cannot go on in this way; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Kinds(dict[str, int]):
    """Kind of element by its expanded name."""

    def __missing__(self, name: str) -> int:
        space, _, local = name.rpartition("}")
        kind = _KINDS.get(local, UNKNOWN) if space in ("", NAMESPACE) else FOREIGN
        if len(self) < _MOST_KINDS:
            self[name] = kind
        return kind


@dataclass(slots=True)
class Scanner:
    """One document being read.

    Parameters
    ----------
    numbers_by_id
        Number of an item by its id.
    item_number
        Number of an item by all of its attributes (name, value, name, value ...).
    """

    numbers_by_id: dict[str, int]
    item_number: Callable[[list[str]], int]
    notes: list[Note] = field(default_factory=list)
    root_attributes: dict[str, str] = field(default_factory=dict)
    is_over: bool = False
    _numbers: list[int] = field(default_factory=list)
    _marks: list[int] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _spaces: dict[str, str] = field(default_factory=dict)
    _kinds: _Kinds = field(default_factory=_Kinds)
    _has_root: bool = False
    _is_in_patient: bool = False
    _is_strange: bool = False
    _last_patient: int = -1
    _others: int = 0
    _tail: Tail = field(default_factory=Tail)
    _breaks: int = 0
    _first_line: int = 1
    _fed: int = 0
    _seeking: str | None = None
    _parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def __post_init__(self) -> None:
        self._parser = self._new_parser()

    def read(self, blocks: Iterable[str]) -> Iterator[Elements]:
        """Read text blocks and give the elements, some whole patients at a time."""
        waiting = 0
        for text in whole_patients(blocks):
            self._feed(text)
            waiting += len(text)
            if self.is_over:
                break
            if waiting > CHUNK_CHARACTERS and self._last_patient > 0:
                yield self._take(self._last_patient)
                waiting = 0
        if not self.is_over and self._seeking is None:
            self._parse("", is_last=True)
        yield self._take(len(self._numbers))

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.buffer_size = 2 * LONGEST_TEXT
        parser.ordered_attributes = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartNamespaceDeclHandler = self._note_space
        parser.StartElementHandler = self._start_handler()
        parser.CharacterDataHandler = self._texts.append
        self._fed = 0
        return parser

    def _start_handler(self) -> Callable[[str, list[str]], None]:
        """Handle a start tag; this runs for every item of every tumor, so it does very little.

        There is no handler of end tags, which would cost as much again: the order of elements that
        the standard sets tells which element an item is in.
        """
        put, mark, texts = self._numbers.append, self._marks.append, self._texts
        by_id, other, item = self.numbers_by_id, self._element, f"{NAMESPACE}}}Item"

        def start(name: str, attributes: list[str]) -> None:
            if name == item and len(attributes) == 2 and attributes[0] == "naaccrId":
                put(by_id[attributes[1]])
            else:
                put(other(name, attributes))  # may raise, and then must leave no mark
            mark(len(texts))

        return start

    def _element(self, name: str, attributes: list[str]) -> int:
        """Number of an item with other attributes, or of an element that is no item.

        Behind an unknown element it is not clear whose the elements are, up to the next patient.
        """
        kind = self._kinds[name]
        if kind == _ITEM and self._has_root:
            return self.item_number(attributes)
        if kind == ROOT and not self._has_root:
            self._check_root(name, attributes)
        elif not self._has_root:
            raise _RefusedError(NOT_NAACCR)
        elif kind == PATIENT:
            self._last_patient, self._others = len(self._numbers), 0
            self._is_in_patient, self._is_strange = True, False
        elif kind == FOREIGN or (kind == TUMOR and self._is_in_patient):
            self._count_other(kind)
        else:
            self._count_other(UNKNOWN)
            if not self._is_strange:
                self._note("R111", name.rpartition("}")[2] if kind != UNKNOWN else None)
            self._is_in_patient, self._is_strange = False, True
            return UNKNOWN
        if kind in (PATIENT, TUMOR) and attributes:
            self._note("R112", name.rpartition("}")[2])
        return kind

    def _count_other(self, kind: int) -> None:
        """Stop where a patient holds more elements than any does, as in endless nesting."""
        self._others += kind != TUMOR
        if self._others > MOST_OTHERS:
            raise _RefusedError(TOO_DEEP)

    def _check_root(self, name: str, attributes: list[str]) -> None:
        self._has_root = True
        if self._breaks:
            return
        self.root_attributes = dict(zip(attributes[::2], attributes[1::2], strict=True))
        if "}" not in name:
            self._note("R107", "xmlns")
        for missing in sorted(set(ROOT_ATTRIBUTES) - set(self.root_attributes)):
            self._note("R107", missing)
        if any("}" not in one for one in set(self.root_attributes) - _KNOWN_ROOT):
            self._note("R112", "NaaccrData")

    def _note_space(self, prefix: str | None, uri: str) -> None:
        """Remember what the root declares; it comes before the root itself."""
        if not self._has_root and not self._breaks:
            self._spaces[prefix or ""] = uri

    def _note(self, code: str, name: str | None = None) -> None:
        if len(self.notes) > MOST_NOTES:
            return
        line = self._first_line + self._parser.CurrentLineNumber - 1
        self.notes.append(Note(code, f"line {line}", name))

    def _feed(self, text: str) -> None:
        """Parse the text; after a break what is left of it from the next patient on.

        A tumor outside of a patient is such a break too. How many characters of the text are
        behind it is known once for all, so that many breaks do not mean many searches.
        """
        rest, behind = text, -1
        while rest and not self.is_over:
            if self._seeking is not None:
                rest = self._seek(rest)
                continue
            if behind < 0 or behind > len(rest):
                stray = find_stray(rest, is_outside=not self._tail.is_in_patient)
                behind = 0 if stray < 0 else len(rest) - stray
            here = len(rest) - behind
            left = self._parse(rest[:here])
            if behind and self._seeking is None and not self.is_over:
                self._break("R111", "")
            rest, behind = left + rest[here:], behind if left else -1

    def _parse(self, text: str, *, is_last: bool = False) -> str:
        """Parse a text and give what is left of it where it breaks off."""
        try:
            self._parser.Parse(text, is_last)
        except (expat.ExpatError, _RefusedError) as error:
            code = error.code if isinstance(error, _RefusedError) else "R101"
            if code in (NOT_NAACCR, HAS_DOCTYPE):
                self.notes.append(Note(str(code), "file"))
                self.is_over = True
                return ""
            is_at_error = isinstance(error, expat.ExpatError)
            at = self._parser.ErrorByteIndex if is_at_error else self._parser.CurrentByteIndex
            before, rest = after_byte(text, at - self._fed)
            self._break(str(code), before)
            # A start tag may be the break itself: it must not be found again as the next patient.
            return rest[1:] if is_at_error and rest == text else rest
        self._fed += len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        self._tail.add(text)
        if self._tail.length > LONGEST_PATIENT:
            self._break("R103", "")
        return ""

    def _break(self, code: str, before: str) -> None:
        """Leave out the patient that is open here; from now on the next one is looked for.

        Parameters
        ----------
        before
            Text before the break that the parser has not finished.
        """
        self._note(code)
        self._breaks += 1
        self._tail.add(before[: before.rfind(">") + 1])  # a start tag cut short begins nobody
        if self._tail.is_in_patient and self._last_patient >= 0:
            lost = len(self._numbers) - self._last_patient - 1
            self._numbers[self._last_patient :] = [LOST_PATIENT, *[LOST] * lost]
        self._tail = Tail()
        self._first_line += max(self._parser.CurrentLineNumber - 1, 0)
        self._seeking, self._is_in_patient, self._has_root, self._others = "", False, False, 0
        if self._breaks > MOST_BREAKS:
            self._note("R122")
            self.is_over = True

    def _seek(self, text: str) -> str:
        """Give the text from the next patient on, for a parser of its own.

        Without a patient the last characters are kept, as they may be the beginning of one.
        Namespace prefixes of the document stay declared.
        """
        text = (self._seeking or "") + text
        at, prefix, self._seeking = find_patient(text)
        self._first_line += text.count("\n", 0, at)
        if self._seeking is not None:
            return ""
        spaces = self._spaces | {prefix: self._spaces.get(prefix, NAMESPACE)}
        declared = " ".join(
            f"xmlns{':' if name else ''}{name}={quoteattr(uri)}" for name, uri in spaces.items()
        )
        self._parser = self._new_parser()
        self._parse(f"<{prefix}{':' if prefix else ''}NaaccrData {declared}>")
        # A prefix that cannot be declared is a break by itself: not to be found again.
        return text[at:] if self._seeking is None else text[at + 1 :]

    def _take(self, count: int) -> Elements:
        """Hand over the first elements and forget them."""
        is_all = count == len(self._numbers)
        mark = len(self._texts) if is_all else self._marks[count]
        elements = Elements(self._numbers[:count], self._marks[:count], self._texts[:mark])
        del self._numbers[:count], self._texts[:mark]
        self._marks[:] = [at - mark for at in self._marks[count:]]
        self._last_patient -= count
        return elements


def _refuse(*_: object) -> None:
    raise _RefusedError(HAS_DOCTYPE)
