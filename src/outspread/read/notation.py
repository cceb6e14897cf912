"""How stages are written: cT2, ypN1a, M0, stage IIIC, 4A."""

import re
from typing import Final

_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
_CATEGORY: Final = re.compile(
    r"(?:^|[\s(])(?P<prefix>y?[cpra]{0,2})(?P<axis>[TNM])"
    r"(?P<value>[0-4](?:[a-e]\d?)?(?:mi)?(?:\([^)]*\))?|X|is(?:\([^)]*\))?|a)(?![\w])"
)
_BARE: Final = re.compile(r"(?P<value>[0-4](?:[a-e]\d?)?(?:mi)?|X|is|a)\Z")
_GROUP: Final = re.compile(
    r"(?:^|(?:stage|grade group|group|level|class)\s+(?:group\s+)?)"
    r"(?P<value>(?:0|IV|V|I{1,3}|[1-5])(?:[A-E]\d?)?(?:is)?|[A-D][1-3]?|L1|L2|MS|M|standard risk)"
    r"(?=$|[\s,;)])",
    re.IGNORECASE,
)
_GRADE_GROUP: Final = re.compile(r"(?:^|group\s+)(?P<value>[1-5])(?![\w.])", re.IGNORECASE)
_BASIS: Final = {"c": "clinical", "p": "pathological"}


def read_notation(words: str, axis: str) -> tuple[str, str | None] | None:
    """Read "cT2", "stage IIIC", "3C" or "M1": the value without its prefix, and the basis.

    Examples
    --------
    >>> read_notation("ypT1c", "t")
    ('1c', 'post_therapy')
    >>> read_notation("American Joint Committee on Cancer stage 3C", "stage_group")
    ('IIIC', None)
    """
    if axis == "stage_group":
        match = _GROUP.search(words)
        return (_roman(match["value"]), None) if match else None
    if axis == "grade_group":
        match = _GRADE_GROUP.search(words)
        return (match["value"], None) if match else None
    for match in _CATEGORY.finditer(words):
        if match["axis"].lower() == axis:
            prefix = match["prefix"]
            basis = "post_therapy" if "y" in prefix else _BASIS.get(prefix[:1])
            return match["value"], basis
    match = _BARE.match(words)
    return (match["value"], None) if match else None


def _roman(value: str) -> str:
    value = value if value == "standard risk" else value.upper()
    return _ROMAN[value[0]] + value[1:] if value[0] in _ROMAN else value
