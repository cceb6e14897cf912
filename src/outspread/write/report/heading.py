"""The head of a disease: its name, and the facts that a reader needs first."""

from typing import Final

from outspread.write.phrases import (
    Citations,
    candidate_words,
    interval_words,
    origin_words,
    place_words,
    stage_words,
    unnamed_spread,
)
from outspread.write.planned import Row, few
from outspread.write.report.dates import Clock
from outspread.write.report.views import Fact, Piece, Said, rules_told
from outspread.write.wording import (
    CERTAINTY_WORDS,
    EXTENTS,
    NO_REACH,
    REACH_WORDS,
    STATUS_WORDS,
    TIMING_WORDS,
)

SHOWN_PLACES: Final = 8
_DAYS_OF_YEAR: Final = 365.25
_MONTHS: Final = 12
_FARTHEST_FIRST: Final = ("distant", "distant_node", "regional_node", "nearby_tissue", "local",
                          "unknown", None)  # fmt: skip
_SINCE: Final = {
    "distant": ("first_distant_date", "first_distant_date_precision"),
    "regional": ("first_regional_date", "first_regional_date_precision"),
}


def heading_facts(
    disease: Row, lesions: list[Row], cited: Citations, *, clock: Clock, staging_count: int
) -> tuple[Fact, ...]:
    """Tell extent and status, origin, spread, interval, and the stage at diagnosis.

    Of several stagings the head holds one; `staging_count` tells how many there are.
    """
    return (
        _extent(disease, cited, clock),
        _status(disease, cited, clock),
        _origin(disease, cited, clock),
        _spread(disease, lesions),
        _interval(disease, clock),
        _stage(disease, cited, staging_count),
    )


def capitalized(text: str) -> str:
    """Give a text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def _extent(disease: Row, cited: Citations, clock: Clock) -> Fact:
    words = EXTENTS[disease["extent"]]
    said: list[Piece] = [capitalized(words.word)]
    since = _SINCE.get(disease["extent"])
    if since and disease[since[0]]:
        said.append(clock.when(*(disease[column] for column in since), since="since "))
    more: list[Said] = []
    if words.means:
        more.append((f"{capitalized(words.means)}. Registry word: {words.registry}.",))
    if disease["possible_extent"]:
        more.append((f"Possibly more: {EXTENTS[disease['possible_extent']].word}.",))
    return Fact(
        "Farthest it has reached",
        tuple(said),
        tuple(more),
        tuple(cited.numbers(disease["extent_evidence_ids"])),
        rules_told([disease["extent_rule"]]),
    )


def _status(disease: Row, cited: Citations, clock: Clock) -> Fact:
    if not disease["status"]:
        return Fact("Last known status", ("Not recorded",))
    when = clock.when(disease["status_date"], disease["status_date_precision"])
    return Fact(
        "Last known status",
        (capitalized(STATUS_WORDS[disease["status"]]), when),
        (),
        tuple(cited.numbers(disease["status_evidence_ids"])),
        rules_told([disease["status_rule"]]),
    )


def _origin(disease: Row, cited: Citations, clock: Clock) -> Fact:
    first, *rest = origin_words(disease)
    if disease["certainty"] != "confirmed":
        rest.append(CERTAINTY_WORDS[disease["certainty"]])
    more: list[Said] = [(f"{capitalized(', '.join(rest))}.",)] if rest else []
    if disease["origin_status"] != "not_stated":
        day, precision = disease["diagnosed_date"], disease["diagnosed_date_precision"]
        more.append(("First recorded:", clock.when(day, precision)))
    more += [(words,) for words in candidate_words(disease)]
    return Fact(
        "Started in",
        (capitalized(first),),
        tuple(more),
        tuple(cited.numbers(disease["evidence_ids"])),
        rules_told(disease["rule_ids"]),
    )


def _spread(disease: Row, lesions: list[Row]) -> Fact:
    spread = [row for row in lesions if row["role"] != "primary"]
    if not spread:
        unnamed = capitalized(unnamed_spread(disease))
        said, _, why = unnamed.partition(". ")
        return Fact(
            "Spread to", (said or "No place of spread is recorded",), ((why,),) if why else ()
        )
    counted = {
        certainty: [row for row in spread if row["certainty"] == certainty]
        for certainty in CERTAINTY_WORDS
    }
    counts = [f"{len(some)} {certainty}" for certainty, some in counted.items() if some]
    more = [
        (f"{capitalized(certainty)}, {words}: {_listed(some)}.",)
        for certainty, rows in counted.items()
        for words, some in _by_reach(rows)
    ]
    return Fact("Spread to", (", ".join(counts),), tuple(more))


def _by_reach(lesions: list[Row]) -> list[tuple[str, list[Row]]]:
    """Lesions by reach in words, the farthest first."""
    found = {reach: [row for row in lesions if row["reach"] == reach] for reach in _FARTHEST_FIRST}
    words = {None: NO_REACH} | REACH_WORDS
    return [(words[reach], some) for reach, some in found.items() if some]


def _listed(lesions: list[Row]) -> str:
    names = dict.fromkeys(place_words(row["site"], row["laterality"]) for row in lesions)
    return "; ".join(few(list(names), most=SHOWN_PLACES))


def _interval(disease: Row, clock: Clock) -> Fact:
    label = "To the first distant place"
    day, precision = disease["first_distant_date"], disease["first_distant_date_precision"]
    if disease["extent"] != "distant":
        return Fact(label, ("No distant spread is confirmed",))
    more: list[Said] = [("First distant spread:", clock.when(day, precision))]
    if disease["timing"] in TIMING_WORDS:
        more.append((f"{capitalized(TIMING_WORDS[disease['timing']])}.",))
    days = interval_words(disease) if disease["timing"] else ""
    if not days:
        return Fact(label, ("Cannot be counted",), tuple(more))
    rounded = _rounded(disease)
    if rounded:
        more.insert(0, (f"{capitalized(days)}.",))
    return Fact(label, (rounded or days,), tuple(more))


def _rounded(disease: Row) -> str:
    """Years and months of an interval that is known to the day; empty below two months."""
    least, most = disease["min_interval_days"], disease["max_interval_days"]
    if least != most or least is None:
        return ""
    months = int(least / _DAYS_OF_YEAR * _MONTHS)
    years, rest = divmod(months, _MONTHS)
    parts = [
        f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((years, "year"), (rest, "month")) if n
    ]
    return " ".join(parts) if months > 1 else ""


def _stage(disease: Row, cited: Citations, staging_count: int) -> Fact:
    said = stage_words(disease)
    more: list[Said] = [
        ("As first stated; a stage is not restated when the cancer spreads later.",)
    ]
    if staging_count > 1:
        count = staging_count - 1
        others = f"{count} other stagings are" if count > 1 else "1 other staging is"
        more[0] = (f"As first stated; {others} listed below.",)
    if disease["derived_summary_stage"]:
        code, by = disease["derived_summary_stage"], disease["derived_summary_stage_by"]
        more.append((f"Summary Stage at diagnosis, derived: {code} ({by}).",))
    return Fact(
        "Stage at diagnosis",
        (capitalized(said) if said else "Not recorded",),
        tuple(more) if said else tuple(more[1:]),
        tuple(cited.numbers(disease["stage_evidence_ids"])),
    )
