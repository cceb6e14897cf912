"""The places of a disease: numbered rows that map, table, course and evidence share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from outspread.write.phrases import Citations, knowledge_words, place_words
from outspread.write.planned import Row
from outspread.write.report.dates import Clock, When
from outspread.write.report.heading import capitalized
from outspread.write.report.svg import number_text
from outspread.write.report.views import Said, Why, rules_told
from outspread.write.wording import CERTAINTY_WORDS, NO_REACH, REACH_WORDS, ROUTE_WORDS, STATE_WORDS

SHAPES: Final = {
    "primary": "primary",
    "nearby_tissue": "regional",
    "regional_node": "regional",
    "distant_node": "distant",
    "distant": "distant",
}
ROLES: Final = {"primary": "Primary", "secondary": "Spread", "undetermined": "Not settled"}


@dataclass(frozen=True, slots=True)
class Place:
    """One numbered place; `shape` is primary, regional, distant or other."""

    number: int
    label: Markup
    shape: str
    place: str
    site: str | None
    laterality: str | None
    role: str
    reach: str
    counted: str
    certainty: str
    is_possible: bool
    is_gone: bool
    first_seen: When
    state: Said
    size: str
    cites: tuple[int, ...]
    why: tuple[Why, ...]


def number_lesions(lesions: list[Row], *, start: int) -> dict[int, int]:
    """Number the lesions of a disease, the primary first, in the order of the table."""
    ordered = sorted(lesions, key=lambda row: (row["role"] != "primary", row["lesion_id"]))
    return {row["lesion_id"]: number for number, row in enumerate(ordered, start)}


def places(
    lesions: list[Row], numbers: Mapping[int, int], cited: Citations, *, clock: Clock
) -> tuple[Place, ...]:
    """Tell the lesions of a disease in the order of their numbers."""
    ordered = sorted(lesions, key=lambda row: numbers[row["lesion_id"]])
    return tuple(_place(row, numbers[row["lesion_id"]], cited, clock) for row in ordered)


def _place(lesion: Row, number: int, cited: Citations, clock: Clock) -> Place:
    known = [Why(row, says, source) for row, says, source in knowledge_words(lesion)]
    return Place(
        number=number,
        label=number_text(number),
        shape="primary" if lesion["role"] == "primary" else SHAPES.get(lesion["reach"], "other"),
        place=capitalized(place_words(lesion["site"], lesion["laterality"])),
        site=lesion["site"],
        laterality=lesion["laterality"],
        role=ROLES[lesion["role"]],
        reach=_reach(lesion),
        counted=_counted(lesion),
        certainty=CERTAINTY_WORDS[lesion["certainty"]],
        is_possible=lesion["certainty"] == "possible",
        is_gone=lesion["state"] in STATE_WORDS,
        first_seen=clock.when(lesion["first_seen_date"], lesion["first_seen_date_precision"]),
        state=_state(lesion, clock),
        size=_size(lesion),
        cites=tuple(cited.numbers([*lesion["evidence_ids"], *lesion["state_evidence_ids"]])),
        why=(*_attribution(lesion), *known),
    )


def _attribution(lesion: Row) -> tuple[Why, ...]:
    """Why it belongs to this disease; why there is the disease stands under "Started in"."""
    said = lesion["attribution"]
    return () if said == "is_primary" else rules_told([f"attribution.{said}"])


def _reach(lesion: Row) -> str:
    """How far it counts as spread; nothing for the primary, which may have grown past its organ."""
    if lesion["role"] == "primary":
        return ""
    said = REACH_WORDS[lesion["reach"]] if lesion["reach"] else NO_REACH
    if lesion["candidate_reaches"]:
        may_be = " or ".join(REACH_WORDS[reach] for reach in lesion["candidate_reaches"])
        said = f"{said}; may be {may_be}"
    return capitalized(said)


def _counted(lesion: Row) -> str:
    """Where the TNM and the registry count it, and the usual way there."""
    parts = [
        f"TNM {lesion['tnm_field']}" if lesion["tnm_field"] else "",
        f"Summary Stage {lesion['summary_stage_class'].replace('_', ' ')}"
        if lesion["summary_stage_class"]
        else "",
        f"usual way: {ROUTE_WORDS[lesion['route']]}" if lesion["route"] in ROUTE_WORDS else "",
    ]
    return "; ".join(part for part in parts if part)


def _state(lesion: Row, clock: Clock) -> Said:
    if lesion["state"] not in STATE_WORDS:
        return ()
    when = clock.when(lesion["state_date"], lesion["state_date_precision"])
    return (capitalized(STATE_WORDS[lesion["state"]]), when)


def _size(lesion: Row) -> str:
    size = f"{lesion['size_mm']:g} mm" if lesion["size_mm"] is not None else ""
    count = f"{lesion['count']} lesions" if lesion["count"] is not None else ""
    return ", ".join(part for part in (count, size) if part)
