"""Takes fields out of one entry of a pack file; what is wrong names file, entry and field."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final, TypeVar

from outspread.errors import PackError
from outspread.plan.pack.safe_yaml import Tree

FLAGS: Final = {"yes": True, "no": False}
T = TypeVar("T")


class Entry:
    """One mapping of a pack file. Each field is taken once; `finish` refuses what is left."""

    def __init__(self, tree: Tree, *, file: str, name: str) -> None:
        self.file = file
        self.name = name
        if not isinstance(tree, dict):
            raise self.error(field=None, reason="must be a mapping of fields")
        self._left = dict(tree)
        self._known: list[str] = []

    def error(self, *, field: str | None, reason: str, code: str = "P002") -> PackError:
        """Make the error for a field of this entry; P002 is a wrong form, P003 no such thing."""
        place = f"{self.file}: {self.name}" + (f", {field}" if field else "")
        return PackError(f"{code}: {place}: {reason}.")

    def take(self, field: str) -> Tree:
        """Give a field as it stands; None where it is absent or empty."""
        self._known.append(field)
        return self._left.pop(field, None) or None

    def maybe_text(self, field: str) -> str | None:
        """Give a text field, None where it is absent."""
        value = self.take(field)
        if value is not None and not isinstance(value, str):
            raise self.error(field=field, reason="must be one text")
        return value

    def text(self, field: str) -> str:
        """Give a text field that must be there."""
        value = self.maybe_text(field)
        if value is None:
            raise self.error(field=field, reason="is missing")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """Give a list of texts; empty where it is absent."""
        value = self.take(field)
        if value is None:
            return ()
        return self._texts(field, value)

    def _texts(self, field: str, value: Tree) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        words = [item for item in items if isinstance(item, str) and item]
        if len(words) != len(items):
            raise self.error(field=field, reason="must be a list of texts")
        return tuple(words)

    def choice(self, field: str, among: Sequence[str], default: str | None = None) -> str:
        """Give a word out of a closed set."""
        value = self.maybe_text(field) or default
        if value is None:
            raise self.error(field=field, reason="is missing")
        return self.one_of(field, value, among, code="P002")

    def choices(self, field: str, among: Sequence[str]) -> tuple[str, ...]:
        """Give words out of a closed set, at least one."""
        values = tuple(self.one_of(field, word, among, code="P002") for word in self.texts(field))
        if not values:
            raise self.error(field=field, reason="is missing")
        return values

    def one_of(self, field: str, word: str, among: Iterable[str], *, code: str = "P003") -> str:
        """Give the word back if it is known, else refuse it with the nearest known one."""
        known = list(among)
        if word in known:
            return word
        nearest = get_close_matches(word, known, n=1)
        hint = f"; nearest is {nearest[0]}" if nearest else ""
        raise self.error(code=code, field=field, reason=f"there is no `{word[:60]}`{hint}")

    def number(self, field: str, value: Tree) -> float:
        """Read a number that was taken."""
        try:
            number = float(value) if isinstance(value, str) else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.error(field=field, reason="must be a number")
        return number

    def maybe_year(self, field: str) -> int | None:
        """Give a year, None where it is absent."""
        value = self.maybe_text(field)
        if value is None:
            return None
        if not (value.isdecimal() and len(value) == 4):
            raise self.error(field=field, reason="must be a year")
        return int(value)

    def flag(self, field: str, *, default: bool | None = None) -> bool:
        """Give yes or no."""
        value = self.maybe_text(field)
        if value is None and default is not None:
            return default
        if value not in FLAGS:
            raise self.error(field=field, reason="must be yes or no")
        return FLAGS[value]

    def mapping(self, field: str) -> dict[str, Tree]:
        """Give a mapping; empty where it is absent."""
        return self.as_mapping(field, self.take(field) or {})

    def as_mapping(self, field: str, tree: Tree) -> dict[str, Tree]:
        """Refuse what is not a mapping."""
        if not isinstance(tree, dict):
            raise self.error(field=field, reason="must be a mapping")
        return tree

    def mapping_of_texts(self, field: str) -> dict[str, tuple[str, ...]]:
        """Give a mapping of lists of texts."""
        return {key: self._texts(field, value) for key, value in self.mapping(field).items()}

    def items(self, field: str) -> list[Tree]:
        """Give a list; empty where it is absent."""
        value = self.take(field) or []
        if not isinstance(value, list):
            raise self.error(field=field, reason="must be a list")
        return value

    def finish(self) -> None:
        """Refuse fields that nobody took."""
        for field in self._left:
            self.one_of(field, field, self._known, code="P002")


def read_entries(
    trees: Mapping[str, Tree], file: str, read: Callable[[Entry], T], problems: list[str]
) -> dict[str, T]:
    """Read each entry of a file; what is wrong with one goes to `problems`, the others go on."""
    entries = {}
    for name, tree in trees.items():
        try:
            entry = Entry(tree, file=file, name=name)
            entries[name] = read(entry)
            entry.finish()
        except PackError as error:
            problems.append(str(error))
    return entries
