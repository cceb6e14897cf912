"""Passing over notes that do not speak of cancer, at little cost."""

import csv
from functools import cache
from importlib.resources import files
from pathlib import Path

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
    name = files("outspread.extract") / "data" / "stems.csv"
    rows = csv.DictReader(name.read_text(encoding="utf-8").splitlines())
    return (*(row["stem"] for row in rows), *own_words(pack))
