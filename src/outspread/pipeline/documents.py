"""The document export: what each note states, one JSON object a line."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from outspread.extract.document import read_text
from outspread.extract.export import summarize
from outspread.read import read_chunks


def export_documents(inputs: Sequence[Path], *, pack: Path | None = None) -> Iterator[str]:
    """Read notes and say what each states, in the shape of the report gold standard.

    Raises
    ------
    ReadError
        See `outspread.read.read_chunks`.
    """
    for chunk in read_chunks(inputs):
        for name, text in chunk.document.select("document_id", "text").iter_rows():
            yield orjson.dumps(summarize(read_text(text, pack=pack), name)).decode()
