"""The state of one reading, and how a resource becomes evidence, a source slice and issues."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from outspread.read.chunks import Sheets
from outspread.read.dates import NO_DAY, Day, Days
from outspread.read.fhir.references import (
    NO_BUNDLE,
    Bundle,
    identifier_name,
    look_up,
    reference_of,
    resolve,
)
from outspread.read.meanings import Key, Meaning, Meanings
from outspread.read.sheets import Sheet

Json = Mapping[str, Any]
Handler = Callable[[Json, "Reader"], None]
MOST_KNOWN: Final = 100_000
# What Python raises when an element does not have the form that FHIR gives it.
FORM_ERRORS: Final = (TypeError, AttributeError, KeyError, ValueError, IndexError)


@dataclass(slots=True)
class Reader:
    """One file being read."""

    sheets: Sheets
    meanings: Meanings
    days: Days
    handlers: Mapping[str, Handler]
    bundle: Bundle = NO_BUNDLE
    unit: str = "line"
    number: int = 0
    is_used: bool = False
    url: str | None = None
    plans: dict[Any, Any] = field(default_factory=dict)
    notes: list[tuple[str, str | None]] = field(default_factory=list)
    pending: list[tuple[Json, bytes | None, str, int, str | None]] = field(default_factory=list)
    waited: set[Key] = field(default_factory=set)

    def add(
        self,
        sheet: Sheet,
        fact: int,
        day: Day = NO_DAY,
        *,
        about: str | None = None,
        number: float | None = None,
        text: str | int | None = None,
    ) -> None:
        """Add one evidence row of the resource at hand."""
        source = len(self.sheets.slices)
        sheet.rows.append((source, fact, day[0], day[1], about, number, text))
        self.is_used = True

    def note(self, code: str, element: str | None = None) -> None:
        """Remember an issue with the resource at hand."""
        self.notes.append((code, element))

    def day(self, resource: Json, elements: Iterable[str]) -> Day:
        """Read the first of the elements that holds a date, or a period with a start."""
        for element in elements:
            value = resource.get(element)
            if value is None:
                continue
            if type(value) is dict:
                value = value.get("start")
            if type(value) is str:
                day = self.days[value[:10]]
                if day[2] is not None:
                    self.note(day[2], element)
                if day[0] is not None:
                    return day
        return NO_DAY

    def meaning(self, key: Key) -> Meaning:
        """Return what a concept means; if it is new, the resource is read again later."""
        return self.meanings[key]

    def about(self, references: object, owner: Json) -> str | None:
        """Name the condition that the first reference points to, through a body structure too."""
        reference = references[0] if isinstance(references, list) and references else references
        if not isinstance(reference, dict):
            return None
        target = resolve(reference, owner, self.bundle)
        if target is None or target.startswith("Condition/"):
            return target
        resource = look_up(reference, owner, self.bundle)
        for extension in (resource or {}).get("extension") or ():
            if str(extension.get("url", "")).endswith("related-condition"):
                return resolve(extension.get("valueReference"), resource or {}, self.bundle)
        return None

    def take(self, resource: Json, content: bytes | None, handle: Handler) -> None:
        """Read one resource; what is of no interest leaves no trace.

        Parameters
        ----------
        content
            The resource as read; None where it has to be written out from a bundle.
        handle
            The function that reads its type.
        """
        try:
            handle(resource, self)
        except FORM_ERRORS:
            self.note("R007", resource["resourceType"])
        if self.meanings.missing:
            self._put_off(resource, content)
        elif self.is_used or self.notes:
            self._close(resource, content)

    def settle(self) -> None:
        """Resolve the concepts that resources wait for, and read these again."""
        while self.pending:
            waiting, self.pending = self.pending, []
            self.meanings.settle(self.waited)
            self.waited.clear()
            for resource, content, self.unit, self.number, self.url in waiting:
                self.take(resource, content, self.handlers[resource["resourceType"]])

    def forget(self) -> None:
        """Forget what has been worked out, if it is too much to be kept.

        A population repeats itself, but for free text. No row may wait to become a frame.
        """
        if len(self.meanings) + len(self.plans) > MOST_KNOWN:
            self.meanings.clear()
            self.plans.clear()
            self.sheets.forget()

    def _put_off(self, resource: Json, content: bytes | None) -> None:
        """Take back what this resource has given; it waits for its concepts to be resolved."""
        source = len(self.sheets.slices)
        for sheet in (self.sheets.finding, self.sheets.treatment, self.sheets.measurement):
            sheet.take_back(source)
        self.waited |= self.meanings.missing
        self.meanings.missing.clear()
        self.notes.clear()
        self.is_used = False
        self.pending.append((resource, content, self.unit, self.number, self.url))

    def _close(self, resource: Json, content: bytes | None) -> None:
        """Write down the source slice that evidence points to, and the issues."""
        subject, name = resource.get("subject"), resource.get("id")
        reference = subject.get("reference") if type(subject) is dict else None
        patient_id = reference[8:] if type(reference) is str else ""
        if name and patient_id and reference == "Patient/" + patient_id and "/" not in patient_id:
            source_ref = f"{resource['resourceType']}/{name}"
        else:
            patient_id, source_ref = self._names(resource)
        if self.is_used:
            slice_ = content or self._written(resource)
            self.sheets.slices.append((patient_id, source_ref, self.unit, self.number, slice_))
            self.is_used = False
        if self.notes:
            for code, element in self.notes:
                self.sheets.issues.append((code, self.unit, self.number, element, patient_id))
            self.notes.clear()

    def _written(self, resource: Json) -> bytes:
        """Write a resource; of one that is nested deeper than orjson writes, only plain values."""
        try:
            return orjson.dumps(resource)
        except orjson.JSONEncodeError:
            self.note("R007", resource["resourceType"])
            plain = {
                name: one for name, one in resource.items() if not isinstance(one, dict | list)
            }
            return orjson.dumps(plain)

    def _names(self, resource: Json) -> tuple[str, str]:
        """Name the patient and the resource itself, where that takes a closer look.

        Without a patient the resource stands for a person of its own, so that nobody's records are
        mixed; without an id its place in the file stands for it.
        """
        source_ref = reference_of(resource, self.url)
        if source_ref is None:
            name = f"{self.sheets.file}.{self.unit}.{self.number}".replace(" ", "-")
            source_ref = f"{resource['resourceType']}/{name}"
            self.note("R008", "id")
        subject = resource.get("subject") or resource.get("patient")
        subject = subject if isinstance(subject, dict) else {}
        found = resolve(subject, resource, self.bundle)
        if found:
            is_urn = str(subject.get("reference")).startswith("urn:")
            if is_urn and found not in self.bundle.by_ref:
                self.note("R011", "subject")
            return found.partition("/")[2], source_ref
        return self._unnamed_owner(subject, source_ref), source_ref

    def _unnamed_owner(self, subject: Json, source_ref: str) -> str:
        name = identifier_name(subject.get("identifier"))
        if name:
            self.note("R012", "subject")
            known = self.bundle.by_identifier.get(name)
            return known.partition("/")[2] if known else "|".join(str(part) for part in name)
        self.note("R010", "subject")
        return f"unnamed:{source_ref}"


def read_places(
    reader: Reader, keys: Iterable[tuple[Key, Key | None]]
) -> list[tuple[Meaning, str | None]]:
    """Meanings of body sites, each with the side that is stated beside it."""
    return [
        (reader.meaning(place), reader.meaning(side).laterality if side else None)
        for place, side in keys
    ]
