"""Which parts of a text are not English: their denials are not known, so they are not read.

"Keine Metastasen in der Lunge" holds a word of spread and, to a reader of English, nothing that
denies it. Languages are told by their small words, from `data/groups.csv`.
"""

from collections.abc import Iterable
from typing import Final

from outspread.extract.groups import members

_ENGLISH: Final = members("language.english")
_FOREIGN: Final = members("language.foreign")
_EITHER: Final = members("language.foreign_or_name")  # also names and terms: de novo, la, del
_ANY_FOREIGN: Final = _FOREIGN | _EITHER
ENOUGH: Final = 3


def is_foreign(words: Iterable[str]) -> bool:
    """Tell whether a sentence has more small words of other languages than of English.

    Examples
    --------
    >>> is_foreign("keine metastasen in der lunge".split())
    True
    >>> is_foreign("de novo metastases to the liver".split())
    False
    """
    balance = 0
    for word in words:
        balance += (word in _FOREIGN) - (word in _ENGLISH)
    return balance > 0


def is_foreign_text(words: Iterable[str]) -> bool:
    """Tell whether a whole text is in another language, by many small words.

    Examples
    --------
    >>> is_foreign_text("sin metastasis en el higado ni en la pleura".split())
    True
    """
    foreign = english = 0
    for word in words:
        foreign += word in _FOREIGN or word in _EITHER
        english += word in _ENGLISH
    return foreign >= ENOUGH and foreign > english


def may_be_foreign(text: str) -> bool:
    """Tell whether a text in which nothing of cancer was found may be in another language.

    Examples
    --------
    >>> may_be_foreign("Nie ma przerzutów. Pacjent jest w dobrym stanie, bez bólu.")
    True
    """
    words = text.casefold().split()
    if _ANY_FOREIGN.isdisjoint(words):
        return False
    return is_foreign_text(words) or seems_foreign(words)


def seems_foreign(words: Iterable[str]) -> bool:
    """Tell whether a short text may be in another language: small words of one, none of English.

    Examples
    --------
    >>> seems_foreign("carcinoma da mama . sem metastases osseas .".split())
    True
    >>> seems_foreign("breast cancer with de novo metastases".split())
    False
    """
    said = list(words)
    return _ENGLISH.isdisjoint(said) and sum(word in _ANY_FOREIGN for word in said) > 1
