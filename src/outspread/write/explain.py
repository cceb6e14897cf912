"""One patient's story as text: every line with its evidence, its rule and its source."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from outspread.write.course import course_lines
from outspread.write.phrases import (
    NO_PLACE,
    Citations,
    candidate_words,
    denied_places,
    evidence_words,
    interval_words,
    knowledge_words,
    meaning_words,
    origin_words,
    place_words,
    stage_words,
    unnamed_spread,
)
from outspread.write.quote import LEGEND, quoted
from outspread.write.wording import (
    CERTAINTY_WORDS,
    EXTENT_WORDS,
    NO_REACH,
    NOT_KNOWN,
    REACH_WORDS,
    ROUTE_WORDS,
    STATE_WORDS,
    STATUS_WORDS,
    TIMING_WORDS,
    basis_words,
    date_words,
    rule_sentences,
    site_names,
    stage_row_words,
)

Row = dict[str, Any]
WIDTH: Final = 100
_LABEL: Final = 15
NOTICE: Final = (
    "Worked out by a program from the records given to it. "
    "No clinician has reviewed its knowledge yet. Not a medical device."
)


class _Notes(Citations):
    """Puts the numbers of evidence and the names of rules behind what they support."""

    def cite(self, ids: Iterable[str]) -> str:
        numbers = self.numbers(ids)
        return f" [{' '.join(map(str, numbers))}]" if numbers else ""

    def name(self, *rules: str) -> str:
        self.keep(*rules)
        return f" ({', '.join(rules)})" if rules else ""


def explain_patient(tables: Mapping[str, pl.DataFrame], patient_id: str) -> str:
    """Tell one patient's story as text.

    Numbers in brackets cite the evidence listed at the end, with the place where it was read; names
    of rules in parentheses those told once before it, with what would change what they say.

    Parameters
    ----------
    tables
        Frames by table name; needs disease, lesion and conflict; uses staging, event for the
        course, finding, treatment, measurement and raw for the list of evidence, and document for
        the sentences of notes in it. Rows of other patients are left aside.
    patient_id
        Whose story.
    """
    mine = {name: _rows(frame, patient_id) for name, frame in tables.items()}
    notes = _Notes()
    lines = [f"Patient {patient_id}"]
    if not mine["disease"]:
        lines += ["", "No cancer found in these records."]
    for disease in mine["disease"]:
        own = {
            name: [row for row in mine.get(name, []) if row["disease_id"] == disease["disease_id"]]
            for name in ("lesion", "staging", "event")
        }
        lines += ["", *_disease_lines(disease, own["lesion"], notes)]
        lines += _staging_lines(own["staging"], notes)
        lines += _event_lines(own["event"], own["lesion"], notes)
    lines += _denied_lines(mine.get("finding", []), notes)
    lines += _conflict_lines(mine["conflict"], notes)
    lines += _rule_lines(notes)
    lines += _evidence_lines(mine, notes)
    return "\n".join([*lines, "", NOTICE])


def _rows(frame: pl.DataFrame, patient_id: str) -> list[Row]:
    if "patient_id" not in frame.columns:
        return []
    return frame.filter(pl.col("patient_id") == patient_id).to_dicts()


def _disease_lines(disease: Row, lesions: list[Row], notes: _Notes) -> list[str]:
    spread = [row for row in lesions if row["role"] != "primary"]
    lines = [disease["name"], "-" * len(disease["name"])]
    cited = notes.cite(disease["extent_evidence_ids"]) + notes.name(disease["extent_rule"])
    lines += _line("Extent", EXTENT_WORDS[disease["extent"]] + cited)
    if disease["possible_extent"]:
        lines += _line("Possible", EXTENT_WORDS[disease["possible_extent"]])
    lines += _origin_lines(disease, notes)
    if spread:
        lines += ["Spread to"]
        for lesion in spread:
            lines += _lesion_lines(lesion, notes)
    elif unnamed_spread(disease):
        lines += _line("Spread to", unnamed_spread(disease))
    return lines + _course_lines(disease, notes)


def _origin_lines(disease: Row, notes: _Notes) -> list[str]:
    parts = origin_words(disease)
    if disease["origin_status"] != "not_stated":
        day, precision = disease["diagnosed_date"], disease["diagnosed_date_precision"]
        parts.append(date_words(day, precision, since="first recorded "))
    if disease["certainty"] != "confirmed":
        parts.append(CERTAINTY_WORDS[disease["certainty"]])
    cited = notes.cite(disease["evidence_ids"]) + notes.name(*disease["rule_ids"])
    lines = _line("Started in", ", ".join(parts) + cited)
    return lines + _candidate_lines(disease)


def _candidate_lines(disease: Row) -> list[str]:
    """The candidates in their order, each with its reason; a rank decides nothing."""
    lines: list[str] = []
    for words in candidate_words(disease):
        lines += _wrap(f"  - {words}", initial_indent="", subsequent_indent="    ")
    return lines


def _lesion_lines(lesion: Row, notes: _Notes) -> list[str]:
    where = place_words(lesion["site"], lesion["laterality"])
    facts = [REACH_WORDS[lesion["reach"]] if lesion["reach"] else NO_REACH]
    if lesion["candidate_reaches"]:
        facts.append("may be " + " or ".join(REACH_WORDS[r] for r in lesion["candidate_reaches"]))
    if lesion["tnm_field"]:
        facts.append(f"TNM field {lesion['tnm_field']}")
    if lesion["summary_stage_class"]:
        facts.append(f"Summary Stage {lesion['summary_stage_class'].replace('_', ' ')}")
    if lesion["route"] and lesion["route"] != "unknown":
        facts.append(f"usual way: {ROUTE_WORDS[lesion['route']]}")
    facts.append(CERTAINTY_WORDS[lesion["certainty"]])
    if lesion["size_mm"] is not None:
        facts.append(f"{lesion['size_mm']:g} mm")
    if lesion["count"] is not None:
        facts.append(f"{lesion['count']} lesions")
    facts.append(
        date_words(
            lesion["first_seen_date"], lesion["first_seen_date_precision"], since="first seen "
        )
    )
    head = f"{where}: " + ", ".join(facts) + notes.cite(lesion["evidence_ids"])
    if lesion["state"] in STATE_WORDS:
        since = date_words(lesion["state_date"], lesion["state_date_precision"])
        head += (
            f", {STATE_WORDS[lesion['state']]} {since}{notes.cite(lesion['state_evidence_ids'])}"
        )
    head += notes.name(f"attribution.{lesion['attribution']}")
    lines = _wrap(head, initial_indent="  - ", subsequent_indent="    ")
    for row, says, source in knowledge_words(lesion):
        because = f"{says} ({row}; {source})"
        lines += _wrap(because, initial_indent=" " * 6, subsequent_indent=" " * 8)
    return lines


def _course_lines(disease: Row, notes: _Notes) -> list[str]:
    lines: list[str] = []
    stage = stage_words(disease)
    if stage:
        cited = notes.cite(disease["stage_evidence_ids"])
        lines += _line("Stage", f"{stage}, as first stated{cited}")
    if disease.get("derived_summary_stage"):
        code, by = disease["derived_summary_stage"], disease["derived_summary_stage_by"]
        lines += _line("Official", f"Summary Stage {code} at diagnosis, derived by {by}")
    if disease["extent"] == "distant":
        said = [
            date_words(disease["first_distant_date"], disease["first_distant_date_precision"]),
            TIMING_WORDS.get(disease["timing"], ""),
            interval_words(disease) if disease["timing"] else "",
        ]
        lines += _line("Distant since", ", ".join(part for part in said if part))
    if disease["status"]:
        words = STATUS_WORDS[disease["status"]]
        when = date_words(disease["status_date"], disease["status_date_precision"])
        cited = notes.cite(disease["status_evidence_ids"]) + notes.name(disease["status_rule"])
        lines += _line("Last status", f"{words} ({when}){cited}")
    return lines


def _event_lines(events: list[Row], lesions: list[Row], notes: _Notes) -> list[str]:
    if not events:
        return []
    lines = ["Course"]
    for text in course_lines(events, lesions, notes.cite):
        lines += _wrap(text, initial_indent="  ", subsequent_indent=" " * 14)
    return lines


def _denied_lines(findings: list[Row], notes: _Notes) -> list[str]:
    """Places that the record says are free."""
    denied = denied_places(findings)
    if not denied:
        return []
    lines = ["", "Said to be free", "---------------"]
    for row in denied:
        where = site_names().get(row["site"], NO_PLACE)
        when = date_words(row["date"], row["date_precision"])
        lines.append(f"  - {where} ({when}){notes.cite([row['evidence_id']])}")
    return lines


def _staging_lines(stagings: list[Row], notes: _Notes) -> list[str]:
    """Each staging as stated, with what it means and why."""
    if not stagings:
        return []
    lines = ["Stagings"]
    for row in stagings:
        when = date_words(row["date"], row["date_precision"])
        said = ", ".join(part for part in (basis_words(row["basis"]), stage_words(row)) if part)
        head = f"{when}: {said}: {meaning_words(row)}"
        lines += _wrap(
            head + notes.cite(row["evidence_ids"]),
            initial_indent="  - ",
            subsequent_indent="    ",
        )
        because = [stage_row_words(key) for key in row["knowledge_rows"]]
        if because:
            said = f"{'; '.join(because)} ({', '.join(row['rule_ids'])})"
            lines += _wrap(said, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return lines


def _conflict_lines(conflicts: list[Row], notes: _Notes) -> list[str]:
    if not conflicts:
        return []
    lines = ["", "Conflicts", "---------"]
    for row in conflicts:
        precedence = [row["rule"]] if row["rule"] != "precedence.none" else []
        followed = {"left": "the first", "right": "the second", "neither": "neither"}
        text = (
            f"{row['left_says']}{notes.cite(row['left_evidence_ids'])} against "
            f"{row['right_says']}{notes.cite(row['right_evidence_ids'])}. "
            f"The story follows {followed[row['followed']]}: {row['reason']}"
            f"{notes.name(row['kind'], *precedence)}"
        )
        lines += _wrap(text, initial_indent="  - ", subsequent_indent="    ")
        lines += _wrap(
            f"Would settle it: {row['settled_by']}",
            initial_indent=" " * 6,
            subsequent_indent=" " * 6,
        )
    return lines


def _rule_lines(notes: _Notes) -> list[str]:
    """Every rule that the text names, once, with what would change what it says."""
    lines = ["", "Rules", "-----"] if notes.kept() else []
    for rule_id in notes.kept():
        rule = rule_sentences().get(rule_id)
        text = f"{rule_id}: {NOT_KNOWN}"
        if rule:
            text = f"{rule_id}: {rule.sentence} ({rule.source})"
        lines += _wrap(text, initial_indent="  ", subsequent_indent="    ")
        if rule:
            text = f"Would change it: {rule.would_change}"
            lines += _wrap(text, initial_indent="    ", subsequent_indent="      ")
    return lines


def _evidence_lines(mine: Mapping[str, list[Row]], notes: _Notes) -> list[str]:
    cited = notes.cited()
    if not cited:
        return []
    tables = ("finding", "treatment", "measurement")
    evidence = {row["evidence_id"]: row for name in tables for row in mine.get(name, [])}
    places = {row["source_ref"]: row for row in mine.get("raw", [])}
    texts = {row["document_id"]: row["text"] or "" for row in mine.get("document", [])}
    lines = ["", "Evidence", "--------"]
    is_legend_due = True
    for evidence_id, number in cited.items():
        row = evidence.get(evidence_id)
        label = f"  [{number}] "
        text = f"{label}{evidence_id}" if row is None else label + _evidence_words(row, places)
        quote = quoted(row, texts.get(row["source_ref"], "")) if row else ""
        if quote and is_legend_due:
            lines += _wrap(LEGEND, initial_indent="  ", subsequent_indent="  ")
            is_legend_due = False
        indent = " " * len(label)
        lines += _wrap(text, subsequent_indent=indent) or [label]
        lines += _wrap(quote, initial_indent=indent, subsequent_indent=indent)
    return lines


def _evidence_words(row: Row, places: Mapping[str, Row]) -> str:
    place = places.get(row["source_ref"])
    where = ", ".join(part for part in (place["file"], place["place"]) if part) if place else ""
    code = f"{row['code_system']} {row['code']}" if row.get("code") else ""
    said = [
        row["source_ref"],
        row["element"] or "",
        code,
        date_words(row["date"], row["date_precision"]),
        *evidence_words(row),
        f"rule {row['rule_id']}",
    ]
    return ", ".join(part for part in said if part) + (f" ({where})" if where else "")


def _line(label: str, text: str) -> list[str]:
    return _wrap(text, initial_indent=label.ljust(_LABEL), subsequent_indent=" " * _LABEL)


def _wrap(text: str, *, initial_indent: str = "", subsequent_indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=initial_indent,
        subsequent_indent=subsequent_indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
