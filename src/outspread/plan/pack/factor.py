"""The entries of a pack beside its options: factors, implications, sources, the head."""

from collections.abc import Mapping
from typing import Final, TypeAlias, cast

from outspread.plan.pack.condition import read_conditions
from outspread.plan.pack.entry import Entry
from outspread.plan.pack.model import (
    BOOL,
    FACTOR_TYPES,
    LINES,
    Consequence,
    Factor,
    FactorType,
    Implication,
    Source,
)
from outspread.plan.pack.safe_yaml import Tree

COPIES: Final = ("ok", "weak")
Extents: TypeAlias = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


def read_head(entry: Entry) -> tuple[str, str, str, tuple[str, ...]]:
    """Read name, version, title and reviewers of a pack."""
    return (
        entry.text("pack"),
        entry.text("version"),
        entry.text("title"),
        entry.texts("reviewed_by"),
    )


def read_factor(entry: Entry, *, extents: Extents) -> Factor:
    """Read one factor; what an option's extent matches goes to `extents`."""
    kind = cast("FactorType", entry.choice("type", FACTOR_TYPES))
    values = {"enum": (), "bool": BOOL, "line": LINES, "number": ()}[kind]
    if kind == "enum":
        values = entry.texts("values")
        if not values:
            raise entry.error(field="values", reason="is missing")
    spoken = {word: " ".join(told) for word, told in entry.mapping_of_texts("words").items()}
    for word in spoken:
        entry.one_of("words", word, values)
    low, high = _range(entry) if kind == "number" else (0.0, 0.0)
    covers, may_be = entry.mapping_of_texts("covers"), entry.mapping_of_texts("may_be")
    match = entry.mapping_of_texts("options_match")
    may_match = entry.mapping_of_texts("options_may_match")
    for field, words in (("covers", covers), ("may_be", may_be), ("options_may_match", may_match)):
        for word in [*words, *(other for others in words.values() for other in others)]:
            entry.one_of(field, word, match if field == "options_may_match" else values)
    for asked, matched in match.items():
        maybe = tuple(word for word, extent in may_match.items() if asked in extent)
        extents[asked] = (
            tuple(entry.one_of("options_match", word, values) for word in matched),
            tuple(word for word in maybe if word not in matched),
        )
    return Factor(
        entry.name,
        label=entry.text("label"),
        group=entry.text("group"),
        type=kind,
        values=values,
        low=low,
        high=high,
        unit=entry.maybe_text("unit"),
        note=entry.maybe_text("note"),
        of_plan=entry.flag("of_plan", default=False),
        covers=covers,
        may_be=may_be,
        words=spoken,
    )


def _range(entry: Entry) -> tuple[float, float]:
    ends = [entry.number("range", word) for word in entry.texts("range")]
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise entry.error(field="range", reason="must be two numbers, the lower one first")
    return ends[0], ends[1]


def read_implication(entry: Entry, *, factors: Mapping[str, Factor]) -> Implication:
    """Read what follows from facts."""
    when = read_conditions(entry.take("when") or {}, factors, entry, "when")
    when_any = read_conditions(entry.take("when_any") or {}, factors, entry, "when_any")
    then = tuple(
        _read_consequence(entry, factors[entry.one_of("then", name, factors)], value, factors)
        for name, value in entry.mapping("then").items()
    )
    if not then:
        raise entry.error(field="then", reason="is missing")
    if not (when or when_any or any(part.source for part in then)):
        raise entry.error(field="when", reason="is missing")
    fills_gap = entry.flag("fills_gap", default=False)
    return Implication(entry.name, when, when_any, then, fills_gap)


def _read_consequence(
    entry: Entry, factor: Factor, value: Tree, factors: Mapping[str, Factor]
) -> Consequence:
    field = f"then.{factor.name}"
    if isinstance(value, dict):
        made = Entry(value, file=entry.file, name=f"{entry.name}, {field}")
        source = factors[made.one_of("from", made.text("from"), factors)]
        times, plus = made.take("times") or "1", made.take("plus") or "0"
        if factor.type != "number" or source.type not in {"number", "line"}:
            raise entry.error(field=field, reason="makes a number of what is none")
        made.finish()
        return Consequence(
            factor.name,
            source=source.name,
            times=made.number("times", times),
            plus=made.number("plus", plus),
        )
    if factor.type == "number" or not isinstance(value, str):
        raise entry.error(field=field, reason="must be a word, or a number made from a factor")
    return Consequence(factor.name, value=entry.one_of(field, value, factor.values))


def read_source(entry: Entry) -> Source:
    """Read one source."""
    return Source(
        entry.name,
        title=entry.text("title"),
        organization=entry.text("organization"),
        year=entry.maybe_year("year"),
        url=entry.text("url"),
        kind=entry.text("kind"),
        read=entry.text("read"),
        copy=entry.choice("copy", COPIES),
    )
