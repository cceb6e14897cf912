"""Documents and reports: their text, as it is attached or presented."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final

from outspread.read.fhir.reader import Reader
from outspread.read.notes import decode, plain_text
from outspread.read.pdf import pdf_text

Json = Mapping[str, Any]
_DATES: Final = ("date", "effectiveDateTime", "effectivePeriod", "issued", "created")
_BLOCK: Final = "\n\n"


def read_document(resource: Json, reader: Reader) -> None:
    """Read one DocumentReference: the text of its attachments."""
    attachments = [one.get("attachment") or {} for one in resource.get("content") or ()]
    _add(resource, reader, list(_texts(attachments, reader)))


def read_report(resource: Json, reader: Reader) -> None:
    """Read one DiagnosticReport: its presented forms and its conclusion.

    A narrative that was generated from the data says nothing more than the data; one that says
    more (status additional) is read where there is no other text.
    """
    texts = list(_texts(resource.get("presentedForm") or (), reader))
    if resource.get("conclusion"):
        texts.append(str(resource["conclusion"]))
    told = resource.get("text") or {}
    narrative = told.get("div") if told.get("status") == "additional" else None
    if not texts and narrative:
        texts.append(plain_text(str(narrative)))
    _add(resource, reader, texts)


def _add(resource: Json, reader: Reader, texts: list[str]) -> None:
    text = _BLOCK.join(one for one in texts if one.strip())
    if not text:
        return
    concept = resource.get("type") or resource.get("code") or {}
    codings = concept.get("coding") or [{}]
    kind = concept.get("text") or codings[0].get("display")
    day = reader.day(resource, _DATES)
    number = len(reader.sheets.slices)
    reader.sheets.documents.append((number, day[0], str(kind) if kind else None, text))
    reader.is_used = True


def _texts(attachments: Any, reader: Reader) -> Iterator[str]:
    for attachment in attachments:
        data = attachment.get("data")
        if not data:
            continue
        kind = str(attachment.get("contentType") or "text/plain").lower()
        is_pdf = "pdf" in kind
        if not kind.startswith("text/") and "html" not in kind and not is_pdf:
            reader.note("R133", "attachment")
            continue
        try:
            content = base64.b64decode(data, validate=False)
        except (binascii.Error, ValueError):
            reader.note("R007", "attachment")
            continue
        text, issue = pdf_text(content) if is_pdf else (decode(content)[0], None)
        if issue:
            reader.note(issue, "attachment")
        yield plain_text(text) if "html" in kind else text
