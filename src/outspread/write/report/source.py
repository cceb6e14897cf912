"""A slice of a source in lines, with the element marked that a statement was read from."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

LONGEST: Final = 1_000  # characters of one element; narrative and attachments can be whole files
_ELEMENT: Final = re.compile(r"[A-Za-z0-9_ ]+")
_ITEM: Final = re.compile(r'<Item naaccrId="([^"]*)">(.*?)</Item>', re.S)


@dataclass(frozen=True, slots=True)
class Line:
    """One element of a slice: its name, its content, and whether the statement was read from it."""

    name: str
    content: str
    is_read: bool


def source_lines(content: str, element: str | None) -> tuple[Line, ...]:
    """Cut a slice into its elements: keys of JSON, items of a registry tumor, or one whole text.

    Parameters
    ----------
    content
        As in `raw.content`.
    element
        As in the evidence: an element of FHIR (`value` stands for `valueCodeableConcept` too), a
        column or an item; what stands only in an extension is found by the extension's address.

    Examples
    --------
    >>> source_lines('{"id": "a", "valueString": "b"}', "value")[1]
    Line(name='valueString', content='"b"', is_read=True)
    """
    if not content:
        return ()
    pairs = _pairs(content)
    names = [name for name, _ in pairs]
    read = _read_names(names, element)
    return tuple(
        Line(name, _cut(text), name in read or (not read and _in_extension(name, text, element)))
        for name, text in pairs
    )


def _pairs(content: str) -> list[tuple[str, str]]:
    items = _ITEM.findall(content) if content.startswith("<Tumor>") else []
    if items:
        return list(items)
    try:
        found: Any = json.loads(content)
    except ValueError:
        return [("", content)]
    if not isinstance(found, dict):
        return [("", content)]
    return [(name, json.dumps(value, ensure_ascii=False)) for name, value in found.items()]


def _read_names(names: list[str], element: str | None) -> set[str]:
    found = _ELEMENT.match(element or "")
    if not found:
        return set()
    stem = found.group()
    exact = {name for name in names if name == stem}
    return exact or {name for name in names if name.startswith(stem) and name[len(stem)].isupper()}


def _in_extension(name: str, text: str, element: str | None) -> bool:
    return bool(element) and name == "extension" and str(element) in text


def _cut(text: str) -> str:
    more = len(text) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]} ... and {more} characters more"
