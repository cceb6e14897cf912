"""Why does a story differ? New data, new rules, new knowledge, or other settings."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from outspread.compare.folders import EVIDENCE_TABLES, Folders, read_rows

CAUSES: Final = ("data", "rules", "knowledge", "settings")
UNEXPLAINED: Final = "unexplained"
_RULE_FILES: Final = ("diagnose/data/rules.csv", "read/data/rules.csv")
_REFERENCE: Final = ["patient_id", "source_ref"]

Runs = dict[str, list[str]]
"""What differs between two run records, in words, by the cause that it can be."""


def compare_runs(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Runs, list[str]]:
    """Say what differs between two run records, and what cannot be told because one lacks it.

    Rules are the version of outspread, the hash of its code and the files of rules; all other
    files of knowledge are named. A record of an older version may lack any of them.
    """
    left, right = _hashes(old), _hashes(new)
    files = sorted({*left, *right}) if left and right else []
    changed = [name for name in files if left.get(name) != right.get(name)]
    rules = _differing(old, new, {"outspread": "outspread", "rules": "code of the rules"})
    rules += [name for name in changed if name in _RULE_FILES]
    settings = {
        "as_of": "as of",
        "codes": "codes of your own",
        "columns": "names of columns",
        "pack": "words of your own",
        "algorithm": "algorithm of official staging",
    }
    unsaid = [
        f"The run record of {side} does not say its {name}."
        for side, record in (("OLD", old), ("NEW", new))
        for name in ("outspread", "rules", "as_of", "knowledge")
        if not record.get(name)
    ]
    return {
        "rules": rules,
        "knowledge": [name for name in changed if name not in _RULE_FILES],
        "settings": _differing(old, new, settings),
    }, unsaid


def _hashes(record: Mapping[str, Any]) -> dict[str, str]:
    known = record.get("knowledge")
    return known if isinstance(known, dict) else {}


def _differing(
    old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, str]
) -> list[str]:
    """Words for settings that both records state, and not alike; hashes are not shown."""
    shown = ("outspread", "as_of")
    return [
        f"{words} {old[name]} -> {new[name]}" if name in shown else words
        for name, words in names.items()
        if name in old and name in new and old[name] != new[name]
    ]


def find_causes(
    changes: pl.DataFrame, folders: Folders, *, where: pl.Expr, runs: Runs
) -> pl.DataFrame:
    """Say for each person with a change what can have made it.

    *data*: a finding or treatment came, went or reads otherwise, and so does the place in the
    source where it was read. Where the source is the same to the byte, it was only read otherwise,
    and data are no cause. *rules* and *knowledge*: the run records differ in them. *settings*:
    a statement is dated between the two dates of the story, or was read otherwise with other
    codes or names of columns. Someone who came or went is always data.

    Parameters
    ----------
    changes
        As from `find_changes`; uses patient_id and what.

    Returns
    -------
    patient_id and the list of causes; *unexplained* alone where none is found.
    """
    people = changes.group_by("patient_id").agg(
        (pl.col("what") == "patient").any().alias("is_other")
    )
    stayed = people.filter(~pl.col("is_other"))
    reread = _differing_evidence(folders, where, stayed)
    fresh = _without_same_source(folders, where, reread)
    window = _dated_between(folders, where, stayed)
    is_reread, is_fresh, is_between = (
        pl.col("patient_id").is_in(rows["patient_id"].unique().implode())
        for rows in (reread, fresh, window)
    )
    dates = [words for words in runs["settings"] if words.startswith("as of")]
    others = len(runs["settings"]) > len(dates)
    may_reread = bool(runs["rules"] or runs["knowledge"] or others)
    given = {
        "data": pl.col("is_other") | is_fresh | (is_reread & (not may_reread)),
        "rules": ~pl.col("is_other") & bool(runs["rules"]),
        "knowledge": ~pl.col("is_other") & bool(runs["knowledge"]),
        "settings": ~pl.col("is_other") & (is_between | (is_reread & others)),
    }
    listed = pl.concat_list(
        pl.when(condition).then(pl.lit(cause)) for cause, condition in given.items()
    ).list.drop_nulls()
    none = pl.lit(["settings"] if dates else [UNEXPLAINED])
    return people.select(
        "patient_id",
        pl.when(listed.list.len() > 0).then(listed).otherwise(none).alias("causes"),
    )


def _differing_evidence(folders: Folders, where: pl.Expr, people: pl.DataFrame) -> pl.DataFrame:
    """Sources of findings and treatments that only one side has in this form."""
    parts = [pl.DataFrame(schema=dict.fromkeys(_REFERENCE, pl.String))]
    for table in EVIDENCE_TABLES:
        columns = folders.columns.get(table, [])
        if not {"source_ref", "evidence_id"} <= set(columns):
            continue
        like = [name for name in columns if _has_one_type(folders, table, name)]
        content = pl.struct(like).hash().alias("content")
        rows = [
            read_rows(side, table, [*_REFERENCE, "evidence_id", content], where=where, of=people)
            for side in (folders.old, folders.new)
        ]
        on = ["patient_id", "evidence_id", "content"]
        for one, other in (rows, rows[::-1]):
            parts.append(one.join(other, on=on, how="anti").select(_REFERENCE))
    return pl.concat(parts).unique()


def _has_one_type(folders: Folders, table: str, column: str) -> bool:
    return folders.old.schemas[table][column] == folders.new.schemas[table][column]


def _without_same_source(
    folders: Folders, where: pl.Expr, references: pl.DataFrame
) -> pl.DataFrame:
    """Leave out the sources that both sides have, the same to the byte."""
    if references.is_empty() or not {*_REFERENCE, "content"} <= set(folders.columns.get("raw", [])):
        return references
    columns: list[str | pl.Expr] = [*_REFERENCE, pl.col("content").hash()]
    old, new = (
        read_rows(side, "raw", columns, where=where, of=references)
        for side in (folders.old, folders.new)
    )
    same = old.join(new, on=[*_REFERENCE, "content"], how="semi")
    return references.join(same, on=_REFERENCE, how="anti")


def _dated_between(folders: Folders, where: pl.Expr, people: pl.DataFrame) -> pl.DataFrame:
    """People with a statement dated after one date of the story and not after the other."""
    parts = [pl.DataFrame(schema={"patient_id": pl.String})]
    first, last = sorted(_as_of(side.record) for side in (folders.old, folders.new))
    for table in EVIDENCE_TABLES:
        if first == last or "date" not in folders.columns.get(table, []):
            continue
        is_between = (pl.col("date") > first) & (pl.col("date") <= last)
        for side in (folders.old, folders.new):
            rows = read_rows(side, table, ["patient_id", "date"], where=where, of=people)
            parts.append(rows.filter(is_between).select("patient_id"))
    return pl.concat(parts)


def _as_of(record: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(str(record.get("as_of")))
    except ValueError:
        return date.max
