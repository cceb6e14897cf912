"""PDF files and attachments: their text is read like that of any note; the rest is an issue."""

import base64
import io
import json
import sys
from pathlib import Path

import pytest

import outspread
from outspread.read import pdf

pypdf = pytest.importorskip("pypdf", reason="pypdf is an extra")

TEXT = "Breast cancer with liver metastases."


def written(*pages: str) -> bytes:
    """Write a PDF with a line of text on each page, by hand."""
    numbers = range(4, 4 + 2 * len(pages), 2)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>"
        .encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }  # fmt: skip
    for number, text in zip(numbers, pages, strict=True):
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        ).encode()
        objects[number + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    content = b"%PDF-1.4\n"
    offsets = []
    for number in sorted(objects):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (len(objects) + 1, table, len(objects) + 1, len(content))
    )


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(written(TEXT)))
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def document(content: bytes) -> str:
    attachment = {
        "contentType": "application/pdf",
        "data": base64.b64encode(content).decode(),
    }
    return json.dumps(
        {
            "resourceType": "DocumentReference",
            "id": "1",
            "subject": {"reference": "Patient/p"},
            "content": [{"attachment": attachment}],
        }
    )


def read(folder: Path, content: bytes, form: str) -> outspread.Records:
    path = folder / ("note.pdf" if form == "file" else "d.json")
    path.write_bytes(content if form == "file" else document(content).encode())
    return outspread.read(path)


FORMS = ["file", "attachment"]


@pytest.mark.parametrize("form", FORMS)
def test_the_text_of_a_pdf_is_read(tmp_path: Path, form: str) -> None:
    records = read(tmp_path, written(TEXT, "No bone metastases."), form)
    assert records.finding.filter(role="secondary")["site"].to_list() == ["liver", "bone"]
    text = records.document["text"].item()
    for start, end in records.finding.select("span_start", "span_end").iter_rows():
        assert text[start:end].strip()


BAD = {
    "encrypted": (encrypted, "R135"),
    "cut short": (lambda: written(TEXT)[:200], "R135"),
    "nothing but a beginning": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "R135"),
    "without text": (lambda: written(" "), "R137"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("make", "code"), BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_an_issue(
    tmp_path: Path, form: str, make: "type[bytes]", code: str
) -> None:
    records = read(tmp_path, make(), form)
    assert records.issue["code"].to_list() == [code]
    assert records.finding.is_empty()


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_PAGES", "MOST_CHARACTERS"])
def test_a_pdf_that_is_too_large_is_an_issue(
    tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, limit, 1)
    assert read(tmp_path, written(TEXT, TEXT), "file").issue["code"].to_list() == ["R136"]


def test_without_the_extra_a_pdf_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert read(tmp_path, written(TEXT), "attachment").issue["code"].to_list() == ["R133"]
