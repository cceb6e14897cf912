"""From sheets to `Records`: one chunk of what a reader has read, with its sources and issues."""

from dataclasses import dataclass, field

import orjson
import polars as pl

from outspread.read.sheets import Sheet
from outspread.read.vocabulary import issue_severities
from outspread.records import Records

Slice = tuple[str, str, str, int, bytes]  # patient_id, source_ref, unit, number, content
Patient = tuple[str, str | None, int | None, str | None, int | None, str | None, bool | None]
Text = tuple[int, int | None, str | None, str]  # slice, days since 1970, kind, text
Issue = tuple[str, str, int | None, str | None, str | None]  # code, unit, number, field, patient


@dataclass(slots=True)
class Sheets:
    """All tables of one file in the making, with the source slices that rows point to by number."""

    file: str
    source_kind: str = "fhir"
    finding: Sheet = field(default_factory=lambda: Sheet("finding"))
    treatment: Sheet = field(default_factory=lambda: Sheet("treatment"))
    measurement: Sheet = field(default_factory=lambda: Sheet("measurement"))
    patients: list[Patient] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    documents: list[Text] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def row_count(self) -> int:
        """Count the slices, people and issues that wait to become frames."""
        return len(self.slices) + len(self.patients) + len(self.issues)

    def records(self) -> Records:
        """Give everything read so far as `Records`, and forget it."""
        raw = self._raw_frame()
        tables = {
            sheet.table: sheet.frame(raw)
            for sheet in (self.finding, self.treatment, self.measurement)
        }
        issue = pl.concat([self._issue_frame(), clashes(raw, self.file)], how="vertical")
        kept = raw.filter("is_kept")
        patient = self._patient_frame()
        document = self._document_frame(raw)
        self.slices.clear()
        return Records(patient=patient, document=document, raw=kept, issue=issue, **tables)

    def forget(self) -> None:
        """Forget the shared facts; no row may point to them."""
        for sheet in (self.finding, self.treatment, self.measurement):
            sheet.forget()

    def _raw_frame(self) -> pl.DataFrame:
        columns = list(zip(*self.slices, strict=True)) or [()] * 5
        raw = pl.DataFrame(
            {
                "patient_id": pl.Series(columns[0], dtype=pl.String),
                "source_ref": pl.Series(columns[1], dtype=pl.String),
                "unit": pl.Series(columns[2], dtype=pl.String),
                "number": pl.Series(columns[3], dtype=pl.UInt32),
                "content": pl.Series(columns[4], dtype=pl.Binary).cast(pl.String),
            }
        ).with_columns(
            source_kind=pl.lit(self.source_kind),
            file=pl.lit(self.file),
            place=pl.format("{} {}", "unit", "number"),
        )
        return tell_apart(raw)

    def _patient_frame(self) -> pl.DataFrame:
        schema = {
            "patient_id": pl.String,
            "sex": pl.String,
            "birth_date": pl.Int32,
            "birth_date_precision": pl.String,
            "death_date": pl.Int32,
            "death_date_precision": pl.String,
            "is_dead": pl.Boolean,
        }
        frame = pl.DataFrame(self.patients, schema=schema, orient="row")
        self.patients.clear()
        days = pl.col("birth_date", "death_date").cast(pl.Date)
        return frame.with_columns(days).unique(maintain_order=True)

    def _document_frame(self, raw: pl.DataFrame) -> pl.DataFrame:
        schema = {"slice": pl.UInt32, "date": pl.Int32, "kind": pl.String, "text": pl.String}
        frame = pl.DataFrame(self.documents, schema=schema, orient="row")
        self.documents.clear()
        owner = raw.select("patient_id", "is_kept", document_id="source_ref")[frame["slice"]]
        owned = pl.concat([frame, owner], how="horizontal").filter("is_kept")
        return owned.with_columns(pl.col("date").cast(pl.Date))

    def _issue_frame(self) -> pl.DataFrame:
        severities = issue_severities()
        rows = [
            (
                severities[code][0],
                code,
                self.file,
                unit if number is None else f"{unit} {number}",
                field,
                severities[code][1],
                patient_id,
            )
            for code, unit, number, field, patient_id in self.issues
        ]
        self.issues.clear()
        return pl.DataFrame(rows, schema=dict.fromkeys(ISSUE_COLUMNS, pl.String), orient="row")


ISSUE_COLUMNS = ("severity", "code", "file", "place", "field", "reason", "patient_id")
SLICE_KEY = ["patient_id", "source_ref"]


def tell_apart(raw: pl.DataFrame) -> pl.DataFrame:
    """Keep equal slices once and give slices of one name but other content names of their own.

    Narrative and metadata do not count as content. Adds `is_kept` and `rank`; the second content
    of a (`patient_id`, `source_ref`), in the order of the contents, gets the suffix "~2", so the
    result does not depend on the order of rows.
    """
    alone = raw.with_columns(is_kept=pl.lit(value=True), rank=pl.lit(1, dtype=pl.UInt32))
    if not raw["source_ref"].is_duplicated().any():
        return alone
    is_double = raw.select(SLICE_KEY).is_duplicated()
    if not is_double.any():
        return alone
    doubles = raw["content"].filter(is_double).to_list()
    said = iter([_substance(content) for content in doubles])
    return name_by_content(
        raw.with_columns(
            said=pl.Series([next(said) if double else "" for double in is_double], dtype=pl.String)
        )
    )


def name_by_content(raw: pl.DataFrame) -> pl.DataFrame:
    """Add `is_kept` and `rank` by `said`; rename what comes second to a name nothing else has."""
    ranked = raw.with_columns(
        rank=pl.col("said").rank("dense").over(SLICE_KEY).cast(pl.UInt32),
        is_kept=pl.struct(*SLICE_KEY, "said").is_first_distinct(),
    )
    mark = "~"
    while True:
        named = ranked.with_columns(
            source_ref=pl.when(pl.col("rank") > 1)
            .then(pl.format(f"{{}}{mark}{{}}", "source_ref", "rank"))
            .otherwise("source_ref")
        )
        if named.filter("is_kept").select(SLICE_KEY).is_unique().all():
            return named
        mark += "~"


def _substance(content: str) -> str:
    resource = orjson.loads(content)
    told = {name: value for name, value in resource.items() if name not in ("text", "meta")}
    try:
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:  # nested deeper than it writes
        return content


def clashes(raw: pl.DataFrame, file: str) -> pl.DataFrame:
    """Give an issue (R014) for each slice that shares its name with another content."""
    severity, reason = issue_severities()["R014"]
    return raw.filter(pl.col("is_kept") & (pl.col("rank") > 1)).select(
        severity=pl.lit(severity),
        code=pl.lit("R014"),
        file=pl.lit(file),
        place="place",
        field=pl.lit("id"),
        reason=pl.lit(reason),
        patient_id="patient_id",
    )
