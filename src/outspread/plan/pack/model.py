"""What a pack holds once it is read and checked: factors, conditions, options, sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

FactorType: TypeAlias = Literal["enum", "bool", "number", "line"]
FACTOR_TYPES: Final = ("enum", "bool", "number", "line")
LINES: Final = ("adjuvant", "maint", *(str(number) for number in range(1, 31)))
BOOL: Final = ("yes", "no")
BOUNDS: Final = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}
OPTION_MODALITY: Final = (
    "ablation", "chemotherapy", "embolization", "hormone", "immunotherapy", "local", "radiation",
    "radiopharmaceutical", "supportive", "surgery", "surveillance", "targeted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Factor:
    """A feature of a person that options turn on.

    `covers` tells which coarser values a value also satisfies, `may_be` which finer values a
    coarse one could be. What is `of_plan` follows from the treatment that is chosen.
    """

    name: str
    label: str
    group: str
    type: FactorType
    values: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    unit: str | None = None
    note: str | None = None
    of_plan: bool = False
    covers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    may_be: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def say(self, value: str) -> str:
        """Give a value in words."""
        return self.words.get(value, value.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Condition:
    """A question to one factor, answered yes, no or unknown.

    A word in `values` is yes, one in `unclear` is unknown, any other no; a number is yes within
    all `bounds`. A factor that is not recorded is unknown.
    """

    factor: str
    values: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    bounds: tuple[tuple[str, float], ...] = ()
    says: str = ""


Conditions: TypeAlias = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an implication sets: a word, or a number made from another factor."""

    factor: str
    value: str | None = None
    source: str | None = None
    times: float = 1.0
    plus: float = 0.0


@dataclass(frozen=True, slots=True)
class Implication:
    """What follows from facts: all of `when`, and at least one of `when_any` if there are any."""

    name: str
    when: Conditions
    when_any: Conditions
    then: tuple[Consequence, ...]
    fills_gap: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement of the pack comes from."""

    name: str
    title: str
    organization: str
    year: int | None
    url: str
    kind: str
    read: str
    copy: str


@dataclass(frozen=True, slots=True)
class Option:
    """One way to treat, with the conditions under which it is an option and its basis."""

    name: str
    what: str
    primary: str
    extent: str
    line: str
    conditions: Conditions
    exclude: tuple[Conditions, ...]
    avoid_if: tuple[Conditions, ...]
    aim: str
    stance: str
    modality: tuple[str, ...]
    strength: str
    sources: tuple[str, ...]
    verified: bool
    year: int | None = None
    alert: str | None = None
    alert_text: str | None = None
    examples: tuple[str, ...] = ()
    turns_on: tuple[str, ...] = ()
    workup: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A checked knowledge pack. `implications` stand in the order in which they are applied.

    It is compared by identity, so that what is compiled from it can be kept.
    """

    name: str
    version: str
    title: str
    reviewed_by: tuple[str, ...]
    factors: Mapping[str, Factor]
    implications: tuple[tuple[Implication, ...], ...]
    options: tuple[Option, ...]
    says: Mapping[str, str]
    sources: Mapping[str, Source]
    sha256: str = ""
