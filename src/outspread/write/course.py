"""The course of a disease as lines of text: date, what happened, how far it had spread by then."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from outspread.write.wording import EXTENT_WORDS, STATUS_WORDS, date_words, site_names

Row = dict[str, Any]
_WORDS: Final = {
    "diagnosis": "first record of the cancer",
    "spread_suspected": "possible spread to {place}",
    "spread_found": "spread to {place} found",
    "spread_returned": "spread to {place} seen again",
    "primary_returned": "tumor seen again where it started",
    "spread_resolved": "spread to {place} no longer seen",
    "spread_removed": "spread to {place} removed",
    "primary_removed": "tumor removed where it started",
    "extent_change": "stage or extent recorded",
    "death": "death",
}


def course_lines(
    events: Iterable[Row], lesions: Iterable[Row], cite: Callable[[Iterable[str]], str]
) -> list[str]:
    """Tell the events of one disease, each with what it changed in the extent, and its evidence.

    Parameters
    ----------
    events, lesions
        Rows of the disease, in their order.
    cite
        Gives the numbers of some evidence ids in brackets.
    """
    places = {row["lesion_id"]: row for row in lesions}
    lines = []
    known = "unknown"
    for event in events:
        text = event_words(event, places.get(event["lesion_id"]))
        extent = event["extent"] or known
        if extent != known:
            text += f"; by then {EXTENT_WORDS[extent].split(':')[0]}"
        known = extent
        when = date_words(event["date"], event["date_precision"])
        lines.append(f"{when:<10}  {text}{cite(event['evidence_ids'])}")
    return lines


def event_words(event: Row, lesion: Row | None) -> str:
    """Say what happened."""
    if event["status"]:
        said = STATUS_WORDS[event["status"]]
        return f"{said}: follows from what was found" if _is_derived(event) else said
    place = ""
    if lesion is not None:
        side = f"{lesion['laterality']} " if lesion["laterality"] in ("left", "right") else ""
        place = side + site_names().get(lesion["site"], "a place that is not stated")
    return _WORDS[event["kind"]].format(place=place)


def _is_derived(event: Row) -> bool:
    return bool(event["rule_id"] != "status.stated")
