"""Values of many cases by key, and of some of these cases apart."""

import numpy as np

from outspread.stage.findings import ALL, Notes
from outspread.stage.probe import Value
from outspread.stage.words import ABSENT, Ids


class Cases:
    """Some cases of one schema: ids by key, one for all cases or one for each.

    `part` gives some of the cases, `take_back` puts what was set there back. Arrays are never
    changed in place: two keys may share one. `places` are the numbers of the cases, `notes` what is
    noted of them, under the gate `gate`.
    """

    def __init__(
        self,
        places: Ids,
        notes: Notes,
        *,
        parent: "Cases | None" = None,
        chosen: Ids | None = None,
    ) -> None:
        self.places = places
        self.notes = notes
        self.gate = ALL if parent is None else notes.gate(places)
        self._count = len(places)
        self._values: dict[str, Value] = {}
        self._set: set[str] = set()
        self._parent = parent
        self._chosen = chosen

    def __len__(self) -> int:
        """Count the cases."""
        return self._count

    def get(self, key: str) -> Value:
        """Return the ids of a key."""
        value = self._values.get(key)
        if value is None:
            if self._parent is None:
                return ABSENT
            value = self._parent.get(key)
            if not isinstance(value, int) and self._chosen is not None:
                value = value.take(self._chosen)
            self._values[key] = value
        return value

    def set(self, key: str, value: Value) -> None:
        """Set the ids of a key."""
        self._values[key] = value
        self._set.add(key)

    def part(self, chosen: Ids) -> "Cases":
        """Give some of the cases, by their numbers in rising order."""
        return Cases(self.places.take(chosen), self.notes, parent=self, chosen=chosen)

    def take_back(self, part: "Cases", chosen: Ids) -> None:
        """Take over what was set in a part."""
        for key in part._set:
            own, new = self.get(key), part._values[key]
            if isinstance(own, int) and isinstance(new, int) and own == new:
                continue
            both = np.full(len(self), own, dtype=np.intp) if isinstance(own, int) else own.copy()
            both[chosen] = new
            self.set(key, both)
