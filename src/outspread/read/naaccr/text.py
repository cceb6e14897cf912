"""The text of a NAACCR XML file before it is parsed: where patients begin and end in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

LONGEST_TEXT: Final = 1024 * 1024
_NEXT_PATIENT: Final = re.compile(r"<(?:([\w.-]+):)?Patient(?=[\s>])")
_PATIENT_END: Final = "Patient>"
_END_TAG: Final = re.compile(r"</(?:[\w.-]+:)?\Z")
_TUMOR: Final = re.compile(r"<(?:[\w.-]+:)?Tumor[\s>/]")
_CARRY: Final = 64  # characters that a start tag cut in two may need


def whole_patients(blocks: Iterable[str]) -> Iterator[str]:
    """Cut a text behind patients, so that no value is cut in two.

    The parser hands over what it has of a value at the end of each text it is given. A patient
    that is longer than a text may be is cut before an end tag.
    """
    rest = ""
    for block in blocks:
        rest += block
        cut = end_of_patients(rest)
        if not cut and len(rest) > LONGEST_TEXT:
            cut = max(rest.rfind("</"), 0) or len(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def end_of_patients(text: str) -> int:
    """Position after the last end tag of a patient; 0 where there is none."""
    at = text.rfind(_PATIENT_END)
    while at >= 0:
        if _END_TAG.search(text, max(at - _CARRY, 0), at):
            return at + len(_PATIENT_END)
        at = text.rfind(_PATIENT_END, 0, at)
    return 0


def find_stray(text: str, *, is_outside: bool) -> int:
    """Position of a tumor behind the end of a patient: it is nobody's; -1 where there is none.

    Parameters
    ----------
    is_outside
        Whether the text begins outside of a patient.
    """
    end = 0 if is_outside else _next_end(text, 0)
    while end >= 0:
        begin = _NEXT_PATIENT.search(text, end)
        limit = len(text) if begin is None else begin.start()
        stray = _TUMOR.search(text, end, limit)
        if stray is not None:
            return stray.start()
        end = _next_end(text, limit)
    return -1


def _next_end(text: str, start: int) -> int:
    """Position after the next end tag of a patient; -1 where there is none."""
    at = text.find(_PATIENT_END, start)
    while at >= 0 and not _END_TAG.search(text, max(at - _CARRY, 0), at):
        at = text.find(_PATIENT_END, at + 1)
    return at + len(_PATIENT_END) if at >= 0 else -1


def find_patient(text: str) -> tuple[int, str, str | None]:
    """Position of the next start tag of a patient, its prefix, and None.

    Where there is none: the position up to which the text may be forgotten, and the rest of it.
    """
    found = _NEXT_PATIENT.search(text)
    if found is not None:
        return found.start(), found[1] or "", None
    at = max(len(text) - _CARRY, 0)
    return at, "", text[at:]


def after_byte(text: str, position: int) -> tuple[str, str]:
    """Split a text at a byte of its UTF-8 form; before the first byte is the first byte."""
    at = max(position, 0)
    if not text.isascii():
        at = len(text.encode("utf-8", "replace")[:at].decode("utf-8", "ignore"))
    return text[:at], text[at:]


@dataclass(slots=True)
class Tail:
    """What has been read since the last patient ended: how much, and whether one is open."""

    length: int = 0
    is_in_patient: bool = False

    def add(self, text: str) -> None:
        """Take note of a text that has been read."""
        end = end_of_patients(text)
        is_begun = _NEXT_PATIENT.search(text, end) is not None
        self.is_in_patient = is_begun or (self.is_in_patient and not end)
        self.length = len(text) - end + (0 if end else self.length)
