"""Question marks that doubt what follows them: "Anemia. ? MDS", "lung mass, ?metastasis"."""

import re
from typing import Final

_APART: Final = re.compile(r"(?m)(^[ \t]*|[.,;:(][ \t]+)\?[ \t](?=[A-Za-z])")
_JOINED: Final = re.compile(r"(?<![^\s(])\?(?=[A-Za-z])")
DOUBT: Final = "\N{INVERTED QUESTION MARK}"


def mark_doubts(text: str) -> str:
    """Write a question mark that stands before a phrase as another sign; the length stays.

    Examples
    --------
    >>> mark_doubts("Low platelets. ? MDS").count(DOUBT)
    1
    """
    if "?" not in text:
        return text
    text = _APART.sub(lambda found: f"{found[1]} {DOUBT}", text)
    return _JOINED.sub(DOUBT, text)
