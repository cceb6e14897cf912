"""Passing over notes that do not speak of cancer, at little cost."""

from functools import cache
from pathlib import Path

from outspread.extract.groups import data_rows
from outspread.extract.lexicon import own_words


def speaks_of_cancer(text: str, *, pack: Path | None = None) -> bool:
    """Tell whether a text holds any word that a statement about cancer needs.

    Examples
    --------
    >>> speaks_of_cancer("Chest pain since this morning. ECG normal.")
    False
    """
    lower = text.lower()
    return any(stem in lower for stem in _stems(pack))


@cache
def _stems(pack: Path | None) -> tuple[str, ...]:
    return (*(row["stem"] for row in data_rows("stems.csv")), *own_words(pack))
