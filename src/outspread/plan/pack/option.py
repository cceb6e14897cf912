"""One option of a pack, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from outspread.plan.pack.condition import ask, ask_line, read_conditions
from outspread.plan.pack.entry import Entry
from outspread.plan.pack.factor import Extents
from outspread.plan.pack.model import (
    OPTION_MODALITY,
    Condition,
    Conditions,
    Factor,
    Option,
    Source,
)
from outspread.plan.tables import AIM, STANCE, STRENGTH


@dataclass(frozen=True, slots=True)
class Known:
    """What options may refer to."""

    factors: Mapping[str, Factor]
    extents: Extents
    says: Mapping[str, str]
    sources: Mapping[str, Source]


def read_option(entry: Entry, *, known: Known) -> Option:
    """Read one option.

    Raises
    ------
    PackError
        P002 for a field that is missing or of the wrong form, P003 for a reference to nothing.
    """
    primary, extent, line = entry.text("primary"), entry.text("extent"), entry.text("line")
    place = _where(entry, known, primary=primary, extent=extent, line=line)
    require = read_conditions(entry.take("require") or {}, known.factors, entry, "require")
    option = Option(
        entry.name,
        what=entry.text("what"),
        primary=primary,
        extent=extent,
        line=line,
        conditions=(*place, *require),
        exclude=_alternatives(entry, known, "exclude"),
        avoid_if=_alternatives(entry, known, "avoid_if"),
        aim=entry.choice("aim", AIM),
        stance=entry.choice("stance", STANCE, default=STANCE[0]),
        modality=entry.choices("modality", OPTION_MODALITY),
        strength=entry.choice("strength", STRENGTH),
        sources=_known(entry, "sources", known.sources),
        verified=entry.flag("verified"),
        year=entry.maybe_year("year"),
        alert=entry.maybe_text("alert"),
        alert_text=entry.maybe_text("alert_text"),
        examples=entry.texts("examples"),
        turns_on=_known(entry, "turns_on", known.factors),
        workup=entry.texts("workup"),
        cautions=entry.texts("cautions"),
        says=_known(entry, "says", known.says),
        note=entry.maybe_text("note"),
    )
    _check(option, entry, known)
    return option


def _where(entry: Entry, known: Known, *, primary: str, extent: str, line: str) -> Conditions:
    """The conditions on origin, spread and line; `any` asks nothing."""
    asked: list[Condition] = []
    if primary != "any":
        factor = known.factors[entry.one_of("primary", "primary", known.factors)]
        entry.one_of("primary", primary, factor.values)
        asked.append(ask(factor, (primary,)))
    if extent != "any":
        values, unclear = known.extents[entry.one_of("extent", extent, known.extents)]
        says = f"{known.factors['extent'].label}: {extent.replace('_', ' ')}"
        asked.append(Condition("extent", tuple(sorted(values)), tuple(sorted(unclear)), says=says))
    if line != "any":
        asked += ask_line(known.factors[entry.one_of("line", "line", known.factors)], line, entry)
    return tuple(asked)


def _alternatives(entry: Entry, known: Known, field: str) -> tuple[Conditions, ...]:
    return tuple(read_conditions(tree, known.factors, entry, field) for tree in entry.items(field))


def _known(entry: Entry, field: str, among: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(entry.one_of(field, word, among) for word in entry.texts(field))


def _check(option: Option, entry: Entry, known: Known) -> None:
    """Refuse an option whose fields do not go together."""
    if not option.sources and option.strength != "unverified":
        raise entry.error(field="sources", reason="is missing, and `strength` is not `unverified`")
    if (option.alert is None) != (option.alert_text is None):
        raise entry.error(field="alert_text", reason="goes with `alert`, one is missing")
    if (option.alert is not None) != (option.aim == "urgent"):
        raise entry.error(field="aim", reason="is `urgent` for alerts and only for them")
    rests = any(known.sources[name].copy != "weak" for name in option.sources)
    if option.verified and (not rests or option.strength == "unverified"):
        reason = "needs a source read in a good copy and a strength"
        raise entry.error(field="verified", reason=reason)
