"""Text of PDF files, through pypdf, which the extra `pdf` of this package installs.

Only text that the file holds as text is read; a scanned page has none. What is behind a password
is not opened.
"""

import io
import logging
import struct
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pypdf import PageObject

PDF_MAGIC: Final = b"%PDF-"
MOST_BYTES: Final = 32 * 1024 * 1024
MOST_PAGES: Final = 500
MOST_CHARACTERS: Final = 4_000_000
# What pypdf lets through when a file is broken, beside errors of its own.
_BROKEN: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RecursionError,
    NotImplementedError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip


def pdf_text(content: bytes) -> tuple[str, str | None]:
    """Text of a PDF, its pages parted by blank lines; or the code of the issue with it.

    R133 where pypdf is not installed, R135 encrypted or broken, R136 too large, R137 no text.
    """
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError:
        return "", "R133"
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings may repeat the text
    if len(content) > MOST_BYTES:
        return "", "R136"
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return "", "R135"
        if len(reader.pages) > MOST_PAGES:
            return "", "R136"
        return _joined(reader.pages)
    except (PyPdfError, *_BROKEN):
        return "", "R135"


def _joined(found: "Iterable[PageObject]") -> tuple[str, str | None]:
    pages: list[str] = []
    size = 0
    for page in found:
        text = page.extract_text()
        size += len(text)
        if size > MOST_CHARACTERS:
            return "", "R136"
        pages.append(text)
    whole = "\n\n".join(page for page in pages if page.strip())
    return whole, None if whole else "R137"
