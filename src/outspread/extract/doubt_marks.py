"""Question marks that doubt what follows them: "Anemia. ? MDS"."""

import re
from typing import Final

_BEFORE: Final = re.compile(r"(?m)(^[ \t]*|[.,;:(][ \t]+)\?[ \t](?=[A-Za-z])")


def attach_doubts(text: str) -> str:
    """Put a question mark that stands alone before a phrase right before its first word.

    Examples
    --------
    >>> attach_doubts("Low platelets. ? MDS")
    'Low platelets.  ?MDS'
    """
    if "? " not in text:
        return text
    return _BEFORE.sub(lambda found: f"{found[1]} ?", text)
